"""Who answers for a division, what lies over it, and who works in it. Rows begin and end; none is rewritten."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from lianfang.command.models.officers import Officer, Term
from lianfang.command.rules.responsibility import (
    DUTIES,
    ENDINGS,
    OVERLAY_KINDS,
    PRINCIPAL,
    RESPONSIBLE_KINDS,
    STAFF_KINDS,
)
from lianfang.kernel.ids import uuid7


class ResponsiblePerson(models.Model):
    """Somebody answers for a division, as its principal or a deputy, from a moment until another.

    What counts is that it was acknowledged: until then the division is vacant. `officer` is the person's account, where
    there is one; `acknowledged_by` and the others are officers' ids, none at the server's command line.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.TextField()
    level = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    kind = models.TextField()
    name = models.TextField()
    unit = models.TextField(blank=True)
    phone = models.TextField()
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="responsibilities")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    assigned_by = models.UUIDField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_as = models.TextField(blank=True)

    class Meta:
        db_table = "responsible_person"
        constraints = [
            ExclusionConstraint(
                name="division_has_one_principal_at_a_time",
                expressions=[
                    ("division", RangeOperators.EQUAL),
                    (Term("from_at", "until_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind=PRINCIPAL),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RESPONSIBLE_KINDS), name="responsible_person_is_principal_or_deputy"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None, ended_as="")
                | Q(until_at__gt=F("from_at"), until_at__isnull=False, ended_as__in=ENDINGS),
                name="responsible_person_ends_after_beginning_and_says_how",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(acknowledged_at__gte=F("from_at")),
                name="responsible_person_is_acknowledged_once_assigned",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(acknowledged_at=None) | Q(acknowledged_at__lte=F("until_at")),
                name="responsible_person_is_acknowledged_before_ending",
            ),
        ]
        indexes = [
            models.Index(fields=["division"], name="responsible_by_division"),
            models.Index(fields=["lo"], name="responsible_by_place"),
            models.Index(
                fields=["officer"],
                condition=Q(officer__isnull=False, until_at=None),
                name="responsible_by_officer",
            ),
        ]


class Overlay(models.Model):
    """A party members' responsibility area or a vanguard post, laid over a division beside its line of responsibility."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    kind = models.TextField()
    title = models.TextField()
    name = models.TextField()
    phone = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    placed_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "overlay"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OVERLAY_KINDS), name="overlay_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")), name="overlay_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["lo"], name="overlay_by_place")]


class GridStaff(models.Model):
    """Somebody who works in a village or grid: of which kind, sent by which unit, with which of the five duties."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    kind = models.TextField()
    name = models.TextField()
    phone = models.TextField()
    home_unit = models.TextField(blank=True)
    duties = ArrayField(models.TextField(), default=list)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    placed_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "grid_staff"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=STAFF_KINDS), name="grid_staff_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(duties__contained_by=list(DUTIES)), name="grid_staff_has_duties_of_the_five"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")),
                name="grid_staff_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["lo"], name="grid_staff_by_place")]
