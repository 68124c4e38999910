"""A folder of backups: what lies in it, how a file comes into it whole, and how an old one leaves it.

    data-20200213T190000Z.lfdata   the database, in PostgreSQL's own archive format; many are kept
    data-20200213T190000Z.json     its manifest: versions, counts of every table, checksums of both archives
    keys-20200213T190000Z.lfkeys   keys and secrets (custody/archives_of_keys.py); only the newest is kept

Files are written under a name that begins with a dot, synced, then renamed: a name without a dot is a whole archive.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.trouble import Trouble

DATA, KEYS, MANIFEST = ".lfdata", ".lfkeys", ".json"
SPARE = 16 << 20  # bytes that stay free beside what is written
_NAMED = re.compile(r"(data|keys)-\d{8}T\d{6}Z\.(lfdata|lfkeys|json)")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Archive(msgspec.Struct, frozen=True):
    """A file as the manifest names it."""

    name: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself. `installation`: the same for all archives of one city (`installation_of`).
    `days_without_key`: rows by day whose key was not there when it was made.
    """

    lianfang: str
    installation: str
    postgres: str
    migration: str
    made_at: datetime
    data: Archive
    keys: Archive
    tables: dict[str, int]
    oldest: datetime | None = None
    newest: datetime | None = None
    days_without_key: dict[str, int] = {}

    def written(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


def manifest_of(archive: Path) -> Manifest | None:
    """The manifest beside a data archive; None when there is none. Raises Trouble when it cannot be read."""
    path = archive.with_suffix(MANIFEST)
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (msgspec.DecodeError, OSError) as error:
        raise Trouble(
            f"备份说明 {path.name} 损坏了：把它移走也能恢复，只是不能核对数量。",
            f"The manifest {path.name} is damaged: move it away to restore without comparing counts.",
        ) from error


@contextmanager
def taking_turns(*folders: Path) -> Iterator[None]:
    """One backup at a time in a folder; leftovers of one that was killed are removed. The folders must be there."""
    handles: list[int] = []
    try:
        for folder in dict.fromkeys(path.resolve() for path in folders):
            handles.append(_held(folder))
            for leftover in folder.glob(".*-*.part"):
                leftover.unlink()
        yield
    finally:
        for handle in handles:
            os.close(handle)


def _held(folder: Path) -> int:
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise Trouble(
            f"备份文件夹 {folder} 打不开：磁盘挂上了吗？请先建立它。",
            f"The backup folder {folder} cannot be opened: is its disk mounted? Make the folder first.",
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise Trouble(
            f"另一次备份正在写 {folder}：等它结束再来。",
            f"Another backup is writing to {folder}: wait for it to end.",
        ) from error
    return handle


def installation_of(data: DataFolder) -> str:
    """Tells one installation's archives from another's; a restored city keeps it, since the secret travels with its keys."""
    return hashlib.sha256(data.secret("installation").encode()).hexdigest()[:16]


def require_ours(folder: Path, installation: str) -> None:
    """Refuses a folder with another installation's data archives: old ones, and all but the newest keys, are removed."""
    manifests = (path.with_suffix(MANIFEST) for path in archives_in(folder, DATA))
    found = {said["installation"] for said in map(_said_in, manifests) if "installation" in said}
    if found - {installation}:
        raise foreign(folder)


def foreign(folder: Path) -> Trouble:
    return Trouble(
        f"{folder} 里是另一个数据文件夹的备份，没有动它：--data 对吗？是新装的系统，就备份到另一个文件夹。",
        f"{folder} holds backups of another data folder and was left alone: is --data right? A new installation's backups"
        " go into a folder of their own.",
    )


def _said_in(manifest: Path) -> dict[str, object]:
    """Nothing of one that cannot be read: it must not stand in the way of tonight's backup."""
    try:
        return dict(msgspec.json.decode(manifest.read_bytes(), type=dict[str, object]))
    except (OSError, msgspec.DecodeError):
        return {}


def free_stamp(at: datetime, *folders: Path) -> str:
    """The moment as it stands in names; a second later when that name is taken."""
    stamp = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    taken = any(list(folder.glob(f"*-{stamp}.*")) for folder in folders)
    return free_stamp(at + timedelta(seconds=1), *folders) if taken else stamp


def require_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise Trouble(
            f"{folder} 只剩 {_mb(free)} MB，这次备份大约要 {_mb(needed + SPARE)} MB：请腾出空间或换一块磁盘。",
            f"{folder} has {_mb(free)} MB left, this backup needs about {_mb(needed + SPARE)} MB: free some, or use another disk.",
        )


class Part:
    """A file being written under its temporary name; `finish` gives it its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary = path.with_name(f".{path.name}.part")
        self._digest = hashlib.sha256()
        self._bytes = 0

    @contextmanager
    def writing(self) -> Iterator["Part"]:
        """On any failure nothing is left of it; a full disk is said so."""
        try:
            with _said_when_full(self.path.parent):
                self._file = os.fdopen(
                    os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
                )
                with self._file:
                    yield self
                    self._file.flush()
                    os.fsync(self._file.fileno())
        except BaseException:
            self._temporary.unlink(missing_ok=True)
            raise

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self._bytes += len(piece)

    @property
    def archive(self) -> Archive:
        return Archive(self.path.name, self._bytes, self._digest.hexdigest())

    def finish(self) -> None:
        os.replace(self._temporary, self.path)
        private_files.sync_folder(self.path.parent)

    def drop(self) -> None:
        self._temporary.unlink(missing_ok=True)


@contextmanager
def _said_when_full(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise Trouble(
            f"{folder} 写满了，这次备份没有完成，没写完的文件已删除；以前的备份还在。请腾出空间再来。",
            f"{folder} is full: this backup was not finished and what was written of it is removed; earlier ones are"
            " untouched. Free some space and try again.",
        ) from error


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def archives_in(folder: Path, suffix: str) -> list[Path]:
    """Whole archives of that kind, oldest first."""
    return sorted(
        path for path in folder.glob(f"*{suffix}") if _NAMED.fullmatch(path.name) and path.is_file()
    )


def newest_pair(folder: Path, keys_folder: Path) -> tuple[Path, Path]:
    data, keys = archives_in(folder, DATA), archives_in(keys_folder, KEYS)
    if not data or not keys:
        raise Trouble(
            f"{folder} 里没有成对的备份（data-….lfdata 和 keys-….lfkeys）。",
            f"There is no pair of archives (data-….lfdata and keys-….lfkeys) in {folder}.",
        )
    return data[-1], keys[-1]


def keep_newest(folder: Path, keep: int) -> list[Path]:
    """Removes data archives, with their manifests, but the newest so many."""
    old = archives_in(folder, DATA)[:-keep]
    for path in old:
        path.unlink()
        path.with_suffix(MANIFEST).unlink(missing_ok=True)
    return old


def erase(path: Path) -> None:
    """Writes over a file before it goes. On a disk that moves its blocks about, the passphrase is what protects."""
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _mb(count: int) -> int:
    return -(-count // (1 << 20))
