"""Beside paper: the printed register pad, and what was typed from it."""

from django.db import models
from django.db.models import Q

from lianfang.checkpoints.models.places import Checkpoint
from lianfang.kernel.ids import uuid7


class PaperPad(models.Model):
    """A printed pad of a paper register. Its number and the rows' numbers stand on every sheet.

    ENTRY: rows are typed in and become passages. PILOT: phone and paper run side by side and are only compared.
    """

    class Purpose(models.TextChoices):
        ENTRY = "ENTRY", "纸质登记"
        PILOT = "PILOT", "试运行对照"

    number = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT)
    purpose = models.TextField(choices=Purpose.choices)
    rows = models.SmallIntegerField()
    printed_by = models.UUIDField()
    printed_at = models.DateTimeField()

    class Meta:
        db_table = "paper_pad"
        constraints = [
            models.CheckConstraint(condition=Q(rows__gte=1) & Q(rows__lte=1000), name="paper_pad_has_rows"),
        ]


class PaperLine(models.Model):
    """One row of a pad, typed once and looked at a second time. It holds no name and no number.

    Of an ENTRY pad `passage_id` is the passage made from it, the same for the rows of one vehicle; it stands here before
    the passage is sent, so that a row never makes two. `people`: how many stand on the row. `explanation`: why whoever
    typed the row looked at it a second time as well. Of a PILOT pad `plate_index` finds the phone's passages.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pad = models.ForeignKey(PaperPad, models.PROTECT, related_name="lines")
    row = models.SmallIntegerField()
    passage_id = models.UUIDField(null=True)
    plate_index = models.BinaryField(null=True)
    occurred_at = models.DateTimeField()
    people = models.SmallIntegerField()
    typed_by = models.UUIDField()
    typed_at = models.DateTimeField()
    checked_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    explanation = models.TextField(blank=True)

    class Meta:
        db_table = "paper_line"
        constraints = [
            models.UniqueConstraint(fields=["pad", "row"], name="paper_line_is_typed_once"),
            models.CheckConstraint(condition=Q(row__gte=1), name="paper_line_has_a_row_number"),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(checked_by__isnull=False),
                name="paper_line_is_checked_by_somebody",
            ),
        ]


class PilotExplanation(models.Model):
    """Why a row of a pilot pad, or a passage of the phone, has no partner on the other side or another number of people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="pilot_explanations")
    line = models.OneToOneField(PaperLine, models.PROTECT, null=True, related_name="pilot_explanation")
    passage_id = models.UUIDField(null=True, unique=True)
    reason = models.TextField()
    note = models.TextField(blank=True)
    said_by = models.UUIDField()
    said_at = models.DateTimeField()

    class Meta:
        db_table = "pilot_explanation"
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=True, passage_id__isnull=False)
                | Q(line__isnull=False, passage_id__isnull=True),
                name="pilot_explanation_is_of_one_side",
            ),
        ]
