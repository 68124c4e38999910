"""Measures in the page's language, with place and days: 隔离观察（居家 14 天）."""

from django.utils.translation import gettext

from lianfang.checkpoints.queries.person_files import MeasureShown
from lianfang.doors.tags import word
from lianfang.doors.words import PLACES


def measure_words(made: MeasureShown) -> str:
    return _worded(made.kind, made.place, made.days)


def term_words(term: str) -> str:
    """Of a measure as decisions keep it: "QUARANTINE HOME 14"."""
    kind, *rest = term.split(" ")
    place = next((part for part in rest if part in PLACES), None)
    days = next((int(part) for part in rest if part.isdigit()), None)
    return _worded(kind, place, days)


def _worded(kind: str, place: str | None, days: int | None) -> str:
    said = [word(place, "PLACES")] if place else []
    said += [gettext("%(n)s 天") % {"n": days}] if days else []
    return f"{word(kind, 'MEASURES')}（{' '.join(said)}）" if said else word(kind, "MEASURES")
