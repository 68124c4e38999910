"""Handing over: who came with a measure that goes on is handed over once, wherever he is headed, and followed since."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from lianfang.command.models import RosterToken
from lianfang.command.queries.responsibility import answering_for
from lianfang.journeys.referring import refer_all
from lianfang.journeys.turning_back import decide_turn_back
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, grid_reach, reach
from lianfang.kernel.tokens import hashed
from lianfang.people.models import Person
from lianfang.people.opening import open_person
from lianfang.referrals.models import Referral, ReferralEvent, ReferralPosition, WaitingFact
from lianfang.referrals.services import ReferralNote, answer, place, withdraw
from lianfang.screening.book import AFFECTED_AREAS
from lianfang.situation.rebuild import raise_transaction_numbers
from tests import factories
from tests.doors.test_grid_roster_rescreened import _ASKED, _DECIDED
from tests.journeys.conftest import NOW, TODAY, Gate, Rules
from tests.kernel.test_audit_sealing import numbers_from  # noqa: F401 -- a fixture

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
VILLAGE, OTHER, ELSEWHERE = "210381101200", "210381112201", "210381101201"
HUBEI: dict[str, Any] = {"from_code": "420100", "destination": {"code": VILLAGE, "address": "东区3号楼"}}


def referred(gate: Gate, **person: Any) -> Referral:
    (id,) = gate.register({**HUBEI, **person}, on=TODAY - DAY)
    refer_all(gate.worker, at=NOW)
    return Referral.objects.using("owner").get(registration_id=id)


def all_referrals() -> list[Referral]:
    return list(Referral.objects.using("owner").order_by("sent_at", "id"))


def kinds(one: Referral) -> list[str]:
    events = ReferralEvent.objects.using("owner").filter(referral_id=one.id).order_by("received_at", "id")
    return list(events.values_list("kind", flat=True))


def decided_later(registration: UUID, measure: dict[str, Any]) -> None:
    """As a re-screening writes it down."""
    asked = uuid7()
    values = [
        asked,
        AFFECTED_AREAS.hash,
        [measure["kind"]],
        json.dumps([measure]),
        [measure["kind"]],
        NOW,
        registration,
    ]
    with connections["owner"].cursor() as cursor:
        cursor.execute(_ASKED, [asked])
        cursor.execute(_DECIDED, values)


class TestTheFirstTime:
    def test_whoever_was_in_hubei_is_handed_over_to_where_he_is_headed(self, gate: Gate) -> None:
        one = referred(gate)
        assert (one.state, one.destination, one.jurisdiction) == ("SENT", VILLAGE, span(VILLAGE)[0])
        assert one.measures == ["QUARANTINE"]
        assert one.urgent
        assert one.due_at == NOW + 2 * HOUR
        assert kinds(one) == ["SENT"]

    def test_his_file_is_opened_with_what_he_said(self, gate: Gate) -> None:
        one = referred(gate, name="王小明")
        file = Person.objects.using("owner").get(pk=one.person_id)
        opened = open_person(file)
        assert (opened.facts.name, opened.facts.address) == ("王小明", "东区3号楼")
        assert file.jurisdiction == span(VILLAGE)[0]

    def test_whoever_is_only_registered_has_neither_file_nor_referral(self, gate: Gate) -> None:
        gate.register({"from_code": "210100"}, on=TODAY - DAY)
        refer_all(gate.worker, at=NOW)
        assert all_referrals() == []
        assert not Person.objects.using("owner").exists()

    def test_a_family_in_one_car_is_handed_over_together(self, gate: Gate) -> None:
        ids = gate.register(HUBEI, HUBEI, HUBEI, on=TODAY - DAY)
        refer_all(gate.worker, at=NOW)
        assert {str(one.registration_id) for one in all_referrals()} == set(ids)
        assert {str(one.passage_id) for one in all_referrals()} == {gate.passage}

    def test_whoever_leaves_is_nobodys_to_receive(self, gate: Gate) -> None:
        gate.register(HUBEI, on=TODAY - DAY, direction="OUT")
        refer_all(gate.worker, at=NOW)
        assert all_referrals() == []

    def test_without_an_address_the_county_of_the_checkpoint_has_him(self, gate: Gate) -> None:
        one = referred(gate, destination=None)
        assert one.destination is None
        assert one.jurisdiction == span("210381")[0]

    def test_headed_beyond_the_city_a_letter_is_needed(self, gate: Gate) -> None:
        factories.checkpoint("OTHER", division="210323")
        one = referred(gate, destination={"code": "210782106253"})
        assert (one.state, one.outside) == ("OUTSIDE", True)

    def test_fever_waits_for_the_clinic_as_well(self, gate: Gate) -> None:
        one = referred(gate, temperatures=[{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}])
        assert set(one.measures) == {"QUARANTINE", "FEVER_CLINIC"}
        (waiting,) = WaitingFact.objects.using("owner").all()
        assert (waiting.room, waiting.referral_id) == ("CLINIC", one.id)

    def test_again_nothing_changes(self, gate: Gate) -> None:
        one = referred(gate)
        refer_all(gate.worker, at=NOW + HOUR)
        assert [other.id for other in all_referrals()] == [one.id]
        assert kinds(one) == ["SENT"]

    def test_the_same_person_again_has_one_file_and_two_referrals(self, gate: Gate) -> None:
        number = factories.Generated(7).resident_id()
        document = {"type": "RESIDENT_ID", "number": number}
        first, second = referred(gate, document=document), referred(gate, document=document)
        assert first.id != second.id
        assert first.person_id == second.person_id


class TestSince:
    def test_another_address_is_followed(self, gate: Gate) -> None:
        one = referred(gate)
        gate.correct(str(one.registration_id), {"destination": {"code": OTHER, "address": "西街"}})
        refer_all(gate.worker, at=NOW + HOUR)
        (now,) = all_referrals()
        assert (now.destination, now.state, now.due_at) == (OTHER, "SENT", NOW + 3 * HOUR)
        assert kinds(now) == ["SENT", "PLACED"]

    def test_whoever_was_taken_over_stays_where_he_is(self, gate: Gate) -> None:
        one = referred(gate)
        Referral.objects.using("owner").update(state="ARRIVED", accepted_at=NOW)
        gate.correct(str(one.registration_id), {"destination": {"code": OTHER}})
        refer_all(gate.worker, at=NOW + HOUR)
        assert all_referrals()[0].destination == VILLAGE

    def test_corrected_to_have_left_nobody_waits_for_him(self, gate: Gate) -> None:
        one = referred(gate)
        gate.correct(gate.passage, {"direction": "OUT"})
        refer_all(gate.worker, at=NOW + HOUR)
        assert all_referrals()[0].state == "WITHDRAWN"
        assert kinds(one) == ["SENT", "WITHDRAWN"]

    def test_a_later_decision_is_added_and_does_not_wait(self, gate: Gate, rules: Rules) -> None:
        (id,) = gate.register({"from_code": "330300", "destination": {"code": VILLAGE}}, on=TODAY - 2 * DAY)
        refer_all(gate.worker, at=NOW)
        assert all_referrals() == []
        rules.add_area()
        gate.carry_out(gate.numbers())
        refer_all(gate.worker, at=NOW + HOUR)
        (one,) = all_referrals()
        assert (str(one.registration_id), one.because, one.measures) == (id, "RESCREENING", ["QUARANTINE"])

    def test_turned_back_he_is_handed_over_to_nobody(self, gate: Gate, rules: Rules) -> None:
        content = rules.content | {
            "rows": [
                *rules.content["rows"],
                {
                    "row": "B1", "when": [{"fact": "direction", "op": "ONE_OF", "value": ["IN"]}], "unless": [],
                    "then": {"kind": "TURN_BACK_PROPOSED"}, "say": {"zh": "请返回", "en": "Please turn back"},
                },
            ]
        }  # fmt: skip
        rules.put(content, since=NOW - 3 * DAY)
        one = referred(gate, purpose="VISIT", resident=False)
        with reach(gate.first):
            decide_turn_back(
                by=gate.first, at=NOW, registration=UUID(str(one.registration_id)), verdict="TURNED_BACK", reason="无事由"
            )  # fmt: skip
        refer_all(gate.worker, at=NOW + HOUR)
        assert all_referrals()[0].state == "WITHDRAWN"


def test_slices_lose_nobody(gate: Gate, monkeypatch: Any) -> None:
    monkeypatch.setattr("lianfang.journeys.referring.sending.AT_ONCE", 2)
    ids = [
        id
        for n in range(5)
        for id in gate.register(HUBEI, {"from_code": "210100"}, on=date(2020, 2, 14 + n))[:1]
    ]
    refer_all(gate.worker, at=NOW)
    assert {str(one.registration_id) for one in all_referrals()} == set(ids)


class TestNobodyIsLost:
    """What walks of random acts have found (test_nobody_disappears.py), one by one."""

    def act(self, act: Any, one: Referral, **said: Any) -> None:
        desk = factories.officer("COUNTY_DESK", "210381")
        with reach(desk) as by:
            act(by=by, at=NOW, id=uuid7(), referral=one.id, **said)

    def now(self, gate: Gate, hours: int = 1) -> Referral:
        refer_all(gate.worker, at=NOW + hours * HOUR)
        (one,) = all_referrals()
        return one

    def test_corrected_to_have_left_and_back_he_is_handed_over_again(self, gate: Gate) -> None:
        referred(gate)
        gate.correct(gate.passage, {"direction": "OUT"}, on=TODAY - DAY)
        assert self.now(gate).state == "WITHDRAWN"
        gate.correct(gate.passage, {"direction": "IN"}, on=TODAY)
        one = self.now(gate, hours=3)
        assert (one.state, one.sent_at, one.due_at, one.settled_at) == (
            "SENT",
            NOW + 3 * HOUR,
            NOW + 5 * HOUR,
            None,
        )
        assert kinds(one) == ["SENT", "WITHDRAWN", "SENT"]

    def test_whom_an_officer_withdrew_stays_withdrawn_until_more_is_asked_of_him(self, gate: Gate) -> None:
        one = referred(gate)
        self.act(withdraw, one, written=ReferralNote("重复登记"))
        gate.correct(str(one.registration_id), {"phone": "13900001234"})
        assert self.now(gate).state == "WITHDRAWN"
        decided_later(one.registration_id, {"kind": "FEVER_CLINIC", "row": "fever"})
        now = self.now(gate, hours=2)
        assert (now.state, set(now.measures)) == ("SENT", {"QUARANTINE", "FEVER_CLINIC"})
        assert set(kinds(now)[-2:]) == {"ADDED", "SENT"}  # at one moment
        assert WaitingFact.objects.using("owner").filter(referral_id=one.id).exists()

    def test_a_correction_of_something_else_does_not_undo_what_a_desk_has_placed(self, gate: Gate) -> None:
        one = referred(gate)
        gate.correct(str(one.registration_id), {"destination": {"code": OTHER}}, on=TODAY - DAY)
        assert self.now(gate, hours=0).destination == OTHER
        self.act(place, one, destination=ELSEWHERE, city="210300")
        gate.correct(str(one.registration_id), {"phone": "13900001234"}, on=TODAY)
        assert self.now(gate).destination == ELSEWHERE
        assert sorted(kinds(one)) == ["PLACED", "PLACED", "SENT"]  # at one moment

    def test_headed_beyond_the_city_by_mistake_he_is_headed_here_when_it_is_corrected(
        self, gate: Gate
    ) -> None:
        factories.checkpoint("OTHER", division="210323")
        one = referred(gate, destination={"code": "210782106253"})
        assert one.outside
        gate.correct(str(one.registration_id), {"destination": {"code": VILLAGE}})
        now = self.now(gate)
        assert (now.state, now.outside, now.destination) == ("SENT", False, VILLAGE)

    def test_decided_about_later_he_is_withdrawn_and_handed_over_as_anybody_else(self, gate: Gate) -> None:
        (id,) = gate.register({"from_code": "210100", "destination": {"code": VILLAGE}}, on=TODAY - DAY)
        decided_later(UUID(id), {"kind": "QUARANTINE", "row": "R2", "place": "HOME", "days": 14})
        assert self.now(gate).state == "SENT"
        gate.correct(gate.passage, {"direction": "OUT"}, on=TODAY - DAY)
        assert self.now(gate, hours=2).state == "WITHDRAWN"
        gate.correct(gate.passage, {"direction": "IN"}, on=TODAY)
        assert self.now(gate, hours=3).state == "SENT"

    def test_decided_about_while_his_record_said_that_he_left(self, gate: Gate) -> None:
        (id,) = gate.register(
            {"from_code": "210100", "destination": {"code": VILLAGE}}, on=TODAY - DAY, direction="OUT"
        )
        decided_later(UUID(id), {"kind": "QUARANTINE", "row": "R2", "place": "HOME", "days": 14})
        refer_all(gate.worker, at=NOW)
        assert all_referrals() == []
        gate.correct(gate.passage, {"direction": "IN"}, on=TODAY)
        assert self.now(gate).state == "SENT"

    def test_another_place_has_its_own_vacancy(self, gate: Gate) -> None:
        one = referred(gate)
        Referral.objects.using("owner").update(vacant=True)
        gate.correct(str(one.registration_id), {"destination": {"code": OTHER}})
        now, holder = self.now(gate), answering_for([OTHER], at=NOW).get(OTHER)
        assert now.vacant == bool(holder and holder.vacant_below)
        assert now.due_at == NOW + (1 if now.vacant else 3) * HOUR

    def test_a_phones_answer_of_before_somebody_took_over_or_rang_still_counts(self, gate: Gate) -> None:
        one = referred(gate)
        self.act(answer, one, kind="CALLED")
        self.act(answer, one, kind="ACCEPTED")
        lo, hi = span(VILLAGE)
        made = RosterToken.objects.create(
            name="网格员", division=VILLAGE, lo=lo, hi=hi, token_hash=hashed("late"), code_expires_at=NOW, invited_at=NOW,
            invited_by_id=gate.first.officer_id, enrolled_at=NOW, expires_at=NOW + DAY,
        )  # fmt: skip
        with grid_reach(GridReach(made.id, hashed("late"), lo, hi, NOW + HOUR)) as phone:
            acted = answer(
                by=phone, at=NOW + HOUR, id=uuid7(), referral=one.id, kind="ARRIVED", occurred_at=NOW - HOUR
            )
        assert (acted.state, acted.late) == ("ARRIVED", False)


def test_after_a_restore_whoever_comes_is_handed_over_though_numbers_begin_lower(
    gate: Gate, numbers_from: Callable[[int], None]  # noqa: F811
) -> None:  # fmt: skip
    """Read far ahead in another cluster, further than anything that is stored: nobody may fall between."""
    referred(gate)
    ReferralPosition.objects.using("owner").update(next_tx=5_000_000)
    (id,) = gate.register(HUBEI, on=TODAY - DAY)
    refer_all(gate.worker, at=NOW)
    assert len(all_referrals()) == 1
    assert raise_transaction_numbers() > 4_000_000
    (later,) = gate.register(HUBEI, on=TODAY - DAY)
    refer_all(gate.worker, at=NOW + HOUR)
    assert later in {str(one.registration_id) for one in all_referrals()}
    assert id not in {str(one.registration_id) for one in all_referrals()}, (
        "written between, as no restore can"
    )
    numbers_from(0)
