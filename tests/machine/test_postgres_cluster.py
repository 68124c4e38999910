"""The server of a data folder: made, shared, killed, moved, refused."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster, Database, find_binaries
from lianfang.machine.postgres.home import SOCKET_NAME, SOCKET_PATH_BYTES, Home
from lianfang.machine.trouble import Trouble
from tests.machine.seen_from_outside import answers, postmaster

USE_AND_WAIT = """
import sys
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster
cluster = Cluster(DataFolder.open(sys.argv[1]))
cluster.start()
print("ready", flush=True)
sys.stdin.read()
cluster.stop()
"""


def keep_a_row(database: Database) -> None:
    with psycopg.connect(database.dsn("owner")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")


def kept_rows(database: Database) -> list[tuple]:
    with psycopg.connect(database.dsn("owner")) as connection:
        return connection.execute("SELECT n FROM kept").fetchall()


def another_user(data: DataFolder) -> subprocess.Popen[str]:
    """A process of its own that has started or joined the server and holds on to it until its input is closed."""
    command = [sys.executable, "-c", USE_AND_WAIT, str(data.path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_new_cluster_serves_and_is_still_there_after_a_restart(cluster, data):
    keep_a_row(cluster.database)
    cluster.stop()
    assert not answers(cluster.database)
    database = Cluster(data).start()
    assert kept_rows(database) == [(1,)]


def test_nothing_is_written_down_before_the_first_start(data):
    assert Database.read(data) is None


def test_processes_that_start_together_share_one_server_and_the_last_one_out_stops_it(
    binaries, data, new_cluster
):
    new_cluster(data)
    users = [another_user(data) for _ in range(4)]
    assert [user.stdout.readline() for user in users] == ["ready\n"] * 4
    database = Database.read(data)
    server = postmaster(data)
    for user in users[:3]:
        user.communicate()
    assert answers(database)
    assert postmaster(data) == server
    users[3].communicate()
    assert not answers(database)


def test_a_user_that_was_killed_does_not_keep_the_server_alive(cluster, data):
    with another_user(data) as user:
        user.stdout.readline()
        user.kill()
    cluster.stop()
    assert not answers(cluster.database)


@pytest.mark.faults
def test_a_killed_server_is_brought_back_at_once_with_every_committed_row(cluster, data):
    keep_a_row(cluster.database)
    with psycopg.connect(cluster.database.dsn("app")) as busy:  # its process still holds the shared memory
        os.kill(postmaster(data), signal.SIGKILL)
        assert cluster.ensure_alive()
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT 1")
    assert kept_rows(cluster.database) == [(1,)]
    assert not cluster.ensure_alive()


@pytest.mark.faults
def test_a_new_process_starts_a_server_that_was_killed_a_moment_ago(cluster, data):
    for _ in range(3):
        os.kill(postmaster(data), signal.SIGKILL)
        assert answers(Cluster(data).start())


@pytest.mark.faults
def test_a_lock_file_that_names_somebody_elses_process_does_not_stop_the_start(cluster, data):
    """After a power cut, or in a container where ids repeat, its process id belongs to anybody."""
    home = Home.find(data)
    cluster.stop()
    with subprocess.Popen(["sleep", "60"], **home.account().terms()) as somebody:
        (home.cluster / "postmaster.pid").write_text(
            f"{somebody.pid}\n{home.cluster}\n{int(time.time())}\n5432\n"
        )
        assert answers(Cluster(data).start())
        somebody.kill()


@pytest.mark.faults
def test_an_interrupted_initdb_is_done_again(binaries, data, new_cluster):
    new_cluster(data)
    leftover = Home.settle(data).path / "cluster.new-half"
    leftover.mkdir()
    assert answers(Cluster(data).start())
    assert not leftover.exists()


def test_a_cluster_of_another_major_version_is_refused_in_two_languages(cluster, data):
    cluster.stop()
    version = Home.find(data).cluster / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("14\n")
    with pytest.raises(Trouble) as refused:
        Cluster(data).start()
    assert "PostgreSQL 14 建立" in refused.value.zh
    assert "made by PostgreSQL 14" in refused.value.en
    version.write_text(made_by)


def test_the_existing_clusters_version_decides_which_programs_are_taken(cluster, data, binaries, monkeypatch):
    monkeypatch.delenv("LIANFANG_POSTGRES_BIN")
    assert find_binaries(data).major == binaries.major


def test_a_folder_without_server_programs_is_refused(data, tmp_path, monkeypatch):
    monkeypatch.setenv("LIANFANG_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(Trouble, match="LIANFANG_POSTGRES_BIN"):
        find_binaries(data)


def test_a_server_that_cannot_start_says_why(cluster, data):
    cluster.stop()
    (Home.find(data).cluster / "postgresql.auto.conf").write_text("max_connections = 'many'\n")
    with pytest.raises(Trouble, match="max_connections"):
        Cluster(data).start()


def test_lost_passwords_are_made_anew(cluster, data):
    keep_a_row(cluster.database)
    data.database_file.unlink()
    database = Cluster(data).start()
    assert kept_rows(database) == [(1,)]


def test_a_moved_data_folder_keeps_its_database(cluster, data, tmp_path):
    keep_a_row(cluster.database)
    cluster.stop()
    data.path.rename(tmp_path / "moved")
    moved = DataFolder.open(tmp_path / "moved")
    database = Cluster(moved).start()
    assert kept_rows(database) == [(1,)]
    Cluster(moved).demolish()


def test_a_copied_data_folder_never_shares_the_originals_database(cluster, data, tmp_path):
    keep_a_row(cluster.database)
    cluster.stop()
    shutil.copytree(data.path, tmp_path / "copy", symlinks=True)
    copy = DataFolder.open(tmp_path / "copy")
    if not data.postgres.is_symlink():  # a plain user's copy is whole, and a cluster of its own
        assert Cluster(copy).start().host != cluster.database.host
        Cluster(copy).demolish()
        return
    with pytest.raises(Trouble) as refused:
        Cluster(copy).start()
    assert "副本" in refused.value.zh


def test_a_link_to_a_database_that_is_gone_is_refused(data, tmp_path):
    data.postgres.symlink_to(tmp_path / "gone")
    with pytest.raises(Trouble, match="备份"):
        Cluster(data).start()


def test_a_long_path_gets_a_short_folder_for_its_socket(tmp_path):
    home = Home(tmp_path / ("long" * 30))
    assert len(os.fsencode(home.sockets() / SOCKET_NAME)) <= SOCKET_PATH_BYTES
    assert Home(Path("/srv/lianfang")).sockets() == Path("/srv/lianfang/run")


def test_the_log_holds_nothing_of_what_statements_carried(cluster, data):
    plate = "辽C1A2B3"
    with psycopg.connect(cluster.database.dsn("owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE car (plate text UNIQUE CHECK (plate <> ''))")
        connection.execute("INSERT INTO car VALUES (%s)", [plate])
        for statement in ("INSERT INTO car VALUES (%s)", "SELECT %s::text::int"):
            with pytest.raises(psycopg.Error, match=plate):  # its sender is told
                connection.execute(statement, [plate])
    cluster.stop()
    logs = sorted((Home.find(data).cluster / "log").iterdir())
    assert logs
    assert not [log for log in logs if plate in log.read_text()]
