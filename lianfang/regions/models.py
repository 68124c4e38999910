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
    """Another name for a division. The same alias on several codes means: ambiguous, ask; nobody guesses.

    `taught_by`: the officer who confirmed it, None where it came with the register; `source` is then the address's place
    words as they were read. One that was taken back never held, and stays for whoever asks.
    """

    class Kind(models.TextChoices):
        PRINTED_ERROR = "PRINTED_ERROR", "误写"
        HAMLET = "HAMLET", "自然屯"
        FORMER_NAME = "FORMER_NAME", "曾用名"
        COLLOQUIAL = "COLLOQUIAL", "俗称"
        ZONE = "ZONE", "功能区"

    code = models.TextField()
    alias = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    source = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    taught_by = models.UUIDField(null=True)
    taught_at = models.DateTimeField(null=True)
    taken_back_by = models.UUIDField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "lianfang"
        db_table = "region_alias"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "alias", "valid_from"],
                condition=Q(taken_back_at=None),
                name="region_alias_starts_once_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(taught_by=None, taught_at=None)
                | Q(taught_by__isnull=False, taught_at__isnull=False),
                name="region_alias_is_taught_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_by=None, taken_back_at=None)
                | Q(taken_back_by__isnull=False, taken_back_at__isnull=False),
                name="region_alias_is_taken_back_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="region_alias_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["alias"], name="region_alias_by_alias")]

    def __str__(self) -> str:
        return f"{self.alias} → {self.code}"
