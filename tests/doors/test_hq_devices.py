"""Phones are invited, seen to arrive and how they are, revoked and wiped; a township opens a post and has a phone at it in one go."""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Checkpoint, Device, DeviceReport, Enrolment
from lianfang.doors.phone.views import CODES
from tests import factories
from tests.doors.desk import City, text


def code_on(response: HttpResponse) -> str:
    found = re.search(r'invitation__code">([A-Z0-9]+)<', text(response))
    assert found
    return found[1]


def invite(client: Client, checkpoint: str = "GATE", **more: str) -> HttpResponse:
    return client.post("/desk/devices/new", {"checkpoint": checkpoint, **more})


def enrol(code: str, name: str = "西柳1号") -> dict:
    CODES.forget()
    return Client().post(
        "/api/v1/enrolments", {"code": code, "device_name": name}, content_type="application/json"
    ).json()  # fmt: skip


def test_an_invitation_shows_the_code_large_and_as_qr(city: City) -> None:
    assert "GATE卡口" in text(city.haicheng.get("/desk/devices/new"))
    response = invite(city.haicheng)
    page = text(response)
    assert 'src="data:image/svg+xml' in page
    assert 'data-seconds="900"' in page
    assert "no-store" in response["Cache-Control"]
    assert Enrolment.objects.count() == 1


def test_the_link_leads_to_the_name_the_officer_uses_over_https(city: City) -> None:
    response = city.haicheng.post(
        "/desk/devices/new", {"checkpoint": "GATE"}, secure=True, headers={"Host": "lianfang.lan:8443"}
    )
    assert "https://lianfang.lan:8443/start" in text(response)


def test_on_the_server_itself_the_link_leads_to_its_address_on_the_network(city: City, monkeypatch) -> None:
    monkeypatch.setattr("lianfang.doors.hq.devices.lan_addresses", lambda: ["192.168.1.20"])
    response = city.haicheng.post(
        "/desk/devices/new", {"checkpoint": "GATE"}, headers={"Host": "localhost:8000"}
    )
    assert "https://192.168.1.20:8443/start" in text(response)


def test_the_page_says_when_the_phone_has_arrived(city: City) -> None:
    response = invite(city.haicheng)
    found = re.search(r'data-ask="([^"]+)"', text(response))
    assert found
    ask = html.unescape(found[1])
    assert "since=" in unquote(ask)
    assert "等待手机扫码" in text(city.haicheng.get(ask))
    assert enrol(code_on(response))["checkpoint"]["code"] == "GATE"
    arrived = text(city.haicheng.get(ask))
    assert "西柳1号 登记好了" in arrived
    assert "data-final" in arrived
    assert "等待手机扫码" in text(city.haicheng.get("/desk/devices/arrived/GATE?since=nonsense"))


def test_a_phone_is_revoked_and_its_state_is_shown(city: City) -> None:
    device = Device.objects.get()
    page = text(city.haicheng.get("/desk/devices"))
    assert "有效" in page
    assert f"/desk/devices/{device.id}/revoke" in page
    assert city.haicheng.post(f"/desk/devices/{device.id}/revoke").status_code == 302
    page = text(city.haicheng.get("/desk/devices"))
    assert "已停用" in page
    assert "这台手机不能再上传" in page
    assert f"/desk/devices/{device.id}/revoke" not in page


def test_a_phone_whose_token_has_expired_is_called_so_and_needs_no_end(city: City) -> None:
    old = factories.device("GATE", name="旧手机", at=datetime.now(UTC) - timedelta(days=400))
    page = text(city.haicheng.get("/desk/devices"))
    assert "已过期" in page
    assert f"/desk/devices/{old.id}/revoke" not in page


def test_the_next_county_neither_sees_nor_revokes_nor_invites(city: City) -> None:
    device = Device.objects.get()
    assert "还没有登记过手机" in text(city.xiuyan.get("/desk/devices"))
    assert city.xiuyan.post(f"/desk/devices/{device.id}/revoke").status_code == 404
    assert "辖区内还没有开放的卡口" in text(invite(city.xiuyan))
    device.refresh_from_db()
    assert device.revoked_at is None
    assert Enrolment.objects.count() == 0


