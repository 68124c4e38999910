"""The list of affected areas: as of a day, what overlaps, what changed, and what is done to a draft's list."""

from datetime import date, timedelta

import pytest

from lianfang.screening.areas import (
    AffectedArea,
    added,
    areas_of,
    changed,
    dated,
    ended,
    in_force,
    last_day,
    overlaps,
    removed,
    renewed,
)
from lianfang.screening.compiling import compiled
from lianfang.screening.shipped import shipped

ON = date(2020, 2, 10)


def area(code: str, level: str = "HIGH", since: str = "", until: str = "") -> AffectedArea:
    days = [date.fromisoformat(day) if day else None for day in (since, until)]
    return AffectedArea(code, level, *days)


def content(*areas: AffectedArea) -> dict:
    return added({**shipped("affected-areas").content, "areas": []}, areas)


@pytest.mark.parametrize(
    ("since", "until", "state", "left"),
    [
        ("", "", "IN_FORCE", None),
        ("2020-02-10", "2020-02-10", "IN_FORCE", 0),
        ("2020-02-11", "2020-02-12", "COMING", 2),
        ("2020-01-20", "2020-02-09", "OVER", None),
        ("", "2020-02-11", "IN_FORCE", 1),
        ("2020-02-10", "", "IN_FORCE", None),
    ],
)
def test_both_days_count(since: str, until: str, state: str, left: int | None) -> None:
    one = area("42", since=since, until=until)
    assert (one.state(ON), one.days_left(ON)) == (state, left)


def test_what_is_no_area_or_no_day_is_not_there() -> None:
    nasty = {
        "areas": [None, 3, {"code": None, "level": 7, "from": "2020-02-31", "to": 5}, {"code": "420000"}]
    }
    assert areas_of(nasty) == (AffectedArea("", "7"), AffectedArea("42", ""))
    assert areas_of({}) == areas_of({"areas": "42"}) == ()


def test_a_city_within_its_province_and_an_area_said_twice_overlap_where_days_do() -> None:
    areas = [
        area("42", since="2020-02-01", until="2020-02-20"),
        area("4201", since="2020-02-20", until="2020-03-01"),
        area("420102", since="2020-02-21", until="2020-03-01"),
        area("42", "LOW"),
        area("43"),
    ]
    assert overlaps(areas) == {1: 0, 2: 3, 3: 0}


def test_added_ended_and_moved_in_a_week() -> None:
    before = [area("42"), area("3303"), area("1101", "LOW")]
    now = [area("42", "LOW"), area("42", "HIGH"), area("1101", "MEDIUM"), area("2103", "LOW")]
    found = changed(before, now)
    assert [one.code for one in found.added] == ["2103"]
    assert [one.code for one in found.ended] == ["3303"]
    assert [(was.level, one.level) for was, one in found.moved] == [("LOW", "MEDIUM")]


@pytest.mark.parametrize("until", ["2020-02-25", "2020-02-10", "2020-02-09", "2020-01-31"])
def test_a_renewal_follows_on_the_old_entry_and_neither_is_longer_than_it_may_be(until: str) -> None:
    since = str(date.fromisoformat(until) - timedelta(days=29))
    old = content(area("4201", since=since, until=until))
    new = renewed(old, 0, on=ON)
    first, second = areas_of(new)
    assert first == areas_of(old)[0]
    assert second.since == max(date.fromisoformat(until) + timedelta(days=1), ON)
    assert second.until == last_day(second.since)
    assert not [found for found in compiled(new).findings if found.severity == "ERROR"]


def test_an_area_that_ends_today_keeps_whom_rules_still_look_for() -> None:
    without_days = ended(content(area("42")), 0, on=ON)
    (one,) = areas_of(without_days)
    assert one.until == ON
    assert one.since == ON - timedelta(days=29)
    assert in_force([one], ON) == (one,)
    assert in_force([one], ON + timedelta(days=1)) == ()
    assert not [found for found in compiled(without_days).findings if found.severity == "ERROR"]


def test_days_are_said_both_or_not_at_all() -> None:
    assert dated(None, None) == (None, None)
    assert dated(ON, None) == (ON, last_day(ON))
    assert dated(None, ON) == (ON - timedelta(days=29), ON)
    assert dated(last_day(ON), ON) == (last_day(ON), ON)  # the compiler says that they are swapped


def test_the_list_is_kept_in_the_compilers_order_so_that_findings_meet_their_lines() -> None:
    given = content(area("42"), area("1101", "LOW"), area("42", since="2020-01-01", until="2020-01-05"))
    assert [one.code for one in areas_of(given)] == ["1101", "42", "42"]
    checked = compiled(given).content
    assert checked is not None
    assert [(one["code"], one.get("from")) for one in checked["areas"]] == [
        (one.code, one.since and str(one.since)) for one in areas_of(given)
    ]
    assert [one.code for one in areas_of(removed(given, 0))] == ["42", "42"]
    with pytest.raises(IndexError):
        renewed(given, 3, on=ON)
