"""Rows as they are inserted, and how lists and JSON travel in them."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from lianfang.kernel.sealing import DayKey


class PassageRow(NamedTuple):
    """One row of `passage`, in the order of the insert."""

    id: UUID
    digest: bytes
    receipt: str
    received_at: datetime
    occurred_at: datetime
    captured_on: date
    captured_hour: int
    checkpoint: str
    jurisdiction: int
    device_id: UUID
    direction: str
    transport: str
    purpose: str | None
    source: str
    officer: str | None
    roster_expected: int | None
    plate_index: bytes | None
    sealed: bytes


class RegistrationRow(NamedTuple):
    """One row of `registration`, in the order of the insert. Lists travel as text and are cast by the statement."""

    id: UUID
    digest: bytes
    receipt: str
    received_at: datetime
    occurred_at: datetime
    captured_on: date
    captured_hour: int
    checkpoint: str
    jurisdiction: int
    device_id: UUID
    passage_id: UUID
    place_in_party: int
    direction: str
    transport: str
    purpose: str | None
    from_code: str | None
    destination_code: str | None
    document_type: str
    age: int | None
    stays: str
    celsius_tenths: int | None
    temperature_state: str | None
    symptoms: str
    case_contact: bool | None
    resident: bool | None
    answer_codes: str | None
    rule_set: str
    rule_rows: str
    measures: str
    shown_otherwise: bool | None
    document_index: bytes | None
    phone_index: bytes | None
    sealed: bytes


class Decided(NamedTuple):
    """What screening decided for a person, as the row keeps it: few decisions are ever made, so each is worded once.

    `rows` and `kinds` are array literals; `measures` is the receipt's list as JSON, sentences apart; `acts` are the
    kinds themselves.
    """

    rule_set: str
    rows: str
    kinds: str
    measures: str
    acts: frozenset[str]


@lru_cache(maxsize=4096)
def passage_receipt(flags: tuple[str, ...]) -> str:
    """What a retry of a passage is answered from."""
    return _json({"flags": flags})


@lru_cache(maxsize=4096)
def person_receipt(flags: tuple[str, ...], measures: str, ruled_at: datetime | None = None) -> str:
    """What a retry of a person is answered from; `measures` is JSON already.

    `ruled_at`: the moment whose rules decided, where the device's clock was set right for it. It stands first: the
    re-screening (journeys/rescreening/laid.py) finds it there.
    """
    ruled = "" if ruled_at is None else f'"ruled_at":"{ruled_at.isoformat()}",'
    return f'{{{ruled}"flags":{_json(flags)},"measures":{measures}}}'


def digest_of(key: DayKey, kind: bytes, parent: bytes, content: bytes) -> bytes:
    """An HMAC under the day's key over kind, parent (a person's passage) and canonical content."""
    return key.digest(kind + parent + content)


def stays_json(stays: list[tuple[str, date | None, date | None]]) -> str:
    """Dates and codes need no escaping, so the list is put together by hand."""
    listed = (f'{{"code":"{code}","from":{_day(first)},"to":{_day(last)}}}' for code, first, last in stays)
    return f"[{','.join(listed)}]" if stays else "[]"


def _day(day: date | None) -> str:
    return "null" if day is None else f'"{day.isoformat()}"'


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def array_literal(values: Sequence[str]) -> str:
    """A PostgreSQL array literal: arrays of arrays cannot be unnested row by row, so lists travel as text."""
    if not values:
        return "{}"
    escaped = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + '","'.join(escaped) + '"}'
