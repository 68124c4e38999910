"""pg_dump and pg_restore, in PostgreSQL's own archive format: what was dumped by one version, every later one reads."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from psycopg.conninfo import make_conninfo

from lianfang.machine.postgres.binaries import Binaries
from lianfang.machine.postgres.database import Database
from lianfang.machine.trouble import Trouble

MAGIC = b"PGDMP"  # how an archive begins
PATIENCE = 60_000  # milliseconds a dump waits for whoever changes a table at that moment

_DUMPED_FROM = re.compile(r"^;\s+Dumped from database version: (\d+)", re.MULTILINE)
# What `furnish` makes, as the administrator, before anything is restored.
_FURNISHED = re.compile(
    r" (?:EXTENSION - |COMMENT - EXTENSION |SCHEMA - public|ACL - SCHEMA public|COMMENT - SCHEMA public)"
)


@dataclass(frozen=True)
class Contents:
    """What an archive says of itself: the major version it was dumped from, and its list of contents."""

    major: int
    entries: str

    @property
    def ours(self) -> str:
        """The list without what is there already when it is restored."""
        return "".join(line for line in self.entries.splitlines(keepends=True) if not _FURNISHED.search(line))


@contextmanager
def dumping(binaries: Binaries, database: Database, *, snapshot: str) -> Iterator[IO[bytes]]:
    """The dump of everything the owner has, as that exported snapshot sees it; to be read to its end inside the block."""
    words = ["--format=custom", "--compress=1", f"--snapshot={snapshot}", f"--lock-wait-timeout={PATIENCE}"]
    place, environment = _as_owner(database)
    with tempfile.TemporaryFile() as said:
        command = [str(binaries.program("pg_dump")), "--no-password", *words, place]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=environment)
        with process:
            try:
                yield cast(IO[bytes], process.stdout)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise _failed("数据导出失败", "The dump failed", _words_in(said))


def contents(binaries: Binaries, archive: Path) -> Contents:
    """Raises Trouble when these programs cannot read it: damaged, cut short, or by a newer PostgreSQL."""
    command = [str(binaries.program("pg_restore")), "--list", str(archive)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
    if "unsupported version" in done.stderr:
        raise newer(binaries)
    found = _DUMPED_FROM.search(done.stdout)
    if done.returncode or found is None:
        raise _failed("数据备份读不出来", "The data archive cannot be read", done.stderr)
    return Contents(int(found[1]), done.stdout)


def restore(binaries: Binaries, database: Database, archive: Path, wanted: Contents) -> None:
    """Into an empty, furnished database, as the owner of everything in it: whole, or not at all."""
    place, environment = _as_owner(database)
    with tempfile.NamedTemporaryFile("w", prefix="lianfang-restore-") as listed:
        listed.write(wanted.ours)
        listed.flush()
        words = ["--no-owner", "--single-transaction", "--exit-on-error", f"--use-list={listed.name}"]
        command = [str(binaries.program("pg_restore")), "--no-password", *words, f"--dbname={place}"]
        done = subprocess.run(
            [*command, str(archive)],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
        )
    if done.returncode:
        raise _failed("数据恢复失败", "The restore failed", done.stderr)


def newer(binaries: Binaries, major: int | None = None) -> Trouble:
    made_by = f" {major}" if major else ""
    return Trouble(
        f"数据备份来自更新的 PostgreSQL{made_by}，这里的程序是 {binaries.version}：请用同样新或更新的版本恢复"
        "（去掉 LIANFANG_POSTGRES_BIN，或安装它）。",
        f"The data archive comes from a newer PostgreSQL{made_by}, the programs here are {binaries.version}: restore with"
        " one at least as new (unset LIANFANG_POSTGRES_BIN, or install it).",
    )


def _as_owner(database: Database) -> tuple[str, dict[str, str]]:
    """Where to connect, and an environment that holds the password, which the list of processes would show."""
    place = database.parameters("owner")
    password = place.pop("password")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    options = dict(database.options)
    return make_conninfo(**place, **options), {**kept, "LC_ALL": "C.UTF-8", "PGPASSWORD": password}


def _words_in(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace")


def _failed(zh: str, en: str, said: str) -> Trouble:
    """With the last lines of what the program said; they name tables and never a row's content (`DETAIL` is left out)."""
    lines = [line for line in said.splitlines() if "DETAIL" not in line and "CONTEXT" not in line]
    words = "\n".join(lines[-3:])
    return Trouble(f"{zh}：{words}", f"{en}: {words}")
