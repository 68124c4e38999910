"""Registers as a started product has them: loaded once for a file of tests, by the owner, and committed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lianfang.regions.models import Region, RegionAlias
from lianfang.regions.services import generate_grids, load_all

AT = datetime(2020, 2, 10, 6, tzinfo=UTC)
DAY = date(2020, 2, 10)


@pytest.fixture(scope="module")
def registers(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        _forget()
        load_all(at=AT)
        generate_grids(city_code="210700", count=5478, at=AT)
        yield
        _forget()


def _forget() -> None:
    for model in (Region, RegionAlias):
        model.objects.using("owner").all().delete()


@pytest.fixture
def reference() -> Path:
    """The folder of reference data that stands beside the repository where the project is developed."""
    return Path(__file__).resolve().parents[3] / "shared" / "data" / "reference"


def needs(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} does not stand beside this repository")
    return path
