"""The data folder: everything one city's installation keeps on disk, in one place, for its owner's eyes only."""

import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lianfang.machine import private_files
from lianfang.machine.trouble import Trouble

SECRET_BYTES = 48
_SECRET_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class DataFolder:
    """A resolved path that exists; what is inside comes into being when it is first needed."""

    path: Path

    @classmethod
    def open(cls, path: str | Path | None = None) -> "DataFolder":
        """The folder named by `path`, else by LIANFANG_DATA, else `var` here; made (0700) if there is none."""
        folder = Path(path or os.environ.get("LIANFANG_DATA") or "var").expanduser().resolve()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(folder) from error
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise _unusable(folder)
        return cls(folder)

    @property
    def keys(self) -> Path:
        """The key folder, the second of a backup's two archives."""
        return self.path / "keys"

    @property
    def tls(self) -> Path:
        return self.path / "tls"

    @property
    def postgres(self) -> Path:
        """Where the embedded cluster lies, or a link to it."""
        return self.path / "postgres"

    @property
    def database_file(self) -> Path:
        return self.path / "database.json"

    @property
    def secrets(self) -> Path:
        """One file a secret."""
        return self.path / "secrets"

    @property
    def log(self) -> Path:
        return self.path / "lianfang.log"

    @property
    def restoring(self) -> Path:
        """There while a restore into this folder has not ended: nobody may work in it."""
        return self.path / "restoring.json"

    @property
    def backup_file(self) -> Path:
        """When the last backup was made, and where."""
        return self.path / "backup.json"

    @property
    def _scenario_file(self) -> Path:
        return self.path / "scenario.json"

    @property
    def scenario(self) -> timedelta:
        """How far this city's clock runs beside the machine's: nothing, except in a demo that lives in another month."""
        if not self._scenario_file.exists():
            return timedelta(0)
        return timedelta(seconds=json.loads(self._scenario_file.read_text())["offset_seconds"])

    def set_scenario(self, moment: datetime) -> timedelta:
        """From now on it is `moment` in this city, and time goes on from there. For demo cities only."""
        offset = moment - datetime.now(UTC)
        private_files.replace(
            self._scenario_file, json.dumps({"offset_seconds": offset.total_seconds()}).encode()
        )
        return offset

    def secret(self, name: str) -> str:
        """A random secret, made the first time it is asked for and the same ever after, in every process."""
        if not _SECRET_NAME.fullmatch(name):
            raise ValueError(f"a secret is named like 'cookies' or 'set-up-link', not {name!r}")
        self.secrets.mkdir(mode=0o700, exist_ok=True)
        fresh = secrets.token_urlsafe(SECRET_BYTES).encode()
        return private_files.write_once(self.secrets / name, fresh).decode()


def _unusable(folder: Path) -> Trouble:
    return Trouble(
        f"数据文件夹 {folder} 不能读写：请换一个文件夹（--data 或 LIANFANG_DATA），或以它的所有者身份运行。",
        f"The data folder {folder} cannot be used: name another (--data or LIANFANG_DATA), or run as its owner.",
    )
