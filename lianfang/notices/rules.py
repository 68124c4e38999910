"""What a notice may say and for how long, and how it stands at a moment.

Source: look.md (最新疫情动态 on every page for the public) and the law of rule sets: 30 days at most, then it is renewed.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lianfang.kernel import phones, resident_id
from lianfang.kernel.as_typed import plain_number
from lianfang.kernel.refusals import Refusal

LONGEST = timedelta(days=30)
LONGEST_TITLE, LONGEST_BODY, LONGEST_REASON = 40, 500, 200
# English takes about three letters for a Chinese character.
LONGEST_TITLE_EN, LONGEST_BODY_EN = 120, 1500

# Digits as people write them, with up to three blanks between two: a number of a person is one however it is spaced.
_GAP = " {0,3}"
_MOBILE = re.compile(rf"(?<![0-9])(?:0{{0,2}}86{_GAP})?0?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])")
_RESIDENT_ID = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9X](?![0-9])")
_DOTS = str.maketrans(dict.fromkeys(".·", " "))


class NoticeState(StrEnum):
    WAITING = "WAITING"  # for a second officer
    TO_COME = "TO_COME"
    IN_FORCE = "IN_FORCE"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Plain text. Without English it is shown in Chinese to everybody."""

    title: str
    body: str
    title_en: str = ""
    body_en: str = ""


def state_of(
    *, valid_from: datetime, valid_until: datetime, approved: bool, withdrawn: bool, at: datetime
) -> NoticeState:
    if withdrawn:
        return NoticeState.WITHDRAWN
    if valid_until <= at:
        return NoticeState.LAPSED
    if not approved:
        return NoticeState.WAITING
    return NoticeState.TO_COME if valid_from > at else NoticeState.IN_FORCE


def fit_text(text: NoticeText, *, on: date) -> NoticeText:
    """The text as it is kept: neither too long, nor half in English, nor with the number of a person in it."""
    fit = NoticeText(
        title=_fit(text.title, LONGEST_TITLE),
        body=_fit(text.body, LONGEST_BODY),
        title_en=_fit(text.title_en, LONGEST_TITLE_EN),
        body_en=_fit(text.body_en, LONGEST_BODY_EN),
    )
    if not fit.title or not fit.body:
        raise Refusal("TEXT_MISSING", "请写标题和内容。", "Write a title and a text.")
    if bool(fit.title_en) != bool(fit.body_en):
        zh, en = (
            "英文的标题和内容要么都写，要么都不写。",
            "Write both title and text in English, or neither.",
        )
        raise Refusal("ENGLISH_HALF", zh, en)
    for part in (fit.title, fit.body, fit.title_en, fit.body_en):
        _refuse_numbers(part, on)
    return fit


def fit_reason(reason: str, *, on: date) -> str:
    said = _fit(reason, LONGEST_REASON)
    if not said:
        raise Refusal("REASON_MISSING", "请写明撤回的原因。", "Say why it is withdrawn.")
    _refuse_numbers(said, on)
    return said


def require_days(valid_from: datetime, valid_until: datetime, *, at: datetime) -> None:
    """It begins within 30 days, ends after it begins and after now, and holds for 30 days at most."""
    if valid_until <= valid_from:
        raise Refusal(
            "DATES_INVERTED",
            "结束早于开始，可能写反了。",
            "It ends before it begins: perhaps the two are swapped.",
        )
    if valid_until <= at:
        raise Refusal("NOTICE_OVER", "结束日期已经过去。", "The last day is over already.")
    if valid_until - valid_from > LONGEST or valid_from - at > LONGEST:
        zh, en = (
            f"通告最长 {LONGEST.days} 天，最多提前 {LONGEST.days} 天写好；到期再写。",
            f"A notice holds for {LONGEST.days} days at most, and is written {LONGEST.days} days ahead at most.",
        )
        raise Refusal("NOTICE_TOO_LONG", zh, en)


def names_a_person(text: str, *, on: date) -> bool:
    """Whether a resident identity number or a mobile telephone number stands in the text, however it is written."""
    flat = "".join(plain_number(letter) or " " for letter in resident_id.with_latin_x(text)).translate(_DOTS)
    if any(phones.read(found[0]).kind == phones.MOBILE for found in _MOBILE.finditer(flat)):
        return True
    numbers = (resident_id.read(found[0], on=on) for found in _RESIDENT_ID.finditer(flat))
    # Mistyped it is still somebody's: a day of birth or a right last digit is enough.
    return any(one and (one.born_on or resident_id.CHECKSUM not in one.flags) for one in numbers)


def _fit(text: str, longest: int) -> str:
    """Without what nobody sees; line ends as one character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    fit = "".join(letter for letter in lines if letter == "\n" or letter.isprintable()).strip()
    if len(fit) > longest:
        raise Refusal("TEXT_TOO_LONG", f"最多 {longest} 个字。", f"{longest} characters at most.")
    return fit


def _refuse_numbers(text: str, on: date) -> None:
    if names_a_person(text, on=on):
        raise Refusal(
            "TEXT_NAMES_A_PERSON",
            "通告人人可看，不能写身份证号和手机号。联系电话请写值班电话（座机）。",
            "Everybody reads a notice: no identity number and no mobile number stands in it. Give the desk's landline.",
        )
