"""Builds the demo city once: grids, eighteen checkpoints, officers with random passwords, two weeks of traffic."""

import asyncio
import json
import random
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg
import msgspec
from django.conf import settings
from django.db import transaction

from lianfang.checkpoints.intake.reception import Post, Reception, Sender
from lianfang.checkpoints.intake.writer import Writer
from lianfang.checkpoints.models import Device
from lianfang.checkpoints.services import issue_device, open_border_checkpoint
from lianfang.command.models import Officer
from lianfang.command.services import appoint, post, set_password
from lianfang.demo.checkpoints import GATES, Gate
from lianfang.demo.traffic import Traffic
from lianfang.journeys.arrival import take_parcel
from lianfang.kernel.days import SHANGHAI, day_of, start_of
from lianfang.kernel.key_folder import key_folder
from lianfang.machine import private_files
from lianfang.machine.postgres import Database
from lianfang.machine.progress import Telling
from lianfang.regions.services import generate_grids

DAYS = 14
AT_ONCE = 64
PASSAGES_A_DAY = 320
JINZHOU, GRIDS = "210700", 5_478  # the number of grids Jinzhou reported in February 2020
# Passages by hour of the day, from midnight: two rushes, quiet nights.
HOURS = (1, 1, 1, 1, 2, 4, 7, 11, 13, 12, 10, 9, 8, 8, 9, 10, 11, 12, 9, 6, 4, 3, 2, 1)


class SignIn(NamedTuple):
    """A demo sign-in as it is printed."""

    name: str
    sign_in_name: str
    password: str


OFFICERS = (
    ("市指挥部值班员", "zhihuibu", "HEADQUARTERS", "210300"),
    ("海城市值班员", "haicheng", "COUNTY_DESK", "210381"),
    ("岫岩县值班员", "xiuyan", "COUNTY_DESK", "210323"),
    ("西柳镇值班员", "xiliu", "TOWNSHIP_DESK", "210381112"),
    ("大屏", "daping", "WALL", "210300"),
    ("系统管理员", "guanli", "ADMINISTRATOR", "210300"),
)


def build(*, at: datetime, progress: Telling) -> list[SignIn]:
    """Makes what is missing; a second time it only answers the sign-ins again."""
    for gate in GATES:
        open_border_checkpoint(
            code=gate.code, name=gate.name, kind=gate.kind, division=gate.division, lanes=gate.lanes,
            longitude=gate.longitude, latitude=gate.latitude, at=at - timedelta(days=DAYS + 1),
        )  # fmt: skip
    signs = _officers(at=at)
    if not Device.objects.filter(name=HISTORY_DEVICE).exists():
        progress.step("划分网格", "Drawing the grids")
        generate_grids(city_code=JINZHOU, count=GRIDS, at=at)
        _history(at=at, progress=progress)
    return signs


def _officers(*, at: datetime) -> list[SignIn]:
    """Random passwords, kept in the data folder so that the next start can print them again."""
    file = settings.DATA.path / "demo.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    signs = [
        SignIn(name, sign_in, known.get(sign_in) or secrets.token_urlsafe(9))
        for name, sign_in, _, _ in OFFICERS
    ]
    private_files.replace(file, json.dumps({sign.sign_in_name: sign.password for sign in signs}).encode())
    for sign, (_, _, role, division) in zip(signs, OFFICERS, strict=True):
        _officer(sign, role, division, at=at)
    return signs


@transaction.atomic
def _officer(sign: SignIn, role: str, division: str, *, at: datetime) -> None:
    officer = Officer.objects.filter(sign_in_name=sign.sign_in_name).first()
    if officer is None:
        officer = appoint(sign_in_name=sign.sign_in_name, name=sign.name, password=sign.password, at=at)
        post(officer=officer, role=role, division=division, at=at)
    else:
        set_password(officer=officer, password=sign.password)


HISTORY_DEVICE = "演示历史"


def _history(*, at: datetime, progress: Telling) -> None:
    """Two weeks of passages, through the same intake that phones use."""
    progress.step("生成两周的通行记录", "Generating two weeks of traffic")
    planned = list(_planned(at))
    devices = {gate.code: _history_device(gate, at=at) for gate in GATES}
    asyncio.run(_send(planned, devices, progress))


def _history_device(gate: Gate, *, at: datetime) -> Device:
    _, device = issue_device(
        checkpoint=gate.code, name=HISTORY_DEVICE, at=at - timedelta(days=DAYS + 1), lasts=timedelta(days=DAYS + 2),
        items_per_second=None,
    )  # fmt: skip
    return device


def _planned(at: datetime) -> Iterator[tuple[datetime, Gate]]:
    """Moments and gates, day by day, growing a little every day; today up to now."""
    chance = random.Random(20200213)
    today = day_of(at)
    for back in range(DAYS, -1, -1):
        morning = start_of(today - timedelta(days=back)).astimezone(SHANGHAI)
        for _ in range(
            round(PASSAGES_A_DAY * (0.75 + 0.5 * (DAYS - back) / DAYS) * chance.uniform(0.9, 1.1))
        ):
            hour = chance.choices(range(24), HOURS)[0]
            moment = morning + timedelta(hours=hour, seconds=chance.uniform(0, 3600))
            if moment < at:
                yield moment, chance.choices(GATES, [gate.share for gate in GATES])[0]


async def _send(planned: list[tuple[datetime, Gate]], devices: dict[str, Device], progress: Telling) -> None:
    database = Database.read(settings.DATA)
    if database is None:
        raise RuntimeError("no database")
    place = database.parameters("intake")
    place["database"] = place.pop("dbname")
    writer = Writer(connect=lambda: asyncpg.connect(**place), keys=key_folder(), flushers=1)
    writer.start()
    traffic = Traffic(seed=20200210)
    posts = {gate.code: Post(gate.code, devices[gate.code].checkpoint.jurisdiction) for gate in GATES}

    async def arrive(moment: datetime, gate: Gate) -> None:
        device = devices[gate.code]
        sender = Sender(device.id, gate.code, device.enrolled_at, device.expires_at, False, None)
        reception = Reception(sender, moment + timedelta(seconds=2), key_folder(), posts)
        passage = traffic.passage(checkpoint=gate.code, at=moment, station=gate.kind == "STATION")
        parcel = {"parcel_id": passage["id"], "items": [{"kind": "PASSAGE", "passage": passage}]}
        await take_parcel(msgspec.json.encode(parcel), reception=reception, writer=writer)

    for done in range(0, len(planned), AT_ONCE):
        await asyncio.gather(*(arrive(moment, gate) for moment, gate in planned[done : done + AT_ONCE]))
        progress.count(min(done + AT_ONCE, len(planned)), len(planned))
    await writer.stop()
