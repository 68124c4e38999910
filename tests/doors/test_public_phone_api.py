"""What a phone asks besides sending: a code for a token, who it is, the names of places."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.http import HttpResponse
from django.test import Client

from lianfang.checkpoints.models import Device, Enrolment
from lianfang.checkpoints.services import invite_device, issue_device, revoke_device
from lianfang.doors.guesses import PER_MINUTE
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from lianfang.screening.book import AFFECTED_AREAS
from lianfang.screening.queries import book
from tests import factories
from tests.doors.desk import make_places
from tests.factories import HAICHENG
from tests.house.sources import ROOT


@pytest.fixture
def officer(clean: Database) -> Reach:
    make_places()
    factories.checkpoint("GATE")
    return factories.officer("COUNTY_DESK", HAICHENG)


def invited(officer: Reach) -> str:
    return invite_device(by=officer, checkpoint="GATE", at=datetime.now(UTC)).code


def enrol(body: object, **headers: str) -> HttpResponse:
    return Client(headers=headers or None).post("/api/v1/enrolments", body, content_type="application/json")


def who(token: str) -> HttpResponse:
    return Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/device")


def test_a_code_becomes_a_token_once(officer: Reach) -> None:
    code = invited(officer)
    response = enrol({"code": code.lower(), "device_name": "西柳1号"})
    answer = response.json()
    assert response.status_code == 201
    assert set(answer) == {"token", "device_id", "checkpoint", "expires_at", "outbox_key"}
    assert answer["checkpoint"] == {
        "code": "GATE",
        "name": "GATE卡口",
        "lanes": 2,
        "tier": "BORDER",
        "county": "海城市",
    }
    assert Device.objects.get().name == "西柳1号"
    again = enrol({"code": code})
    assert (again.status_code, again.json()["error"]["code"]) == (410, "ENROLMENT_USED")


def test_the_phone_learns_who_it_is_and_the_lists_it_needs(officer: Reach) -> None:
    token = enrol({"code": invited(officer)}).json()["token"]
    answer = who(token).json()
    assert answer["checkpoint"]["code"] == "GATE"
    assert answer["rule_set"] == AFFECTED_AREAS.hash
    assert {"code": "FEVER", "zh": "发热", "en": "Fever"} in answer["symptoms"]
    assert {"code": "FREIGHT", "zh": "货运", "en": "Freight"} in answer["purposes"]
    assert datetime.fromisoformat(answer["server_time"]) - datetime.now(UTC) < timedelta(seconds=5)
    assert "no-store" in who(token)["Cache-Control"]


@pytest.mark.parametrize("token", ["", "device_made-up", "x" * 5_000])
def test_an_unknown_token_is_answered_401(officer: Reach, token: str) -> None:
    assert (who(token).status_code, who(token).json()["error"]["code"]) == (401, "TOKEN_UNKNOWN")


def test_an_expired_token_is_answered_401_and_a_revoked_one_403(officer: Reach) -> None:
    now = datetime.now(UTC)
    old, _ = issue_device(
        checkpoint="GATE",
        name="旧",
        at=now - timedelta(days=2),
        lasts=timedelta(days=1),
        items_per_second=None,
    )
    lost, device = issue_device(
        checkpoint="GATE", name="丢", at=now, lasts=timedelta(days=1), items_per_second=None
    )
    revoke_device(by=officer, device_id=device.id, at=now)
    assert who(old).status_code == 401
    assert (who(lost).status_code, who(lost).json()["error"]["code"]) == (403, "DEVICE_REVOKED")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("not json", "NOT_JSON"),
        ([], "NOT_JSON"),
        ({}, "CODE_MISSING"),
        ({"code": 7}, "CODE_MISSING"),
        ({"code": " "}, "CODE_MISSING"),
        ({"code": "X", "device_name": ["x"]}, "CODE_MISSING"),
        ({"code": "x" * 5_000}, "NOT_JSON"),
        ("[" * 4_000, "NOT_JSON"),
    ],
)
def test_a_bad_enrolment_is_answered_in_both_languages(officer: Reach, body: object, code: str) -> None:
    error = enrol(body).json()["error"]
    assert error["code"] == code
    assert error["zh"]
    assert error["en"]


@pytest.mark.parametrize("code", ["WRONGCODE2", "\x00", "🚗" * 10, "'; DROP TABLE device"])
def test_an_unknown_code_is_answered_404(officer: Reach, code: str) -> None:
    assert enrol({"code": code}).json()["error"]["code"] == "ENROLMENT_UNKNOWN"


def test_an_old_code_is_answered_410(officer: Reach) -> None:
    code = invited(officer)
    Enrolment.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert (enrol({"code": code}).status_code, Device.objects.count()) == (410, 0)


def test_guessing_codes_is_stopped_and_others_go_on(officer: Reach) -> None:
    code = invited(officer)
    for _ in range(PER_MINUTE):
        assert enrol({"code": "GUESS"}).status_code == 404
    assert enrol({"code": code}).json()["error"]["code"] == "TOO_MANY_GUESSES"
    elsewhere = Client(REMOTE_ADDR="192.168.1.7")
    assert (
        elsewhere.post("/api/v1/enrolments", {"code": code}, content_type="application/json").status_code
        == 201
    )


class TestDivisions:
    def test_the_register_comes_to_the_township_with_a_mark_to_ask_again_by(self, officer: Reach) -> None:
        response = Client().get("/api/v1/divisions")
        codes = {one["code"] for one in response.json()["divisions"]}
        assert {"210000", "210381", "210381101"} <= codes
        assert "210381101200" not in codes
        again = Client(headers={"If-None-Match": response["ETag"]}).get("/api/v1/divisions")
        assert (again.status_code, again.content) == (304, b"")
        assert "max-age" in again["Cache-Control"]

    def test_a_township_brings_its_villages(self, officer: Reach) -> None:
        found = Client().get("/api/v1/divisions?under=210381101").json()["divisions"]
        assert [one["name"] for one in found] == ["大孤山村民委员会", "小孤山村民委员会"]

    def test_it_is_packed_for_those_who_can_unpack(self, officer: Reach) -> None:
        response = Client(headers={"Accept-Encoding": "gzip"}).get("/api/v1/divisions")
        assert response["Content-Encoding"] == "gzip"
        assert b"divisions" in gzip.decompress(response.content)
        assert "Accept-Encoding" in response["Vary"]

    @pytest.mark.parametrize("under", ["", "99", "210999", "' OR 1=1", "2103811019999999999"])
    def test_a_code_that_is_none_is_answered_404(self, officer: Reach, under: str) -> None:
        response = Client().get("/api/v1/divisions", {"under": under})
        assert (response.status_code, response.json()["error"]["code"]) == (404, "NO_SUCH_DIVISION")


@pytest.mark.django_db
class TestRules:
    def test_they_come_to_anybody_with_a_mark_to_ask_again_by(self) -> None:
        response = Client().get("/api/v1/rules")
        in_force = book().at(datetime.now(UTC))
        assert in_force.since is not None
        assert in_force.until is not None
        assert response.json() == {
            "hash": AFFECTED_AREAS.hash,
            "valid": {"from": in_force.since.isoformat(), "to": in_force.until.isoformat()},
            **AFFECTED_AREAS.content(),
        }
        again = Client(headers={"If-None-Match": response["ETag"]}).get("/api/v1/rules")
        assert (again.status_code, again.content) == (304, b"")
        assert "max-age" in again["Cache-Control"]

    def test_their_hash_is_of_what_came_with_it(self) -> None:
        rules = Client().get("/api/v1/rules").json()
        told = rules.pop("hash")
        del rules["valid"]
        canonical = json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert sha256(canonical.encode()).hexdigest()[:16] == told

    def test_they_are_what_the_page_about_the_api_shows(self) -> None:
        page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
        (shown,) = re.findall(r"```json rules\n(.*?)```", page, re.DOTALL)
        told = Client().get("/api/v1/rules").json()
        assert json.loads(shown) | {"valid": told["valid"]} == told
