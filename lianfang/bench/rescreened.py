"""Run as a program of its own, on the bench's data folder: sixty days of arrivals, and what deciding them again takes.

    python -m lianfang.bench.rescreened load PEOPLE        loads, lays, decides; the last line is one object of JSON
    python -m lianfang.bench.rescreened again SECONDS      asks for the numbers again and again, for so long

Nobody stands behind the arrivals; what would be sealed is random, of the real length.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
import psycopg

from lianfang.bench.arrived import ARRIVALS, PEOPLE_AT_ONCE, PREFIXES, STANDING, TIDY, people_standing

if TYPE_CHECKING:
    from lianfang.kernel.reach import Reach
    from lianfang.screening.models import Rescreening

DAYS = 59
DECIDED = 20_000  # people the server's engine decides one by one
AREA = {"code": PREFIXES[0], "level": "HIGH", "source": "bench"}
GLANCE = 0.05


def figures(people: int) -> dict[str, Any]:
    """All that the bench makes known, but for what happens at a gate meanwhile."""
    from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up

    at = datetime.now(UTC)
    _area_added(at)
    with _owner() as owner:
        for loaded in _load(owner, people, at):
            print(loaded, people, flush=True)
        worker = worker_session()
        laying = _laid(worker)
        owner.execute(TIDY)
        standing = owner.execute(STANDING, {"area": PREFIXES[0]}).fetchone() or (0, 0, 0, 0)
        python_us = _python_us(owner)
    asked, approving = _desk(at, "bench-1"), _desk(at, "bench-2")
    narrow = _counted(worker, asked, at)
    read = _pages_read(worker, narrow)
    done = _carried_out(worker, asked, approving, narrow, at)
    at = datetime.now(UTC)
    _rows_changed(at)
    everybody = _counted(worker, asked, at)
    return {
        "people": standing[0], "facts": standing[1], "laying_us": round(laying / people * 1e6, 1),
        "decide_seconds": everybody.counts["seconds"], "decided": everybody.counts["looked"],
        "slices": everybody.counts["slices"],
        "slowest_slice_ms": max(counts["slowest_ms"] for counts in (everybody.counts, narrow.counts, done.done)),
        "narrow_seconds": narrow.counts["seconds"], "looked_at": narrow.counts["looked"],
        "gained": narrow.counts["gain"], "written": done.done["gain"], "writing_seconds": done.done["seconds"],
        "pages": standing[3], "pages_read": read, "pages_read_share": round(read / max(1, standing[3]), 4),
        "stays_share": round(standing[2] / max(1, standing[1]), 4), "python_us": python_us,
    }  # fmt: skip


def again(seconds: float) -> None:
    """As soon as the worker has counted, it is asked once more: everybody is looked at, since rows have changed."""
    from lianfang.journeys.rescreening.services import dry_run  # noqa: PLC0415 -- after Django is set up
    from lianfang.screening.models import Rescreening  # noqa: PLC0415

    until, desk = time.monotonic() + seconds, _desk(datetime.now(UTC), f"bench-{time.monotonic_ns()}")
    while time.monotonic() < until:
        if not Rescreening.objects.filter(state="DRY_RUN", counted_at=None).exists():
            at = datetime.now(UTC)
            dry_run(by=desk, at=at, since=_first_day(at), until=_today(at))
        time.sleep(GLANCE)


def _area_added(at: datetime) -> None:
    """The shipped set until a moment ago; since then the same with one more area."""
    from lianfang.screening.models import RulePeriod  # noqa: PLC0415 -- after Django is set up
    from lianfang.screening.services import lay_shipped  # noqa: PLC0415
    from lianfang.screening.shipped import shipped  # noqa: PLC0415

    RulePeriod.objects.using("owner").all().delete()
    lay_shipped(
        "affected-areas", since=at - timedelta(days=DAYS + 2), until=at - timedelta(seconds=2), reason="bench"
    )
    content = shipped("affected-areas").content
    _in_force({**content, "areas": [*content["areas"], AREA]}, at - timedelta(seconds=2), at)


def _rows_changed(at: datetime) -> None:
    """A threshold a tenth of a degree lower: everybody has to be looked at."""
    from lianfang.screening.models import RulePeriod  # noqa: PLC0415 -- after Django is set up
    from lianfang.screening.queries import book  # noqa: PLC0415

    content = book(anew=True).at(at).rule_set.content()
    content["rows"][0]["when"][0]["value"] -= 1
    since = RulePeriod.objects.order_by("during").last()
    if since is not None:
        RulePeriod.objects.using("owner").filter(pk=since.pk).delete()
        _in_force(content, since.during.lower, at)


def _in_force(content: dict[str, Any], since: datetime, at: datetime) -> None:
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange  # noqa: PLC0415 -- after Django is set up

    from lianfang.screening.models import RulePeriod  # noqa: PLC0415
    from lianfang.screening.queries import book  # noqa: PLC0415
    from lianfang.screening.services import keep  # noqa: PLC0415

    during = DateTimeTZRange(since, since + timedelta(days=30))
    RulePeriod.objects.create(rule_set=keep(content, at=at), during=during, approved_at=at)
    book(anew=True)


def _owner() -> "psycopg.Connection[Any]":
    from django.conf import settings  # noqa: PLC0415 -- after Django is set up

    from lianfang.machine.postgres import Database  # noqa: PLC0415

    place = Database.read(settings.DATA)
    if place is None:
        raise LookupError("there is no database")
    return psycopg.connect(**place.parameters("owner"), autocommit=True, cursor_factory=psycopg.ClientCursor)


def _load(owner: "psycopg.Connection[Any]", people: int, at: datetime) -> Iterator[int]:
    """In the order of their moments, as gates send them."""
    from lianfang.kernel.key_folder import key_folder  # noqa: PLC0415 -- after Django is set up
    from lianfang.screening.book import AFFECTED_AREAS  # noqa: PLC0415

    start = at - timedelta(days=DAYS - 1)
    for back in range(DAYS + 2):
        key_folder().day(at.date() - timedelta(days=back))
    for first in range(0, people, PEOPLE_AT_ONCE):
        many = min(PEOPLE_AT_ONCE, people - first)
        until = start + (at - start) * ((first + many) / people)
        begun = start + (at - start) * (first / people)
        values = {
            "people": many,
            "start": begun,
            "until": until,
            "rule_set": AFFECTED_AREAS.hash,
            "places": list(PREFIXES),
        }
        owner.execute(ARRIVALS, values)
        yield first + many


def _laid(worker: "Reach") -> float:
    """Seconds."""
    from lianfang.journeys.rescreening.laying import lay_all  # noqa: PLC0415 -- after Django is set up

    begun = time.monotonic()
    lay_all(worker)
    return time.monotonic() - begun


def _desk(at: datetime, name: str) -> "Reach":
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


def _counted(worker: "Reach", by: "Reach", at: datetime) -> "Rescreening":
    """The numbers, by the worker's own steps."""
    from lianfang.journeys.rescreening.carrying_on import carry_all  # noqa: PLC0415 -- after Django is set up
    from lianfang.journeys.rescreening.services import dry_run  # noqa: PLC0415
    from lianfang.screening.models import Rescreening  # noqa: PLC0415

    asked = dry_run(by=by, at=at, since=_first_day(at), until=_today(at))
    carry_all(worker, at=at)
    return Rescreening.objects.get(pk=asked.pk)


