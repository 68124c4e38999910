"""Missed twice somebody telephones, then somebody goes; who is ill goes to a clinic; and each of it ends by somebody's word."""

from datetime import date, datetime, timedelta

import pytest

from lianfang.journeys.observing.keeping_up import keep_up
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.quarantine.following import FollowUpKind, due_at, last_passed
from lianfang.quarantine.models import FollowUp, QuarantineOrder
from lianfang.quarantine.rules import SHIPPED
from lianfang.quarantine.services import WrittenBeside, close_follow_up, report_broken
from lianfang.quarantine.services.following_up import FollowedUp
from lianfang.quarantine.services.writing import opened
from tests.people.town import GRID, OTHER_GRID, TODAY
from tests.quarantine.test_lists import reported
from tests.quarantine.ward import DAY, Ward

MINUTE = timedelta(minutes=1)


def at(hours: float, day: date = TODAY) -> datetime:
    return start_of(day) + timedelta(hours=hours)


def follow_ups(one: QuarantineOrder) -> list[tuple[str, str | None]]:
    rows = FollowUp.objects.using("owner").filter(order_id=one.id).order_by("opened_at", "kind")
    return [(row.kind, row.outcome) for row in rows]


def open_one(one: QuarantineOrder, kind: str) -> FollowUp:
    return FollowUp.objects.using("owner").get(order_id=one.id, kind=kind, closed_at=None)


def come_of(
    ward: Ward, one: FollowUp, outcome: str, moment: datetime, by: Reach | GridReach | None = None,
    written: WrittenBeside | None = None,
) -> FollowedUp:  # fmt: skip
    return close_follow_up(
        by=by or ward.desk, at=moment, id=one.id, order=one.order_id, kind=one.kind, outcome=outcome, written=written
    )  # fmt: skip


@pytest.fixture
def silent(ward: Ward) -> QuarantineOrder:
    """In place at eight in the morning and never heard of."""
    return ward.in_place(at=at(8))


class TestTheClock:
    @pytest.mark.parametrize(
        ("kind", "from_", "due"),
        [
            ("CALL", at(10), at(12)),
            ("CALL", at(20), at(22)),
            ("CALL", at(21), at(8, TODAY + DAY)),
            ("CALL", at(3), at(9)),
            ("VISIT", at(12), at(16)),
            ("VISIT", at(20), at(9, TODAY + DAY)),
            ("CLINIC", at(23.5), at(0.5, TODAY + DAY)),
        ],
    )
    def test_calls_and_visits_wait_for_the_day_and_a_clinic_for_nothing(
        self, kind: str, from_: datetime, due: datetime
    ) -> None:
        assert due_at(FollowUpKind(kind), from_) == due

    @pytest.mark.parametrize(
        ("hours", "newest"),
        [
            (9.99, (TODAY - DAY, "EVENING")),
            (10, (TODAY, "MORNING")),
            (19.99, (TODAY, "MORNING")),
            (20, (TODAY, "EVENING")),
        ],
    )
    def test_a_half_day_is_over_at_its_deadline(self, hours: float, newest: tuple[date, str]) -> None:
        passed = last_passed(at(hours), SHIPPED)
        assert tuple(passed[0]) == newest
        assert [half.before for half in passed[:2]] == passed[1:]


