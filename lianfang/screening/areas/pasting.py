"""A list of affected areas as people paste it: from a notice, a message, a sheet. Every word of it is accounted for.

"高风险：湖北省武汉市、黄冈市；浙江省温州市 中 2020-02-01至2020-02-20", or one area a line with columns for code, name, level
and days. A level or days before the areas of a clause hold from there on, after them for those before it. What is read as
no level, no day and no place is told as not found. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lianfang.kernel.divisions import is_code, level, prefix
from lianfang.regions.gazetteer import Gazetteer

LONGEST = 20_000  # characters
MOST = 500  # places

_CLAUSES = re.compile(r"[;；。\n]+")
_DAY = re.compile(
    r"(?<![0-9])(?:(?P<year>20[0-9]{2})(?:-|/|\.|\s*年\s*))?(?P<month>[0-9]{1,2})(?:-|/|\.|\s*月\s*)(?P<day>[0-9]{1,2})(?:\s*[日号])?(?![0-9])"
    r"|(?<![0-9])(?P<solid>20[0-9]{6})(?![0-9])"
)
_WORDS = re.compile(r"[^\s、，,:：|/（）()\[\]【】《》“”\"—–~～-]+")
_ONE_PLACE = "（( \t\u3000:：-|"  # between words that together say one place: columns, 湖北省：武汉市, 武汉市（420100）
_LEVELS = {"高": "HIGH", "中": "MEDIUM", "低": "LOW", "HIGH": "HIGH", "MEDIUM": "MEDIUM", "LOW": "LOW"}
_LEVEL = re.compile(r"(高|中|低|HIGH|MEDIUM|LOW)(?:风险)?(?:地区|区域|区|等级|级)?", re.IGNORECASE)
_GLUED = re.compile(r"(?P<name>.{2,}?)(?:为|是|列为)?(?P<level>[高中低])风险(?:地区|区域|区)?")
_WHOLE = re.compile(r"(.{2,})(?:全境|全域|全市|全省|全县|等地)")
_NOTHING = frozenset(
    (
        *("至", "到", "起", "止", "自", "从", "由", "～", "~", "—", "——", "–", "-", "和", "及", "与", "以及", "其中"),
        *("代码", "区划代码", "名称", "地区", "级别", "风险等级", "开始", "结束", "起始", "截止", "来源", "备注", "序号"),
        *("code", "name", "level", "from", "to", "等", "有效期", "风险地区", "重点地区", "重点疫区"),
    )
)  # fmt: skip
_UNTIL = frozenset(("至", "到", "止", "截止"))
_COMMAS = (",", "，")
_NUMBERED = re.compile(r"\s*[（(]?([0-9]{1,3})[)）.、．](?![0-9])")
_JOINED = re.compile("以及|[和及与]")


@dataclass(slots=True)
class Pasted:
    """A word of the list that should be a place: the codes it may mean, none if it was not found."""

    line: int  # from 1
    text: str
    codes: tuple[str, ...]
    level: str = ""
    since: date | None = None
    until: date | None = None


class _Word(NamedTuple):
    text: str
    gap: str  # what stands between it and the word before


@dataclass(slots=True)
class _Reading:
    names: Gazetteer
    on: date
    found: list[Pasted] = field(default_factory=list)
    level: str = ""  # said ahead of places, for all that follow
    days: tuple[date | None, date | None] = (None, None)
    near: str = ""  # the place read last in this clause
    group: int = 0  # where the places begin that a level or a day after them is for
    closed: bool = True  # the group has had its level or a day, or has no place yet
    dated: int = 0  # how many days it has had
    is_last: bool = False  # the next day is the last one: 至 stands before it

    def clause(self, line: int, text: str) -> None:
        self.near, self.is_last = "", False
        self._begin()
        for word in _words(text):
            if day := _as_day(word.text, self.on):
                self._day(line, word, day)
            elif said := _LEVEL.fullmatch(word.text):
                self._level(_LEVELS[said[1].upper()])
            elif word.text.lower() in _NOTHING:
                self.is_last = word.text in _UNTIL
            else:
                self._place(line, word)

    def _begin(self) -> None:
        self.group, self.closed, self.dated = len(self.found), True, 0

    def _level(self, said: str) -> None:
        group = self.found[self.group :]
        self.closed = True
        for one in group:
            one.level = said
        if not group:
            self.level = said

    def _day(self, line: int, word: _Word, day: date) -> None:
        """The first is the first day, the second the last; a third is nobody's."""
        group, is_until = self.found[self.group :], self.dated == 1 or self.is_last
        self.dated, self.closed, self.is_last = self.dated + 1, True, False
        if self.dated > 2:
            self.found.append(Pasted(line, word.text, ()))
        elif group:
            for one in group:
                one.since, one.until = (one.since, day) if is_until else (day, None)
        else:
            self.days = (self.days[0], day) if is_until else (day, None)

    def _place(self, line: int, word: _Word) -> None:
        glued = _GLUED.fullmatch(word.text)
        name = glued["name"] if glued else word.text
        if not self._goes_on(name, word.gap):
            if self.closed:
                self._begin()
                self.closed = False
            for text, codes in self._joined(name) or [(name, self._meant(name))]:
                self.found.append(Pasted(line, text, codes, self.level, *self.days))
                self.near = codes[0] if len(codes) == 1 else self.near
        if glued:
            self._level(_LEVELS[glued["level"]])

    def _goes_on(self, name: str, gap: str) -> bool:
        """湖北省 武汉市, 420100 武汉市: words that together say one place."""
        if self.closed:
            return False
        last = self.found[-1]
        codes, apart = self.names.read(name), gap.strip(_ONE_PLACE)
        if codes and is_code(last.text) != is_code(name):
            agreed = tuple(code for code in last.codes if code in codes)
            if not last.codes or (apart and (apart not in _COMMAS or not agreed)):
                return False
            last.codes = agreed or tuple(dict.fromkeys((*last.codes, *codes)))
            last.text = f"{last.text} {name}"
        elif not apart and not is_code(name) and (within := self.names.read(last.text + name)):
            last.codes, last.text = within, last.text + name
        else:
            return False
        self.near = last.codes[0] if len(last.codes) == 1 else self.near
        return True

    def _meant(self, name: str) -> tuple[str, ...]:
        """Of several, those of the province that the clause has named (of the city, after a county); never a guess."""
        codes = self.names.read(name)
        if not codes and (whole := _WHOLE.fullmatch(name)):
            codes = self.names.read(whole[1])
        if len(codes) < 2 or not self.near:
            return codes
        digits = 4 if level(self.near) == "COUNTY" else 2
        for length in range(digits, 0, -2):
            near = tuple(code for code in codes if code[:length] == self.near[:length])
            if near:
                return near
        return codes

    def _joined(self, name: str) -> list[tuple[str, tuple[str, ...]]]:
        """武汉市和黄冈市: two places, where the whole is none and both parts are."""
        if self.names.read(name):
            return []
        for join in _JOINED.finditer(name):
            first, second = name[: join.start()], name[join.end() :]
            if (one := self._meant(first)) and (other := self.names.read(second)):
                return [(first, one), (second, other)]
        return []


