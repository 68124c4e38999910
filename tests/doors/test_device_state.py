"""A phone tells how it is and hears what it needs: keys, lists, and whether it is to be wiped."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from lianfang.checkpoints.models import ClockIn, Device, DeviceReport
from lianfang.checkpoints.services import invite_device, issue_device, revoke_device, wipe_device
from lianfang.kernel.days import SHANGHAI, day_of, start_of
from lianfang.kernel.envelopes import EnvelopeKey, seal_to
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from tests import factories
from tests.doors.desk import make_places
from tests.factories import HAICHENG

DAY = timedelta(days=1)


@pytest.fixture
def officer(clean: Database) -> Reach:
    make_places()
    factories.checkpoint("GATE")
    return factories.officer("COUNTY_DESK", HAICHENG)


@pytest.fixture
def token(officer: Reach) -> str:
    return issue_device(
        checkpoint="GATE", name="一号机", at=datetime.now(UTC) - DAY, lasts=2 * DAY, items_per_second=None
    )[0]


def enrol(officer: Reach, **more: Any) -> dict[str, Any]:
    code = invite_device(by=officer, checkpoint="GATE", at=datetime.now(UTC)).code
    response = Client().post("/api/v1/enrolments", {"code": code, **more}, content_type="application/json")
    assert response.status_code == 201
    return response.json()


def tell(token: str, state: Any) -> HttpResponse:
    client = Client(headers={"Authorization": f"Bearer {token}"})
    return client.put("/api/v1/device/state", state, content_type="application/json")


def who(token: str) -> HttpResponse:
    return Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/device")


def test_a_phone_that_enrols_again_stays_the_device_it_was_and_its_old_token_ends(officer: Reach) -> None:
    first = enrol(officer, device_name="西柳1号")
    again = enrol(officer, previous_token=first["token"])
    assert again["device_id"] == first["device_id"]
    assert (who(first["token"]).status_code, who(again["token"]).status_code) == (401, 200)
    assert Device.objects.get().name == "西柳1号"


@pytest.mark.parametrize("previous", [None, 7, ["x"], "", "nobody's", "\ud83d", "设备", "x" * 3_000])
def test_a_token_that_can_be_none_does_not_stop_an_enrolment(officer: Reach, previous: Any) -> None:
    enrol(officer, previous_token=previous)
    assert Device.objects.count() == 1


def test_what_is_sealed_to_the_outbox_key_opens_with_the_key_folders(officer: Reach, token: str) -> None:
    for answer in (enrol(officer), who(token).json(), tell(token, {}).json()):
        key = answer["outbox_key"]
        assert key["id"] == f"{datetime.now(SHANGHAI):%Y-%m}"
        envelope = seal_to(b64decode(key["public"]), b"a session", info=b"x")
        pair = key_folder().existing_outbox(key["id"])
        assert pair is not None
        assert pair.open(envelope, info=b"x") == b"a session"


def test_what_is_told_is_kept_and_answered_like_the_question_who_it_is(token: str) -> None:
    came = {"id": "01a20000-0000-7000-8000-000000000007", "officer": "HC-017", "lane": "2"}
    came["came_at"] = datetime.now(UTC).isoformat()
    response = tell(token, {"unsent": 12, "lane": "2", "clock_ins": [came]})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    answer, known = response.json(), who(token).json()
    assert answer.keys() == known.keys()
    assert {name: value for name, value in answer.items() if name != "server_time"} == {
        name: value for name, value in known.items() if name != "server_time"
    }
    assert {"code": "NECESSITIES", "zh": "生活必需品", "en": "Daily necessities"} in answer["pass_classes"]
    assert len(answer["pass_classes"]) == 8
    report = DeviceReport.objects.get()
    assert (report.unsent, report.lane, ClockIn.objects.get().officer) == (12, "2", "HC-017")


@pytest.mark.parametrize(
    "body", ["not json", "[]", "7", "", "[" * 60_000, '{"lane": "' + "x" * 70_000 + '"}']
)
def test_what_is_no_object_or_too_long_is_refused_in_words(token: str, body: str) -> None:
    response = tell(token, body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "NOT_JSON")
    assert not DeviceReport.objects.exists()


def test_silly_values_are_heard(token: str) -> None:
    body = '{"unsent": -1e400, "battery_percent": 1e99, "lane": "\\ud83d", "clock_ins": [[]], "wiped": "yes"}'
    assert tell(token, body).status_code == 200
    assert DeviceReport.objects.get().battery_percent == 100


def test_only_the_phone_itself_tells_how_it_is(officer: Reach, token: str) -> None:
    assert tell("device_made-up", {}).status_code == 401
    device = Device.objects.get()
    Device.objects.update(expires_at=datetime.now(UTC))
    assert tell(token, {}).status_code == 401
    Device.objects.update(expires_at=datetime.now(UTC) + DAY)
    revoke_device(by=officer, device_id=device.id, at=datetime.now(UTC))
    assert tell(token, {}).status_code == 403
    assert not DeviceReport.objects.exists()
    response = Client(headers={"Authorization": f"Bearer {token}"}).post("/api/v1/device/state", {})
    assert (response.status_code, response["Allow"]) == (405, "PUT")


class TestReadingKeys:
    def keys(self, token: str) -> list[dict[str, Any]]:
        return who(token).json()["reading_keys"]

    @pytest.fixture(autouse=True)
    def no_keys_yet(self, officer: Reach) -> None:
        for path in key_folder().path.glob("day-*.key"):
            path.unlink()
        key_folder().forget()

    def test_they_open_what_travellers_seal_for_this_checkpoint(self, token: str) -> None:
        today = day_of(datetime.now(UTC))
        key = self.keys(token)[0]
        public = key_folder().declarations("GATE", today).public
        envelope = seal_to(public, "王某".encode(), info=b"lianfang declaration v1 GATE")
        scalar = b64decode(key["private"])
        assert len(scalar) == 32
        held = EnvelopeKey(key["id"], int.from_bytes(scalar))
        assert held.open(envelope, info=b"lianfang declaration v1 GATE").decode() == "王某"
        assert (key["id"], key["checkpoint"]) == (f"{today:%Y%m%d}", "GATE")
        assert datetime.fromisoformat(key["from"]) == start_of(today)
        assert datetime.fromisoformat(key["until"]) == start_of(today) + timedelta(hours=48)

    def test_a_cards_key_is_another_and_lasts_a_week_longer(self, token: str) -> None:
        today = day_of(datetime.now(UTC))
        key = next(key for key in self.keys(token) if key["id"] == f"1{today:%Y%m%d}")
        envelope = seal_to(
            key_folder().cards("GATE", today).public, b"card", info=b"lianfang declaration v1 GATE"
        )
        held = EnvelopeKey(key["id"], int.from_bytes(b64decode(key["private"])))
        assert held.open(envelope, info=b"lianfang declaration v1 GATE") == b"card"
        assert datetime.fromisoformat(key["until"]) == start_of(today + 8 * DAY)
        assert key_folder().declarations("GATE", today).public != key_folder().cards("GATE", today).public

    def test_for_cards_of_the_last_seven_days_and_for_declarations_of_yesterday_if_those_days_had_one(
        self, token: str
    ) -> None:
        today = day_of(datetime.now(UTC))
        for back in (8, 7, 3, 1):
            key_folder().day(today - back * DAY)
        shown = [key["id"] for key in self.keys(token)]
        of_cards = [today - 7 * DAY, today - 3 * DAY, today - DAY, today, today + DAY]
        assert shown == [f"{day:%Y%m%d}" for day in of_cards[2:]] + [f"1{day:%Y%m%d}" for day in of_cards]
        assert len(key_folder().days()) == 6  # nothing was made anew for a day that has none

    def test_a_device_to_be_wiped_gets_none_and_hears_what_is_wanted(
        self, officer: Reach, token: str
    ) -> None:
        assert self.keys(token)
        assert who(token).json()["wipe"] is None
        at = datetime.now(UTC)
        wipe_device(by=officer, device_id=Device.objects.get().id, outbox="DROP", reason="被盗", at=at)
        answer = tell(token, {}).json()
        assert answer["reading_keys"] == []
        assert answer["wipe"] == {"asked_at": at.isoformat(), "outbox": "DROP", "reason": "被盗"}
        tell(token, {"wiped": True})
        assert Device.objects.get().wiped_at is not None
        assert who(token).json()["reading_keys"] == []