class TestMissedTwice:
    def test_once_is_nothing_twice_is_a_call(self, ward: Ward, silent: QuarantineOrder) -> None:
        assert keep_up(ward.town.worker, at=at(19.99)) == 0
        assert keep_up(ward.town.worker, at=at(20)) == 1
        assert follow_ups(silent) == [("CALL", None)]
        call = open_one(silent, "CALL")
        assert (call.since_day, call.since_half, call.due_at, call.jurisdiction) == (
            TODAY, "MORNING", at(22), silent.jurisdiction,
        )  # fmt: skip
        assert AuditEntry.objects.using("owner").filter(act="FOLLOW_UP_ASKED").count() == 1

    def test_again_and_again_it_asks_for_nothing_more(self, ward: Ward, silent: QuarantineOrder) -> None:
        for minutes in range(3):
            keep_up(ward.town.worker, at=at(20) + minutes * MINUTE)
        assert follow_ups(silent) == [("CALL", None)]

    @pytest.mark.parametrize("which", ["MORNING", "EVENING"])
    def test_whoever_reported_one_of_the_two_is_not_called(
        self, ward: Ward, silent: QuarantineOrder, which: str
    ) -> None:
        reported(silent, TODAY, which)
        assert keep_up(ward.town.worker, at=at(20)) == 0

    def test_what_could_not_be_read_is_no_report(self, ward: Ward, silent: QuarantineOrder) -> None:
        reported(silent, TODAY, "EVENING", "NOT_READ")
        assert keep_up(ward.town.worker, at=at(20)) == 1

    def test_a_report_of_now_makes_good_what_was_missed_while_nobody_looked(
        self, ward: Ward, silent: QuarantineOrder
    ) -> None:
        reported(silent, TODAY + DAY, "MORNING")
        assert keep_up(ward.town.worker, at=at(9, TODAY + DAY)) == 0

    def test_nothing_of_before_he_was_in_place_is_missed(self, ward: Ward) -> None:
        ward.in_place(at=at(10))
        assert keep_up(ward.town.worker, at=at(20)) == 0
        assert keep_up(ward.town.worker, at=at(10, TODAY + DAY)) == 1

    def test_who_left_or_whose_days_are_over_is_not_called(self, ward: Ward, silent: QuarantineOrder) -> None:
        over = ward.in_place(at=at(8), days=1)
        report_broken(by=ward.desk, at=at(19), id=uuid7(), order=silent.id)
        keep_up(ward.town.worker, at=at(0.5, TODAY + 2 * DAY))
        assert (follow_ups(silent), follow_ups(over)) == ([], [])

    def test_a_third_time_somebody_goes_and_the_call_is_needed_no_more(
        self, ward: Ward, silent: QuarantineOrder
    ) -> None:
        keep_up(ward.town.worker, at=at(20))
        come_of(ward, open_one(silent, "CALL"), "WELL", at(20.5))
        assert keep_up(ward.town.worker, at=at(10, TODAY + DAY)) == 0, "he was spoken to in between"
        other = ward.in_place(at=at(8, TODAY + DAY))
        keep_up(ward.town.worker, at=at(20, TODAY + DAY))
        assert follow_ups(other) == [("CALL", None)]
        keep_up(ward.town.worker, at=at(10, TODAY + 2 * DAY))
        assert follow_ups(other) == [("CALL", "OVERTAKEN"), ("VISIT", None)]

    @pytest.mark.parametrize("outcome", ["NO_ANSWER", "NOT_THERE"])
    def test_telephoned_in_vain_somebody_goes(
        self, ward: Ward, silent: QuarantineOrder, outcome: str
    ) -> None:
        keep_up(ward.town.worker, at=at(20))
        come_of(ward, open_one(silent, "CALL"), outcome, at(20.5))
        for _ in range(2):
            keep_up(ward.town.worker, at=at(20.6))
        assert follow_ups(silent) == [("CALL", outcome), ("VISIT", None)]
        assert open_one(silent, "VISIT").due_at == at(9.6, TODAY + DAY)

    def test_nobody_telephoned_in_time_somebody_goes(self, ward: Ward, silent: QuarantineOrder) -> None:
        keep_up(ward.town.worker, at=at(20))
        assert keep_up(ward.town.worker, at=at(22) - MINUTE) == 0
        assert keep_up(ward.town.worker, at=at(22)) == 1
        assert follow_ups(silent) == [("CALL", "OVERTAKEN"), ("VISIT", None)]

    def test_nobody_went_and_the_unit_is_asked_about_once(self, ward: Ward, silent: QuarantineOrder) -> None:
        keep_up(ward.town.worker, at=at(20))
        keep_up(ward.town.worker, at=at(22))
        visit = open_one(silent, "VISIT")
        keep_up(ward.town.worker, at=visit.due_at - MINUTE)
        assert open_one(silent, "VISIT").supervised_at is None
        for minutes in range(2):
            keep_up(ward.town.worker, at=visit.due_at + minutes * MINUTE)
        assert open_one(silent, "VISIT").supervised_at == visit.due_at
        acts = AuditEntry.objects.using("owner").filter(act="SUPERVISION_ASKED")
        assert acts.count() == 1

    def test_found_at_the_door_he_is_left_in_peace_until_he_misses_two_more(
        self, ward: Ward, silent: QuarantineOrder
    ) -> None:
        keep_up(ward.town.worker, at=at(20))
        keep_up(ward.town.worker, at=at(22))
        come_of(ward, open_one(silent, "VISIT"), "WELL", at(9, TODAY + DAY))
        assert keep_up(ward.town.worker, at=at(10, TODAY + DAY)) == 0
        assert keep_up(ward.town.worker, at=at(20, TODAY + DAY)) == 1
        assert follow_ups(silent)[-1] == ("CALL", None)

    def test_not_found_at_the_door_nobody_calls_him_gone_but_somebody_goes_again(
        self, ward: Ward, silent: QuarantineOrder
    ) -> None:
        keep_up(ward.town.worker, at=at(20))
        keep_up(ward.town.worker, at=at(22))
        come_of(ward, open_one(silent, "VISIT"), "NOT_THERE", at(9, TODAY + DAY))
        assert keep_up(ward.town.worker, at=at(9.5, TODAY + DAY)) == 0
        assert ward.again(silent).state == "IN_PLACE"
        assert keep_up(ward.town.worker, at=at(10, TODAY + DAY)) == 1
        assert follow_ups(silent)[-1] == ("VISIT", None)

    @pytest.mark.parametrize("hours", [20.5, 23])
    def test_a_report_that_comes_meanwhile_ends_the_asking(
        self, ward: Ward, silent: QuarantineOrder, hours: float
    ) -> None:
        keep_up(ward.town.worker, at=at(20))
        if hours > 22:
            keep_up(ward.town.worker, at=at(22))
        reported(silent, TODAY, "EVENING", at=at(hours))
        for _ in range(2):
            assert keep_up(ward.town.worker, at=at(hours) + MINUTE) == 0
        assert {outcome for _, outcome in follow_ups(silent)} == {"OVERTAKEN"}

    def test_with_the_order_ends_what_is_open_of_it(self, ward: Ward, silent: QuarantineOrder) -> None:
        reported(silent, TODAY, "MORNING", "SYMPTOMATIC")
        keep_up(ward.town.worker, at=at(10))
        QuarantineOrder.objects.using("owner").filter(pk=silent.pk).update(state="LIFTED", ended_at=at(11))
        keep_up(ward.town.worker, at=at(11))
        assert follow_ups(silent) == [("CLINIC", "OVERTAKEN")]

    def test_what_is_open_goes_where_he_goes(self, ward: Ward, silent: QuarantineOrder) -> None:
        keep_up(ward.town.worker, at=at(20))
        there = int(OTHER_GRID.ljust(18, "0"))
        QuarantineOrder.objects.using("owner").filter(pk=silent.pk).update(jurisdiction=there)
        keep_up(ward.town.worker, at=at(20.1))
        assert open_one(silent, "CALL").jurisdiction == there


