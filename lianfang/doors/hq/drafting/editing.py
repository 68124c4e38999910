"""A table with one of its rows or questions put in, moved, copied or taken out. Contents are copied, never changed."""

from collections.abc import Mapping
from typing import Any

from lianfang.doors.hq.drafting.conditions import begun, fact_choices
from lianfang.doors.hq.drafting.rows import free_name, new_row
from lianfang.doors.typed import as_number

Content = dict[str, Any]
Act = tuple[str, int]


def act_of(typed: str) -> Act:
    """copy:3 → ("copy", 3); without a place that can be meant it is −1."""
    verb, _colon, place = typed.partition(":")
    number = as_number(place)
    return verb, -1 if number is None else number


def entries(content: Mapping[str, Any], part: str) -> list[Any]:
    listed = content.get(part)
    return list(listed) if isinstance(listed, list) else []


def with_entry(content: Content, part: str, place: int, entry: Any) -> Content:
    """At its place; beyond the end it is added."""
    listed = entries(content, part)
    listed[place : place + 1] = [entry]
    return {**content, part: listed}


def moved(content: Content, part: str, act: Act) -> tuple[Content, int]:
    """After `up`, `down`, `copy`, `remove` or `add`, and the place to go on at. Raises KeyError for another act."""
    listed, (verb, place) = entries(content, part), act
    if verb == "add" and part == "rows":
        return with_entry(content, part, len(listed), new_row(content)), len(listed)
    if not 0 <= place < len(listed):
        raise KeyError(verb)
    taken = listed.pop(place)
    to = {"up": place - 1, "down": place + 1, "copy": place, "remove": place}[verb]
    to = min(max(to, 0), len(listed))
    if verb == "copy":
        listed.insert(place, taken)
        taken, to = {**taken, "row": free_name(content, str(taken.get("row")))}, place + 1
    if verb != "remove":
        listed.insert(to, taken)
    return {**content, part: listed}, to


def with_condition(row: Content, verb: str, fact: str, place: int, content: Content) -> Content:
    """A row after `add-when`, `add-unless`, `drop-when` or `drop-unless`; any other act leaves it as it is."""
    does, _dash, part = verb.partition("-")
    if part not in ("when", "unless"):
        return row
    conditions = list(row[part])
    if does == "add" and fact in dict(fact_choices(content)):
        conditions.append(begun(fact, content))
    if does == "drop" and 0 <= place < len(conditions):
        del conditions[place]
    return {**row, part: conditions}
