"""Generated people, passages and parcels, the same for the same seed; and what a test needs around them.

Nobody here exists. Document numbers carry a right check character; telephones use a prefix nobody is given (139 0000).
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from asgiref.sync import sync_to_async

from lianfang.checkpoints.intake.reception import Post, Reception
from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.checkpoints.intake.writer import Writer
from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.checkpoints.queries.enrolled import sender_of
from lianfang.checkpoints.services import issue_device, open_border_checkpoint
from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.services import open_session, post
from lianfang.journeys.arrival import take_parcel
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.key_folder import KeyFolder, key_folder
from lianfang.kernel.reach import Reach
from lianfang.kernel.resident_id import check_digit
from lianfang.machine.postgres import Database
from lianfang.screening.book import RuleBook
from lianfang.screening.queries import book

HAICHENG = "210381"
XIUYAN = "210323"  # the next county
ANSHAN = "210300"

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰文辉玲建国"

Json = dict[str, Any]


class Generated:
    """A stream of people and passages, deterministic by seed. `at` is the moment they happen; None: now."""

    def __init__(self, seed: int = 0, *, at: datetime | None = None) -> None:
        self.chance = random.Random(seed)
        self.at = at or datetime.now(UTC)

    def id(self, at: datetime | None = None) -> str:
        """A UUIDv7 of that moment."""
        millis = int((at or self.at).timestamp() * 1000)
        low = 0b10 << 62 | self.chance.getrandbits(62)
        return str(UUID(int=millis << 80 | 7 << 76 | self.chance.getrandbits(12) << 64 | low))

    def name(self) -> str:
        return self.chance.choice(SURNAMES) + "".join(self.chance.choices(GIVEN, k=2))

    def resident_id(self, *, born_on: date | None = None, region: str = HAICHENG) -> str:
        born_on = born_on or date(1940, 1, 1) + timedelta(days=self.chance.randrange(27_000))
        body = f"{region}{born_on:%Y%m%d}{self.chance.randrange(1000):03d}"
        return body + check_digit(body)

    def phone(self) -> str:
        return f"1390000{self.chance.randrange(10_000):04d}"

    def plate(self) -> str:
        return "辽C" + self.chance.choice("ABCEGHJK") + "".join(self.chance.choices("23456789", k=4))

    def person(self, **changes: Any) -> Json:
        """Somebody in good health from Shenyang; `changes` replace fields, None takes one away."""
        person = {
            "id": self.id(),
            "name": self.name(),
            "document": {"type": "RESIDENT_ID", "number": self.resident_id()},
            "phone": self.phone(),
            "from_code": "210103",
            "stays": [],
            "destination": {"code": "210381101", "address": f"{self.chance.randrange(1, 90)}号"},
            "temperatures": [
                {"celsius": self.chance.choice([36.2, 36.5, 36.8]), "site": "FOREHEAD", "state": "READ"}
            ],
            "symptoms": [],
        }
        return _changed(person, changes)

    def passage(self, *, people: int | list[Json] = 1, **changes: Any) -> Json:
        """A car coming in; `changes` replace fields, None takes one away."""
        party = [self.person() for _ in range(people)] if isinstance(people, int) else people
        passage = {
            "id": self.id(),
            "checkpoint": "GATE",
            "direction": "IN",
            "transport": "CAR",
            "plate": self.plate(),
            "purpose": "COMMUTE",
            "occurred_at": self.at.isoformat(),
            "people": party,
        }
        return _changed(passage, changes)

    def correction(self, of: str, fields: Json, *, reason: str = "看错了", **changes: Any) -> Json:
        """What a phone sends to correct a record; a minute after the stream's moment unless told otherwise."""
        at = self.at + timedelta(minutes=1)
        correction = {
            "id": self.id(at),
            "of": of,
            "fields": fields,
            "reason": reason,
            "occurred_at": at.isoformat(),
        }
        return _changed(correction, changes)

    def parcel(self, *records: Json) -> Json:
        """Passages and corrections (known by their `of`) as one parcel."""
        items = [
            {"kind": "CORRECTION", "correction": record}
            if "of" in record
            else {"kind": "PASSAGE", "passage": record}
            for record in records
        ]
        return {"parcel_id": self.id(), "sent_at": self.at.isoformat(), "items": items}


