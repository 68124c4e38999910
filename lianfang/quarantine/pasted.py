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

from lianfang.quarantine.typed import CODES, is_asked_only, readings_in, symptoms_in

LONGEST_TEXT = 20_000
MOST_LINES = 500


class PastedKind(StrEnum):
    """What became of a line."""

    READ = "READ"  # of somebody, with a reading or a symptom
    AMBIGUOUS = "AMBIGUOUS"  # of somebody, and something in it may mean two things
    NO_READING = "NO_READING"  # of somebody, and neither a reading nor a symptom stands in it
    NOBODY = "NOBODY"  # no name of the division stands in it
    HEADER = "HEADER"  # the heading, or the example above the list


class PastedDoubt(StrEnum):
    """Why a report is not taken as it was read, but chosen by an officer."""

    READING = "READING"  # several temperatures
    SYMPTOM = "SYMPTOM"  # a complaint is asked about, and not answered


class PastedReport(NamedTuple):
    """One person of a line, with every temperature that may be his."""

    name: str
    readings: tuple[Decimal, ...]
    symptoms: tuple[str, ...]
    doubts: tuple[PastedDoubt, ...] = ()

    @property
    def celsius(self) -> Decimal | None:
        """The highest: of a fever and a normal reading, the fever is never the one that is lost."""
        return max(self.readings, default=None)


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
        yield PastedReport(
            one.group(),
            readings_in(own),
            tuple(code for code in CODES if code in symptoms),
            tuple(_doubts(own)),
        )


def _doubts(own: str) -> Iterator[PastedDoubt]:
    if len(readings_in(own)) > 1:
        yield PastedDoubt.READING
    if is_asked_only(own):
        yield PastedDoubt.SYMPTOM


def _kind(reports: tuple[PastedReport, ...]) -> PastedKind:
    if not reports:
        return PastedKind.NOBODY
    if any(one.doubts for one in reports):
        return PastedKind.AMBIGUOUS
    told = all(one.celsius is not None or one.symptoms for one in reports)
    return PastedKind.READ if told else PastedKind.NO_READING
