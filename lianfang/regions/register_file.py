"""Reading a register of divisions from a CSV file: code, parent, level (1 province … 5 village), name."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from lianfang.kernel.divisions import LEVELS, is_code, level, parent
from lianfang.kernel.refusals import Refusal
from lianfang.regions import rules


class Unit(NamedTuple):
    """One division as an edition states it."""

    code: str
    level: str
    kind: str
    name: str
    short_name: str
    parent_code: str | None


class RegisterUnreadable(Refusal):
    """The file is no register: the message names the line."""


def read_register(path: Path) -> list[Unit]:
    """Every unit of the file, parents before children. Columns beyond the four are ignored."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = {"code", "parent", "level", "name"} - set(rows.fieldnames or ())
        if missing:
            raise _unreadable(
                1, f"缺少列 {', '.join(sorted(missing))}", f"columns missing: {', '.join(sorted(missing))}"
            )
        # A city without counties (东莞 441900) is listed once more, as its own county.
        names = {
            row["code"]: _checked(row, line)
            for line, row in enumerate(rows, start=2)
            if row["code"] != row["parent"]
        }
    return _units(sorted(names.items()))


def _checked(row: dict[str, str], line: int) -> str:
    code, name = row["code"], (row["name"] or "").strip()
    if not is_code(code) or not name:
        raise _unreadable(line, "代码或名称不对", "code or name is wrong")
    if row["parent"] != (parent(code) or "") or row["level"] != str(LEVELS.index(level(code)) + 1):
        raise _unreadable(
            line, f"{code} 的上级或级别与代码不符", f"parent or level of {code} contradicts the code"
        )
    return name


def _units(named: Iterable[tuple[str, str]]) -> list[Unit]:
    names = dict(named)
    units = []
    for code, name in names.items():
        above = parent(code)
        short = rules.short_name(code=code, name=name, parent_name=names.get(above or "", ""))
        units.append(Unit(code, level(code), rules.kind_of(code, name), name, short, above))
    return units


def _unreadable(line: int, zh: str, en: str) -> RegisterUnreadable:
    return RegisterUnreadable("REGISTER_UNREADABLE", f"第 {line} 行：{zh}。", f"Line {line}: {en}.")
