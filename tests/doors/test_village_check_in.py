"""The door at which a village counts itself: posters only, once a household and half-day, and bounded for everybody."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from lianfang.command.models import ResponsiblePerson
from lianfang.doors.village_check_in import PAGE, REPORT, VILLAGE_REPORTS, VillageDoor
from lianfang.kernel.divisions import span
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from lianfang.quarantine.models import VillageReport
from lianfang.quarantine.rules import half_day
from lianfang.quarantine.services import open_village_check_in
from tests import factories
from tests.doors.asgi import Answer, ask
from tests.doors.conftest import connect_as
from tests.doors.desk import make_places
from tests.factories import HAICHENG

VILLAGE = "210381101200"
AT = datetime(2020, 2, 20, 1, tzinfo=UTC)  # nine in the morning
PHONE = "a1" * 16


@dataclass
class Board:
    """The door, and the poster that hangs at the village's board."""

    door: VillageDoor
    desk: Reach
    token: str
    database: Database

    async def ask(self, path: str, body: Any = None, *, token: str | None = None, **headers: str) -> Answer:
        shown = f"Bearer {self.token if token is None else token}"
        raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return await ask(self.door, "POST", path, body=raw, **({"authorization": shown} | headers))

    async def say(self, **said: Any) -> Answer:
        return await self.ask(REPORT, {"id": str(uuid4()), "device": PHONE, "people": 3, "unwell": 0, **said})


def stored() -> list[VillageReport]:
    return list(VillageReport.objects.using("owner").order_by("received_at", "id"))


@pytest.fixture
async def board(clean: Database, keys: KeyFolder) -> AsyncIterator[Board]:
    def furnish() -> tuple[Reach, str]:
        make_places()
        desk = factories.officer("COUNTY_DESK", HAICHENG)
        return desk, open_village_check_in(by=desk, at=AT, division=VILLAGE, lasts=timedelta(days=7))

    desk, token = await sync_to_async(furnish)()
    door = VillageDoor(connect=connect_as(clean, "app"), keys=keys, clock=lambda: AT)
    yield Board(door, desk, token, clean)
    door.close()


async def test_the_page_names_the_village_and_the_half_day(board: Board) -> None:
    answer = await board.ask(PAGE)
    assert answer.status == 200
    assert answer.json == {
        "place": "大孤山村", "day": "2020-02-20", "half": "MORNING", "most": 12, "call": None, "notices": [],
    }  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"


async def test_the_page_says_whom_to_call_once_somebody_answers_for_the_village(board: Board) -> None:
    def furnish() -> None:
        for code, phone, level in (
            ("210381101", "04120000001", "TOWNSHIP"),
            (VILLAGE, "04120000002", "VILLAGE"),
        ):
            lo, hi = span(code)
            ResponsiblePerson.objects.create(
                division=code, lo=lo, hi=hi, level=level, kind="PRINCIPAL", name="书记", phone=phone, from_at=AT,
                acknowledged_at=AT if level == "TOWNSHIP" else None,
            )  # fmt: skip

    await sync_to_async(furnish)()
    assert (await board.ask(PAGE)).json["call"] == "04120000001", "who has not said yes is not rung"
    await sync_to_async(ResponsiblePerson.objects.update)(acknowledged_at=AT)
    assert (await board.ask(PAGE)).json["call"] == "04120000002"
    assert (await board.say(unwell=1)).json["call"] == "04120000002"


async def test_a_household_is_counted_and_the_same_report_again_is_known(board: Board) -> None:
    said = {"id": str(uuid4()), "people": 4, "unwell": 1}
    first, again = [(await board.say(**said)).json for _ in range(2)]
    assert first == {
        "status": "ACCEPTED",
        "day": "2020-02-20",
        "half": "MORNING",
        "call": None,
        "notices": [],
    }
    assert again["status"] == "DUPLICATE"
    (row,) = await sync_to_async(stored)()
    assert (row.people, row.unwell, str(row.on_day), row.half) == (4, 1, "2020-02-20", "MORNING")


async def test_the_database_keeps_an_index_of_the_phone_and_another_one_the_next_half_day(
    board: Board,
) -> None:
    await board.say()
    board.door._clock = lambda: AT + timedelta(hours=4)
    await board.say()
    morning, evening = [bytes(row.device) for row in await sync_to_async(stored)()]
    assert len(morning) == len(evening) == 16
    assert morning != evening
    assert PHONE.encode() not in (morning, evening)
    assert bytes.fromhex(PHONE) not in (morning, evening)


@pytest.mark.parametrize("token", ["", "v_", "v_guessed", "k_guessed", "v_" + "x" * 43, "v_\xff"])
async def test_a_guessed_token_is_nobodys(board: Board, token: str) -> None:
    for path in (PAGE, REPORT):
        answer = await ask(board.door, "POST", path, authorization=f"Bearer {token}")
        assert answer.status == 401
        assert answer.json["error"]["code"] == "POSTER_UNKNOWN"
    assert (await ask(board.door, "POST", PAGE)).status == 401
    assert (await ask(board.door, "POST", PAGE, authorization=f"Basic {board.token}")).status == 401


