"""One real installation for the crash tests: durable commits, server processes, and a device at every checkpoint."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from lianfang.bench.installation import BenchDevice, Installation, Server, installation
from lianfang.machine.progress import Silent


class Running(NamedTuple):
    """An installation with one server that listens."""

    site: Installation
    server: Server
    devices: list[BenchDevice]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with installation(Silent()) as site:
        server = site.serve()
        yield Running(site, server, site.devices())
