"""The rules as a phone evaluates them: from their content alone. Written apart from the engine, to be compared with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lianfang.screening.rules import Facts

Content = dict[str, Any]


def rows_by_content(content: Content, facts: Facts) -> tuple[str, ...]:
    """The rows that apply, in the order of the content."""
    return tuple(
        row["row"]
        for row in content["rows"]
        if facts.direction in row["directions"]
        and any(CONDITIONS[condition](content, facts) for condition in row["when"])
    )


def _fever(content: Content, facts: Facts) -> bool:
    tenths = facts.celsius_tenths
    return tenths is not None and tenths >= content["thresholds"]["fever_tenths"]


def _low_reading(content: Content, facts: Facts) -> bool:
    tenths = facts.celsius_tenths
    is_low = tenths is not None and tenths < content["thresholds"]["low_tenths"]
    return is_low or facts.temperature_state == "LOW"


def _affected_area(content: Content, facts: Facts) -> bool:
    since = facts.on - timedelta(days=content["thresholds"]["incubation_days"])
    return any(
        code.startswith(area) and (last_day is None or last_day >= since)
        for code, last_day in facts.stays
        for area in content["affected_areas"]
    )


CONDITIONS: dict[str, Callable[[Content, Facts], bool]] = {
    "SYMPTOM": lambda content, facts: len(facts.symptoms) > 0,
    "FEVER": _fever,
    "LOW_READING": _low_reading,
    "AFFECTED_AREA": _affected_area,
    "ALWAYS": lambda content, facts: True,
}
