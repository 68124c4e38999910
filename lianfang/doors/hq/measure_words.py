"""Measures that stand in records and decisions, in the page's language: 隔离观察（居家，14 天）."""

from lianfang.checkpoints.queries.person_files import MeasureShown
from lianfang.doors.hq import rule_words
from lianfang.doors.words import PLACES


def measure_words(made: MeasureShown) -> str:
    return rule_words.measure_words({"kind": made.kind, "place": made.place, "days": made.days})


def term_words(term: str) -> str:
    """Of a measure as decisions keep it: "QUARANTINE HOME 14"."""
    kind, *rest = term.split(" ")
    place = next((part for part in rest if part in PLACES), None)
    days = next((int(part) for part in rest if part.isdigit()), None)
    return rule_words.measure_words({"kind": kind, "place": place, "days": days})
