"""Duty: who answers for a group during which hours, how one hands over to the next, and who took whose place."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q

from lianfang.command.models.headquarters import DutyPerson, WorkGroup
from lianfang.command.models.officers import Term
from lianfang.kernel.ids import uuid7

# Neither one who did not come nor a slot that was taken back holds anybody's hours.
HOLDS_ITS_HOURS = Q(withdrawn_at=None) & ~Q(state__in=["ABSENT", "REPLACED"])


class DutySlot(models.Model):
    """Somebody has the duty of a group on a duty day (08:00 to 08:00) or a third of it.

    `planned_person` is who was written down first, and stays so whoever takes over by a swap. `instead_of`: the slot of
    somebody who did not come. The hours follow from day and part; the database checks them (duty.sql).
    """

    class Part(models.TextChoices):
        FULL = "FULL", "全天"
        EARLY = "EARLY", "早班"
        MIDDLE = "MIDDLE", "中班"
        LATE = "LATE", "晚班"

    class Role(models.TextChoices):
        LEAD = "LEAD", "带班"
        DUTY = "DUTY", "值班"

    class State(models.TextChoices):
        PLANNED = "PLANNED", "未签到"
        ON_DUTY = "ON_DUTY", "在岗"
        HANDED_OVER = "HANDED_OVER", "已交班"
        ABSENT = "ABSENT", "缺勤"
        REPLACED = "REPLACED", "已顶班"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(WorkGroup, models.PROTECT, related_name="slots")
    person = models.ForeignKey(DutyPerson, models.PROTECT, related_name="slots")
    planned_person = models.ForeignKey(DutyPerson, models.PROTECT, related_name="planned_slots")
    instead_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="replacement")
    on_date = models.DateField()
    part = models.TextField(choices=Part.choices)
    role = models.TextField(choices=Role.choices)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.PLANNED)
    planned_by = models.UUIDField(null=True)
    planned_at = models.DateTimeField()
    signed_in_at = models.DateTimeField(null=True)
    signed_in_by = models.UUIDField(null=True)
    absent_reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "duty_slot"
        indexes = [
            models.Index(fields=["group", "begins_at"], name="duty_slot_by_group"),
            models.Index(fields=["changed_at"], name="duty_slot_by_change"),
        ]
        constraints = [
            ExclusionConstraint(
                name="duty_slot_is_a_persons_only_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Term("begins_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=HOLDS_ITS_HOURS,
                # Two who swap are written in one statement: checked at its end, not row by row.
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(condition=Q(role__in=["LEAD", "DUTY"]), name="duty_slot_has_a_known_role"),
            models.CheckConstraint(
                condition=Q(state__in=["PLANNED", "ON_DUTY", "HANDED_OVER", "ABSENT", "REPLACED"]),
                name="duty_slot_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ON_DUTY", "HANDED_OVER"]) | Q(signed_in_at__isnull=False),
                name="duty_slot_is_done_by_whoever_signed_in",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ABSENT", "REPLACED"]) | ~Q(absent_reason=""),
                name="duty_slot_says_why_nobody_came",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(state="PLANNED"),
                name="duty_slot_is_withdrawn_before_it_is_done",
            ),
        ]


class DutyHandover(models.Model):
    """One hands the duty of a group to the next: a note, what is open, and who took it over. Closes when he accepts.

    `open_items` is what was open when it was handed over, `added_items` what opened until somebody accepted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slot = models.OneToOneField(DutySlot, models.PROTECT, related_name="handover")
    note = models.TextField(blank=True)
    open_items = models.JSONField(default=list)
    handed_by = models.UUIDField()
    handed_at = models.DateTimeField()
    accepted_slot = models.ForeignKey(DutySlot, models.PROTECT, null=True, related_name="taken_over")
    added_items = models.JSONField(default=list)
    accepted_by = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "duty_handover"
        indexes = [models.Index(fields=["handed_at"], name="duty_handover_by_moment")]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None, accepted_slot=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, accepted_slot__isnull=False),
                name="duty_handover_is_accepted_by_a_successor",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None) | ~Q(accepted_by=F("handed_by")),
                name="duty_handover_is_accepted_by_another_officer",
            ),
            models.CheckConstraint(
                condition=Q(accepted_slot=None) | ~Q(accepted_slot=F("slot")),
                name="duty_handover_leads_to_another_slot",
            ),
        ]


class DutySwap(models.Model):
    """Somebody asks that another take his slot, perhaps against one of that other's; another officer decides."""

    class State(models.TextChoices):
        ASKED = "ASKED", "待批"
        GRANTED = "GRANTED", "已同意"
        REFUSED = "REFUSED", "未同意"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slot = models.ForeignKey(DutySlot, models.PROTECT, related_name="swaps")
    from_person = models.ForeignKey(DutyPerson, models.PROTECT, related_name="+")
    to_person = models.ForeignKey(DutyPerson, models.PROTECT, related_name="+")
    in_return = models.ForeignKey(DutySlot, models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    state = models.TextField(choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "duty_swap"
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state="ASKED"), name="duty_swap_is_asked_once_for_a_slot"
            ),
            models.CheckConstraint(
                condition=Q(state="ASKED", decided_by=None)
                | (
                    Q(state__in=["GRANTED", "REFUSED"], decided_by__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
                name="duty_swap_is_decided_by_another_officer",
            ),
            models.CheckConstraint(
                condition=~Q(to_person=F("from_person")), name="duty_swap_is_with_another_person"
            ),
        ]
