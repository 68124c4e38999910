"""Every figure opens to its rows: the list behind a cell holds exactly as many as the cell says."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lianfang.checkpoints.queries import Page, Wanted, counted, passages_wanted
from lianfang.command.services import worker_session
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.postgres import Database
from lianfang.situation.cells import known, read
from lianfang.situation.clerk import count_all_tables
from lianfang.situation.cubes import BOARD, DIMENSIONS, HOURLY, TABLES
from lianfang.situation.fold import catch_up
from lianfang.situation.recount import recount
from tests import factories
from tests.factories import Generated, Intake, Json

POSTS = ("GATE", "NORTH", "SOUTH")
PLACES = (
    "210381",
    "210381101",
    "210381101200",
    "210300",
    "210000",
    "420106",
    "420000",
    "420100",
    "110105",
    None,
)
MOMENTS = ("of its time", "of its time", "of its time", "three weeks old", "from 1970", "from 2099")


def random_passage(chance: random.Random, generated: Generated) -> Json:
    at = generated.at - timedelta(hours=chance.randrange(96), minutes=chance.randrange(60))
    minted = {
        "of its time": at,
        "three weeks old": at - timedelta(days=21),
        "from 1970": datetime(1970, 1, 2, tzinfo=UTC),
        "from 2099": datetime(2099, 1, 1, tzinfo=UTC),
    }
    people = [random_person(chance, generated) for _ in range(chance.randrange(4))]
    id_ = generated.id(minted[chance.choice(MOMENTS)])
    return generated.passage(people=people, id=id_, occurred_at=at.isoformat(), **header(chance))


def header(chance: random.Random) -> Json:
    return {
        "checkpoint": chance.choice(POSTS),
        "direction": chance.choice(("IN", "IN", "OUT")),
        "transport": chance.choice(("CAR", "TRUCK", "FOOT", "TRAIN")),
        "purpose": chance.choice(("COMMUTE", "FREIGHT", None)),
    }


def random_person(chance: random.Random, generated: Generated) -> Json:
    destination = chance.choice(PLACES)
    return generated.person(
        from_code=chance.choice(PLACES),
        destination={"code": destination} if destination else None,
        symptoms=chance.choice(([], [], ["COUGH"])),
    )


def corrections(chance: random.Random, generated: Generated, passage: Json) -> list[Json]:
    """Of the passage: some of what its header says; of its people: where from and where to."""
    new = header(chance) | {"occurred_at": (generated.at - timedelta(hours=chance.randrange(96))).isoformat()}
    made = [
        generated.correction(
            passage["id"], dict(chance.sample(sorted(new.items()), k=chance.randrange(1, 4)))
        )
    ]
    for person in passage["people"]:
        place = chance.choice(PLACES)
        fields = {"from_code": chance.choice(PLACES), "destination": {"code": place} if place else None}
        made.append(generated.correction(person["id"], dict(chance.sample(sorted(fields.items()), k=1))))
    return made


def conflicting(chance: random.Random, generated: Generated, passage: Json) -> Json:
    """The same passage once more with another header, on another day, and somebody new in it."""
    at = generated.at - timedelta(days=chance.randrange(6))
    people = [random_person(chance, generated)]
    return passage | header(chance) | {"people": people, "occurred_at": at.isoformat()}


@pytest.fixture
def told(clean: Database) -> Reach:
    """A random city, told to the board in three parts; an officer who reaches all of it."""
    chance, generated = random.Random(20201125), Generated(seed=5)
    for code in POSTS:
        factories.checkpoint(code)
    intake = Intake(clean, factories.device("GATE"))
    passages = [random_passage(chance, generated) for _ in range(60)]
    for part in range(3):
        records: list[Json] = passages[part * 20 : part * 20 + 20]
        for passage in chance.sample(passages[: part * 20 + 20], k=10):
            records += corrections(chance, generated, passage)
        records += [conflicting(chance, generated, passage) for passage in chance.sample(passages[:20], k=3)]
        intake.send(generated.parcel(*records))
        catch_up(worker_session())
    count_all_tables(worker_session())
    assert recount(worker_session()).differences == []
    return factories.officer()


def cells(cube: str) -> list[dict[str, Any]]:
    return read(cube, ["day", "hour", "key", "across"], known(None))


def asked_of(dimension: str, key: str, *, coarse: bool) -> dict[str, Any]:
    """The filter that a key of a cube stands for, as the address of a list has it."""
    if dimension == "HOUR":
        return {"hour": int(key)}
    if dimension == "ORIGIN" and coarse:
        key = key[:2]
    return {dimension.lower(): key}


def wanted_of(cube: str, cell: dict[str, Any]) -> Wanted:
    one, _, other = cube.partition("/")
    asked = asked_of(one, cell["key"], coarse=bool(other))
    if other:
        asked |= asked_of(other, cell["across"], coarse=True)
    elif cube == "MEASURE":
        asked["checkpoint"] = cell["across"]
    if cube in HOURLY:
        asked["hour"] = cell["hour"]
    return Wanted(cell["day"], cell["day"], **asked)


def of_people(cube: str) -> bool:
    return any(DIMENSIONS[name].of_people for name in cube.split("/"))


def some_of(cube: str, how_many: int = 6) -> list[dict[str, Any]]:
    """Not all of them: each is asked several times, and they are many."""
    found = cells(cube)
    return random.Random(cube).sample(found, k=min(how_many, len(found)))


def test_a_cell_and_the_list_behind_it_count_the_same(told: Reach) -> None:
    with reach(told) as seen:
        for cube, cell in [(name, cell) for name in (*BOARD, *TABLES) for cell in some_of(name)]:
            wanted = wanted_of(cube, cell)
            figures = counted(seen, wanted)
            assert figures.people == cell["people"], wanted
            if of_people(cube):
                listed = rows(seen, replace(wanted, direction="IN"))
                assert sum(len(line.matching) for line in listed.lines) == cell["people"], wanted
                assert all(line.matching for line in listed.lines)
            else:
                assert (figures.passages, figures.vehicles) == (cell["passages"], cell["vehicles"]), wanted
                assert len(rows(seen, wanted).lines) == cell["passages"], wanted
                assert (
                    len(rows(seen, replace(wanted, direction="IN", vehicles=True)).lines) == cell["vehicles"]
                )


def rows(seen: Reach, wanted: Wanted) -> Page:
    listed = passages_wanted(seen, wanted, at=datetime.now(UTC), limit=200)
    assert listed.next_before is None
    ids = [line.id for line in listed.lines]
    assert ids == sorted(set(ids), reverse=True)
    return listed


SPANS: list[tuple[int, int] | None] = [None, (0, 0), (1, 3), (3, 30), (0, 800)]


def test_spans_of_days_and_all_of_them_count_the_same(told: Reach) -> None:
    for span in SPANS:
        today = factories.today()
        days = (today - timedelta(days=span[1]), today - timedelta(days=span[0])) if span else (None, None)
        compare(told, days)


def compare(officer: Reach, days: tuple[date | None, date | None]) -> None:
    with reach(officer) as seen:
        for cube in ("CHECKPOINT", "MEASURE", "ORIGIN", "PURPOSE/DESTINATION"):
            for key in {(cell["key"], cell["across"]) for cell in some_of(cube, 6)}:
                expected = in_days(cube, key, days)
                cell = {"day": None, "hour": None, "key": key[0], "across": key[1]}
                asked = replace(wanted_of(cube, cell), first=days[0], last=days[1], direction="IN", hour=None)
                assert counted(seen, asked).people == expected, asked
                if of_people(cube):
                    assert sum(len(line.matching) for line in rows(seen, asked).lines) == expected


def in_days(cube: str, key: tuple[str, str], days: tuple[date | None, date | None]) -> int:
    return sum(
        cell["people"]
        for cell in cells(cube)
        if (cell["key"], cell["across"]) == key
        and (days[0] is None or days[1] is None or days[0] <= cell["day"] <= days[1])
    )


def test_whole_provinces_and_counties_hold_what_lies_in_them(told: Reach) -> None:
    with reach(told) as seen:
        for place in ("21", "2103", "210381", "42", "4201", "420106"):
            expected = sum(cell["people"] for cell in cells("ORIGIN") if cell["key"].startswith(place))
            assert expected
            assert counted(seen, Wanted(origin=place)).people == expected
