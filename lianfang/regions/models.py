"""The register of divisions and the other names people use for them. Both keep every edition: rows end, none is lost."""

from django.db import models
from django.db.models import F, Q

from lianfang.kernel.divisions import LEVELS


class Region(models.Model):
    """One division under one name, from the day it held to the day before it did not.

    `valid_to` is the first day on which the row no longer holds. `lo` and `hi` are the span of 18-digit integers that
    the code covers. `successor_code` is the code that carries the same name in the next edition, where exactly one does.
    """

    code = models.TextField()
    level = models.TextField(choices=[(level, level) for level in LEVELS])
    kind = models.TextField(blank=True)
    name = models.TextField()
    short_name = models.TextField()
    pinyin = models.TextField()
    parent_code = models.TextField(null=True)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    edition = models.TextField()
    successor_code = models.TextField(null=True)

    class Meta:
        app_label = "lianfang"
        db_table = "region"
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="region_code_starts_once_on_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="region_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(lo__lte=F("hi")), name="region_spans_at_least_itself"),
        ]
        indexes = [
            models.Index(fields=["parent_code"], name="region_by_parent"),
            models.Index(fields=["lo", "hi"], name="region_by_span"),
            models.Index(fields=["name"], name="region_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RegionAlias(models.Model):
    """Another name for a division. The same alias on several codes means: ambiguous, ask; nobody guesses."""

    class Kind(models.TextChoices):
        PRINTED_ERROR = "PRINTED_ERROR", "误写"
        HAMLET = "HAMLET", "自然屯"
        FORMER_NAME = "FORMER_NAME", "曾用名"
        COLLOQUIAL = "COLLOQUIAL", "俗称"

    code = models.TextField()
    alias = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    source = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        app_label = "lianfang"
        db_table = "region_alias"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "alias", "valid_from"], name="region_alias_starts_once_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="region_alias_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["alias"], name="region_alias_by_alias")]

    def __str__(self) -> str:
        return f"{self.alias} → {self.code}"
