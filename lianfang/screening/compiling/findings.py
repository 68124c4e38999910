"""What is wrong or odd about a rule set, said to whoever wrote it."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

ERROR, WARNING = "ERROR", "WARNING"
LONGEST_SHOWN = 40
LARGEST_SHOWN = 10**15
MOST_OF_ONE_KIND = 20  # warnings; whoever sees twenty sees why, errors are told one by one


class Finding(NamedTuple):
    """`row`: the id of a row, else its place (#3, areas #3, questions #3), "" for the set itself.

    `column`: the way to the field, places counted from 1: when.2.value, then.days, say.en.
    """

    severity: str  # ERROR | WARNING
    row: str
    column: str
    code: str
    zh: str
    en: str


class Compiled(NamedTuple):
    """`content` is in its one normal form, and None when an ERROR is among the findings."""

    content: dict[str, Any] | None
    findings: tuple[Finding, ...]
