"""Somebody who is handed over: what stands of him, and what a desk does about it, once however often it is tapped."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lianfang.command.models import RosterToken
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, grid_reach
from lianfang.kernel.tokens import hashed
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.services import ReferralNote, answer
from tests import factories
from tests.doors.desk import at_desk, text
from tests.doors.handed import (
    BEYOND,
    NEXT_COUNTY,
    OTHER_VILLAGE,
    VILLAGE,
    Handed,
    act,
    address_of,
    handed,  # noqa: F401 -- a fixture
    kinds,
    stands,
)
from tests.doors.test_hq_glass import breaks


def grid_phone_over(one: Referral) -> RosterToken:
    """A grid worker's phone over the place where somebody is headed."""
    at = datetime.now(UTC)
    return RosterToken.objects.create(
        name="大孤山网格员", division=VILLAGE, lo=one.jurisdiction, hi=one.jurisdiction, token_hash=hashed("roster_x"),
        code_expires_at=at, invited_at=at, enrolled_at=at, expires_at=at + timedelta(hours=1),
        invited_by_id=factories.officer().officer_id,
    )  # fmt: skip


class TestThePage:
    def test_the_name_stands_open_and_numbers_are_masked(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one(name="王小明", phone="13900001234")
        page = text(handed.city.township.get(address_of(one)))
        for word in ("王小明", "139****1234", "待接收", "GATE卡口", "孤山镇大孤山村"):
            assert word in page, word
        assert "13900001234" not in page
        assert "3号楼" not in page
        assert AuditEntry.objects.using("owner").get(act="FILE_READ").subject == f"REFERRAL {one.id}"

    def test_who_did_what_stands_with_names(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        act(handed.city.township, one, "answer", kind="ACCEPTED", note="已通知网格员")
        at, token = datetime.now(UTC), grid_phone_over(one)
        phone = GridReach(token.id, bytes(token.token_hash or b""), token.lo, token.hi, at)
        with grid_reach(phone):
            answer(
                by=phone, at=at + timedelta(minutes=30), id=uuid7(), referral=one.id, kind="WRONG_ADDRESS",
                occurred_at=at + timedelta(minutes=2), written=ReferralNote("电话 13911112222", "西街8号"),
            )  # fmt: skip
        page = text(handed.city.township.get(address_of(one)))
        steps = page.partition('data-testid="referral-steps"')[2]
        for word in (
            "移交",
            "系统",
            "接收",
            "值班员",
            "已通知网格员",
            "地址有误",
            "网格手机 大孤山网格员",
            "收到",
            "问到的地址",
        ):
            assert word in steps, word
        assert "13911112222" not in page
        assert "13*******22" in page

    def test_the_family_of_the_same_car_stands_beside(self, handed: Handed) -> None:  # noqa: F811
        first, second, third = handed.over(3)
        alone = handed.one()
        page = text(handed.city.township.get(address_of(first))).partition("同车的人")[2]
        assert address_of(second) in page
        assert address_of(third) in page
        assert address_of(alone) not in page

    def test_three_in_a_car_and_three_steps_ask_as_often_as_two(
        self, handed: Handed, django_assert_max_num_queries: Any  # noqa: F811
    ) -> None:  # fmt: skip
        asked = []
        for people in (2, 4):
            one = handed.over(people)[0]
            for _ in range(people):
                act(handed.city.township, one, "answer", kind="CALLED")
            handed.city.township.get(address_of(one))
            with django_assert_max_num_queries(100) as counted:
                handed.city.township.get(address_of(one))
            asked.append(len(counted))
        assert asked[0] == asked[1]

    def test_all_of_it_is_seen_for_a_purpose_that_is_noted(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one(name="王小明", phone="13900001234")
        county = handed.city.haicheng
        response = county.post(f"{address_of(one)}/unmask", {"purpose": "INVESTIGATION"})
        page = text(response)
        assert "13900001234" in page
        assert "东区3号楼2单元" in page
        assert "Refresh" in response
        entry = AuditEntry.objects.using("owner").get(act="UNMASKED")
        assert (entry.subject, entry.purpose) == (f"REFERRAL {one.id}", "INVESTIGATION")
        assert entry.details["reference"] in page
        assert county.get(f"{address_of(one)}/unmask").status_code == 302
        assert county.post(f"{address_of(one)}/unmask", {"purpose": "CURIOSITY"}).status_code == 400
        assert (
            handed.city.township.post(f"{address_of(one)}/unmask", {"purpose": "INVESTIGATION"}).status_code
            == 403
        )

    def test_through_broken_glass_one_looks_and_is_offered_nothing(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        breaks(handed.city.xiuyan)
        page = text(handed.city.xiuyan.get(address_of(one)))
        assert "referral-acts" not in page
        answered = act(handed.city.xiuyan, one, "answer", kind="ACCEPTED")
        assert answered.status_code == 403
        assert "这里只能看" in text(answered)
        assert stands(one).state == "SENT"


class TestAnswers:
    @pytest.mark.parametrize("kind", ["ACCEPTED", "ARRIVED", "NOT_HERE", "WRONG_ADDRESS"])
    def test_each_leads_where_it_says(self, handed: Handed, kind: str) -> None:  # noqa: F811
        one = handed.one()
        assert act(handed.city.township, one, "answer", kind=kind).status_code == 302
        assert stands(one).state == kind
        assert "已记下" in text(handed.city.township.get(address_of(one)))

    def test_a_double_tap_is_one_act(self, handed: Handed) -> None:  # noqa: F811
        one, id = handed.one(), uuid7()
        for _ in "12":
            assert act(handed.city.township, one, "answer", id=id, kind="CALLED").status_code == 302
        assert kinds(one) == ["SENT", "CALLED"]
        assert "没有重复办理" in text(handed.city.township.get(address_of(one)))

    def test_two_buttons_of_one_form_are_two_acts(self, handed: Handed) -> None:  # noqa: F811
        one, id = handed.one(), uuid7()
        act(handed.city.township, one, "answer", id=id, kind="ACCEPTED")
        act(handed.city.township, one, "answer", id=id, kind="ARRIVED")
        assert kinds(one) == ["SENT", "ACCEPTED", "ARRIVED"]

    def test_what_others_did_meanwhile_is_told_on_the_page(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        act(handed.city.haicheng, one, "answer", kind="ARRIVED")
        answered = act(handed.city.township, one, "answer", kind="ACCEPTED")
        assert answered.status_code == 409
        page = text(answered)
        assert "这条移交已经有了别的答复" in page
        assert "已到" in page

    @pytest.mark.parametrize(
        "given",
        [{"kind": ""}, {"kind": "MOVED_ON"}, {"kind": "DELETED"}, {"kind": "ACCEPTED", "id": ""}, {"kind": "ACCEPTED", "id": "x"},
         {"kind": "ACCEPTED", "id": "00000000-0000-4000-8000-000000000000"}, {"kind": "ACCEPTED", "note": "字" * 201},
         {"kind": "ACCEPTED", "id": "ffffffff-ffff-4fff-bfff-ffffffffffff"}],
    )  # fmt: skip
    def test_what_cannot_be_read_changes_nothing(self, handed: Handed, given: dict[str, str]) -> None:  # noqa: F811
        one = handed.one()
        whole = {"id": str(uuid7()), **given}
        answered = handed.city.township.post(f"{address_of(one)}/answer", whole)
        assert answered.status_code == 400
        assert 'role="alert"' in text(answered)
        assert kinds(one) == ["SENT"]

    def test_an_id_that_another_county_used_hinders_nobody_here(self, handed: Handed) -> None:  # noqa: F811
        theirs, ours, id = handed.one(destination=NEXT_COUNTY), handed.one(), uuid7()
        act(handed.city.xiuyan, theirs, "answer", id=id, kind="ACCEPTED")
        answered = act(handed.city.township, ours, "answer", id=id, kind="ACCEPTED")
        assert answered.status_code == 302
        assert (stands(theirs).state, stands(ours).state) == ("ACCEPTED", "ACCEPTED")


class TestElsewhere:
    def test_placed_he_is_the_next_ones_and_the_clock_begins_anew(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        Referral.objects.using("owner").update(due_at=datetime.now(UTC) - timedelta(hours=5))
        answered = act(
            handed.city.township, one, "move", kind="PLACED", division=OTHER_VILLAGE, note="西街8号"
        )
        assert answered.status_code == 302
        now = stands(one)
        assert (now.destination, now.state) == (OTHER_VILLAGE, "SENT")
        assert now.due_at > datetime.now(UTC)
        assert "小孤山村" in text(handed.city.township.get(address_of(one)))

    def test_moved_on_he_is_handed_over_again_once(self, handed: Handed) -> None:  # noqa: F811
        one, id = handed.one(), uuid7()
        for _ in "12":
            act(
                handed.city.township,
                one,
                "move",
                id=id,
                kind="MOVED_ON",
                place="小孤山",
                division=OTHER_VILLAGE,
            )
        next_one = Referral.objects.using("owner").get(previous_id=one.id)
        assert stands(one).state == "MOVED_ON"
        page = text(handed.city.township.get(address_of(next_one)))
        assert "由别处转来" in page
        assert "GATE卡口" in page

    def test_beyond_the_city_he_waits_for_others(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        act(handed.city.township, one, "move", kind="PLACED", division=BEYOND)
        assert (stands(one).state, stands(one).outside) == ("OUTSIDE", True)
        assert "协查函" in text(handed.city.township.get(address_of(one)))

    def test_into_the_next_county_a_township_places_too(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        assert act(handed.city.township, one, "move", kind="PLACED", division=NEXT_COUNTY).status_code == 302
        assert handed.city.xiuyan.get(address_of(one)).status_code == 200
        page = text(handed.city.township.get(address_of(one)))
        assert "referral-acts" not in page

    @pytest.mark.parametrize("given", [{"division": ""}, {"division": "999999"}, {"place": "没有这地方"}])
    def test_a_place_that_is_none_is_told(self, handed: Handed, given: dict[str, str]) -> None:  # noqa: F811
        one = handed.one()
        answered = act(handed.city.township, one, "move", kind="PLACED", **given)
        assert answered.status_code == 400
        assert 'role="alert"' in text(answered)
        assert kinds(one) == ["SENT"]

    def test_where_he_is_headed_already_is_told(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        answered = act(handed.city.township, one, "move", kind="PLACED", division=VILLAGE)
        assert answered.status_code == 409
        assert "去往的地方没有变" in text(answered)


class TestWithdrawing:
    def test_with_a_reason_nobody_waits_for_him(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        assert act(handed.city.township, one, "withdraw", note="未入城").status_code == 302
        assert stands(one).state == "WITHDRAWN"
        assert "未入城" in text(handed.city.township.get(address_of(one)))

    @pytest.mark.parametrize("note", ["", " ", "\u3000"])
    def test_without_one_he_stays(self, handed: Handed, note: str) -> None:  # noqa: F811
        one = handed.one()
        answered = act(handed.city.township, one, "withdraw", note=note)
        assert answered.status_code == 400
        assert "请写明撤销的理由" in text(answered)
        assert stands(one).state == "SENT"


class TestLetters:
    def test_it_says_who_is_meant_and_no_more_and_is_noted(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one(destination=BEYOND, name="王小明", phone="13900001234", occupation="厨师")
        county = handed.city.haicheng
        letter = text(act(county, one, "letter", kind="LETTER_SENT", note="沈河区指挥部"))
        for word in (
            "协查函",
            "编号",
            "沈阳市沈河区",
            "王小明",
            "13900001234",
            "东区3号楼2单元",
            "隔离观察",
            "我方经办人",
            "导出人",
        ):
            assert word in letter, word
        assert "厨师" not in letter
        entry = AuditEntry.objects.using("owner").get(act="EXPORTED")
        assert entry.subject == f"REFERRAL {one.id}"
        assert entry.details["reference"] in letter
        assert kinds(one) == ["SENT", "LETTER_SENT"]

    def test_printed_again_it_has_the_same_number(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one(destination=BEYOND)
        first = text(act(handed.city.haicheng, one, "letter", kind="LETTER_SENT"))
        event = ReferralEvent.objects.using("owner").get(kind="LETTER_SENT")
        again = text(handed.city.haicheng.post(f"{address_of(one)}/letter/{event.id}"))

        def number(page: str) -> str:
            return page.partition("<title>协查函 ")[2][:9]

        assert number(first) == number(again) != ""
        assert number(first) in text(handed.city.haicheng.get(address_of(one)))
        assert handed.city.xiuyan.post(f"{address_of(one)}/letter/{event.id}").status_code == 404
        assert handed.city.haicheng.get(f"{address_of(one)}/letter/{event.id}").status_code == 302

    def test_what_they_answer_is_noted_and_sent_back_he_is_ours(self, handed: Handed) -> None:  # noqa: F811
        taken, back = handed.one(destination=BEYOND), handed.one(destination=BEYOND)
        county = handed.city.haicheng
        assert act(county, taken, "letter", kind="LETTER_ANSWERED", note="沈河区李主任").status_code == 302
        assert stands(taken).state == "ACCEPTED"
        assert act(county, back, "letter", kind="LETTER_RETURNED").status_code == 302
        assert (stands(back).state, stands(back).outside) == ("SENT", False)
        assert address_of(back) in text(county.get("/desk/referrals"))

    def test_within_the_city_none_is_offered_or_taken(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        assert "/letter" not in text(handed.city.township.get(address_of(one)))
        assert act(handed.city.township, one, "letter", kind="LETTER_SENT").status_code == 409
        assert not AuditEntry.objects.using("owner").filter(act="EXPORTED").exists()


@pytest.mark.parametrize("what", ["answer", "move", "withdraw", "letter"])
def test_the_next_county_is_told_of_nothing(handed: Handed, what: str) -> None:  # noqa: F811
    one = handed.one()
    given = {
        "kind": {"move": "PLACED", "letter": "LETTER_SENT"}.get(what, "ACCEPTED"),
        "division": OTHER_VILLAGE,
        "note": "x",
    }
    for client in (handed.city.xiuyan, at_desk(factories.officer("TOWNSHIP_DESK", "210381102"))):
        assert act(client, one, what, **given).status_code == 404
        assert act(client, one, what).status_code == 404
    assert act(Client(), one, what, **given).status_code == 302
    assert kinds(one) == ["SENT"]


class TestTheAddress:
    def test_sent_elsewhere_the_address_of_the_gate_is_not_the_new_places(
        self,
        handed: Handed,  # noqa: F811
    ) -> None:
        one = handed.one(address="东区3号楼2单元")
        assert "登记时写的地址" not in text(handed.city.haicheng.get(address_of(one)))
        act(handed.city.haicheng, one, "move", kind="PLACED", division=OTHER_VILLAGE, address="老街8号院")
        page = text(handed.city.haicheng.get(address_of(one)))
        place = page.partition("去往")[2].partition("当地责任人")[0]
        assert "老街" in place.partition("登记时写的地址")[0]
        assert "东区" in place.partition("登记时写的地址")[2]
