"""lianfang audit verify: walk the audit log's chain and name what was touched; audit head: its last block, as one line."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lianfang.console import say
from lianfang.console.database import running
from lianfang.machine.progress import telling
from lianfang.machine.trouble import Trouble

if TYPE_CHECKING:
    from lianfang.kernel.audit.heads import Head
    from lianfang.kernel.audit.verifying import Verified

NUMBERS_SHOWN = 40


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "act",
        choices=("verify", "head"),
        help="verify 逐块核对 / walk the chain · head 打印链头 / print its head",
    )
    parser.add_argument(
        "--head", metavar="FILE", type=Path, help="以前留存的链头 / heads that were printed or kept earlier"
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    kept = _kept(options.head)
    with telling() as progress, running(progress):
        from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up
        from lianfang.kernel.audit.heads import head, heads_in  # noqa: PLC0415
        from lianfang.kernel.audit.verifying import noted_verify  # noqa: PLC0415

        worker = worker_session()
        if options.act == "head":
            return _print_head(options, head(worker))
        heads = heads_in(kept)
        if options.head and not heads:
            raise Trouble(
                f"{options.head} 里没有链头。",
                f"{options.head} holds no line that is a head of the audit log.",
            )
        progress.step("正在逐块核对审计记录", "Walking through the audit log")
        found = noted_verify(worker, by=None, heads=heads, progress=progress)
    _print_found(options, found, heads=len(heads))
    return 0 if found.sound else 1


def _kept(file: Path | None) -> str:
    """What a file of heads holds."""
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise Trouble(
            f"打不开 {file}：{error.strerror}", f"{file} cannot be read: {error.strerror}"
        ) from None


def _print_head(options: argparse.Namespace, found: "Head | None") -> int:
    if found is None:
        say(options, "还没有封存过 / nothing has been sealed yet", number=None, line=None)
        return 1
    said = {"number": found.number, "sealed_at": found.sealed_at.isoformat(), "hash": found.hash.hex()}
    say(options, found.line, **said, line=found.line)
    return 0


def _print_found(options: argparse.Namespace, found: "Verified", *, heads: int) -> None:
    waiting = found.waiting
    lines = [f"{found.blocks:,} 个区块、{found.entries:,} 条记录 / blocks, entries"]
    lines += [f"  {_named(kind)} ({len(numbers):,}): {_numbers(numbers)}" for kind, numbers in found.found]
    if found.sound:
        lines.append("  没有改动 / nothing was touched")
    if heads and not found.wrong["HEAD_MISSING"]:
        lines.append(f"  留存的 {heads} 个链头都在链中 / all {heads} heads kept earlier are in the chain")
    if waiting.entries:
        lines.append(
            f"  另有 {waiting.entries:,} 条等待封存，最早 {waiting.oldest_at} 的第 {waiting.oldest} 条 / wait to be sealed; the oldest"
        )
    head = found.head
    lines.append(head.line if head else "还没有封存过 / nothing has been sealed yet")
    say(
        options,
        "\n".join(lines),
        sound=found.sound,
        blocks=found.blocks,
        entries=found.entries,
        wrong=dict(found.found),
        waiting=waiting._asdict(),
        head=asdict(head) | {"hash": head.hash.hex(), "line": head.line} if head else None,
    )


def _named(kind: str) -> str:
    """A finding in both languages, as everything the terminal says."""
    from django.utils.translation import override  # noqa: PLC0415 -- after Django is set up

    from lianfang.doors.words import CHAIN_FINDINGS  # noqa: PLC0415

    with override("zh-hans"):
        zh = str(CHAIN_FINDINGS[kind])
    with override("en"):
        return f"{zh} / {CHAIN_FINDINGS[kind]}"


def _numbers(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:NUMBERS_SHOWN])
    return f"{shown} …" if len(numbers) > NUMBERS_SHOWN else shown
