"""A gate whose records happened on days that are over, a key folder of its own, and the three who decide a purge."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from lianfang.checkpoints.models import Device
from lianfang.custody.models import Purge
from lianfang.custody.purging import carry_out, propose, sign
from lianfang.kernel.days import start_of
from lianfang.kernel.key_folder import KeyFolder, key_folder
from lianfang.kernel.reach import Reach
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import HAICHENG, Generated, Intake, Json

TODAY = date(2020, 3, 20)
NOW = start_of(TODAY) + timedelta(hours=9)
OLD = date(2020, 2, 10)  # 39 days ago: over, but not for those with a measure
YOUNG = date(2020, 3, 10)
FEVER = {"temperatures": [{"celsius": 38.6, "site": "FOREHEAD", "state": "READ"}]}


@dataclass
class Gate:
    """Everything happens at noon of the day it is said to, and is received ten seconds later."""

    database: Database
    keys: KeyFolder
    device: Device
    desk: Reach
    headquarters: Reach
    security: Reach
    seed: int = field(default=0)

    def at(self, day: date) -> Generated:
        self.seed += 1
        return Generated(self.seed, at=start_of(day) + timedelta(hours=12))

    def register(self, day: date, *people: Json, received: datetime | None = None, **changes: Any) -> Json:
        """A car of that day: `people` are what differs of each; one healthy person when nothing is said."""
        made = self.at(day)
        passage = made.passage(people=[made.person(**person) for person in people or ({},)], **changes)
        self.send(made, passage, received=received)
        return passage

    def correct(self, day: date, of: str, fields: Json) -> Json:
        made = self.at(day)
        correction = made.correction(of, fields)
        self.send(made, correction)
        return correction

    def send(self, made: Generated, *records: Json, received: datetime | None = None) -> list[Json]:
        at = received or made.at + timedelta(minutes=2)
        return Intake(self.database, self.device, self.keys, at).send(made.parcel(*records))["receipts"]

    def propose(self, kind: str = "RETENTION", *, at: datetime = NOW, **said: Any) -> Purge:
        return propose(by=self.headquarters, at=at, kind=kind, reason="保存期限已到", **said)

    def signed(self, kind: str = "RETENTION", *, at: datetime = NOW, **said: Any) -> UUID:
        return sign(by=self.security, at=at, id=self.propose(kind, at=at, **said).id).id

    def purge(self, kind: str = "RETENTION", *, at: datetime = NOW, **said: Any) -> Json:
        """Proposed, signed, done: the certificate."""
        return carry_out(id=self.signed(kind, at=at, **said), at=at)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyFolder]:
    """What is destroyed here is missing nowhere else."""
    monkeypatch.setattr(settings, "DATA", DataFolder.open(tmp_path_factory.mktemp("city")))
    key_folder.cache_clear()
    yield key_folder()
    key_folder.cache_clear()


@pytest.fixture
def gate(clean: Database, keys: KeyFolder) -> Gate:
    long_ago = datetime(2019, 12, 1, tzinfo=UTC)
    factories.checkpoint("GATE", at=long_ago)
    return Gate(
        clean,
        keys,
        factories.device("GATE", at=long_ago),
        desk=factories.officer("COUNTY_DESK", HAICHENG),
        headquarters=factories.officer("HEADQUARTERS", name="指挥部值班员"),
        security=factories.officer("SECURITY_ADMINISTRATOR", name="安全管理员"),
    )
