"""Conditions of a row, one by one: the fact, what is asked of it, and the value that belongs to that."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from lianfang.screening.compiling.asking import Questions, asked
from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.limits import AGE, CELSIUS_TENTHS, LARGEST_ANSWER, MAX_CONDITIONS
from lianfang.screening.compiling.texts import meant, nearest, shown
from lianfang.screening.compiling.values import Register, codes, fields, listed, places, whole
from lianfang.screening.form import (
    AREA_LEVELS,
    CODE,
    FACTS,
    MAX_LOOK_BACK,
    NUMBER,
    OPERATORS,
    YES_NO,
    AskedFact,
)

Condition = dict[str, Any]
FIELDS = ("fact", "op", "value", "days")
WITHOUT_VALUE = frozenset({"MISSING", "ANY"})
LOOKING_BACK = frozenset({("stays", "UNDER"), ("stays", "OUTSIDE"), ("areas", "LEVEL")})
NUMBERS = {"celsius_tenths": CELSIUS_TENTHS, "age": AGE}


def conditions(
    spot: Spot, raw: object, questions: Questions, register: Register, *, optional: bool = False
) -> list[Condition]:
    """Each condition once, in the order of the facts: the order says nothing, so it must not change the hash."""
    entries = listed(spot, raw, most=MAX_CONDITIONS, optional=optional)
    read = [_condition(spot.at(place), one, questions, register) for place, one in enumerate(entries, 1)]
    return in_order([one for one in read if one is not None])


def in_order(several: list[Condition]) -> list[Condition]:
    by_key = {_key(one): one for one in several}
    return [by_key[key] for key in sorted(by_key)]


_FACTS = {fact: place for place, fact in enumerate(FACTS)}
_OPERATORS = {op: place for place, op in enumerate(op for ops in OPERATORS.values() for op in ops)}


def _key(one: Condition) -> tuple[int, str, int, str]:
    place = _FACTS.get(one["fact"], len(_FACTS))
    rest = json.dumps([one.get("value"), one.get("days")], ensure_ascii=False)
    return place, one["fact"], _OPERATORS[one["op"]], rest


def _condition(spot: Spot, raw: object, questions: Questions, register: Register) -> Condition | None:
    entry = fields(spot, raw, FIELDS)
    if entry is None:
        return None
    fact = asked(spot.at("fact"), entry.get("fact"), questions)
    if fact is None or not _is_operator(spot.at("op"), entry, fact):
        return None
    name, op = entry["fact"], entry["op"]
    read: Condition = {"fact": name, "op": op}
    if _needs(spot, entry, "value", op not in WITHOUT_VALUE):
        read["value"] = _VALUES[fact.kind](spot.at("value"), entry["value"], entry, fact, register)
    if _needs(spot, entry, "days", (name, op) in LOOKING_BACK):
        read["days"] = whole(spot.at("days"), entry["days"], 0, MAX_LOOK_BACK)
    return None if None in read.values() else read


def _is_operator(spot: Spot, entry: Mapping[str, Any], fact: AskedFact) -> bool:
    op, allowed = entry.get("op"), OPERATORS[fact.kind]
    if isinstance(op, str) and op in allowed:
        return True
    zh, en = meant(nearest(op, allowed), allowed)
    if isinstance(op, str) and op in _OPERATORS:
        spot.refuse(
            "OPERATOR_OF_ANOTHER_KIND",
            f"{entry['fact']} 不能用 {op}。{zh}",
            f"{entry['fact']} cannot be asked with {op}. {en}",
        )
    else:
        spot.refuse(
            "UNKNOWN_OPERATOR",
            f"没有 {shown(op)} 这个比较方式。{zh}",
            f"There is no operator {shown(op)}. {en}",
        )
    return False


def _needs(spot: Spot, entry: Mapping[str, Any], field: str, needed: bool) -> bool:
    """Whether the field is there and belongs there; refused when it is only one of the two."""
    given = entry.get(field) is not None
    if needed and not given:
        spot.at(field).refuse("FIELD_MISSING", f"缺少 {field}。", f"{field} is missing.")
    if given and not needed:
        asking = f"{entry['fact']} {entry['op']}"
        spot.at(field).refuse("FIELD_TOO_MANY", f"{asking} 不用写 {field}。", f"{asking} takes no {field}.")
    return needed and given


def _number(
    spot: Spot, raw: object, entry: Mapping[str, Any], fact: AskedFact, register: Register
) -> int | None:
    first, last = NUMBERS.get(entry["fact"], (-LARGEST_ANSWER, LARGEST_ANSWER))
    if entry["fact"] == "celsius_tenths" and _is_in_degrees(raw):
        tenths = round(float(raw) * 10)  # type: ignore[arg-type]
        spot.refuse(
            "DEGREES_NOT_TENTHS",
            f"体温以 0.1 °C 为单位：{raw:g} °C 写作 {tenths}。",
            f"Temperatures are in tenths of a degree: write {tenths} for {raw:g} °C.",
        )
        return None
    return whole(spot, raw, first, last)


def _is_in_degrees(raw: object) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool) and 20 <= raw <= 45


def _yes_no(
    spot: Spot, raw: object, entry: Mapping[str, Any], fact: AskedFact, register: Register
) -> bool | None:
    if isinstance(raw, bool):
        return raw
    spot.refuse(
        "WRONG_TYPE",
        f"这里应是 true 或 false，不是{shown(raw)}。",
        f"true or false belongs here, not {shown(raw)}.",
    )
    return None


def _codes(
    spot: Spot, raw: object, entry: Mapping[str, Any], fact: AskedFact, register: Register
) -> list[str] | None:
    return codes(spot, raw, fact.codes)


def _levels(
    spot: Spot, raw: object, entry: Mapping[str, Any], fact: AskedFact, register: Register
) -> list[str] | None:
    return codes(spot, raw, AREA_LEVELS)


def _places(
    spot: Spot, raw: object, entry: Mapping[str, Any], fact: AskedFact, register: Register
) -> list[str] | None:
    return places(spot, raw, register)


_VALUES: dict[str, Callable[[Spot, object, Mapping[str, Any], AskedFact, Register], object]] = {
    CODE: _codes,
    "SYMPTOMS": _codes,
    NUMBER: _number,
    YES_NO: _yes_no,
    "PLACE": _places,
    "STAYS": _places,
    "AREAS": _levels,
}
