"""A checkpoint with a device, the real intake behind it, and officers of its county and of the next one."""

from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg
import pytest

from lianfang.checkpoints.models import Checkpoint, Device, PaperPad
from lianfang.checkpoints.services import DEVICES_CHANGED
from lianfang.checkpoints.services.paper import make_pad
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import HAICHENG, XIUYAN, Generated, Intake


@pytest.fixture
def gate(clean: Database) -> Checkpoint:
    return factories.checkpoint("GATE")


@pytest.fixture
def device(gate: Checkpoint) -> Device:
    return factories.device(gate.code)


@pytest.fixture
def intake(clean: Database, device: Device) -> Intake:
    return Intake(clean, device)


@pytest.fixture
def generated() -> Generated:
    return Generated(seed=1)


@pytest.fixture
def officer(clean: Database) -> Callable[..., Reach]:
    return factories.officer


@pytest.fixture
def haicheng(clean: Database) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="海城值班员")


@pytest.fixture
def xiuyan(clean: Database) -> Reach:
    """The stranger of the next county."""
    return factories.officer("COUNTY_DESK", XIUYAN, name="岫岩值班员")


@pytest.fixture
def listening(clean: Database) -> Iterator[psycopg.Connection]:
    """Another process that listens for changed devices."""
    with psycopg.connect(**clean.parameters("intake"), autocommit=True) as ear:
        ear.execute(f"LISTEN {DEVICES_CHANGED}")
        yield ear


def heard(ear: psycopg.Connection) -> int:
    return len(list(ear.notifies(timeout=0.3)))


@pytest.fixture
def at() -> datetime:
    return datetime.now(factories.SHANGHAI).replace(microsecond=0)


@pytest.fixture
def pad(gate: Checkpoint, haicheng: Reach, at: datetime) -> PaperPad:
    return make_pad(by=haicheng, checkpoint="GATE", purpose="ENTRY", rows=40, at=at)


@pytest.fixture
def second(gate: Checkpoint) -> Reach:
    """Another officer of the same desk."""
    return factories.officer("COUNTY_DESK", HAICHENG, name="核对员")
