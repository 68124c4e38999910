"""lianfang keys: a new master key while the city goes on; which keys there are."""

import argparse
from collections import Counter
from dataclasses import asdict

from lianfang.console import say
from lianfang.console.database import running
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.progress import Telling, telling

KINDS = {
    "day": "日密钥 day",
    "kept": "留存密钥 kept",
    "files": "档案密钥 files",
    "index": "索引密钥 index",
    "outbox": "待发箱密钥 outbox",
    "staff": "人员密钥 staff",
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "act",
        choices=("rotate", "list"),
        help="rotate 更换主密钥 / replace the master key · list 列出 / list",
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    if options.act == "list":
        return _list(options)
    with telling() as progress, running(progress):
        return _rotate(options, progress)


def _rotate(options: argparse.Namespace, progress: Telling) -> int:
    from lianfang.kernel.audit import Act, note  # noqa: PLC0415 -- after Django is set up
    from lianfang.kernel.key_folder import key_folder  # noqa: PLC0415
    from lianfang.kernel.key_rotation import rotate  # noqa: PLC0415

    progress.step("更换主密钥", "Replacing the master key")
    count = rotate(key_folder(), progress=progress.count)
    note(Act.KEYS_ROTATED, by=None, subject="MASTER", count=count)
    words = (
        f"主密钥已更换，{count} 个密钥文件重新封装；请马上再备份一次 / the master key is new, {count} key files were wrapped"
        " anew; back up again now"
    )
    say(options, words, wrapped=count)
    return 0


def _list(options: argparse.Namespace) -> int:
    from lianfang.kernel.key_rotation import interrupted, key_files  # noqa: PLC0415 -- reads files only

    folder = DataFolder.open(None).keys
    files = list(key_files(folder)) if folder.exists() else []
    counts = Counter(file.kind for file in files)
    lines = [f"{KINDS.get(file.kind, file.kind):<18} {file.of:<10} {file.provider}" for file in files]
    lines += ["、".join(f"{KINDS.get(kind, kind)} {count}" for kind, count in counts.items()) or "-"]
    if interrupted(folder):
        lines += ["! 上次更换主密钥没有完成：lianfang keys rotate / a rotation was interrupted: run it again"]
    say(options, "\n".join(lines), keys=[asdict(file) for file in files], interrupted=interrupted(folder))
    return 0
