"""Duty at the desk: today by group, the week, signing in and handing over, groups; each role, the stranger, one and three."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianfang.command.models import DutyHandover, DutySlot, DutySwap, Headquarters, Membership, WorkGroup
from lianfang.command.roles import ROLES
from lianfang.command.rules.duty import duty_day, monday_of
from lianfang.command.services.duty_slots import sign_in_for_duty
from lianfang.doors.hq import duty_open
from lianfang.kernel import clock
from lianfang.kernel.reach import Reach
from lianfang.situation.lead import OpenItem
from lianfang.situation.models import QualityTask
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import ANSHAN, HAICHENG, XIUYAN
from tests.noted import noted
from tests.staffed import Staffed, noon, staffed

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SILENT = "SILENT_CHECKPOINT GATE卡口 GATE"  # nobody has come through it
PAGES = ("/desk/duty", "/desk/duty/week", "/desk/duty/handovers", "/desk/duty/groups")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The middle of the duty day that runs, for every page of duty."""
    moment = noon(clock.now())
    for name in ("duty", "duty_week", "duty_slots", "duty_accepting", "duty_groups", "my_work"):
        monkeypatch.setattr(f"lianfang.doors.hq.{name}.now", lambda: moment)
    return moment


@pytest.fixture
def hq(city: City, at: datetime) -> Staffed:
    return staffed(at=at)


@pytest.fixture
def keeper(hq: Staffed) -> Client:
    return at_desk(hq.keeper)


@pytest.fixture
def officer(hq: Staffed) -> tuple[Client, UUID]:
    """An officer of a township in the group, at his desk, and who he is on duty."""
    reach, person = hq.officer("李二")
    return at_desk(reach), person


def posted(client: Client, address: str, **given: Any) -> HttpResponse:
    return client.post(address, given, follow=True)


def of(slot: DutySlot, act: str = "") -> str:
    return f"/desk/duty/slots/{slot.id}{act}"


class TestToday:
    def test_names_telephones_and_the_rate_with_both_counts(
        self, hq: Staffed, keeper: Client, at: datetime
    ) -> None:
        there, empty = hq.slot(hq.member("王一", phone="13900000001")), hq.slot(hq.member("张三"))
        hq.slot(hq.member("赵四"), on=hq.today + DAY)
        sign_in_for_duty(by=hq.keeper, id=there.id, at=at)
        page = text(keeper.get("/desk/duty"))
        assert 'href="tel:13900000001"' in page
        assert '<div class="headline__number">1<span class="headline__unit">/ 2</span>' in page
        assert "1 个岗没有人到" in page
        alarm = page.split('<ul class="empties">')[1].split("</ul>")[0]
        assert empty.person.name in alarm
        assert "王一" not in alarm
        row = page.split("数据统计组</td>")[1].split("</tr>")[0]
        assert row.index("王一") < row.index("赵四")
        assert page.count("没有排班") == 9  # the other groups

    def test_a_city_without_headquarters_says_so_and_offers_the_next_act(self, city: City) -> None:
        for address in PAGES:
            page = text(city.haicheng.get(address))
            assert "这里还没有设立指挥部" in page
            assert "/desk/duty/headquarters/new" in page
        page = text(city.township.get("/desk/duty"))
        assert "这里还没有设立指挥部" in page
        assert "/desk/duty/headquarters/new" not in page

    def test_headquarters_above_are_looked_at_and_not_kept(self, hq: Staffed, city: City) -> None:
        above = staffed(ANSHAN, at=hq.at, role="HEADQUARTERS", name="鞍山市指挥部")
        page = text(city.haicheng.get("/desk/duty"))
        assert "<h1>海城市疫情防控指挥部</h1>" in page
        assert "鞍山市指挥部" in page
        week = text(city.haicheng.get("/desk/duty/week?of=210300"))
        assert "鞍山市指挥部" in week
        assert "复制到下一周" not in week
        refused = posted(city.haicheng, "/desk/duty/groups/add", of="210300", zh="组")
        assert refused.status_code == 403
        person = above.member("王一")
        given = {
            "member": f"{above.group().id} {person}",
            "on": hq.today,
            "part": "FULL",
            "role": "DUTY",
            "of": "210300",
        }
        assert posted(city.haicheng, "/desk/duty/week/plan", **given).status_code == 403
        assert not DutySlot.objects.exists()

    def test_the_next_county_finds_nothing_of_it(self, hq: Staffed, city: City) -> None:
        hq.slot(hq.member("王一"))
        for address in PAGES:
            assert "海城市疫情防控指挥部" not in text(city.xiuyan.get(address))
            for asked in ("?of=210381", "?of=x"):
                assert city.xiuyan.get(address + asked).status_code == 404

    @pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
    def test_every_desk_looks_and_nobody_else(self, hq: Staffed, role: str) -> None:
        client = at_desk(factories.officer(role, HAICHENG))
        looks = role in ("HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK", "CHECKPOINT_LEAD")
        keeps = role in ("HEADQUARTERS", "COUNTY_DESK")
        for address in (*PAGES, "/desk/duty/week/sheet", "/desk/duty/week.xlsx"):
            assert client.get(address).status_code == (200 if looks else 403)
        assert client.post("/desk/duty/week/copy", {"of": HAICHENG}).status_code == (302 if keeps else 403)
        assert Client().get("/desk/duty").status_code == 302

    @pytest.mark.parametrize("address", [*PAGES, "/desk/duty/week/sheet", "/desk"])
    def test_three_of_each_cost_as_many_questions_as_one(
        self, hq: Staffed, keeper: Client, at: datetime, address: str
    ) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as questions:
                assert keeper.get(address).status_code == 200
            return len(questions)

        def add(name: str) -> None:
            slot, later = hq.slot(hq.member(name)), hq.slot(hq.member(f"{name}的同事"), on=hq.today + DAY)
            sign_in_for_duty(by=hq.keeper, id=slot.id, at=at)
            keeper.post(of(slot, "/hand-over"), {"note": name, "item": SILENT})
            keeper.post(of(later, "/swap"), {"person": slot.person_id, "reason": "有事"})

        add("王一")
        one = asked()
        add("李二")
        add("张三")
        assert (DutyHandover.objects.count(), DutySwap.objects.count()) == (3, 3)
        assert asked() == one


