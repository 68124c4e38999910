"""Conditions in people's words: ≥37.3 · 货运、保供 · 非 2103（14天内） · 有 · 未说明. Read and written; a cell each."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from lianfang.screening import words
from lianfang.screening.compiling.texts import meant, nearest, shown
from lianfang.screening.form import ANSWERS, CODE, FACTS, NUMBER, YES_NO, AskedFact
from lianfang.screening.sheets.numbers import comparisons, number_words
from lianfang.screening.sheets.paper import NotRead
from lianfang.screening.words import Words, code_of, plain, word_of

Condition = dict[str, Any]
Resolver = Callable[[str], str | None]
_NOT = re.compile(r"^(?:非|不是|不在|不含|除了?|≠|!=|<>|not\s)\s*:?\s*|\s*(?:以外|之外|除外)$", re.IGNORECASE)
_DAYS = re.compile(r"[(\[]?\s*(?:最近|近|过去)?\s*(\d+)\s*[天日](?:以内|之内|内)?(?:到过)?\s*[)\]]?")
_BETWEEN = re.compile(r"[、,;/|\s]+")


class Answers(NamedTuple):
    """What a question may be answered, and the words of its choices."""

    fact: AskedFact
    choices: Words


class Reader(NamedTuple):
    """What reading needs beyond the cell: the questions of the workbook, and who knows places by name."""

    questions: Mapping[str, Answers]
    resolve: Resolver | None = None

    def conditions(self, fact: str, cell: str) -> list[Condition]:
        """All must hold; more than one only of numbers (≥37.3、<38). Raises NotRead."""
        said = plain(cell)
        kind = self._kind(fact)
        if code_of(said, words.MISSING):
            return [{"fact": fact, "op": "MISSING"}]
        if kind == NUMBER:
            return [{"fact": fact, "op": op, "value": value} for op, value in comparisons(fact, said)]
        return [{"fact": fact, **_READ[kind](self, fact, said)}]

    def _kind(self, fact: str) -> str:
        return FACTS[fact].kind if fact in FACTS else self.questions[fact.removeprefix(ANSWERS)].fact.kind

    def words(self, fact: str) -> Words:
        return words.OF_FACT.get(fact) or self.questions[fact.removeprefix(ANSWERS)].choices

    def places(self, said: str) -> list[str]:
        return [self.place(one) for one in split(said)]

    def place(self, said: str) -> str:
        """Its code; a name only where somebody knows it."""
        if said.isdigit():
            return said
        found = self.resolve(said) if self.resolve else None
        if found is None:
            raise NotRead(
                "UNKNOWN_NAME",
                f"“{said[:30]}”查不到，或同名不止一处，请写区划代码，如 42、2103。",
                f"“{said[:30]}” is no place that is known by one name; write its code: 42, 2103.",
            )
        return found


def split(said: str) -> list[str]:
    return [part for part in _BETWEEN.split(said) if part]


def codes(said: str, known: Words) -> list[str]:
    """Each word as its code. Raises NotRead for a word that is none, with the one that was meant."""
    return [code(part, known) for part in split(said)]


def code(said: str, known: Words) -> str:
    found = code_of(said, known)
    if found is None:
        firsts = [several[0] for several in known.values()]
        zh, en = meant(nearest(said, [word for several in known.values() for word in several]), firsts)
        raise NotRead(
            "UNKNOWN_WORD", f"不认识{shown(said)}。{zh}", f"{shown(said)} is no word of this column. {en}"
        )
    return found


def _codes(reader: Reader, fact: str, said: str) -> Condition:
    known = reader.words(fact)
    if one := code_of(said, known):  # a choice may be called 非本地
        return {"op": "ONE_OF", "value": [one]}
    rest, negated = _negated(said)
    return {"op": "NONE_OF" if negated else "ONE_OF", "value": codes(rest, known)}


def _places(reader: Reader, fact: str, said: str) -> Condition:
    rest, negated = _negated(said)
    return {"op": "OUTSIDE" if negated else "UNDER", "value": reader.places(rest)}


def _stays(reader: Reader, fact: str, said: str) -> Condition:
    rest, days = _days(said)
    return {**_places(reader, fact, rest), **days}


def _levels(reader: Reader, fact: str, said: str) -> Condition:
    rest, days = _days(said)
    if _negated(rest)[1]:
        raise NotRead(
            "WRITE_UNLESS",
            "“没有到过”请写到“除非”一栏。",
            "Write what must not be in the column 除非 (unless).",
        )
    return {"op": "LEVEL", "value": codes(rest, words.LEVELS), **days}


def _symptoms(reader: Reader, fact: str, said: str) -> Condition:
    if code_of(said, words.ANY):
        return {"op": "ANY"}
    if _negated(said)[1] or code_of(said, words.YES_NO) == "false":
        raise NotRead(
            "WRITE_UNLESS",
            "“没有症状”请写到“除非”一栏：症状：有。",
            "Write 症状：有 in the column 除非 (unless).",
        )
    return {"op": "ANY_OF", "value": codes(said, words.SYMPTOMS)}


def _yes_no(reader: Reader, fact: str, said: str) -> Condition:
    answer = code_of(said, words.YES_NO)
    if answer is None:
        raise NotRead(
            "NOT_YES_OR_NO",
            f"“{said[:30]}”应写是、否或未说明。",
            f"“{said[:30]}” should be 是, 否 or 未说明.",
        )
    return {"op": "IS", "value": answer == "true"}


_READ: dict[str, Callable[[Reader, str, str], Condition]] = {
    CODE: _codes,
    "PLACE": _places,
    "STAYS": _stays,
    "AREAS": _levels,
    "SYMPTOMS": _symptoms,
    YES_NO: _yes_no,
}


def _negated(said: str) -> tuple[str, bool]:
    rest = _NOT.sub("", said).strip()
    return rest.removesuffix("外") if rest != said else rest, rest != said


def _days(said: str) -> tuple[str, dict[str, int]]:
    """The days a stay may lie back, taken out of the cell. The compiler asks for them where they are left out."""
    match = _DAYS.search(said)
    if match is None:
        return said, {}
    if len(match[1]) > 4:
        raise NotRead("TOO_MANY_DAYS", "天数太大。", "That is too many days.")
    return f"{said[: match.start()]} {said[match.end() :]}".strip(), {"days": int(match[1])}


def condition_cell(one: Mapping[str, Any]) -> str:
    """The cell that says a condition."""
    fact, op, value = one["fact"], one["op"], one.get("value")
    if op in ("MISSING", "ANY"):
        return word_of(op, words.MISSING if op == "MISSING" else words.ANY)
    if op == "IS":
        return word_of(str(value).lower(), words.YES_NO)
    if isinstance(value, int):
        return number_words(fact, op, value)
    known = words.OF_FACT.get(fact, {})
    said = "、".join(word_of(code, known) for code in value or ())
    days = f"（{one['days']}天内）" if "days" in one else ""
    return f"{'非 ' if op in ('NONE_OF', 'OUTSIDE') else ''}{said}{days}"
