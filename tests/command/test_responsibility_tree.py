"""The tree of responsibility: each level with its counts, people and vacancies, at any moment, and the history of one."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.command.queries.responsibility_tree import accounts, counted, history, node
from lianfang.command.services import (
    Laid,
    Worker,
    end_responsible,
    place_overlay,
    place_staff,
    replace_responsible,
)
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound
from lianfang.machine.postgres import Database
from tests import factories
from tests.command.answerable import (
    DAY,
    GRID,
    HOUR,
    MICRO,
    NEXT_VILLAGE,
    PHONE,
    TOWNSHIP,
    VILLAGE,
    official,
    register_places,
    stands,
    waits,
)
from tests.factories import ANSHAN, HAICHENG, XIUYAN

NOON = datetime(2020, 2, 13, 12, tzinfo=SHANGHAI)


@pytest.fixture
def city(clean: Database) -> Reach:
    register_places()
    return factories.officer("HEADQUARTERS", ANSHAN, name="市值班员")


def test_a_level_shows_its_branches_with_everything_in_them(city: Reach) -> None:
    stands(city, HAICHENG, "县长", at=NOON)
    stands(city, MICRO, "微网格长", at=NOON)
    seen = node(city, ANSHAN, at=NOON)
    assert seen is not None
    assert [one.name for one in seen.branches] == ["岫岩县", "海城市"]
    haicheng = seen.branches[1]
    assert (haicheng.villages, haicheng.grids, haicheng.micro_grids) == (2, 2, 1)
    assert (haicheng.acknowledged, haicheng.leaves, haicheng.vacant) == (1, 3, 5)
    assert (seen.own.villages, seen.own.leaves, seen.own.vacant, seen.own.is_vacant) == (2, 3, 8, True)
    assert (haicheng.is_vacant, seen.branches[0].is_vacant) == (False, True)


def test_people_of_the_division_of_those_above_and_those_below_come_in_two_questions(city: Reach) -> None:
    stands(city, ANSHAN, "市长", at=NOON)
    stands(city, TOWNSHIP, "镇长", at=NOON)
    stands(city, TOWNSHIP, "副镇长", at=NOON, kind="DEPUTY")
    waits(city, VILLAGE, "村主任", at=NOON)
    with CaptureQueriesContext(connection) as asked:
        seen = node(city, TOWNSHIP, at=NOON)
    assert len(asked) == 2
    assert seen is not None
    assert seen.principal(ANSHAN).name == "市长"  # type: ignore[union-attr]
    assert seen.principal(TOWNSHIP).name == "镇长"  # type: ignore[union-attr]
    assert [one.name for one in seen.deputies(TOWNSHIP)] == ["副镇长"]
    waiting = seen.principal(VILLAGE)
    assert waiting is not None
    assert not waiting.is_acknowledged
    assert seen.branches[0].is_vacant
    assert seen.principal(NEXT_VILLAGE) is None


def test_the_lowest_division_has_no_branches_and_an_unknown_one_is_none(city: Reach) -> None:
    seen = node(city, MICRO, at=NOON)
    assert seen is not None
    assert seen.branches == ()
    assert (seen.own.leaves, seen.own.micro_grids) == (1, 1)
    assert node(city, "210381999", at=NOON) is None


def test_the_tree_of_a_moment_is_that_of_the_moment(city: Reach) -> None:
    made = stands(city, VILLAGE, "王书记", at=NOON)
    replace_responsible(by=city, at=NOON + DAY, id=made.id, official=official("李书记"))
    then, later = node(city, TOWNSHIP, at=NOON + HOUR), node(city, TOWNSHIP, at=NOON + 2 * DAY)
    assert then is not None
    assert later is not None
    assert then.principal(VILLAGE).name == "王书记"  # type: ignore[union-attr]
    assert not then.branches[0].is_vacant
    assert later.principal(VILLAGE).name == "李书记"  # type: ignore[union-attr]
    assert later.branches[0].is_vacant


def test_a_vacancy_that_climbed_here_is_red_in_its_branch(city: Reach) -> None:
    for division in (
        ANSHAN,
        HAICHENG,
        XIUYAN,
        "210323100",
        TOWNSHIP,
        VILLAGE,
        NEXT_VILLAGE,
        GRID[:-1] + "2",
        MICRO,
    ):
        stands(city, division, "某", at=NOON - DAY)
    made = stands(city, GRID, "网格长", at=NOON - DAY)
    end_responsible(by=city, at=NOON, id=made.id)
    at = NOON + 4 * HOUR
    assert node(city, TOWNSHIP, at=at).own.red == 1  # type: ignore[union-attr]
    assert node(city, TOWNSHIP, at=at).branches[0].red == 1  # type: ignore[union-attr]
    county = node(city, HAICHENG, at=at)
    assert county is not None
    assert (county.own.vacant, county.own.red) == (1, 0)


def test_the_history_names_everybody_there_was_and_who_did_what(city: Reach) -> None:
    made = waits(city, VILLAGE, "王书记", at=NOON)
    county = factories.officer("COUNTY_DESK", HAICHENG, name="县值班员")
    stands(county, VILLAGE, "张副", at=NOON, kind="DEPUTY")
    replace_responsible(by=county, at=NOON + DAY, id=made.id, official=official("李书记"), acknowledged=True)
    place_staff(by=county, at=NOON, division=VILLAGE, worker=Worker("PARTY_MEMBER", "赵", PHONE))
    with CaptureQueriesContext(connection) as asked:
        told = history(county, VILLAGE, at=NOON + 2 * DAY)
    assert len(asked) == 2
    new, *_, old = sorted(told.people, key=lambda one: (one.kind, one.from_at), reverse=True)
    assert told.people[0].name == "李书记"
    assert {new.name, old.name} == {"李书记", "张副"}
    first = next(one for one in told.people if one.name == "王书记")
    assert (first.assigned_by, first.acknowledged_by, first.ended_by, first.ended_as) == (
        "市值班员", "", "县值班员", "REPLACED",
    )  # fmt: skip
    assert [one.name for one in told.staff] == ["赵"]


def test_overlays_and_staff_are_counted_by_kind(city: Reach) -> None:
    for number in range(3):
        place_overlay(by=city, at=NOON, division=VILLAGE, laid=Laid("PARTY_AREA", f"第{number}", "赵", PHONE))
    place_overlay(by=city, at=NOON, division=TOWNSHIP, laid=Laid("VANGUARD_POST", "东岗", "钱", PHONE))
    place_staff(by=city, at=NOON, division=GRID, worker=Worker("VOLUNTEER", "孙", PHONE))
    assert counted(city, HAICHENG, NOON) == ({"PARTY_AREA": 3, "VANGUARD_POST": 1}, {"VOLUNTEER": 1})
    assert counted(city, GRID, NOON) == ({}, {"VOLUNTEER": 1})
    assert counted(city, HAICHENG, NOON - HOUR) == ({}, {})


def test_the_next_county_sees_neither_tree_nor_history(city: Reach) -> None:
    stranger = factories.officer("COUNTY_DESK", XIUYAN)
    for ask in (
        lambda: node(stranger, HAICHENG, at=NOON),
        lambda: node(stranger, ANSHAN, at=NOON),
        lambda: counted(stranger, HAICHENG, NOON),
        lambda: history(stranger, VILLAGE, at=NOON),
    ):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(Forbidden):
        node(factories.officer("WALL", ANSHAN), ANSHAN, at=NOON)


def test_accounts_to_link_are_those_posted_where_the_division_lies(city: Reach) -> None:
    factories.officer("TOWNSHIP_DESK", TOWNSHIP, name="镇值班员")
    factories.officer("TOWNSHIP_DESK", "210323100", name="别镇")
    county = factories.officer("COUNTY_DESK", HAICHENG, name="县值班员")
    at = datetime.now(SHANGHAI)
    assert [one.name for one in accounts(county, VILLAGE, at=at)] == ["县值班员", "镇值班员"]
    assert [one.name for one in accounts(county, HAICHENG, at=at)] == ["县值班员"]
