"""Headquarters of a division, its groups, and the people in them: who may be called, and as what."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from lianfang.command.models.officers import Officer, Term
from lianfang.kernel.ids import uuid7


class Headquarters(models.Model):
    """The headquarters of one division (指挥部): of a city, a county, a township."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.TextField(unique=True)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    name = models.TextField()
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "headquarters"
        constraints = [
            models.CheckConstraint(condition=Q(lo__lte=F("hi")), name="headquarters_spans_something"),
        ]


class WorkGroup(models.Model):
    """A group of a headquarters, or of one of its groups (the Office's own). `code` is the source's, or the city's own.

    `position`: the order in which groups are named.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    headquarters = models.ForeignKey(Headquarters, models.PROTECT, related_name="groups")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    code = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField()
    position = models.IntegerField()

    class Meta:
        db_table = "work_group"
        constraints = [
            models.UniqueConstraint(
                fields=["headquarters", "code"], name="work_group_is_in_its_headquarters_once"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="work_group_is_no_part_of_itself"),
        ]


class DutyPerson(models.Model):
    """Somebody who does duty, with the telephone he is called by: an officer, or somebody without an account.

    One row a person, whatever groups he is in: his slots in all of them never overlap.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.OneToOneField(Officer, models.PROTECT, null=True, related_name="duty_person")
    name = models.TextField()
    phone = models.TextField()

    class Meta:
        db_table = "duty_person"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "phone"], condition=Q(officer=None), name="duty_person_is_listed_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="duty_person_has_a_name"),
            models.CheckConstraint(condition=~Q(phone=""), name="duty_person_can_be_called"),
        ]


class Membership(models.Model):
    """Somebody is in a group, from a day to another; what he is there, and under which title (总指挥)."""

    class Role(models.TextChoices):
        LEADER = "LEADER", "组长"
        DEPUTY_LEADER = "DEPUTY_LEADER", "副组长"
        MEMBER = "MEMBER", "成员"
        LIAISON = "LIAISON", "联络员"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(WorkGroup, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(DutyPerson, models.PROTECT, related_name="memberships")
    role = models.TextField(choices=Role.choices)
    title = models.TextField(blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    added_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "membership"
        constraints = [
            ExclusionConstraint(
                name="membership_is_one_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (Term("from_at", "until_at"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(role__in=["LEADER", "DEPUTY_LEADER", "MEMBER", "LIAISON"]),
                name="membership_has_a_known_role",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")),
                name="membership_ends_after_it_begins",
            ),
        ]
