"""lianfang screening agree: do the server, the phone and the database decide alike? Exit 1 where they do not."""

import argparse
import json
from secrets import randbelow
from typing import TYPE_CHECKING

from lianfang.console import say
from lianfang.console.database import running
from lianfang.machine.progress import telling

if TYPE_CHECKING:
    from lianfang.journeys.agreement import Agreement

NAMES = {
    "python": "服务器 / the server",
    "typescript": "手机（需要 Node 和前端组件）/ the phone (needs node and the front end's packages)",
    "sql": "数据库 / the database",
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pairs", type=_some, default=10_000, metavar="N", help="多少对规则和人 / how many pairs"
    )
    parser.add_argument("--seed", type=int, metavar="S", help="重做同一次抽样 / draw the same again")
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    seed = randbelow(1_000_000) if options.seed is None else options.seed
    with telling() as progress, running(progress):
        from lianfang.journeys.agreement import agree  # noqa: PLC0415 -- after Django is set up
        from lianfang.kernel.clock import now  # noqa: PLC0415

        found = agree(options.pairs, seed=seed, at=now(), progress=progress)
    say(
        options,
        "\n".join(_lines(found)),
        pairs=found.pairs,
        disagreements=found.disagreements,
        engines=found.engines,
        missing=found.missing,
        seconds=found.seconds,
        seed=found.seed,
        examples=[example.told() for example in found.examples],
    )
    return 1 if found.disagreements else 0


def _lines(found: "Agreement") -> list[str]:
    verdict = (
        f"{found.disagreements:,} 处不同 / differ" if found.disagreements else "全部一致 / all decided alike"
    )
    asked = "、".join(found.engines)
    return [
        f"{found.pairs:,} 对规则和人 / pairs, {asked}: {verdict} ({found.seconds} s, --seed {found.seed})",
        *(f"没有问 / not asked: {NAMES[name]}" for name in found.missing),
        *(json.dumps(example.told(), ensure_ascii=False) for example in found.examples),
    ]


def _some(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("1 或更多 / 1 or more")
    return number
