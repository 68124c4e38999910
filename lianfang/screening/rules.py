"""Screening: facts in, measures out. Pure: standard library only, no clock, no database.

One rule set is wired in until headquarters drafts, tries and approves its own; it stands behind the interface the
others will have: `RuleSet.decide(facts)`, its content as data, by which phones decide offline, and the hash of that.
It follows the Jinzhou order of February 2020: whoever was in an affected area is registered and quarantined, whoever
has a fever goes to the fever clinic, everybody who arrives is registered.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

FEVER_TENTHS = 373  # 37.3 °C and above; the threshold of the Jinzhou notices of February 2020
LOW_TENTHS = 350  # below 35.0 °C a forehead reading in the cold says nothing: measure again indoors
INCUBATION = timedelta(days=14)  # protocol, 2nd edition, 22 January 2020
AFFECTED_AREAS = ("42",)  # Hubei
QUARANTINE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may ask about a person. The division code inside an identity number is never among it."""

    on: date
    direction: str  # IN | OUT
    stays: Sequence[
        tuple[str, date | None]
    ]  # (division code, last day there; None: until now), origin included
    celsius_tenths: int | None
    temperature_state: str | None  # READ | LOW | NOT_TAKEN
    symptoms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure decided for a person, and the row of the rule set that decided it."""

    kind: str
    row: str
    place: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    rule_set: str
    rows: tuple[str, ...]
    measures: tuple[Measure, ...]


SENTENCES: dict[str, dict[str, str]] = {
    "fever": {
        "zh": "您有发热或不适，请戴好口罩，由工作人员带您到发热门诊。",
        "en": "You have a fever or feel unwell. Please keep your mask on; staff will take you to the fever clinic.",
    },
    "affected-area": {
        "zh": f"您到过疫情重点地区，请回家隔离医学观察{QUARANTINE_DAYS}天，社区会与您联系。",
        "en": f"You have been in an affected area. Please quarantine at home for {QUARANTINE_DAYS} days; "
        "your community will contact you.",
    },
    "low-reading": {
        "zh": "体温读数过低，请到室内休息几分钟再测一次。",
        "en": "The reading is too low. Please rest indoors for a few minutes and measure again.",
    },
    "arrival": {
        "zh": "登记好了，可以通行，请戴好口罩。",
        "en": "You are registered and may pass. Please keep your mask on.",
    },
}

_ARRIVAL = Measure("REGISTER", "arrival")
_AFFECTED = Measure("QUARANTINE", "affected-area", place="HOME", days=QUARANTINE_DAYS)
_FEVER = Measure("FEVER_CLINIC", "fever")
_LOW = Measure("RE_MEASURE", "low-reading")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A row of the table: for whoever goes in one of the directions and meets one of the conditions, the measure."""

    directions: tuple[str, ...]
    when: tuple[str, ...]  # SYMPTOM | FEVER | LOW_READING | AFFECTED_AREA | ALWAYS
    measure: Measure


# Strongest measure first. Phones decide by these rows; the server's `decide` says the same without walking them.
ROWS = (
    RuleRow(("IN", "OUT"), ("SYMPTOM", "FEVER"), _FEVER),
    RuleRow(("IN",), ("AFFECTED_AREA",), _AFFECTED),
    RuleRow(("IN",), ("LOW_READING",), _LOW),
    RuleRow(("IN",), ("ALWAYS",), _ARRIVAL),
)
_MEASURES = {row.measure.row: row.measure for row in ROWS}


def _content() -> dict[str, Any]:
    """Everything that decides, as data."""
    return {
        "thresholds": {
            "fever_tenths": FEVER_TENTHS,
            "low_tenths": LOW_TENTHS,
            "incubation_days": INCUBATION.days,
        },
        "affected_areas": list(AFFECTED_AREAS),
        "rows": [_row_content(row) for row in ROWS],
        "sentences": {row: dict(said) for row, said in SENTENCES.items()},
    }


def _row_content(row: RuleRow) -> dict[str, Any]:
    measure = {name: value for name, value in asdict(row.measure).items() if value is not None}
    return {"directions": list(row.directions), "when": list(row.when), **measure}


def _content_hash() -> str:
    canonical = json.dumps(_content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


class RuleSet:
    """A rule set, known by the hash of its content. Measures come strongest first."""

    hash = _content_hash()

    def content(self) -> dict[str, Any]:
        """The rule set as phones keep it: {thresholds, affected_areas, rows, sentences}. `hash` is the hash of this."""
        return _content()

    def decide(self, facts: Facts) -> Decision:
        arrives = facts.direction == "IN"
        return _decision(
            self.hash,
            has_fever(facts),
            arrives and was_in_affected_area(facts),
            arrives and reads_low(facts),
            arrives,
        )

    def measure(self, row: str) -> Measure:
        """The measure a row of this rule set decides."""
        return _MEASURES[row]

    def say(self, row: str) -> dict[str, str]:
        """The sentence officers and travellers read for a row."""
        return SENTENCES[row]


@cache
def _decision(rule_set: str, fever: bool, affected: bool, low: bool, arrives: bool) -> Decision:
    """All matching rows apply, the strongest measure first."""
    fired = zip((_FEVER, _AFFECTED, _LOW, _ARRIVAL), (fever, affected, low, arrives), strict=True)
    measures = tuple(measure for measure, applies in fired if applies)
    return Decision(rule_set, tuple(measure.row for measure in measures), measures)


IN_FORCE = RuleSet()
# The same rows and sentences before its rows counted into the hash: decisions stored then name it so.
_NAMED_BEFORE = "96cfde8c6341840a"
_BY_HASH = {IN_FORCE.hash: IN_FORCE, _NAMED_BEFORE: IN_FORCE}


def rule_set(content_hash: str) -> RuleSet:
    """The rule set a stored decision names. A decision is never explained by another set than its own."""
    return _BY_HASH[content_hash]


def has_fever(facts: Facts) -> bool:
    return bool(facts.symptoms) or (facts.celsius_tenths is not None and facts.celsius_tenths >= FEVER_TENTHS)


def reads_low(facts: Facts) -> bool:
    return facts.temperature_state == "LOW" or (
        facts.celsius_tenths is not None and facts.celsius_tenths < LOW_TENTHS
    )


def was_in_affected_area(facts: Facts) -> bool:
    since = facts.on - INCUBATION
    return any(
        code.startswith(AFFECTED_AREAS) and (last_day is None or last_day >= since)
        for code, last_day in facts.stays
    )
