"""Rule sets as a workbook that headquarters edits and loads. docs/rule-sets.md, the sheet."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from lianfang.screening.compiling import Finding


class SheetRead(NamedTuple):
    """What a sheet says, not compiled yet, and what was odd about it."""

    raw: dict[str, Any] | None
    findings: tuple[Finding, ...]


def read_sheet(data: bytes, *, name: str) -> SheetRead:
    """What a file says; never raises. `raw` is None for what is no sheet of ours."""
    return SheetRead(None, ())


def write_sheet(content: Mapping[str, Any]) -> bytes:
    """A rule set as a workbook (xlsx)."""
    return b""
