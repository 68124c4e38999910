"""The work lists: everybody observed stands on exactly one, whatever was reported when; and the one number is their sum."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

import pytest

from lianfang.kernel.days import SHANGHAI, start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.quarantine.models import CheckIn, FollowUp, QuarantineOrder
from lianfang.quarantine.queries.lists import (
    LISTED,
    NEITHER,
    CheckInCounts,
    OnList,
    by_place,
    counts,
    work_list,
)
from lianfang.quarantine.services import report_broken
from tests.people.town import GRID, NOW, OTHER_GRID, TODAY
from tests.quarantine.ward import DAY, HOUR, Ward

TEN, NOON, EIGHT = time(10), time(12), time(20)
LISTS = ("SYMPTOMATIC", "MISSED", "DUE", "DONE")
YESTERDAY = TODAY - DAY


class Said(NamedTuple):
    """A report as it stands: of which half of which day, and its verdict."""

    on: date
    half: str
    verdict: str


def reported(
    one: QuarantineOrder, on: date, half: str, verdict: str = "WELL", at: datetime | None = None
) -> None:
    moment = at or start_of(on) + timedelta(hours=9 if half == "MORNING" else 15)
    CheckIn.objects.using("owner").create(
        id=uuid7(), order_id=one.id, on_day=on, half=half, celsius=None, symptoms=[], by="SELF", verdict=verdict,
        thresholds="x", occurred_at=moment, received_at=moment, jurisdiction=one.jurisdiction,
    )  # fmt: skip


def to_clinic(one: QuarantineOrder, at: datetime) -> None:
    FollowUp.objects.using("owner").create(
        id=uuid7(), order_id=one.id, kind="CLINIC", since_day=TODAY, since_half="MORNING",
        jurisdiction=one.jurisdiction, opened_at=at, due_at=at + HOUR,
    )  # fmt: skip


def listed(
    ward: Ward, at: datetime, which: str, *, by: Reach | None = None, division: str | None = None
) -> list[OnList]:
    with reach(by or ward.desk) as seen:
        return work_list(seen, at, which=which, division=division)


def counted(
    ward: Ward, at: datetime, *, by: Reach | None = None, division: str | None = None
) -> CheckInCounts:
    with reach(by or ward.desk) as seen:
        return counts(seen, at, division)


def on_which(ward: Ward, one: QuarantineOrder, at: datetime) -> list[str]:
    return [which for which in LISTS if one.id in {row.id for row in listed(ward, at, which)}]


def at(hours: float, day: date = TODAY) -> datetime:
    return start_of(day) + timedelta(hours=hours)


def test_the_lists_follow_the_day(ward: Ward) -> None:
    one = ward.in_place(at=at(9, YESTERDAY), day0=YESTERDAY)
    reported(one, YESTERDAY, "MORNING")
    reported(one, YESTERDAY, "EVENING")
    assert on_which(ward, one, at(9.99)) == ["DUE"]
    assert on_which(ward, one, at(10)) == ["MISSED"]
    reported(one, TODAY, "MORNING", "NOT_READ")
    assert on_which(ward, one, at(11.99)) == ["MISSED"]
    reported(one, TODAY, "MORNING")
    assert on_which(ward, one, at(11.99)) == ["DONE"]
    assert on_which(ward, one, at(12)) == ["DUE"]
    assert on_which(ward, one, at(20)) == ["MISSED"]


def test_whoever_missed_the_half_day_before_has_missed_until_he_reports_in_this_one(ward: Ward) -> None:
    one = ward.in_place(at=at(9, YESTERDAY), day0=YESTERDAY)
    reported(one, YESTERDAY, "MORNING")
    assert on_which(ward, one, at(0.1)) == ["MISSED"]
    reported(one, TODAY, "MORNING")
    assert on_which(ward, one, at(8)) == ["DONE"]


def test_nothing_is_missed_of_before_he_was_in_place(ward: Ward) -> None:
    one = ward.in_place(at=at(10))
    assert on_which(ward, one, at(11)) == ["DUE"]
    assert on_which(ward, one, at(12.5)) == ["DUE"]
    assert counted(ward, at(11))[:3] == (1, 0, 0)
    assert counted(ward, at(12.5))[:3] == (1, 0, 1)
    earlier = ward.in_place(at=at(9.99))
    assert on_which(ward, earlier, at(10)) == ["MISSED"]


def test_who_is_ill_is_on_the_first_list_until_he_was_well_or_the_day_is_over(ward: Ward) -> None:
    one = ward.in_place(at=at(8, YESTERDAY), day0=YESTERDAY)
    reported(one, YESTERDAY, "EVENING", "SYMPTOMATIC")
    reported(one, YESTERDAY, "EVENING", "WELL")
    assert on_which(ward, one, at(21, YESTERDAY)) == ["SYMPTOMATIC"]
    assert on_which(ward, one, at(8)) == ["SYMPTOMATIC"]
    reported(one, TODAY, "MORNING")
    assert on_which(ward, one, at(9)) == ["DONE"]
    reported(one, TODAY, "MORNING", "SYMPTOMATIC")
    assert on_which(ward, one, at(9)) == ["SYMPTOMATIC"]
    reported(one, TODAY, "EVENING")
    assert on_which(ward, one, at(16)) == ["SYMPTOMATIC"]
    assert on_which(ward, one, at(7, TODAY + DAY)) == ["DUE"]


def test_who_waits_for_a_clinic_is_on_the_first_list_however_long_it_takes(ward: Ward) -> None:
    one = ward.in_place(at=at(8, TODAY - 3 * DAY), day0=TODAY - 3 * DAY)
    to_clinic(one, at(8, TODAY - 3 * DAY))
    assert on_which(ward, one, at(9)) == ["SYMPTOMATIC"]


def test_who_left_is_released_or_over_his_time_is_on_no_list_and_counted_beside(ward: Ward) -> None:
    gone, over, ordered = ward.in_place(), ward.in_place(at=at(9, YESTERDAY), day0=YESTERDAY, days=1), None
    ordered = ward.ordered()
    report_broken(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=gone.id)
    tomorrow = at(9, TODAY + DAY)
    assert counted(ward, tomorrow) == CheckInCounts(0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1)
    assert counted(ward, NOW).due_tomorrow == 1
    assert [on_which(ward, one, tomorrow) for one in (gone, over, ordered)] == [[], [], []]
    QuarantineOrder.objects.using("owner").filter(pk=over.pk).update(state="RELEASED", ended_at=tomorrow)
    assert counted(ward, tomorrow) == CheckInCounts(0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0)
    assert counted(ward, tomorrow + DAY).released_today == 0


def test_the_number_and_the_names_it_misses_are_the_same(ward: Ward) -> None:
    people = [ward.in_place(at=at(8)) for _ in range(5)]
    late = ward.in_place(at=at(10.5))
    reported(people[0], TODAY, "MORNING")
    reported(people[1], TODAY, "MORNING", "SYMPTOMATIC")
    reported(people[2], TODAY, "MORNING", "NOT_READ")
    to_clinic(people[3], at(8))
    reported(late, TODAY, "MORNING")
    told = counted(ward, at(11))
    assert (told.observed, told.called_for, told.checked_in, told.neither) == (6, 5, 2, 3)
    assert {row.id for row in listed(ward, at(11), NEITHER)} == {one.id for one in people[2:]}


def test_a_desk_sees_its_own_and_a_stranger_nothing(ward: Ward) -> None:
    one = ward.in_place()
    reported(one, TODAY, "MORNING")
    for by, n in (
        (ward.desk, 1),
        (ward.town.headquarters, 1),
        (ward.town.township, 1),
        (ward.town.stranger, 0),
    ):
        assert counted(ward, NOW, by=by).observed == n
        assert len(listed(ward, NOW, "DONE", by=by)) == n


def test_places_of_an_area_add_up(ward: Ward) -> None:
    for division in (GRID, GRID, OTHER_GRID):
        ward.in_place(division=division)
    with reach(ward.desk) as seen:
        grids = by_place(seen, NOW, division="210381", size="GRID")
        townships = by_place(seen, NOW, division="210381", size="TOWNSHIP")
    assert [(one.place, one.observed) for one in grids] == [(int(GRID), 2), (int(OTHER_GRID), 1)]
    assert [(one.place, one.observed) for one in townships] == [(int(GRID[:9]), 3)]
    assert counted(ward, NOW, division=OTHER_GRID).observed == 1
    assert len(listed(ward, NOW, "DUE", division=OTHER_GRID)) == 1


def test_a_list_goes_on_where_it_ends(ward: Ward) -> None:
    made = {ward.in_place(division=division).id for division in (GRID, OTHER_GRID, GRID, OTHER_GRID, GRID)}
    found, after = [], None
    with reach(ward.desk) as seen:
        while page := work_list(seen, NOW, which="DUE", limit=2, after=after):
            found += page
            after = (page[-1].jurisdiction, page[-1].id)
    assert len(found) == 5
    assert {row.id for row in found} == made


# --- drawn ---------------------------------------------------------------------------------------------------------------


def half_of(moment: datetime) -> tuple[date, str]:
    local = moment.astimezone(SHANGHAI)
    return local.date(), "MORNING" if local.hour < 12 else "EVENING"


def deadline(of: tuple[date, str]) -> datetime:
    return at(10 if of[1] == "MORNING" else 20, of[0])


def expected(since: datetime, said: list[Said], clinic: bool, moment: datetime) -> str:
    """The rule, written down once more from its words alone."""
    this = half_of(moment)
    day, half = this
    before = (day, "MORNING") if half == "EVENING" else (day - DAY, "EVENING")

    def has(of: tuple[date, str], *verdicts: str) -> bool:
        return any((one.on, one.half) == of and one.verdict in verdicts for one in said)

    ill_today = any(one.on == day and one.verdict == "SYMPTOMATIC" for one in said)
    if clinic or ill_today or (has(before, "SYMPTOMATIC") and not has(this, "WELL")):
        return "SYMPTOMATIC"
    if has(this, "WELL"):
        return "DONE"
    if deadline(this) <= moment and since < deadline(this):
        return "MISSED"
    if since < deadline(before) and not has(before, "WELL", "SYMPTOMATIC"):
        return "MISSED"
    return "DUE"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_reported_everybody_stands_on_exactly_one_list(ward: Ward, seed: int) -> None:
    draw = Random(seed)
    known: dict[object, tuple[datetime, list[Said], bool]] = {}
    for _ in range(14):
        since = at(
            draw.choice([0, 9, 9.99, 10, 10.01, 11.99, 12, 19.99, 20, 23.9]),
            draw.choice([YESTERDAY, TODAY - 2 * DAY, TODAY]),
        )
        one = ward.in_place(at=since, day0=since.astimezone(SHANGHAI).date())
        said = [
            Said(draw.choice([TODAY, YESTERDAY, TODAY - 2 * DAY]), draw.choice(["MORNING", "EVENING"]),
                 draw.choice(["WELL", "WELL", "SYMPTOMATIC", "NOT_READ"]))
            for _ in range(draw.randrange(5))
        ]  # fmt: skip
        clinic = draw.random() < 0.1
        for report in said:
            reported(one, *report)
        if clinic:
            to_clinic(one, since)
        known[one.id] = (since, said, clinic)
    for hours in (0, 9.5, 10, 11.99, 12, 19.99, 20, 23.99):
        moment = at(hours)
        lists = {which: {row.id for row in listed(ward, moment, which)} for which in LISTS}
        assert lists == {
            which: {
                id
                for id, (since, said, clinic) in known.items()
                if expected(since, said, clinic, moment) == which
            }
            for which in LISTS
        }
        told = counted(ward, moment)
        assert (told.symptomatic, told.missed, told.due, told.done) == tuple(
            len(lists[which]) for which in LISTS
        )
        assert told.observed == len(known) == sum(len(ids) for ids in lists.values())
        assert {row.id for row in listed(ward, moment, NEITHER)} <= set(known)
    assert set(LISTED) == {*LISTS, NEITHER}
