"""lianfang bench NAME: measure on this machine, in an installation made for it and removed again. Your data is not touched.

Exit 0 when measured, however fast; 1 when something acknowledged was lost or answered wrongly.
"""

import argparse
import importlib
import json
import signal
import sys
from pathlib import Path
from types import FrameType, ModuleType

from lianfang.bench import BENCHES
from lianfang.machine.progress import telling


def add(parser: argparse.ArgumentParser) -> None:
    names = parser.add_subparsers(dest="bench", required=True, metavar="NAME")
    for name, words in BENCHES.items():
        bench = names.add_parser(name, help=words, description=words)
        bench.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")
        bench.add_argument("--out", type=Path, metavar="FILE", help="把 JSON 也写入文件 / write it here too")
        _module(name).add(bench)


def run(options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, _end)  # as Ctrl-C: what was started is ended, what was made is removed
    bench = _module(options.bench)
    with telling() as progress:
        figures = bench.measure(options, progress)
    print(bench.report(figures), flush=True)
    if options.out:
        options.out.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    if options.json:
        print(json.dumps(figures, ensure_ascii=False), flush=True)
    return 1 if bench.wrong(figures) else 0


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"lianfang.bench.{name}")


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
