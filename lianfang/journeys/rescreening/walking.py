"""Where a re-screening is, and which facts its next slice looks at.

Everybody is looked at page by page of the table, in no order, since sorting would take longer than deciding; whoever was
laid or laid again after it began follows in the order in which they came. The few of some places come in that order too; where
they are many, everybody is looked at: each slice in order looks for all that are left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from lianfang.journeys.rescreening.slices import (
    AFTER,
    ANEW,
    EVERYBODY,
    FEW,
    GROUPED,
    GROUPED_TO_THE_LAST,
    IN_ORDER,
    IN_PAGES,
    IN_PLACE,
    ONCE,
    PAGES,
)
from lianfang.screening.models import Rescreening

NOBODY = UUID(int=0)
MOST_IN_ORDER = 40_000  # facts of some places that are looked for anew in each slice


class Place(NamedTuple):
    """A page, or with an id the transaction and the person after whom it goes on."""

    position: int
    id: UUID | None


@dataclass(frozen=True, slots=True)
class Walk:
    """The pieces of a slice's statement. `end`: the first page it leaves; None where it goes in order. `limit`: people."""

    who: str
    after: str
    values: dict[str, Any]
    grouped: str
    distinct: str = ""
    order: str = ""
    end: int | None = None
    pages: int = 0
    limit: int = 0

    def next(self, last: Sequence[Any]) -> Place | None:
        """Where the next slice begins when the last who was found stands there; None when nobody was."""
        if self.end is not None:
            return Place(self.end, None)
        return Place(*last) if last else None

    def may_go_on(self, people: int) -> bool:
        """Whether there may be more, when so many people were found."""
        return people >= self.limit if self.end is None else self.end < self.pages

    @property
    def share(self) -> float | None:
        """How much of the pages is done with this slice; None where it goes in order."""
        return None if self.end is None else min(1.0, self.end / max(1, self.pages))


def begins(cursor: CursorWrapper, rescreening: Rescreening) -> Place:
    """The first page; or before everybody, where it is enough to look at the few of its places."""
    if rescreening.places is None:
        return Place(0, None)
    who, values = _who(rescreening.places)
    days = {"since": rescreening.since, "until": rescreening.until}
    cursor.execute(FEW.format(who=who), {**values, **days, "most": MOST_IN_ORDER})
    return Place(0, NOBODY if cursor.fetchone()[0] else None)


def next_walk(cursor: CursorWrapper, rescreening: Rescreening, *, size: int) -> Walk:
    """`size`: pages, or people where it goes in order."""
    if rescreening.position_id is not None:
        who, places = _who(rescreening.places)
        values = {
            **places,
            "after_tx": rescreening.position,
            "after_id": rescreening.position_id,
            "size": size,
        }
        distinct = ONCE if places else ""
        return Walk(who, AFTER, values, GROUPED_TO_THE_LAST, distinct=distinct, order=IN_ORDER, limit=size)
    cursor.execute(PAGES)
    (pages,) = cursor.fetchone()
    end = rescreening.position + size
    values = {"page": f"({rescreening.position},0)", "end": f"({end},0)", "began_tx": rescreening.began_tx}
    return Walk(EVERYBODY, IN_PAGES, values, GROUPED, end=end, pages=pages)


def _who(places: Sequence[str] | None) -> tuple[str, dict[str, str]]:
    """Everybody, or who stayed in one of the places (codes' first digits) or must be looked at whatever changed."""
    if places is None:
        return EVERYBODY, {}
    conditions, values = [ANEW], dict[str, str]()
    for n, place in enumerate(places):
        conditions.append(IN_PLACE.format(n=n))
        values |= {f"lo_{n}": place, f"hi_{n}": place[:-1] + chr(ord(place[-1]) + 1)}
    return " OR ".join(conditions), values
