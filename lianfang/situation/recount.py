"""The recount: counts the raw records by their stored fold and compares every cell. The board can be stood by."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lianfang.kernel.days import quarter_of
from lianfang.kernel.reach import Reach, reach
from lianfang.situation.contribution import EVERYTHING, contribution
from lianfang.situation.models import Fold, FoldPosition

_DIFFERENCES = f"""
WITH counted AS ({contribution(EVERYTHING)}),
shown AS (
    SELECT cube, day, hour, key, sum(passages)::int AS passages, sum(vehicles)::int AS vehicles, sum(people)::int AS people
    FROM cell WHERE quarter < %(known)s GROUP BY cube, day, hour, key
)
SELECT cube, day, hour, key, s.passages, s.vehicles, s.people, c.passages, c.vehicles, c.people
FROM shown s FULL JOIN counted c USING (cube, day, hour, key)
WHERE (coalesce(s.passages, 0), coalesce(s.vehicles, 0), coalesce(s.people, 0))
   IS DISTINCT FROM (coalesce(c.passages, 0), coalesce(c.vehicles, 0), coalesce(c.people, 0))
ORDER BY cube, day, hour, key
"""
_CELLS = "SELECT count(*) FROM (SELECT DISTINCT cube, day, hour, key FROM cell WHERE quarter < %(known)s) c"


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell in which board and records disagree; figures are passages, vehicles, people."""

    cube: str
    day: str
    hour: int
    key: str
    board: tuple[int, int, int]
    records: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Recount:
    as_of: str
    final: bool
    cells: int
    differences: list[Difference]


def recount(worker: Reach, *, as_of: datetime | None = None) -> Recount:
    """Compares all cells folded before `as_of` (whole quarter-hours; default: everything folded so far)."""
    with reach(worker), connection.cursor() as cursor:
        # One snapshot for position, cells and records, whatever the fold does meanwhile.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        position = FoldPosition.objects.get(pk=1)
        known = quarter_of(as_of) if as_of else None
        folds = Fold.objects.filter(quarter__lt=known) if known else Fold.objects.all()
        last = folds.order_by("-quarter").first()
        asked = {"bound": last.tx_to if last else 0, "known": known or "infinity"}
        cursor.execute(_DIFFERENCES, asked)
        differences = [
            Difference(cube, day.isoformat(), hour, key, _three(row[:3]), _three(row[3:]))
            for cube, day, hour, key, *row in cursor.fetchall()
        ]
        cursor.execute(_CELLS, asked)
        cells = cursor.fetchone()[0]
        final = known is not None and position.folded_at is not None and position.folded_at >= known
        moment = known or position.folded_at
        return Recount(moment.isoformat() if moment else "", final, cells, differences)


def _three(figures: list[int | None]) -> tuple[int, int, int]:
    passages, vehicles, people = (figure or 0 for figure in figures)
    return passages, vehicles, people
