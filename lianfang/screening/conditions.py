"""Conditions of a rule set as functions of the facts: the engine of the server. Pure.

The same words mean the same on the phone (phone/src/screening) and in the database (`sql`); tests/screening holds the
three equal.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from lianfang.screening.facts import Answer, Facts, Stay
from lianfang.screening.form import ANSWERS

Condition = Mapping[str, Any]
Area = Mapping[str, Any]
Holds = Callable[[Facts], bool]

_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "AT_LEAST": int.__ge__,
    "ABOVE": int.__gt__,
    "AT_MOST": int.__le__,
    "BELOW": int.__lt__,
}


def holds(condition: Condition, areas: Sequence[Area]) -> Holds:
    """The condition as a function. Raises KeyError for a fact or an operator that is none: the compiler refuses those."""
    fact, op = condition["fact"], condition["op"]
    if fact == "areas":
        return _in_an_area(condition, areas)
    if fact == "stays":
        return _stayed(condition)
    if fact == "symptoms":
        return _symptoms(condition)
    said = _answer(fact.removeprefix(ANSWERS)) if fact.startswith(ANSWERS) else _SAID[fact]
    if op == "MISSING":
        return lambda facts: said(facts) is None
    return _ABOUT_ONE[op](said, condition["value"], op)


def stays_of(facts: Facts) -> Iterator[Stay]:
    """Every place told, and where the person comes from as one that goes on."""
    yield from facts.stays
    if facts.from_code:
        yield facts.from_code, None, None


def is_resident(facts: Facts) -> bool | None:
    """Whether the person lives here: as told, and of whom nobody said, whoever returns home does."""
    if facts.resident is not None:
        return facts.resident
    return True if facts.purpose == "RESIDENT_RETURN" else None


_Said = Callable[[Facts], Answer | None]
_SAID: dict[str, _Said] = {
    **{
        fact: attrgetter(fact)
        for fact in (
            "direction",
            "transport",
            "purpose",
            "document_type",
            "temperature_state",
            "celsius_tenths",
            "age",
            "from_code",
            "destination_code",
            "case_contact",
        )
    },
    "resident": is_resident,
}


def _answer(key: str) -> _Said:
    return lambda facts: facts.answers.get(key)


def _one_of(said: _Said, value: Any, op: str) -> Holds:
    codes = frozenset(value)
    return lambda facts: said(facts) in codes


def _none_of(said: _Said, value: Any, op: str) -> Holds:
    codes = frozenset(value)
    return lambda facts: isinstance(it := said(facts), str) and it not in codes


def _compared(said: _Said, value: Any, op: str) -> Holds:
    is_so = _COMPARED[op]
    return lambda facts: (it := said(facts)).__class__ is int and is_so(it, value)


def _under(said: _Said, value: Any, op: str) -> Holds:
    places = tuple(value)
    return lambda facts: isinstance(it := said(facts), str) and it.startswith(places)


def _outside(said: _Said, value: Any, op: str) -> Holds:
    places = tuple(value)
    return lambda facts: isinstance(it := said(facts), str) and not it.startswith(places)


def _is(said: _Said, value: Any, op: str) -> Holds:
    return lambda facts: said(facts) is value


_ABOUT_ONE: dict[str, Callable[[_Said, Any, str], Holds]] = {
    "ONE_OF": _one_of,
    "NONE_OF": _none_of,
    **dict.fromkeys(_COMPARED, _compared),
    "UNDER": _under,
    "OUTSIDE": _outside,
    "IS": _is,
}


def _symptoms(condition: Condition) -> Holds:
    if condition["op"] == "ANY":
        return lambda facts: bool(facts.symptoms)
    wanted = frozenset(condition["value"])
    return lambda facts: not wanted.isdisjoint(facts.symptoms)


def _stayed(condition: Condition) -> Holds:
    if condition["op"] == "MISSING":
        return lambda facts: not facts.stays and not facts.from_code
    places, back = tuple(condition["value"]), timedelta(days=condition["days"])
    inside = condition["op"] == "UNDER"

    def is_so(facts: Facts) -> bool:
        since = facts.on - back
        return any(
            code.startswith(places) is inside and (last is None or last >= since)
            for code, _, last in stays_of(facts)
        )

    return is_so


Spans = Mapping[str, Sequence[tuple[date | None, date | None]]]


def _in_an_area(condition: Condition, areas: Sequence[Area]) -> Holds:
    back = timedelta(days=condition["days"])
    spans = _spans(condition["value"], areas)
    # Seven at most: a stay is looked up, however many areas there are.
    lengths = sorted({len(code) for code in spans})

    def is_so(facts: Facts) -> bool:
        since = facts.on - back
        for code, first, last in stays_of(facts):
            until = facts.on if last is None else last
            if until < since:
                continue
            for n in lengths:
                affected = spans.get(code[:n])
                if affected is not None and _overlaps(affected, first, until):
                    return True
        return False

    return is_so


def _spans(levels: Sequence[str], areas: Sequence[Area]) -> Spans:
    """From when to when each place was affected, by its code."""
    spans: dict[str, list[tuple[date | None, date | None]]] = {}
    for area in areas:
        if area["level"] in levels:
            spans.setdefault(area["code"], []).append((_day(area.get("from")), _day(area.get("to"))))
    return spans


def _overlaps(spans: Sequence[tuple[date | None, date | None]], first: date | None, until: date) -> bool:
    return any(
        (began is None or until >= began) and (ended is None or first is None or first <= ended)
        for began, ended in spans
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
