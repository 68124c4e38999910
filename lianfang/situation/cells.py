"""Reading the cells: what was known at a moment, whole days of folding from their settled sums, the rest by the quarter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Max

from lianfang.kernel.days import day_of, quarter_of, start_of
from lianfang.kernel.refusals import Refusal
from lianfang.situation.models import ClerkPosition, Fold, FoldPosition

FIGURES = ("passages", "vehicles", "people")
SUMS = "sum(passages)::bigint AS passages, sum(vehicles)::bigint AS vehicles, sum(people)::bigint AS people"
# One cube's cells: of whole days of folding, which stay as they are; and those told by the quarter-hour, known before a moment.
_SETTLED = "settled_cell WHERE cube = %(cube)s AND folded_on < %(settled)s"
_RECENT = "cell WHERE cube = %(cube)s AND quarter >= %(settled_from)s AND quarter < %(known)s"
# Besides what was remembered, the file in which the settled cells lie: it is another one once they were counted anew.
_POSITION = "SELECT max(tx_to), pg_relation_filenode('settled_cell')::bigint FROM fold"
REMEMBERED = 128  # answers over settled days that a process keeps

Figures = dict[str, int]


class Rebuilding(Refusal):
    """The cells are being counted anew: no figure is better than a figure that is too small."""

    def __init__(self) -> None:
        super().__init__(
            "REBUILDING",
            "正在用原始记录重新汇总，几分钟后就有数字。",
            "The figures are being counted anew from the records and will be back in a few minutes.",
            status=503,
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What is asked about: everything folded so far (`quarter` None), or what was folded before a quarter-hour.

    `final`: a fold has run since, so the answer stays as it is for ever. `tables_final` says the same of the pairs.
    """

    quarter: datetime | None
    settled: date | None
    position: FoldPosition
    final: bool
    tables_final: bool
    edition: int = 0  # of the settled cells

    @property
    def watermark(self) -> datetime | None:
        """Everything committed before this is in."""
        return self.quarter if self.final else self.position.watermark

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "known": self.quarter or "infinity",
            "settled": self.settled or "-infinity",
            "settled_from": start_of(self.settled) if self.settled else "-infinity",
        }


def known(as_of: datetime | None) -> Known:
    """Raises Rebuilding while the cells are being counted anew."""
    # Asked first: a fold that ends in between leaves the position newer than what was remembered, never older.
    with connection.cursor() as cursor:
        cursor.execute(_POSITION)
        last, edition = cursor.fetchone()
    position = FoldPosition.objects.get(pk=1)
    clerk = ClerkPosition.objects.get(pk=1)
    if last is not None and position.next_tx < last:
        raise Rebuilding
    quarter = quarter_of(as_of) if as_of else None
    final = quarter is not None and position.folded_at is not None and position.folded_at >= quarter
    settled = clerk.settled_until
    if quarter and settled:
        settled = min(settled, day_of(quarter))
    return Known(quarter, settled, position, final, final and _tables_reach(clerk, quarter), edition)


def _tables_reach(clerk: ClerkPosition, quarter: datetime | None) -> bool:
    last: int | None = Fold.objects.filter(quarter__lt=quarter).aggregate(Max("tx_to"))["tx_to__max"]
    return last is None or clerk.next_tx >= last


def read(
    cube: str,
    by: Sequence[str],
    what: Known,
    *,
    where: str = "true",
    further: Sequence[str] = (),
    **values: Any,
) -> list[dict[str, Any]]:
    """Sums of a cube's figures by some of `day`, `hour`, `key`, `across` (or expressions of them, `… AS name`).

    `where` is a condition on these columns with parameters from `values`, `further` are more sums. Rows as dictionaries,
    the most people first.
    """
    statement = f"SELECT {', '.join([*by, SUMS, *further])} FROM {{}} AND ({where})"
    if by:
        statement += f" GROUP BY {', '.join(str(n) for n in range(1, len(by) + 1))}"
    kept = tuple(sorted((name, tuple(v) if isinstance(v, list) else v) for name, v in values.items()))
    parts = [_asked(statement.format(_RECENT), {**what.parameters, **values, "cube": cube})]
    if what.settled:
        parts.append(_of_settled_days(what.edition, what.settled, cube, statement.format(_SETTLED), kept))
    rows = _added([row for part in parts for row in part], len(by))
    return sorted(
        rows, key=lambda row: (-(row["people"] or 0), -(row["vehicles"] or 0), *[*row.values()][: len(by)])
    )


Row = dict[str, Any]


@lru_cache(REMEMBERED)
def _of_settled_days(
    edition: int, settled: date, cube: str, statement: str, values: tuple[tuple[str, Any], ...]
) -> list[Row]:
    """Asked once: what whole days of folding add up to never changes, however many days there are."""
    given = {name: list(v) if isinstance(v, tuple) else v for name, v in values}
    return _asked(statement, {**given, "cube": cube, "settled": settled})


def _asked(statement: str, values: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _added(rows: list[Row], width: int) -> list[Row]:
    """Rows with the same first columns in one, the others added up."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        group = tuple(row.values())[:width]
        if group in found:
            found[group] = {
                name: value if at < width else (value or 0) + (row[name] or 0)
                for at, (name, value) in enumerate(found[group].items())
            }
        else:
            found[group] = dict(row)  # the remembered one stays as it is
    return list(found.values())


def figures(row: Mapping[str, Any]) -> Figures:
    """The three figures of a row, 0 where the sum is over nothing."""
    return {name: row[name] or 0 for name in FIGURES}


def add(rows: Iterable[Mapping[str, Any]]) -> Figures:
    total = dict.fromkeys(FIGURES, 0)
    for row in rows:
        for name in FIGURES:
            total[name] += row[name] or 0
    return total
