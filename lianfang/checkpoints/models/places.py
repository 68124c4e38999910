"""Checkpoints: places where vehicles and people are registered."""

from django.db import models
from django.db.models import F, Q


class Checkpoint(models.Model):
    """A place where vehicles and people are registered (卡口 BORDER, 卡点 LOCAL)."""

    class Tier(models.TextChoices):
        BORDER = "BORDER", "卡口"
        LOCAL = "LOCAL", "卡点"

    class Kind(models.TextChoices):
        TOLL_GATE = "TOLL_GATE", "高速口"
        STATION = "STATION", "车站"
        ROAD = "ROAD", "国省干道"
        BOUNDARY = "BOUNDARY", "市界"
        VILLAGE = "VILLAGE", "村口"
        QUARTER_GATE = "QUARTER_GATE", "小区门"
        CROSSING = "CROSSING", "路口"

    code = models.TextField(primary_key=True)
    name = models.TextField()
    tier = models.TextField(choices=Tier.choices)
    kind = models.TextField(choices=Kind.choices)
    division = models.TextField()
    jurisdiction = models.BigIntegerField()
    lanes = models.SmallIntegerField(default=1)
    opens_at = models.TimeField(null=True)
    closes_at = models.TimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "checkpoint"
        constraints = [
            models.CheckConstraint(condition=Q(lanes__gte=1), name="checkpoint_has_a_lane"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="checkpoint_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
