"""Shifts of a checkpoint: who was there, how one crew handed over to the next, and how the shift was closed."""

from django.db import models
from django.db.models import F, Q

from lianfang.checkpoints.models.devices import Device
from lianfang.checkpoints.models.places import Checkpoint
from lianfang.kernel.ids import uuid7


class ShiftClosing(models.Model):
    """A shift of a checkpoint closed by comparing the hand count with the records (日清日结).

    Closed again, the newest row counts. ZERO says that nobody came, which is not the same as no report. `recorded_*`
    are the board's figures as they were known at `recorded_as_of`; who closes a difference says why.
    """

    class Report(models.TextChoices):
        COUNTED = "COUNTED", "有通行"
        ZERO = "ZERO", "零报告"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="closings")
    day = models.DateField()
    shift = models.TextField()
    report = models.TextField(choices=Report.choices)
    hand_vehicles = models.IntegerField()
    hand_people = models.IntegerField()
    recorded_vehicles = models.IntegerField()
    recorded_people = models.IntegerField()
    recorded_as_of = models.DateTimeField()
    explanation = models.TextField(blank=True)
    closed_by = models.UUIDField()
    closed_at = models.DateTimeField()

    class Meta:
        db_table = "shift_closing"
        indexes = [models.Index(fields=["day", "checkpoint"], name="shift_closing_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hand_vehicles__gte=0) & Q(hand_people__gte=0),
                name="shift_closing_counts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(report="ZERO") | (Q(hand_vehicles=0) & Q(hand_people=0)),
                name="shift_closing_of_a_zero_report_counts_nobody",
            ),
            models.CheckConstraint(
                condition=(Q(hand_vehicles=F("recorded_vehicles")) & Q(hand_people=F("recorded_people")))
                | ~Q(explanation=""),
                name="shift_closing_explains_a_difference",
            ),
        ]


class ClockIn(models.Model):
    """An officer at a lane, from a moment until another (签到). Told by the phone, perhaps hours later."""

    id = models.UUIDField(primary_key=True, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="clock_ins")
    device = models.ForeignKey(Device, models.PROTECT, null=True)
    officer = models.TextField()
    lane = models.TextField(blank=True)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "clock_in"
        indexes = [models.Index(fields=["checkpoint", "came_at"], name="clock_in_by_checkpoint")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")),
                name="clock_in_leaves_after_it_came",
            ),
        ]


class ShiftHandover(models.Model):
    """One crew hands a checkpoint to the next (交班): a note, what is open, and who took it over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="handovers")
    day = models.DateField()
    shift = models.TextField()
    note = models.TextField(blank=True)
    open_items = models.JSONField(default=list)
    handed_by = models.UUIDField()
    handed_at = models.DateTimeField()
    accepted_by = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shift_handover"
        indexes = [models.Index(fields=["checkpoint", "handed_at"], name="shift_handover_by_checkpoint")]
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint"],
                condition=Q(accepted_at__isnull=True),
                name="shift_handover_is_open_once_for_a_checkpoint",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_by__isnull=False),
                name="shift_handover_is_accepted_by_somebody",
            ),
        ]
