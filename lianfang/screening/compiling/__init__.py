"""From what somebody wrote to a rule set that may decide: checked whole, then written in its one normal form. Pure.

`findings` where and how something is said · `texts`, `values`, `dates` what fields hold · `asking` which facts there are ·
`conditions`, `areas`, `questions`, `rows` part by part · `table` what rows owe each other · `possible`, `oddities` warnings.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from lianfang.screening.compiling.areas import Area, areas
from lianfang.screening.compiling.findings import Compiled, Finding, Spot, is_fit, shortened
from lianfang.screening.compiling.limits import LONGEST_SOURCE, LONGEST_TITLE
from lianfang.screening.compiling.oddities import oddities
from lianfang.screening.compiling.questions import questions, wordings
from lianfang.screening.compiling.rows import rows
from lianfang.screening.compiling.table import table
from lianfang.screening.compiling.texts import shown, text
from lianfang.screening.compiling.values import Register, fields
from lianfang.screening.form import FORM

__all__ = ["Compiled", "Finding", "compiled"]

FIELDS = ("form", "title", "source", "areas", "questions", "rows")


def compiled(
    raw: object,
    *,
    exists: Callable[[str], bool] | None = None,
    on: date | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Compiled:
    """The rule set in its normal form, and what was found; never raises.

    `exists` says whether a place, by its canonical code, is in the register. `on` is the day from which on it would
    decide: what is over by then is told. `names` of places, by their canonical codes, are what findings call them.
    Compiling a normal form gives the same again.
    """
    found: list[Finding] = []
    spot = Spot(found)
    entry = fields(spot, raw, FIELDS)
    if entry is None:
        return Compiled(None, tuple(found))
    register = Register(exists)
    placed = areas(spot.at("areas"), entry.get("areas"), register)
    content = _content(spot, entry, [area for _, area in placed], register)
    if not is_fit(found):
        return Compiled(None, shortened(found))
    oddities(spot, content, placed, on=on, names=names)
    return Compiled(content, shortened(found))


def _content(
    spot: Spot, entry: Mapping[str, Any], affected: list[Area], register: Register
) -> dict[str, Any]:
    form = entry.get("form")
    if isinstance(form, bool) or form != FORM:
        spot.at("form").refuse(
            "UNKNOWN_FORM",
            f"form 应是 {FORM}，不是{shown(form)}。",
            f"form must be {FORM}, not {shown(form)}.",
        )
    title = fields(spot.at("title"), entry.get("title"), ("zh", "en"))
    asked, answers = questions(spot.at("questions"), entry.get("questions"))
    read = rows(spot.at("rows"), entry.get("rows"), answers, register)
    table(spot, read)
    return {
        "form": FORM,
        "title": {} if title is None else wordings(spot.at("title"), title, longest=LONGEST_TITLE),
        "source": text(spot.at("source"), entry.get("source"), longest=LONGEST_SOURCE, empty=True),
        "areas": affected,
        "questions": asked,
        "rows": [row for _, row in read],
    }
