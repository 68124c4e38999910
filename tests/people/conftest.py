"""A grid in Haicheng with a desk that keeps its people, and generated people who do not exist."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from lianfang.command.services import worker_session
from lianfang.kernel.days import start_of
from lianfang.kernel.key_folder import KeyFolder, key_folder
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Database
from lianfang.people.facts import Call, DocumentTold, DoorFacts, Opened, PersonFacts, Wanted
from lianfang.people.models import Household
from lianfang.people.queries import PersonFile, person_file
from lianfang.people.services import Door, open_file, open_files, open_households
from tests import factories
from tests.factories import HAICHENG, XIUYAN, Generated

TODAY = date(2020, 2, 20)
NOW = start_of(TODAY) + timedelta(hours=9)
GRID = "210381101001001"
OTHER_GRID = "210381101001002"
NEXT_COUNTY = "210323101001001"
MINUTE = timedelta(minutes=1)


@dataclass
class Town:
    """Everything happens at NOW unless it is told otherwise."""

    keys: KeyFolder
    desk: Reach
    township: Reach
    stranger: Reach
    headquarters: Reach
    worker: Reach
    made: Generated = field(default_factory=lambda: Generated(7, at=NOW))
    calls: int = 0

    def facts(self, **said: Any) -> PersonFacts:
        number = said.pop("number", self.made.resident_id())
        document = DocumentTold("RESIDENT_ID", number) if number else None
        return PersonFacts(
            **{"name": self.made.name(), "phone": self.made.phone(), "document": document, **said}
        )

    def call(self, kind: str = "REFERRAL") -> Call:
        self.calls += 1
        return Call(kind, f"{kind.lower()}-{self.calls}", "r" * 64, "affected-area")

    def open(self, facts: PersonFacts | None = None, *, by: Reach | None = None, division: str = GRID,
             at: datetime = NOW, call: Call | None = None) -> Opened:  # fmt: skip
        return open_file(
            by=by or self.desk,
            at=at,
            call=call or self.call(),
            facts=facts or self.facts(),
            division=division,
        )

    def opened(self, *wanted: Wanted, at: datetime = NOW) -> list[Opened]:
        return open_files(worker=self.worker, at=at, wanted=wanted)

    def wanted(
        self, facts: PersonFacts | None = None, *, division: str = GRID, call: Call | None = None
    ) -> Wanted:
        return Wanted(call or self.call(), facts or self.facts(), division)

    def doors(self, number: int = 1, *, division: str = GRID, by: Reach | None = None) -> list[Household]:
        doors = [Door(division, DoorFacts(address=f"丰台路{n + 1}号3单元201")) for n in range(number)]
        return open_households(by=by or self.desk, at=NOW, doors=doors)

    def file(self, id: UUID, *, by: Reach | None = None, at: datetime = NOW) -> PersonFile | None:
        with reach(by or self.desk) as seen:
            return person_file(seen, id, at=at)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyFolder]:
    """What is destroyed here is missing nowhere else."""
    monkeypatch.setattr(settings, "DATA", DataFolder.open(tmp_path_factory.mktemp("city")))
    key_folder.cache_clear()
    yield key_folder()
    key_folder.cache_clear()


@pytest.fixture
def town(clean: Database, keys: KeyFolder) -> Town:
    return Town(
        keys,
        desk=factories.officer("COUNTY_DESK", HAICHENG),
        township=factories.officer("TOWNSHIP_DESK", "210381101"),
        stranger=factories.officer("COUNTY_DESK", XIUYAN),
        headquarters=factories.officer("HEADQUARTERS"),
        worker=worker_session(),
    )


def long_ago(days: int) -> datetime:
    return datetime(2020, 2, 20, 1, tzinfo=UTC) - timedelta(days=days)
