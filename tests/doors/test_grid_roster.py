"""A grid worker's phone over the wire: invited at the desk, enrolled with a code and a PIN, opened, and shut."""

import html
import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import RosterToken
from lianfang.doors.roster_shapes import GridRosterShown, RosterEnrolled
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import XIUYAN, Json

VILLAGE = "210381101200"
GIVEN = {"place": "", "division": VILLAGE, "name": "王网格"}
PIN = "2580"
DAY = timedelta(days=1)


def invited(client: Client, **changes: str) -> str:
    """The code as it stands on the page."""
    found = re.search(
        r'invitation__code">([^<]+)<', text(client.post("/desk/grid-workers/new", GIVEN | changes))
    )
    assert found
    return found[1]


def post(address: str, body: Any, token: str | None = None, **headers: str) -> HttpResponse:
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    sent = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client(headers=headers).post(address, sent, content_type="application/json")


def enrol(code: str, pin: str = PIN) -> HttpResponse:
    return post("/api/v1/roster-enrolments", {"code": code, "pin": pin})


def roster(token: str | None, pin: str = PIN) -> HttpResponse:
    return post("/api/v1/roster", {"pin": pin}, token)


def code_of(response: HttpResponse) -> tuple[int, str]:
    error = response.json()["error"]
    assert error["zh"]
    assert error["en"]
    return response.status_code, error["code"]


def arrive(city: City, **person: Any) -> Json:
    given = {"from_code": "420100", "destination": {"code": VILLAGE, "address": "东区3号楼2单元"}, **person}
    return city.register(people=[city.generated.person(**given)])


@pytest.fixture
def token(city: City) -> str:
    return str(enrol(invited(city.township)).json()["token"])


class TestTheDesk:
    def test_without_phones_it_says_what_to_do(self, city: City) -> None:
        page = text(city.township.get("/desk/grid-workers"))
        assert "还没有网格手机" in page
        assert 'href="/desk/grid-workers/new"' in page

    def test_a_code_is_shown_once_with_a_picture_that_leads_to_the_page(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lianfang.doors.hq.devices.lan_addresses", lambda: ["192.168.1.20"])
        made: list[str] = []
        monkeypatch.setattr(
            "lianfang.doors.hq.grid_workers.segno.make", lambda link, error: Drawn(made, link)
        )
        assert "大孤山村" in text(city.township.get("/desk/grid-workers/new"))
        response = city.township.post("/desk/grid-workers/new", GIVEN)
        assert "no-store" in response["Cache-Control"]
        shown = re.search(r'invitation__code">([^<]+)<', text(response))
        assert shown
        assert made == [f"https://192.168.1.20:8443/grid/#{shown[1]}"]
        page = text(city.township.get("/desk/grid-workers"))
        assert "王网格" in page
        assert "大孤山村" in page
        assert "等待登记" in page
        assert shown[1] not in page

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"division": "210381101"}, "请选择一个村、社区或网格"),
            ({"division": "210323"}, "请选择一个村、社区或网格"),
            ({"division": "1"}, "请在找到的地名里选一个"),
            ({"name": ""}, "必填"),
            ({"name": "\u200b"}, "请填写网格员的称呼"),
        ],
    )
    def test_what_is_wrong_is_said(self, city: City, changes: dict[str, str], said: str) -> None:
        response = city.township.post("/desk/grid-workers/new", GIVEN | changes)
        assert response.status_code == 400
        assert said in text(response)
        assert not RosterToken.objects.exists()

    def test_the_next_county_invites_nobody_here_and_ends_nothing(self, city: City, token: str) -> None:
        response = city.xiuyan.post("/desk/grid-workers/new", GIVEN)
        assert "不在您的管辖范围内" in text(response)
        assert "王网格" not in text(city.xiuyan.get("/desk/grid-workers"))
        phone = RosterToken.objects.get()
        assert city.xiuyan.post(f"/desk/grid-workers/{phone.id}/revoke").status_code == 404
        assert roster(token).status_code == 200

    def test_the_township_ends_it_at_once(self, city: City, token: str) -> None:
        phone = RosterToken.objects.get()
        assert city.township.post(f"/desk/grid-workers/{phone.id}/revoke")["Location"] == "/desk/grid-workers"
        assert code_of(roster(token)) == (403, "ROSTER_REVOKED")
        assert "已停用" in text(city.township.get("/desk/grid-workers"))

    def test_names_are_shown_as_text(self, city: City) -> None:
        invited(city.township, name="<b>王</b>{{ x }}")
        page = text(city.township.get("/desk/grid-workers"))
        assert "&lt;b&gt;王&lt;/b&gt;{{ x }}" in page

    def test_three_phones_cost_as_many_questions_as_one(self, city: City) -> None:
        counts = []
        for _ in range(3):
            invited(city.township)
            with CaptureQueriesContext(connection) as asked:
                city.township.get("/desk/grid-workers")
            counts.append(len(asked))
        assert len(set(counts)) == 1


