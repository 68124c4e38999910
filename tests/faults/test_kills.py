"""An acknowledgement means durable: whatever is killed, whenever."""

import pytest

from lianfang.bench.kills import kills
from lianfang.bench.parcels import Parcels
from lianfang.bench.processes import all_stats
from lianfang.bench.storm import PASSAGES, TIMES, storm
from lianfang.bench.tables import Tables
from lianfang.machine.progress import Silent
from tests.faults.conftest import Running

pytestmark = pytest.mark.faults


def test_copies_sent_at_once_to_two_servers_are_one_record_each(running: Running) -> None:
    site, server, devices = running
    second = site.serve()
    requests = Parcels(devices, seed=1).requests(PASSAGES)
    found = storm(requests, ports=[server.port, second.port], tables=Tables(site.cluster.database))
    assert second.stop() == 0
    assert found == (PASSAGES * TIMES, PASSAGES, sum(request.people for request in requests))


def test_nothing_acknowledged_is_missing_after_the_server_and_the_database_were_killed(
    running: Running,
) -> None:
    site, server, devices = running
    found = kills(site, server, devices, each=3, progress=Silent())
    assert found.kills == 6
    assert found.acknowledged > 0
    assert found.lost == 0
    assert set(found.statuses) <= {"200", "503", "broken"}


def test_asked_to_stop_a_server_ends_in_order_and_leaves_no_process(running: Running) -> None:
    server = running.site.serve()
    family = descendants(server.pid)
    assert len(family) > 1
    assert server.stop(within=10) == 0
    assert not family & {stat.pid for stat in all_stats()}


def descendants(pid: int) -> set[int]:
    """The process and all that come from it."""
    stats, found = all_stats(), {pid}
    while more := {stat.pid for stat in stats if stat.parent in found} - found:
        found |= more
    return found
