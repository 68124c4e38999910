"""Which rule set is in force, and what a stored decision's says. Rules are nobody's data: no reach is asked."""

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.screening.areas import AffectedArea, areas_of, in_force
from lianfang.screening.book import Period, RuleBook, made_of
from lianfang.screening.rules import RuleSet

log = logging.getLogger(__name__)

# Asked every two seconds by every process: hashes and moments only. A content is asked for once, since its hash names it.
PERIODS = "SELECT rule_set, during FROM rule_period"
CONTENTS = "SELECT hash, content FROM rule_set WHERE hash = ANY(%s::text[])"
BELIEVED_FOR = 2.0  # seconds the book is believed without asking again


class During(Protocol):
    """A tstzrange, as either driver hands it over."""

    @property
    def lower(self) -> datetime: ...
    @property
    def upper(self) -> datetime: ...


Asked = Sequence[tuple[str, During]]
_complained: set[str] = set()


def unread(periods: Asked, known: RuleBook) -> list[str]:
    """The hashes of what PERIODS answered whose content must be asked for (CONTENTS)."""
    return sorted({content_hash for content_hash, _ in periods} - known.by_hash.keys())


def book_of(periods: Asked, contents: Iterable[tuple[str, str]], known: RuleBook) -> RuleBook:
    """The book of what PERIODS and CONTENTS answered, by either driver. Rule sets the known book holds are not made again.

    A period whose content cannot be read is left out, and said once in the log: until somebody mends it, what was in force
    before goes on without what restricts anybody. The others count as ever.
    """
    rule_sets = {**known.by_hash, **_made(contents)}
    return RuleBook(
        (
            Period(rule_sets[content_hash], during.lower, during.upper)
            for content_hash, during in periods
            if content_hash in rule_sets
        ),
        known=rule_sets,
    )


def _made(contents: Iterable[tuple[str, str]]) -> dict[str, RuleSet]:
    made = {}
    for content_hash, content in contents:
        try:
            made[content_hash] = made_of(content_hash, content)
        except ValueError:
            if content_hash not in _complained:
                _complained.add(content_hash)
                log.error(
                    "rules: %s is not what it is called or cannot be read; its periods are left out",
                    content_hash,
                )
    return made


_known: list[Any] = [0.0, RuleBook()]


def book(*, anew: bool = False) -> RuleBook:
    """The periods of this city. One process believes it for two seconds, since every page may ask."""
    until, known = _known
    if anew or time.monotonic() >= until:
        with connection.cursor() as cursor:
            cursor.execute(PERIODS)
            periods = cursor.fetchall()
            contents = []
            if hashes := unread(periods, known):
                cursor.execute(CONTENTS, [hashes])
                contents = cursor.fetchall()
        known = book_of(periods, contents, known)
        _known[:] = time.monotonic() + BELIEVED_FOR, known
    return known


def forget() -> None:
    """Rules have changed: whoever asks next asks the database."""
    _known[0] = 0.0


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
