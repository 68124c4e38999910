"""Before the barrier: the traveller's page, sealed declarations by short code, coaches' rosters, and who reads what."""

import base64
import json
import logging
import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Checkpoint, Declaration, Device, Roster
from lianfang.checkpoints.services import erase_expired
from lianfang.doors.public import declaring, phone_app
from lianfang.doors.site import SHOWN_IN_THE_CLEAR
from lianfang.kernel.days import day_of
from lianfang.kernel.envelopes import seal_to
from lianfang.kernel.key_folder import key_folder
from lianfang.machine.postgres import Database
from lianfang.project.schedule import SCHEDULE
from tests import factories
from tests.doors.conftest import make_device
from tests.doors.desk import make_places, text
from tests.house.test_privacy import TABLES

MARK = "私密MARK"


@pytest.fixture(autouse=True)
def gate(clean: Database) -> Checkpoint:
    make_places()
    return factories.checkpoint("GATE")


def sealed(words: str = "x" * 40, checkpoint: str = "GATE") -> str:
    """As a traveller's phone seals it, in base64."""
    key = key_folder().declarations(checkpoint, day_of(datetime.now(UTC)))
    envelope = seal_to(key.public, words.encode(), info=f"lianfang declaration v1 {checkpoint}".encode())
    return base64.b64encode(b"\x01" + int(key.id).to_bytes(4) + envelope).decode()


def declaration(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "checkpoint": "GATE",
        "kind": "DECLARATION",
        "people": 1,
        "sealed": sealed(),
        **changes,
    }


def post(path: str, body: object, **meta: str) -> HttpResponse:
    return Client().post(f"/api/v1/{path}", body, content_type="application/json", **meta)  # type: ignore[arg-type]


def declare(**changes: Any) -> HttpResponse:
    return post("declarations", declaration(**changes))


def fetched(path: str, token: str) -> HttpResponse:
    return Client(headers={"Authorization": f"Bearer {token}"}).get(f"/api/v1/device/{path}")


def opened_roster(expected: int = 40, **changes: Any) -> str:
    return str(post("rosters", {"checkpoint": "GATE", "expected": expected, **changes}).json()["code"])


def owned(model: Any) -> Any:
    """Rows as the owner of the database sees them: the pages' role may not read what is sealed."""
    return model.objects.using("owner")


# The page


def test_a_poster_leads_to_the_travellers_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("index.html", "declare.html"):
        (tmp_path / name).write_text(f"<title>{name}</title>")
    monkeypatch.setattr(phone_app, "BUILT", tmp_path)
    phone_app._files.cache_clear()
    response = Client().get("/d/GATE")
    assert (response.status_code, response.getvalue()) == (200, b"<title>declare.html</title>")
    response.close()
    phone_app._files.cache_clear()
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "wasm" not in response["Content-Security-Policy"]


def test_in_the_clear_the_page_is_not_shown() -> None:
    assert not "/d/GATE".startswith(SHOWN_IN_THE_CLEAR)


@pytest.mark.parametrize("code", ["NONE", "gate", "旧卡口", "GATE%20", "x" * 300])
def test_an_unknown_checkpoint_is_said_to_be_unknown_in_both_languages(code: str) -> None:
    response = Client().get(f"/d/{code}")
    assert response.status_code == 404
    assert response["X-Robots-Tag"] == "noindex"
    assert "没有这个卡口" in text(response)
    assert "There is no such checkpoint" in text(response)
    assert Client().get(f"/api/v1/declaring/{code}").json()["error"]["code"] == "CHECKPOINT_UNKNOWN"


def test_a_closed_checkpoint_is_unknown() -> None:
    Checkpoint.objects.update(closed_at=datetime.now(UTC))
    assert Client().get("/d/GATE").status_code == 404
    assert declare().status_code == 404


def test_the_page_learns_the_key_of_the_day_the_time_the_lists_and_the_notice() -> None:
    answer = Client().get("/api/v1/declaring/GATE").json()
    at = datetime.fromisoformat(answer["server_time"])
    assert abs(at - datetime.now(UTC)) < timedelta(seconds=5)
    assert answer["checkpoint"] == {"code": "GATE", "name": "GATE卡口", "county": "海城市"}
    key = key_folder().declarations("GATE", day_of(at))
    assert answer["key"] == {"id": key.id, "public": base64.b64encode(key.public).decode()}
    assert {"code": "FEVER", "zh": "发热", "en": "Fever"} in answer["symptoms"]
    kept = answer["notice"]["retention"][0]
    assert (kept["until"]["zh"], kept["until"]["en"]) == ("24 小时", "24 hours")


