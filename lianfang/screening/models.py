"""Rule sets, the drafts they come from, and when which was in force."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from lianfang.command.models import Officer
from lianfang.kernel.ids import uuid7


class StoredRuleSet(models.Model):
    """The content of a rule set under its hash. Added once, never changed: decisions name it for ever."""

    hash = models.TextField(primary_key=True)
    content = models.TextField()  # the JSON the hash is of, as text: jsonb would forget the order of fields
    added_at = models.DateTimeField()

    class Meta:
        db_table = "rule_set"


class RuleDraft(models.Model):
    """A rule set being written: drafted by one officer, tried, proposed, approved or refused by another."""

    class State(models.TextChoices):
        DRAFT = "DRAFT"
        PROPOSED = "PROPOSED"
        APPROVED = "APPROVED"
        REFUSED = "REFUSED"
        WITHDRAWN = "WITHDRAWN"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    content = models.JSONField()  # as edited, perhaps not fit to decide yet
    based_on = models.TextField(blank=True, default="")  # the hash it began from
    revision = models.IntegerField(default=1)  # counts every change: two editors never overwrite each other
    drafted_by = models.ForeignKey(Officer, models.PROTECT, related_name="rule_drafts")
    drafted_at = models.DateTimeField()
    changed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    days = models.SmallIntegerField(null=True)  # how long it is to be in force
    reason = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")  # why it was refused

    class Meta:
        db_table = "rule_draft"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="APPROVED")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="rule_draft_is_approved_by_another_officer",
            ),
            models.CheckConstraint(
                condition=Q(days=None) | Q(days__range=(1, 30)), name="rule_draft_is_for_30_days_at_most"
            ),
        ]


class RulePeriod(models.Model):
    """From one moment to another a rule set is in force: 30 days at most, and never two at once.

    Without officers it was laid by the program: the demo's past.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule_set = models.ForeignKey(StoredRuleSet, models.PROTECT, related_name="periods", db_column="rule_set")
    during = DateTimeRangeField()
    draft = models.ForeignKey(RuleDraft, models.PROTECT, null=True, related_name="periods")
    proposed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")  # before its time
    ended_for = models.TextField(blank=True, default="")

    class Meta:
        db_table = "rule_period"
        constraints = [
            ExclusionConstraint(
                name="rule_period_never_overlaps",
                expressions=[("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="rule_period_is_approved_by_another_officer",
            ),
        ]
