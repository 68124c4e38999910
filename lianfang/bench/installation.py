"""An installation of a bench's own: data folder, PostgreSQL and server processes, all gone when it is left.

Nobody's data is touched, everything listens on the loopback, and only processes started here are ever ended.
"""

import contextlib
import json
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lianfang.bench.processes import children, command, role_of
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster
from lianfang.machine.postgres.home import Home
from lianfang.machine.progress import Telling
from lianfang.machine.trouble import Trouble

OPEN_WITHIN = 120.0  # seconds a server gets until it listens
GLANCE = 0.02
PORTS = range(20_000, 30_000)
DISK = Path("/var/tmp")  # noqa: S108 -- /tmp may be memory, and a commit to memory measures nothing


@dataclass(frozen=True, slots=True)
class BenchDevice:
    """An enrolled device: its checkpoint's code and its token."""

    checkpoint: str
    token: str


class Installation:
    """What a bench measures. `cluster` runs as long as this does, whatever happens to the servers."""

    def __init__(self, folder: Path) -> None:
        self.data = DataFolder.open(folder)
        with _without_database_url():
            self.cluster = Cluster(self.data)
        self.servers: list[Server] = []

    def serve(self) -> "Server":
        """One more server process on this data folder, listening."""
        server = Server(self.data, _port())
        self.servers.append(server)
        server.start()
        return server

    def devices(self) -> list[BenchDevice]:
        """The demo city's checkpoints, a device without a budget at each. The tables must stand."""
        done = subprocess.run(
            [sys.executable, "-m", "lianfang.bench.furnish"],
            env=environment(self.data),
            check=True,
            stdout=subprocess.PIPE,
        )
        return [BenchDevice(**device) for device in json.loads(done.stdout)]

    @property
    def postmaster(self) -> int:
        """The process id of this data folder's PostgreSQL; LookupError while it is not there."""
        home = Home.find(self.data)
        if home is None:
            raise LookupError("there is no cluster")
        try:
            pid = int((home.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            if os.readlink(f"/proc/{pid}/cwd") == str(home.cluster):
                return pid
        except (OSError, ValueError):
            pass
        raise LookupError("PostgreSQL is not there")

    def kill_postgres(self) -> None:
        """As a power cut would. Waits for it to be there first, and never meets another process with its old id."""
        until = time.monotonic() + OPEN_WITHIN
        while time.monotonic() < until:
            with contextlib.suppress(LookupError, ProcessLookupError), Handle(self.postmaster) as process:
                if self.postmaster:  # still the same: the handle is the one meant
                    process.kill()
                    return
            time.sleep(GLANCE)
        raise LookupError("PostgreSQL did not come back to be killed again")


@contextlib.contextmanager
def installation(progress: Telling) -> Iterator[Installation]:
    """A fresh installation with its database running and no server yet; removed afterwards, come what may."""
    folder = Path(tempfile.mkdtemp(prefix="lianfang-bench-", dir=DISK if DISK.is_dir() else None))
    made = Installation(folder)
    try:
        made.cluster.start(progress)
        yield made
    finally:
        for server in made.servers:
            server.stop()
        made.cluster.demolish()
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """One `lianfang serve` with its web processes and its worker."""

    def __init__(self, data: DataFolder, port: int) -> None:
        self.port = port
        self._data = data
        self._log = data.path / f"serve-{port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._running().pid

    def workers(self) -> list[int]:
        return [pid for pid in children(self.pid) if role_of(command(pid)) == "work"]

    def start(self) -> None:
        """Returns when it says that its doors are open."""
        command = [sys.executable, "-m", "lianfang", "serve", "--port", str(self.port), "--https-port", "0"]
        with self._log.open("ab") as log:
            said_before = log.tell()
            self._process = subprocess.Popen(
                [*command, "--empty"],
                env=environment(self._data),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C reaches the bench alone
            )
        welcome = f"http://localhost:{self.port}/".encode()
        until = time.monotonic() + OPEN_WITHIN
        while welcome not in self._log.read_bytes()[said_before:]:
            if self._process.poll() is not None or time.monotonic() > until:
                raise self._does_not_open()
            time.sleep(GLANCE)

    def stop(self, *, within: float = 30.0) -> int | None:
        """Asks it to end, and after a while makes it; its exit code, None if there was nothing to stop."""
        if self._process is None:
            return None
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL
        finally:
            self._process = None

    def kill(self) -> None:
        """As a power cut would: all its processes at once, the one that watches over the others first."""
        running = self._running()
        with contextlib.ExitStack() as handles:
            family = [handles.enter_context(Handle(pid)) for pid in children(running.pid)]
            running.kill()
            for process in family:
                process.kill()
            running.wait()
            for process in family:
                process.gone()
        self._process = None

    def kill_one_web_process(self, chance: random.Random) -> None:
        """As the kernel does when memory runs out. `serve` starts another; until then the others answer."""
        until = time.monotonic() + OPEN_WITHIN
        while time.monotonic() < until:  # the last one killed may not be back yet
            webs = [pid for pid in children(self.pid) if role_of(command(pid)) == "web"]
            with contextlib.suppress(ProcessLookupError, IndexError), Handle(chance.choice(webs)) as process:
                process.kill()
                return
            time.sleep(GLANCE)
        raise LookupError("no web process came back to be killed")

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            raise LookupError("this server does not run")
        return self._process

    def _does_not_open(self) -> Trouble:
        words = "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])
        return Trouble(f"服务器没有启动：\n{words}", "The server does not start.")


class Handle:
    """A process held by a handle, which never means another process that got the same id later."""

    def __init__(self, pid: int) -> None:
        self._handle = os.pidfd_open(pid)

    def __enter__(self) -> "Handle":
        return self

    def __exit__(self, *failure: object) -> None:
        os.close(self._handle)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def gone(self) -> None:
        """Returns when it has ended."""
        ended = select.poll()
        ended.register(self._handle, select.POLLIN)
        ended.poll()


def _port() -> int:
    """A free port outside the range the system gives out by itself.

    In that range a client that knocks at a server that is being restarted may be given the server's own port, is then
    connected to itself, and keeps the server from coming back.
    """
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(data: DataFolder) -> dict[str, str]:
    """The environment of a child process that works on that data folder and its own cluster."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ours = {"LIANFANG_DATA": str(data.path), "DJANGO_SETTINGS_MODULE": "lianfang.project.settings"}
    return inherited | ours


@contextlib.contextmanager
def paused(pids: Sequence[int]) -> Iterator[None]:
    """Those processes, which are ours, stand still meanwhile."""
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def _without_database_url() -> Iterator[None]:
    """A cluster of our own, also where DATABASE_URL names somebody's: a bench fills, kills and removes it."""
    url = os.environ.pop("DATABASE_URL", None)
    try:
        yield
    finally:
        if url is not None:
            os.environ["DATABASE_URL"] = url
