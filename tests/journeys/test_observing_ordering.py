"""Ordering: whoever a rule puts under observation has one order, and it goes where he goes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lianfang.journeys.observing import order_all, order_when_due, ordering
from lianfang.journeys.observing.keeping_up import keep_up
from lianfang.journeys.referring import refer_all
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.people.services import merge
from lianfang.quarantine.models import (
    CareNeed,
    CheckIn,
    CheckInLink,
    FollowUp,
    OrderEvent,
    QuarantineOrder,
    QuarantineReason,
)
from lianfang.quarantine.services import (
    CareAnswers,
    CareTold,
    OrderReason,
    add_reason,
    answer_care,
    close_follow_up,
    order,
    put_in_place,
    take_back_reason,
)
from lianfang.referrals.models import Referral
from lianfang.referrals.services import ReferralNote, answer, move_on, place, withdraw, write_letter
from tests import factories
from tests.factories import HAICHENG
from tests.journeys.conftest import DAY, NOW, TODAY, Gate, Rules
from tests.journeys.test_referring import ELSEWHERE, HUBEI, OTHER, VILLAGE, decided_later, referred
from tests.quarantine.ward import GRANDSON, NOBODY_DEPENDS, WHY

HOUR = timedelta(hours=1)
GRID = f"{VILLAGE}001"
CITY = "210300"
FAMILY = CareAnswers(needed={**GRANDSON.needed, "MEDICINE": CareTold("降压药", "邻居王婶", "13900000001")})
AT_A_FACILITY = {"kind": "QUARANTINE", "row": "close-contact", "place": "FACILITY", "days": 21}


def ordered(gate: Gate, *, at: datetime = NOW, **person: Any) -> tuple[Referral, QuarantineOrder]:
    """Somebody from Hubei, who came yesterday, and his order."""
    one = referred(gate, **person)
    order_when_due(gate.worker, at)
    return one, order_of(one)


def order_of(one: Referral) -> QuarantineOrder:
    return QuarantineOrder.objects.using("owner").get(person_id=one.person_id)


def orders() -> list[QuarantineOrder]:
    return list(QuarantineOrder.objects.using("owner").order_by("ordered_at", "id"))


def done(one: QuarantineOrder) -> list[str]:
    events = OrderEvent.objects.using("owner").filter(order_id=one.id).order_by("received_at", "id")
    return list(events.values_list("kind", flat=True))


def reasons(one: QuarantineOrder) -> list[tuple[str | None, int]]:
    found = QuarantineReason.objects.using("owner").filter(order_id=one.id).order_by("added_at", "days")
    return list(found.values_list("rule_row", "days"))


@pytest.fixture
def desk(gate: Gate) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG)


class TestAnOrderIsMade:
    def test_from_the_referral_with_the_rule_that_asks_for_it(self, gate: Gate) -> None:
        one, made = ordered(gate)
        assert (made.state, made.kind, made.division, made.jurisdiction) == (
            "ORDERED",
            "HOME",
            VILLAGE,
            one.jurisdiction,
        )
        assert (made.day0_on, made.last_on) == (TODAY - DAY, TODAY + 13 * DAY)
        (why,) = QuarantineReason.objects.using("owner").filter(order_id=made.id)
        first = next(detail for detail in one.details if detail["kind"] == "QUARANTINE")
        assert (why.kind, why.reference, why.rule_set, why.rule_row, why.days) == (
            "RULE", one.id, first["rule_set"], first["row"], 14,
        )  # fmt: skip
        assert done(made) == ["ORDERED"]
        assert made.number > 0

    def test_once_however_often_the_clock_comes_round(self, gate: Gate) -> None:
        _, made = ordered(gate)
        for hours in (0, 1, 5):
            order_when_due(gate.worker, NOW + hours * HOUR)
            order_all(gate.worker, NOW + hours * HOUR)
        assert [one.id for one in orders()] == [made.id]
        assert done(made) == ["ORDERED"]

    def test_arriving_at_the_door_does_not_put_him_in_place(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        with reach(desk) as by:
            answer(by=by, at=NOW, id=uuid7(), referral=one.id, kind="ARRIVED")
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).state == "ORDERED"
        assert order_of(one).id == made.id

    def test_a_family_has_an_order_each_in_one_turn_and_one_line_of_the_log(self, gate: Gate) -> None:
        gate.register(HUBEI, HUBEI, HUBEI, on=TODAY - DAY)
        refer_all(gate.worker, at=NOW)
        order_when_due(gate.worker, NOW)
        made = orders()
        assert len({one.person_id for one in made}) == len({one.number for one in made}) == 3
        (entry,) = AuditEntry.objects.using("owner").filter(act="QUARANTINE_ORDERED")
        assert entry.count == 3

    def test_whoever_needs_no_quarantine_has_none(self, gate: Gate, rules: Rules) -> None:
        gate.register({"from_code": "210100"})
        (clinic,) = gate.register({"temperatures": [{"celsius": 38.6, "site": "FOREHEAD", "state": "READ"}]})
        refer_all(gate.worker, at=NOW)
        order_when_due(gate.worker, NOW)
        assert "QUARANTINE" not in Referral.objects.using("owner").get(registration_id=clinic).measures
        assert orders() == []

    def test_headed_beyond_the_city_it_is_theirs_to_order(self, gate: Gate) -> None:
        one = referred(gate, destination={"code": "420100", "address": "东区"})
        assert one.outside
        order_when_due(gate.worker, NOW)
        assert orders() == []

    def test_days_that_are_over_make_no_order(self, gate: Gate) -> None:
        referred(gate)
        order_all(gate.worker, NOW + 20 * DAY)
        assert orders() == []

    def test_what_was_missed_while_no_worker_ran_is_found_when_one_begins(self, gate: Gate) -> None:
        one = referred(gate)
        order_when_due(gate.worker, NOW + 6 * HOUR)
        assert orders() == []
        order_all(gate.worker, NOW + 6 * HOUR)
        assert order_of(one).day0_on == TODAY - DAY

    def test_slices_lose_nobody(self, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ordering, "AT_ONCE", 2)
        gate.register(*[HUBEI] * 5, on=TODAY - DAY)
        refer_all(gate.worker, at=NOW)
        order_all(gate.worker, NOW)
        assert len(orders()) == 5

    def test_withdrawn_before_anybody_looked_nobody_is_ordered(self, gate: Gate, desk: Reach) -> None:
        one = referred(gate)
        with reach(desk) as by:
            withdraw(by=by, at=NOW, id=uuid7(), referral=one.id, written=ReferralNote("未入城"))
        order_when_due(gate.worker, NOW)
        assert orders() == []


class TestOneOrderAndManyReasons:
    def test_the_longest_days_and_the_facility_win(self, gate: Gate) -> None:
        one = referred(gate)
        decided_later(one.registration_id, AT_A_FACILITY)
        refer_all(gate.worker, at=NOW)
        order_when_due(gate.worker, NOW)
        made = order_of(one)
        assert (made.kind, made.last_on) == ("FACILITY", TODAY + 20 * DAY)
        assert [days for _, days in reasons(made)] == [14, 21]
        assert done(made) == ["ORDERED"]

    def test_a_later_decision_makes_it_longer_and_moves_nobody_who_is_in_place(
        self, gate: Gate, desk: Reach
    ) -> None:
        one, made = ordered(gate)
        put_in_place(by=desk, at=NOW, id=uuid7(), order=made.id, answers=NOBODY_DEPENDS)
        decided_later(one.registration_id, AT_A_FACILITY)
        refer_all(gate.worker, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        stands = order_of(one)
        assert (stands.id, stands.kind, stands.state) == (made.id, "HOME", "IN_PLACE")
        assert stands.last_on == TODAY + 20 * DAY
        assert done(stands) == ["ORDERED", "IN_PLACE", "REASON_ADDED"]
        last = OrderEvent.objects.using("owner").filter(kind="REASON_ADDED").get()
        assert last.details["kind"] == "FACILITY"

    def test_after_a_wrong_reason_was_taken_back_the_next_one_says_how_long(
        self, gate: Gate, desk: Reach
    ) -> None:
        one = referred(gate)
        assert one.person_id
        made = order(
            by=desk, at=NOW, id=uuid7(), person=one.person_id, division=VILLAGE, why=OrderReason("OFFICER", TODAY, 28)
        )  # fmt: skip
        (wrong,) = QuarantineReason.objects.using("owner").filter(order_id=made.id)
        take_back_reason(by=desk, at=NOW, id=uuid7(), reason=wrong.id, written=WHY)
        order_when_due(gate.worker, NOW + HOUR)
        stands = order_of(one)
        assert (stands.id, stands.day0_on, stands.last_on) == (made.id, TODAY - DAY, TODAY + 13 * DAY)

    def test_coming_again_is_a_further_reason(self, gate: Gate) -> None:
        said = {
            **HUBEI,
            "name": "王小明",
            "document": {"type": "RESIDENT_ID", "number": "210381198503026010"},
        }
        first = referred(gate, **said)
        order_when_due(gate.worker, NOW)
        gate.register(said, on=TODAY)
        refer_all(gate.worker, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        (made,) = orders()
        assert len(reasons(made)) == 2
        assert (made.person_id, made.last_on) == (first.person_id, TODAY + 14 * DAY)

    def test_two_files_of_one_person_have_one_order(self, gate: Gate, desk: Reach) -> None:
        first, second = referred(gate), referred(gate)
        assert first.person_id
        assert second.person_id
        merge(by=desk, at=NOW, kept=first.person_id, merged=second.person_id, reason="同一人")
        order_when_due(gate.worker, NOW)
        (made,) = orders()
        assert made.person_id == first.person_id
        assert len(reasons(made)) == 2

    def test_merged_after_the_order_was_made_it_stands_for_the_kept_file_too(
        self, gate: Gate, desk: Reach
    ) -> None:
        first, made = ordered(gate)
        second = referred(gate)
        assert first.person_id
        assert second.person_id
        merge(by=desk, at=NOW, kept=second.person_id, merged=first.person_id, reason="同一人")
        order_when_due(gate.worker, NOW + HOUR)
        assert [one.id for one in orders()] == [made.id]
        assert len(reasons(made)) == 2


class TestTheOrderFollows:
    def test_to_another_village_with_all_that_hangs_on_it(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        put_in_place(by=desk, at=NOW, id=uuid7(), order=made.id, answers=GRANDSON)
        hang(made)
        to(desk, one, OTHER, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        stands = order_of(one)
        assert (stands.id, stands.division, stands.came_from) == (made.id, OTHER, made.jurisdiction)
        assert stands.state == "NOTIFIED"  # on the way until he is there
        for table in (CareNeed, FollowUp, CheckInLink):
            assert {row.jurisdiction for row in table.objects.using("owner").all()} == {
                stands.jurisdiction
            }, table
        event = OrderEvent.objects.using("owner").filter(kind="TRANSFERRED").get()
        assert (event.details["from"], event.details["to"]) == (VILLAGE, OTHER)
        # Her grandson stays behind, perhaps: who sees to him is asked anew, by name.
        need = CareNeed.objects.using("owner").get()
        assert (stands.dependants, need.has_carer, need.settled_at) == (None, False, None)

    def test_a_households_link_stays_with_who_stays_and_goes_along_with_the_last(
        self, gate: Gate, desk: Reach
    ) -> None:
        (one, first), (other, second) = ordered(gate), ordered(gate)
        shared = CheckInLink.objects.using("owner").create(
            token_hash=first.id.bytes, orders=[first.id, second.id], jurisdiction=first.jurisdiction, issued_at=NOW,
            expires_at=NOW + 30 * DAY,
        )  # fmt: skip
        to(desk, one, OTHER, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).jurisdiction != first.jurisdiction
        shared.refresh_from_db(using="owner")
        assert shared.jurisdiction == order_of(other).jurisdiction == second.jurisdiction
        to(desk, other, OTHER, at=NOW + 2 * HOUR)
        order_when_due(gate.worker, NOW + 2 * HOUR)
        shared.refresh_from_db(using="owner")
        assert shared.jurisdiction == order_of(one).jurisdiction == order_of(other).jurisdiction

    def test_moved_on_the_next_referral_brings_no_second_reason(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        with reach(desk) as by:
            answer(by=by, at=NOW, id=uuid7(), referral=one.id, kind="ARRIVED")
            move_on(by=by, at=NOW + HOUR, id=uuid7(), referral=one.id, destination=OTHER, city=CITY)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).division == OTHER
        assert len(reasons(made)) == 1
        assert done(made) == ["ORDERED", "TRANSFERRED"]

    def test_a_grid_of_the_same_village_is_no_move(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        put_in_place(by=desk, at=NOW, id=uuid7(), order=made.id, answers=NOBODY_DEPENDS)
        to(desk, one, GRID, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        stands = order_of(one)
        assert (stands.division, stands.state, stands.came_from) == (GRID, "IN_PLACE", None)
        to(desk, one, VILLAGE, at=NOW + 2 * HOUR)  # and the other way round nothing is forgotten
        order_when_due(gate.worker, NOW + 2 * HOUR)
        assert order_of(one).division == GRID

    def test_an_officer_who_moved_the_order_since_is_not_overruled(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        to(desk, one, OTHER, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        QuarantineOrder.objects.using("owner").filter(pk=made.id).update(
            division=ELSEWHERE, jurisdiction=int(ELSEWHERE) * 10**6
        )
        OrderEvent.objects.using("owner").filter(kind="TRANSFERRED").update(received_at=NOW + 2 * HOUR)
        order_when_due(gate.worker, NOW + 2 * HOUR)
        assert order_of(one).division == ELSEWHERE

    def test_taken_over_by_another_city_it_ends_here(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        hang(made)
        to(desk, one, "420100", at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).state == "ORDERED"  # until they say that they have him
        answer_letter(desk, one, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        ended = order_of(one)
        assert (ended.state, ended.ended_at) == ("HANDED_OVER", NOW + HOUR)
        assert FollowUp.objects.using("owner").get().outcome == "OVERTAKEN"
        assert CheckInLink.objects.using("owner").get().revoked_at == NOW + HOUR

    def test_what_he_needed_goes_with_him_and_who_depends_on_him_is_at_home_still(
        self, gate: Gate, desk: Reach
    ) -> None:
        one, made = ordered(gate)
        put_in_place(by=desk, at=NOW, id=uuid7(), order=made.id, answers=FAMILY)
        handed_over(desk, one, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).state == "HANDED_OVER"
        assert needs() == {"DEPENDANTS": None, "MEDICINE": NOW + HOUR}

    @pytest.mark.parametrize("ended", ["HANDED_OVER", "LIFTED"])
    def test_fever_stays_in_sight_until_the_clinic_has_answered(
        self, gate: Gate, desk: Reach, ended: str
    ) -> None:
        one, made = ordered(gate)
        clinic = hang(made, "CLINIC")
        if ended == "LIFTED":
            leave_out(desk, one, at=NOW + HOUR)
        else:
            handed_over(desk, one, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).state == "ORDERED"
        assert FollowUp.objects.using("owner").get().closed_at is None
        answered = NOW + 8 * HOUR  # long after anything was done about the referral
        close_follow_up(by=desk, at=answered, id=clinic, order=made.id, kind="CLINIC", outcome="NOT_ILL")
        order_when_due(gate.worker, answered)
        assert (order_of(one).state, order_of(one).ended_at) == (ended, answered)

    def test_fever_that_came_in_this_minute_stays_in_sight_before_anybody_asked_for_a_clinic(
        self, gate: Gate, desk: Reach
    ) -> None:
        one, made = ordered(gate)
        leave_out(desk, one, at=NOW + HOUR)
        said_ill(made, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        keep_up(gate.worker, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + 2 * HOUR)
        assert (order_of(one).state, FollowUp.objects.using("owner").get().kind) == ("ORDERED", "CLINIC")

    def test_back_from_another_city_he_has_a_new_one(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        handed_over(desk, one, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        to(desk, one, OTHER, at=NOW + 2 * HOUR)
        order_when_due(gate.worker, NOW + 2 * HOUR)
        first, second = orders()
        assert (first.id, first.state) == (made.id, "HANDED_OVER")
        assert (second.division, second.last_on) == (OTHER, made.last_on)

    def test_withdrawn_before_he_was_in_place_it_is_lifted(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        leave_out(desk, one, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).state == "LIFTED"
        assert done(made) == ["ORDERED", "LIFTED"]

    def test_lifted_nobody_is_asked_about_his_care_any_more(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        answer_care(by=desk, at=NOW, id=uuid7(), order=made.id, answers=FAMILY)
        leave_out(desk, one, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).state == "LIFTED"
        assert needs() == {"DEPENDANTS": NOW + HOUR, "MEDICINE": NOW + HOUR}

    def test_withdrawn_while_he_is_in_place_an_officer_says_what_becomes_of_it(
        self, gate: Gate, desk: Reach
    ) -> None:
        one, made = ordered(gate)
        put_in_place(by=desk, at=NOW, id=uuid7(), order=made.id, answers=NOBODY_DEPENDS)
        leave_out(desk, one, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).state == "IN_PLACE"

    def test_withdrawn_with_another_reason_it_stands(self, gate: Gate, desk: Reach) -> None:
        one, made = ordered(gate)
        add_reason(by=desk, at=NOW, id=uuid7(), order=made.id, why=OrderReason("CONTACT", TODAY))
        leave_out(desk, one, at=NOW + HOUR)
        order_when_due(gate.worker, NOW + HOUR)
        assert order_of(one).state == "ORDERED"

    def test_said_to_have_left_and_to_have_stayed_after_all_he_is_ordered_anew(self, gate: Gate) -> None:
        _one, made = ordered(gate)
        for hours, direction in enumerate(("OUT", "IN"), 1):
            gate.correct(gate.passage, {"direction": direction}, on=TODAY + hours * DAY)
            refer_all(gate.worker, at=NOW + hours * HOUR)
            order_when_due(gate.worker, NOW + hours * HOUR)
        first, second = orders()
        assert (first.id, first.state, second.state) == (made.id, "LIFTED", "ORDERED")


def to(desk: Reach, one: Referral, destination: str, *, at: datetime) -> None:
    with reach(desk) as by:
        place(by=by, at=at, id=uuid7(), referral=one.id, destination=destination, city=CITY)


def handed_over(desk: Reach, one: Referral, *, at: datetime) -> None:
    """Headed for Wuhan, which says that it has him."""
    to(desk, one, "420100", at=at)
    answer_letter(desk, one, at=at)


def answer_letter(desk: Reach, one: Referral, *, at: datetime) -> None:
    with reach(desk) as by:
        for kind in ("LETTER_SENT", "LETTER_ANSWERED"):
            write_letter(by=by, at=at, id=uuid7(), referral=one.id, kind=kind)


def said_ill(made: QuarantineOrder, *, at: datetime) -> None:
    CheckIn.objects.using("owner").create(
        order_id=made.id, on_day=TODAY, half="EVENING", symptoms=["FEVER"], by="SELF", verdict="SYMPTOMATIC", thresholds="t" * 64,
        occurred_at=at, received_at=at, jurisdiction=made.jurisdiction,
    )  # fmt: skip


def needs() -> dict[str, datetime | None]:
    """Kind → when it was settled."""
    return {one.kind: one.settled_at for one in CareNeed.objects.using("owner").all()}


def leave_out(desk: Reach, one: Referral, *, at: datetime) -> None:
    with reach(desk) as by:
        withdraw(by=by, at=at, id=uuid7(), referral=one.id, written=ReferralNote("登记时选错了去处"))


def hang(made: QuarantineOrder, kind: str = "CALL") -> UUID:
    """What is due, and a link. Answers the id of the first."""
    CheckInLink.objects.using("owner").create(
        token_hash=made.id.bytes, orders=[made.id], jurisdiction=made.jurisdiction, issued_at=NOW, expires_at=NOW + 30 * DAY,
    )  # fmt: skip
    return FollowUp.objects.using("owner").create(
        order_id=made.id, kind=kind, since_day=TODAY, since_half="MORNING", jurisdiction=made.jurisdiction,
        opened_at=NOW, due_at=NOW + HOUR,
    ).id  # fmt: skip
