"""lianfang restore: a city comes back from its two archives, in a new data folder; exit 1 if a count is not as it was."""

import argparse
import os
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lianfang.console import say
from lianfang.custody.archives_of_keys import passphrase_in
from lianfang.custody.restoring import Pair, fill, look, marked, new_folder
from lianfang.machine.postgres import Cluster
from lianfang.machine.progress import Telling, telling
from lianfang.machine.trouble import Trouble

if TYPE_CHECKING:
    from lianfang.custody.restoring_city import Restored


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-archive", type=Path, required=True, metavar="FILE", help="数据备份 / data-….lfdata"
    )
    parser.add_argument(
        "--keys-archive", type=Path, required=True, metavar="FILE", help="密钥备份 / keys-….lfkeys"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="口令文件 / opens the key archive"
    )
    parser.add_argument(
        "--into", type=Path, required=True, metavar="FOLDER", help="新的数据文件夹 / the new data folder"
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    begun, at = time.monotonic(), datetime.now(UTC)
    _refuse_a_foreign_server()
    passphrase = passphrase_in(options.passphrase_file) if options.passphrase_file else None
    with telling() as progress:
        data = new_folder(options.into)
        pair = look(
            data,
            archive=options.data_archive,
            keys=options.keys_archive,
            passphrase=passphrase,
            progress=progress,
        )
        cluster = Cluster(data)
        try:
            with marked(data, at=at, archive=pair.archive):
                report = brought_back(cluster, pair, at=at, progress=progress)
        finally:
            cluster.stop()
    seconds = round(time.monotonic() - begun, 1)
    words = f"{told(report)}\n用时 / took   {seconds} s\n{_next(data.path)}"
    say(options, words, good=report.good, seconds=seconds, **asdict(report))
    return 0 if report.good else 1


def _refuse_a_foreign_server() -> None:
    if os.environ.get("DATABASE_URL"):
        raise Trouble(
            "恢复只能用自带的 PostgreSQL：请先去掉 DATABASE_URL。",
            "A restore goes into a PostgreSQL of our own: unset DATABASE_URL first.",
        )


def brought_back(cluster: Cluster, pair: Pair, *, at: datetime, progress: Telling) -> "Restored":
    """The city in a new data folder, running, with no port open. Django is set up on it: once in a process."""
    os.environ["LIANFANG_DATA"] = str(cluster.data.path)
    fill(cluster, pair, progress)
    import django  # noqa: PLC0415 -- its settings read the data folder, which is complete only now

    django.setup()
    from lianfang.custody.restoring_city import settle_in  # noqa: PLC0415 -- after Django is set up

    return settle_in(pair.manifest, at=at, archive=pair.archive.name, progress=progress)


def told(report: "Restored") -> str:
    """The report as words."""
    rows = sum(report.tables.values())
    span = (
        f"{report.oldest:%Y-%m-%d %H:%M} – {report.newest:%Y-%m-%d %H:%M} UTC"
        if report.oldest and report.newest
        else "-"
    )
    return "\n".join(
        [
            f"表 / tables   {len(report.tables)} 张，{rows:,} 行 / rows：{_counts(report)}",
            f"记录 / records   {span}",
            f"销毁账 / purge ledger   {sum(report.purged.values()):,} 行再次清除 / rows cleared again",
            f"密钥 / keys   {_missing(report)}",
            f"看板 / board   {report.cells:,} 格，{report.cells_differing} 格不一致 / cells, differing",
        ]
    )


def _counts(report: "Restored") -> str:
    if report.differing is None:
        return "没有备份说明，数量未核对 / no manifest, counts not compared"
    if not report.differing:
        return "与备份时一致 / as in the archive"
    each = "、".join(f"{name} {said} → {here}" for name, (said, here) in report.differing.items())
    return f"不一致 / differ: {each}"


def _missing(report: "Restored") -> str:
    missing = report.days_without_key
    if not missing:
        return "每条记录都有 / every record has its own"
    days = "、".join(f"{day}（{rows:,}）" for day, rows in missing.items())
    return (
        f"{sum(missing.values()):,} 条记录没有密钥，打不开 / rows without a key: {days}\n"
        "   密钥备份比数据旧：请找更新的一份，恢复到另一个新文件夹 / the keys are older than the data: find a newer archive,"
        " restore into another new folder"
    )


def _next(into: Path) -> str:
    return (
        f"接着 / next   lianfang doctor --data {into}，再 / then lianfang serve --data {into} --lan\n"
        "备份以后撤销过的岗位、停用或清除过的设备和大屏，现在又有效了：请逐一再做一遍"
        " / postings ended, devices and displays revoked since the archive was made are in force again: end them once more"
    )