def _pages_read(worker: "Reach", counted: "Rescreening") -> int:
    """Pages that PostgreSQL looks at, of table and indexes, to decide whoever stayed in the area."""
    from django.db import connection  # noqa: PLC0415 -- after Django is set up

    from lianfang.journeys.rescreening.carrying_on import LARGEST  # noqa: PLC0415
    from lianfang.journeys.rescreening.deciding import Decider  # noqa: PLC0415
    from lianfang.journeys.rescreening.walking import begins, next_walk  # noqa: PLC0415
    from lianfang.kernel.reach import reach  # noqa: PLC0415
    from lianfang.screening.queries import rule_set  # noqa: PLC0415

    counted.position, counted.position_id = begins(counted.places)
    decider = Decider(rule_set(counted.rule_set))
    with reach(worker), connection.cursor() as cursor:
        statement, values = decider.question(counted, next_walk(cursor, counted, size=LARGEST))
        explained = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}"
        cursor.execute(explained, values)
        plan = cursor.fetchone()[0]
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


def _carried_out(
    worker: "Reach", by: "Reach", second: "Reach", counted: "Rescreening", at: datetime
) -> "Rescreening":
    from lianfang.journeys.rescreening.carrying_on import carry_all  # noqa: PLC0415 -- after Django is set up
    from lianfang.journeys.rescreening.services import approve, propose  # noqa: PLC0415
    from lianfang.screening.models import Rescreening  # noqa: PLC0415

    propose(by=by, at=at, id=counted.pk, reason="bench")
    approve(by=second, at=at, id=counted.pk)
    carry_all(worker, at=at)
    return Rescreening.objects.get(pk=counted.pk)


def _python_us(owner: "psycopg.Connection[Any]") -> float:
    """Microseconds a person that the server's engine takes, one person after the other, of those who stand."""
    from lianfang.screening.queries import book  # noqa: PLC0415 -- after Django is set up

    people, decide = people_standing(owner, DECIDED), book(anew=True).at(datetime.now(UTC)).rule_set.decide
    begun = time.perf_counter()
    for one in people:
        decide(one)
    return round((time.perf_counter() - begun) / max(1, len(people)) * 1e6, 2)


def _first_day(at: datetime) -> date:
    return _today(at) - timedelta(days=DAYS)


def _today(at: datetime) -> date:
    from lianfang.kernel.days import day_of  # noqa: PLC0415 -- after Django is set up

    return day_of(at)


if __name__ == "__main__":
    django.setup()
    what, number = sys.argv[1:]
    if what == "again":
        again(float(number))
    else:
        print(json.dumps(figures(int(number))))