def read_pasted(text: str, *, names: Gazetteer, on: date) -> tuple[list[Pasted], bool]:
    """The places of the text, and whether there was more of it than is read at once."""
    reading, counted = _Reading(names, on), 0
    for number, line in enumerate(text[:LONGEST].splitlines(), start=1):
        said, counted = _without_number(line, counted)
        for clause in _CLAUSES.split(said):
            if len(reading.found) >= MOST:
                return reading.found[:MOST], True
            reading.clause(number, clause)
    return reading.found[:MOST], len(text) > LONGEST or len(reading.found) > MOST


def as_prefix(code: str) -> str:
    """The form in which content holds a code."""
    return prefix(code) if is_code(code) else code


def _without_number(line: str, counted: int) -> tuple[str, int]:
    """A line's own number is no code: only where it counts on, or begins, is it taken for one."""
    numbered = _NUMBERED.match(line)
    if numbered and int(numbered[1]) in (1, counted + 1):
        return line[numbered.end() :], int(numbered[1])
    return line, counted


def _words(text: str) -> Iterator[_Word]:
    end = 0
    for start, word in sorted(_found_words(text)):
        yield _Word(word, text[end:start])
        end = start + len(word)


def _found_words(text: str) -> Iterator[tuple[int, str]]:
    """Days first, since they may be glued to what stands beside them; what lies between them by its separators."""
    end = 0
    for day in (*_DAY.finditer(text), None):
        start = day.start() if day else len(text)
        for word in _WORDS.finditer(text, end, start):
            yield word.start(), word[0]
        if day:
            yield day.start(), day[0]
            end = day.end()


def _as_day(text: str, on: date) -> date | None:
    """Without a year the nearest such day is meant. None for what is no day of the calendar."""
    said = _DAY.fullmatch(text)
    if said is None:
        return None
    if solid := said["solid"]:
        return _calendar(int(solid[:4]), int(solid[4:6]), int(solid[6:]))
    month, day = int(said["month"]), int(said["day"])
    if said["year"]:
        return _calendar(int(said["year"]), month, day)
    near = [found for year in (on.year - 1, on.year, on.year + 1) if (found := _calendar(year, month, day))]
    return min(near, key=lambda found: abs((found - on).days), default=None)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
