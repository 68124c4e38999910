"""A village's voluntary check-in (村级自愿打卡): a poster, and how many are at home and unwell. Nobody is in it."""

from django.db import models

from lianfang.kernel.ids import uuid7


class VillageCheckIn(models.Model):
    """A poster that a village's households check in by: its token's hash, and until when. A new one ends the old one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.TextField()
    jurisdiction = models.BigIntegerField()
    token_hash = models.BinaryField()
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "village_check_in"


class VillageReport(models.Model):
    """What one household's phone said of a half-day; the last one counts. No role of service reads a row of it.

    `device` is an index of a random id that the page made for itself, another one each half-day.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    village_id = models.UUIDField()
    on_day = models.DateField()
    half = models.TextField()
    people = models.IntegerField()
    unwell = models.IntegerField()
    received_at = models.DateTimeField()
    device = models.BinaryField()

    class Meta:
        managed = False
        db_table = "village_report"
