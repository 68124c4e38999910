"""How to reach the database, as whom. Kept in DATA/database.json, for its owner's eyes only."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict

from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.trouble import Trouble

Role = Literal["owner", "app", "intake", "purge", "admin"]
OUR_ROLES: tuple[Role, ...] = ("owner", "app", "intake", "purge")
NAME = "lianfang"
PORT = 5432
_PASSWORD_BYTES = 24


@dataclass(frozen=True)
class Login:
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Database:
    """A database and the log-ins to it. `host` may be a socket's folder; `options` are libpq's, such as sslmode."""

    host: str
    port: int
    name: str
    logins: Mapping[Role, Login] = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: DataFolder) -> "Database | None":
        """What was written down when the cluster was last started; starts nothing. None before the first time."""
        try:
            return from_json(data.database_file.read_bytes())
        except FileNotFoundError:
            return None

    def parameters(self, role: Role) -> dict[str, Any]:
        """Arguments of `psycopg.connect`: host, port, user, password, dbname."""
        login = self._login(role)
        return {
            "host": self.host,
            "port": self.port,
            "user": login.user,
            "password": login.password,
            "dbname": self.name,
        }

    def dsn(self, role: Role) -> str:
        """The same as a URL, which psycopg, asyncpg and psql all read (a socket's folder travels as a parameter)."""
        login = self._login(role)
        place = urlencode({"host": self.host, "port": self.port, **self.options}, quote_via=quote)
        return f"postgresql://{quote(login.user, safe='')}:{quote(login.password, safe='')}@/{quote(self.name)}?{place}"

    def _login(self, role: Role) -> Login:
        try:
            return self.logins[role]
        except KeyError:
            raise _no_admin() from None


def from_json(content: bytes) -> Database:
    stored = json.loads(content)
    logins = {role: Login(**login) for role, login in stored.pop("logins").items()}
    return Database(**stored, logins=logins)


def at(sockets: Path) -> Database:
    """Our own server's database, whose socket lies in that folder."""
    return Database(str(sockets), PORT, NAME, {})


def write(database: Database, data: DataFolder) -> None:
    content = json.dumps(asdict(database), indent=2).encode()
    if not data.database_file.exists() or data.database_file.read_bytes() != content:
        private_files.replace(data.database_file, content)


def new_login(role: Role) -> Login:
    return Login(f"lianfang_{role}", secrets.token_hex(_PASSWORD_BYTES))


def parse_url(url: str) -> tuple[Database, str]:
    """Somebody else's server from its DATABASE_URL, knowing its admin alone, and the database that admin connects to."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    if not parts.get("user"):
        raise Trouble(
            "DATABASE_URL 里没有用户名：应为 postgresql://用户:密码@主机:端口/postgres。",
            "DATABASE_URL names no user: it reads postgresql://user:password@host:port/postgres.",
        )
    admin = Login(parts.pop("user"), parts.pop("password", ""))
    host, port = parts.pop("host", "localhost"), int(parts.pop("port", PORT))
    maintenance = parts.pop("dbname", "postgres")
    return Database(host, port, NAME, {"admin": admin}, parts), maintenance


def _no_admin() -> Trouble:
    return Trouble(
        "这里不知道数据库管理员的密码：请设置 DATABASE_URL。",
        "The database administrator's password is not known here: set DATABASE_URL.",
    )
