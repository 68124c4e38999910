"""Doors as tiles: a page at a time in walking order, by how they stand, and no more of anybody opened than a name."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.kernel.reach import reach
from lianfang.people.models import Household, Occupancy, Person
from lianfang.people.queries import Tile, tile_counts, tiles
from lianfang.people.queries.tiles import PAGE
from lianfang.people.rules import household_state
from lianfang.people.services import change_household, join, mark_state
from tests.people.town import GRID, MINUTE, NEXT_COUNTY, NOW, OTHER_GRID, TODAY, Town

DAY = timedelta(days=1)


def walked(town: Town, division: str = GRID, **asked: str) -> list[list[Tile]]:
    """Every page, as somebody goes through them."""
    pages: list[list[Tile]] = []
    after: UUID | None = None
    with reach(town.desk) as seen:
        while True:
            page = tiles(seen, division, at=NOW, after=after, **asked)
            pages.append(list(page.tiles))
            after = page.next
            if after is None:
                return pages


@pytest.mark.parametrize("doors", [1, PAGE, PAGE + 1])
def test_the_pages_hold_every_door_once_in_walking_order(town: Town, doors: int) -> None:
    made = town.doors(doors)
    town.doors(1, division=OTHER_GRID)
    change_household(by=town.desk, at=NOW, id=made[0].id, walking_order=9_999)
    expected = [door.id for door in [*made[1:], made[0]]]
    pages = walked(town)
    assert [door.id for page in pages for door in page] == expected
    assert [len(page) for page in pages] == ([doors] if doors <= PAGE else [PAGE, doors - PAGE])


def test_doors_of_one_place_in_the_walk_are_parted_by_their_codes(town: Town) -> None:
    made = town.doors(PAGE + 5)
    Household.objects.using("owner").update(walking_order=10)
    assert [door.id for page in walked(town) for door in page] == [door.id for door in made]


def test_a_tile_says_who_is_there_masked_the_head_first(town: Town) -> None:
    (home,) = town.doors(1)
    people = [town.open(town.facts(name=name)).id for name in ("张三", "李四", "王五")]
    for person, relation in zip(people, ("CHILD", "HEAD", "SPOUSE"), strict=True):
        join(by=town.desk, at=NOW, person=person, household=home.id, relation=relation)
    mark_state(by=town.desk, at=NOW + MINUTE, person=people[0], household=home.id, state="QUARANTINED")
    mark_state(by=town.desk, at=NOW + MINUTE, person=people[2], household=home.id, state="MOVED_OUT")
    ((tile,),) = walked(town)
    assert tile.behind == (("李**", "PRESENT"), ("张**", "QUARANTINED"))
    assert (tile.address, tile.own) == ("丰台路1号3单元201", True)


def test_whose_file_went_to_another_county_is_there_without_a_name(town: Town) -> None:
    (home,) = town.doors(1)
    person = town.open().id
    join(by=town.desk, at=NOW, person=person, household=home.id, relation="HEAD", state="AWAY")
    Person.objects.using("owner").filter(pk=person).update(jurisdiction=int(NEXT_COUNTY.ljust(18, "0")))
    ((tile,),) = walked(town)
    assert tile.behind == ((None, "AWAY"),)


@pytest.mark.parametrize("occupancy", Occupancy.values)
@pytest.mark.parametrize("days_ago", [None, 0, 6, 7, 30])
def test_the_database_says_how_a_door_stands_as_the_rule_does(
    town: Town, occupancy: str, days_ago: int | None
) -> None:
    (home,) = town.doors(1)
    on = None if days_ago is None else TODAY - days_ago * DAY
    Household.objects.using("owner").update(
        occupancy=occupancy, verified_on=on, verified_by=town.desk.officer_id if on else None
    )
    state = household_state(occupancy, on, on=TODAY)
    with reach(town.desk) as seen:
        counted = tile_counts(seen, GRID, on=TODAY)
    assert counted.by_state == {state: 1}
    assert counted.fresh == (days_ago is not None and days_ago < 7)
    assert [tile.id for tile in walked(town, state=state)[0]] == [home.id]
    assert walked(town, state="STALE" if state != "STALE" else "VERIFIED") == [[]]


def test_the_stranger_sees_no_door_and_counts_none(town: Town) -> None:
    town.doors(2)
    with reach(town.stranger) as seen:
        assert tiles(seen, GRID, at=NOW).tiles == ()
        assert tile_counts(seen, GRID, on=TODAY).all == 0


@pytest.mark.parametrize("doors", [1, 3])
def test_a_page_takes_as_many_questions_with_one_as_with_three(town: Town, doors: int) -> None:
    for home in town.doors(doors):
        join(by=town.desk, at=NOW, person=town.open().id, household=home.id, relation="HEAD")
    with reach(town.desk) as seen, CaptureQueriesContext(connection) as asked:
        assert len(tiles(seen, GRID, at=NOW).tiles) == doors
    assert len(asked) == 4