class TestHowEachIs:
    def shown(self, city: City, **report: object) -> str:
        """The page's line of the one phone, after it told this."""
        device = Device.objects.get()
        DeviceReport.objects.update_or_create(
            device=device, defaults={"unsent": 0, "set_aside": 0, "seen_at": datetime.now(UTC)} | report
        )
        (line,) = re.findall("<tbody>(.*)</tbody>", text(city.haicheng.get("/desk/devices")), re.DOTALL)
        return line

    def test_a_phone_that_never_told_is_said_to_have_no_report_rather_than_none_unsent(
        self, city: City
    ) -> None:
        page = text(city.haicheng.get("/desk/devices"))
        assert "没有报告" in page
        assert page.count("—</td>") == 3

    def test_what_it_told_last_stands_in_its_line(self, city: City) -> None:
        at = datetime.now(UTC)
        line = self.shown(
            city, unsent=1_240, set_aside=3, oldest_unsent_at=at - timedelta(hours=5, minutes=1), lane="2",
            program="1.4.0", battery_percent=61,
        )  # fmt: skip
        for words in ("1,240", "最早 5 小时前", "2 道", "程序 1.4.0", "61%", "刚刚"):
            assert words in line
        assert '<span class="badge badge--warn">3</span>' in line
        assert "badge--warn" in self.shown(city, battery_percent=12)

    def test_ten_minutes_of_silence_are_amber_in_open_hours_only(self, city: City) -> None:
        ago = datetime.now(UTC) - timedelta(minutes=11)
        amber = '<span class="badge badge--warn" title="'
        assert amber in self.shown(city, seen_at=ago)
        assert amber not in self.shown(city, seen_at=ago + timedelta(minutes=2))
        Checkpoint.objects.update(closed_at=ago)
        assert amber not in self.shown(city, seen_at=ago)
        Checkpoint.objects.update(closed_at=None)
        for column in ("revoked_at", "wiped_at", "expires_at"):
            before = Device.objects.values(column).get()
            Device.objects.update(**{column: ago})
            assert amber not in self.shown(city, seen_at=ago)
            Device.objects.update(**before)


class TestWiping:
    def address(self) -> str:
        return f"/desk/devices/{Device.objects.get().id}/wipe"

    def test_it_is_asked_for_in_two_steps(self, city: City) -> None:
        assert self.address() in text(city.haicheng.get("/desk/devices"))
        assert "手机丢失时用" in text(city.haicheng.get(self.address()))
        DeviceReport.objects.create(
            device=Device.objects.get(), seen_at=datetime.now(UTC), unsent=1_240, set_aside=0
        )
        page = text(city.haicheng.post(self.address(), {"outbox": "DROP", "reason": "手机<被盗>"}))
        assert "确定吗" in page
        assert "不能恢复" in page
        assert "还有 1,240 条未发" in page
        assert Device.objects.get().wipe_asked_at is None
        given = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        given = {
            name: html.unescape(value)
            for name, value in given.items()
            if name in ("outbox", "reason", "sure")
        }
        assert given == {"outbox": "DROP", "reason": "手机<被盗>", "sure": "1"}
        assert city.haicheng.post(self.address(), given).status_code == 302
        device = Device.objects.get()
        assert (device.wipe_outbox, device.wipe_reason) == ("DROP", "手机<被盗>")
        page = text(city.haicheng.get("/desk/devices"))
        assert "等它联网清除" in page
        assert "连未发记录一起清除" in page
        Device.objects.update(wiped_at=datetime.now(UTC))
        page = text(city.haicheng.get("/desk/devices"))
        assert "已清除" in page
        assert self.address() not in page

    def test_keeping_the_outbox_needs_no_reason_and_dropping_it_does(self, city: City) -> None:
        page = text(city.haicheng.post(self.address(), {"outbox": "KEEP"}))
        assert "发完为止" in page
        assert "没有报告过" in page
        for given in ({"outbox": "DROP"}, {"outbox": "DROP", "sure": "1"}, {"outbox": "BURN"}, {"sure": "1"}):
            response = city.haicheng.post(self.address(), given)
            assert response.status_code == 400
            assert "field__error" in text(response)
        assert Device.objects.get().wipe_asked_at is None

    def test_a_revoked_phone_is_not_offered_it_and_it_is_said_why(self, city: City) -> None:
        Device.objects.update(revoked_at=datetime.now(UTC))
        assert self.address() not in text(city.haicheng.get("/desk/devices"))
        response = city.haicheng.post(self.address(), {"outbox": "KEEP", "sure": "1"})
        assert response.status_code == 409
        assert "清除不了" in text(response)

    def test_the_next_county_finds_no_such_phone(self, city: City) -> None:
        for response in (
            city.xiuyan.get(self.address()),
            city.xiuyan.post(self.address(), {"outbox": "KEEP", "sure": "1"}),
        ):
            assert response.status_code == 404
        assert Device.objects.get().wipe_asked_at is None


