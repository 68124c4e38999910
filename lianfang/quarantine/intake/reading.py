"""From bytes to reports. What is odd in a report is read as far as it can be: a reading that is none is no reading, a symptom
nobody knows is still a symptom. Only a report that names nobody, or has no id, cannot be taken.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.rules import HalfDay, Thresholds, reported_half, taken_at, to_a_tenth

MAX_BYTES = 64 * 1024
MAX_REPORTS = 60  # a household of thirty, morning and evening
MAX_PLACES = 30
OTHER = "OTHER"
NUL = "\\x00"


class Reports(msgspec.Struct):
    """What a phone posts. The reports themselves are read one by one, so that an odd one costs no other."""

    reports: list[Any]


class ReadReport(NamedTuple):
    """One person's report: `place` is his place on the slip, counted from 1; `celsius` None where there is no reading."""

    id: UUID
    place: int
    celsius: Decimal | None
    symptoms: tuple[str, ...]
    way: str
    half: HalfDay
    occurred_at: datetime


class UnreadReport(NamedTuple):
    """A report that names nobody or has no id; `id` is what it had for one, in text."""

    id: str | None


_DECODER = msgspec.json.Decoder(Reports)


def read(body: bytes, *, received: datetime, thresholds: Thresholds) -> list[ReadReport | UnreadReport]:
    """The reports of one post, in order. Raises Refusal for what is no post at all."""
    try:
        posted = _DECODER.decode(body).reports
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _unreadable() from None
    if not 1 <= len(posted) <= MAX_REPORTS:
        raise _unreadable()
    return [_report(one, received, thresholds) for one in posted]


def reading_of(value: Any) -> Decimal | None:
    """A temperature to a tenth of a degree, halves upwards; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return to_a_tenth(Decimal(str(value)[:20].strip()))
    except (InvalidOperation, ValueError):  # of digits beyond what Python writes out
        return None


def symptoms_of(told: Any, known: Sequence[str]) -> tuple[str, ...]:
    """Known codes in the order they are asked; whatever else somebody told is OTHER, and not nothing."""
    if told is None or told is False:
        return ()
    codes = told if isinstance(told, list) else [told]
    asked = known if OTHER in known else (*known, OTHER)
    found = {
        code if isinstance(code, str) and code in known else OTHER for code in codes if code not in (None, "")
    }
    return tuple(code for code in asked if code in found)


def _report(one: Any, received: datetime, thresholds: Thresholds) -> ReadReport | UnreadReport:
    told = one if isinstance(one, dict) else {}
    id, place = _id(told.get("id")), told.get("place")
    if id is None or isinstance(place, bool) or not isinstance(place, int) or not 1 <= place <= MAX_PLACES:
        return UnreadReport(str(told["id"])[:40] if isinstance(told.get("id"), str) else None)
    taken = taken_at(_moment(told.get("at")), received)
    by = told.get("by")
    return ReadReport(
        id=id,
        place=place,
        celsius=reading_of(told.get("celsius")),
        symptoms=symptoms_of(told.get("symptoms"), thresholds.symptoms),
        way=by if by in ("SELF", "RESPONDER") else "SELF" if place == 1 else "RESPONDER",
        half=reported_half(taken, told.get("half") if isinstance(told.get("half"), str) else None),
        occurred_at=taken,
    )


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    """None for what is no moment, or says no offset."""
    try:
        read = msgspec.convert(value, datetime) if isinstance(value, str) else None
    except msgspec.ValidationError:
        return None
    return read if read is not None and read.tzinfo is not None else None


def _unreadable() -> Refusal:
    return Refusal(
        "REPORTS_UNREADABLE",
        "内容读不懂，请刷新页面后再报。",
        "This cannot be read: reload the page and report again.",
    )
