"""Referrals (移交): somebody on the way to a grid whom a rule calls for, handed over with a clock, and everything done about it.

The tables are made in SQL (migrations/sql/referrals.sql) with their grants and policies; docs/data.md says every column.
Who it is stands in the person's file (room `people`), under that file's own key; what is known here is plain.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianfang.kernel.ids import uuid7


class Referral(models.Model):
    """One person handed over to one division. Moved on, he has another one, whose `previous_id` is this.

    `destination` is where he is headed, as far down as is known; `jurisdiction` the same as 18 digits. `origin` is where he
    was registered, or moved on from; where he was registered sees every later referral of his too. `urgent`: its clock does not sleep. `due_at`: from then on it stands on
    the township's list, from `county_due_at` on the county's, from `city_due_at` on the city's. `checkpoint` registered him
    at `registered_at`; `placed_from` is the desk that gave him another destination.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    registration_id = models.UUIDField()
    passage_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    previous_id = models.UUIDField(null=True)
    because = models.TextField()
    measures = ArrayField(models.TextField())
    details = models.JSONField()
    origin = models.BigIntegerField()
    destination = models.TextField(null=True)
    jurisdiction = models.BigIntegerField()
    outside = models.BooleanField()
    urgent = models.BooleanField()
    vacant = models.BooleanField()
    captured_on = models.DateField()
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    county_due_at = models.DateTimeField()
    city_due_at = models.DateTimeField()
    state = models.TextField()
    accepted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    checkpoint = models.TextField(null=True)
    registered_at = models.DateTimeField(null=True)
    placed_from = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "referral"

    @property
    def sender(self) -> int:
        """Who sent him to where he is headed: the desk that placed him last, else where he was registered."""
        return self.origin if self.placed_from is None else self.placed_from

    @property
    def answerable(self) -> int:
        """Where acts on it are done. Beyond the city nobody has a desk here, so whoever sent him there acts."""
        return self.sender if self.outside else self.jurisdiction


class ReferralEvent(models.Model):
    """What was done about a referral: by an officer, a grid worker's phone, or the clock. Added, never changed.

    `id` is made by whoever acts, so that doing it again does nothing. `sealed` is what was written beside it (a new address,
    a note), under a key of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral_id = models.UUIDField()
    kind = models.TextField()
    state = models.TextField()
    destination = models.TextField(null=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    officer_id = models.UUIDField(null=True)
    roster_id = models.UUIDField(null=True)
    jurisdiction = models.BigIntegerField()
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "referral_event"


class WaitingFact(models.Model):
    """A fact that waits for a room that does not stand yet (a clinic, supervision), accepted and closed by hand."""

    class Room(models.TextChoices):
        CLINIC = "CLINIC"
        SUPERVISION = "SUPERVISION"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.TextField(choices=Room.choices)
    referral_id = models.UUIDField()
    jurisdiction = models.BigIntegerField()
    since = models.DateTimeField()
    accepted_by = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, default="")

    class Meta:
        managed = False
        db_table = "waiting_fact"


class ReferralSheet(models.Model):
    """A grid's doors of a day on paper. `number` is printed on it; row n is the n-th of `referrals`. Added, never changed."""

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    division = models.TextField()
    jurisdiction = models.BigIntegerField()
    printed_at = models.DateTimeField()
    printed_by = models.UUIDField()
    reference = models.TextField()
    referrals = ArrayField(models.UUIDField())

    class Meta:
        managed = False
        db_table = "referral_sheet"


class ReferralPosition(models.Model):
    """How far registrations, corrections and re-screenings have been read: every transaction below `next_tx`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    next_tx = models.BigIntegerField(default=0)

    class Meta:
        db_table = "referral_position"
