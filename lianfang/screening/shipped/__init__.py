"""Rule sets that come with the program, each with its dates, its source and worked cases an officer can read.

A file holds {"code", "content": a rule set, "cases": [{name: {zh, en}, person…}]}; docs/rule-sets.md.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

SHIPPED = ("basic", "affected-areas", "jinzhou-2020", "liaoning-2020-02-05")


class Shipped(NamedTuple):
    """A rule set of the program. Cases are {name: {zh, en}, on, direction, transport?, purpose?, person, rows}."""

    code: str
    content: Mapping[str, Any]
    cases: Sequence[Mapping[str, Any]]


@cache
def shipped(code: str) -> Shipped:
    """The rule set of that code. Raises KeyError for one that does not come with the program."""
    if code not in SHIPPED:
        raise KeyError(code)
    read = json.loads(files(__name__).joinpath(f"{code}.json").read_text(encoding="utf-8"))
    return Shipped(code, read["content"], read["cases"])