class TestFever:
    def test_a_report_of_an_ill_person_asks_for_a_clinic_by_night_too(
        self, ward: Ward, silent: QuarantineOrder
    ) -> None:
        reported(silent, TODAY, "EVENING", "SYMPTOMATIC", at=at(23))
        assert keep_up(ward.town.worker, at=at(23)) == 1
        clinic = open_one(silent, "CLINIC")
        assert (clinic.since_half, clinic.due_at) == ("EVENING", at(0, TODAY + DAY))
        reported(silent, TODAY, "EVENING", "SYMPTOMATIC", at=at(23.2))
        assert keep_up(ward.town.worker, at=at(23.5)) == 0

    def test_it_stays_open_until_it_is_answered_whatever_he_reports(
        self, ward: Ward, silent: QuarantineOrder
    ) -> None:
        reported(silent, TODAY, "MORNING", "SYMPTOMATIC", at=at(9))
        keep_up(ward.town.worker, at=at(9))
        reported(silent, TODAY, "EVENING", "WELL", at=at(15))
        keep_up(ward.town.worker, at=at(15.5))
        assert follow_ups(silent) == [("CLINIC", None)]

    def test_answered_it_is_asked_for_again_only_by_a_new_report(
        self, ward: Ward, silent: QuarantineOrder
    ) -> None:
        reported(silent, TODAY, "MORNING", "SYMPTOMATIC", at=at(8.5))
        keep_up(ward.town.worker, at=at(8.5))
        reported(silent, TODAY, "MORNING", "SYMPTOMATIC", at=at(9))
        come_of(ward, open_one(silent, "CLINIC"), "NOT_ILL", at(10))
        assert keep_up(ward.town.worker, at=at(10.1)) == 0
        reported(silent, TODAY, "EVENING", "SYMPTOMATIC", at=at(15))
        assert keep_up(ward.town.worker, at=at(15)) == 1
        assert follow_ups(silent) == [("CLINIC", "NOT_ILL"), ("CLINIC", None)]

    @pytest.mark.parametrize("kind", ["CALL", "VISIT"])
    def test_whoever_is_unwell_at_the_telephone_or_the_door_goes_to_a_clinic_at_once(
        self, ward: Ward, silent: QuarantineOrder, kind: str
    ) -> None:
        keep_up(ward.town.worker, at=at(20))
        if kind == "VISIT":
            keep_up(ward.town.worker, at=at(22))
        come_of(ward, open_one(silent, kind), "UNWELL", at(22.5))
        assert open_one(silent, "CLINIC").due_at == at(23.5)
        assert keep_up(ward.town.worker, at=at(22.6)) == 0


