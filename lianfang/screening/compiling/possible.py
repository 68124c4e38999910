"""For whom a row's conditions can hold: per fact the values that are left, and whether it may be left unsaid.

Exact for what is one thing said about a person. Stays, areas and symptoms are several, so that two conditions about them
rarely contradict each other; there only what follows from one condition alone is seen.
"""

from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple

from lianfang.screening.compiling.asking import Questions
from lianfang.screening.compiling.conditions import NUMBERS, Condition
from lianfang.screening.compiling.limits import LARGEST_ANSWER
from lianfang.screening.form import ANSWERS, CODE, FACTS, NUMBER, PLACE, SYMPTOM_CODES, AskedFact

SEVERAL = frozenset({"stays", "areas", "symptoms"})
ALWAYS_SAID = frozenset({"direction"})
_INVERSE = {
    "ONE_OF": "NONE_OF", "NONE_OF": "ONE_OF", "UNDER": "OUTSIDE", "OUTSIDE": "UNDER",
    "AT_LEAST": "BELOW", "BELOW": "AT_LEAST", "ABOVE": "AT_MOST", "AT_MOST": "ABOVE",
}  # fmt: skip


class Codes(NamedTuple):
    """Of a closed list, or yes and no."""

    left: frozenset[Any]

    def narrowed(self, op: str, value: Any) -> "Codes":
        if op in ("IS", "IS_NOT"):
            return Codes(self.left & {value if op == "IS" else not value})
        return Codes(self.left & frozenset(value) if op == "ONE_OF" else self.left - frozenset(value))

    def is_empty(self) -> bool:
        return not self.left

    def lies_in(self, other: "Codes") -> bool:
        return self.left <= other.left


class Numbers(NamedTuple):
    """From first to last."""

    first: int
    last: int

    def narrowed(self, op: str, value: int) -> "Numbers":
        if op in ("AT_LEAST", "ABOVE"):
            return Numbers(max(self.first, value + (op == "ABOVE")), self.last)
        return Numbers(self.first, min(self.last, value - (op == "BELOW")))

    def is_empty(self) -> bool:
        return self.first > self.last

    def lies_in(self, other: "Numbers") -> bool:
        return other.first <= self.first and self.last <= other.last


class Territories(NamedTuple):
    """All places within `inside` but those within `outside`, as prefixes."""

    inside: frozenset[str]
    outside: frozenset[str]

    def narrowed(self, op: str, value: Iterable[str]) -> "Territories":
        if op == "OUTSIDE":
            return Territories(self.inside, self.outside | frozenset(value))
        asked = frozenset(value)
        inside = _within(self.inside, asked) | _within(asked, self.inside)
        return Territories(frozenset(inside), self.outside)

    def is_empty(self) -> bool:
        return all(lies_in(one, self.outside) for one in self.inside)

    def lies_in(self, other: "Territories") -> bool:
        reached = {one[:length] for one in self.inside for length in _LENGTHS}
        return all(lies_in(one, other.inside) for one in self.inside) and all(
            lies_in(one, self.outside) or not (lies_in(one, self.inside) or one in reached)
            for one in other.outside
        )


# How long a place may be that another lies in. Looked up, so that long lists cost no more than they are long.
_LENGTHS = (0, 2, 4, 6, 9, 12, 15, 18)


def lies_in(place: str, others: Set[str]) -> bool:
    return any(place[:length] in others for length in _LENGTHS)


def _within(places: Iterable[str], others: Set[str]) -> set[str]:
    return {one for one in places if lies_in(one, others)}


Left = Codes | Numbers | Territories


class Possible(NamedTuple):
    """What one fact may be."""

    left: Left
    unsaid: bool

    def is_empty(self) -> bool:
        return not self.unsaid and self.left.is_empty()

    def lies_in(self, other: "Possible") -> bool:
        said = self.left.is_empty() or self.left.lies_in(other.left)  # type: ignore[arg-type]
        return said and (other.unsaid or not self.unsaid)


def anything(fact: str, questions: Questions) -> Possible:
    asked = FACTS[fact] if fact in FACTS else questions[fact.removeprefix(ANSWERS)]
    return Possible(_all(fact, asked), fact not in ALWAYS_SAID)


def _all(fact: str, asked: AskedFact) -> Left:
    if asked.kind == CODE:
        return Codes(frozenset(asked.codes))
    if asked.kind == NUMBER:
        return Numbers(*NUMBERS.get(fact, (-LARGEST_ANSWER, LARGEST_ANSWER)))
    return (
        Territories(frozenset({""}), frozenset()) if asked.kind == PLACE else Codes(frozenset({True, False}))
    )


def possible(
    when: Iterable[Condition], unless: Iterable[Condition], questions: Questions
) -> dict[str, Possible]:
    """Per fact that is one thing, what is left when all of `when` hold and none of `unless`."""
    left: dict[str, Possible] = {}
    for one in when:
        if one["fact"] not in SEVERAL:
            was = left.get(one["fact"]) or anything(one["fact"], questions)
            left[one["fact"]] = _with(was, one)
    for one in unless:
        if one["fact"] not in SEVERAL:
            was = left.get(one["fact"]) or anything(one["fact"], questions)
            left[one["fact"]] = _without(was, one)
    return left


def _with(was: Possible, one: Condition) -> Possible:
    if one["op"] == "MISSING":
        return Possible(_none(was.left), was.unsaid)
    return Possible(was.left.narrowed(one["op"], one["value"]), False)


def _without(was: Possible, one: Condition) -> Possible:
    if one["op"] == "MISSING":
        return Possible(was.left, False)
    op = "IS_NOT" if one["op"] == "IS" else _INVERSE[one["op"]]
    return Possible(was.left.narrowed(op, one["value"]), was.unsaid)


def _none(left: Left) -> Left:
    if isinstance(left, Codes):
        return Codes(frozenset())
    return Numbers(1, 0) if isinstance(left, Numbers) else Territories(frozenset(), frozenset())


def follows(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether, of two conditions about stays, areas or symptoms, the second holds whenever the first does."""
    if one["fact"] != other["fact"] or one.get("days", 0) > other.get("days", 0):
        return False
    if one["fact"] == "symptoms":
        return other["op"] == "ANY" or _symptoms(one) <= _symptoms(other)
    if one["op"] != other["op"]:
        return False
    mine, theirs = one.get("value", []), other.get("value", [])
    if one["op"] == "UNDER":
        return len(_within(mine, frozenset(theirs))) == len(mine)
    if one["op"] == "OUTSIDE":
        return len(_within(theirs, frozenset(mine))) == len(theirs)
    return set(mine) <= set(theirs)


def _symptoms(one: Mapping[str, Any]) -> set[str]:
    """ANY is also what is on no list."""
    return {*SYMPTOM_CODES, ""} if one["op"] == "ANY" else set(one["value"])
