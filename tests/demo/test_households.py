"""The demo's rosters: doors of a few villages with people who do not exist, made in seconds."""

import time
from collections import Counter
from datetime import datetime

import pytest
from django.db import connections

from lianfang.demo.households import TOWNSHIP, settle_households
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import prefix
from lianfang.kernel.reach import reach
from lianfang.machine.postgres import Database
from lianfang.people.models import Household, Person
from lianfang.people.queries import household_counts, roster
from lianfang.regions.services import load_all
from tests import factories

AT = datetime.fromisoformat("2020-02-13T18:00+08:00")


@pytest.fixture
def villages(clean: Database) -> list[str]:
    load_all(at=AT)
    settle_households(AT, villages=2, doors=60)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT DISTINCT division FROM household ORDER BY 1")
        return [code for (code,) in cursor.fetchall()]


def test_the_rosters_show_every_state_a_door_can_be_in(villages: list[str]) -> None:
    with reach(factories.officer("TOWNSHIP_DESK", TOWNSHIP)) as seen:
        counts = household_counts(seen, TOWNSHIP, on=day_of(AT))
        doors = [door for village in villages for door in roster(seen, village, at=AT)]
    assert (len(doors), sum(one.households for one in counts)) == (120, 120)
    states = Counter(str(door.state) for door in doors)
    assert {"VERIFIED", "UNVERIFIED", "VACANT"} <= set(states)
    assert all(door.members or door.state in ("VACANT", "MOVED") for door in doors)
    assert all(prefix(door.door.code.split("-")[0]) == door.door.division for door in doors)
    relations = Counter(member.relation for door in doors for member in door.members)
    assert relations["HEAD"] == sum(door.occupancy == "OCCUPIED" for door in doors)
    assert {"SPOUSE", "CHILD"} <= set(relations)
    assert {member.person.state for door in doors for member in door.members if member.person} == {"OPEN"}


def test_the_same_seed_makes_the_same_doors_and_as_many_people(clean: Database) -> None:
    load_all(at=AT)
    first = settle_households(AT, villages=1, doors=40)
    assert first == Person.objects.using("owner").count()
    assert Household.objects.using("owner").count() == 40


def test_fifteen_hundred_doors_are_made_in_seconds(clean: Database) -> None:
    load_all(at=AT)
    begun = time.monotonic()
    people = settle_households(AT)
    took = time.monotonic() - begun
    assert Household.objects.using("owner").count() == 1_500
    assert people > 3_000
    assert took < 20, took
