"""Retention as a city has confirmed it, and every purge with who asked, who agreed and what it did."""

from django.db import models
from django.db.models import F, Q

from lianfang.kernel.ids import uuid7


class RetentionRule(models.Model):
    """How many days a class of records is held. Without a row the default of `custody/retention.py` counts."""

    retention_class = models.TextField(primary_key=True)
    days = models.IntegerField()
    set_by = models.UUIDField()
    set_at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        db_table = "retention_rule"
        constraints = [models.CheckConstraint(condition=Q(days__gt=0), name="retention_rule_is_of_some_days")]


class Purge(models.Model):
    """A destruction: proposed by one officer, signed by another, done once, certified by its counts.

    `kind` RETENTION: every day whose time is over; EVERYTHING: the end of the emergency; SUBJECT: one person's
    records (`records` holds their ids).
    """

    class Kind(models.TextChoices):
        RETENTION = "RETENTION", "到期销毁"
        EVERYTHING = "EVERYTHING", "疫情结束全部销毁"
        SUBJECT = "SUBJECT", "应本人要求删除"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField(choices=Kind.choices)
    up_to = models.DateField(null=True)
    records = models.JSONField(default=list)
    reason = models.TextField()
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    signed_by = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)
    refused_by = models.UUIDField(null=True)
    refused_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    certificate = models.JSONField(null=True)

    class Meta:
        db_table = "purge"
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("proposed_by")),
                name="purge_is_signed_by_a_second_officer",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(signed_at__isnull=False),
                name="purge_is_done_when_signed",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(refused_at__isnull=True),
                name="purge_is_signed_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="purge_is_signed_by_somebody",
            ),
        ]
