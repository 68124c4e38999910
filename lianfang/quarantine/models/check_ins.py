"""Check-ins (健康打卡): what is reported, through which link, judged by which thresholds, and who is followed up."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianfang.kernel.ids import uuid7


class CheckInLink(models.Model):
    """A link that one household has on its slip: its token's hash, and whom it answers for, in the order of the slip.

    The public side knows people by their place on the slip alone. A new slip revokes the old link.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token_hash = models.BinaryField()
    orders = ArrayField(models.UUIDField())
    jurisdiction = models.BigIntegerField()
    issued_by = models.UUIDField(null=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "check_in_link"


class CheckIn(models.Model):
    """A report of one person and half-day: facts and codes, plain, nothing a person is known by. Added, never changed.

    `by` is how it came; `verdict` WELL | SYMPTOMATIC | NOT_READ by the thresholds whose hash is `thresholds`. A half-day may
    be reported several times; whoever was symptomatic in one of them is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order_id = models.UUIDField()
    on_day = models.DateField()
    half = models.TextField()
    celsius = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    symptoms = ArrayField(models.TextField())
    by = models.TextField()
    verdict = models.TextField()
    thresholds = models.TextField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    jurisdiction = models.BigIntegerField()
    link_id = models.UUIDField(null=True)
    officer_id = models.UUIDField(null=True)
    roster_id = models.UUIDField(null=True)

    class Meta:
        managed = False
        db_table = "check_in"


class CheckInThresholds(models.Model):
    """What counts as fever, by when a half-day is reported, which symptoms are asked: data under its hash, by two officers."""

    hash = models.TextField(primary_key=True)
    content = models.JSONField()
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    from_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "check_in_thresholds"


class FollowUp(models.Model):
    """Somebody is called, visited, or brought to a fever clinic: open until somebody writes what came of it.

    `kind` CALL | VISIT | CLINIC. `since_day`, `since_half`: the half-day that called for it. `due_at`: from then on the unit
    that did not go is supervised (`supervised_at`), never the resident. `occurred_at`: when it was done.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order_id = models.UUIDField()
    kind = models.TextField()
    since_day = models.DateField()
    since_half = models.TextField()
    jurisdiction = models.BigIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    supervised_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    occurred_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)
    officer_id = models.UUIDField(null=True)
    roster_id = models.UUIDField(null=True)
    sealed_at = models.DateTimeField(null=True)
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "follow_up"
