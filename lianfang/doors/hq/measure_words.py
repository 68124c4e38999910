"""Measures as decisions keep them, in the page's language, with place and days: 隔离观察（居家，14 天）."""

from collections.abc import Iterable

from django.utils.translation import gettext

from lianfang.checkpoints.queries.person_files import MeasureShown
from lianfang.doors.hq import rule_words
from lianfang.doors.words import PLACES
from lianfang.journeys.rescreening.changes import BEHIND_THE_GATE, kind_of


def measure_words(made: MeasureShown) -> str:
    return rule_words.measure_words(made._asdict())


def term_words(term: str) -> str:
    """Of a whole measure: "QUARANTINE HOME 14"."""
    kind, *rest = term.split(" ")
    place = next((part for part in rest if part in PLACES), None)
    days = next((int(part) for part in rest if part.isdigit()), None)
    return rule_words.measure_words({"kind": kind, "place": place, "days": days})


def terms_words(terms: Iterable[str]) -> str:
    """What goes on behind the gate; a dash where nothing does."""
    return gettext("、").join(term_words(term) for term in terms if kind_of(term) in BEHIND_THE_GATE) or "—"
