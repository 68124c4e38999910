"""The database of a data folder, as its users see it: start, use, leave. The last one out stops the server."""

import fcntl
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from psycopg.pq import Ping

from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import database as databases
from lianfang.machine.postgres import roles
from lianfang.machine.postgres.binaries import Binaries, find_binaries, usable_by
from lianfang.machine.postgres.database import OUR_ROLES, Database, Login, Role, parse_url
from lianfang.machine.postgres.home import Home
from lianfang.machine.postgres.server import Server
from lianfang.machine.progress import Silent, Telling


class Cluster:
    """One data folder's PostgreSQL: our own server, or the one that DATABASE_URL names (then nothing is started or stopped).

    `settings` adds to our server's configuration when this process is the one that starts it.
    """

    def __init__(self, data: DataFolder, *, settings: Mapping[str, str] | None = None) -> None:
        self.data = data
        self._settings = settings or {}
        self._url = os.environ.get("DATABASE_URL")
        self._attached: int | None = None

    def start(self, progress: Telling | None = None) -> Database:
        """Start the server or attach to the one that runs, see to roles and database, and say how to connect."""
        if self._url:
            return self._furnish_theirs(self._url)
        with private_files.locked(self._home.start_lock):
            self._attach()
            try:
                return self._furnish_ours(progress or Silent())
            except BaseException:
                self._leave()
                raise

    def stop(self) -> None:
        """Leave; the server stops if no other process uses it."""
        if self._attached is None:
            return
        with private_files.locked(self._home.start_lock):
            self._leave()

    def ensure_alive(self) -> bool:
        """Bring a killed server back; True if that was needed. Returns when it takes connections again."""
        if self._url or self._server.ping() == Ping.OK:
            return False
        with private_files.locked(self._home.start_lock):
            return self._server.bring_up(Silent())

    def create_database(self, name: str) -> Database:
        """A further database with the same roles, privileges and extensions; there may be one already."""
        database = roles.named(self.database, name)
        roles.furnish(database, maintenance=self._maintenance, ours_alone=not self._url)
        return database

    def drop_database(self, name: str) -> None:
        roles.drop(roles.named(self.database, name), maintenance=self._maintenance)

    def demolish(self) -> None:
        """Stop our server, whoever uses it, and remove the cluster with everything in it; for tests and benches.

        The object is of no use afterwards. A server that DATABASE_URL names is left as it is.
        """
        if self._url:
            return
        with private_files.locked(self._home.start_lock):
            self._server.stop()
            self._forget()
            shutil.rmtree(self._home.sockets(), ignore_errors=True)
        shutil.rmtree(self._home.path)
        self.data.postgres.unlink(missing_ok=True)
        self.data.database_file.unlink(missing_ok=True)

    @property
    def database(self) -> Database:
        """How to connect, once started here or elsewhere; knows the administrator too."""
        written = Database.read(self.data)
        if written is None:
            raise LookupError("the cluster was never started")
        return replace(written, logins={**written.logins, **self._admin_of_url()})

    @cached_property
    def binaries(self) -> Binaries:
        """psql, pg_dump, pgbench and the rest, of the server's major version when it is ours."""
        found = find_binaries(self.data)
        return found if self._url else usable_by(found, self._home.account())

    @cached_property
    def _home(self) -> Home:
        return Home.settle(self.data)

    @cached_property
    def _server(self) -> Server:
        return Server(self._home, self.binaries, self._home.account(), self._settings)

    @property
    def _maintenance(self) -> str:
        return parse_url(self._url)[1] if self._url else "postgres"

    def _furnish_ours(self, progress: Telling) -> Database:
        database = self._written_down(databases.at(self._home.sockets()), ["admin", *OUR_ROLES])
        databases.write(database, self.data)  # before there is a cluster that only these passwords open
        if not self._home.cluster.exists():
            for old in self._home.abandoned():
                progress.step(f"旧数据库仍在 {old}，不用时请删除", "An old database is still there")
            progress.step("正在建立数据库", "Making the database")
            self._server.initialise(database.logins["admin"])
        progress.step("正在启动数据库", "Starting the database")
        self._server.bring_up(progress)
        if roles.password_is_wrong(database, "admin", dbname="postgres"):
            self._reset_admin(database.logins["admin"], progress)
        roles.furnish(database)
        return database

    def _furnish_theirs(self, url: str) -> Database:
        theirs, maintenance = parse_url(url)
        with private_files.locked(self.data.path / "postgres.lock"):
            ours = self._written_down(replace(theirs, logins={}), list(OUR_ROLES))
            databases.write(ours, self.data)  # their administrator's password stays theirs
            database = replace(ours, logins={**ours.logins, **theirs.logins})
            roles.furnish(database, maintenance=maintenance, ours_alone=False)
        return database

    def _written_down(self, database: Database, needed: list[Role]) -> Database:
        """`database` with the log-ins already written down, and new ones for the rest."""
        written = Database.read(self.data)
        known = written.logins if written else {}
        logins = {role: known.get(role) or databases.new_login(role) for role in needed}
        return replace(database, logins=logins)

    def _reset_admin(self, admin: Login, progress: Telling) -> None:
        """database.json was lost or is an older one: the cluster learns its password."""
        self._server.stop()
        self._server.set_password(admin)
        self._server.bring_up(progress)

    def _admin_of_url(self) -> Mapping[Role, Login]:
        return parse_url(self._url)[0].logins if self._url else {}

    def _attach(self) -> None:
        if self._attached is None:
            self._attached = os.open(self._home.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._attached, fcntl.LOCK_SH)

    def _leave(self) -> None:
        self._forget()
        if self._nobody_attached():
            self._server.stop()

    def _forget(self) -> None:
        if self._attached is not None:
            os.close(self._attached)
            self._attached = None

    def _nobody_attached(self) -> bool:
        with self._home.users_lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True
