"""Resident identity numbers (公民身份号码), GB 11643-1999: read, checked softly.

Six digits of region, eight of birth, three of sequence (odd: male), one check character (ISO 7064 MOD 11-2).
The region says where the number was first given out, codes are for life and many are abolished, so a region is never
a reason to doubt a number; only a first pair of digits that no province ever had is. Nothing is rejected: what is odd
is flagged, and the officer goes on.
"""

import re
from datetime import date
from operator import mul
from typing import NamedTuple

from lianfang.kernel.as_typed import plain_number
from lianfang.kernel.divisions import PROVINCES

CHECKSUM = "DOCUMENT_CHECKSUM"
LENGTH = "DOCUMENT_LENGTH"
CHARSET = "DOCUMENT_CHARSET"
DATE = "DOCUMENT_DATE"
REGION = "DOCUMENT_REGION"
FIRST_GENERATION = "DOCUMENT_FIRST_GENERATION"

OLDEST_YEARS = 130

# 83 is no province of GB/T 2260; residence permits of people from Taiwan begin with it.
_FIRST_PAIRS = PROVINCES | {"83"}
# 17 digits and a check character, whatever they say.
EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]").fullmatch
_DIGITS_AND_X = re.compile(r"[0-9]*[0-9X]").fullmatch
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# The weights apply to digits, the sum below runs over ASCII bytes: 48 too much each.
_ASCII_EXCESS = 48 * sum(_WEIGHTS)
_X_LOOKALIKES = str.maketrans(dict.fromkeys("ⅹⅩ×хХ", "X"))
_ODD = frozenset("13579")


class ResidentId(NamedTuple):
    """A number as it was read. `born_on` and `sex` are what its digits say, also where a flag asks for another look."""

    number: str
    born_on: date | None
    sex: str | None
    flags: tuple[str, ...]


def read(text: str, *, on: date) -> ResidentId | None:
    """Read a typed number as of the day `on`; None if nothing was typed. Never raises."""
    number = text
    if not EIGHTEEN(text):
        number = with_latin_x(plain_number(text))
        if not EIGHTEEN(number):
            return ResidentId(number, None, None, (_misshapen(number),)) if number else None
    born_on = _born_on(number, on)
    flags: tuple[str, ...] = () if born_on is not None else (DATE,)
    if number[:2] not in _FIRST_PAIRS:
        flags += (REGION,)
    if check_digit(number) != number[17]:
        flags += (CHECKSUM,)
    return ResidentId(number, born_on, "M" if number[16] in _ODD else "F", flags)


def check_digit(body: str) -> str:
    """The 18th character for the first 17 digits (ASCII digits only)."""
    return _CHECK[(sum(map(mul, _WEIGHTS, body.encode())) - _ASCII_EXCESS) % 11]


def with_latin_x(number: str) -> str:
    """The last character of many spreadsheets: ⅹ Ⅹ × х Х written as X."""
    return number.translate(_X_LOOKALIKES)


def _misshapen(number: str) -> str:
    if not _DIGITS_AND_X(number):
        return CHARSET
    return FIRST_GENERATION if len(number) == 15 and number.isdigit() else LENGTH


def _born_on(number: str, on: date) -> date | None:
    try:
        born_on = date.fromisoformat(number[6:14])
    except ValueError:
        return None
    return born_on if born_on <= on and on.year - born_on.year <= OLDEST_YEARS else None