class TestSigning:
    def test_an_officer_signs_in_from_his_own_work(
        self, hq: Staffed, officer: tuple[Client, UUID], at: datetime
    ) -> None:
        client, person = officer
        slot = hq.slot(person)
        assert "我的值班" in text(client.get("/desk"))
        assert of(slot) in text(client.get("/desk"))
        assert 'data-testid="sign-in"' in text(client.get(of(slot)))
        assert "已签到" in text(posted(client, of(slot, "/sign-in")))
        assert DutySlot.objects.get().state == "ON_DUTY"
        assert client.get(of(slot, "/sign-in")).status_code == 302
        assert noted("DUTY_SIGNED_IN")[0].details["own"] is True

    def test_a_colleague_sees_no_button_and_is_refused(
        self, hq: Staffed, officer: tuple[Client, UUID]
    ) -> None:
        slot = hq.slot(hq.member("王一"))
        client, _ = officer
        page = text(client.get(of(slot)))
        assert 'data-testid="sign-in"' not in page
        assert "申请换班" not in page
        refused = posted(client, of(slot, "/sign-in"))
        assert refused.status_code == 403
        assert "这是别人的值班" in text(refused)
        for act in ("/absent", "/replace", "/withdraw"):
            assert posted(client, of(slot, act)).status_code == 403

    def test_too_early_is_said_in_words(self, hq: Staffed, officer: tuple[Client, UUID]) -> None:
        client, person = officer
        slot = hq.slot(person, on=hq.today + DAY)
        assert "开始前一小时起可以签到" in text(client.get(of(slot)))
        assert "还没有到时间" in text(posted(client, of(slot, "/sign-in")))


