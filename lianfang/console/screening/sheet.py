"""lianfang screening sheet CODE FILE: a shipped rule set, or one of the database by its hash, as a workbook."""

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "set", metavar="CODE", help="自带规则的代码，或规则的哈希 / a shipped code, or a hash"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="写到哪里（xlsx）/ where to (xlsx)")


def run(options: argparse.Namespace) -> int:
    return 0
