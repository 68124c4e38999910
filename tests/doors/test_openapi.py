"""The description of the API says what the doors do: compared with the committed file, and tried on the running site."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
import schemathesis
from django.urls import get_resolver
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lianfang.checkpoints.models import Enrolment
from lianfang.command.models import Officer
from lianfang.command.services import (
    appoint,
    enrol_grid_phone,
    invite_grid_worker,
    issue_token,
    post,
    worker_session,
)
from lianfang.demo.traffic import Traffic
from lianfang.doors.openapi import ROUTES, description
from lianfang.doors.shapes import News
from lianfang.doors.village_check_in import ADDRESSES
from lianfang.kernel.tokens import hashed, new_token
from lianfang.machine.postgres import Database
from lianfang.project.asgi import site
from lianfang.quarantine.services import open_village_check_in
from lianfang.regions.models import Region
from lianfang.situation.fold import catch_up
from tests.doors.conftest import make_checkpoint, make_device
from tests.doors.serving import served
from tests.factories import session_of

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
STREAM = "/api/v1/board/stream"  # never ends, so it is not asked the way the others are
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

api = schemathesis.openapi.from_dict(description())


def test_the_committed_description_is_the_one_the_code_gives() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == description(), (
        "write it again: python -m lianfang.doors.openapi > docs/openapi.json"
    )


def test_every_address_of_the_api_is_described_and_every_described_address_exists() -> None:
    streets = {
        re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{pattern.pattern}")
        for included in get_resolver().url_patterns
        for pattern in getattr(included, "url_patterns", [included])
    }
    before_django = {
        "/api/v1/parcels",
        "/api/v1/check-in",
        "/api/v1/check-in/page",
        STREAM,
        *ADDRESSES,
    }  # in doors/site.py
    known = streets | before_django
    described = {route.path for route in ROUTES}
    assert described <= known
    assert {street for street in known if street.startswith("/api/")} == (described - {"/healthz"}) | {
        "/api/v1/openapi.json"
    }


@dataclass(frozen=True)
class Running:
    """The site on a free port, with what its operations need."""

    port: int
    tokens: dict[str, str]
    code: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def headers(self, operation: Any) -> dict[str, str]:
        needed = [name for need in operation.definition.raw.get("security", []) for name in need]
        return {"Authorization": f"Bearer {self.tokens[needed[0]]}"} if needed else {}


@pytest.fixture
def running(clean: Database) -> Iterator[Running]:
    at = datetime.now(UTC)
    Region.objects.create(
        code="210381", level="COUNTY", name="海城市", short_name="海城", pinyin="haicheng", parent_code="210300",
        lo=210381 * 10**12, hi=210382 * 10**12 - 1, valid_from=date(2019, 10, 31), edition="2019-10-31",
    )  # fmt: skip
    appointed = appoint(sign_in_name="zhiban", name="值班员", password="a long password", at=at)
    post(officer=appointed, role="HEADQUARTERS", division="210300", at=at)
    gate = make_checkpoint()
    token, _ = issue_token(sign_in_name="zhiban")
    Enrolment.objects.create(
        code_hash=hashed("TESTCODE23"), checkpoint=gate, made_at=at, expires_at=at + timedelta(hours=1),
        token_lasts_for=timedelta(days=30),
    )  # fmt: skip
    village = open_village_check_in(
        by=session_of(appointed), at=at, division="210381101200", lasts=timedelta(days=1)
    )
    tokens = {
        "device": make_device(gate),
        "officer": token,
        "roster": _grid_phone(appointed, at),
        "village": village,
    }
    tokens["link"] = new_token("k")  # nobody's: what a good one gets is tested at the door itself
    with served(site(), lifespan="on") as port:
        yield Running(port, tokens, "TESTCODE23")


def _grid_phone(officer: Officer, at: datetime) -> str:
    desk = session_of(officer)
    invitation = invite_grid_worker(by=desk, division="210381101200", name="王网格", at=at)
    return enrol_grid_phone(code=invitation.code, pin="2580", at=at).token


@api.exclude(path=STREAM).parametrize()
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_the_running_site_keeps_what_its_description_promises(
    case: schemathesis.Case, running: Running
) -> None:
    case.call_and_validate(base_url=running.url, headers=running.headers(case.operation), checks=PROMISES)


def asked(running: Running, method: str, path: str, **parts: Any) -> Any:
    """A request that is in order, and its answer, held to the description."""
    operation = api[path][method]
    answer = operation.Case(**parts).call(base_url=running.url, headers=running.headers(operation))
    operation.validate_response(answer)
    return answer


def test_requests_in_order_get_the_answers_the_description_shows(running: Running) -> None:
    traffic = Traffic(seed=3)
    visits = [traffic.passage(checkpoint="HC01", at=datetime.now(UTC)) for _ in range(5)]
    items = [{"kind": "PASSAGE", "passage": visit} for visit in visits]
    items += [{"kind": "PASSAGE", "passage": {"id": "none"}}]
    sent = asked(running, "POST", "/api/v1/parcels", body={"parcel_id": "p-1", "items": items})
    assert [receipt["status"] for receipt in sent.json()["receipts"]] == ["ACCEPTED"] * 5 + ["SET_ASIDE"]
    body = {"code": running.code, "device_name": "一道手机"}
    enrolled = asked(running, "POST", "/api/v1/enrolments", body=body)
    assert enrolled.status_code == 201
    assert asked(running, "GET", "/api/v1/device").json()["checkpoint"]["county"] == "海城"
    assert asked(running, "GET", "/api/v1/divisions").json()["divisions"]
    assert asked(running, "GET", "/api/v1/divisions", query={"under": "210381"}).status_code == 200
    assert asked(running, "GET", "/api/v1/rules").json()["rows"]
    assert asked(running, "POST", "/api/v1/roster", body={"pin": "2580"}).json()["arrivals"] == []
    assert asked(running, "POST", "/api/v1/roster/doors", body={"pin": "2580"}).json()["doors"] == []
    assert asked(running, "POST", "/api/v1/roster/households", body={"pin": "2580"}).json()["after"] is None
    assert asked(running, "POST", "/api/v1/roster/observed", body={"pin": "2580"}).json()["people"] == []
    said = {
        "kind": "HOUSEHOLD",
        "id": str(uuid4()),
        "household": str(uuid4()),
        "act": "VERIFIED",
        "occurred_at": "2020-02-13",
    }
    receipts = asked(running, "POST", "/api/v1/roster/answers", body={"answers": [said]}).json()["receipts"]
    assert [receipt["status"] for receipt in receipts] == ["SET_ASIDE"]
    assert asked(running, "POST", "/api/v1/village-check-in/page").json()["most"] == 12
    home = {"id": str(uuid4()), "device": uuid4().hex, "people": 3, "unwell": 0}
    assert asked(running, "POST", "/api/v1/village-check-in", body=home).json()["status"] == "ACCEPTED"
    for as_of in ({}, {"as_of": "2020-02-13T18:00:00+08:00"}):
        assert asked(running, "GET", "/api/v1/board", query=as_of).status_code == 200
    assert asked(running, "GET", "/healthz").json() == {"ok": True, "database": True}


def test_what_a_screen_hears_is_what_the_description_says(running: Running) -> None:
    worker = worker_session()
    heard = b""
    with socket.create_connection(("127.0.0.1", running.port), timeout=0.3) as screen:
        token = running.tokens["officer"]
        screen.sendall(
            f"GET {STREAM} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n".encode()
        )
        for _ in range(30):  # an idle fold tells news every second; the site begins to listen when it can
            catch_up(worker)
            with suppress(TimeoutError):
                heard += screen.recv(4_096)
            if b"\ndata: " in heard:  # a header holds the word too
                break
    assert b"content-type: text/event-stream" in heard
    told = next(line for line in heard.splitlines() if line.startswith(b"data: ")).removeprefix(b"data: ")
    news = msgspec.json.decode(told, type=News)
    assert msgspec.to_builtins(news) == json.loads(told)
