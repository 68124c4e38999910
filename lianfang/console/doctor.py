"""lianfang doctor: is everything an engineer in a cellar must know in order? Exit 1 if something is not."""

import argparse
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from lianfang.console import say
from lianfang.console.database import running
from lianfang.console.tls import certificates
from lianfang.kernel.key_rotation import interrupted
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster

LEAST_FREE = 5 << 30
BACKUP_EVERY = timedelta(hours=26)  # every night, and a night that took longer


class Finding(NamedTuple):
    """One thing looked at: fine or not, and in words."""

    ok: bool
    what: str
    words: str


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running() as cluster:
        findings = [*_machine(cluster), *_database(), *_board()]
    lines = [f"{'✓' if finding.ok else '✗'} {finding.what}: {finding.words}" for finding in findings]
    ok = all(finding.ok for finding in findings)
    say(options, "\n".join(lines), ok=ok, findings=[finding._asdict() for finding in findings])
    return 0 if ok else 1


def _machine(cluster: Cluster) -> Iterator[Finding]:
    data = DataFolder.open(None)
    free = shutil.disk_usage(data.path).free
    yield Finding(free > LEAST_FREE, "磁盘 / disk", f"{free >> 30} GiB 可用 / free")
    yield Finding(True, "数据库程序 / PostgreSQL", f"{cluster.binaries.version} ({cluster.binaries.bin_dir})")
    made = certificates()
    left = made.not_after - datetime.now(UTC)
    yield Finding(left > timedelta(days=14), "证书 / certificate", f"还有 {left.days} 天 / days left")
    yield from _keys(data)
    yield _backup(data)


def _keys(data: DataFolder) -> Iterator[Finding]:
    folders = [data.path, data.keys, data.secrets, data.tls]
    files = [path for folder in folders[1:] for path in folder.glob("*") if path.suffix != ".pem"]
    loose = [path.name for path in [*folders, *files] if path.exists() and path.stat().st_mode & 0o077]
    words = "只有本人可读 / private" if not loose else f"权限过宽 / readable by others: {'、'.join(loose)}"
    yield Finding(not loose, "密钥目录 / key folder", words)
    if interrupted(data.keys):
        again = "没有完成，请再运行 / was interrupted, run again: lianfang keys rotate"
        yield Finding(False, "更换主密钥 / key rotation", again)


def _backup(data: DataFolder) -> Finding:
    """A city that never made one may be a demo; one that has stopped making them is in danger."""
    if not data.backup_file.exists():
        return Finding(True, "备份 / backup", "从未做过 / never made")
    said = json.loads(data.backup_file.read_text())
    age = datetime.now(UTC) - datetime.fromisoformat(said["at"])
    hours = age // timedelta(hours=1)
    return Finding(age < BACKUP_EVERY, "备份 / backup", f"{hours} 小时前 / hours ago → {said['to']}")


def _database() -> Iterator[Finding]:
    from django.db import connection  # noqa: PLC0415 -- after Django is set up

    from lianfang.kernel.key_folder import key_folder  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'lianfang' ORDER BY id DESC LIMIT 1")
        yield Finding(True, "数据表 / tables", cursor.fetchone()[0])
        cursor.execute("SELECT count(*) FROM region")
        count = cursor.fetchone()[0]
        yield Finding(count > 6_000, "行政区划 / registers", f"{count} 个单位 / units")
        cursor.execute("SHOW fsync")
        yield Finding(cursor.fetchone()[0] == "on", "落盘 / fsync", "on")
        cursor.execute("SHOW synchronous_commit")
        yield Finding(cursor.fetchone()[0] == "on", "提交 / synchronous_commit", "on")
    yield Finding(True, "日密钥 / day keys", f"{len(key_folder().days())} 天 / days")


def _board() -> Iterator[Finding]:
    from lianfang.kernel.clock import now  # noqa: PLC0415 -- after Django is set up
    from lianfang.situation.holding import holding_back  # noqa: PLC0415
    from lianfang.situation.models import FoldPosition  # noqa: PLC0415

    position = FoldPosition.objects.get(pk=1)
    age = (now() - position.watermark).total_seconds() if position.watermark else None
    if age is not None and age < 10:
        yield Finding(True, "看板数据年龄 / board's age", f"{age:.1f} s")
        return
    holder = holding_back()
    works = position.folded_at is not None and (now() - position.folded_at).total_seconds() < 10
    words = "后台程序未运行 / the worker is not running"
    if works and holder is not None:
        words = (
            f"{holder.program} ({holder.role}, {holder.database}) 有未结束的写入 / has not ended its writing"
        )
    yield Finding(False, "看板数据年龄 / board's age", words)
