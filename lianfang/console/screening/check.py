"""lianfang screening check FILE: is this rule set fit to decide? Every finding with its row and its column.

Reads files only: no database is needed. Places are looked up in the registers that come with the program.
"""

import argparse
import json
from datetime import date
from pathlib import Path

from lianfang.console import say
from lianfang.console.screening.register import is_registered, place_named, short_names
from lianfang.kernel.clock import now
from lianfang.kernel.days import SHANGHAI
from lianfang.machine.trouble import Trouble
from lianfang.screening.compiling import Compiled, Finding, compiled
from lianfang.screening.compiling.findings import ERROR
from lianfang.screening.rules import hash_of
from lianfang.screening.sheets import compiled_sheet, read_sheet

LARGEST_JSON = 8 * 1024 * 1024  # bytes


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON、xlsx 或 csv / JSON, xlsx or csv")
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    found = _checked(options.file, on=now().astimezone(SHANGHAI).date())
    errors = sum(finding.severity == ERROR for finding in found.findings)
    warnings = len(found.findings) - errors
    fit = found.content is not None
    digits = hash_of(found.content) if found.content is not None else None
    if not options.json and found.findings:
        _print(found.findings)
    words = (
        f"可以用，哈希 {digits} / fit to decide" if fit else "不能用，请先改正 / not fit; please correct it"
    )
    say(
        options,
        f"{'✓' if fit else '✗'} {words} · {errors} 处错误 {warnings} 处提醒 / errors, warnings",
        fit=fit,
        hash=digits,
        errors=errors,
        warnings=warnings,
        findings=[finding._asdict() for finding in found.findings],
    )
    return 0 if fit else 1


def _checked(file: Path, *, on: date) -> Compiled:
    data = _bytes_of(file)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        read = read_sheet(data, name=file.name, resolve=place_named)
        return compiled_sheet(read, exists=is_registered, on=on, names=short_names())
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return Compiled(
            None,
            (
                Finding(
                    ERROR, "", place, "NOT_JSON", "不是能读的 JSON。", "This is no JSON that can be read."
                ),
            ),
        )
    return compiled(raw, exists=is_registered, on=on, names=short_names())


def _bytes_of(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_JSON:
            raise Trouble(f"{file} 太大。", f"{file} is too large.")
        return file.read_bytes()
    except OSError as error:
        raise Trouble(
            f"打不开 {file}：{error.strerror}", f"{file} cannot be read: {error.strerror}"
        ) from None


def _print(findings: tuple[Finding, ...]) -> None:
    """Where and what kind in columns, and below it the sentences, which the terminal wraps as it likes."""
    rows = max(len(finding.row) for finding in findings)
    columns = max(len(finding.column) for finding in findings)
    for one in findings:
        sign = "✗" if one.severity == ERROR else "!"
        print(f"{sign} {one.row or '-':<{rows}}  {one.column or '-':<{columns}}  {one.code}")
        print(f"    {one.zh}\n    {one.en}")
