"""The system account PostgreSQL runs as: ourselves, or a user of its own when we are root (PostgreSQL refuses root)."""

import contextlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianfang.machine.trouble import Trouble

NAME = "lianfang"
ROOT = 0


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @classmethod
    def for_new_cluster(cls) -> "Account":
        """Ourselves, or as root the system user `lianfang`, made if need be."""
        if os.geteuid() != ROOT:
            return cls(os.geteuid(), os.getegid())
        try:
            entry = pwd.getpwnam(NAME)
        except KeyError:
            _add_user()
            entry = pwd.getpwnam(NAME)
        return cls(entry.pw_uid, entry.pw_gid)

    @classmethod
    def owning(cls, path: Path) -> "Account":
        """Whoever owns `path`; refused unless that is ourselves or we are root."""
        status = path.stat()
        if os.geteuid() not in (ROOT, status.st_uid):
            raise Trouble(
                f"数据库 {path} 属于另一个用户：请以该用户或 root 运行。",
                f"The database {path} belongs to another user: run as that user or as root.",
            )
        return cls(status.st_uid, status.st_gid)

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def give(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def make_folder(self, path: Path) -> None:
        """A folder only the account (and root) may enter; one that is there already stays as it is."""
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
            self.give(path)

    def can_run(self, program: Path) -> bool:
        """Whether the account may reach and execute `program`: a 0700 folder above it is enough to say no."""
        try:
            return self.run([str(program), "--version"]).returncode == 0
        except OSError:
            return False

    def run(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        """Run to the end as the account; output is captured, a failure is returned, not raised."""
        kept: dict[str, Any] = {"capture_output": True, "text": True, "errors": "replace"}
        return subprocess.run(command, check=False, **kept, **self.terms())

    def terms(self) -> dict[str, Any]:
        """Arguments for `subprocess`: the account, a neutral folder, no PG* variables, a session of its own.

        The session of its own keeps a Ctrl-C at the terminal from reaching the database before us.
        """
        terms: dict[str, Any] = {
            "cwd": "/",
            "env": _environment(),
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
        }
        if self.is_other:
            terms |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return terms


def _environment() -> dict[str, str]:
    """PostgreSQL reads PG* as orders, and its messages follow LC_*; neither is for the shell we came from to decide."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": "/"}


def _add_user() -> None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    nowhere = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    terms = ["--system", "--user-group", *nowhere]
    done = useradd and subprocess.run([useradd, *terms, NAME], check=False, capture_output=True, text=True)
    if not _exists(NAME):  # another process may have made it between our look and our attempt
        reason = done.stderr.strip() if done else "useradd?"
        raise Trouble(
            f"PostgreSQL 不能以 root 运行，而系统用户 {NAME} 建立失败（{reason}）：请先建立该用户，或不以 root 运行。",
            f"PostgreSQL refuses root and the system user {NAME} could not be made ({reason}): make it, or run as no root.",
        )


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
