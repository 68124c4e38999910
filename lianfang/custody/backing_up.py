"""Backing up while the city serves: a dump of one moment, then the keys, so that every row's key is in them.

The keys get their name before the data: whenever this is interrupted, the newest keys fit every data archive.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from lianfang import __version__
from lianfang.custody import archives, archives_of_keys
from lianfang.custody.archives import DATA, KEYS, MANIFEST, Archive, Manifest, Part, installation_of
from lianfang.custody.archives_figures import bytes_of_tables, days_without_key, rows_by_table, span
from lianfang.kernel.audit import Act, note
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.sealing import PROVIDERS
from lianfang.machine import private_files
from lianfang.machine.postgres import Cluster
from lianfang.machine.postgres.dumps import dumping
from lianfang.machine.progress import Telling
from lianfang.machine.trouble import Trouble

PIECE = 1 << 20
_MIGRATION = "SELECT name FROM django_migrations WHERE app = 'lianfang' ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True)
class Backup:
    """What was written. `erased`: older key archives that are gone; `removed`: data archives beyond those to keep."""

    data: Path
    keys: Path
    manifest: Manifest
    erased: Sequence[Path]
    removed: Sequence[Path]


def back_up(
    cluster: Cluster,
    *,
    to: Path,
    keys_to: Path,
    passphrase: str | None,
    keep: int,
    at: datetime,
    progress: Telling,
) -> Backup:
    """Older key archives stay when a day's key is missing: they may be the last to hold it."""
    with archives.taking_turns(to, keys_to):
        _require_ours(to, keys_to)
        stamp = archives.free_stamp(at, to, keys_to)
        data, keys = to / f"data-{stamp}{DATA}", keys_to / f"keys-{stamp}{KEYS}"
        part = Part(data)
        try:
            manifest = _dumped(cluster, part, at=at, progress=progress)
            manifest = msgspec.structs.replace(manifest, keys=_keys(keys, passphrase, progress))
            private_files.replace(data.with_suffix(MANIFEST), manifest.written())
            part.finish()
        except BaseException:
            part.drop()
            data.with_suffix(MANIFEST).unlink(missing_ok=True)
            raise
        erased = [] if manifest.days_without_key else _erase_older(keys)
        removed = archives.keep_newest(to, keep)
        _note(manifest, passphrase)
    return Backup(data, keys, manifest, erased, removed)


def _require_ours(to: Path, keys_to: Path) -> None:
    """A wrong --data, or a data disk that is not mounted, must not erase a city's last keys."""
    ours = installation_of(settings.DATA)
    archives.require_ours(to, ours)
    for path in archives.archives_in(keys_to, KEYS):
        try:
            theirs = archives_of_keys.installation_in(path.read_bytes())
        except Trouble:  # a damaged one says nothing
            continue
        if theirs not in ("", ours):
            raise archives.foreign(keys_to)


def _dumped(cluster: Cluster, part: Part, *, at: datetime, progress: Telling) -> Manifest:
    """Counts and dump see the same moment: they share a snapshot, which holds neither the intake nor the board back."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        archives.require_space(part.path.parent, _expected(cursor, part.path.parent))
        progress.step("清点每张表", "Counting every table")
        manifest = _manifest(cursor, at=at)
        progress.step("导出数据", "Dumping the data")
        with part.writing(), dumping(cluster.binaries, cluster.database, snapshot=snapshot) as dump:
            while piece := dump.read(PIECE):
                part.write(piece)
        return msgspec.structs.replace(manifest, data=part.archive)


def _manifest(cursor: CursorWrapper, *, at: datetime) -> Manifest:
    cursor.execute("SHOW server_version")
    (postgres,) = cursor.fetchone()
    cursor.execute(_MIGRATION)
    (migration,) = cursor.fetchone()
    tables = rows_by_table(cursor)
    oldest, newest = span(cursor)
    missing = days_without_key(cursor, key_folder())
    to_come = Archive("", 0, "")
    return Manifest(
        lianfang=__version__,
        installation=installation_of(settings.DATA),
        postgres=postgres,
        migration=migration,
        made_at=at,
        data=to_come,
        keys=to_come,
        tables=tables,
        oldest=oldest,
        newest=newest,
        days_without_key=missing,
    )


def _keys(path: Path, passphrase: str | None, progress: Telling) -> Archive:
    """Made after the dump, whole under its name before the dump has its own."""
    progress.step("备份密钥", "Archiving the keys")
    part = Part(path)
    with part.writing():
        part.write(
            archives_of_keys.packed(
                settings.DATA, passphrase=passphrase, provider=PROVIDERS[settings.SEALING]
            )
        )
    part.finish()
    return part.archive


def _expected(cursor: CursorWrapper, folder: Path) -> int:
    """As much as last time and a fifth, or half of what the tables take."""
    earlier = archives.archives_in(folder, DATA)
    return earlier[-1].stat().st_size * 6 // 5 if earlier else bytes_of_tables(cursor) // 2


def _erase_older(newest: Path) -> list[Path]:
    """A key archive of yesterday would open what a purge destroys today."""
    older = [path for path in archives.archives_in(newest.parent, KEYS) if path != newest]
    for path in older:
        archives.erase(path)
    return older


def _note(manifest: Manifest, passphrase: str | None) -> None:
    details = {
        "bytes": manifest.data.bytes, "sha256": manifest.data.sha256, "sealed": passphrase is not None,
        "days_without_key": len(manifest.days_without_key),
    }  # fmt: skip
    rows = sum(manifest.tables.values())
    note(Act.BACKED_UP, by=None, subject=f"BACKUP {manifest.data.name}", count=rows, details=details)