class TestHandingOver:
    @pytest.fixture
    def pair(self, hq: Staffed, officer: tuple[Client, UUID], at: datetime) -> tuple[DutySlot, DutySlot]:
        """The officer on duty, and a colleague without an account who comes next within the hour."""
        one, two = hq.slot(officer[1]), hq.slot(hq.member("王一"))
        sign_in_for_duty(by=hq.keeper, id=one.id, at=at)
        return one, two

    @pytest.fixture
    def finding(self, at: datetime) -> QualityTask:
        lies = {"checkpoint": "GATE", "jurisdiction": 210381 * 10**12}
        return QualityTask.objects.create(
            finding="INCOMPLETE", key="GATE.x", day=duty_day(at), first_day=duty_day(at), assigned_to=uuid4(),
            assigned_by=uuid4(), assigned_at=at, **lies,
        )  # fmt: skip

    def keys(self, client: Client, slot: DutySlot) -> list[str]:
        return re.findall(r'name="item" value="([^"]+)"', text(client.get(of(slot))))

    def test_what_waits_stands_in_the_note_and_cannot_be_left_out(
        self, officer: tuple[Client, UUID], pair: tuple[DutySlot, DutySlot], finding: QualityTask
    ) -> None:
        client, _ = officer
        keys = self.keys(client, pair[0])
        assert keys == ["SILENT_CHECKPOINT GATE卡口 GATE", "FINDING_OPEN INCOMPLETE"]
        refused = posted(client, of(pair[0], "/hand-over"), note="雪", item=keys[:1])
        assert refused.status_code == 400
        assert "有 1 项未了的事没有列在交班里" in text(refused)
        assert "雪" in text(refused)  # what was written is kept
        assert "已交班" in text(posted(client, of(pair[0], "/hand-over"), note="雪", item=keys))
        (made,) = DutyHandover.objects.all()
        assert [item["kind"] for item in made.open_items] == ["SILENT_CHECKPOINT", "FINDING_OPEN"]

    def test_the_desk_accepts_for_the_successor_and_he_is_on_duty(
        self, keeper: Client, officer: tuple[Client, UUID], pair: tuple[DutySlot, DutySlot]
    ) -> None:
        client, _ = officer
        posted(client, of(pair[0], "/hand-over"), note="路滑", item=self.keys(client, pair[0]))
        (made,) = DutyHandover.objects.all()
        address = f"/desk/duty/handovers/{made.id}"
        assert address in text(keeper.get("/desk/duty"))
        page = text(keeper.get(address))
        assert "路滑" in page
        assert 'data-testid="accept"' in page
        assert 'data-testid="accept"' not in text(client.get(address))
        assert "已接班" in text(posted(keeper, f"{address}/accept", slot=pair[1].id))
        assert dict(DutySlot.objects.values_list("person__name", "state")) == {
            "李二": "HANDED_OVER",
            "王一": "ON_DUTY",
        }
        listed = text(keeper.get("/desk/duty/handovers"))
        assert "路滑" in listed
        assert "等接班" not in listed
        assert keeper.get(f"{address}/accept").status_code == 302

    def test_what_opened_meanwhile_is_shown_before_it_is_accepted(
        self,
        keeper: Client,
        officer: tuple[Client, UUID],
        pair: tuple[DutySlot, DutySlot],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        client, _ = officer
        posted(client, of(pair[0], "/hand-over"), item=self.keys(client, pair[0]))
        address = f"/desk/duty/handovers/{DutyHandover.objects.get().id}"

        def referred(seen: Reach, moment: datetime) -> list[OpenItem]:
            return [OpenItem("FINDING_OPEN", "UNSENT", 4)]

        monkeypatch.setattr(duty_open, "QUESTIONS", (*duty_open.QUESTIONS, referred))
        refused = posted(keeper, f"{address}/accept", slot=pair[1].id)
        assert refused.status_code == 400
        assert "交班以后新增的" in text(refused)
        assert "已接班" in text(
            posted(keeper, f"{address}/accept", slot=pair[1].id, item="FINDING_OPEN UNSENT")
        )
        assert DutyHandover.objects.get().added_items[0]["amount"] == 4

    def test_nothing_of_the_next_county_is_handed_over(
        self, hq: Staffed, at: datetime, finding: QualityTask
    ) -> None:
        QualityTask.objects.update(jurisdiction=210323 * 10**12)
        factories.checkpoint("FAR", division=XIUYAN)
        whole_city = factories.officer("HEADQUARTERS", ANSHAN)
        found = duty_open.open_items_of(whole_city, hq.headquarters.lo, hq.headquarters.hi, at)
        assert [item.about for item in found] == ["GATE卡口 GATE"]
        assert len(duty_open.open_items(whole_city, at)) == 3

    def test_a_note_is_escaped_and_no_novel(
        self, officer: tuple[Client, UUID], pair: tuple[DutySlot, DutySlot]
    ) -> None:
        client, _ = officer
        keys = self.keys(client, pair[0])
        assert posted(client, of(pair[0], "/hand-over"), note="长" * 1001, item=keys).status_code == 400
        posted(client, of(pair[0], "/hand-over"), note="<b>雪</b>\n路滑", item=keys)
        page = text(client.get(f"/desk/duty/handovers/{DutyHandover.objects.get().id}"))
        assert "&lt;b&gt;雪&lt;/b&gt;<br>路滑" in page


class TestTheWeek:
    def test_a_slot_is_planned_shown_with_its_gaps_and_taken_back(self, hq: Staffed, keeper: Client) -> None:
        person = hq.member("王一")
        given = {
            "member": f"{hq.group().id} {person}",
            "on": hq.today,
            "part": "EARLY",
            "role": "LEAD",
            "of": HAICHENG,
        }
        assert "已排上" in text(posted(keeper, "/desk/duty/week/plan", **given))
        row = (
            text(keeper.get("/desk/duty/week"))
            .split('<th scope="row" class="duty-now__part">数据统计组</th>')[1]
            .split("</tr>")[0]
        )
        assert "缺值班 08:00–16:00" in row
        assert "缺带班、值班 16:00–08:00" in row
        assert row.count('<span class="week__gap">缺带班、值班</span>') == 6
        again = posted(keeper, "/desk/duty/week/plan", **given)
        assert again.status_code == 400
        assert "已有值班" in text(again)
        assert "已撤销" in text(posted(keeper, of(DutySlot.objects.get(), "/withdraw")))
        assert "王一</a>" not in text(keeper.get("/desk/duty/week"))

    def test_a_week_is_copied_and_says_what_was_left_out(self, hq: Staffed, keeper: Client) -> None:
        hq.slot(hq.member("王一"), on=monday_of(hq.today) + 7 * DAY)
        monday = (monday_of(hq.today) + 7 * DAY).isoformat()
        page = text(posted(keeper, "/desk/duty/week/copy", of=HAICHENG, week=monday))
        assert "已复制 1 个班" in page
        assert "另有 1 个没有复制" in text(posted(keeper, "/desk/duty/week/copy", of=HAICHENG, week=monday))

    @pytest.mark.parametrize("week", ["", "x", "2020-02-31", "9999-12-31", "0001-01-01"])
    def test_any_week_can_be_asked_for(self, hq: Staffed, keeper: Client, week: str) -> None:
        for address in ("/desk/duty/week", "/desk/duty/week/sheet", "/desk/duty/week.xlsx"):
            assert keeper.get(f"{address}?week={week}").status_code == 200

    def test_paper_and_sheet_say_who_where_and_who_was_planned(
        self, hq: Staffed, keeper: Client, city: City
    ) -> None:
        one, two = hq.member("=王一", phone="13900000001"), hq.member("李二")
        slot = hq.slot(one, on=hq.today + (DAY if hq.today.weekday() < 6 else 0 * DAY), part="MIDDLE")
        swap = posted(keeper, of(slot, "/swap"), person=two, reason="有事")
        assert "已提出换班" in text(swap)
        assert "已同意换班" in text(
            posted(city.haicheng, f"/desk/duty/swaps/{DutySwap.objects.get().id}/decide", granted="1")
        )
        page = text(keeper.get("/desk/duty/week/sheet"))
        assert "李二（=王一）" in page
        assert "16:00–00:00" in page
        response = keeper.get("/desk/duty/week.xlsx")
        sheet = load_workbook(BytesIO(response.content)).active
        rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "数据统计组"]
        (told,) = [row for row in rows if row[6] == "李二"]
        assert (told[2], told[5], told[8]) == ("中班", "值班", "=王一")
        assert [cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == "=王一"] == ["s"]
        assert any(str(row[2]).startswith("缺带班") for row in rows)
        assert [one.subject for one in noted("EXPORTED")] == [f"DUTY 210381 {monday_of(hq.today)}"] * 2