def test_two_checkpoints_have_different_keys() -> None:
    factories.checkpoint("NEXT")
    keys = {Client().get(f"/api/v1/declaring/{code}").json()["key"]["public"] for code in ("GATE", "NEXT")}
    assert len(keys) == 2


# Declaring


@pytest.mark.parametrize(("kind", "lasts"), [("DECLARATION", 1), ("CARD", 7)])
def test_a_declaration_is_kept_under_six_digits_for_a_day_and_a_card_for_a_week(
    kind: str, lasts: int
) -> None:
    response = declare(kind=kind)
    answer = response.json()
    assert response.status_code == 201
    assert len(answer["short_code"]) == 6
    assert answer["short_code"].isdigit()
    until = datetime.fromisoformat(answer["expires_at"])
    assert abs(until - datetime.now(UTC) - timedelta(days=lasts)) < timedelta(seconds=5)


def test_the_same_declaration_again_changes_nothing() -> None:
    given = declaration()
    first, again = post("declarations", given).json(), post("declarations", given).json()
    assert first == again
    assert owned(Declaration).count() == 1


def test_whoever_made_a_declaration_replaces_it() -> None:
    first = declaration()
    post("declarations", first)
    declare(replaces=first["id"], people=3)
    assert [row.people for row in owned(Declaration).all()] == [3]


def test_nobody_replaces_a_declaration_at_another_checkpoint() -> None:
    factories.checkpoint("NEXT")
    first = declaration()
    post("declarations", first)
    declare(replaces=first["id"], checkpoint="NEXT")
    assert owned(Declaration).count() == 2


def test_a_taken_code_is_not_given_twice_at_one_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7] * 16 + [7] * 15 + [8])
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(drawn))
    assert [declare().json()["short_code"] for _ in range(2)] == ["000007", "000008"]


def test_when_no_code_is_free_the_page_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _: 7)
    declare()
    response = declare()
    assert (response.status_code, response.json()["error"]["code"]) == (503, "BUSY")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "7"},
        {"id": None},
        {"kind": "OTHER"},
        {"people": 0},
        {"people": 21},
        {"people": "1"},
        {"people": True},
        {"sealed": ""},
        {"sealed": "not base64"},
        {"sealed": base64.b64encode(bytes(86)).decode()},
        {"sealed": base64.b64encode(bytes(16_385)).decode()},
        {"checkpoint": "\x00"},
        {"seat": "王小明"},
        {"seat": "13900000000"},
        {"roster": "abc"},
    ],
)
def test_what_cannot_be_read_is_refused_in_both_languages_and_not_repeated(changes: dict[str, Any]) -> None:
    response = declare(**changes)
    error = response.json()["error"]
    assert response.status_code == 400, error
    assert error["zh"]
    assert error["en"]
    assert "王小明" not in json.dumps(error, ensure_ascii=False)
    assert owned(Declaration).count() == 0


@pytest.mark.parametrize("body", ["not json", "[]", "{}", b"\xff", '{"id": '])
def test_a_body_that_is_no_declaration_is_refused(body: Any) -> None:
    assert post("declarations", body).status_code == 400
    assert post("rosters", body).status_code == 400


def test_a_body_too_long_is_refused_unread() -> None:
    assert declare(extra="x" * 30_000).status_code == 413


def test_a_checkpoint_keeps_so_many_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianfang.checkpoints.services.declaring.MOST_DECLARATIONS", 2)
    monkeypatch.setattr("lianfang.checkpoints.services.declaring.MOST_ROSTERS", 1)
    assert [declare().status_code for _ in range(3)] == [201, 201, 503]
    opened_roster()
    assert post("rosters", {"checkpoint": "GATE", "expected": 3}).json()["error"]["code"] == "CHECKPOINT_FULL"


