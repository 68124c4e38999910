"""The board's counters. They can be dropped and rebuilt from the records at any time."""

from django.db import models


class Cell(models.Model):
    """One figure of one narrow cube: what one quarter-hour's folds added to a day, an hour and a key.

    cube CHECKPOINT: key = checkpoint code, by hour · ORIGIN: key = county code a person came from ·
    MEASURE: key = measure kind · PURPOSE: key = purpose. Hours are kept in the CHECKPOINT cube only (elsewhere -1).
    """

    cube = models.TextField()
    quarter = models.DateTimeField()
    day = models.DateField()
    hour = models.SmallIntegerField()
    key = models.TextField()
    passages = models.IntegerField()
    vehicles = models.IntegerField()
    people = models.IntegerField()

    class Meta:
        db_table = "cell"
        constraints = [
            models.UniqueConstraint(
                fields=["cube", "quarter", "day", "hour", "key"],
                name="cell_stands_once_for_its_quarter_day_hour_key",
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
    past fold, so that a slow writer's end can move the watermark forward to a moment that is true.
    """

    id = models.SmallIntegerField(primary_key=True)
    next_tx = models.BigIntegerField()
    folded_at = models.DateTimeField(null=True)
    watermark = models.DateTimeField(null=True)
    mark_tx = models.BigIntegerField()
    mark_at = models.DateTimeField(null=True)
    version = models.BigIntegerField()

    class Meta:
        db_table = "fold_position"


class LastRecord(models.Model):
    """When the newest passage of a checkpoint was received: its age is the silence alarm."""

    checkpoint = models.TextField(primary_key=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "last_record"
