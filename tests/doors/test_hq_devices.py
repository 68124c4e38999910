"""Phones are invited, seen to arrive, and revoked; a township opens a post and has a phone at it in one go."""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Checkpoint, Device, Enrolment
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
