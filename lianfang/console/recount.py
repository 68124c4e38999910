"""lianfang recount: count the raw records by their stored fold; exit 1 and name the cells that differ."""

import argparse
from dataclasses import asdict

from lianfang.console import say
from lianfang.console.database import running


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", metavar="ISO", help="核对该时刻（整刻钟）的数字 / the figures as known then"
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up
        from lianfang.doors.api import moment_asked  # noqa: PLC0415
        from lianfang.situation.recount import recount  # noqa: PLC0415

        found = recount(worker_session(), as_of=moment_asked(options.as_of))
    agrees = not found.differences
    lines = [
        f"{found.as_of}: {found.cells} 个格子"
        + (
            "，全部一致 / cells, all agree"
            if agrees
            else f"，{len(found.differences)} 个不一致 / cells differ:"
        )
    ]
    lines += [
        f"  {d.cube} {d.day} {d.hour} {d.key} {d.across}: {d.board} ≠ {d.records}" for d in found.differences
    ]
    say(options, "\n".join(lines), agrees=agrees, **asdict(found))
    return 0 if agrees else 1
