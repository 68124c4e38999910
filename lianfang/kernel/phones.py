"""Telephone numbers: one key however a number was typed, and a kind. Odd ones are kept and flagged PHONE_ODD."""

import re
from typing import NamedTuple

from lianfang.kernel.as_typed import plain, plain_number

MOBILE = "MOBILE"
LANDLINE = "LANDLINE"
SHORT = "SHORT"
OTHER = "OTHER"

ODD = "PHONE_ODD"

_MOBILE = re.compile(r"1[3-9][0-9]{9}").fullmatch
# 010 and 02x with seven or eight digits, three-digit area codes (0416 锦州, 0412 鞍山、海城) likewise.
_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}").fullmatch
_SHORT = re.compile(r"1[0-9]{2}|1[0-9]{4}|11[0-9]{4}|9[56][0-9]{3,4}").fullmatch
_SERVICE = re.compile(r"[48]00[0-9]{7}").fullmatch  # 400 and 800 numbers of companies
_FOREIGN = re.compile(r"\+[1-9][0-9]{6,14}").fullmatch  # E.164

_CHINA = re.compile(r"(?:(?:\+|00)86)*(?:86(?=1[3-9][0-9]{9}$))?")
# An extension, or a second number, after a whole first one.
_REST = re.compile(r"(?<=[0-9]{7})(?:转|分机|EXT|#|,|;|、|/).*", re.DOTALL)
_DASHED_EXTENSION = re.compile(r"(0[0-9]{2,3}-?[2-9][0-9]{6,7})-[0-9]{1,6}").fullmatch
_MARKS = str.maketrans(dict.fromkeys("().·:", None))


class Phone(NamedTuple):
    """A number as it was read; `key` is "" when there is none."""

    key: str
    kind: str
    flags: tuple[str, ...] = ()


def read(text: str) -> Phone:
    """Read a typed number. Never raises."""
    if _MOBILE(text):
        return Phone(text, MOBILE)
    key = _key(text)
    for form, kind in _FORMS:
        if form(key):
            return Phone(key, kind)
    return Phone(key, OTHER, (ODD,) if key else ())


def _key(text: str) -> str:
    number = plain(text).translate(_MARKS)
    dashed = _DASHED_EXTENSION(number)
    number = _REST.sub("", plain_number(dashed[1] if dashed else number))
    inside = _CHINA.sub("", number, count=1)
    if len(inside) < len(number) and _LANDLINE("0" + inside):  # behind +86 an area code has lost its 0
        return "0" + inside
    return _dialled(inside)


def _dialled(number: str) -> str:
    """00 stands for + before another country; a 0 was once dialled before a mobile number of another city."""
    if number.startswith("00") and _FOREIGN("+" + number[2:]):
        return "+" + number[2:]
    return number[1:] if number.startswith("0") and _MOBILE(number[1:]) else number


_FORMS = ((_MOBILE, MOBILE), (_LANDLINE, LANDLINE), (_SHORT, SHORT), (_SERVICE, OTHER), (_FOREIGN, OTHER))
