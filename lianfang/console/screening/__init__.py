"""lianfang screening ACT: rule sets in the terminal. One file an act; each has `add(parser)` and `run(options)`."""

import argparse
import importlib

ACTS = {
    "rules": "现行规则、到什么时候、以前的 / what is in force, until when, and before",
    "show": "一套规则说的是什么 / a rule set in words",
    "check": "检查一套规则 / check a rule set",
    "sheet": "把一套规则写成表格 / write a rule set as a workbook",
    "agree": "服务器、手机、数据库的决定是否一致 / do server, phone and database decide alike",
}


def add(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    for name, words in ACTS.items():
        act = acts.add_parser(name, help=words, description=words)
        act.add_argument(
            "--data", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )  # before the act or after it
        importlib.import_module(f"lianfang.console.screening.{name}").add(act)


def run(options: argparse.Namespace) -> int:
    code: int = importlib.import_module(f"lianfang.console.screening.{options.act}").run(options)
    return code
