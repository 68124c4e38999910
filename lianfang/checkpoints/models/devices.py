"""Phones of checkpoints: enrolled with a one-time code, reporting how they are, revoked or wiped from the desk."""

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from lianfang.checkpoints.models.places import Checkpoint
from lianfang.kernel.ids import uuid7


class Device(models.Model):
    """A phone (or a script) that may write records for one checkpoint. The token is kept as a hash.

    Enrolled again, the phone stays the same device: what it captured under an earlier enrolment is still authorised.
    """

    class Outbox(models.TextChoices):
        """What a remote wipe does with sealed records the phone has not sent."""

        KEEP = "KEEP", "保留未发记录"
        DROP = "DROP", "连未发记录一起清除"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="devices")
    name = models.TextField()
    token_hash = models.BinaryField(unique=True)
    items_per_second = models.IntegerField(null=True)  # None: no budget (bench and demo devices)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    earlier = ArrayField(DateTimeRangeField(), default=list)  # spans of enrolments before the one in force
    wipe_asked_at = models.DateTimeField(null=True)
    wipe_asked_by = models.UUIDField(null=True)
    wipe_outbox = models.TextField(null=True, choices=Outbox.choices)
    wipe_reason = models.TextField(blank=True)
    wiped_at = models.DateTimeField(null=True)  # when the phone said that it had

    class Meta:
        db_table = "device"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("enrolled_at")), name="device_token_expires_after_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(wipe_asked_at__isnull=True) | Q(wipe_outbox__isnull=False),
                name="device_wipe_says_what_becomes_of_the_outbox",
            ),
            models.CheckConstraint(
                condition=Q(wipe_outbox__isnull=True) | ~Q(wipe_outbox="DROP") | ~Q(wipe_reason=""),
                name="device_wipe_that_drops_the_outbox_says_why",
            ),
        ]


class Enrolment(models.Model):
    """A one-time code with which a phone becomes a device of a checkpoint."""

    code_hash = models.BinaryField(primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    token_lasts_for = models.DurationField()
    used_at = models.DateTimeField(null=True)
    device = models.ForeignKey(Device, models.PROTECT, null=True)

    class Meta:
        db_table = "enrolment"


class DeviceReport(models.Model):
    """How a phone was when it last reported: what it still holds, its clock, battery and storage. One row a device."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="report")
    seen_at = models.DateTimeField()
    unsent = models.IntegerField()
    set_aside = models.IntegerField()
    oldest_unsent_at = models.DateTimeField(null=True)
    clock_offset_ms = models.BigIntegerField(null=True)
    battery_percent = models.SmallIntegerField(null=True)
    storage_free_mb = models.IntegerField(null=True)
    program = models.TextField(blank=True)
    rules = models.TextField(blank=True)
    lane = models.TextField(blank=True)
    officer = models.TextField(blank=True)

    class Meta:
        db_table = "device_report"
        constraints = [
            models.CheckConstraint(
                condition=Q(unsent__gte=0) & Q(set_aside__gte=0), name="device_report_counts_are_not_negative"
            ),
        ]
