"""What a tile is computed from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lianfang.kernel.days import day_of, hour_of, start_of
from lianfang.kernel.reach import Reach
from lianfang.situation.cells import Known, known


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a tile, when, and what was known then."""

    seen: Reach
    at: datetime
    what: Known

    @property
    def today(self) -> date:
        return day_of(self.at)

    @property
    def midnight(self) -> datetime:
        return start_of(self.today)

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    @property
    def hour(self) -> int:
        return hour_of(self.at)

    @property
    def version(self) -> int:
        return self.what.position.version


def asked(seen: Reach, *, at: datetime) -> Asked:
    """Raises Rebuilding while the cells are being counted anew."""
    seen.require("VIEW_WALL")
    return Asked(seen, at, known(None))
