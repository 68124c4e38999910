"""What a phone says about itself, read: odd values are clamped or passed over, never refused. Pure.

A phone that says something silly about its battery must still be heard to hold forty records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any
from uuid import UUID

from lianfang.checkpoints.intake.moments import LARGEST_OFFSET_MS, read_moment
from lianfang.checkpoints.services.names import tidied

MOST_RECORDS = 1_000_000
MOST_MEGABYTES = 100_000_000
OLDEST = timedelta(days=30)
MOST_CLOCK_INS = 200
LONGEST_TEXT = 64
LARGEST_CODE = 1_000_000_000  # lanes and officers' numbers may come as numbers
_NUMBERS = {
    "unsent": (0, MOST_RECORDS),
    "set_aside": (0, MOST_RECORDS),
    "clock_offset_ms": (-LARGEST_OFFSET_MS, LARGEST_OFFSET_MS),
    "battery_percent": (0, 100),
    "storage_free_mb": (0, MOST_MEGABYTES),
}
_TEXTS = ("program", "rules", "lane", "officer")


@dataclass(frozen=True, slots=True)
class ReportedClockIn:
    """An officer at a lane, as the phone tells it."""

    id: UUID
    officer: str
    lane: str
    came_at: datetime
    left_at: datetime | None


def read_report(said: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Columns of a device's report; what was not said, or cannot be read, is not in it and stays as it was."""
    found: dict[str, Any] = {}
    for name, (least, most) in _NUMBERS.items():
        number = _number(said.get(name), least, most)
        if number is not None:
            found[name] = number
    found |= {name: _text(said[name]) for name in _TEXTS if isinstance(said.get(name), str | int)}
    if "oldest_unsent_at" in said or found.get("unsent") == 0:
        waiting = found.get("unsent") != 0
        found["oldest_unsent_at"] = _moment(said.get("oldest_unsent_at"), at) if waiting else None
    return found


def read_clock_ins(said: Mapping[str, Any], *, at: datetime) -> list[ReportedClockIn]:
    """Of several with one id the last counts."""
    listed = said.get("clock_ins")
    given = listed[:MOST_CLOCK_INS] if isinstance(listed, list) else []
    read = (_clock_in(one, at) for one in given if isinstance(one, dict))
    return list({one.id: one for one in read if one is not None}.values())


def _clock_in(said: Mapping[str, Any], at: datetime) -> ReportedClockIn | None:
    record_id, came_at = _id(said.get("id")), _moment(said.get("came_at"), at)
    officer = _text(said.get("officer"))
    if record_id is None or came_at is None or not officer:
        return None
    left_at = _moment(said.get("left_at"), at)
    return ReportedClockIn(
        record_id, officer, _text(said.get("lane")), came_at, left_at and max(left_at, came_at)
    )


def _text(value: Any) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < LARGEST_CODE and not isinstance(value, bool) else ""
    return tidied(value, longest=LONGEST_TEXT) if isinstance(value, str) else ""


def _number(value: Any, least: int, most: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not isfinite(value):
        return None
    return int(max(least, min(value, most)))


def _moment(value: Any, at: datetime) -> datetime | None:
    """Not before the last month and not after now: a phone's clock may be off."""
    moment = read_moment(value, received_at=at) if isinstance(value, str) else None
    return None if moment is None else max(at - OLDEST, min(moment.occurred_at, at))


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
