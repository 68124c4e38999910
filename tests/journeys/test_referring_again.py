"""Handing over, once more: records corrected after a desk acted, decisions that come late, a city restored elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.db.utils import DatabaseError

from lianfang.checkpoints.opening import Standing, State
from lianfang.command.services import Official, assign_responsible
from lianfang.journeys.referring import refer_all
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.people.facts import PersonTold
from lianfang.people.models import Person
from lianfang.people.opening import open_person
from lianfang.people.services import amend, merge
from lianfang.referrals import queries
from lianfang.referrals.models import Referral, WaitingFact
from lianfang.referrals.services import ReferralNote, move_on, place, withdraw
from lianfang.situation.rebuild import raise_transaction_numbers
from tests import factories
from tests.command.answerable import register_places
from tests.factories import HAICHENG, XIUYAN
from tests.journeys.conftest import NOW, TODAY, Gate, Rules
from tests.journeys.test_referring import DAY, HOUR, HUBEI, OTHER, VILLAGE, all_referrals, kinds, referred

FEVER: dict[str, Any] = {"temperatures": [{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}]}
CITY, NEXT_COUNTY, THIRD = "210300", "210323101200", "210381104"


def desk(division: str = HAICHENG) -> Reach:
    return factories.officer("COUNTY_DESK", division)


def correct(gate: Gate, one: Referral, fields: dict[str, Any], *, hours: int = 1) -> Referral:
    gate.correct(str(one.registration_id), fields)
    refer_all(gate.worker, at=NOW + hours * HOUR)
    return Referral.objects.using("owner").get(pk=one.pk)


def only_notified(**states: Any) -> None:
    """As if the gate had asked for less: what the record says is more than that, once it is looked at again."""
    fewer = {
        "measures": ["NOTIFY_GRID"],
        "details": [{"kind": "NOTIFY_GRID", "row": "N1", "rule_set": "r" * 64}],
    }
    Referral.objects.using("owner").update(**fewer, urgent=False, **states)


class TestARecordThatIsCorrected:
    def test_another_address_takes_nobody_from_where_a_desk_placed_him(self, gate: Gate) -> None:
        one = correct(gate, referred(gate), {"destination": {"code": OTHER}})
        with reach(desk()) as by:
            place(by=by, at=NOW + HOUR, id=uuid7(), referral=one.id, destination=THIRD, city=CITY)
        assert correct(gate, one, {"phone": "13900000001"}, hours=2).destination == THIRD

    def test_the_new_place_is_asked_whether_anybody_answers_there(self, gate: Gate) -> None:
        register_places()
        village, next_one = "210381101200", "210381101201"
        for division in (HAICHENG, village):
            assign_responsible(
                by=desk(), at=NOW - DAY, division=division, kind="PRINCIPAL", acknowledged=True,
                official=Official("王书记", "书记", "0412-3220120"),
            )  # fmt: skip
        one = referred(gate, destination={"code": village})
        assert not one.vacant
        now = correct(gate, one, {"destination": {"code": next_one}})
        assert (now.vacant, now.due_at) == (True, NOW + HOUR)

    def test_who_had_left_and_had_not_is_handed_over_again(self, gate: Gate) -> None:
        one = referred(gate)
        gate.correct(gate.passage, {"direction": "OUT"})
        refer_all(gate.worker, at=NOW + HOUR)
        gate.correct(gate.passage, {"direction": "IN"}, on=TODAY)
        refer_all(gate.worker, at=NOW + 2 * HOUR)
        (now,) = all_referrals()
        assert (now.state, now.settled_at, now.due_at) == ("SENT", None, NOW + 4 * HOUR)
        assert kinds(one) == ["SENT", "WITHDRAWN", "SENT"]

    def test_whom_an_officer_withdrew_stays_so_when_nothing_more_is_asked_of_him(self, gate: Gate) -> None:
        one = referred(gate)
        with reach(desk()) as by:
            withdraw(by=by, at=NOW, id=uuid7(), referral=one.id, written=ReferralNote("重复登记"))
        assert correct(gate, one, {"phone": "13900000001"}).state == "WITHDRAWN"

    def test_whom_only_a_later_decision_called_for_leaves_like_the_others(
        self, gate: Gate, rules: Rules
    ) -> None:
        gate.register({"from_code": "330300", "destination": {"code": VILLAGE}}, on=TODAY - 2 * DAY)
        rules.add_area()
        gate.carry_out(gate.numbers())
        refer_all(gate.worker, at=NOW)
        gate.correct(gate.passage, {"direction": "OUT"})
        refer_all(gate.worker, at=NOW + HOUR)
        assert [one.state for one in all_referrals()] == ["WITHDRAWN"]

    def test_what_cannot_be_read_just_now_loses_nobody(
        self, gate: Gate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreadable(row: Any, corrections: Sequence[Any]) -> Standing[Any]:
            return Standing(row, State.UNREADABLE, {}, {}, corrected=False)

        monkeypatch.setattr("lianfang.journeys.referring.reading.standing", unreadable)
        one = referred(gate)
        assert (one.state, one.measures, one.jurisdiction) == ("SENT", ["QUARANTINE"], span(VILLAGE)[0])


class TestALaterDecision:
    def test_who_is_late_stays_late_though_he_may_not_wait_now(self, gate: Gate) -> None:
        one = referred(gate)
        only_notified(due_at=NOW, county_due_at=NOW + HOUR, city_due_at=NOW + 9 * HOUR)
        now = correct(gate, one, {"phone": "13900000001"})
        assert now.urgent
        assert (now.due_at, now.county_due_at, now.city_due_at) == (NOW, NOW + HOUR, NOW + 7 * HOUR)

    @pytest.mark.parametrize("state", ["ACCEPTED", "ARRIVED"])
    def test_whoever_was_found_is_handed_over_again_for_what_is_new(self, gate: Gate, state: str) -> None:
        one = referred(gate)
        only_notified(state=state, accepted_at=NOW, settled_at=NOW if state == "ARRIVED" else None)
        now = correct(gate, one, {"phone": "13900000001"})
        assert (now.state, now.accepted_at, now.settled_at) == ("SENT", None, None)
        assert (now.due_at, now.destination) == (NOW + 3 * HOUR, VILLAGE)
        assert kinds(one) == ["SENT", "ADDED", "SENT"]

    def test_more_is_asked_of_whom_an_officer_withdrew(self, gate: Gate) -> None:
        one = referred(gate)
        only_notified(state="WITHDRAWN", settled_at=NOW)
        assert correct(gate, one, {"phone": "13900000001"}).state == "SENT"


class TestWhatWaits:
    @pytest.fixture(autouse=True)
    def _two_counties(self, gate: Gate) -> None:
        factories.checkpoint("OTHER", division=XIUYAN)

    def lists(self) -> tuple[int, int]:
        """How many wait here, and in the next county."""
        found = []
        for division in (HAICHENG, XIUYAN):
            with reach(desk(division)) as by:
                found.append(queries.count_waiting(by))
        return found[0], found[1]

    def test_goes_where_he_is_placed(self, gate: Gate) -> None:
        one = referred(gate, **FEVER)
        with reach(desk()) as by:
            place(by=by, at=NOW, id=uuid7(), referral=one.id, destination=NEXT_COUNTY, city=CITY)
        assert self.lists() == (0, 1)

    def test_goes_on_with_him(self, gate: Gate) -> None:
        one = referred(gate, **FEVER)
        with reach(desk()) as by:
            move_on(by=by, at=NOW, id=uuid7(), referral=one.id, destination=NEXT_COUNTY, city=CITY)
        assert self.lists() == (0, 1)
        assert WaitingFact.objects.using("owner").get().referral_id != one.id

    def test_follows_a_corrected_address(self, gate: Gate) -> None:
        correct(gate, referred(gate, **FEVER), {"destination": {"code": NEXT_COUNTY}})
        assert self.lists() == (0, 1)

    def test_ends_when_he_is_withdrawn(self, gate: Gate) -> None:
        one = referred(gate, **FEVER)
        with reach(desk()) as by:
            withdraw(by=by, at=NOW, id=uuid7(), referral=one.id, written=ReferralNote("重复登记"))
        assert self.lists() == (0, 0)

    def test_begins_again_when_he_is_handed_over_after_all(self, gate: Gate) -> None:
        referred(gate, **FEVER)
        for direction, day in (("OUT", TODAY - DAY), ("IN", TODAY)):
            gate.correct(gate.passage, {"direction": direction}, on=day)
            refer_all(gate.worker, at=NOW + HOUR)
            assert self.lists() == ((1, 0) if direction == "IN" else (0, 0))


def test_restored_into_another_cluster_nobody_is_passed_over(gate: Gate) -> None:
    referred(gate)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE referral_position SET next_tx = next_tx + 1000")  # numbers begin lower here
    assert raise_transaction_numbers() > 0
    ids = gate.register(HUBEI, on=TODAY - DAY)
    refer_all(gate.worker, at=NOW)
    assert set(ids) <= {str(one.registration_id) for one in all_referrals()}
    assert raise_transaction_numbers() == 0


class TestWhoseFileIsRead:
    """By PostgreSQL, whatever a program forgets: a referral lets its places read a person's file."""

    def made_up(self, person: UUID, at: datetime = NOW) -> Referral:
        code = span(XIUYAN)[0]
        return Referral(
            id=uuid7(), registration_id=uuid7(), passage_id=uuid7(), person_id=person, because="ARRIVAL", measures=[],
            details=[], origin=code, jurisdiction=code, outside=False, urgent=False, vacant=False, captured_on=TODAY,
            sent_at=at, due_at=at, county_due_at=at, city_due_at=at, state="SENT",
        )  # fmt: skip

    def test_nobody_makes_a_referral_up_to_read_it(self, gate: Gate) -> None:
        one = referred(gate)
        assert one.person_id is not None
        with reach(desk(XIUYAN)):
            assert not Person.objects.filter(pk=one.person_id).exists()
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                self.made_up(one.person_id).save(force_insert=True)

    def test_nobody_makes_his_own_referral_be_about_somebody_else(self, gate: Gate) -> None:
        one = referred(gate)
        with (
            reach(desk()),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            Referral.objects.filter(pk=one.pk).update(person_id=uuid7())


class TestHisFile:
    """Whoever stands at a door has the address and the telephone of this arrival, not of an earlier one."""

    def facts(self, one: Referral) -> PersonTold:
        return open_person(Person.objects.using("owner").get(pk=one.person_id)).facts

    def test_what_is_corrected_in_the_record_is_corrected_in_it(self, gate: Gate) -> None:
        one = referred(gate)
        before = self.facts(one)
        correct(gate, one, {"destination": {"code": OTHER, "address": "西街9号"}, "phone": "13900000001"})
        facts = self.facts(one)
        assert (facts.address, facts.phone, facts.name) == ("西街9号", "13900000001", before.name)
        assert facts.earlier[-1].before == {"address": before.address, "phone": before.phone}

    def test_whoever_comes_again_is_looked_for_where_he_says_now(self, gate: Gate) -> None:
        document = {"type": "RESIDENT_ID", "number": factories.Generated(7).resident_id()}
        first = referred(gate, document=document)
        again = referred(
            gate, document=document, phone="13900000001", destination={"code": OTHER, "address": "西街9号"}
        )
        assert again.person_id == first.person_id
        facts = self.facts(again)
        assert (facts.address, facts.phone) == ("西街9号", "13900000001")
        # An earlier record's other field does not bring its old address back.
        correct(gate, first, {"name": "王小明"})
        facts = self.facts(again)
        assert (facts.name, facts.address) == ("王小明", "西街9号")

    def test_a_desk_that_amended_it_knows_better_than_what_was_said_before(self, gate: Gate) -> None:
        one = referred(gate)
        assert one.person_id is not None
        amend(by=desk(), at=NOW, id=one.person_id, fields={"phone": "13900009999"}, reason="电话里问到")
        correct(gate, one, {"phone": "13900000001"})  # written at the gate the day before
        assert self.facts(one).phone == "13900009999"

    def test_a_file_that_was_joined_with_another_hinders_nobody(self, gate: Gate) -> None:
        one, other = referred(gate), referred(gate)
        assert one.person_id is not None
        assert other.person_id is not None
        merge(by=desk(), at=NOW, kept=one.person_id, merged=other.person_id, reason="同一人")
        now = correct(gate, other, {"phone": "13900000001", "destination": {"code": OTHER}})
        assert now.destination == OTHER


class TestArrivalsOfLongAgo:
    """What stood in the city before it was upgraded: nobody is called for whose days are over."""

    def test_whoever_came_when_his_days_are_over_by_now_is_handed_over_to_nobody(self, gate: Gate) -> None:
        gate.register(HUBEI, on=TODAY - 40 * DAY)
        (within,) = gate.register(HUBEI, on=TODAY - 13 * DAY)
        refer_all(gate.worker, at=NOW)
        assert [str(one.registration_id) for one in all_referrals()] == [within]

    def test_a_telephone_whose_clock_is_slow_makes_nobodys_days_over(self, gate: Gate) -> None:
        gate.register(HUBEI, on=TODAY - 40 * DAY, received=NOW - HOUR)
        refer_all(gate.worker, at=NOW)
        assert len(all_referrals()) == 1
