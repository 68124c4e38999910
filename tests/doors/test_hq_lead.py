"""The lead's page: lanes and their phones, who is there, this hour, handing over; each role, and the next county."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import ClockIn, Device, DeviceReport, PaperLine, PaperPad, ShiftHandover
from lianfang.checkpoints.queries.lead import lanes
from lianfang.command.services import worker_session
from lianfang.kernel.reach import reach
from lianfang.situation.fold import catch_up
from lianfang.situation.lead import hour_figures
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG

PAGE = "/desk/checkpoints/GATE"


def now() -> datetime:
    return datetime.now(UTC)


def report(device: Device, **told: Any) -> None:
    given = {
        "seen_at": now(),
        "unsent": 0,
        "set_aside": 0,
        "lane": "1",
        "officer": "GATE-1",
        "battery_percent": 80,
    } | told
    DeviceReport.objects.update_or_create(device=device, defaults=given)


def clock_in(officer: str, *, hours: float, left: float | None = None, lane: str = "1") -> None:
    came_at = now() - timedelta(hours=hours)
    left_at = now() - timedelta(hours=left) if left is not None else None
    ClockIn.objects.create(
        id=uuid4(),
        checkpoint_id="GATE",
        officer=officer,
        lane=lane,
        came_at=came_at,
        left_at=left_at,
        received_at=now(),
    )


@pytest.fixture
def lead(city: City) -> Client:
    return at_desk(factories.officer("CHECKPOINT_LEAD", HAICHENG, name="甲负责人"))


@pytest.fixture
def next_lead(city: City) -> Client:
    return at_desk(factories.officer("CHECKPOINT_LEAD", HAICHENG, name="乙负责人"))


def hand_over(client: Client, note: str = "备用电池在抽屉里") -> HttpResponse:
    return client.post(f"{PAGE}/hand-over", {"note": note}, follow=True)


class TestThePage:
    def test_says_of_each_lane_what_it_does_and_what_it_holds(self, city: City, lead: Client) -> None:
        city.generated.at = now()
        city.register(people=2)
        catch_up(worker_session())
        report(
            city.intake.device,
            unsent=12,
            set_aside=1,
            battery_percent=9,
            oldest_unsent_at=now() - timedelta(minutes=61),
        )
        page = text(lead.get(PAGE))
        for said in ("1 道", "一号机", "GATE-1", "12", "1 小时前", "9%"):
            assert said in page
        assert 'badge--bad">9%' in page
        with reach(factories.officer()) as seen:
            (lane,) = lanes(seen, "GATE", at=now())
        assert (lane.passages, lane.unsent, lane.set_aside) == (1, 12, 1)
        this = hour_figures(["GATE"], at=now())["GATE"].this
        assert this is not None
        assert tuple(this) == (1, 2)

    def test_without_a_word_from_anybody_nothing_is_a_nought(self, city: City, lead: Client) -> None:
        page = text(lead.get(PAGE))
        assert "还没有联系过" in page
        assert "还没有人签到" in page
        assert page.count('<td class="number">—</td>') >= 8
        assert ">0<" not in page.split("这一小时")[1].split("</table>")[0]

    def test_a_lane_that_has_fallen_silent_says_so(self, city: City, lead: Client) -> None:
        report(city.intake.device, seen_at=now() - timedelta(minutes=47))
        assert "没有声音的车道" in text(lead.get(PAGE))
        report(city.intake.device, seen_at=now() - timedelta(minutes=5))
        assert "没有声音的车道" not in text(lead.get(PAGE))
        report(city.intake.device, seen_at=now() - timedelta(hours=9), lane="")  # nobody stands there
        assert "没有声音的车道" not in text(lead.get(PAGE))

    def test_who_is_there_who_left_and_who_forgot(self, city: City, lead: Client) -> None:
        clock_in("GATE-1", hours=3)
        clock_in("GATE-2", hours=9, left=1)
        clock_in("GATE-3", hours=20)
        clock_in("GATE-4", hours=90)
        page = text(lead.get(PAGE))
        here = re.findall(r"<li( class=\"quiet\")?><strong>(GATE-\d)", page)
        assert here == [("", "GATE-1"), (' class="quiet"', "GATE-3"), (' class="quiet"', "GATE-2")]
        assert "没有签退" in page

    def test_a_revoked_phone_and_the_paper_device_stand_on_no_lane(self, city: City, lead: Client) -> None:
        pad = PaperPad.objects.create(
            checkpoint_id="GATE", purpose="ENTRY", rows=20, printed_by=uuid4(), printed_at=now()
        )
        given = {
            "row": 1, "day": factories.today().isoformat(), "clock": "0000", "plate": "辽C12345", "direction": "IN",
            "transport": "CAR", "people_typed": 1, "p1-type": "NONE",
        }  # fmt: skip
        assert "已保存" in text(lead.post(f"/desk/transcribe/{pad.number}", given, follow=True))
        assert Device.objects.filter(name="纸质录入").exists()
        assert "纸质录入" not in text(lead.get(PAGE)).split("车道和手机")[1]

    def test_the_list_names_the_checkpoints_to_look_at(self, city: City, lead: Client) -> None:
        city.generated.at = now()
        city.register()
        catch_up(worker_session())
        report(city.intake.device)
        assert '<div class="headline__number">0<span class="headline__unit">/ 1' in text(
            lead.get("/desk/checkpoints")
        )
        report(city.intake.device, unsent=3)
        page = text(lead.get("/desk/checkpoints"))
        assert '<div class="headline__number">1<span class="headline__unit">/ 1' in page
        assert "1 / 1" in page  # people and vehicles of this hour, phones in contact

    @pytest.mark.parametrize("address", ["/desk/checkpoints", PAGE])
    def test_three_of_each_cost_as_many_questions_as_one(
        self, city: City, lead: Client, address: str
    ) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as questions:
                assert lead.get(address).status_code == 200
            return len(questions)

        report(city.intake.device)
        clock_in("GATE-1", hours=1)
        hand_over(lead)
        one = asked()
        for n in (2, 3):
            report(factories.device("GATE", name=f"{n}号机"), lane=str(n))
            clock_in(f"GATE-{n}", hours=1)
            factories.checkpoint(f"OTHER{n}")
        assert asked() == one


class TestHandingOver:
    def test_what_is_open_is_written_down_and_cannot_be_left_out(self, city: City, lead: Client) -> None:
        report(city.intake.device, unsent=12, set_aside=1, seen_at=now() - timedelta(minutes=40))
        given = {"note": "夜里有雪", "open_items": "[]", "items": ""}
        assert "等接班的人接班" in text(lead.post(f"{PAGE}/hand-over", given, follow=True))
        (handover,) = ShiftHandover.objects.all()
        assert [(item["kind"], item["amount"]) for item in handover.open_items] == [
            ("UNSENT", 12), ("SET_ASIDE", 1), ("SILENT_LANE", 40),
        ]  # fmt: skip
        assert "12 条" in text(lead.get(PAGE))

    def test_unexplained_rows_of_the_pilot_are_handed_over(self, city: City, lead: Client) -> None:
        pad = PaperPad.objects.create(
            checkpoint_id="GATE", purpose="PILOT", rows=20, printed_by=uuid4(), printed_at=now()
        )
        PaperLine.objects.create(
            pad=pad, row=1, occurred_at=now(), people=2, typed_by=uuid4(), typed_at=now()
        )
        hand_over(lead)
        assert [item["kind"] for item in ShiftHandover.objects.get().open_items] == ["PILOT_OPEN"]

    def test_one_is_open_at_a_time(self, city: City, lead: Client, next_lead: Client) -> None:
        hand_over(lead)
        again = hand_over(next_lead)
        assert again.status_code == 400
        assert ShiftHandover.objects.count() == 1
        with pytest.raises(IntegrityError, match="open_once"), transaction.atomic():
            ShiftHandover.objects.create(
                checkpoint_id="GATE", day=factories.today(), shift="DAY", handed_by=uuid4(), handed_at=now()
            )

    def test_somebody_else_accepts_it_once_and_then_the_next_can_begin(
        self, city: City, lead: Client, next_lead: Client
    ) -> None:
        hand_over(lead)
        address = f"{PAGE}/handovers/{ShiftHandover.objects.get().id}/accept"
        refused = lead.post(address)
        assert refused.status_code == 400
        assert "交班和接班要两个人" in text(refused)
        assert "看过了，接班" not in text(lead.get(PAGE))
        assert "看过了，接班" in text(next_lead.get(PAGE))
        for _ in range(2):  # again: nothing changes
            assert "已接班" in text(next_lead.post(address, follow=True))
        third = at_desk(factories.officer("CHECKPOINT_LEAD", HAICHENG))
        assert third.post(address).status_code == 409
        page = text(lead.get(PAGE))
        assert "最近的交接" in page
        assert "乙负责人" in page
        assert "备用电池在抽屉里" in page
        assert "等接班的人接班" in text(hand_over(next_lead))

    def test_a_note_is_no_place_for_markup_or_novels(self, city: City, lead: Client) -> None:
        assert hand_over(lead, "长" * 501).status_code == 400
        assert "&lt;b&gt;" in text(hand_over(lead, "<b>雪</b>"))

    def test_ten_are_remembered(self, city: City, lead: Client, next_lead: Client) -> None:
        for n in range(12):
            hand_over(lead, f"第{n}次")
            next_lead.post(f"{PAGE}/handovers/{ShiftHandover.objects.get(accepted_at=None).id}/accept")
        page = text(lead.get(PAGE))
        assert "第11次" in page
        assert "第1次" not in page


class TestWhoMayComeIn:
    def test_the_next_county_sees_and_hands_over_nothing(self, city: City, lead: Client) -> None:
        hand_over(lead)
        assert "GATE卡口" not in text(city.xiuyan.get("/desk/checkpoints"))
        for address in (PAGE, "/desk/checkpoints/NOWHERE"):
            stranger = city.xiuyan.get(address)
            assert stranger.status_code == 404
            assert "辖区内没有这个卡口" in text(stranger)
        assert hand_over(city.xiuyan).status_code == 404
        accept = f"{PAGE}/handovers/{ShiftHandover.objects.get().id}/accept"
        assert city.xiuyan.post(accept).status_code == 404
        assert ShiftHandover.objects.get().accepted_at is None

    @pytest.mark.parametrize("who", ["screen", "administrator"])
    def test_wall_and_administrator_are_refused(self, city: City, who: str) -> None:
        client: Client = getattr(city, who)
        for address in ("/desk/checkpoints", PAGE):
            assert client.get(address).status_code == 403
        assert hand_over(client).status_code == 403

    def test_a_lead_lands_here_and_finds_the_way_to_what_is_permitted(self, city: City, lead: Client) -> None:
        assert lead.get("/")["Location"] == "/desk/checkpoints"
        page = text(lead.get("/desk/checkpoints"))
        assert "/desk/transcribe" in page
        assert "/desk/passages" not in page
        assert "我的工作" not in page

    def test_a_form_without_its_token_hands_nothing_over(self, city: City, lead: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = lead.cookies
        assert strict.post(f"{PAGE}/hand-over", {"note": ""}).status_code == 403
        assert not ShiftHandover.objects.exists()


def test_while_figures_are_counted_anew_the_page_stays(
    city: City, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianfang.situation import lead as figures  # noqa: PLC0415 -- the module whose question is replaced
    from lianfang.situation.cells import Rebuilding  # noqa: PLC0415

    def rebuilding(as_of: object) -> None:
        raise Rebuilding

    monkeypatch.setattr(figures, "known", rebuilding)
    assert lead.get(PAGE).status_code == 200
    assert lead.get("/desk/checkpoints").status_code == 200


def test_the_pages_are_in_english_too(city: City, lead: Client) -> None:
    report(city.intake.device, unsent=2)
    hand_over(lead)
    lead.cookies["django_language"] = "en"
    page = text(lead.get(PAGE))
    assert "Waits to be accepted" in page
    assert "Unsent records on a phone" in page
    assert "At the checkpoints" in text(lead.get("/desk/checkpoints"))