def test_one_network_declares_so_often_an_hour_and_another_is_not_held_up() -> None:
    for _ in range(120):
        declaring.DECLARATIONS.spend("10.0.0.1")
    refused = post("declarations", declaration(), REMOTE_ADDR="10.0.0.1")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "TOO_MUCH")
    assert post("declarations", declaration(), REMOTE_ADDR="10.0.0.2").status_code == 201


def test_one_network_opens_so_many_rosters_an_hour() -> None:
    for _ in range(20):
        opened_roster()
    assert post("rosters", {"checkpoint": "GATE", "expected": 40}).status_code == 429


# At the barrier


def test_an_officers_phone_fetches_what_was_sealed_and_opens_it() -> None:
    token = make_device(Checkpoint.objects.get())
    given = declaration(people=3, sealed=sealed("两个大人一个孩子"))
    code = post("declarations", given).json()["short_code"]
    answer = fetched(f"declarations/{code}", token).json()
    assert {name: answer[name] for name in ("id", "kind", "people", "sealed")} == {
        name: given[name] for name in ("id", "kind", "people", "sealed")
    }
    binary = base64.b64decode(answer["sealed"])
    key = key_folder().declarations("GATE", date.fromisoformat(str(int.from_bytes(binary[1:5]))))
    assert key.open(binary[5:], info=b"lianfang declaration v1 GATE").decode() == "两个大人一个孩子"


def test_a_code_is_good_at_its_own_checkpoint_only() -> None:
    token = make_device(factories.checkpoint("NEXT"))
    code = declare().json()["short_code"]
    assert fetched(f"declarations/{code}", token).json()["error"]["code"] == "NOT_DECLARED"
    assert fetched(f"rosters/{opened_roster()}", token).status_code == 404


@pytest.mark.parametrize("state", ["revoked_at", "expires_at"])
def test_a_phone_that_is_out_of_service_fetches_nothing(state: str, gate: Checkpoint) -> None:
    token = make_device(gate)
    Device.objects.update(**{state: datetime.now(UTC) - timedelta(minutes=1)})
    code = declare().json()["short_code"]
    assert fetched(f"declarations/{code}", token).status_code in (401, 403)
    assert fetched(f"declarations/{code}", "device_made-up").status_code == 401


def test_what_has_expired_is_not_handed_out() -> None:
    token = make_device(Checkpoint.objects.get())
    code = declare().json()["short_code"]
    owned(Declaration).update(made_at=datetime.now(UTC) - timedelta(days=2), expires_at=datetime.now(UTC))
    assert fetched(f"declarations/{code}", token).status_code == 404


def test_a_phone_that_guesses_codes_is_stopped_and_another_is_not() -> None:
    post_ = Checkpoint.objects.get()
    token, other = make_device(post_), make_device(post_)
    for code in range(30):
        assert fetched(f"declarations/{code:06d}", token).status_code == 404
    assert fetched("declarations/000031", token).status_code == 429
    assert fetched("rosters/ABCDEF", token).status_code == 429
    assert fetched("declarations/000031", other).status_code == 404


@pytest.mark.parametrize("code", ["'; DROP TABLE declaration", "旧", "9" * 300])
def test_odd_codes_are_unknown(code: str) -> None:
    token = make_device(Checkpoint.objects.get())
    assert fetched(f"declarations/{code}", token).status_code == 404
    assert fetched(f"rosters/{code}", token).status_code == 404
    assert Client().get(f"/api/v1/rosters/{code}").status_code == 404


# Coaches


def test_a_coach_fills_seat_by_seat() -> None:
    code = opened_roster(40, sealed=sealed("辽C 早班"))
    for seat in ("12\n", "2", "12A"):
        assert declare(roster=code, seat=seat).status_code == 201
    declare(roster=code, people=3)
    answer = Client().get(f"/api/v1/rosters/{code}").json()
    assert answer == {"expected": 40, "declared": 4, "people": 6, "seats": ["2", "12", "12A"]}
    token = make_device(Checkpoint.objects.get())
    sheet = fetched(f"rosters/{code}", token).json()
    assert sheet["expected"] == 40
    assert sheet["sealed"]
    assert [line["seat"] for line in sheet["declarations"]] == ["", "2", "12", "12A"]