class TestAbsenceAndSwaps:
    def test_absent_replaced_and_both_names_stay(self, hq: Staffed, keeper: Client) -> None:
        slot, other = hq.slot(hq.member("王一")), hq.member("李二")
        assert "请写明缺勤原因" in text(posted(keeper, of(slot, "/absent"), reason=""))
        assert "已记缺勤" in text(posted(keeper, of(slot, "/absent"), reason="发热"))
        assert "安排顶班" in text(keeper.get(of(slot)))
        assert posted(keeper, of(slot, "/replace"), person=uuid4()).status_code == 400
        assert "已安排顶班" in text(posted(keeper, of(slot, "/replace"), person=other))
        page = text(keeper.get("/desk/duty"))
        assert "替 王一" in page
        made = DutySlot.objects.get(instead_of=slot)
        assert "王一 缺勤，由他顶班" in text(keeper.get(of(made)))
        assert "由 李二 顶班" in text(keeper.get(of(slot)))

    def test_a_swap_waits_for_another_desk(
        self, hq: Staffed, keeper: Client, city: City, officer: tuple[Client, UUID]
    ) -> None:
        client, person = officer
        slot, other = hq.slot(person, on=hq.today + DAY), hq.member("王一")
        theirs = hq.slot(other, on=hq.today + 2 * DAY)
        asked = posted(client, of(slot, "/swap"), person=other, in_return=theirs.id, reason="就医")
        assert "已提出换班" in text(asked)
        swap = DutySwap.objects.get()
        assert f"/desk/duty/swaps/{swap.id}/decide" not in text(client.get("/desk/duty"))
        assert client.post(f"/desk/duty/swaps/{swap.id}/decide", {"granted": "1"}).status_code == 403
        assert f"/desk/duty/swaps/{swap.id}/decide" in text(keeper.get("/desk/duty"))
        assert "没有同意换班" in text(posted(keeper, f"/desk/duty/swaps/{swap.id}/decide", granted="0"))
        posted(keeper, of(slot, "/swap"), person=other, reason="就医")
        own = DutySwap.objects.get(state="ASKED")
        assert "由别人来批" in text(keeper.get("/desk/duty"))
        assert posted(keeper, f"/desk/duty/swaps/{own.id}/decide", granted="1").status_code == 403
        assert "已同意换班" in text(posted(city.haicheng, f"/desk/duty/swaps/{own.id}/decide", granted="1"))


