"""The clerk: what may come seconds or minutes after the fold. Pairs for the tables, whole days settled, people told apart.

It works in a thread of its own, so that the wall never waits for it, and reads before it writes: what takes long takes
no part in a writing transaction.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.reach import Reach, reach
from lianfang.situation.counting import count, remembered_span
from lianfang.situation.models import Cell, ClerkPosition, DistinctPeople, Fold, FoldPosition, SettledCell

_SUMS = """
SELECT cube, day, hour, key, across, sum(passages)::int, sum(vehicles)::int, sum(people)::int FROM cell
WHERE quarter >= %(from)s AND quarter < %(to)s GROUP BY cube, day, hour, key, across
"""
# A purge takes the indexes away: who was cleared can be told apart no more, and counts as he was counted before.
_DIFFERENT = """
SELECT count(DISTINCT document_index), count(*) FILTER (WHERE document_index IS NULL) FROM registration
WHERE captured_on >= %(from)s AND captured_on < %(to)s AND direction = 'IN' AND sealed IS NOT NULL
"""
ROWS_AT_ONCE = 5_000


def count_all_tables(worker: Reach) -> None:
    while count_tables(worker):
        continue


def count_tables(worker: Reach) -> bool:
    """Counts the next slice of what the fold has counted into the pairs; False when there is nothing left."""
    with reach(worker), connection.cursor() as cursor:
        clerk = ClerkPosition.objects.get(pk=1)
        span = remembered_span(cursor, clerk.next_tx, until=FoldPosition.objects.get(pk=1).next_tx)
        if span is None:
            return False
        if ClerkPosition.objects.select_for_update().get(pk=1).next_tx != clerk.next_tx:
            return True  # another process was quicker
        count(cursor, span, "TABLES")
        clerk.next_tx = span.to
        clerk.save(update_fields=["next_tx"])
        return True


def settle(worker: Reach) -> date | None:
    """Settles the oldest whole day of folding that is not settled yet, once all of it is counted; None when none is."""
    day = _day_to_settle()
    if day is None:
        return None
    span = {"from": start_of(day), "to": start_of(day + timedelta(days=1))}
    with connection.cursor() as cursor:  # read first: this may take a second, and nobody waits for it
        cursor.execute(_SUMS, span)
        sums = cursor.fetchall()
    cells = [_settled(day, row) for row in sums]
    with reach(worker):
        clerk = ClerkPosition.objects.select_for_update().get(pk=1)
        if clerk.settled_until is None or clerk.settled_until <= day:
            SettledCell.objects.filter(folded_on=day).delete()
            SettledCell.objects.bulk_create(cells, batch_size=ROWS_AT_ONCE)
            clerk.settled_until = day + timedelta(days=1)
            clerk.save(update_fields=["settled_until"])
    return day


def _day_to_settle() -> date | None:
    """A day is whole when the fold has gone on to a later one and the pairs are counted up to there."""
    fold = FoldPosition.objects.get(pk=1)
    clerk = ClerkPosition.objects.get(pk=1)
    first: datetime | None = Cell.objects.aggregate(Min("quarter"))["quarter__min"]
    if first is None or fold.folded_at is None:
        return None
    day = max(clerk.settled_until or day_of(first), day_of(first))
    end = start_of(day + timedelta(days=1))
    last: int | None = Fold.objects.filter(quarter__lt=end).aggregate(Max("tx_to"))["tx_to__max"]
    whole = fold.folded_at >= end and last is not None and min(clerk.next_tx, fold.next_tx) >= last
    return day if whole else None


def _settled(day: date, row: tuple[Any, ...]) -> SettledCell:
    cube, counts_on, hour, key, across, passages, vehicles, people = row
    return SettledCell(
        folded_on=day, cube=cube, day=counts_on, hour=hour, key=key, across=across,
        passages=passages, vehicles=vehicles, people=people,
    )  # fmt: skip


def count_different_people(worker: Reach, *, at: datetime) -> None:
    """How many different people came in today, yesterday and this month, by document. Reads long, writes briefly.

    A figure never shrinks: of a month whose first days were purged it is the most that could be told apart at one time.
    """
    today = day_of(at)
    yesterday = today - timedelta(days=1)
    month = today.replace(day=1)
    spans = [("DAY", today), ("DAY", yesterday), ("MONTH", month)]
    if yesterday < month:
        spans.append(("MONTH", yesterday.replace(day=1)))
    for span, day in spans:
        end = day + timedelta(days=1) if span == "DAY" else (day + timedelta(days=31)).replace(day=1)
        with reach(worker), connection.cursor() as cursor:
            cursor.execute(_DIFFERENT, {"from": day, "to": end})
            people, without = cursor.fetchone()
        _remember(span, day, people, without, at)


def _remember(span: str, day: date, people: int, without: int, at: datetime) -> None:
    before = DistinctPeople.objects.filter(span=span, day=day).first()
    if before is not None:
        people, without = max(people, before.people), max(without, before.without_document)
    DistinctPeople.objects.update_or_create(
        span=span, day=day, defaults={"people": people, "without_document": without, "counted_at": at}
    )
