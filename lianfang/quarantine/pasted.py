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

from lianfang.quarantine.typed import CODES, COMPLAINT, is_asked_only, readings_in, symptoms_in

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

    NAME = "NAME"  # it stands in a longer word, or beside somebody's kin: perhaps another person is meant
    READING = "READING"  # several temperatures, or one that stands before the names
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
# What may touch a name without being a part of it. A single character is none of it, unless what follows makes a word of it:
# 健, 有, 全, 均, 晚 are names as well.
_IN_NAME = re.compile(r"[^\W\d_]|[·•・‧]")
_AND = ("", "和", "与", "及", "跟", "、")
_BEFORE = re.compile(
    r"(?:姓名|本人|户主|业主|住户|居民|村民|我是|我叫|报告|家属|家人|爸爸|妈妈|父亲|母亲|老公|老婆|丈夫|妻子|儿子|女儿|爷爷|奶奶"
    r"|\d\s*(?:栋|幢|楼|号|单元|室|床|层|组|户|座|队|村|岁))$"
)
_BEHIND = re.compile(
    rf"{COMPLAINT}|体温|正常|一切|目前|现在|今[天日早晚]|昨[天日晚]|[早晚](?=[上间晨]|体温)|[上中下]午|身体|健康|良好|平安|全家|一家|全部"
    r"|先生|女士|同志|老师|没|未|不|否|无(?=[\W\d]|$|异常|不适|症状|发|咳|任何|体温)|有(?=[点些异不发咳症乏一])|测[体温量得]|在家|量[了得体]|[都均](?=[正没无未不健良为是体])"
)
# Whoever is told of beside a name is not the one who is named.
_KIN = re.compile(
    "爸|妈|父亲|母亲|父母|老公|老婆|丈夫|妻子|爱人|媳妇|儿子|女儿|孙子|孙女|爷爷|奶奶|外公|外婆|姥|哥哥|姐姐|弟弟|妹妹|女婿|孩子|家人|家属"
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


def _numbered(plain: str) -> tuple[int | None, str]:
    found = _NUMBER.match(plain)
    if found is None:
        return None, plain
    return int(found[1] or found[2]), plain[found.end() :]


def _reports(rest: str, wanted: re.Pattern[str]) -> Iterator[PastedReport]:
    """Everybody named in the line with what stands behind his name; before it, where he is the only one."""
    found = list(wanted.finditer(rest))
    shared = symptoms_in(wanted.sub(" ", rest)) if _ALL.search(rest) or len(found) == 1 else ()
    ends = [0, *(one.end() for one in found)]
    starts = [*(one.start() for one in found[1:]), len(rest)]
    for one, since, until in zip(found, ends, starts, strict=False):
        own = rest[one.end() : until] if len(found) > 1 else wanted.sub(" ", rest)
        symptoms = set(symptoms_in(own)) | set(shared)
        doubts = [PastedDoubt.NAME] if _is_doubtful(rest, one, since, until) else []
        if len(readings_in(own)) > 1 or (len(found) > 1 and readings_in(rest[: found[0].start()])):
            doubts.append(PastedDoubt.READING)
        if is_asked_only(own):
            doubts.append(PastedDoubt.SYMPTOM)
        yield PastedReport(
            one.group(), readings_in(own), tuple(code for code in CODES if code in symptoms), tuple(doubts)
        )


def _is_doubtful(rest: str, name: re.Match[str], since: int, until: int) -> bool:
    """`since`, `until`: where the name before ends, or the line begins, and where the next one begins, or the line ends."""
    before, behind = rest[since : name.start()], rest[name.end() : until]
    if _KIN.search(behind):
        return True
    joined = before in _AND if since else not before
    begins = joined or not _IN_NAME.match(before[-1]) or _BEFORE.search(before) is not None
    joins = behind in _AND if until < len(rest) else not behind
    return not (begins and (joins or not _IN_NAME.match(behind[0]) or _BEHIND.match(behind) is not None))


def _kind(reports: tuple[PastedReport, ...]) -> PastedKind:
    if not reports:
        return PastedKind.NOBODY
    if any(one.doubts for one in reports):
        return PastedKind.AMBIGUOUS
    told = all(one.celsius is not None or one.symptoms for one in reports)
    return PastedKind.READ if told else PastedKind.NO_READING
