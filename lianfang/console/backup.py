"""lianfang backup: two archives, data and keys, written while the city serves; with --verify the newest pair is restored
into a temporary folder and compared. Exit 1 when something about the archives is not as it should be.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lianfang.console import say
from lianfang.console.database import running
from lianfang.console.restore import brought_back, told
from lianfang.custody import archives
from lianfang.custody.archives_of_keys import passphrase_in
from lianfang.custody.restoring import demolish, look, marked, new_folder
from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster
from lianfang.machine.progress import Telling, telling
from lianfang.machine.trouble import Trouble

if TYPE_CHECKING:
    from lianfang.custody.backing_up import Backup


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="备份到哪里（须已存在）/ where to; must be there",
    )
    parser.add_argument(
        "--keys-to",
        type=Path,
        metavar="FOLDER",
        help="密钥备份到另一处 / where the key archive goes, if elsewhere",
    )
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="口令文件，给密钥备份加密 / seals the key archive",
    )
    parser.add_argument(
        "--keep", type=_count, default=14, metavar="N", help="留几份数据备份 / data archives that are kept"
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="不备份，试恢复最新一份并核对 / restore the newest pair for a trial",
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    keys_to = options.keys_to or options.to
    passphrase = passphrase_in(options.passphrase_file) if options.passphrase_file else None
    with telling() as progress:
        if options.verify:
            return _verify(options, keys_to, passphrase, progress)
        return _back_up(options, keys_to, passphrase, progress)


def _back_up(options: argparse.Namespace, keys_to: Path, passphrase: str | None, progress: Telling) -> int:
    begun = time.monotonic()
    _require_a_city()
    with running(progress) as cluster:
        from lianfang.custody.backing_up import back_up  # noqa: PLC0415 -- after Django is set up

        made = back_up(
            cluster, to=options.to, keys_to=keys_to, passphrase=passphrase, keep=options.keep,
            at=datetime.now(UTC), progress=progress,
        )  # fmt: skip
        _write_down(cluster.data, made)
        warnings = list(_warnings(cluster, made, sealed=passphrase is not None))
    seconds = round(time.monotonic() - begun, 1)
    answer = {
        "data": str(made.data), "keys": str(made.keys), "bytes": made.manifest.data.bytes,
        "tables": made.manifest.tables, "days_without_key": made.manifest.days_without_key, "seconds": seconds,
        "erased_keys": len(made.erased), "removed_data": len(made.removed), "warnings": warnings,
    }  # fmt: skip
    say(options, "\n".join([_told(made, seconds), *(f"! {warning}" for warning in warnings)]), **answer)
    return 1 if made.manifest.days_without_key else 0


def _require_a_city() -> None:
    """A mistyped --data or an unmounted disk: a new, empty city would be made there, and backed up as if it were ours."""
    data = DataFolder.open(None)
    if not data.database_file.exists():
        raise Trouble(
            f"数据文件夹 {data.path} 里没有数据库：--data 对吗？磁盘挂上了吗？",
            f"There is no database in {data.path}: is --data right, and its disk mounted?",
        )


def _told(made: "Backup", seconds: float) -> str:
    rows, size = sum(made.manifest.tables.values()), made.manifest.data.bytes
    lines = [
        f"数据 / data   {made.data}  {size / 1e6:,.1f} MB，{rows:,} 行 / rows",
        f"密钥 / keys   {made.keys}  {made.manifest.keys.bytes / 1e3:,.0f} kB",
        f"用时 / took   {seconds} s",
    ]
    if made.erased:
        lines.append(
            f"旧的密钥备份已抹除 {len(made.erased)} 份：留着它，销毁了的记录还能打开"
            " / older key archives erased: with them, what was destroyed could still be opened"
        )
    return "\n".join(lines)


def _warnings(cluster: Cluster, made: "Backup", *, sealed: bool) -> Iterator[str]:
    if made.manifest.days_without_key:
        days = "、".join(f"{day}（{rows:,}）" for day, rows in made.manifest.days_without_key.items())
        yield f"这些日子的记录没有密钥，旧的密钥备份没有抹除：{days} / rows of these days have no key; older key archives were kept"
    if not sealed:
        yield "密钥备份没有口令：谁拿到它和数据，谁就能读全部记录；请加 --passphrase-file / the key archive has no passphrase: whoever has it and the data reads everything"
    if made.keys.stat().st_mode & 0o077:
        yield f"{made.keys.parent} 的磁盘不能限制谁可以读文件，密钥备份要有口令 / that disk cannot keep files private: use a passphrase"
    devices = (
        {cluster.data.path.stat().st_dev, cluster.data.postgres.stat().st_dev}
        if cluster.data.postgres.exists()
        else set()
    )
    if made.data.stat().st_dev in devices:
        yield "备份和数据在同一块磁盘上：磁盘坏了两者都没有；请再拷到别处 / the backup lies on the disk of the data: copy it elsewhere"


def _write_down(data: DataFolder, made: "Backup") -> None:
    """For the doctor: when, and where to."""
    said = {"at": made.manifest.made_at.isoformat(), "to": str(made.data.parent.resolve())}
    private_files.replace(data.backup_file, json.dumps(said, ensure_ascii=False).encode())


def _verify(options: argparse.Namespace, keys_to: Path, passphrase: str | None, progress: Telling) -> int:
    """In a folder and a cluster of its own, gone afterwards; the city's are not touched."""
    begun, at = time.monotonic(), datetime.now(UTC)
    archive, keys = archives.newest_pair(options.to, keys_to)
    os.environ.pop("DATABASE_URL", None)  # a trial is made in a cluster of our own
    city = DataFolder.open(None)
    with private_files.locked(city.path / "verify.lock"):
        trial = new_folder(city.path / "verify")
        try:
            with marked(trial, at=at, archive=archive):  # nobody may work in it, even if it is left behind
                pair = look(trial, archive=archive, keys=keys, passphrase=passphrase, progress=progress)
                report = brought_back(Cluster(trial), pair, at=at, progress=progress)
                tried, closed = _unopened(progress)
        finally:
            demolish(trial)
    seconds = round(time.monotonic() - begun, 1)
    good = report.good and not closed and report.differing is not None
    verdict = "可以恢复 / it can be restored" if good else "有问题 / something is wrong"
    words = f"{archive.name} + {keys.name}：{verdict}，{seconds} s\n{told(report)}\n{_days(tried, closed)}"
    answer = {"archive": archive.name, "good": good, "days": tried, "unopened": closed, "seconds": seconds}
    say(options, words, **{**asdict(report), **answer})
    return 0 if good else 1


def _unopened(progress: Telling) -> tuple[int, list[str]]:
    from lianfang.custody.restoring_city import unopened  # noqa: PLC0415 -- after Django is set up

    return unopened(progress)


def _days(days: int, closed: list[str]) -> str:
    if closed:
        return f"打不开的日子 / days that do not open: {'、'.join(closed)}"
    return f"每天打开一条：{days} 天都能打开 / one record a day: all {days} days open"


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count