class TestGroups:
    def test_headquarters_are_set_up_with_named_groups_and_filled(self, city: City, at: datetime) -> None:
        given = {"place": "海城市", "division": HAICHENG, "name": "海城市指挥部"}
        page = text(posted(city.haicheng, "/desk/duty/headquarters/new", **given))
        assert "已设立" in page
        assert page.count("还没有人。") == 10
        group = WorkGroup.objects.get(code="LEGAL")
        told = {
            "of": HAICHENG,
            "group": group.id,
            "name": "王一",
            "phone": "0412-3220000",
            "role": "LEADER",
            "title": "局长",
        }
        assert "已编入" in text(posted(city.haicheng, "/desk/duty/groups/members", **told))
        page = text(city.haicheng.get("/desk/duty/groups"))
        assert 'href="tel:04123220000"' in page
        assert "局长" in page
        assert "没有账号，由值班员代签" in page
        again = posted(city.haicheng, "/desk/duty/groups/members", **told)
        assert again.status_code == 400
        assert "他已经在这个组里" in text(again)
        assert "已增设" in text(posted(city.haicheng, "/desk/duty/groups/add", of=HAICHENG, zh="后勤组"))
        assert posted(city.haicheng, "/desk/duty/headquarters/new", **given).status_code == 400
        assert Headquarters.objects.count() == 1

    def test_only_officers_of_the_area_are_offered(self, hq: Staffed, keeper: Client) -> None:
        factories.officer("COUNTY_DESK", XIUYAN, name="岫岩的人")
        factories.officer("TOWNSHIP_DESK", "210381101", name="孤山的人")
        page = text(keeper.get("/desk/duty/groups"))
        assert "孤山的人" in page
        assert "岫岩的人" not in page

    def test_somebody_is_taken_out_once_nothing_waits_for_him(
        self, hq: Staffed, keeper: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lianfang.doors.hq.duty_groups.now", lambda: hq.at + HOUR)
        slot = hq.slot(hq.member("王一"), on=hq.today + DAY)
        address = f"/desk/duty/groups/members/{Membership.objects.get().id}/end"
        refused = posted(keeper, address)
        assert refused.status_code == 409
        assert "还有 1 个值班" in text(refused)
        posted(keeper, of(slot, "/withdraw"))
        assert "已调出" in text(posted(keeper, address))
        assert posted(keeper, address).status_code == 404


def test_the_pages_are_in_english_too(hq: Staffed, keeper: Client) -> None:
    slot = hq.slot(hq.member("王一"))
    keeper.cookies["django_language"] = "en"
    assert "On duty today" in text(keeper.get("/desk/duty"))
    assert "Statistics" in text(keeper.get("/desk/duty/week"))
    assert "No Lead" in text(keeper.get("/desk/duty/week"))
    assert "Sign in for this person" in text(keeper.get(of(slot)))
