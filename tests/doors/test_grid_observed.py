"""A grid worker's phone and who is observed in its grid: the list in full, reports, in place, told, gone, followed up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import RosterToken
from lianfang.doors.observed_shapes import GridObservedShown
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.people.services import join
from lianfang.quarantine.models import FollowUp, OrderEvent
from lianfang.quarantine.rules import SHIPPED, ReportVerdict
from lianfang.quarantine.services.writing import WrittenBeside, opened
from lianfang.quarantine.states import OrderState
from lianfang.referrals.states import ReferralState
from tests.doors.doorstep import Doorstep, ago, enrolled, handed, sealed, step
from tests.doors.handed import OTHER_VILLAGE, VILLAGE
from tests.doors.observing import NO_CARE, Ward, care_of, done, reports, said, ward, well

__all__ = ["handed", "step", "ward"]
GRANDSON = {"DEPENDANTS": {"needed": True, "need": "三岁的孙子", "carer": "邻居王婶", "phone": "13900000001"}}


def codes(receipts: list[dict[str, Any]]) -> list[str]:
    return [one.get("code", one["status"]) for one in receipts]


class TestTheList:
    def test_says_whole_what_a_worker_needs_and_no_document(self, ward: Ward) -> None:
        person = ward.step.resident(sex="F", age_told=81, told_on=day_of(datetime.now(UTC)).isoformat())
        (home,) = ward.step.home(people=[person])
        one = ward.in_place(person=person)
        asked_for = ward.follow_up(one)
        ward.step.send(well(one, occurred_at=ago(0)))
        response = ward.ask()
        shown = msgspec.json.decode(response.content, type=GridObservedShown)
        (her,) = shown.people
        assert (her.order, her.number, her.name, her.phone) == (
            one.id, one.shown_number, "沈平安", "13900001234",
        )  # fmt: skip
        assert (her.household, her.code, her.address) == (home.id, home.code, "丰台路1号3单元201")
        assert (her.sex, her.age, her.kind, her.state) == ("F", 81, "HOME", "IN_PLACE")
        assert (her.day, her.last_on, her.on_list) == (3, one.last_on.isoformat(), "DONE")
        assert (her.dependants, her.care, her.room) == ("NO", [], None)
        assert [(each.id, each.kind) for each in her.follow_ups] == [(asked_for.id, "VISIT")]
        assert [(each.verdict, each.celsius, each.way) for each in her.reports] == [
            ("WELL", "36.5", "GRID_DOOR")
        ]
        assert shown.thresholds.hash == SHIPPED.hash
        assert (shown.thresholds.fever, shown.thresholds.morning_by) == ("37.3", 600)
        assert "no-store" in response["Cache-Control"]
        entry = AuditEntry.objects.using("owner").filter(act="ROSTER_READ").latest("number")
        assert (entry.subject, entry.count) == (f"ROSTER {ward.step.phone.id}", 1)
        assert entry.details["page"] == "observed"

    def test_stands_as_the_grid_is_walked_and_doors_nobody_knows_come_last(self, ward: Ward) -> None:
        first, second = ward.step.home(2)
        for home, name in ((second, "远处"), (first, "近处")):
            person = ward.step.resident(name)
            ward.in_place(person=person)
            join(
                by=ward.step.keeper, at=datetime.now(UTC), person=person, household=home.id, relation="TENANT"
            )
        for address in ("西区12号", "西区3号"):
            ward.in_place(person=ward.step.resident(address=address))
        assert [one["address"] for one in ward.shown()] == [
            "丰台路1号3单元201",
            "丰台路2号3单元201",
            "西区3号",
            "西区12号",
        ]

    def test_holds_open_orders_of_this_grid_and_no_other(self, ward: Ward) -> None:
        mine = ward.ordered()
        ward.ordered(division=OTHER_VILLAGE)
        (shown,) = ward.shown()
        assert (shown["order"], shown["state"], shown["on_list"]) == (str(mine.id), "ORDERED", None)
        assert (shown["dependants"], shown["observed_from"]) == (None, None)
        over = ward.in_place()
        type(over).objects.using("owner").filter(pk=over.pk).update(
            state="LIFTED", ended_at=datetime.now(UTC)
        )
        assert [one["order"] for one in ward.shown()] == [str(mine.id)]

    def test_wants_the_pin_and_a_good_token(self, ward: Ward) -> None:
        ward.in_place()
        assert ward.ask(pin="0000").json()["error"]["code"] == "PIN_WRONG"
        assert ward.ask(token="roster_no").json()["error"]["code"] == "ROSTER_UNKNOWN"
        RosterToken.objects.update(expires_at=datetime.now(UTC) - timedelta(hours=1))
        assert ward.ask().json()["error"]["code"] == "ROSTER_EXPIRED"

    def test_costs_as_many_questions_for_five_as_for_one(self, ward: Ward) -> None:
        counts = []
        for number in (1, 4):
            for _ in range(number):
                one = ward.in_place()
                ward.follow_up(one)
                ward.step.send(well(one))
            with CaptureQueriesContext(connection) as asked:
                assert ward.ask().status_code == 200
            counts.append(len(asked))
        assert len(set(counts)) == 1, counts


class TestReports:
    @pytest.mark.parametrize("wrap", [lambda item: item, sealed], ids=["plain", "sealed"])
    def test_are_taken_once_and_answered_with_what_they_say(self, ward: Ward, wrap: Any) -> None:
        one = ward.in_place()
        item = well(one, way="GRID_PHONE")
        (first,) = ward.step.send(wrap(item))
        assert first == {"id": item["id"], "status": "ACCEPTED", "verdict": "WELL", "late": False}
        (again,) = ward.step.send(wrap(item))
        assert (again["status"], again["verdict"]) == ("DUPLICATE", "WELL")
        (other,) = ward.step.send(wrap(item | {"celsius": 38.0}))
        assert other["status"] == "CONFLICT"
        (report,) = reports(one)
        assert (report.by, report.roster_id, report.officer_id) == ("GRID_PHONE", ward.step.phone.id, None)
        assert (report.verdict, report.thresholds) == ("WELL", SHIPPED.hash)
        assert report.occurred_at == datetime.fromisoformat(item["occurred_at"])

    @pytest.mark.parametrize(
        ("told", "verdict"),
        [
            ({"celsius": 37.2}, "WELL"),
            ({"celsius": 37.3}, "SYMPTOMATIC"),
            ({"celsius": 36.5, "symptoms": ["COUGH"]}, "SYMPTOMATIC"),
            ({"celsius": None, "symptoms": ["OTHER"]}, "SYMPTOMATIC"),
            ({"celsius": None}, "NOT_READ"),
            ({"celsius": 21.0}, "NOT_READ"),
        ],
    )
    def test_are_judged_by_the_thresholds(self, ward: Ward, told: dict[str, Any], verdict: str) -> None:
        (receipt,) = ward.step.send(well(ward.in_place(), **told))
        assert (receipt["status"], receipt["verdict"]) == ("ACCEPTED", verdict)

    def test_of_a_day_without_network_are_of_the_half_days_on_which_they_were_given(self, ward: Ward) -> None:
        one = ward.in_place()
        morning = datetime.combine(
            day_of(datetime.now(UTC)) - timedelta(days=1), datetime.min.time(), UTC
        ) + timedelta(hours=1)  # 9 o'clock in Shanghai
        given = [
            (morning, {}),
            (morning + timedelta(hours=5), {"half": "MORNING"}),
            (morning + timedelta(hours=6), {}),
        ]
        type(ward.step.phone).objects.update(expires_at=datetime.now(UTC) + timedelta(hours=1))
        receipts = ward.step.send(*(well(one, occurred_at=at.isoformat(), **more) for at, more in given))
        assert codes(receipts) == ["ACCEPTED"] * 3
        yesterday = day_of(datetime.now(UTC)) - timedelta(days=1)
        assert [(row.on_day, row.half) for row in reports(one)] == [
            (yesterday, "MORNING"),
            (yesterday, "MORNING"),
            (yesterday, "EVENING"),
        ]

    def test_of_an_afternoon_that_has_not_begun_are_none(self, ward: Ward) -> None:
        at = datetime.combine(day_of(datetime.now(UTC)) - timedelta(days=1), datetime.min.time(), UTC)
        (receipt,) = ward.step.send(
            well(ward.in_place(), occurred_at=(at + timedelta(hours=1)).isoformat(), half="EVENING")
        )
        assert (receipt["status"], receipt["code"]) == ("SET_ASIDE", "HALF_NOT_YET")

    def test_with_a_symptom_nobody_asks_are_of_somebody_ill(self, ward: Ward) -> None:
        one = ward.in_place()
        (receipt,) = ward.step.send(well(one, symptoms=["HUNGER"]))
        assert receipt["status"] == "ACCEPTED", receipt
        assert [(row.symptoms, row.verdict) for row in reports(one)] == [(["OTHER"], "SYMPTOMATIC")]


class TestAtTheDoor:
    def test_somebody_is_told_and_then_in_place(self, ward: Ward) -> None:
        one = ward.ordered()
        told, placed = ward.step.send(
            said("TOLD", one, occurred_at=ago(4)), sealed(said("PLACED", one, care=NO_CARE))
        )
        assert (told["order_state"], placed["order_state"]) == ("NOTIFIED", "IN_PLACE")
        stands = ward.again(one)
        assert (stands.state, stands.dependants) == ("IN_PLACE", "NO")
        assert stands.observed_from is not None
        assert done(one) == ["ORDERED", "NOTIFIED", "IN_PLACE"]

    @pytest.mark.parametrize(
        "care",
        [None, {}, {"DEPENDANTS": {"needed": True, "need": "孙子"}}, {"MEDICINE": {"needed": False}}],
    )
    def test_whose_dependants_nobody_asked_for_or_cares_for_is_not_in_place(
        self, ward: Ward, care: Any
    ) -> None:
        one = ward.ordered()
        (receipt,) = ward.step.send(said("PLACED", one, care=care))
        assert (receipt["status"], receipt["code"], receipt["order_state"]) == (
            "ACCEPTED", "NO_CARER_YET", "ORDERED",
        )  # fmt: skip
        assert "不算到位" in receipt["say"]["zh"]
        assert (ward.again(one).state, care_of(one)["DEPENDANTS"]) == ("ORDERED", False)
        assert done(one) == ["ORDERED", "BLOCKED"]

    def test_a_named_carer_is_kept_and_shown_as_there(self, ward: Ward) -> None:
        one = ward.ordered()
        (receipt,) = ward.step.send(said("PLACED", one, care=NO_CARE | GRANDSON))
        assert (receipt["status"], receipt["order_state"]) == ("ACCEPTED", "IN_PLACE")
        (shown,) = ward.shown()
        assert shown["care"] == [{"kind": "DEPENDANTS", "has_carer": True}]
        assert "王婶" not in ward.ask().content.decode()

    def test_a_carer_s_number_that_is_none_is_set_aside_in_words(self, ward: Ward) -> None:
        wrong = {"DEPENDANTS": GRANDSON["DEPENDANTS"] | {"phone": "12"}}
        (receipt,) = ward.step.send(said("PLACED", ward.ordered(), care=wrong))
        assert (receipt["status"], receipt["code"]) == ("SET_ASIDE", "CARER_PHONE")

    def test_somebody_is_gone_and_back(self, ward: Ward) -> None:
        one = ward.in_place()
        (gone,) = ward.step.send(said("BROKEN", one, note="家里没人", occurred_at=ago(3)))
        assert gone["order_state"] == "BROKEN"
        event = OrderEvent.objects.using("owner").get(pk=gone["id"])
        written = opened(
            WrittenBeside, id=event.id, at=event.received_at, wrapped=event.wrapped_key, blob=event.sealed
        )
        assert written == WrittenBeside("家里没人")
        (back,) = ward.step.send(said("PLACED", one, occurred_at=ago(1)))
        assert back["order_state"] == "IN_PLACE"

    def test_what_came_late_is_written_down_and_moves_nothing(self, ward: Ward) -> None:
        one = ward.in_place()
        ward.step.send(said("BROKEN", one, occurred_at=ago(3)), said("PLACED", one, occurred_at=ago(2)))
        (late,) = ward.step.send(said("BROKEN", one, occurred_at=ago(9)))
        assert (late["status"], late["late"], late["code"], late["order_state"]) == (
            "ACCEPTED", True, "ANSWERED_LATER", "IN_PLACE",
        )  # fmt: skip
        assert done(one).count("BROKEN") == 2


class TestFollowUps:
    def test_are_closed_with_what_came_of_them_once(self, ward: Ward) -> None:
        one = ward.in_place()
        asked_for = ward.follow_up(one)
        item = said(
            "FOLLOW_UP", one, follow_up=str(asked_for.id), asked="VISIT", outcome="NOT_THERE", note="敲门无人"
        )
        (receipt,) = ward.step.send(sealed(item))
        assert (receipt["status"], receipt["late"]) == ("ACCEPTED", False)
        stands = FollowUp.objects.using("owner").get(pk=asked_for.pk)
        assert (stands.outcome, stands.roster_id) == ("NOT_THERE", ward.step.phone.id)
        assert stands.occurred_at == datetime.fromisoformat(item["occurred_at"])
        assert ward.shown()[0]["follow_ups"] == []
        assert [receipt["status"] for receipt in ward.step.send(item)] == ["DUPLICATE"]

    @pytest.mark.parametrize(
        ("asked", "outcome"), [("CALL", "ADMITTED"), ("VISIT", "ADMITTED"), ("CLINIC", "WELL")]
    )
    def test_with_an_outcome_of_another_kind_are_set_aside(
        self, ward: Ward, asked: str, outcome: str
    ) -> None:
        one = ward.in_place()
        asked_for = ward.follow_up(one, asked)
        item = said("FOLLOW_UP", one, follow_up=str(asked_for.id), asked=asked, outcome=outcome)
        (receipt,) = ward.step.send(item)
        assert receipt["status"] == "SET_ASIDE"
        assert FollowUp.objects.using("owner").get(pk=asked_for.pk).closed_at is None


def test_another_grid_s_people_are_unknown_here_and_nothing_is_done(ward: Ward) -> None:
    one = ward.in_place()
    asked_for = ward.follow_up(one)
    token, _ = enrolled(ward.step.keeper.officer_id, OTHER_VILLAGE)
    items = [
        well(one), said("TOLD", one), said("PLACED", one, care=NO_CARE), said("BROKEN", one),
        said("FOLLOW_UP", one, follow_up=str(asked_for.id), asked="VISIT", outcome="WELL"),
    ]  # fmt: skip
    receipts = ward.step.send(*items, token=token)
    assert codes(receipts) == ["ORDER_NOT_HERE"] * 5
    assert "打电话" in receipts[0]["say"]["zh"]
    assert (done(one), reports(one)) == (["ORDERED", "IN_PLACE"], [])
    assert FollowUp.objects.using("owner").get(pk=asked_for.pk).closed_at is None


def test_no_two_words_of_a_receipt_are_the_same() -> None:
    lists = [set(ReferralState), set(OrderState), set(ReportVerdict)]
    assert len(set.union(*lists)) == sum(map(len, lists))


HOSTILE = {
    "id": ["", 1, None, "x" * 40],
    "order": ["", 1, None, "x"],
    "celsius": ["36.5", -1, 100, 1e9, [], {}, True],
    "symptoms": ["COUGH", [1], ["x" * 41], ["COUGH"] * 21, {}, None],
    "way": ["SELF", "DESK", "PASTED", "", None, 1],
    "half": ["NOON", "", 1, []],
    "occurred_at": ["", "yesterday", 1_582_000_000, None, "\0"],
    "clock_offset_ms": ["1", [], True],
}
HOSTILE_CARE: list[Any] = [
    [], "", 1, {"CAT": {"needed": False}}, {"DEPENDANTS": None}, {"DEPENDANTS": {}}, {"DEPENDANTS": {"needed": "yes"}},
    {"DEPENDANTS": {"needed": True, "carer": 1}}, {"MEDICINE": {"needed": True, "phone": []}},
]  # fmt: skip


def test_no_item_of_a_wrong_field_is_taken_and_none_hinders_another(ward: Ward) -> None:
    one = ward.in_place()
    rotten = [well(one) | {field: value} for field, values in HOSTILE.items() for value in values]
    rotten += [said("PLACED", one, care=care) for care in HOSTILE_CARE]
    rotten += [said("FOLLOW_UP", one, follow_up=id, asked="VISIT", outcome="WELL") for id in ("", None, 7)]
    receipts = ward.step.send(*rotten, well(one))
    assert {receipt["status"] for receipt in receipts[:-1]} == {"SET_ASIDE"}
    assert receipts[-1]["status"] == "ACCEPTED"
    assert (len(reports(one)), done(one)) == (1, ["ORDERED", "IN_PLACE"])


def test_an_id_that_stands_elsewhere_is_a_conflict_and_no_accident(ward: Ward, step: Doorstep) -> None:
    one, other = ward.in_place(), ward.in_place()
    event = OrderEvent.objects.using("owner").filter(order_id=other.id).earliest("occurred_at")
    receipts = step.send(said("BROKEN", one, id=str(event.id)), said("TOLD", one, id=str(event.id)))
    assert [receipt["status"] for receipt in receipts] == ["CONFLICT", "CONFLICT"]
    assert ward.again(one).state == "IN_PLACE"
    taken = well(other)
    step.send(taken)
    token, _ = enrolled(step.keeper.officer_id, VILLAGE)
    (receipt,) = step.send(well(one, id=taken["id"]), token=token)
    assert receipt["status"] == "CONFLICT"
    assert reports(one) == []


def test_every_report_stands_in_the_audit_log_with_the_phone_and_without_what_was_said(ward: Ward) -> None:
    one = ward.in_place()
    ward.step.send(well(one, celsius=38.1, symptoms=["COUGH"]))
    entry = AuditEntry.objects.using("owner").filter(act="CHECKED_IN").latest("number")
    assert entry.subject == f"QUARANTINE_ORDER {one.id}"
    assert entry.details["roster"] == str(ward.step.phone.id)
    assert "COUGH" not in str(entry.details)
