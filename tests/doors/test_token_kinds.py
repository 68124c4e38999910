"""Every kind of token at every kind of door: none opens another's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from lianfang.checkpoints.services import invite_device, issue_device
from lianfang.command.models import Officer
from lianfang.command.services import enrol_grid_phone, invite_grid_worker, issue_display_token
from lianfang.doors.guard import DISPLAY_COOKIE, SESSION_COOKIE
from lianfang.doors.intake import IntakeDoor
from lianfang.doors.phone.grid import GRID_PINS
from lianfang.kernel.key_folder import KeyFolder
from lianfang.machine.postgres import Database
from tests import factories
from tests.doors.asgi import ask
from tests.doors.conftest import connect_as
from tests.doors.desk import City
from tests.factories import HAICHENG

DAY = timedelta(days=1)


class Door(NamedTuple):
    """An address, and the kinds of tokens that open it, by the way they are shown."""

    method: str
    address: str
    opened_by: frozenset[str]
    refused: frozenset[int] = frozenset({302, 401, 403})


DESK, SCRIPT, SCREEN, PHONE, GRID = (
    "desk as cookie",
    "script as bearer",
    "screen as cookie",
    "phone as bearer",
    "grid as bearer",
)
DOORS = [
    Door("get", "/desk/passages", frozenset({DESK, SCRIPT})),
    Door("get", "/desk/search", frozenset({DESK, SCRIPT})),
    Door("get", "/desk/grid-workers", frozenset({DESK, SCRIPT})),
    Door("get", "/desk/notices", frozenset({DESK})),
    Door("post", "/desk/search", frozenset({DESK})),
    Door("post", "/desk/glass", frozenset({DESK})),
    Door("get", "/api/v1/board", frozenset({DESK, SCRIPT})),
    Door("get", "/wall", frozenset({DESK, SCRIPT, SCREEN})),
    Door("get", "/api/v1/wall/figures", frozenset({DESK, SCRIPT, SCREEN})),
    Door("get", "/api/v1/device", frozenset({PHONE})),
    Door("get", "/api/v1/device/declarations/000000", frozenset({PHONE})),
    Door("get", "/api/v1/device/rosters/ABCDEF", frozenset({PHONE})),
    Door("post", "/api/v1/roster", frozenset({GRID})),
    Door("post", "/api/v1/roster/doors", frozenset({GRID})),
    Door("post", "/api/v1/roster/households", frozenset({GRID})),
    Door("post", "/api/v1/roster/observed", frozenset({GRID})),
    Door("post", "/api/v1/roster/answers", frozenset({GRID})),
]
OPENED = {200, 400, 404}  # through the door; what was asked may be nothing, or not there


@dataclass
class Tokens:
    """One good token of each kind, and what it is good for."""

    desk: str
    script: str
    screen: str
    phone: str
    grid: str


def make_tokens() -> Tokens:
    at = datetime.now(UTC)
    reach = factories.officer("COUNTY_DESK", HAICHENG)
    officer = Officer.objects.get(pk=reach.officer_id)
    invitation = invite_grid_worker(by=reach, division="210381101200", name="王", at=at)
    return Tokens(
        desk=reach.session,
        script=factories.session_of(officer, kind="TOKEN").session,
        screen=issue_display_token(name="大厅", lasts=DAY, at=at)[0],
        phone=issue_device(checkpoint="GATE", name="一号机", at=at, lasts=DAY, items_per_second=None)[0],
        grid=enrol_grid_phone(code=invitation.code, pin="2580", at=at).token,
    )


def showing(tokens: Tokens, kind: str, way: str) -> Client:
    token = getattr(tokens, kind)
    if way == "bearer":
        return Client(headers={"Authorization": f"Bearer {token}"})
    client = Client()
    client.cookies[SESSION_COOKIE if way == "cookie" else DISPLAY_COOKIE] = token
    return client


def as_shown(kind: str, way: str) -> str:
    """Each kind has one way; a screen's token is a cookie of its own."""
    return f"{kind} as cookie" if (kind, way) == ("screen", "display cookie") else f"{kind} as {way}"


KINDS = ("desk", "script", "screen", "phone", "grid")
WAYS = ("cookie", "bearer", "display cookie")


@pytest.mark.parametrize("door", DOORS, ids=[f"{door.method} {door.address}" for door in DOORS])
def test_a_door_opens_to_its_own_kind_shown_in_its_own_way(city: City, door: Door) -> None:
    tokens = make_tokens()
    for kind in KINDS:
        for way in WAYS:
            if (kind, way) == ("screen", "cookie"):
                continue  # in the desk's cookie it is a made-up session, like the others
            GRID_PINS.forget()
            response = getattr(showing(tokens, kind, way), door.method)(
                door.address,
                {"pin": "2580", "answers": []},
                **({"content_type": "application/json"} if "api" in door.address else {}),
            )
            opened = as_shown(kind, way) in door.opened_by
            assert response.status_code in (OPENED if opened else door.refused), (
                kind,
                way,
                response.status_code,
            )


async def test_the_intake_takes_records_from_phones_only(clean: Database, keys: KeyFolder) -> None:
    def furnish() -> Tokens:
        factories.checkpoint("GATE")
        return make_tokens()

    tokens = await sync_to_async(furnish)()
    door = IntakeDoor(connect=connect_as(clean, "intake"), keys=keys)
    door.writer.start()
    try:
        for kind in KINDS:
            answer = await ask(
                door, "POST", "/api/v1/parcels", body=b'{"parcel_id": "p", "items": []}',
                authorization=f"Bearer {getattr(tokens, kind)}",
            )  # fmt: skip
            assert answer.status == (400 if kind == "phone" else 401), (kind, answer.body)
    finally:
        await door.writer.stop()
        door.registry.close()


@pytest.mark.parametrize("kind", KINDS)
def test_none_of_them_is_a_one_time_code_or_opens_a_wall_but_the_screens(city: City, kind: str) -> None:
    token = getattr(make_tokens(), kind)
    post = lambda address, body: Client().post(address, body, content_type="application/json")  # noqa: E731
    assert post("/api/v1/enrolments", {"code": token}).status_code == 404
    assert post("/api/v1/roster-enrolments", {"code": token, "pin": "2580"}).status_code == 404
    assert (Client().post("/wall/open", {"token": token}).status_code == 302) == (kind == "screen")


def test_a_code_for_a_phone_enrols_no_grid_and_the_other_way_round(city: City) -> None:
    at, reach = datetime.now(UTC), factories.officer("COUNTY_DESK", HAICHENG)
    grid = invite_grid_worker(by=reach, division="210381101200", name="王", at=at).code
    phone = invite_device(by=reach, checkpoint="GATE", at=at).code
    post = lambda address, body: Client().post(address, body, content_type="application/json")  # noqa: E731
    assert post("/api/v1/enrolments", {"code": grid}).status_code == 404
    assert post("/api/v1/roster-enrolments", {"code": phone, "pin": "2580"}).status_code == 404