def test_an_empty_coach_is_told_from_an_unknown_one() -> None:
    token = make_device(Checkpoint.objects.get())
    code = opened_roster(3)
    assert fetched(f"rosters/{code}", token).json() == {"expected": 3, "sealed": None, "declarations": []}
    assert fetched("rosters/ABCDEF", token).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_a_sheet_and_a_count_take_the_same_questions_however_many_sit_there(rows: int) -> None:
    token = make_device(Checkpoint.objects.get())
    code = opened_roster()
    for seat in range(rows):
        declare(roster=code, seat=str(seat + 1))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        fetched(f"rosters/{code}", token)
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as asked:
        Client().get(f"/api/v1/rosters/{code}")
    assert len(asked) == 1


def test_a_roster_that_is_full_unknown_or_of_another_checkpoint_is_refused() -> None:
    factories.checkpoint("NEXT")
    code = opened_roster(1)
    assert [declare(roster=code).status_code for _ in range(3)] == [201, 201, 409]
    assert declare(roster="ABCDEF").json()["error"]["code"] == "ROSTER_UNKNOWN"
    assert declare(roster=opened_roster(), checkpoint="NEXT").status_code == 404


def test_somebody_mending_a_seat_is_counted_once() -> None:
    code = opened_roster(1)
    first = declaration(roster=code, seat="1")
    post("declarations", first)
    second = declaration(roster=code, seat="2", replaces=first["id"])
    post("declarations", second)
    assert declare(roster=code, seat="3", replaces=second["id"]).status_code == 201
    assert Client().get(f"/api/v1/rosters/{code}").json()["seats"] == ["3"]


def test_guessing_rosters_is_stopped() -> None:
    for _ in range(30):
        assert Client().get("/api/v1/rosters/ABCDEF").status_code == 404
    assert Client().get("/api/v1/rosters/ABCDEF").status_code == 429


@pytest.mark.parametrize("expected", [0, 501, "40", None])
def test_a_coach_holds_between_one_and_five_hundred(expected: Any) -> None:
    assert post("rosters", {"checkpoint": "GATE", "expected": expected}).status_code == 400


# Erasing


def test_what_nobody_showed_is_erased_when_its_day_is_over() -> None:
    code = opened_roster()
    declare()
    declare(kind="CARD")
    declare(roster=code)
    at = datetime.now(UTC)
    erase_expired(at=at + timedelta(hours=23, minutes=59))
    assert (owned(Declaration).count(), owned(Roster).count()) == (3, 1)
    act = next(entry for entry in SCHEDULE if "declarations" in entry.name)
    assert act.every == timedelta(minutes=10)
    act.act(None, at + timedelta(hours=24, minutes=1))  # type: ignore[arg-type]
    assert [row.kind for row in owned(Declaration).all()] == ["CARD"]
    assert owned(Roster).count() == 0
    erase_expired(at=at + timedelta(days=7, minutes=1))
    assert owned(Declaration).count() == 0


def test_a_roster_outlives_its_day_while_somebody_late_is_on_it() -> None:
    code = opened_roster()
    declare(roster=code)
    owned(Roster).update(made_at=datetime.now(UTC) - timedelta(days=2), expires_at=datetime.now(UTC))
    erase_expired(at=datetime.now(UTC) + timedelta(hours=1))
    assert (owned(Declaration).count(), owned(Roster).count()) == (1, 1)


# Privacy


def test_nothing_that_was_declared_can_be_read_in_the_database_or_a_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    code = opened_roster(sealed=sealed(f"{MARK} 司机"))
    declare(sealed=sealed(f"{MARK} 王 13900000000"), roster=code, seat="1")
    declare(seat=f"{MARK} 王")
    declare(id=f"{MARK} 13900000000")
    stored = everything_stored()
    assert "GATE" in stored
    for said in (stored, caplog.text):
        assert "MARK" not in said
        assert "13900000000" not in said


def everything_stored() -> str:
    """Every row of every table as text, and every stored byte read as text."""
    values: list[Any] = []
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT * FROM {table}")  # a name from the catalogue
            values += [value for row in cursor.fetchall() for value in row]
    return "\n".join(
        bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
        for value in values
    )


def test_the_pages_role_reads_no_sealed_bytes() -> None:
    declare()
    with pytest.raises(Exception, match="permission denied"):
        list(Declaration.objects.values_list("sealed"))
