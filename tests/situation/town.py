"""A gate with a phone, the real intake behind it, the desk of its county and the stranger of the next one.

Everything happens round noon yesterday, so that no test meets midnight.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lianfang.checkpoints.models import Device
from lianfang.kernel.days import start_of
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.postgres import Database
from lianfang.situation import quality
from lianfang.situation.quality import Days, Finding
from tests import factories
from tests.factories import HAICHENG, XIUYAN, Generated, Intake, Json

DAY = factories.today() - timedelta(days=1)
NOON = start_of(DAY) + timedelta(hours=12)
YESTERDAY, WEEK = Days(DAY), Days(DAY, 7)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WRONG = "210381199001011230"  # the right check character would be another


@dataclass
class Town:
    """Passages are minted, happen and arrive at the same moment unless told otherwise."""

    database: Database
    device: Device
    desk: Reach
    stranger: Reach
    headquarters: Reach
    seed: int = field(default=0)

    def at(self, moment: datetime = NOON) -> Generated:
        """A stream whose ids are of that moment; another one each time."""
        self.seed += 1
        return Generated(self.seed, at=moment)

    def send(
        self, *records: Json, device: Device | None = None, received_at: datetime | None = None
    ) -> list[Json]:
        """The receipts; received ten seconds after the last of them unless told otherwise."""
        last = max(datetime.fromisoformat(record["occurred_at"]) for record in records)
        intake = Intake(self.database, device or self.device, received_at=received_at or last + 10 * SECOND)
        return intake.send(self.at().parcel(*records))["receipts"]

    def passage(self, moment: datetime = NOON, *, person: Json | None = None, **changes: Any) -> Json:
        """A car with one person; `person` changes that person."""
        made = self.at(moment)
        return made.passage(people=[made.person(**(person or {}))], **changes)

    def found(
        self, code: str, days: Days = YESTERDAY, *, by: Reach | None = None, at: datetime = NOON
    ) -> list[Finding]:
        with reach(by or self.desk) as seen:
            return quality.found(seen, code, days, at=at).findings

    def behind(self, code: str, key: str, days: Days = YESTERDAY, *, by: Reach | None = None) -> list[str]:
        """The ids of the passages behind a key."""
        with reach(by or self.desk) as seen:
            return [str(line.id) for line in quality.behind(seen, code, key, days, at=NOON)]


def make_town(database: Database) -> Town:
    factories.checkpoint("GATE")
    return Town(
        database,
        factories.device("GATE"),
        desk=factories.officer("COUNTY_DESK", HAICHENG, name="海城值班员"),
        stranger=factories.officer("COUNTY_DESK", XIUYAN, name="岫岩值班员"),
        headquarters=factories.officer("HEADQUARTERS", name="市值班员"),
    )
