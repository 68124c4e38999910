"""lianfang screening check FILE: is this rule set fit to decide? Every finding with its row and column."""

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON、xlsx 或 csv / JSON, xlsx or csv")
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    return 0
