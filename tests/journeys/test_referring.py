"""Handing over: who came with a measure that goes on is handed over once, wherever he is headed, and followed since."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from lianfang.journeys.referring import refer_all
from lianfang.journeys.turning_back import decide_turn_back
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import reach
from lianfang.people.models import Person
from lianfang.people.opening import open_person
from lianfang.referrals.models import Referral, ReferralEvent, WaitingFact
from tests import factories
from tests.journeys.conftest import NOW, TODAY, Gate, Rules

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
VILLAGE, OTHER = "210381101200", "210381112201"
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
