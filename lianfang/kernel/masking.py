"""Masking: what screens, papers and files show of a name, a number or an address. The one place where it is decided.

Every function takes whatever was recorded and never raises. What is hidden stays hidden however it was typed:
full-width, spaced, or with half an emoji in it.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from lianfang.kernel import phones, resident_id
from lianfang.kernel.as_typed import plain_number

STARS = "**"
# 复姓: surnames of two characters. A name of two characters has a surname of one and a given name of one.
_TWO_CHARACTER_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳上官司马司徒司空诸葛尉迟皇甫长孙慕容令狐东方西门南宫夏侯公孙轩辕宇文端木百里呼延申屠澹台公冶宗政濮阳淳于单于太叔仲孙"
        "钟离闾丘鲜于独孤拓跋完颜耶律赫连纳兰叶赫爱新万俟闻人东郭南门左丘谷梁梁丘乐正公羊羊舌微生即墨"
        "歐陽司馬諸葛尉遲長孫東方西門南宮軒轅鍾離獨孤",
    )
)
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII).fullmatch
_ISO_DAY = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}", re.ASCII).fullmatch
# A number inside a sentence: seven digits of any script or more, whatever stands between them; letters before it belong to it.
_BETWEEN = r"[ \-‐-―－().·、/（）　]{0,2}"
_NUMBER = re.compile(rf"[A-Za-z]{{0,3}}\d(?:{_BETWEEN}\d){{6,}}[xXⅹⅩＸｘ]?")
_DAY = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}", re.ASCII).fullmatch


def masked_document(number: object) -> str:
    """210727********2019; of any other number two characters at each end, and never more than half."""
    typed = resident_id.with_latin_x(plain_number(_text(number)))
    if resident_id.EIGHTEEN(typed):
        return f"{typed[:6]}********{typed[-4:]}"
    return _ends(typed)


def masked_phone(number: object) -> str:
    """139****1234; of any other number two characters at each end, and never more than half."""
    typed = _text(number)
    key = phones.read(typed).key or plain_number(typed)
    return f"{key[:3]}****{key[-4:]}" if _MOBILE(key) else _ends(key)


def masked_name(name: object) -> str:
    """王**, 欧阳**, J**: neither the name nor its length; masked again it stays so. Empty when there is none."""
    text = _text(name)
    letters = "".join(letter for letter in text if letter.isalpha())
    if not letters:
        return STARS if text else ""
    more = len(letters) > 2 or text == f"{letters}{STARS}"
    long = more and letters[:2] in _TWO_CHARACTER_SURNAMES and "·" not in text
    return f"{letters[: 2 if long else 1]}{STARS}"


def masked_plate(plate: object) -> str:
    """辽C**45: enough to tell the cars of a checkpoint apart for whoever stands there."""
    typed = "".join(mark for mark in plain_number(_text(plate)) if mark.isalnum()).upper()
    return f"{typed[:2]}{STARS}{typed[-2:]}" if len(typed) > 5 else _ends(typed)


def masked_address(address: object) -> str:
    """大孤山村**: up to the first figure, never more than half; of an address in one word, nothing but stars."""
    text = _text(address)
    if not text:
        return ""
    figure = next((place for place, letter in enumerate(text) if letter.isnumeric()), len(text))
    return f"{text[: min(figure, len(text) // 2)].rstrip()}{STARS}"


def masked_birth(born_on: object) -> str:
    """1985-**-**: the year, which the age says anyway."""
    text = _text(born_on)
    found = _ISO_DAY(text)
    return f"{found[1]}-**-**" if found else STARS if text else ""


def masked_text(text: object) -> str:
    """A sentence somebody wrote (a reason, an answer) with the numbers in it masked; days stay."""
    return _NUMBER.sub(lambda found: found[0] if _DAY(found[0]) else _ends(_alone(found[0])), _text(text))


def as_recorded(text: object) -> str:
    """All of it: for whoever is recorded to have asked for it."""
    return _text(text)


class Sight(NamedTuple):
    """How much of a person is seen: for each kind of field a function from what was recorded to what is shown."""

    name: Callable[[object], str]
    document: Callable[[object], str]
    phone: Callable[[object], str]
    address: Callable[[object], str]
    born_on: Callable[[object], str]
    text: Callable[[object], str]


MASKED = Sight(masked_name, masked_document, masked_phone, masked_address, masked_birth, masked_text)
# A file that was opened says whose it is; numbers and address take one more act, which is noted.
OPENED = MASKED._replace(name=as_recorded)
UNMASKED = Sight(*[as_recorded] * len(Sight._fields))


def _text(value: object) -> str:
    """As text that can be shown: without control characters and halves of surrogate pairs, which no page can carry."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    return "".join(letter for letter in text if letter >= " " and not "\ud800" <= letter <= "\udfff").strip()


def _alone(number: str) -> str:
    """Half-width, without what stood between its characters."""
    return "".join(letter for letter in plain_number(number) if letter.isalnum())


def _ends(number: str) -> str:
    """Two characters at each end, one where that were more than half, none of the shortest."""
    kept = min(2, len(number) // 4)
    return number[:kept] + "*" * (len(number) - 2 * kept) + number[len(number) - kept :]
