"""lianfang serve: database, worker and web, in the foreground; stops cleanly on SIGTERM and Ctrl-C."""

import argparse
import os
import sys
from contextlib import ExitStack

from lianfang.console.database import running
from lianfang.console.demo import add_clock
from lianfang.console.serving.places import Places, add_places, settle
from lianfang.console.serving.processes import serve
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.progress import telling
from lianfang.machine.trouble import Trouble


def add(parser: argparse.ArgumentParser) -> None:
    add_places(parser)
    parser.add_argument(
        "--web", type=int, default=min(2, os.cpu_count() or 1), metavar="N", help="网站进程数 / web processes"
    )
    add_clock(parser)
    content = parser.add_mutually_exclusive_group()
    content.add_argument("--demo", action="store_true", help="演示城市 / a generated city")
    parser.add_argument(
        "--still", action="store_true", help="演示城市里不再有新的通行 / nobody new arrives in the demo city"
    )
    content.add_argument(
        "--empty", action="store_true", help="空平台，打印设置链接 / empty, prints a set-up link"
    )


def run(options: argparse.Namespace) -> int:
    if bool(options.tls_cert) != bool(options.tls_key):
        print("lianfang: --tls-cert 和 --tls-key 要一起给 / go together", file=sys.stderr)
        return 2
    if options.clock and not options.demo:
        print("lianfang: --clock 只用于 --demo / is for --demo only", file=sys.stderr)
        return 2
    settle(options)
    if not options.demo:
        _require_the_real_clock()
    with ExitStack() as house:
        with telling() as progress:
            cluster = house.enter_context(running(progress))
            from lianfang.console.serving.furnishing import furnish  # noqa: PLC0415 -- after Django is set up
            from lianfang.demo.jinzhou import is_jinzhou  # noqa: PLC0415

            places = Places.of(options)
            house.enter_context(places.reserve())
            welcome = furnish(options, progress)
            living = options.demo and not options.still and not is_jinzhou()
        serve(
            cluster=cluster,
            places=places,
            webs=max(1, options.web),
            welcome=lambda: welcome(places),
            living=living,
        )
    return 0


def _require_the_real_clock() -> None:
    """A folder whose clock runs beside the machine's holds a demo: nobody may work in it by mistake."""
    data = DataFolder.open(None)
    if data.scenario:
        raise Trouble(
            f"数据文件夹 {data.path} 里是一座活在另一时间的演示城市，只能用 --demo 启动；正式使用请换一个文件夹（--data）。",
            f"The data folder {data.path} holds a demo city that lives at another time: start it with --demo, "
            "or name another folder (--data) for real use.",
        )