class TestAnswering:
    @pytest.fixture
    def call(self, ward: Ward, silent: QuarantineOrder) -> FollowUp:
        keep_up(ward.town.worker, at=at(20))
        return open_one(silent, "CALL")

    def test_the_same_answer_again_is_once(self, ward: Ward, call: FollowUp) -> None:
        assert come_of(ward, call, "WELL", at(20.2)) == FollowedUp("WELL")
        assert come_of(ward, call, "WELL", at(20.3)) == FollowedUp("WELL", repeated=True)
        assert AuditEntry.objects.using("owner").filter(act="FOLLOW_UP_CLOSED").count() == 1

    def test_another_answer_of_a_desk_is_refused(self, ward: Ward, call: FollowUp) -> None:
        come_of(ward, call, "WELL", at(20.2))
        with pytest.raises(Refusal, match="Somebody has answered"):
            come_of(ward, call, "NO_ANSWER", at(20.3))

    def test_who_is_at_the_clinic_stays_on_the_list_until_there_is_a_result(
        self, ward: Ward, call: FollowUp
    ) -> None:
        come_of(ward, call, "UNWELL", at(20.2))
        clinic = FollowUp.objects.using("owner").get(order_id=call.order_id, kind="CLINIC")
        assert come_of(ward, clinic, "AT_CLINIC", at(21)) == FollowedUp("AT_CLINIC")
        assert come_of(ward, clinic, "AT_CLINIC", at(21.5)) == FollowedUp("AT_CLINIC", repeated=True)
        there = FollowUp.objects.using("owner").get(pk=clinic.pk)
        assert (there.closed_at, there.outcome, there.occurred_at) == (None, None, at(21))
        assert come_of(ward, clinic, "NOT_ILL", at(22)) == FollowedUp("NOT_ILL")
        assert FollowUp.objects.using("owner").get(pk=clinic.pk).closed_at == at(22)

    @pytest.mark.parametrize("outcome", ["AT_CLINIC", "OVERTAKEN", "", "well"])
    def test_only_what_may_come_of_a_call_comes_of_it(self, ward: Ward, call: FollowUp, outcome: str) -> None:
        with pytest.raises(Refusal, match="Choose how it ended"):
            come_of(ward, call, outcome, at(20.2))

    def test_a_stranger_and_another_grid_find_nothing(self, ward: Ward, call: FollowUp) -> None:
        for by in (ward.town.stranger, ward.phone(OTHER_GRID, at=at(20))):
            with pytest.raises((NotFound, Forbidden)):
                come_of(ward, call, "WELL", at(20.2), by)

    def test_a_grid_workers_visit_is_kept_though_a_report_came_while_he_went(
        self, ward: Ward, silent: QuarantineOrder, call: FollowUp
    ) -> None:
        keep_up(ward.town.worker, at=at(22))
        visit = open_one(silent, "VISIT")
        reported(silent, TODAY, "EVENING", at=at(22.1))
        keep_up(ward.town.worker, at=at(22.2))
        assert come_of(ward, visit, "UNWELL", at(22.5), ward.phone(GRID, at=at(22))) == FollowedUp("UNWELL")
        assert follow_ups(silent) == [("CALL", "OVERTAKEN"), ("VISIT", "UNWELL"), ("CLINIC", None)]

    def test_a_grid_worker_who_comes_after_another_answer_changes_nothing(
        self, ward: Ward, call: FollowUp
    ) -> None:
        come_of(ward, call, "NO_ANSWER", at(20.2))
        late = come_of(ward, call, "WELL", at(20.5), ward.phone(GRID, at=at(20)))
        assert late == FollowedUp("NO_ANSWER", late=True)

    def test_what_is_written_beside_it_is_sealed(self, ward: Ward, call: FollowUp) -> None:
        come_of(ward, call, "NO_ANSWER", at(20.2), written=WrittenBeside("手机关机"))
        row = FollowUp.objects.using("owner").get(pk=call.pk)
        assert b"\xe6\x89\x8b" not in bytes(row.sealed)
        told = opened(WrittenBeside, id=row.id, at=row.closed_at, wrapped=row.wrapped_key, blob=row.sealed)
        assert told == WrittenBeside("手机关机")