class TestTheDoors:
    def test_a_code_and_a_pin_for_a_token_that_reads_its_own_village(self, city: City) -> None:
        car = arrive(city)
        answer = enrol(invited(city.township))
        assert answer.status_code == 201
        assert "no-store" in answer["Cache-Control"]
        enrolled = msgspec.json.decode(answer.content, type=RosterEnrolled)
        assert (enrolled.division.code, enrolled.division.name) == (
            VILLAGE,
            "辽宁省鞍山市海城市孤山镇大孤山村",
        )
        opened = roster(enrolled.token)
        assert opened.status_code == 200
        assert "no-store" in opened["Cache-Control"]
        shown = msgspec.json.decode(opened.content, type=GridRosterShown)
        (one,), person = shown.arrivals, car["people"][0]
        assert one.id == UUID(person["id"])
        assert (one.checkpoint, one.from_, one.from_code) == ("GATE卡口", "湖北省武汉市", "420100")
        assert one.destination_masked == "辽宁省鞍山市海城市孤山镇大孤山村东区**"
        assert one.measures[0].kind == "QUARANTINE"
        assert "隔离医学观察" in one.measures[0].say.zh
        said = opened.content.decode()
        for secret in (person["name"], person["phone"], person["document"]["number"], "3号楼", car["plate"]):
            assert secret not in said

    def test_a_code_is_not_used_twice(self, city: City) -> None:
        code = invited(city.township)
        assert enrol(code).status_code == 201
        assert code_of(enrol(code)) == (410, "ROSTER_CODE_USED")
        assert RosterToken.objects.count() == 1

    @pytest.mark.parametrize("pin", ["0000", "1234", "123", "", "一二三四", "12345678901234567890"])
    def test_a_weak_pin_is_refused_and_may_be_chosen_anew(self, city: City, pin: str) -> None:
        code = invited(city.township)
        for _ in range(12):
            assert code_of(enrol(code, pin)) == (400, "PIN_WEAK")
        assert enrol(code).status_code == 201

    def test_guessed_codes_are_soon_not_compared_any_more(self, city: City) -> None:
        code = invited(city.township)
        answers = [enrol(f"23456789{n:02}").status_code for n in range(12)]
        assert answers == [404] * 10 + [429] * 2
        assert enrol(code).status_code == 429

    def test_guessed_tokens_are_soon_not_compared_any_more(self, city: City, token: str) -> None:
        assert [roster(f"roster_{n}").status_code for n in range(12)] == [401] * 10 + [429] * 2
        assert roster(token).status_code == 429

    def test_five_wrong_pins_lock_it_and_the_desk_is_told(self, city: City, token: str) -> None:
        answers = [code_of(roster(token, "9631")) for _ in range(5)]
        assert answers == [(403, "PIN_WRONG")] * 4 + [(403, "ROSTER_LOCKED")]
        assert code_of(roster(token)) == (403, "ROSTER_LOCKED")
        page = html.unescape(text(city.township.get("/desk")))
        assert "网格手机“王网格”已停用" in page
        assert "网格手机“王网格”已停用" not in html.unescape(text(city.haicheng.get("/desk")))
        assert "密码锁定" in text(city.township.get("/desk/grid-workers"))

    def test_after_a_day_it_reads_nothing(self, city: City, token: str) -> None:
        RosterToken.objects.update(expires_at=datetime.now().astimezone() - timedelta(seconds=1))
        assert code_of(roster(token)) == (401, "ROSTER_EXPIRED")

    @pytest.mark.parametrize(
        "body", ["", "[]", "null", '"x"', "{", '{"pin": 2580}', '{"pin": null}', "{}", b"\xff"]
    )
    def test_what_is_no_question_is_refused_in_words(self, city: City, token: str, body: Any) -> None:
        for address in ("/api/v1/roster", "/api/v1/roster-enrolments"):
            status, _ = code_of(post(address, body, token))
            assert status == 400

    @pytest.mark.parametrize("pin", ["\0", "2580\0", "２５８０", "😷" * 50, '"; DROP TABLE roster_token; --'])
    def test_odd_pins_are_wrong_pins(self, city: City, token: str, pin: str) -> None:
        assert code_of(roster(token, pin)) == (403, "PIN_WRONG")
        assert roster(token).status_code == 200

    def test_half_of_a_surrogate_pair_is_no_trouble(self, city: City, token: str) -> None:
        for address, body in (
            ("/api/v1/roster", '{"pin": "\\ud800"}'),
            ("/api/v1/roster-enrolments", '{"code": "\\ud800", "pin": "2580"}'),
        ):
            assert code_of(post(address, body, token))[0] in (400, 403, 404)

    def test_a_long_body_is_not_read(self, city: City, token: str) -> None:
        assert code_of(post("/api/v1/roster", {"pin": "1" * 5_000}, token)) == (413, "TOO_LONG")

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic x", "Bearer \xff", "bearer   "])
    def test_without_a_token_nothing_is_read(self, city: City, header: str) -> None:
        assert code_of(post("/api/v1/roster", {"pin": PIN}, None, Authorization=header)) == (
            401,
            "ROSTER_UNKNOWN",
        )

    def test_it_is_asked_with_post_only(self, city: City, token: str) -> None:
        client = Client(headers={"Authorization": f"Bearer {token}"})
        for address in ("/api/v1/roster", "/api/v1/roster-enrolments"):
            for method in ("get", "put", "delete", "patch"):
                assert getattr(client, method)(address).status_code == 405

    def test_three_arrivals_cost_as_many_questions_as_one(self, city: City, token: str) -> None:
        counts = []
        for _ in range(3):
            arrive(city)
            with CaptureQueriesContext(connection) as asked:
                assert roster(token).status_code == 200
            counts.append(len(asked))
        assert len(set(counts)) == 1, counts

    def test_what_was_destroyed_leaves_its_plain_facts(
        self, city: City, token: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        arrive(city)
        monkeypatch.setattr("lianfang.kernel.key_folder.KeyFolder.existing_day", lambda *_: None)
        (one,) = roster(token).json()["arrivals"]
        assert (one["name_masked"], one["phone_masked"]) == ("", "")
        assert one["measures"][0]["kind"] == "QUARANTINE"


class Drawn:
    """Instead of a QR code: remembers what it would have shown."""

    def __init__(self, made: list[str], link: str) -> None:
        made.append(link)

    def svg_data_uri(self, **_: object) -> str:
        return "data:image/svg+xml,x"


def test_the_stranger_s_desk_stays_empty(city: City, token: str) -> None:
    stranger = at_desk(factories.officer("TOWNSHIP_DESK", f"{XIUYAN}101"))
    assert "还没有网格手机" in text(stranger.get("/desk/grid-workers"))
