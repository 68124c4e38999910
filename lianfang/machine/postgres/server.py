"""The server process of one home: made, started, asked whether it lives, stopped. Callers hold the start lock.

Whether it lives is found out by connecting, never from a process id: after a kill the id may belong to a zombie that
nobody reaps, or to somebody else. Linux only: /proc tells which processes still work in the cluster's folder.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from psycopg.pq import PGconn, Ping

from lianfang.machine import private_files
from lianfang.machine.postgres import configuration
from lianfang.machine.postgres.account import Account
from lianfang.machine.postgres.binaries import Binaries
from lianfang.machine.postgres.database import PORT, Login
from lianfang.machine.postgres.home import SOCKET_NAME, Home
from lianfang.machine.progress import Telling
from lianfang.machine.trouble import Trouble

TRIES = 3
SOON = 3.0  # seconds a start takes at most when there is nothing to recover
PATIENCE = 600.0  # seconds for processes of a killed server to go
GLANCE = 0.05  # seconds between two looks
NO_LIMIT = str(7 * 24 * 3600)  # seconds: crash recovery takes what it takes
BUILTIN_LOCALE_SINCE = 17


@dataclass(frozen=True)
class Server:
    home: Home
    binaries: Binaries
    account: Account
    settings: Mapping[str, str] = field(default_factory=dict)

    def ping(self) -> Ping:
        """OK: takes connections; REJECT: alive, starting, recovering or stopping; NO_RESPONSE: not there."""
        place = f"host='{self.home.sockets()}' port={PORT} user=- dbname=postgres connect_timeout=10"
        return Ping(PGconn.ping(place.encode()))

    def initialise(self, admin: Login) -> None:
        """Make the cluster, in a folder beside it that takes its name when it is whole."""
        for leftover in self.home.path.glob("cluster.new-*"):
            shutil.rmtree(leftover)
        new = Path(tempfile.mkdtemp(dir=self.home.path, prefix="cluster.new-"))
        self.account.give(new)
        self._initdb(new, admin)
        with (new / "postgresql.conf").open("a") as file:
            file.write("\n# Written anew at every start; postgresql.auto.conf still overrides it.\n")
            file.write("include '../lianfang.conf'\n")
        new.rename(self.home.cluster)
        private_files.sync_folder(self.home.path)

    def bring_up(self, progress: Telling) -> bool:
        """Return once the server takes connections, starting it if it does not live. True if it had to be started."""
        launched = 0
        while (answer := self.ping()) != Ping.OK:
            if answer == Ping.REJECT:
                time.sleep(GLANCE)
            elif launched == TRIES:
                raise self._does_not_start()
            else:
                self._make_way(progress)
                self._launch(progress)
                launched += 1
        return launched > 0

    def stop(self) -> None:
        """Fast stop: sessions are cut, everything is written; returns when no process is left."""
        if self.processes():
            terms = ["stop", "-D", str(self.home.cluster), "-m", "fast", "-W"]
            self.account.run([self._program("pg_ctl"), *terms])
        while self.processes():
            time.sleep(GLANCE)

    def set_password(self, login: Login) -> None:
        """Set it without logging in, as the owner of the stopped cluster's files can."""
        command = [self._program("postgres"), "--single", "-D", str(self.home.cluster), "postgres"]
        order = f"ALTER ROLE {login.user} PASSWORD '{login.password}'\n"
        terms = {key: value for key, value in self.account.terms().items() if key != "stdin"}
        subprocess.run(command, check=True, input=order, text=True, capture_output=True, **terms)

    def processes(self) -> list[int]:
        """Living processes that work in the cluster's folder: the server and its children, no zombies."""
        entries = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [int(entry.name) for entry in entries if self._works_here(entry)]

    def _works_here(self, process: Path) -> bool:
        try:
            return os.readlink(process / "cwd") == str(self.home.cluster)
        except OSError:  # gone, a zombie, or somebody else's
            return False

    def _make_way(self, progress: Telling) -> None:
        """Wait for what is left of a killed server, then take away its lock files.

        PostgreSQL itself would refuse to start while they name a process id in use, be it a zombie's or, in a
        container where ids repeat, anybody's.
        """
        told, until = False, time.monotonic() + PATIENCE
        while self.processes() and self.ping() == Ping.NO_RESPONSE:
            if time.monotonic() > until:
                raise self._in_the_way()
            if not told:
                progress.step("等待上一个数据库进程结束", "Waiting for the previous database server to end")
                told = True
            time.sleep(GLANCE)
        if not self.processes():
            (self.home.cluster / "postmaster.pid").unlink(missing_ok=True)
            (self.home.sockets() / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _launch(self, progress: Telling) -> None:
        """Start it and wait until it takes connections or has failed."""
        self._write_settings()
        command = [self._program("pg_ctl"), "start", "-D", str(self.home.cluster), "-w", "-t", NO_LIMIT]
        with (
            self._start_log.open("wb") as log,
            subprocess.Popen(command, stdout=log, stderr=log, **self.account.terms()) as starting,
        ):
            try:
                self._wait(starting, progress)
            except BaseException:  # Ctrl-C during a long recovery: leave nothing running
                starting.kill()
                self.stop()
                raise

    def _wait(self, starting: "subprocess.Popen[bytes]", progress: Telling) -> None:
        try:
            starting.wait(SOON)
        except subprocess.TimeoutExpired:
            progress.step("数据库正在恢复，请耐心等待", "The database is recovering, this may take a while")
            starting.wait()

    def _write_settings(self) -> None:
        self.home.make_sockets_folder()
        hba_file = self.home.path / "pg_hba.conf"
        values = configuration.settings(sockets=self.home.sockets(), hba_file=hba_file, extra=self.settings)
        written = configuration.as_file(values).encode()
        private_files.replace(hba_file, configuration.WHO_MAY_CONNECT.encode(), mode=0o644)
        private_files.replace(self.home.path / "lianfang.conf", written, mode=0o644)

    def _initdb(self, folder: Path, admin: Login) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.home.path, prefix=".password-") as password:
            password.write(admin.password)
            password.flush()
            self.account.give(Path(password.name))
            terms = self._initdb_terms(folder, admin, password.name)
            done = self.account.run([self._program("initdb"), *terms])
        if done.returncode:
            raise Trouble(f"数据库建立失败：{done.stderr.strip()}", f"initdb failed: {done.stderr.strip()}")

    def _initdb_terms(self, folder: Path, admin: Login, password_file: str) -> list[str]:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [
            f"--pgdata={folder}",
            f"--username={admin.user}",
            f"--pwfile={password_file}",
            "--auth-local=scram-sha-256",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *(builtin if self.binaries.major >= BUILTIN_LOCALE_SINCE else []),
            "--data-checksums",
            "--no-instructions",
        ]

    def _program(self, name: str) -> str:
        return str(self.binaries.program(name))

    @property
    def _start_log(self) -> Path:
        return self.home.path / "start.log"

    def _last_words(self) -> str:
        """The end of what the server said: before its log was open, and in its log."""
        logs = sorted((self.home.cluster / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
        said = [log.read_text(errors="replace").splitlines()[-8:] for log in [self._start_log, *logs]]
        return "\n".join(line for lines in said for line in lines)

    def _does_not_start(self) -> Trouble:
        words = self._last_words()
        where = self.home.path
        return Trouble(f"数据库无法启动（{where}）：\n{words}", f"The database in {where} does not start.")

    def _in_the_way(self) -> Trouble:
        ids = ", ".join(map(str, self.processes()))
        return Trouble(
            f"数据库没有应答，但它的进程仍在（{ids}）：请检查磁盘，或结束这些进程后重试。",
            f"The database does not answer, yet its processes are there ({ids}): check the disk, or end them and try again.",
        )
