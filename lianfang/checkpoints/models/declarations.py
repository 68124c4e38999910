"""What travellers declare before they reach the barrier: sealed on their own phones to the checkpoint's key of the day."""

from django.db import models
from django.db.models import F, Q

from lianfang.checkpoints.models.places import Checkpoint
from lianfang.kernel.ids import uuid7


class Roster(models.Model):
    """A coach's list of passengers while it fills (31 of 40). Nothing in it names anybody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT)
    expected = models.SmallIntegerField()
    sealed = models.BinaryField(null=True)  # the driver's own words: plate, trip
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "roster"
        constraints = [
            models.CheckConstraint(
                condition=Q(expected__gte=1) & Q(expected__lte=500), name="roster_expects_people"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="roster_expires_after_it_was_made"
            ),
        ]


class Declaration(models.Model):
    """One sealed declaration kept for a day, so that it can be fetched by its short code or its roster."""

    class Kind(models.TextChoices):
        DECLARATION = "DECLARATION", "旅客申报"
        CARD = "CARD", "通勤卡"

    id = models.UUIDField(primary_key=True, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT)
    kind = models.TextField(choices=Kind.choices)
    short_code = models.TextField()
    roster = models.ForeignKey(Roster, models.CASCADE, null=True, related_name="declarations")
    seat = models.TextField(blank=True)
    people = models.SmallIntegerField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "declaration"
        indexes = [models.Index(fields=["expires_at"], name="declaration_by_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint", "short_code"], name="declaration_code_is_one_at_a_checkpoint"
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="declaration_is_of_somebody"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="declaration_expires_after_it_was_made"
            ),
        ]
