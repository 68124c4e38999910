"""What the compiler found, in the reader's language and beside what it is about: a row, a condition, a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.doors.hq.forms import said
from lianfang.screening.compiling import Finding

About = tuple[str, int]
WHOLE: About = ("", 0)  # the set itself, its heading
_PLACE = re.compile(r"(?:(areas|questions) )?#(\d{1,6})")
# Which column of the table a finding stands in, by the first word of the way to its field.
_COLUMNS = {"when": "when", "unless": "when", "from": "when", "to": "when", "then": "then", "say": "say"}
# The compiler names a missing field as a file does; a form has it before one's eyes.
_MISSING: dict[str, Promise] = {"value": _("还没有选，也没有填。"), "days": _("还没有填天数。")}
_LANGUAGES: dict[str, Promise] = {"zh": _("中文"), "en": _("英文")}


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding as it is told. `is_error`: the draft is not proposed before it is mended. `path`: the way to its field.

    `is_area`: it is about an affected area, `where` is its name, and it is mended on the page of areas.
    """

    is_error: bool
    column: str
    path: tuple[str, ...]
    where: str
    sentence: str
    is_area: bool = False


def beside(
    findings: Sequence[Finding], rows: Sequence[str], questions: int, areas: int
) -> dict[About, list[FindingShown]]:
    """By what they are about: ("rows", place), ("questions", place), ("areas", place), or WHOLE. `rows` are their names."""
    by_name = {name: place for place, name in enumerate(rows) if name}
    counts = {"rows": len(rows), "questions": questions, "areas": areas}
    found: dict[About, list[FindingShown]] = {}
    for finding in findings:
        found.setdefault(_about(finding, by_name, counts), []).append(shown(finding))
    return found


def findings_shown(findings: Sequence[Finding]) -> list[FindingShown]:
    """What was found in a sheet, each with the row of the sheet it is about."""
    return [
        replace(told, where=f"{one.row} {told.where}".strip(), is_area=False)
        for one in findings
        for told in [shown(one)]
    ]


def _about(finding: Finding, by_name: dict[str, int], counts: dict[str, int]) -> About:
    if finding.row in by_name:
        return "rows", by_name[finding.row]
    counted = _PLACE.fullmatch(finding.row)
    if counted is None:
        return WHOLE
    part, place = counted[1] or "rows", int(counted[2]) - 1
    return (part, place) if place < counts[part] else WHOLE


def shown(finding: Finding) -> FindingShown:
    path = tuple(finding.column.split("."))
    sentence = said(finding)
    if finding.code == "FIELD_MISSING" and path[-1] in _MISSING:
        sentence = str(_MISSING[path[-1]])
    return FindingShown(
        finding.severity == "ERROR", _COLUMNS.get(path[0], "row"), path, _where(path), sentence,
        is_area=finding.row.startswith("areas"),
    )  # fmt: skip


def _where(path: tuple[str, ...]) -> str:
    """Which condition of several, which of two languages."""
    if path[0] == "say" and path[-1] in _LANGUAGES:
        return str(_LANGUAGES[path[-1]])
    if len(path) > 1 and path[0] in ("when", "unless"):
        said = gettext("条件 %(n)s") if path[0] == "when" else gettext("除非 %(n)s")
        return said % {"n": path[1]}
    return ""
