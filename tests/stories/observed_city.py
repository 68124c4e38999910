"""A demo city of its own, in the February that it is about: stories of observation, whose days pass by starting it anew.

It is made once for all of them and keeps its addresses, so that a slip's link and a phone's page are still good after weeks.
Time only goes forward: a story begins on a morning that no other has had, and says how many days later what happens.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from lianfang.kernel.days import SHANGHAI
from lianfang.machine.data_folder import DataFolder
from tests.stories.conftest import Site, start_site, trust
from tests.stories.handed_over import Visit

FIRST = datetime(2020, 2, 13, 9, tzinfo=SHANGHAI)
MORNING = time(9)
# Moves the clock of a page's scripts, once more than it was moved before.
MOVED = """{
  const by = %d, Before = Date;
  Date = class extends Before {
    constructor(...parts) { parts.length ? super(...parts) : super(Before.now() + by); }
    static now() { return Before.now() + by; }
  };
}"""


@dataclass
class Fortnight:
    """`day0`: the day on which the story that is told began. `carried`: its phones, whose clocks go with the city's."""

    site: Site
    home: Path
    day0: date
    told: int = 0
    carried: list[BrowserContext] = field(default_factory=list)

    def begin(self) -> None:
        """Nine in the morning of a day of its own: day 0 of whoever is put under observation."""
        self.carried.clear()
        if self.told:
            self._start(datetime.combine(self._today() + timedelta(days=1), MORNING, SHANGHAI))
        self.day0, self.told = self._today(), self.told + 1

    def later(self, clock: time, *, day: int) -> None:
        """On day `day` of the story, at that time: whatever was to be asked meanwhile is asked then."""
        self._start(datetime.combine(self.day0 + timedelta(days=day), clock, SHANGHAI))

    @property
    def ahead(self) -> timedelta:
        """How far its clock runs beside the machine's."""
        return DataFolder.open(self.site.data).scenario

    def trusted(self, visit: Visit) -> Visit:
        return partial(visit, home=self.home)

    def phones(self, visit: Visit) -> Visit:
        """Browsers of phones, whose clocks go as the city's."""

        def opened(**said: object) -> BrowserContext:
            context = self.trusted(visit)(**said)
            move_clock(context, self.ahead)
            self.carried.append(context)
            return context

        return opened

    def _today(self) -> date:
        return (datetime.now(SHANGHAI) + self.ahead).date()

    def _start(self, moment: datetime) -> None:
        before, behind = self.site, self.ahead
        before.end(within=60)
        self.site = started(before.data, moment, ports=(before.http_port, before.https_port))
        for context in self.carried:
            move_clock(context, self.ahead - behind)


def move_clock(context: BrowserContext, by: timedelta) -> None:
    """From the next page on; once more where it was moved before."""
    context.add_init_script(MOVED % int(by.total_seconds() * 1000))


def started(data: Path, moment: datetime, ports: tuple[int, int] | None = None) -> Site:
    return start_site(data, "--demo", "--still", "--clock", moment.isoformat(), ports=ports)


@pytest.fixture(scope="session")
def fortnight_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fortnight]:
    site = started(tmp_path_factory.mktemp("fortnight"), FIRST)
    made = Fortnight(site, trust(site, tmp_path_factory.mktemp("fortnight-home")), FIRST.date())
    yield made
    made.site.stop()


@pytest.fixture
def fortnight(fortnight_city: Fortnight) -> Fortnight:
    fortnight_city.begin()
    return fortnight_city
