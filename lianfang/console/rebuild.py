"""lianfang rebuild: count every cell anew from the records, as after a restore; exit 1 if a cell still differs."""

import argparse
import time

from lianfang.console import say
from lianfang.console.database import running
from lianfang.machine.progress import telling


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    begun = time.monotonic()
    with telling() as progress, running(progress):
        from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up
        from lianfang.situation.rebuild import raise_transaction_numbers, rebuild  # noqa: PLC0415
        from lianfang.situation.recount import recount  # noqa: PLC0415

        raised = raise_transaction_numbers()
        worker = worker_session()
        progress.step("用原始记录重新汇总", "Counting the cells anew")
        rebuild(worker, progress=progress.count)
        progress.step("逐格核对", "Comparing every cell")
        found = recount(worker)
    agrees = not found.differences
    seconds = round(time.monotonic() - begun, 1)
    words = "全部一致 / all agree" if agrees else f"{len(found.differences)} 个不一致 / differ"
    said = f"{found.cells} 个格子，{words}，{seconds} s"
    say(options, said, agrees=agrees, cells=found.cells, raised=raised, seconds=seconds)
    return 0 if agrees else 1
