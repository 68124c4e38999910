"""A check-in that was acknowledged is there: whatever is killed, whenever."""

import pytest

from lianfang.bench.enrolled import enrol, lost, requests
from lianfang.bench.kills import kills_under
from lianfang.bench.load import Load
from lianfang.bench.tables import Tables
from lianfang.machine.progress import Silent
from tests.faults.conftest import Running

pytestmark = pytest.mark.faults

PEOPLE = 9_000


@pytest.fixture(scope="module")
def tables(running: Running) -> Tables:
    found = Tables(running.site.cluster.database)
    enrol(found, PEOPLE, Silent())
    return found


def test_no_check_in_that_was_acknowledged_is_missing_after_server_and_database_were_killed(
    running: Running, tables: Tables
) -> None:
    found = kills_under(
        running.site,
        running.server,
        requests(40_000, people=PEOPLE),
        lambda acknowledged: lost(tables, [request.passages[0] for request in acknowledged]),
        each=2,
        progress=Silent(),
    )
    assert found.kills == 4
    assert found.acknowledged > 0
    assert found.lost == 0
    assert set(found.statuses) <= {"200", "503", "broken"}


def test_the_same_posts_to_two_servers_at_once_are_one_check_in_each(
    running: Running, tables: Tables
) -> None:
    second = running.site.serve()
    posts = requests(300, people=PEOPLE)
    load = Load(iter(posts * 4), ports=[running.server.port, second.port], connections=32)
    load.run(seconds=60)
    assert second.stop() == 0
    assert len(load.acknowledged) == 4 * len(posts)
    assert lost(tables, [post.passages[0] for post in posts]) == 0
    with tables.connect() as connection:
        row = connection.execute(
            "SELECT count(*) FROM check_in WHERE id = ANY(%s)", [[post.passages[0] for post in posts]]
        ).fetchone()
    assert row == (len(posts),)
