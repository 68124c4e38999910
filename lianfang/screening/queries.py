"""Which rule set is in force, and what a stored decision's says. Rules are nobody's data: no reach is asked."""

import time
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.screening.areas import AffectedArea, areas_of, in_force
from lianfang.screening.book import Period, RuleBook, made_of
from lianfang.screening.rules import RuleSet

PERIODS = "SELECT p.rule_set, s.content, p.during FROM rule_period p JOIN rule_set s ON s.hash = p.rule_set"
BELIEVED_FOR = 2.0  # seconds the book is believed without asking again


class During(Protocol):
    """A tstzrange, as either driver hands it over."""

    @property
    def lower(self) -> datetime: ...
    @property
    def upper(self) -> datetime: ...


def book_of(rows: Iterable[tuple[str, str, During]]) -> RuleBook:
    """The book of what PERIODS answered, by either driver."""
    return RuleBook(
        Period(made_of(content_hash, content), during.lower, during.upper)
        for content_hash, content, during in rows
    )


_known: list[Any] = [0.0, None]


def book(*, anew: bool = False) -> RuleBook:
    """The periods of this city. One process believes it for two seconds, since every page may ask."""
    until, known = _known
    if anew or known is None or time.monotonic() >= until:
        with connection.cursor() as cursor:
            cursor.execute(PERIODS)
            known = book_of(cursor.fetchall())
        _known[:] = time.monotonic() + BELIEVED_FOR, known
    return known


def rule_set(content_hash: str) -> RuleSet:
    """The rule set a stored decision names. Raises KeyError for one that never was in force here."""
    try:
        return book().named(content_hash)
    except KeyError:
        return book(anew=True).named(content_hash)


def areas_in_force(at: datetime, *, on: date | None = None) -> tuple[AffectedArea, ...]:
    """What rules count as affected at a moment: of its day, or of another by the rule set of that moment.

    None once the rule set has lapsed: nobody is held back any more for having been there.
    """
    decides = book().at(at)
    return () if decides.lapsed else in_force(_areas(decides.rule_set), on or day_of(at))


@lru_cache(maxsize=64)
def _areas(rule_set: RuleSet) -> tuple[AffectedArea, ...]:
    return areas_of(rule_set.content())
