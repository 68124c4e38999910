"""A small demo city on a real database."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.conf import settings

from lianfang.demo.city import build
from lianfang.demo.plan import Plan
from lianfang.demo.sending import ReceiptTally
from lianfang.machine.postgres import Database
from lianfang.machine.progress import Silent
from lianfang.regions.services import load_all
from lianfang.screening.models import RulePeriod

Built = Callable[..., tuple[Plan, ReceiptTally]]


@pytest.fixture
def scenario(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of the run's data folder as it was."""
    before = settings.SCENARIO
    file = settings.DATA.path / "scenario.json"
    yield
    settings.SCENARIO = before
    file.unlink(missing_ok=True)


@pytest.fixture
def built(clean: Database, scenario: None) -> Built:
    """Builds a city of so many vehicles and people that lives until `at`."""

    def make(at: str, vehicles: int = 240, people: int = 560, days: int = 3) -> tuple[Plan, ReceiptTally]:
        RulePeriod.objects.all().delete()  # a city lays its own
        plan = Plan(datetime.fromisoformat(at), vehicles, people, days)
        load_all(at=plan.at)
        return plan, build(plan, Silent())

    return make
