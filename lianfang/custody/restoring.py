"""Restoring, first half: archives that fit are looked for, and a new cluster is filled. Knows no Django, which reads its
settings from the data folder that comes into being here; custody/restoring_city.py goes on from there.

A mark lies in the data folder until the whole restore has ended: no port opens before the purge ledger was replayed.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lianfang.custody import archives, archives_of_keys
from lianfang.custody.archives import Manifest
from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster, dumps, find_binaries
from lianfang.machine.postgres.dumps import Contents
from lianfang.machine.progress import Telling
from lianfang.machine.trouble import Trouble

ROOM = 8  # times the archive's size: unpacked, with indexes and the log of writing it
MIGRATIONS = Path(__file__).parents[1] / "migrations"


@dataclass(frozen=True)
class Pair:
    """Two archives that were looked at and can be restored here."""

    archive: Path
    contents: Contents
    manifest: Manifest | None
    keys: dict[str, tuple[int, bytes]]


def look(data: DataFolder, *, archive: Path, keys: Path, passphrase: str | None, progress: Telling) -> Pair:
    """Everything that can be known before anything is made. Raises Trouble with what helps."""
    progress.step("检查备份文件", "Looking at the archives")
    _require_archives(archive, keys)
    content = keys.read_bytes()
    opened = archives_of_keys.opened(content, passphrase=passphrase)
    if "keys/master.key" not in opened:
        raise _no_master()
    manifest = archives.manifest_of(archive)
    if manifest is not None:
        _require_pair(manifest.installation, archives_of_keys.installation_in(content))
        _require_whole(archive, manifest)
        require_known(manifest.migration)
    binaries = find_binaries(data)
    found = dumps.contents(binaries, archive)
    if found.major > binaries.major:
        raise dumps.newer(binaries, found.major)
    archives.require_space(data.path, archive.stat().st_size * ROOM)
    return Pair(archive, found, manifest, opened)


def new_folder(into: Path) -> DataFolder:
    """Empty, or with what a restore that did not end has left there, which is removed: it began with two archives and so
    does the next.
    """
    data = DataFolder.open(into)
    if data.restoring.exists():
        demolish(data)
        return DataFolder.open(into)
    if any(data.path.iterdir()):
        raise Trouble(
            f"{data.path} 不是空的：请恢复到一个新的文件夹（--into），旧的不要动。",
            f"{data.path} is not empty: restore into a new folder (--into) and leave the old one alone.",
        )
    return data


@contextmanager
def marked(data: DataFolder, *, at: datetime, archive: Path) -> Iterator[None]:
    """The mark is taken away when the block has ended well, and only then."""
    said = {"begun_at": at.isoformat(), "archive": archive.name}
    private_files.replace(data.restoring, json.dumps(said).encode())
    yield
    data.restoring.unlink()
    private_files.sync_folder(data.path)


def require_restored(data: DataFolder) -> None:
    """Refuses a folder whose restore has not ended."""
    if data.restoring.exists():
        raise Trouble(
            f"数据文件夹 {data.path} 的恢复没有完成：请用同样的参数再运行一次 lianfang restore，它会从头再来。",
            f"The restore into {data.path} has not ended: run lianfang restore again with the same words, it begins anew.",
        )


def fill(cluster: Cluster, pair: Pair, progress: Telling) -> None:
    """Keys and secrets first, since whoever starts here would make new ones; then roles, extensions, tables, rows."""
    archives_of_keys.unpack(pair.keys, cluster.data)
    cluster.start(progress)
    progress.step("装入数据", "Loading the data")
    dumps.restore(cluster.binaries, cluster.database, pair.archive, pair.contents)


def require_known(migration: str) -> None:
    """Refuses tables of a newer program."""
    if migration not in {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}:
        raise Trouble(
            f"这份备份来自更新的联防程序（{migration}）：请先把程序升级到备份时的版本或更新。",
            f"This archive was made by a newer lianfang ({migration}): upgrade the program to that version or a later one first.",
        )


def _require_archives(archive: Path, keys: Path) -> None:
    """Both can be read and are what they should be; given the wrong way round they are told apart."""
    begins = []
    for path in (archive, keys):
        try:
            with path.open("rb") as file:
                begins.append(file.read(len(archives_of_keys.MAGIC)))
        except OSError as error:
            raise Trouble(f"备份文件 {path} 读不出来。", f"The archive {path} cannot be read.") from error
    if begins[0] == archives_of_keys.MAGIC and begins[1].startswith(dumps.MAGIC):
        raise Trouble(
            "两个文件放反了：--data-archive 要 data-….lfdata，--keys-archive 要 keys-….lfkeys。",
            "The two are the wrong way round: --data-archive takes data-….lfdata, --keys-archive keys-….lfkeys.",
        )
    if not begins[0].startswith(dumps.MAGIC):
        raise Trouble(
            f"{archive} 不是数据备份（data-….lfdata）。", f"{archive} is no data archive (data-….lfdata)."
        )


def _require_pair(data: str, keys: str) -> None:
    if data != keys:
        raise Trouble(
            "这份数据和这份密钥不是同一套系统的备份：请找同一套的密钥备份。",
            "These data and these keys are not of the same installation: find the key archive that belongs to the data.",
        )


def _require_whole(archive: Path, manifest: Manifest) -> None:
    """An archive that was cut short or changed on its way is found before an hour is spent on it."""
    whole = manifest.data.bytes == archive.stat().st_size
    if not whole or archives.digest_of(archive) != manifest.data.sha256:
        raise Trouble(
            f"数据备份 {archive.name} 与它的说明不符（{'内容变了' if whole else '长度不对'}）：请换另一份拷贝或更早的一份。",
            f"The data archive {archive.name} is not what its manifest says ({'changed' if whole else 'cut short'}): take"
            " another copy, or an earlier one.",
        )


def demolish(data: DataFolder) -> None:
    """Removes what a restore that did not end, or a trial, has left: the cluster first, the mark and the folder last."""
    if os.path.lexists(data.postgres) and data.postgres.exists():
        Cluster(data).demolish()
    for path in data.path.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != data.restoring:
            path.unlink()
    data.restoring.unlink(missing_ok=True)
    data.path.rmdir()


def _no_master() -> Trouble:
    return Trouble(
        "这份密钥备份里没有主密钥：请换另一份拷贝。",
        "This key archive holds no master key: take another copy.",
    )