def _changed(record: Json, changes: Mapping[str, Any]) -> Json:
    return {name: value for name, value in (record | dict(changes)).items() if value is not None}


@dataclass
class Intake:
    """The real intake without its door: parcels of one device, written by the intake's role.

    `received_at` None: now. Records that it acknowledged are committed; use the `clean` fixture.
    """

    database: Database
    device: Device
    keys: KeyFolder = field(default_factory=key_folder)
    received_at: datetime | None = None

    def send(self, parcel: Json) -> Json:
        """The answer to a parcel."""
        reception, rules = self._reception(), book(anew=True)  # Django is asked before the loop runs
        return asyncio.run(self._take(parcel, reception, rules))

    async def asend(self, parcel: Json) -> Json:
        """The same in a test that runs on a loop."""
        rules = await sync_to_async(book)(anew=True)
        return await self._take(parcel, await sync_to_async(self._reception)(), rules)

    def send_from(self, device: Device, parcel: Json) -> Json:
        return Intake(self.database, device, self.keys, self.received_at).send(parcel)

    def _reception(self) -> Reception:
        device = Device.objects.get(pk=self.device.pk)
        posts = {
            code: Post(code, lies) for code, lies in Checkpoint.objects.values_list("code", "jurisdiction")
        }
        received_at = self.received_at or datetime.now(UTC)
        return Reception(sender_of(device), received_at, self.keys, posts, Unsealer(self.keys))

    async def _take(self, parcel: Json, reception: Reception, rules: RuleBook) -> Json:
        writer = Writer(connect=lambda: connect(self.database), keys=self.keys, flushers=1)
        writer.start()
        try:
            answer = await take_parcel(
                msgspec.json.encode(parcel), reception=reception, writer=writer, book=rules
            )
        finally:
            await writer.stop()
        return msgspec.json.decode(answer)


async def connect(database: Database, role: str = "intake") -> asyncpg.Connection:
    place = database.parameters(role)  # type: ignore[arg-type]
    return await asyncpg.connect(
        **{k: v for k, v in place.items() if k != "dbname"}, database=place["dbname"]
    )


def checkpoint(code: str = "GATE", *, division: str = HAICHENG, at: datetime | None = None) -> Checkpoint:
    return open_border_checkpoint(
        code=code,
        name=f"{code}卡口",
        kind="TOLL_GATE",
        division=division,
        lanes=2,
        longitude=None,
        latitude=None,
        at=at or datetime.now(UTC) - timedelta(days=90),
    )


def device(code: str = "GATE", *, name: str = "一号机", at: datetime | None = None) -> Device:
    """A device that was enrolled a while ago and may send whatever it likes."""
    at = at or datetime.now(UTC) - timedelta(days=80)
    _, made = issue_device(
        checkpoint=code, name=name, at=at, lasts=timedelta(days=200), items_per_second=None
    )
    return made


def officer(role: str = "HEADQUARTERS", division: str = ANSHAN, *, name: str = "值班员") -> Reach:
    """The open desk session of a new officer with one posting. Nobody knows the password."""
    count = Officer.objects.count()
    made = Officer.objects.create(
        sign_in_name=f"officer{count}", name=name, password="!", made_at=datetime.now(UTC)
    )
    post(officer=made, role=role, division=division, at=datetime.now(UTC) - timedelta(seconds=1))
    return session_of(made)


def session_of(made: Officer, *, kind: str = "DESK", lasts: timedelta = timedelta(hours=1)) -> Reach:
    found = session_reach(open_session(officer_id=made.id, kind=kind, lasts=lasts, idle=lasts))
    assert found is not None
    return found


def today() -> date:
    return datetime.now(SHANGHAI).date()
