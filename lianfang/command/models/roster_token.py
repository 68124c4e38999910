"""A grid worker's phone: it reads who is headed for its own grid, for a day, behind a PIN."""

from django.db import models
from django.db.models import F, Q

from lianfang.command.models.officers import Officer
from lianfang.kernel.ids import uuid7


class RosterToken(models.Model):
    """Opens the list of one grid on one phone. Invited by a one-time code; the phone then chooses a PIN."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    division = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    code_hash = models.BinaryField(unique=True, null=True)
    code_expires_at = models.DateTimeField()
    token_hash = models.BinaryField(unique=True, null=True)
    pin_hash = models.TextField(blank=True)
    failures = models.IntegerField(default=0)
    invited_by = models.ForeignKey(Officer, models.PROTECT, related_name="roster_tokens")
    invited_at = models.DateTimeField()
    enrolled_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "roster_token"
        constraints = [
            models.CheckConstraint(condition=Q(lo__lte=F("hi")), name="roster_token_spans_something"),
        ]
