"""What a demo city tells everybody, where it puts people up, and two villages that count themselves."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

import asyncpg
from django.conf import settings

from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.services import close_session, open_session
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.tokens import hashed
from lianfang.machine.postgres import Database
from lianfang.notices.rules import NoticeText
from lianfang.notices.services import approve, write
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.services.facilities import Bed, keep_facility, set_rooms
from lianfang.quarantine.services.moving import transfer
from lianfang.quarantine.services.villages import open_village_check_in
from lianfang.quarantine.services.writing import WrittenBeside
from lianfang.quarantine.states import OrderKind
from lianfang.regions.queries import under

FOR_A_MOMENT = timedelta(minutes=10)
LASTS = timedelta(days=20)
COUNTED_DAYS, VILLAGES, HOUSEHOLDS = 5, 2, 38
NOTICES = (
    NoticeText(
        "每天上午10点前、下午8点前打卡",
        "居家、集中隔离的居民每天量两次体温，上午10点前、下午8点前各报一次。发热、咳嗽请不要自己外出，值班员会打电话。",
        "Report before 10:00 and before 20:00",
        "Whoever is under quarantine takes the temperature twice a day and reports before 10:00 and before 20:00. With fever or a"
        " cough stay in: the duty officer calls you.",
    ),
    NoticeText(
        "口罩、消毒液到村部领取",
        "每户每周可领口罩五只、消毒液一瓶，由网格员送到门口，不用出门。",
        "Masks and disinfectant",
        "Five masks and a bottle of disinfectant a week for every household; the grid worker brings them to the door.",
    ),
)  # fmt: skip


@contextmanager
def at_the_desk(sign_in_name: str) -> Iterator[Reach | None]:
    """That officer for a moment; None in a city without him."""
    officer = Officer.objects.filter(sign_in_name=sign_in_name).first()
    if officer is None:
        yield None
        return
    session = open_session(officer_id=officer.id, kind="DESK", lasts=FOR_A_MOMENT, idle=FOR_A_MOMENT)
    try:
        yield session_reach(session)
    finally:
        close_session(session=session)


def announce(at: datetime, *, author: str, approver: str, division: str) -> None:
    """Two notices in force, and one that waits for its second officer."""
    with at_the_desk(author) as writes, at_the_desk(approver) as agrees:
        if writes is None or agrees is None:
            return
        for text in NOTICES:
            made = write(
                by=writes, at=at - timedelta(days=2), division=division, text=text, valid_from=at - timedelta(days=2),
                valid_until=at + LASTS,
            )  # fmt: skip
            approve(by=agrees, at=at - timedelta(days=2), id=made.id)
        waits = NoticeText("周六起集市恢复营业", "集市周六上午八点开门，请戴口罩、保持距离。")
        write(by=writes, at=at, division=division, text=waits, valid_from=at, valid_until=at + LASTS)


def put_up(at: datetime, *, keeper: str, division: str, name: str) -> None:
    """A place of quarantine with rooms, and in them whoever a rule sends to one."""
    with at_the_desk(keeper) as by:
        if by is None:
            return
        since = at - timedelta(days=14)
        facility = keep_facility(
            by=by, at=since, id=uuid7(at=since), name=name, division=division, phone="0412-3280001"
        )
        rooms = [f"{floor}{room:02d}" for floor in (2, 3, 4, 5) for room in range(1, 26)]
        set_rooms(by=by, at=since, facility=facility.id, rooms=dict.fromkeys(rooms, 1))
        with reach(by) as seen:
            waiting = QuarantineOrder.objects.filter(kind=OrderKind.FACILITY, facility_id=None, ended_at=None)
            sent = [one for one in waiting.order_by("number")[: len(rooms)] if seen.holds(one.jurisdiction)]
        for one, room in zip(sent, rooms, strict=False):
            moment = one.ordered_at
            why = WrittenBeside("按规定集中隔离")
            transfer(
                by=by, at=moment, id=uuid7(at=moment), order=one.id, to=Bed(facility.id, room), written=why
            )


def count_themselves(at: datetime, *, keeper: str, township: str) -> None:
    """Two villages with a poster, and what their households said on the last days."""
    with at_the_desk(keeper) as by:
        if by is None:
            return
        opened = at - timedelta(days=COUNTED_DAYS)
        tokens = [
            open_village_check_in(by=by, at=opened, division=village.code, lasts=LASTS)
            for village in under(township, "VILLAGE", day_of(at))[:VILLAGES]
        ]
    asyncio.run(_said(tokens, at))


async def _said(tokens: list[str], at: datetime) -> None:
    """By the function that the door asks."""
    database = Database.read(settings.DATA)
    if database is None:
        raise RuntimeError("no database")
    place = database.parameters("app")
    place["database"] = place.pop("dbname")
    connection = await asyncpg.connect(**place)
    try:
        reports = [report for token in tokens for report in _reports(token, at)]
        await connection.executemany(
            "SELECT lianfang_village_report($1, $2, $3, $4, $5, $6, $7, $8)", reports
        )
    finally:
        await connection.close()


def _reports(token: str, at: datetime) -> Iterator[tuple[Any, ...]]:
    chance = Random(f"{at:%Y%m%d} village")
    for back in range(COUNTED_DAYS):
        day = day_of(at) - timedelta(days=back)
        for half, hour in (("MORNING", 8), ("EVENING", 18)):
            moment = start_of(day) + timedelta(hours=hour)
            for household in range(HOUSEHOLDS):
                if moment < at and chance.random() < 0.85:
                    device = hashlib.sha256(f"{token} {household}".encode()).digest()
                    unwell = int(chance.random() < 0.006)
                    people = 1 + household % 5
                    yield hashed(token), uuid7(at=moment), day, half, device, people, unwell, moment
