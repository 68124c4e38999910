"""Doors of a few villages of the demo city, and who lives behind them: nobody of them exists."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from lianfang.command.services import worker_session
from lianfang.demo.chance import Weighted, new_id
from lianfang.demo.people import party
from lianfang.kernel.days import day_of
from lianfang.kernel.documents import normalise
from lianfang.kernel.reach import reach
from lianfang.people.facts import Call, DocumentTold, DoorTold, PersonTold, WantedFile
from lianfang.people.models import Household
from lianfang.people.services import Door, Joining, join_all, open_files, open_households, verify_households
from lianfang.regions.queries import Division, under

TOWNSHIP = "210381112"  # 西柳镇, whose desk has a sign-in of its own
VILLAGES, DOORS = 5, 300
SINCE = timedelta(days=9)  # the rosters were made after the new year's holidays
_OCCUPANCY = Weighted([("OCCUPIED", 86), ("RENTED", 5), ("VACANT", 7), ("MOVED", 2)])
_SIZE = Weighted([(1, 18), (2, 30), (3, 29), (4, 15), (5, 8)])
_STATE = Weighted([("PRESENT", 90), ("AWAY", 7), ("RETURNED", 3)])
A_GENERATION = timedelta(days=16 * 365)
_REMARKS = Weighted([("", 93), ("CHRONIC", 5), ("DISABLED", 1), ("FROM_HUBEI", 1)])


class Lived(NamedTuple):
    """A door and whoever lives behind it, the head first."""

    door: Door
    people: list[PersonTold]


def settle_households(
    at: datetime, *, seed: int = 7, township: str = TOWNSHIP, villages: int = VILLAGES, doors: int = DOORS
) -> int:
    """Rosters of a few villages, made some days ago and in part verified since; answers how many people live there."""
    worker, made_at, chance = worker_session(), at - SINCE, Random(f"{seed} households")
    lived = [
        one
        for village in under(township, "VILLAGE", day_of(at))[:villages]
        for one in _village(chance, village, doors, day_of(made_at))
    ]
    with reach(worker):
        homes = open_households(by=worker, at=made_at, doors=[one.door for one in lived])
        people = list(_in_their_homes(chance, lived, homes, made_at))
        files = open_files(worker=worker, at=made_at, wanted=[wanted for wanted, _, _ in people])
        joining = [
            Joining(file.id, home.id, relation, _STATE.draw(chance))
            for file, (_, home, relation) in zip(files, people, strict=True)
            if file.is_new
        ]
        join_all(by=worker, at=made_at, joining=joining)
        for back in (8, 3, 1, 0):  # some are stale by now, some of today, a quarter was never seen
            seen = [home.id for home in homes if chance.random() < 0.3]
            verify_households(by=worker, at=at - timedelta(days=back), ids=seen)
    return len(joining)


def _village(chance: Random, village: Division, doors: int, on: date) -> Iterator[Lived]:
    for number in range(doors):
        address = f"{village.short_name}{1 + number // 60}组{1 + number % 60}号"
        occupancy = _OCCUPANCY.draw(chance)
        size = 0 if occupancy in ("VACANT", "MOVED") else _SIZE.draw(chance)
        family = party(chance, size=size, origin=village.code[:6], related=True, on=on) if size else []
        people = [_told(chance, one, address) for one in family]
        yield Lived(Door(village.code, DoorTold(address=address), occupancy), people)


def _told(chance: Random, traveller: dict[str, object], address: str) -> PersonTold:
    document = traveller["document"]
    number = document.get("number") if isinstance(document, dict) else None
    remark = _REMARKS.draw(chance)
    return PersonTold(
        name=str(traveller["name"]),
        document=DocumentTold(document["type"], number) if isinstance(document, dict) and number else None,
        phone=str(traveller.get("phone") or ""),
        address=address,
        remarks=(remark,) if remark else (),
    )


def _in_their_homes(
    chance: Random, lived: list[Lived], homes: list[Household], at: datetime
) -> Iterator[tuple[WantedFile, Household, str]]:
    millis = int(at.timestamp() * 1000)
    for (door, people), home in zip(lived, homes, strict=True):
        for told in people:
            relation = "TENANT" if door.occupancy == "RENTED" else _relation(people[0], told)
            call = Call("ROSTER", f"{home.code}/{new_id(chance, millis)}")
            yield WantedFile(call, told, home.division), home, relation


def _relation(head: PersonTold, one: PersonTold) -> str:
    """By how much older or younger somebody is; whoever has no document yet is a child."""
    older, born = _born(head), _born(one)
    if one is head:
        return "HEAD"
    if older is None or born is None:
        return "CHILD"
    if abs(born - older) < A_GENERATION:
        return "SPOUSE"
    return "CHILD" if born > older else "PARENT"


def _born(one: PersonTold) -> date | None:
    told = one.document
    return normalise(told.type, told.number, on=date(2030, 1, 1)).born_on if told else None