def test_revoking_takes_a_deliberate_post(city: City) -> None:
    response = city.haicheng.get(f"/desk/devices/{Device.objects.get().id}/revoke")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "请从页面上的按钮操作" in text(response)


def test_three_devices_cost_as_many_questions_as_one(city: City) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            city.haicheng.get("/desk/devices")
        return len(questions)

    one = asked()
    factories.device("GATE", name="二号机")
    factories.device("GATE", name="三号机")
    assert asked() == one


class TestOpeningAPost:
    given = {"name": "大孤山村东口", "place": "", "division": "210381101200", "kind": "VILLAGE"}

    def test_a_township_opens_a_post_and_gets_its_qr_at_once(self, city: City) -> None:
        form = text(city.township.get("/desk/posts/new"))
        assert "大孤山村" in form  # its villages stand there without a search
        response = city.township.post("/desk/posts/new", self.given)
        post = Checkpoint.objects.get(tier="LOCAL")
        assert (post.name, post.division) == ("大孤山村东口", "210381101200")
        assert enrol(code_on(response))["checkpoint"]["name"] == "大孤山村东口"
        assert "大孤山村东口" in text(city.township.get("/desk"))

    def test_a_name_that_one_village_answers_to_needs_no_click(self, city: City) -> None:
        city.township.post("/desk/posts/new", self.given | {"place": "大孤山", "division": ""})
        assert Checkpoint.objects.get(tier="LOCAL").division == "210381101200"

    def test_outside_the_own_area_it_is_refused_in_words(self, city: City) -> None:
        response = city.township.post("/desk/posts/new", self.given | {"division": "210323"})
        assert response.status_code == 400
        assert "不在您的管辖范围内" in text(response)

    def test_what_is_missing_is_said(self, city: City) -> None:
        response = city.township.post("/desk/posts/new", {"name": "", "division": "", "kind": "VILLAGE"})
        assert "必填" in text(response)
        assert not Checkpoint.objects.filter(tier="LOCAL").exists()


class TestPlacesFound:
    def test_a_name_lists_divisions_to_choose_from(self, city: City) -> None:
        page = text(Client().get("/places/found", {"q": "孤山", "name": "stay1-division"}))
        assert page.count('name="stay1-division"') == 3
        assert "辽宁省鞍山市海城市孤山镇" in page

    def test_only_within_the_area_that_was_asked_for(self, city: City) -> None:
        found = text(Client().get("/places/found", {"q": "孤山", "under": "210381101200"}))
        assert found.count("radio") == 1

    def test_nothing_found_says_what_to_try(self, city: City) -> None:
        assert "请换个写法" in text(Client().get("/places/found", {"q": "亚特兰蒂斯"}))
        assert "radio" not in text(Client().get("/places/found"))

    def test_what_is_typed_is_never_taken_for_markup(self, city: City) -> None:
        page = text(Client().get("/places/found", {"q": "孤山", "name": '"><script>alert(1)</script>'}))
        assert "<script>" not in page
