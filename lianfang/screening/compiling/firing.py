"""Whether a row can ever apply, two rows to one person, and a row never without the exemption from it."""

from collections.abc import Iterable
from typing import Any

from lianfang.screening.compiling.asking import Questions
from lianfang.screening.compiling.conditions import Condition
from lianfang.screening.compiling.possible import SEVERAL, anything, follows, possible
from lianfang.screening.words import fact_words

Row = dict[str, Any]
Reason = tuple[str, str]


def impossible(when: list[Condition], unless: list[Condition], questions: Questions) -> Reason | None:
    """Why these conditions can hold for nobody; None when they can."""
    left = possible(when, unless, questions)
    for fact, one in left.items():
        if one.is_empty():
            zh, en = fact_words(fact)
            return f"关于{zh}的条件互相矛盾", f"its conditions about {en} contradict each other"
    return _one_excludes_another(when, unless) or _reading_beside_none(when, left)


def _one_excludes_another(when: list[Condition], unless: list[Condition]) -> Reason | None:
    several = [one for one in when if one["fact"] in SEVERAL]
    for other in unless:
        if any(follows(one, other) for one in several):
            zh, en = fact_words(other["fact"])
            return f"“除非”包含了它自己的条件（{zh}）", f"its exception contains its own condition ({en})"
    said_to_be_nowhere = any(one["fact"] == "stays" and one["op"] == "MISSING" for one in several)
    if said_to_be_nowhere and any(_names_a_place(one) for one in when):
        return (
            "既要求没有说过到过哪里，又要求到过某处",
            "it asks that nobody said where they have been, and for a place as well",
        )
    return None


def _names_a_place(one: Condition) -> bool:
    return one["fact"] in ("stays", "areas", "from_code") and one["op"] != "MISSING"


def _reading_beside_none(when: list[Condition], left: dict[str, Any]) -> Reason | None:
    """A temperature is only there where one was read."""
    states = left.get("temperature_state")
    asks = any(one["fact"] == "celsius_tenths" and one["op"] != "MISSING" for one in when)
    if asks and states is not None and "READ" not in states.left.left:
        return (
            "没有读到体温时，体温的条件不会成立；要的是两者之一就写成两行",
            "without a reading no condition about the temperature holds; for either of the two write two rows",
        )
    return None


def may_both_fire(one: Row, other: Row, questions: Questions) -> bool:
    if not _days_meet(one, other):
        return False
    return impossible([*one["when"], *other["when"]], [*one["unless"], *other["unless"]], questions) is None


def _days_meet(one: Row, other: Row) -> bool:
    return one.get("from", "") <= other.get("to", "9999") and other.get("from", "") <= one.get("to", "9999")


def always_fires_with(row: Row, other: Row, questions: Questions) -> bool:
    """Whether the other row applies to everybody to whom this one does, on all its days."""
    if other.get("from", "") > row.get("from", "") or other.get("to", "9999") < row.get("to", "9999"):
        return False
    mine = possible(row["when"], row["unless"], questions)
    theirs = possible(other["when"], other["unless"], questions)
    if not all(mine.get(fact, anything(fact, questions)).lies_in(one) for fact, one in theirs.items()):
        return False
    asked = [one for one in other["when"] if one["fact"] in SEVERAL]
    excluded = [one for one in other["unless"] if one["fact"] in SEVERAL]
    return all(_any_follows(row["when"], one) for one in asked) and all(
        any(follows(one, mine) for mine in row["unless"]) for one in excluded
    )


def _any_follows(conditions: Iterable[Condition], other: Condition) -> bool:
    return any(one["fact"] in SEVERAL and follows(one, other) for one in conditions)
