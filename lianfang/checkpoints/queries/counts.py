"""How many passages, vehicles and people a list holds: its own head, counted with its own conditions."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import connection

from lianfang.checkpoints.queries.patience import OutOfTime, at_most
from lianfang.checkpoints.queries.selection import Selection
from lianfang.checkpoints.queries.wanted import Wanted
from lianfang.kernel.reach import Reach

COUNTED_TO = 100_000  # where there are more, "more than this many" is said
PATIENCE = timedelta(seconds=2)
_EACH = "{} LIMIT %(limit)s"
_RECORDS = "SELECT count(*) FROM ({} LIMIT %(limit)s) counted"
_PARTIES = "SELECT count(DISTINCT passage_id) FROM ({} LIMIT %(limit)s) counted"


@dataclass(frozen=True, slots=True)
class Counted:
    """Passages either way, 台次 (vehicles in) and 人次 (people in). More than COUNTED_TO: at least so many.

    None where it says nothing (of a list of passages out, vehicles in) or could not be counted in time.
    """

    passages: int | None
    vehicles: int | None
    people: int | None


def counted(reach: Reach, wanted: Wanted) -> Counted:
    """Of the records in reach."""
    reach.require("VIEW_PASSAGES")
    passages = _count(reach, wanted, people=False)
    if wanted.direction == "OUT":
        return Counted(passages, None, None)
    inward = replace(wanted, direction="IN")
    by_vehicle = replace(inward, vehicles=True)
    vehicles = passages if by_vehicle == wanted else _count(reach, by_vehicle, people=False)
    return Counted(passages, vehicles, _count(reach, inward, people=True))


def _count(reach: Reach, wanted: Wanted, *, people: bool) -> int | None:
    selection = Selection(reach, wanted)
    if people:
        statement = _RECORDS.format(selection.people(_EACH))
    elif wanted.of_people:
        statement = _PARTIES.format(selection.people(_EACH))
    else:
        statement = _RECORDS.format(selection.passages(_EACH))
    try:
        with at_most(PATIENCE), connection.cursor() as cursor:
            cursor.execute(statement, {**selection.parameters, "limit": COUNTED_TO + 1})
            return int(cursor.fetchone()[0])
    except OutOfTime:
        return None
