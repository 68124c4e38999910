"""A pasted #接龙 text, read line by line: who, which temperature, what is wrong. Pure; nothing is guessed silently.

Families and grid leaders report in chat groups: "3. 张三 36.5 无异常". Names are those of people under observation in one
division; whoever writes somebody else's, or no reading, finds his line among those that were not understood.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

LONGEST_TEXT = 20_000
MOST_LINES = 500


class PastedKind(StrEnum):
    """What became of a line."""

    READ = "READ"  # of somebody, with a reading or a symptom
    NO_READING = "NO_READING"  # of somebody, and neither a reading nor a symptom stands in it
    NOBODY = "NOBODY"  # no name of the division stands in it
    HEADER = "HEADER"  # the heading, or the example above the list


class PastedReport(NamedTuple):
    """One person of a line."""

    name: str
    celsius: Decimal | None
    symptoms: tuple[str, ...]


class PastedLine(NamedTuple):
    """`line` counts from 1, as pasted; `number` is the one that stands before it; `jump`: it does not follow the last one."""

    line: int
    text: str
    kind: PastedKind
    number: int | None
    jump: bool
    reports: tuple[PastedReport, ...]


_QUOTES = str.maketrans(dict.fromkeys("\"'“”‘’「」『』`*", " "))
_NUMBER = re.compile(
    r"^\s*(?:[(](\d{1,3})[)]|(\d{1,3})(?:\s*[.、):,](?=\s*\D|\s*\d{2}\s*[.度点]\s*\d)|\s+))\s*"
)
_HEADER = re.compile(r"^\s*(?:#\s*接龙|接龙|例|格式|示例|模板|#)")
# 36.5, 36。5, 36度5, 36点5, 365, 36.55; never a part of a longer number.
_CELSIUS = re.compile(
    r"(?<![\d.])(3[2-9]|4[0-4])(?:\s*[.。,度点·]\s*(\d{1,2})(?!\d)|(\d)(?![\d.]))?(?![\d])\s*(?:℃|°c|°|度|c)?",
    re.IGNORECASE,
)
_WORDS = (
    ("BREATHLESSNESS", r"气短|气促|胸闷|呼吸困难|喘"),
    ("FEVER", r"发热|发烧|高烧|低烧|烧"),
    ("COUGH", r"咳嗽|干咳|咳"),
    ("FATIGUE", r"乏力|没劲|无力|疲劳|浑身没劲"),
    ("SORE_THROAT", r"咽痛|咽干|嗓子疼|嗓子痛|喉咙痛|喉咙疼|嗓子|咽"),
    ("MUSCLE_ACHE", r"肌肉酸痛|肌肉痛|酸痛|浑身疼|浑身痛"),
    ("DIARRHOEA", r"腹泻|拉肚子|拉稀"),
    ("OTHER", r"不舒服|不适|难受|头疼|头痛|头晕|流鼻涕|流涕|鼻塞|恶心|呕吐|异常|症状"),
)  # fmt: skip
_ANY = "|".join(words for _, words in _WORDS)
# "没劲" and "无力" are symptoms and no denials; "不舒服" is one as well. A comma ends what is denied: "无发热，咳嗽" is looked at.
_DENIED = re.compile(
    rf"(?:没有|未见|否认|无|没(?!劲)|未|不)(?!力|舒服|适)(?:有|任何|过|是)*(?:(?:{_ANY})(?:[、和及或等]*))+|(?:没有|无|没)(?:不舒服|不适)"
)
_ALL = re.compile(r"都|均|全家|全部")


def read_pasted(text: str, names: Collection[str]) -> list[PastedLine]:
    """Every line that is not blank, in order, with what was read of it. `names`: of people under observation."""
    wanted = (
        re.compile("|".join(map(re.escape, sorted(filter(None, names), key=len, reverse=True))))
        if any(names)
        else None
    )
    read, last = [], None
    for line, raw in enumerate(text[:LONGEST_TEXT].splitlines()[:MOST_LINES], 1):
        if not raw.strip():
            continue
        plain = unicodedata.normalize("NFKC", raw).translate(_QUOTES)
        if _HEADER.match(plain):
            read.append(PastedLine(line, raw.strip(), PastedKind.HEADER, None, False, ()))
            continue
        number, rest = _numbered(plain)
        reports = tuple(_reports(rest, wanted)) if wanted else ()
        jump = number is not None and last is not None and number != last + 1
        read.append(PastedLine(line, raw.strip(), _kind(reports), number, jump, reports))
        last = number if number is not None else last
    return read


def symptoms_in(text: str) -> tuple[str, ...]:
    """What somebody complains of, in the order of the lists; what he denies is none."""
    left = _DENIED.sub(" ", text)
    return tuple(code for code in _CODES if re.search(dict(_WORDS)[code], left))


def celsius_in(text: str) -> Decimal | None:
    """The first temperature that stands in the text."""
    found = _CELSIUS.search(text)
    if found is None:
        return None
    whole, after, run = found.groups()
    return Decimal(f"{whole}.{after or run or 0}").quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")


_CODES = ("FEVER", "COUGH", "FATIGUE", "BREATHLESSNESS", "SORE_THROAT", "MUSCLE_ACHE", "DIARRHOEA", "OTHER")


def _numbered(plain: str) -> tuple[int | None, str]:
    found = _NUMBER.match(plain)
    if found is None:
        return None, plain
    return int(found[1] or found[2]), plain[found.end() :]


def _reports(rest: str, wanted: re.Pattern[str]) -> Iterator[PastedReport]:
    """Everybody named in the line with what stands behind his name; before it, where he is the only one."""
    found = list(wanted.finditer(rest))
    shared = symptoms_in(wanted.sub(" ", rest)) if _ALL.search(rest) or len(found) == 1 else ()
    for place, one in enumerate(found):
        until = found[place + 1].start() if place + 1 < len(found) else len(rest)
        own = rest[one.end() : until] if len(found) > 1 else wanted.sub(" ", rest)
        symptoms = set(symptoms_in(own)) | set(shared)
        yield PastedReport(one.group(), celsius_in(own), tuple(code for code in _CODES if code in symptoms))


def _kind(reports: tuple[PastedReport, ...]) -> PastedKind:
    if not reports:
        return PastedKind.NOBODY
    told = all(one.celsius is not None or one.symptoms for one in reports)
    return PastedKind.READ if told else PastedKind.NO_READING
