"""The board's counters. They can be dropped and rebuilt from the records at any time."""

from django.db import models

from lianfang.kernel.ids import uuid7


class CellFigures(models.Model):
    """What a cell of a cube says. `cubes.CUBES` lists the cubes, and what `hour`, `key` and `across` are in each."""

    cube = models.TextField()
    day = models.DateField()
    hour = models.SmallIntegerField()  # -1 where the cube does not tell hours
    key = models.TextField()
    across = models.TextField(default="")  # the second key of a cube that has two, else empty
    passages = models.IntegerField()
    vehicles = models.IntegerField()
    people = models.IntegerField()

    class Meta:
        abstract = True


class Cell(CellFigures):
    """One figure of one narrow cube: what one quarter-hour's folds added to a day, an hour and its keys."""

    quarter = models.DateTimeField()

    class Meta:
        db_table = "cell"
        constraints = [
            models.UniqueConstraint(
                fields=["cube", "quarter", "day", "hour", "key", "across"],
                name="cell_stands_once_for_its_quarter_day_hour_and_keys",
            )
        ]


class SettledCell(CellFigures):
    """The cells of a whole day of folding in one, so that years of quarter-hours need not be added up for a screen."""

    folded_on = models.DateField()

    class Meta:
        db_table = "settled_cell"
        constraints = [
            models.UniqueConstraint(
                fields=["cube", "folded_on", "day", "hour", "key", "across"],
                name="settled_cell_stands_once_for_its_day_of_folding_and_keys",
            )
        ]


class Fold(models.Model):
    """Which writing transactions were folded in a quarter-hour: tx_from ≤ tx < tx_to."""

    quarter = models.DateTimeField(primary_key=True)
    tx_from = models.BigIntegerField()
    tx_to = models.BigIntegerField()
    folded_at = models.DateTimeField()

    class Meta:
        db_table = "fold"


class FoldPosition(models.Model):
    """The single row the fold locks: how far it has read, and how fresh that makes the board.

    Everything committed before `watermark` is counted. `mark_tx`/`mark_at` remember the newest transaction seen at a
    past fold, so that a slow writer's end can move the watermark forward to a moment that is true. `cubes` is the
    definition the cells were counted by: another one, or none, and they are counted anew before the next fold.
    """

    id = models.SmallIntegerField(primary_key=True)
    next_tx = models.BigIntegerField()
    folded_at = models.DateTimeField(null=True)
    watermark = models.DateTimeField(null=True)
    mark_tx = models.BigIntegerField()
    mark_at = models.DateTimeField(null=True)
    version = models.BigIntegerField()
    cubes = models.TextField(default="")

    class Meta:
        db_table = "fold_position"


class LastRecord(models.Model):
    """When the newest passage of a checkpoint was received: its age is the silence alarm."""

    checkpoint = models.TextField(primary_key=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "last_record"


class LastSent(models.Model):
    """When a device's newest passage came, and how long it had waited on the phone: who has not sent is asked here."""

    device_id = models.UUIDField(primary_key=True)
    received_at = models.DateTimeField()
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "last_sent"


class ClerkPosition(models.Model):
    """The single row of the clerk, who does without haste what the fold may not wait for.

    `next_tx`: how far the cubes of the tables have been counted, never beyond the fold. `settled_until`: the first day
    of folding that is not settled yet; null before the first.
    """

    id = models.SmallIntegerField(primary_key=True)
    next_tx = models.BigIntegerField()
    settled_until = models.DateField(null=True)

    class Meta:
        db_table = "clerk_position"


class DistinctPeople(models.Model):
    """How many different people came in on a day, or in a month (`day` is its first): by document, counted by the clerk.

    Documents meet through their month's index key, so a person counts once a month. `without_document` are the
    registrations that could not be told apart.
    """

    span = models.TextField(choices=[("DAY", "日"), ("MONTH", "月")])
    day = models.DateField()
    people = models.IntegerField()
    without_document = models.IntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "distinct_people"
        constraints = [
            models.UniqueConstraint(
                fields=["span", "day"], name="distinct_people_are_counted_once_for_a_span"
            )
        ]


class QualityTask(models.Model):
    """A finding about the quality of records that somebody was asked to clear up, and what came of it.

    `finding` is a code of `quality.FINDINGS`; `key` says which one: a code or an id, never a person's number. It was
    found in the days from `first_day` to `day`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.TextField()
    key = models.TextField()
    day = models.DateField()
    first_day = models.DateField()
    checkpoint = models.TextField()
    jurisdiction = models.BigIntegerField()
    assigned_to = models.UUIDField()
    assigned_by = models.UUIDField()
    assigned_at = models.DateTimeField()
    note = models.TextField(blank=True)
    done_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        db_table = "quality_task"
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "key"],
                condition=models.Q(done_at__isnull=True),
                name="quality_task_is_open_once_for_a_finding",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(done_by__isnull=False),
                name="quality_task_is_done_by_somebody",
            ),
        ]
