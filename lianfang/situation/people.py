"""Different people by document, as the clerk last counted them."""

from dataclasses import dataclass
from datetime import date, datetime

from lianfang.kernel.reach import Reach
from lianfang.situation.models import DistinctPeople


@dataclass(frozen=True, slots=True)
class PeopleCounted:
    """People of a day and of its month; those without a document could not be told apart and are not among them.

    Counted while documents can be told apart, and kept: a purge changes no figure.
    """

    of_day: int | None
    of_month: int | None
    without_document: int
    counted_at: datetime


def different_people(seen: Reach, *, day: date) -> PeopleCounted | None:
    """None where the clerk has not counted that day: it looks at today, yesterday and the month."""
    seen.require("VIEW_BOARD")
    rows = DistinctPeople.objects.filter(day__in=[day, day.replace(day=1)])
    found = {(row.span, row.day): row for row in rows}
    of_day, of_month = found.get(("DAY", day)), found.get(("MONTH", day.replace(day=1)))
    if of_day is None:
        return None
    return PeopleCounted(
        of_day.people, of_month.people if of_month else None, of_day.without_document, of_day.counted_at
    )
