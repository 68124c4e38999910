"""Rule sets, the drafts they come from, and when which was in force."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
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
    before = models.JSONField(
        null=True
    )  # what it held before a sheet was loaded or a row removed: one step back
    trial = models.JSONField(
        null=True
    )  # how many people it would treat differently, when that was counted last
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


class ScreeningFact(models.Model):
    """What rules ask about an arrival of the last 60 days, as corrected: a row for every place stayed in or come from.

    Narrow where a registration is fat. All of a person's rows say the same but for `code`, the place; by the one that
    `is_first` the person is counted. `rule_set`, `rule_rows`, `measures`: what stands since it was decided last.
    """

    pk = models.CompositePrimaryKey("registration_id", "code")
    registration_id = models.UUIDField()
    code = models.TextField()
    is_first = models.BooleanField()
    tx = models.BigIntegerField()
    anew = models.BooleanField()
    captured_on = models.DateField()
    jurisdiction = models.BigIntegerField()
    direction = models.TextField()
    transport = models.TextField(null=True)
    purpose = models.TextField(null=True)
    from_code = models.TextField(null=True)
    destination_code = models.TextField(null=True)
    document_type = models.TextField(null=True)
    age = models.SmallIntegerField(null=True)
    stays = models.JSONField()
    celsius_tenths = models.SmallIntegerField(null=True)
    temperature_state = models.TextField(null=True)
    symptoms = ArrayField(models.TextField())
    case_contact = models.BooleanField(null=True)
    resident = models.BooleanField(null=True)
    answer_codes = models.JSONField(null=True)
    rule_set = models.TextField()
    rule_rows = ArrayField(models.TextField())
    measures = ArrayField(models.TextField())

    class Meta:
        managed = False
        db_table = "screening_fact"


class ScreeningPosition(models.Model):
    """How far registrations and corrections have been laid as facts: every transaction below `next_tx`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    next_tx = models.BigIntegerField(default=0)
    laid_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "screening_position"


class Rescreening(models.Model):
    """Arrivals of some days, decided again by the rule set in force: counted, proposed, approved by another, carried out."""

    class State(models.TextChoices):
        DRY_RUN = "DRY_RUN"
        PROPOSED = "PROPOSED"
        APPROVED = "APPROVED"
        RUNNING = "RUNNING"
        DONE = "DONE"
        STOPPED = "STOPPED"
        REFUSED = "REFUSED"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.TextField(choices=State.choices, default=State.DRY_RUN)
    rule_set = models.TextField()
    since = models.DateField()
    until = models.DateField()
    places = models.JSONField(null=True)  # only who stayed there is looked at; null: everybody
    counts = models.JSONField(default=dict)  # of the dry run
    done = models.JSONField(default=dict)  # of what was carried out
    position = models.BigIntegerField(
        default=0
    )  # how far it has come: a page of the facts, or with an id, a transaction
    position_id = models.UUIDField(null=True)
    began_tx = models.BigIntegerField(default=0)  # facts of later transactions are looked at after the pages
    slice_size = models.IntegerField(default=0)
    known_tx = models.BigIntegerField(default=0)  # what was said in later transactions came after the dry run
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")  # why it was refused or stopped

    class Meta:
        db_table = "rescreening"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "RUNNING", "DONE"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="rescreening_is_approved_by_another_officer",
            ),
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="rescreening_is_of_some_days"),
        ]


class Rescreened(models.Model):
    """What a re-screening decided about a person for whom it changed something. Added, never changed.

    `measures` are the kinds the rule set asks for, `details` the same with row, place and days. `before` and `stands`
    are whole measures ("QUARANTINE HOME 14"): nothing that stood is taken away by a re-screening.
    """

    pk = models.CompositePrimaryKey("rescreening_id", "registration_id")
    rescreening_id = models.UUIDField()
    registration_id = models.UUIDField()
    captured_on = models.DateField()
    jurisdiction = models.BigIntegerField()
    destination_code = models.TextField(null=True)
    rule_set = models.TextField()
    rule_rows = ArrayField(models.TextField())
    measures = ArrayField(models.TextField())
    details = models.JSONField()
    before = ArrayField(models.TextField())
    stands = ArrayField(models.TextField())
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "rescreened"
