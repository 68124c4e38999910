"""Run as a program of its own, on the bench's data folder: sixty days of arrivals, and what deciding them again takes.

    python -m lianfang.bench.rescreened PEOPLE        loads, lays, decides; the last line is one object of JSON

Nobody stands behind the arrivals; what would be sealed is random, of the real length.
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
import psycopg

from lianfang.bench.arrived import ARRIVALS, PEOPLE_AT_ONCE, PREFIXES, STANDING, TIDY, people_standing
from lianfang.bench.orders import AREA, area_added, provinces_added, threshold_lowered
from lianfang.bench.pressing import DAYS, desk, first_day
from lianfang.kernel.days import day_of

if TYPE_CHECKING:
    from lianfang.kernel.reach import Reach
    from lianfang.screening.models import Rescreening

DECIDED = 20_000  # people the server's engine decides one by one


def figures(people: int) -> dict[str, Any]:
    """All that the bench makes known, but for what happens at a gate meanwhile."""
    from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up

    at = datetime.now(UTC)
    area_added(at, days=DAYS + 2)
    with _owner() as owner:
        for loaded in _load(owner, people, at):
            print(loaded, people, flush=True)
        worker = worker_session()
        laying = _laid(worker)
        owner.execute(TIDY)
        standing = owner.execute(STANDING, {"area": AREA}).fetchone() or (0, 0, 0, 0)
        python_us = _python_us(owner)
    asked, approving = desk(at, "bench-1"), desk(at, "bench-2")
    narrow = _counted(worker, asked, at)
    read = _pages_read(worker, narrow, at)
    done = _carried_out(worker, asked, approving, narrow, at)
    provinces_added(datetime.now(UTC))
    at = datetime.now(UTC)
    wide = _counted(worker, asked, at)
    wide_done = _carried_out(worker, asked, approving, wide, at)
    threshold_lowered(datetime.now(UTC))
    everybody = _counted(worker, asked, datetime.now(UTC))
    counted, written = (narrow.counts, wide.counts, everybody.counts), (done.done, wide_done.done)
    return {
        "people": standing[0], "facts": standing[1], "laying_us": round(laying / people * 1e6, 1),
        "decide_seconds": everybody.counts["seconds"], "decided": everybody.counts["looked"],
        "slices": everybody.counts["slices"],
        "slowest_slice_ms": max(counts["slowest_ms"] for counts in (*counted, *written)),
        "slowest_writing_ms": max(counts["slowest_ms"] for counts in written),
        "narrow_seconds": narrow.counts["seconds"], "looked_at": narrow.counts["looked"],
        "gained": narrow.counts["gain"], "written": done.done["gain"], "writing_seconds": done.done["seconds"],
        "wide_seconds": wide.counts["seconds"], "wide_gained": wide.counts["gain"], "wide_written": wide_done.done["gain"],
        "wide_writing_seconds": wide_done.done["seconds"], "wide_slices": wide_done.done["slices"],
        "pages": standing[3], "pages_read": read, "pages_read_share": round(read / max(1, standing[3]), 4),
        "stays_share": round(standing[2] / max(1, standing[1]), 4), "python_us": python_us,
    }  # fmt: skip


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


def _counted(worker: "Reach", by: "Reach", at: datetime) -> "Rescreening":
    """The numbers, by the worker's own steps."""
    from lianfang.journeys.rescreening.carrying_on import carry_all  # noqa: PLC0415 -- after Django is set up
    from lianfang.journeys.rescreening.services import dry_run  # noqa: PLC0415
    from lianfang.screening.models import Rescreening  # noqa: PLC0415

    asked = dry_run(by=by, at=at, since=first_day(at), until=day_of(at))
    carry_all(worker, at=at)
    return Rescreening.objects.get(pk=asked.pk)


def _pages_read(worker: "Reach", counted: "Rescreening", at: datetime) -> int:
    """Pages that PostgreSQL looks at, of table and indexes, to decide whoever stayed in the area."""
    from django.db import connection  # noqa: PLC0415 -- after Django is set up

    from lianfang.journeys.rescreening.deciding import Decider  # noqa: PLC0415
    from lianfang.journeys.rescreening.sizes import COUNTING_IN_ORDER  # noqa: PLC0415
    from lianfang.journeys.rescreening.walking import begins, next_walk  # noqa: PLC0415
    from lianfang.kernel.reach import reach  # noqa: PLC0415
    from lianfang.screening.queries import rule_set  # noqa: PLC0415

    decider = Decider(rule_set(counted.rule_set))
    with reach(worker), connection.cursor() as cursor:
        counted.position, counted.position_id = begins(cursor, counted)
        walk = next_walk(cursor, counted, size=COUNTING_IN_ORDER.first)
        statement, values = decider.question(counted, walk, at=at)
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


if __name__ == "__main__":
    django.setup()
    print(json.dumps(figures(int(sys.argv[1]))))
