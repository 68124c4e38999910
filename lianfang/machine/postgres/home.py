"""Where a data folder's cluster lies on disk.

Beside everything else, in DATA/postgres; but root's cluster lies under /var/lib/lianfang, because the user PostgreSQL
then runs as cannot enter a data folder under /root, and DATA/postgres is a link to it:

    cluster/        PostgreSQL's own data folder
    lianfang.conf   our settings, pg_hba.conf: who may connect; both written anew at every start
    run/            the socket, when the path is short enough for one
    start.lock      held while somebody starts or stops the server
    users.lock      held, shared, by every process that uses the server
    data_folder     (root) the data folder this belongs to
"""

import hashlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres.account import ROOT, Account
from lianfang.machine.trouble import Trouble

ROOTS_HOMES = Path("/var/lib/lianfang")
SOCKET_PATH_BYTES = 107  # sun_path, without its closing NUL
SOCKET_NAME = ".s.PGSQL.5432"
_NAME_LENGTH = 20
_SHORT = Path("/tmp")  # noqa: S108 -- TMPDIR may be long too; owner and mode of our folder are checked


@dataclass(frozen=True)
class Home:
    path: Path

    @classmethod
    def find(cls, data: DataFolder) -> "Home | None":
        """The home of a cluster made before, None when there is none yet."""
        if not os.path.lexists(data.postgres):
            return None
        if not data.postgres.exists():
            raise _gone(data)
        home = cls(data.postgres.resolve())
        home._check_belongs_to(data)
        return home

    @classmethod
    def settle(cls, data: DataFolder) -> "Home":
        """The home, made if there is none. Several processes may come at once; all get the same."""
        with private_files.locked(data.path / "postgres.lock"):
            home = cls.find(data)
            if home is None:
                home = cls(_roots_home(data) if os.geteuid() == ROOT else data.postgres)
                _make_folder(home.path, 0o755 if os.geteuid() == ROOT else 0o700)
                home._link_from(data)
            return home

    @property
    def cluster(self) -> Path:
        return self.path / "cluster"

    @property
    def start_lock(self) -> Path:
        return self.path / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.path / "users.lock"

    @property
    def major(self) -> int | None:
        """PostgreSQL's major version that made the cluster; None before there is one."""
        try:
            return int((self.cluster / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None
        except PermissionError as error:
            raise _not_ours(self.cluster) from error

    def abandoned(self) -> list[Path]:
        """Homes of the same data folder before it was removed and made anew: root's clusters do not go with it."""
        notes = ROOTS_HOMES.glob("*/data_folder")
        ours = self.path / "data_folder"
        return [n.parent for n in notes if ours.exists() and n != ours and n.read_text() == ours.read_text()]

    def account(self) -> Account:
        """Who the server runs as: whoever owns the cluster, or who is to own the one to be made."""
        return Account.owning(self.cluster) if self.cluster.exists() else Account.for_new_cluster()

    def sockets(self) -> Path:
        """The folder of the server's socket: here, or where the path is short enough for the system's limit."""
        here = self.path / "run"
        if len(os.fsencode(here / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
            return here
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        return _SHORT / f"lianfang-{self.account().uid}-{digest}"

    def make_sockets_folder(self) -> None:
        """Make it, and refuse one that somebody else put there first to listen in."""
        folder, account = self.sockets(), self.account()
        account.make_folder(folder)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
            raise Trouble(
                f"套接字文件夹 {folder} 不属于本系统：请删除后重试。",
                f"The socket folder {folder} is not ours alone: remove it and try again.",
            )

    def _link_from(self, data: DataFolder) -> None:
        if self.path != data.postgres:
            private_files.replace(self.path / "data_folder", f"{data.path}\n".encode())
            data.postgres.symlink_to(self.path)
            private_files.sync_folder(data.path)

    def _check_belongs_to(self, data: DataFolder) -> None:
        """A data folder that was moved keeps its cluster; a copy of one must not share it."""
        note = self.path / "data_folder"
        if not note.exists():
            return
        written = Path(note.read_text().rstrip("\n"))
        if written == data.path:
            return
        if (written / "postgres").exists() and (written / "postgres").resolve() == self.path:
            raise _copied(data, written)
        private_files.replace(note, f"{data.path}\n".encode())


def _roots_home(data: DataFolder) -> Path:
    """/var/lib/lianfang/<name>-<hash of the path>; with a random tail when a removed data folder left its cluster there."""
    make_roots_homes()
    readable = "".join(c for c in data.path.name if c.isascii() and (c.isalnum() or c in "_-"))[:_NAME_LENGTH]
    path = ROOTS_HOMES / f"{readable or 'data'}-{hashlib.sha256(os.fsencode(data.path)).hexdigest()[:8]}"
    return path.with_name(f"{path.name}-{secrets.token_hex(3)}") if path.exists() else path


def make_roots_homes() -> None:
    if not ROOTS_HOMES.exists():
        _make_folder(ROOTS_HOMES, 0o755)


def _make_folder(path: Path, mode: int) -> None:
    path.mkdir(exist_ok=True)
    path.chmod(mode)  # not left to the umask


def _gone(data: DataFolder) -> Trouble:
    target = os.readlink(data.postgres)
    return Trouble(
        f"数据文件夹 {data.path} 的数据库应在 {target}，但那里没有：请把它从备份恢复到原处，或换一个空的数据文件夹。",
        f"The database of {data.path} should lie in {target} and does not: restore it there, or use an empty data folder.",
    )


def _copied(data: DataFolder, original: Path) -> Trouble:
    return Trouble(
        f"{data.path} 是 {original} 的副本，数据库仍属于原文件夹：请用原文件夹；如要复制，请删除副本中的 postgres 链接，再从备份恢复。",
        f"{data.path} is a copy of {original}, whose database stays with it: use the original, or remove the link"
        " `postgres` from the copy and restore a backup into it.",
    )


def _not_ours(cluster: Path) -> Trouble:
    return Trouble(
        f"数据库 {cluster} 属于另一个用户：请以该用户或 root 运行。",
        f"The database {cluster} belongs to another user: run as that user or as root.",
    )