async def test_no_other_kind_of_token_opens_it(board: Board) -> None:
    assert (await board.ask(PAGE, token=board.desk.session)).status == 401


async def test_whoever_guesses_on_is_not_heard_any_more_and_good_posters_behind_the_same_address_are(
    board: Board,
) -> None:
    answers = [await board.ask(PAGE, token=f"v_{n}") for n in range(31)]
    assert [answer.status for answer in answers] == [401] * 30 + [429]
    assert answers[-1].headers["retry-after"] == "60"
    assert (await board.ask(PAGE)).status == 200
    assert (await board.say()).status == 200
    board.door._behind_proxy = True
    assert (await board.ask(PAGE, token="v_x", x_forwarded_for="10.0.0.9, 10.0.0.8")).status == 401


async def test_one_network_reports_three_hundred_times_an_hour(board: Board) -> None:
    for _ in range(299):
        VILLAGE_REPORTS.failed("127.0.0.1")
    assert (await board.say()).status == 200
    assert (await board.say()).json["error"]["code"] == "TOO_MUCH"
    assert (await board.ask(PAGE)).status == 200, "and still reads the notices"


async def test_a_flood_of_made_up_phones_is_refused_politely_once_the_village_is_full(board: Board) -> None:
    def fill() -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO village_report SELECT gen_random_uuid(), v.id, %s, 'MORNING', 1, 0, %s, "
                "convert_to(n::text, 'UTF8') FROM village_check_in v, generate_series(1, 2000) n",
                [half_day(AT).day, AT],
            )

    await sync_to_async(fill)()
    answer = await board.say()
    assert (answer.status, answer.json["error"]["code"]) == (409, "VILLAGE_FULL")
    assert "已满" in answer.json["error"]["zh"]
    assert len(await sync_to_async(stored)()) == 2_000


async def test_a_phone_that_corrects_itself_on_and_on_is_told_that_the_last_one_counts(board: Board) -> None:
    answers = [await board.say(people=n) for n in range(1, 8)]
    assert [answer.status for answer in answers] == [200] * 6 + [409]
    assert answers[-1].json["error"]["code"] == "REPORTED_OFTEN"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"people": 0}, "UNREADABLE"),
        ({"people": 13}, "UNREADABLE"),
        ({"people": "三"}, "UNREADABLE"),
        ({"unwell": 4}, "UNWELL_MORE_THAN_PEOPLE"),
        ({"device": "short"}, "UNREADABLE"),
        ({"device": "x" * 65}, "UNREADABLE"),
        ({"id": "no id"}, "UNREADABLE"),
    ],
)
async def test_what_is_no_household_is_refused(board: Board, said: dict[str, Any], code: str) -> None:
    answer = await board.say(**said)
    assert (answer.status, answer.json["error"]["code"]) == (400, code)
    assert await sync_to_async(stored)() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{", 400), (b"[]", 400), (b"\xff", 400), (b"[" * 900, 400), (b" " * 1_001, 413)],
)
async def test_what_is_no_report_is_refused(board: Board, body: bytes, status: int) -> None:
    answer = await ask(board.door, "POST", REPORT, body=body, authorization=f"Bearer {board.token}")
    assert answer.status == status


async def test_a_name_sent_along_lies_nowhere(board: Board) -> None:
    assert (await board.say(name="欧阳春晓", phone="13900001234")).status == 200
    connection = await connect_as(board.database, "owner")()
    try:
        rows = await connection.fetch("SELECT * FROM village_report")
    finally:
        await connection.close()
    assert "欧阳" not in str(rows)
    assert "1390000" not in str(rows)


async def test_the_notices_of_the_place_come_along_where_there_are_any(board: Board) -> None:
    """The function is another room's: where it is not there, or tells nothing, there are none."""
    connection = await connect_as(board.database, "owner")()
    there = await connection.fetchval(
        "SELECT to_regprocedure('lianfang_place_notices(bigint, timestamptz)') IS NOT NULL"
    )
    try:
        if not there:
            await connection.execute(
                "CREATE FUNCTION lianfang_place_notices(place bigint, moment timestamptz) RETURNS TABLE (title text, body text, "
                "title_en text, body_en text) LANGUAGE sql AS $$ SELECT '消毒', place::text, 'Disinfection', '' $$"
            )
            answer = await board.say()
            assert answer.json["notices"] == [
                {"title": "消毒", "body": f"{VILLAGE}000000", "title_en": "Disinfection", "body_en": ""}
            ]
    finally:
        if not there:
            await connection.execute("DROP FUNCTION lianfang_place_notices(bigint, timestamptz)")
        await connection.close()
    assert (await board.ask(PAGE)).json["notices"] == []
