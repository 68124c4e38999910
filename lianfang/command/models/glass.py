"""Breaking the glass: reading beyond one's reach for a reason, for three hours, with the region told at once."""

from django.db import models
from django.db.models import F, Q

from lianfang.command.models.officers import Officer
from lianfang.kernel.ids import uuid7


class Glass(models.Model):
    """An officer reads in a division outside his reach, until it ends by itself or is closed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="glasses")
    division = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    reason = models.TextField()
    broken_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "glass"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("broken_at")), name="glass_ends_after_it_is_broken"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="glass_is_broken_for_a_reason"),
        ]


class OfficerNotice(models.Model):
    """Something an officer is told at the desk until he has read it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="notices")
    kind = models.TextField()
    about = models.UUIDField()
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "officer_notice"
        indexes = [
            models.Index(fields=["officer"], condition=Q(read_at=None), name="officer_notice_not_read")
        ]
