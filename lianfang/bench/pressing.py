"""Run as a program of its own, on the bench's data folder: re-screenings that go on while passages come in.

    python -m lianfang.bench.pressing counting SECONDS     asks for the numbers again and again, for so long
    python -m lianfang.bench.pressing writing SECONDS      puts stricter rules in force and has them carried out, one after the other

It prints "begun" when the worker is at it, and in the end one object of JSON.
"""

import json
import random
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import django

from lianfang.bench.orders import made_stricter
from lianfang.kernel.days import day_of

if TYPE_CHECKING:
    from lianfang.kernel.reach import Reach
    from lianfang.screening.models import Rescreening

DAYS = 59
GLANCE = 0.05


def desk(at: datetime, name: str) -> "Reach":
    """An officer of headquarters, signed in."""
    from lianfang.command.queries import session_reach  # noqa: PLC0415 -- after Django is set up
    from lianfang.command.services import appoint, open_session, post  # noqa: PLC0415

    officer = appoint(sign_in_name=name, name=name, password=f"bench {random.random()}", at=at)
    post(officer=officer, role="HEADQUARTERS", division="210300", at=at - timedelta(minutes=1))
    day = timedelta(hours=12)
    found = session_reach(open_session(officer_id=officer.id, kind="DESK", lasts=day, idle=day))
    if found is None:
        raise LookupError("nobody is signed in")
    return found


def first_day(at: datetime) -> date:
    return day_of(at) - timedelta(days=DAYS)


def counting(seconds: float) -> None:
    """As soon as the worker has counted, it is asked once more: everybody is looked at, since rows have changed."""
    by = _somebody()
    one = _asked(by)
    print("begun", flush=True)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        one = _asked(by) if one.counted_at else _waited(one)
    print(json.dumps({}))


def writing(seconds: float) -> None:
    """Each order makes quarantines a day longer: whoever came in is written about."""
    first, second = _somebody(), _somebody()
    until, slowest, written, goes_on = 0.0, 0, 0, True
    while goes_on and (not until or time.monotonic() < until):
        goes_on = made_stricter(datetime.now(UTC))
        one = _approved(first, second)
        while not until and one.state in ("APPROVED", "RUNNING") and not one.done["gain"]:
            one = _waited(one)
        if not until:
            print("begun", flush=True)
            until = time.monotonic() + seconds
        while one.state in ("APPROVED", "RUNNING") and time.monotonic() < until:
            one = _waited(one)
        one = _ended(first, one)
        slowest, written = max(slowest, one.done["slowest_ms"]), written + one.done["gain"]
    print(json.dumps({"slowest_ms": slowest, "written": written}))


def _somebody() -> "Reach":
    return desk(datetime.now(UTC), f"bench-{time.monotonic_ns()}")


def _asked(by: "Reach") -> "Rescreening":
    from lianfang.journeys.rescreening.services import dry_run  # noqa: PLC0415 -- after Django is set up

    at = datetime.now(UTC)
    return dry_run(by=by, at=at, since=first_day(at), until=day_of(at))


def _approved(by: "Reach", second: "Reach") -> "Rescreening":
    from lianfang.journeys.rescreening.services import approve, propose  # noqa: PLC0415 -- after Django is set up

    one = _asked(by)
    while one.counted_at is None:
        one = _waited(one)
    propose(by=by, at=datetime.now(UTC), id=one.pk, reason="bench")
    return approve(by=second, at=datetime.now(UTC), id=one.pk)


def _ended(by: "Reach", one: "Rescreening") -> "Rescreening":
    """Stopped, where it has not come to its end."""
    from lianfang.journeys.rescreening.services import stop  # noqa: PLC0415 -- after Django is set up
    from lianfang.kernel.refusals import Refusal  # noqa: PLC0415

    try:
        return stop(by=by, at=datetime.now(UTC), id=one.pk, answer="bench")
    except Refusal:
        return _waited(one)


def _waited(one: "Rescreening") -> "Rescreening":
    """As it stands a moment later."""
    time.sleep(GLANCE)
    one.refresh_from_db()
    return one


if __name__ == "__main__":
    django.setup()
    {"counting": counting, "writing": writing}[sys.argv[1]](float(sys.argv[2]))
