"""Pads of the paper register: sheets of twenty rows, rows that are known by P12-037, rows that were left out. Pure."""

import re
from collections.abc import Collection, Iterable

ROWS_A_PAGE = 20
MOST_ROWS = 1000

_LABEL = re.compile(r"P?0*([1-9][0-9]{0,8})(?:-0*([0-9]{1,4}))?", re.IGNORECASE).fullmatch
_SCANNED = re.compile(r"/desk/transcribe/([1-9][0-9]{0,8})(?:\?row=([0-9]{1,4}))?$").search


def label(pad: int, row: int | None = None) -> str:
    """P12, P12-037: what stands on the sheet."""
    return f"P{pad}" if row is None else f"P{pad}-{row:03d}"


def read_label(text: str) -> tuple[int, int | None] | None:
    """Pad and row of what was typed (P12, 12, p12-037) or scanned from a sheet; None when it is neither."""
    found = _SCANNED(text.strip()) or _LABEL(text.strip())
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


def pages(rows: int) -> list[range]:
    """The rows of each sheet."""
    return [range(first, min(first + ROWS_A_PAGE, rows + 1)) for first in range(1, rows + 1, ROWS_A_PAGE)]


def gaps(typed: Collection[int]) -> list[int]:
    """Rows left out before the last one that was typed: somebody wrote them, or struck them out."""
    there = set(typed)
    return [row for row in range(1, max(there, default=0)) if row not in there]


def listed(rows: Iterable[int]) -> str:
    """17, 18, 31–35: runs of three and more are drawn together."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(str(row) for row in run) for run in runs
    )
