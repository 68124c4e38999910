"""A condition of a rule set as a boolean of SQL. Says what `screening/conditions.py` says, in its order.

NULL where nobody said: in `when` that holds as little as false, and `unless` asks IS NOT TRUE.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lianfang.screening.form import ANSWERS
from lianfang.screening.sql.pieces import Composed, joined, put

Condition = Mapping[str, Any]
Area = Mapping[str, Any]

_COMPARED = {"AT_LEAST": ">=", "ABOVE": ">", "AT_MOST": "<=", "BELOW": "<"}


def holds(condition: Condition, areas: Sequence[Area], alias: str) -> Composed:
    fact, op = condition["fact"], condition["op"]
    if fact == "areas":
        return _in_an_area(condition, areas, alias)
    if fact == "stays":
        return _stayed(condition, alias)
    if fact == "symptoms":
        return _symptoms(condition, alias)
    if op == "MISSING":
        return put("({} IS NULL)", _said(fact, alias))
    return _ABOUT_ONE[op](condition, alias)


def is_dear(condition: Condition) -> bool:
    """Whether it costs more to ask twice than to keep the answer: it may have to read a list of stays."""
    return condition["fact"] in ("stays", "areas") and condition["op"] != "MISSING"


def _said(fact: str, alias: str) -> Composed:
    """What was said, whatever its kind; an answer as text."""
    if fact.startswith(ANSWERS):
        return put(f"({alias}.answer_codes ->> {{}}::text)", fact.removeprefix(ANSWERS))
    if fact == "resident":
        home = f"CASE WHEN {alias}.purpose = 'RESIDENT_RETURN' THEN true END"
        return Composed(f"COALESCE({alias}.resident, {home})")
    return Composed(f"{alias}.{fact}")


def _said_as(json_type: str, fact: str, alias: str) -> Composed:
    """What was said if it is of that kind: columns always are, but anything may have been answered."""
    said = _said(fact, alias)
    if not fact.startswith(ANSWERS):
        return said
    answer = put(f"{alias}.answer_codes -> {{}}::text", fact.removeprefix(ANSWERS))
    return put(f"CASE WHEN jsonb_typeof({{}}) = '{json_type}' THEN {{}} END", answer, said)


def _one_of(condition: Condition, alias: str) -> Composed:
    return put(
        "({} = ANY ({}::text[]))", _said_as("string", condition["fact"], alias), list(condition["value"])
    )


def _none_of(condition: Condition, alias: str) -> Composed:
    return put(
        "({} <> ALL ({}::text[]))", _said_as("string", condition["fact"], alias), list(condition["value"])
    )


def _compared(condition: Condition, alias: str) -> Composed:
    fact, sign = condition["fact"], _COMPARED[condition["op"]]
    number = _said_as("number", fact, alias)
    if fact.startswith(ANSWERS):  # whole numbers only
        number = put("(CASE WHEN {} !~ '[^0-9-]' THEN {} END)::numeric", number, _said(fact, alias))
    return put(f"({{}} {sign} {{}}::int)", number, condition["value"])


def _is(condition: Condition, alias: str) -> Composed:
    said = _said_as("boolean", condition["fact"], alias)
    return put("(({})::boolean = {}::boolean)", said, condition["value"])


def _under(condition: Condition, alias: str) -> Composed:
    return _begins(_said_as("string", condition["fact"], alias), condition["value"])


def _outside(condition: Condition, alias: str) -> Composed:
    return put("(NOT {})", _under(condition, alias))


_ABOUT_ONE: dict[str, Callable[[Condition, str], Composed]] = {
    "ONE_OF": _one_of,
    "NONE_OF": _none_of,
    **dict.fromkeys(_COMPARED, _compared),
    "UNDER": _under,
    "OUTSIDE": _outside,
    "IS": _is,
}


def _begins(code: Composed, places: Sequence[str]) -> Composed:
    """Whether a code begins with one of the places: all places of one length are looked up at once."""
    by_length: dict[int, list[str]] = {}
    for place in places:
        by_length.setdefault(len(place), []).append(place)
    tests = [
        put("starts_with({}, {}::text)", code, alike[0])
        if len(alike) == 1
        else put("left({}, {}::int) = ANY ({}::text[])", code, length, alike)
        for length, alike in sorted(by_length.items())
    ]
    return put("({})", joined(" OR ", tests)) if tests else Composed("false")


def _symptoms(condition: Condition, alias: str) -> Composed:
    if condition["op"] == "ANY":
        return Composed(f"(cardinality({alias}.symptoms) > 0)")
    return put(f"({alias}.symptoms && {{}}::text[])", list(condition["value"]))


def _stayed(condition: Condition, alias: str) -> Composed:
    if condition["op"] == "MISSING":
        return Composed(f"({alias}.stays = '[]' AND COALESCE({alias}.from_code, '') = '')")
    wanted = "{}" if condition["op"] == "UNDER" else "NOT {}"
    came = put(wanted, _begins(Composed(f"{alias}.from_code"), condition["value"]))
    stayed = put(wanted, _begins(Composed("stay.code"), condition["value"]))
    return _anywhere(alias, condition["days"], came, stayed)


def _in_an_area(condition: Condition, areas: Sequence[Area], alias: str) -> Composed:
    meant = [area for area in areas if area["level"] in condition["value"]]
    came = _in_one(meant, f"{alias}.from_code", until=f"{alias}.captured_on", first="NULL::date")
    until = f'COALESCE(stay."to", {alias}.captured_on)'
    stayed = _in_one(meant, "stay.code", until=until, first='stay."from"')
    return _anywhere(alias, condition["days"], came, stayed)


def _anywhere(alias: str, days: int, came: Composed, stayed: Composed) -> Composed:
    """Where the person comes from, as a stay that goes on, or one of those told that are recent enough.

    Most people told none, and a list is only opened when there is one.
    """
    told = f'jsonb_to_recordset({alias}.stays) AS stay (code text, "from" date, "to" date)'
    recent = put(f'(stay."to" IS NULL OR stay."to" >= {alias}.captured_on - {{}}::int)', days)
    opened = put(
        f"({alias}.stays <> '[]' AND EXISTS (SELECT FROM {told} WHERE {{}} AND {{}}))", recent, stayed
    )
    return put(f"(({alias}.from_code <> '' AND {{}}) OR {{}})", came, opened)


def _in_one(areas: Sequence[Area], code: str, *, until: str, first: str) -> Composed:
    """Whether a stay lies in an area while it was affected. Without dates an area always is."""
    always = [area["code"] for area in areas if not (area.get("from") or area.get("to"))]
    dated = [area for area in areas if area.get("from") or area.get("to")]
    here = Composed(code)
    if not dated:
        return _begins(here, always)
    places = [area["code"] for area in dated]
    began, ended = ([area.get(end) or None for area in dated] for end in ("from", "to"))
    in_time = put(
        f"EXISTS (SELECT FROM unnest({{}}::text[], {{}}::date[], {{}}::date[]) AS area (place, began, ended) "
        f"WHERE starts_with({code}, area.place) AND (area.began IS NULL OR {until} >= area.began) "
        f"AND (area.ended IS NULL OR {first} IS NULL OR {first} <= area.ended))",
        places,
        began,
        ended,
    )
    return put("({} OR ({} AND {}))", _begins(here, always), _begins(here, places), in_time)
