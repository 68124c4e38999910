"""A gate in February 2020 whose arrivals are screened again: rule sets are put in force as tests need them."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lianfang.checkpoints.models import Device
from lianfang.command.services import worker_session
from lianfang.journeys.rescreening.carrying_on import carry_all
from lianfang.journeys.rescreening.laying import lay_all
from lianfang.journeys.rescreening.services import approve, dry_run, propose
from lianfang.kernel.days import start_of
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from lianfang.screening.models import Rescreened, Rescreening, RulePeriod, ScreeningFact, StoredRuleSet
from lianfang.screening.queries import book
from lianfang.screening.services import keep, lay_shipped
from lianfang.screening.shipped import shipped
from tests import factories
from tests.conftest import WINTER
from tests.factories import Generated, Intake, Json
from tests.people.town import own_keys, town  # noqa: F401 -- fixtures

TODAY = date(2020, 2, 20)
NOW = start_of(TODAY) + timedelta(hours=12)
DAY = timedelta(days=1)
WENZHOU = {"code": "3303", "level": "HIGH", "source": "2020-02-04 温州"}

_CUT = """
DELETE FROM rule_period WHERE lower(during) >= %(since)s;
UPDATE rule_period SET during = tstzrange(lower(during), %(since)s) WHERE upper(during) > %(since)s;
"""


@dataclass
class Gate:
    database: Database
    device: Device
    worker: Reach
    first: Reach
    second: Reach
    seed: int = field(default=0)

    def register(
        self, *people: Json, on: date = TODAY - 5 * DAY, received: datetime | None = None, **header: Any
    ) -> list[str]:
        """A car at noon of that day, everybody in it healthy and from Shenyang but for what is said; their ids."""
        self.seed += 1
        made = Generated(self.seed, at=start_of(on) + timedelta(hours=12))
        passage = made.passage(people=[made.person(**person) for person in people or ({},)], **header)
        self.send(made.parcel(passage), received or made.at + timedelta(minutes=1))
        self.passage = passage["id"]
        return [person["id"] for person in passage["people"]]

    def correct(self, of: str, fields: Json, *, on: date = TODAY - DAY) -> None:
        self.seed += 1
        made = Generated(self.seed, at=start_of(on) + timedelta(hours=12))
        self.send(made.parcel(made.correction(of, fields)), made.at + timedelta(minutes=2))

    def send(self, parcel: Json, received: datetime) -> None:
        answer = Intake(self.database, self.device, received_at=received).send(parcel)
        assert {receipt["status"] for receipt in answer["receipts"]} == {"ACCEPTED"}, answer

    def lay(self) -> None:
        lay_all(self.worker, at=NOW)

    def facts(self, id: str) -> list[ScreeningFact]:
        """A person's rows, as they lie."""
        return list(ScreeningFact.objects.using("owner").filter(registration_id=id).order_by("code"))

    def numbers(
        self, *, since: date = TODAY - 20 * DAY, until: date = TODAY, at: datetime = NOW
    ) -> Rescreening:
        """A dry run, counted."""
        asked = dry_run(by=self.first, at=at, since=since, until=until)
        carry_all(self.worker, at=at)
        return Rescreening.objects.get(pk=asked.pk)

    def approved(self, numbers: Rescreening, *, at: datetime = NOW) -> Rescreening:
        propose(by=self.first, at=at, id=numbers.pk, reason="温州列为重点地区")
        return approve(by=self.second, at=at, id=numbers.pk)

    def carry_out(self, numbers: Rescreening, *, at: datetime = NOW) -> Rescreening:
        """Proposed, approved and done."""
        self.approved(numbers, at=at)
        carry_all(self.worker, at=at)
        return Rescreening.objects.get(pk=numbers.pk)

    def decisions(self) -> dict[str, Rescreened]:
        return {str(one.registration_id): one for one in Rescreened.objects.using("owner").all()}


class Rules:
    """What is in force from a moment on."""

    def __init__(self) -> None:
        self.content: Json = shipped("affected-areas").content

    def put(self, content: Json, *, since: datetime = NOW - DAY, until: datetime | None = None) -> str:
        """The content in force for thirty days from then on, instead of what was to be."""
        self.cut(since)
        kept: StoredRuleSet = keep(content, at=since)
        during = DateTimeTZRange(since, until or since + timedelta(days=30))
        RulePeriod.objects.create(rule_set=kept, during=during, approved_at=since, reason="test")
        book(anew=True)
        return kept.hash

    def cut(self, since: datetime) -> None:
        """What is in force ends then."""
        with connections["owner"].cursor() as cursor:
            cursor.execute(_CUT, {"since": since})
        book(anew=True)

    def with_areas(self, *areas: Json) -> Json:
        return {**copy.deepcopy(self.content), "areas": [*self.content["areas"], *areas]}

    def add_area(self, area: Json = WENZHOU, **said: Any) -> str:
        return self.put(self.with_areas(area), **said)


@pytest.fixture
def rules(clean: Database) -> Iterator[Rules]:
    yield Rules()
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM rule_period")
    lay_shipped("affected-areas", since=WINTER, until=datetime.now(UTC) + timedelta(days=60), reason="tests")
    book(anew=True)


@pytest.fixture
def gate(clean: Database) -> Gate:
    long_ago = datetime(2019, 12, 1, tzinfo=UTC)
    factories.checkpoint("GATE", at=long_ago)
    return Gate(
        clean,
        factories.device("GATE", at=long_ago),
        worker_session(),
        factories.officer(name="值班员"),
        factories.officer(name="复核员"),
    )
