"""A village counts itself: who opens it and where, that one phone counts once, and that no figure is of fewer than five."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from lianfang.kernel.divisions import as_integer
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed
from lianfang.project.schedule import SCHEDULE
from lianfang.quarantine.models import VillageCheckIn, VillageReport
from lianfang.quarantine.queries.villages import VillageHalfDay, village_counts, village_posters
from lianfang.quarantine.rules import half_day
from lianfang.quarantine.services import (
    close_village_check_in,
    forget_village_reports,
    open_village_check_in,
)
from tests.noted import noted
from tests.people.town import NOW, TODAY, Town
from tests.quarantine.ward import DAY, HOUR

VILLAGE, OTHER_VILLAGE, NEXT_COUNTY = "210381101001", "210381101002", "210323101001"
WEEK = timedelta(days=7)


def opened(town: Town, village: str = VILLAGE, *, by: Reach | None = None, at: datetime = NOW) -> str:
    return open_village_check_in(by=by or town.desk, at=at, division=village, lasts=WEEK)


def say(
    token: str,
    phone: str = "",
    *,
    people: int = 3,
    unwell: int = 0,
    at: datetime = NOW,
    id: UUID | None = None,
) -> str:
    """What the door's statement answers, in the owner's hands."""
    of = half_day(at)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT lianfang_village_report(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                hashed(token),
                id or uuid4(),
                of.day,
                of.half,
                (phone or uuid4().hex).encode(),
                people,
                unwell,
                at,
            ],
        )
        return str(cursor.fetchone()[0])


def counted(
    town: Town, village: str = VILLAGE, *, by: Reach | None = None, at: datetime = NOW
) -> VillageHalfDay | None:
    with reach(by or town.desk) as seen:
        return village_counts(seen, [village], since=TODAY - 14 * DAY).get(village, {}).get(half_day(at))


def test_a_village_is_opened_for_at_most_thirty_days_by_a_desk_that_covers_it(town: Town) -> None:
    token = opened(town, by=town.township)
    assert token.startswith("v_")
    made = VillageCheckIn.objects.using("owner").get()
    assert (made.division, made.until, bytes(made.token_hash)) == (VILLAGE, NOW + WEEK, hashed(token))
    with pytest.raises(Refusal, match="OUT_OF_REACH"):
        opened(town, NEXT_COUNTY)
    for days in (0, 31):
        with pytest.raises(Refusal, match="VILLAGE_LASTS"):
            open_village_check_in(by=town.desk, at=NOW, division=VILLAGE, lasts=timedelta(days=days))
    for place in ("210381101", "210381101001001", "nowhere"):
        with pytest.raises(Refusal, match="VILLAGE_UNKNOWN"):
            opened(town, place)


def test_both_acts_stand_in_the_audit_log(town: Town) -> None:
    opened(town)
    (one,) = VillageCheckIn.objects.using("owner").all()
    close_village_check_in(by=town.desk, at=NOW + HOUR, id=one.id)
    close_village_check_in(by=town.desk, at=NOW + 2 * HOUR, id=one.id)
    told = noted("VILLAGE_CHECK_IN_OPENED", "VILLAGE_CHECK_IN_CLOSED")
    assert [entry.act for entry in told] == ["VILLAGE_CHECK_IN_OPENED", "VILLAGE_CHECK_IN_CLOSED"]
    assert {entry.subject for entry in told} == {f"VILLAGE_CHECK_IN {one.id}"}


def test_a_new_poster_ends_the_old_one_and_a_closed_or_expired_one_takes_nothing(town: Town) -> None:
    old = opened(town)
    new = opened(town, at=NOW + HOUR)
    assert say(old, at=NOW + HOUR) == "UNKNOWN"
    assert say(new, at=NOW + HOUR) == "ACCEPTED"
    assert say(new, at=NOW + HOUR + WEEK) == "UNKNOWN"
    standing = VillageCheckIn.objects.using("owner").get(closed_at=None)
    close_village_check_in(by=town.desk, at=NOW + 2 * HOUR, id=standing.id)
    assert say(new, at=NOW + 2 * HOUR) == "UNKNOWN"


def test_of_two_officers_who_open_a_village_at_once_the_second_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = VillageCheckIn.save

    def after_the_other(made: VillageCheckIn, **how: Any) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO village_check_in VALUES (%s, %s, %s, 'other', NULL, %s, %s, NULL)",
                [uuid4(), VILLAGE, as_integer(VILLAGE), NOW, NOW + WEEK],
            )
        save(made, **how)

    monkeypatch.setattr(VillageCheckIn, "save", after_the_other)
    with pytest.raises(Refusal, match="VILLAGE_JUST_OPENED"):
        opened(town)
    assert bytes(VillageCheckIn.objects.using("owner").get().token_hash) == b"other"


def test_nobody_elsewhere_sees_or_closes_it(town: Town) -> None:
    token = opened(town)
    for n in range(5):
        say(token, f"phone {n}")
    (one,) = VillageCheckIn.objects.using("owner").all()
    with pytest.raises(Refusal, match="VILLAGE_CHECK_IN_UNKNOWN"):
        close_village_check_in(by=town.stranger, at=NOW, id=one.id)
    with reach(town.stranger) as seen:
        assert village_posters(seen) == []
    assert counted(town, by=town.stranger) is None
    assert counted(town, by=town.headquarters) == counted(town) == VillageHalfDay(5, 15, 0, False, False)


def test_of_a_phone_the_last_report_of_a_half_day_counts(town: Town) -> None:
    token = opened(town)
    for n in range(5):
        say(token, f"phone {n}", people=2)
    say(token, "phone 0", people=4, unwell=1, at=NOW + HOUR)
    assert counted(town) == VillageHalfDay(5, 12, 1, True, False)
    say(token, "phone 0", people=4, at=NOW + 4 * HOUR)
    assert counted(town, at=NOW + 4 * HOUR) == VillageHalfDay(None, None, None, False, False)
    assert counted(town) == VillageHalfDay(5, 12, 1, True, False)


def test_a_poster_printed_again_does_not_count_a_household_twice(town: Town) -> None:
    token = opened(town)
    for n in range(5):
        say(token, f"phone {n}")
    token = opened(town, at=NOW + HOUR)
    say(token, "phone 0", people=1, at=NOW + HOUR)
    assert counted(town) == VillageHalfDay(5, 13, 0, False, False)


def test_the_same_report_again_changes_nothing(town: Town) -> None:
    token, id = opened(town), uuid4()
    assert say(token, "phone", id=id, people=2) == "ACCEPTED"
    assert say(token, "phone", people=5, at=NOW + HOUR) == "ACCEPTED"
    assert say(token, "phone", id=id, people=2, at=NOW + HOUR) == "DUPLICATE"
    newest = VillageReport.objects.using("owner").latest("received_at")
    assert newest.people == 5


def test_below_five_households_there_is_no_figure_and_the_village_is_asked_all_the_same(town: Town) -> None:
    token = opened(town)
    for n in range(4):
        say(token, f"phone {n}", unwell=1)
    assert counted(town) == VillageHalfDay(None, None, None, True, False)
    say(token, "phone 4")
    assert counted(town) == VillageHalfDay(5, 15, 4, True, False)


def test_no_role_of_service_reads_what_one_household_said(town: Town) -> None:
    say(opened(town))
    for statement in ("SELECT * FROM village_report", "DELETE FROM village_report"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            reach(town.headquarters),
            transaction.atomic(),
        ):
            connection.cursor().execute(statement)


def test_a_phone_corrects_itself_six_times_a_half_day_and_no_more(town: Town) -> None:
    token = opened(town)
    assert [say(token, "phone") for _ in range(7)] == ["ACCEPTED"] * 6 + ["TOO_OFTEN"]
    assert say(token, "phone", at=NOW + 4 * HOUR) == "ACCEPTED"


def test_a_village_is_full_with_two_phones_for_each_household_of_its_roster(town: Town) -> None:
    town.doors(20, division=f"{VILLAGE}001")
    token, other = opened(town), opened(town, OTHER_VILLAGE)
    said = [say(token, f"phone {n}") for n in range(41)]
    assert said == ["ACCEPTED"] * 40 + ["FULL"]
    assert say(token, "phone 7", people=1) == "ACCEPTED", "who was counted may still correct himself"
    assert say(opened(town, at=NOW + HOUR), at=NOW + HOUR) == "FULL", "a new poster opens no new room"
    assert say(token, at=NOW + 4 * HOUR) == "UNKNOWN"
    assert say(other) == "ACCEPTED"
    found = counted(town)
    assert found is not None
    assert found.full


@pytest.mark.parametrize(("doors", "most"), [(0, 2_000), (19, 2_000), (20, 40), (30, 60)])
def test_a_roster_that_is_only_begun_says_nothing_of_the_villages_size(
    town: Town, doors: int, most: int
) -> None:
    town.doors(doors, division=f"{VILLAGE}001")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT lianfang_village_most(%s)", [as_integer(VILLAGE)])
        assert cursor.fetchone() == (most,)


@pytest.mark.parametrize(("people", "unwell"), [(0, 0), (13, 0), (2, 3), (2, -1)])
def test_a_household_has_one_to_twelve_people_and_no_more_unwell_than_there_are(
    town: Town, people: int, unwell: int
) -> None:
    token = opened(town)
    with pytest.raises(Exception, match="village_report_"):
        say(token, people=people, unwell=unwell)


def test_what_was_said_is_kept_for_fourteen_days_and_forgotten_without_a_signature(town: Town) -> None:
    token = opened(town)
    say(token, "phone")
    assert forget_village_reports(town.worker, at=NOW + 14 * DAY) == 0
    assert forget_village_reports(town.desk, at=NOW + 15 * DAY) == 0, "the worker alone forgets"
    (entry,) = (one for one in SCHEDULE if "villages" in one.name)
    entry.act(town.worker, NOW + 15 * DAY)
    assert not VillageReport.objects.using("owner").exists()
    assert VillageCheckIn.objects.using("owner").count() == 1
