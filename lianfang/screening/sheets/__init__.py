"""Rule sets as a workbook that headquarters edits and loads. docs/rule-sets.md, the sheet.

`workbook`, `text_file` a file as papers · `table` a paper as a table · `conditions`, `numbers`, `several` cells in people's words ·
`reading` tables as a rule set · `writing`, `guide` the way back · `columns`, `words` what heads columns and what fills them.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from lianfang.screening.compiling import Compiled, Finding, compiled
from lianfang.screening.compiling.findings import ERROR, WARNING, is_fit
from lianfang.screening.sheets import text_file, workbook, writing
from lianfang.screening.sheets.columns import AREAS, QUESTIONS, RULES
from lianfang.screening.sheets.conditions import Resolver
from lianfang.screening.sheets.drafts import said_again, shaped
from lianfang.screening.sheets.paper import LARGEST_FILE, NotRead, Paper
from lianfang.screening.sheets.reading import rule_set
from lianfang.screening.sheets.table import table
from lianfang.screening.sheets.whereabouts import Whereabouts

__all__ = ["SheetRead", "compiled_sheet", "read_sheet", "write_sheet"]

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # xls, and xlsx under a password


class SheetRead(NamedTuple):
    """What a sheet says, not compiled yet; what was odd about it, by row and column; where each part stands."""

    raw: dict[str, Any] | None
    findings: tuple[Finding, ...]
    places: Whereabouts


def read_sheet(data: bytes, *, name: str, resolve: Resolver | None = None) -> SheetRead:
    """What a file says; never raises. `raw` is None for what is no sheet of ours. `resolve` knows places by name."""
    places = Whereabouts()
    try:
        papers, found = _papers(data, name)
    except NotRead as what:
        return SheetRead(None, (Finding(ERROR, "", "", what.code, what.zh, what.en),), places)
    tables = {paper.title: table(paper) for paper in papers if paper.title == RULES or paper.cells}
    rules = tables.get(RULES)
    if rules is None:
        found += [finding for paper in papers for finding in paper.found]
        return SheetRead(None, tuple(found or [_NO_RULES]), places)
    raw = rule_set(rules, tables.get(AREAS), tables.get(QUESTIONS), places, resolve)
    return SheetRead(raw, tuple(found + [one for paper in papers for one in paper.found]), places)


_NO_RULES = Finding(ERROR, "", "", "NO_RULES", "没有“规则”这张工作表。", "There is no sheet 规则.")


def _papers(data: bytes, name: str) -> tuple[list[Paper], list[Finding]]:
    if len(data) > LARGEST_FILE:
        raise NotRead("TOO_LARGE", "文件超过 2 MB，不读取。", "The file is larger than 2 MB and is not read.")
    if data.startswith(_OLD_OR_LOCKED):
        raise NotRead(
            "OLD_OR_LOCKED",
            "这是旧的 xls 格式，或者加了密码：请打开后另存为 xlsx，不加密码。",
            "This is the old xls format, or locked with a password: open it and save it as xlsx without one.",
        )
    if data.startswith(b"PK"):
        return workbook.papers(data)
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise workbook.NO_WORKBOOK
    alone = Finding(
        WARNING, "", "", "RULES_ALONE",
        "csv 只有规则，没有重点地区和提问；要带上它们请用 xlsx。",
        "A csv file holds the rules alone, no affected areas and no questions; for those use xlsx.",
    )  # fmt: skip
    return [text_file.paper(data)], [alone]


def compiled_sheet(
    read: SheetRead,
    *,
    exists: Callable[[str], bool] | None = None,
    on: date | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Compiled:
    """The sheet's rule set compiled, everything told at its row and column of the sheet, once."""
    if read.raw is None:
        return Compiled(None, read.findings)
    content, found = compiled(read.raw, exists=exists, on=on, names=names)
    refused = {(one.row, one.column) for one in read.findings if one.severity == ERROR}
    told = [read.places.told(one) for one in found]
    findings = (*read.findings, *(one for one in told if (one.row, one.column) not in refused))
    return Compiled(content if is_fit(list(findings)) else None, findings)


def write_sheet(content: Mapping[str, Any], *, names: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """A rule set as a workbook (xlsx); one that is not fit yet as well. `names` of places, by their codes, stand beside them."""
    fit = compiled(content).content
    if fit is not None:
        return writing.workbook(fit, names, lambda condition: True)
    draft = shaped(content)
    return writing.workbook(draft, names, said_again(draft["questions"]))
