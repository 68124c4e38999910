"""Answers from the doors of a grid: taken once, moved along, kept when they come late, and never anybody lost."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lianfang.command.models import RosterToken
from lianfang.kernel.divisions import span
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.services.writing import opened
from tests.doors.doorstep import Doorstep, ago, answer, enrolled, handed, post, sealed, step
from tests.doors.handed import BEYOND, NEXT_COUNTY, OTHER_VILLAGE, VILLAGE, act, kinds, stands
from tests.doors.test_hq_referrals import responsible

__all__ = ["handed", "step"]
DAY = timedelta(days=1)


def statuses(receipts: list[dict[str, Any]]) -> list[str]:
    return [one["status"] for one in receipts]


def following(one: Referral) -> Referral:
    return Referral.objects.using("owner").get(previous_id=one.id)


def written(id: str) -> tuple[str, str]:
    told = opened(ReferralEvent.objects.using("owner").get(pk=id))
    assert told
    return told.note, told.address


class TestOneAnswer:
    @pytest.mark.parametrize("wrap", [lambda item: item, sealed], ids=["plain", "sealed"])
    def test_is_taken_once_and_answered_the_same(self, step: Doorstep, wrap: Any) -> None:
        (one,) = step.over()
        item = answer(one)
        (first,) = step.send(wrap(item))
        assert first == {"id": item["id"], "status": "ACCEPTED", "state": "ARRIVED", "late": False}
        assert stands(one).state == "ARRIVED"
        again = step.send(wrap(item), item, sealed(item))
        assert statuses(again) == ["DUPLICATE"] * 3
        assert {receipt["state"] for receipt in again} == {"ARRIVED"}
        assert kinds(one) == ["SENT", "ARRIVED"]
        event = ReferralEvent.objects.using("owner").get(pk=item["id"])
        assert event.roster_id == step.phone.id
        assert event.occurred_at == datetime.fromisoformat(item["occurred_at"])

    def test_of_other_content_the_first_stays(self, step: Doorstep) -> None:
        (one,) = step.over()
        item = answer(one)
        step.send(item)
        (other,) = step.send(item | {"answer": "NOT_HERE"})
        assert (other["status"], other["code"]) == ("CONFLICT", "CONFLICT")
        assert other["say"]["zh"]
        assert (stands(one).state, kinds(one)) == ("ARRIVED", ["SENT", "ARRIVED"])

    def test_what_the_phone_knows_of_its_clock_is_no_other_content(self, step: Doorstep) -> None:
        (one,) = step.over()
        item = answer(one, clock_offset_ms=0)
        step.send(item)
        assert statuses(step.send(item | {"clock_offset_ms": 120_000})) == ["DUPLICATE"]

    def test_twice_in_one_parcel_it_is_one(self, step: Doorstep) -> None:
        (one,) = step.over()
        item = answer(one)
        assert statuses(step.send(item, item, item | {"note": "另外"})) == [
            "ACCEPTED",
            "DUPLICATE",
            "CONFLICT",
        ]

    def test_an_id_that_is_somebody_else_s_is_a_conflict_and_no_accident(self, step: Doorstep) -> None:
        one, other = step.over(2)
        act(step.handed.city.haicheng, other, "answer", kind="ACCEPTED")
        desk = ReferralEvent.objects.using("owner").get(referral_id=other.id, kind="ACCEPTED")
        first = ReferralEvent.objects.using("owner").get(referral_id=one.id)
        (away,) = step.over(destination=NEXT_COUNTY)
        beyond = ReferralEvent.objects.using("owner").get(
            referral_id=away.id
        )  # which this phone does not see
        receipts = step.send(*(answer(one, id=str(taken.id)) for taken in (desk, first, beyond)), answer(one))
        assert statuses(receipts) == ["CONFLICT"] * 3 + ["ACCEPTED"]
        assert stands(other).state != "ARRIVED"

    def test_a_note_is_sealed_and_read_by_the_desk_of_the_place(self, step: Doorstep) -> None:
        (one,) = step.over()
        item = answer(one, "NOT_HERE", note="敲门\n无人\0应答")
        step.send(item)
        assert written(item["id"])[0] == "敲门无人应答"
        page = step.handed.city.township.get(f"/desk/referrals/{one.id}").content.decode()
        assert "敲门无人应答" in page
        assert "王网格" in page

    @pytest.mark.parametrize(
        ("occurred", "offset", "within"),
        [
            (-120, 0, 0),
            (-120, -7_200_000, 0),
            (-60, -7_200_000, 60),
            (90, 1_800_000, 60),
            ("1900-01-01T00:00:00Z", 0, 0),
            ("9999-12-31T00:00:00Z", 0, 0),
        ],
    )
    def test_clocks_are_set_right_and_never_later_than_now(
        self, step: Doorstep, occurred: int | str, offset: int, within: int
    ) -> None:
        (one,) = step.over()
        moment = ago(occurred) if isinstance(occurred, int) else occurred
        item = answer(one, occurred_at=moment, clock_offset_ms=offset)
        assert statuses(step.send(item)) == ["ACCEPTED"]
        event = ReferralEvent.objects.using("owner").get(pk=item["id"])
        assert event.occurred_at <= event.received_at
        minutes = (event.received_at - event.occurred_at).total_seconds() / 60
        assert within - 3 < minutes < within + 10


class TestWhereTo:
    def test_whoever_moved_on_is_handed_over_there(self, step: Doorstep) -> None:
        (one,) = step.over()
        (receipt,) = step.send(answer(one, "MOVED_ON", destination=OTHER_VILLAGE, note="投亲"))
        assert (receipt["status"], receipt["state"]) == ("ACCEPTED", "MOVED_ON")
        next_one = following(one)
        assert (next_one.state, next_one.destination, next_one.person_id) == (
            "SENT",
            OTHER_VILLAGE,
            one.person_id,
        )

    @pytest.mark.parametrize(("holder", "is_vacant"), [(OTHER_VILLAGE, False), ("210381101", True)])
    def test_where_nobody_answers_his_parent_has_him_at_once(
        self, step: Doorstep, holder: str, is_vacant: bool
    ) -> None:
        (one,) = step.over()
        responsible(holder, "13900000000")
        step.send(answer(one, "MOVED_ON", destination=OTHER_VILLAGE))
        assert following(one).vacant is is_vacant

    def test_beyond_the_city_a_letter_is_needed(self, step: Doorstep) -> None:
        (one,) = step.over()
        step.send(answer(one, "MOVED_ON", destination=BEYOND))
        assert (following(one).state, following(one).outside) == ("OUTSIDE", True)

    @pytest.mark.parametrize("state", ["SENT", "ARRIVED"])
    @pytest.mark.parametrize("place", [None, "", "不清楚", "210381999", VILLAGE, "21\0", "１２"])
    def test_without_a_place_nobody_is_lost(self, step: Doorstep, state: str, place: str | None) -> None:
        (one,) = step.over()
        if state == "ARRIVED":
            step.send(answer(one, occurred_at=ago(20)))
        item = answer(one, "MOVED_ON", destination=place, address="海州岳父家")
        (receipt,) = step.send(item)
        assert (receipt["status"], receipt["state"]) == ("ACCEPTED", "WRONG_ADDRESS")
        assert receipt["code"] == "MOVED_ON_NOT_PLACED"
        assert "值班员" in receipt["say"]["zh"]
        assert stands(one).state == "WRONG_ADDRESS"
        assert "海州岳父家" in written(item["id"])[1]
        assert one.id in {row.id for row in Referral.objects.using("owner").filter(settled_at=None)}
        (again,) = step.send(item)
        assert again == receipt | {"status": "DUPLICATE"}

    def test_a_code_nobody_knows_is_kept_among_the_words(self, step: Doorstep) -> None:
        (one,) = step.over()
        item = answer(one, "WRONG_ADDRESS", destination="210381999")
        step.send(item)
        assert written(item["id"])[1] == "210381999"

    def test_a_wrong_address_with_the_right_place_is_placed_there(self, step: Doorstep) -> None:
        (one,) = step.over()
        (receipt,) = step.send(answer(one, "WRONG_ADDRESS", destination=NEXT_COUNTY))
        assert (receipt["status"], receipt["state"]) == ("ACCEPTED", "SENT")
        now_there = stands(one)
        assert (now_there.destination, now_there.placed_from) == (NEXT_COUNTY, span(VILLAGE)[0])
        assert step.shown()["doors"] == []


class TestLate:
    def test_an_answer_that_was_overtaken_is_kept_and_moves_nothing(self, step: Doorstep) -> None:
        (one,) = step.over()
        act(step.handed.city.township, one, "answer", kind="ARRIVED")
        item = answer(one, "NOT_HERE", occurred_at=ago(30))
        (receipt,) = step.send(item)
        assert (receipt["status"], receipt["late"], receipt["state"]) == ("ACCEPTED", True, "ARRIVED")
        assert receipt["say"]["zh"]
        assert kinds(one) == ["SENT", "ARRIVED", "NOT_HERE"]
        (again,) = step.send(item)
        assert (again["status"], again["late"]) == ("DUPLICATE", True)

    def test_a_late_correction_of_the_address_does_not_take_him_back(self, step: Doorstep) -> None:
        (one,) = step.over()
        act(step.handed.city.township, one, "answer", kind="NOT_HERE")
        (receipt,) = step.send(answer(one, "WRONG_ADDRESS", destination=NEXT_COUNTY, occurred_at=ago(30)))
        assert (receipt["late"], receipt["state"]) == (True, "NOT_HERE")
        assert kinds(one)[-1] == "WRONG_ADDRESS"  # he was placed nowhere by it, and no history says so
        assert stands(one).destination == VILLAGE

    def test_of_whoever_was_here_then_it_is_written_down_where_he_was(self, step: Doorstep) -> None:
        (one,) = step.over(at=datetime.now(UTC) - timedelta(hours=2))
        act(step.handed.city.township, one, "move", kind="PLACED", division=OTHER_VILLAGE, place="小孤山村")
        assert stands(one).destination == OTHER_VILLAGE
        item = answer(one, "NOT_HERE", occurred_at=ago(30), note="已搬走")
        (receipt,) = step.send(item)
        assert (receipt["status"], receipt["late"], receipt["state"]) == ("ACCEPTED", True, "SENT")
        event = ReferralEvent.objects.using("owner").get(pk=item["id"])
        assert (event.jurisdiction, event.roster_id) == (step.phone.lo, step.phone.id)
        assert stands(one).state == "SENT"
        (after,) = step.send(answer(one, "NOT_HERE", occurred_at=ago(0)))
        assert (after["status"], after["code"]) == ("SET_ASIDE", "REFERRAL_NOT_HERE")


class TestWhoMayBring:
    def test_for_a_week_after_its_end_what_happened_before(self, step: Doorstep) -> None:
        one, two = step.over(2, at=datetime.now(UTC) - 7 * DAY)
        RosterToken.objects.update(expires_at=datetime.now(UTC) - 5 * DAY)
        before, since = answer(one, occurred_at=ago(6 * 24 * 60)), answer(two)
        taken, refused = step.send(before, since)
        assert (taken["status"], taken["state"]) == ("ACCEPTED", "ARRIVED")
        assert (refused["status"], refused["code"]) == ("SET_ASIDE", "AFTER_EXPIRY")
        assert statuses(step.send(before)) == ["DUPLICATE"]
        RosterToken.objects.update(expires_at=datetime.now(UTC) - 8 * DAY)
        response = post("/api/v1/roster/answers", {"answers": [before]}, step.token)
        assert (response.status_code, response.json()["error"]["code"]) == (401, "ROSTER_EXPIRED")

    def test_an_ended_token_reads_no_door(self, step: Doorstep) -> None:
        RosterToken.objects.update(expires_at=datetime.now(UTC) - DAY)
        assert [step.doors().status_code, step.households().status_code] == [401, 401]

    def test_a_revoked_one_brings_nothing_and_a_new_one_does(self, step: Doorstep) -> None:
        (one,) = step.over()
        RosterToken.objects.update(revoked_at=datetime.now(UTC))
        item = answer(one)
        response = post("/api/v1/roster/answers", {"answers": [item]}, step.token)
        assert (response.status_code, response.json()["error"]["code"]) == (403, "ROSTER_REVOKED")
        assert kinds(one) == ["SENT"]
        token, _ = enrolled(step.keeper.officer_id)
        assert statuses(step.send(item, token=token)) == ["ACCEPTED"]

    @pytest.mark.parametrize("grid", [OTHER_VILLAGE, "210323101201"])
    def test_the_neighbour_s_phone_answers_nothing_here(self, step: Doorstep, grid: str) -> None:
        (one,) = step.over()
        token, _ = enrolled(step.keeper.officer_id, grid)
        (receipt,) = step.send(answer(one), token=token)
        assert (receipt["status"], receipt["code"]) == ("SET_ASIDE", "REFERRAL_NOT_HERE")
        (unknown,) = step.send(answer(one, referral=str(uuid4())), token=token)
        assert receipt["say"] == unknown["say"]
        assert kinds(one) == ["SENT"]

    def test_made_up_tokens_are_soon_not_compared_any_more(self, step: Doorstep) -> None:
        answers = [
            post("/api/v1/roster/answers", {"answers": []}, f"roster_{n}").status_code for n in range(12)
        ]
        assert answers == [401] * 10 + [429] * 2
