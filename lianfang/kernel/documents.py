"""Identity documents of every kind met at a checkpoint: normalised, read where they can be read, never refused.

A person is known by (kind of document, normalised number). `match_key` is that pair as one text, the same however the
number was typed; blind indexes are computed over it. Where a form comes from stands at its pattern.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from lianfang.kernel import resident_id
from lianfang.kernel.as_typed import plain_number

RESIDENT_ID = "RESIDENT_ID"
HMT_RESIDENCE = "HMT_RESIDENCE"
HM_PASS = "HM_PASS"  # noqa: S105
TW_PASS = "TW_PASS"  # noqa: S105
PERMANENT_RESIDENCE = "PERMANENT_RESIDENCE"
PASSPORT = "PASSPORT"
OTHER = "OTHER"
NONE = "NONE"
KINDS = (RESIDENT_ID, HMT_RESIDENCE, HM_PASS, TW_PASS, PERMANENT_RESIDENCE, PASSPORT, OTHER, NONE)

FORMAT = "DOCUMENT_FORMAT"

# 港澳居民来往内地通行证: H or M and eight digits for life; the older card adds two for the renewal.
_HM_PASS = re.compile(r"[HM]\d{8}(?:\d{2})?", re.ASCII).fullmatch
_HM_LIFETIME = 9
# 台湾居民来往大陆通行证: eight digits (card) or ten; old booklets carry a letter.
_TW_PASS = re.compile(r"\d{8}|\d{10}|[A-Z]\d{7,9}", re.ASCII).fullmatch
# 外国人永久居留身份证: three letters of the country and twelve digits (2017); since 2023-12-01 18 digits beginning with 9.
_PERMANENT_2017 = re.compile(r"[A-Z]{3}\d{12}", re.ASCII).fullmatch
_PERMANENT_2023 = re.compile(r"9\d{16}[\dX]", re.ASCII).fullmatch
# ICAO 9303 leaves nine characters; no passport in use is shorter than five.
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{5,9}", re.ASCII).fullmatch
_HMT_REGIONS = ("810000", "820000", "830000")


class Document(NamedTuple):
    """A document as it was read: what its number says, what is odd about it, and the key it is found again by."""

    number: str
    born_on: date | None
    sex: str | None
    flags: tuple[str, ...]
    match_key: str  # "" when there is nothing to match on


def normalise(kind: str, number: str, *, on: date) -> Document:
    """Read a number of that kind as of the day `on`. Unknown kinds are read as OTHER. Never raises."""
    return _READERS.get(kind, _other)(number, on)


def possible_keys(number: str) -> tuple[str, ...]:
    """Every key under which a number typed into a search, without its kind, may have been stored."""
    typed = _tidy(number)
    return tuple(dict.fromkeys(_key(kind, typed) for kind in KINDS if kind != NONE)) if typed else ()


def _resident(number: str, on: date) -> Document:
    read = resident_id.read(number, on=on)
    return _NOTHING if read is None else Document(*read, f"{RESIDENT_ID}:{read.number}")


def _hmt_residence(number: str, on: date) -> Document:
    document = _resident(number, on)
    if not document.number or document.number.startswith(_HMT_REGIONS) or document.flags:
        return document
    return document._replace(flags=(resident_id.REGION,))


def _permanent(number: str, on: date) -> Document:
    typed = _tidy(number)
    if not _PERMANENT_2023(typed):
        return _by_form(PERMANENT_RESIDENCE, typed, _PERMANENT_2017)
    # Birth date and check character stand where a resident's do; 9 is no region, and the sex digit is not documented.
    read = _resident(typed, on)
    return read._replace(sex=None, flags=tuple(flag for flag in read.flags if flag != resident_id.REGION))


def _other(number: str, on: date) -> Document:
    """A household register (户口簿) states the holder's resident number: such a number is taken for what it is."""
    typed = _tidy(number)
    if resident_id.EIGHTEEN(typed) and not (document := _resident(typed, on)).flags:
        return document
    return Document(typed, None, None, (), _key(OTHER, typed))


def _by_form(kind: str, typed: str, form: Callable[[str], object]) -> Document:
    flags = () if form(typed) or not typed else (FORMAT,)
    return Document(typed, None, None, flags, _key(kind, typed))


def _key(kind: str, typed: str) -> str:
    """All 18-character schemes share one number space, so they share one key whichever kind was ticked."""
    if not typed:
        return ""
    if resident_id.EIGHTEEN(typed):
        return f"{RESIDENT_ID}:{typed}"
    if kind == HM_PASS and _HM_PASS(typed):
        return f"{HM_PASS}:{typed[:_HM_LIFETIME]}"
    return f"{kind}:{typed}"


def _tidy(number: str) -> str:
    return resident_id.with_latin_x(plain_number(number))


_NOTHING = Document("", None, None, (), "")
_READERS: dict[str, Callable[[str, date], Document]] = {
    RESIDENT_ID: _resident,
    HMT_RESIDENCE: _hmt_residence,
    PERMANENT_RESIDENCE: _permanent,
    HM_PASS: lambda number, on: _by_form(HM_PASS, _tidy(number), _HM_PASS),
    TW_PASS: lambda number, on: _by_form(TW_PASS, _tidy(number), _TW_PASS),
    PASSPORT: lambda number, on: _by_form(PASSPORT, _tidy(number), _PASSPORT),
}
