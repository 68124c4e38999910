"""Run as a program of its own, on the bench's data folder: sixty days of a city's life, loaded and folded day by day.

    python -m lianfang.bench.past PEOPLE

Tells how far it is as "done total" lines, then one line of JSON: a signed-in session, and what stands.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import django
import psycopg

from lianfang.bench.rows import STRETCH
from lianfang.demo.checkpoints import GATES
from lianfang.demo.traffic import PARTY, PURPOSES, TRANSPORTS
from lianfang.kernel.days import QUARTER_HOUR, day_of, quarter_of, start_of

DAYS = 60
ORIGINS, TOWNSHIPS = 300, 40
JURISDICTION = 210381 * 10**12
PEOPLE_A_PASSAGE = sum(int(size) * weight for size, weight in PARTY) / sum(weight for _, weight in PARTY)
MEASURES = (
    *["{REGISTER}"] * 194, *["{QUARANTINE,REGISTER}"] * 4, "{RE_MEASURE,REGISTER}", "{FEVER_CLINIC,REGISTER}",
)  # fmt: skip
# Indexes of random keys are made anew once the rows stand: filling them row by row would take most of the time.
_INDEXES = ["passage_by_plate", "registration_by_document", "registration_by_phone"]
_DROP = "DROP INDEX passage_by_plate, registration_by_document, registration_by_phone"
# What is made waits, uncommitted, until what was made before is folded.
_UNHURRIED = "SET idle_in_transaction_session_timeout = 0"
# The server that made the tables has folded nothing, at a time to which the past does not lead back.
_NEVER_FOLDED = """
DELETE FROM fold;
UPDATE fold_position SET folded_at = NULL, watermark = NULL, mark_at = NULL
"""
_TIDY = "VACUUM (ANALYZE) passage, registration, correction, cell, settled_cell, fold"
_STANDING = """
SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM registration), (SELECT count(*) FROM correction),
       (SELECT count(*) FROM cell), (SELECT count(*) FROM settled_cell)
"""

Code = TypeVar("Code")
Stretch = tuple[datetime, datetime, int]


def stretches(people: int, *, at: datetime) -> Iterator[list[Stretch]]:
    """For each day (start, until, passages): whole days, but today by the quarter-hours that have passed."""
    passages = round(people / PEOPLE_A_PASSAGE)
    today = start_of(day_of(at))
    days = [today - timedelta(days=back) for back in range(DAYS, -1, -1)]
    share = passages / ((at - days[0]) / timedelta(days=1))
    for start, end in pairwise(days):
        yield [(start, end, round(share))]
    quarters = [today + n * QUARTER_HOUR for n in range((quarter_of(at) - today) // QUARTER_HOUR + 1)]
    yield [(start, end, round(share / 96)) for start, end in pairwise(quarters)]


def choices(at: datetime) -> dict[str, Any]:
    """Arrays to draw from. The registers' counties and townships, few of them often and many seldom."""
    from lianfang.regions.queries import counties, under  # noqa: PLC0415 -- after Django is set up

    chance = random.Random(1)
    origins = chance.sample([division.code for division in counties(at.date())], k=ORIGINS - 3)
    townships = [division.code for division in under("210300", "TOWNSHIP", at.date())][:TOWNSHIPS]
    return {
        "checkpoints": [gate.code for gate in GATES for _ in range(round(gate.share))],
        "transports": [code for code, weight in TRANSPORTS for _ in range(round(weight))],
        "purposes": [*(code for code, weight in PURPOSES for _ in range(weight)), ""],
        "parties": [str(size) for size, weight in PARTY for _ in range(weight)],
        "origins": [*_seldom([210381, 420000, 0, *map(int, origins)])],
        "destinations": [*_seldom([*map(int, townships), 210381, 0])],
        "measures": list(MEASURES),
        "jurisdiction": JURISDICTION,
    }


def _seldom(codes: Sequence[Code]) -> Iterator[Code]:
    """The first often, the last once."""
    for rank, code in enumerate(codes, 1):
        yield from [code] * (1 + len(codes) // rank)


def live(people: int, *, at: datetime) -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415 -- after Django is set up

    from lianfang.kernel.key_folder import key_folder  # noqa: PLC0415
    from lianfang.machine.postgres import Database  # noqa: PLC0415

    place = Database.read(settings.DATA)
    if place is None:
        raise LookupError("there is no database")
    days = list(stretches(people, at=at))
    for back in range(DAYS + 2):
        key_folder().day(
            at.date() - timedelta(days=back)
        )  # so that rows are tried to be opened, as real ones are
        key_folder().month(at.date() - timedelta(days=back))
    with psycopg.connect(**place.parameters("owner"), cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute(_UNHURRIED)
        owner.execute(_NEVER_FOLDED)
        indexes = _drop_indexes(owner)
        _load(owner, days, choices(at))
        for statement in indexes:
            owner.execute(statement)
        owner.commit()
        owner.autocommit = True
        owner.execute(_TIDY)
        return {"session": _session(at), **_standing(owner)}


def _load(owner: "psycopg.Connection[Any]", days: list[list[Stretch]], drawn: dict[str, Any]) -> None:
    """Each stretch is folded at its end while the next is being made; it is committed when that is done."""
    with ThreadPoolExecutor(1) as maker:
        made: datetime | None = None
        for done, day in enumerate(days, 1):
            for start, until, passages in day:
                values = {**drawn, "start": start, "until": until, "passages": passages}
                making = maker.submit(_make, owner, values)
                if made is not None:
                    _fold(made)
                making.result()
                owner.commit()
                made = until - timedelta(seconds=1)
            print(done, len(days), flush=True)
    if made is not None:
        _fold(made)


def _make(owner: "psycopg.Connection[Any]", values: dict[str, Any]) -> None:
    for statement in STRETCH:
        owner.execute(statement, values)


def _fold(at: datetime) -> None:
    from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up
    from lianfang.situation.clerk import count_all_tables, settle  # noqa: PLC0415
    from lianfang.situation.fold import catch_up  # noqa: PLC0415

    worker = worker_session()
    catch_up(worker, at=at)
    count_all_tables(worker)
    while settle(worker):
        continue


def _drop_indexes(owner: "psycopg.Connection[Any]") -> list[str]:
    """The statements that make them again."""
    rows = owner.execute("SELECT pg_get_indexdef(to_regclass(name)) FROM unnest(%s::text[]) name", [_INDEXES])
    made = [definition.replace(" ON ONLY ", " ON ") for (definition,) in rows.fetchall()]
    owner.execute(_DROP)
    owner.commit()
    return made


def _session(at: datetime) -> str:
    """An officer of headquarters, signed in at a desk."""
    from lianfang.command.services import appoint, open_session, post  # noqa: PLC0415 -- after Django is set up

    officer = appoint(sign_in_name="bench", name="bench", password=f"bench {random.random()}", at=at)
    post(officer=officer, role="HEADQUARTERS", division="210300", at=at - timedelta(minutes=1))
    day = timedelta(hours=12)
    return open_session(officer_id=officer.id, kind="DESK", lasts=day, idle=day)


def _standing(owner: "psycopg.Connection[Any]") -> dict[str, int]:
    row = owner.execute(_STANDING).fetchone() or ()
    return dict(zip(("passage", "registration", "correction", "cell", "settled_cell"), row, strict=True))


if __name__ == "__main__":
    django.setup()
    print(json.dumps(live(int(sys.argv[1]), at=datetime.now(UTC))))
