"""The `lianfang` command. One file a sub-command; each has `add(parser)` and `run(options) -> exit code`.

Exit codes: 0 done · 1 done, and the answer is no (a recount that differs, a doctor's finding) · 2 asked wrongly ·
3 something it needs is missing. With --json the last line printed is one JSON object.
"""

import argparse
import difflib
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from lianfang import __version__
from lianfang.kernel.refusals import Refusal
from lianfang.machine.trouble import Trouble

COMMANDS = {
    "serve": "启动平台：数据库、后台程序、网站 / start database, worker and web, in the foreground",
    "web": "只运行网站 / run the web alone",
    "work": "只运行后台程序 / run the worker alone",
    "device": "登记一台设备并打印它的令牌 / enrol a device and print its token",
    "activate": "给工作人员一个激活链接 / give an officer an activation link",
    "token": "打印一个只读的人员令牌 / print a read-only officer token",
    "recount": "用原始记录核对看板 / count the raw records and compare every cell of the board",
    "rebuild": "用原始记录重新汇总看板 / count every cell of the board anew, as after a restore",
    "audit": "核对审计记录、打印链头 / walk the audit log's chain, print its head",
    "backup": "备份数据和密钥，运行中就能做 / archive data and keys, while it serves",
    "restore": "从备份恢复到新的数据文件夹 / restore archives into a new data folder",
    "keys": "更换主密钥，列出密钥 / replace the master key, list keys",
    "screening": "现行规则，一套规则的内容、检查、表格、三个引擎的核对 / rules in force; a rule set in words, checked, as a workbook; the three engines compared",
    "purge": "说明到期的记录，销毁已签署的 / say what is due, destroy what was signed",
    "demo": "演示城市：全量装入、重演高峰 / the demo city: load the whole volume, replay a rush",
    "bench": "测量速度 / measure",
    "psql": "打开数据库命令行 / open psql",
    "doctor": "检查安装 / check the installation",
    "tls": "本地证书 / the local certificate authority",
}


class Parser(argparse.ArgumentParser):
    """argparse whose error for a mistyped word names the nearest right one."""

    def error(self, message: str) -> NoReturn:
        print(f"lianfang: {message}", file=sys.stderr)
        for word in sys.argv[1:2]:
            near = difflib.get_close_matches(word, COMMANDS, n=1)
            if near and word not in COMMANDS:
                print(f"您要的是 / did you mean: lianfang {near[0]}", file=sys.stderr)
        print("lianfang --help", file=sys.stderr)
        raise SystemExit(2)


def parser(command: str | None) -> Parser:
    """The parser of the whole command; only the sub-command asked for is loaded."""
    top = Parser(
        prog="lianfang",
        description="联防：一座城市的疫情联防联控平台 / joint epidemic prevention and control",
    )
    top.add_argument("--version", action="version", version=f"lianfang {__version__}")
    subs = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for name, words in COMMANDS.items():
        sub = subs.add_parser(name, help=words, description=words)
        sub.add_argument(
            "--data", metavar="DIR", help="数据目录，默认 LIANFANG_DATA 或 var/ / the data folder"
        )
        if name == command:
            importlib.import_module(f"lianfang.console.{name}").add(sub)
    return top


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    command = next((word for word in arguments if not word.startswith("-")), None)
    options = parser(command if command in COMMANDS else None).parse_args(arguments)
    if options.data:
        os.environ["LIANFANG_DATA"] = options.data
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianfang.project.settings")
    try:
        code = importlib.import_module(f"lianfang.console.{options.command}").run(options)
    except (Refusal, Trouble) as problem:
        print(f"lianfang: {problem.zh}\n{problem.en}", file=sys.stderr)
        code = 3
    except KeyboardInterrupt:
        code = 130
    raise SystemExit(code)


def say(options: argparse.Namespace, text: str, **answer: object) -> None:
    """The answer as words, or with --json as one JSON object on the last line."""
    if getattr(options, "json", False):
        print(json.dumps(answer, ensure_ascii=False, default=str), flush=True)
    else:
        print(text, flush=True)
