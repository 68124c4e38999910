"""Places of quarantine (集中隔离点): a hotel, a school, a sanatorium that a county took over, with its rooms and beds."""

from django.db import models

from lianfang.kernel.ids import uuid7


class Facility(models.Model):
    """Where people stay who cannot stay at home. `division` answers for it, `jurisdiction` is the same as 18 digits.

    `phone` is the place's own. It is about no person: every desk of the city may ask for a bed in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    division = models.TextField()
    jurisdiction = models.BigIntegerField()
    phone = models.TextField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "facility"


class FacilityRoom(models.Model):
    """A room, by what stands on its door, and how many may stay in it."""

    pk = models.CompositePrimaryKey("facility_id", "room")
    facility_id = models.UUIDField()
    room = models.TextField()
    beds = models.IntegerField()

    class Meta:
        managed = False
        db_table = "facility_room"
