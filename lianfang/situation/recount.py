"""The recount: counts the raw records by their stored fold and compares every cell. The board can be stood by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianfang.kernel.reach import Reach, reach
from lianfang.situation.cells import Known, known
from lianfang.situation.contribution import EVERYTHING, contribution
from lianfang.situation.cubes import BOARD, TABLES
from lianfang.situation.models import ClerkPosition, Fold

# Settled sums where a day is settled, as screens read them: a sum that was settled wrongly is found as well.
_SHOWN = """
SELECT cube, day, hour, key, across, sum(passages)::int AS passages, sum(vehicles)::int AS vehicles, sum(people)::int AS people
FROM (
    SELECT cube, day, hour, key, across, passages, vehicles, people FROM settled_cell
    WHERE cube = ANY(%(cubes)s) AND folded_on < %(settled)s
    UNION ALL
    SELECT cube, day, hour, key, across, passages, vehicles, people FROM cell
    WHERE cube = ANY(%(cubes)s) AND quarter >= %(settled_from)s AND quarter < %(known)s
) c GROUP BY cube, day, hour, key, across
"""
_DIFFERENCES = """
WITH counted AS ({counted}), shown AS ({shown})
SELECT cube, day, hour, key, across, s.passages, s.vehicles, s.people, c.passages, c.vehicles, c.people
FROM shown s FULL JOIN counted c USING (cube, day, hour, key, across)
WHERE (coalesce(s.passages, 0), coalesce(s.vehicles, 0), coalesce(s.people, 0))
   IS DISTINCT FROM (coalesce(c.passages, 0), coalesce(c.vehicles, 0), coalesce(c.people, 0))
ORDER BY cube, day, hour, key, across
"""
_CELLS = f"SELECT count(*) FROM ({_SHOWN}) c"


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell in which board and records disagree; figures are passages, vehicles, people."""

    cube: str
    day: str
    hour: int
    key: str
    across: str
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
        what = known(as_of)
        folds = Fold.objects.filter(quarter__lt=what.quarter) if what.quarter else Fold.objects.all()
        last = folds.order_by("-quarter").first()
        counted_to = last.tx_to if last else 0
        clerk = ClerkPosition.objects.get(pk=1)
        bounds = {"BOARD": counted_to, "TABLES": min(counted_to, clerk.next_tx)}
        differences, cells = [], 0
        for cubes, bound in bounds.items():
            asked = {**what.parameters, "bound": bound, "cubes": list(BOARD if cubes == "BOARD" else TABLES)}
            differences += _differences(cursor, cubes, asked)
            cursor.execute(_CELLS, asked)
            cells += cursor.fetchone()[0]
        return Recount(_moment(what), what.final, cells, differences)


def _differences(cursor: CursorWrapper, cubes: str, asked: dict[str, Any]) -> list[Difference]:
    statement = _DIFFERENCES.format(counted=contribution(EVERYTHING, cubes), shown=_SHOWN)
    cursor.execute(statement, asked)
    return [
        Difference(cube, day.isoformat(), hour, key, across, _three(row[:3]), _three(row[3:]))
        for cube, day, hour, key, across, *row in cursor.fetchall()
    ]


def _moment(what: Known) -> str:
    moment = what.quarter or what.position.folded_at
    return moment.isoformat() if moment else ""


def _three(figures: list[int | None]) -> tuple[int, int, int]:
    passages, vehicles, people = (figure or 0 for figure in figures)
    return passages, vehicles, people
