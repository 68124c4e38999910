"""Checkpoints, their devices, and what passes. The four record tables are append-only and made in SQL.

`passage` and `registration` are partitioned by the month of their time-ordered id, so Django does not manage them;
docs/data.md says which columns are plain, which are sealed, and why.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lianfang.kernel.ids import uuid7


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


class Device(models.Model):
    """A phone (or a script) that may write records for one checkpoint. The token is kept as a hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="devices")
    name = models.TextField()
    token_hash = models.BinaryField(unique=True)
    items_per_second = models.IntegerField(null=True)  # None: no budget (bench and demo devices)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        db_table = "device"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("enrolled_at")), name="device_token_expires_after_enrolment"
            ),
        ]


class Enrolment(models.Model):
    """A one-time code with which a phone becomes a device of a checkpoint."""

    code_hash = models.BinaryField(primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    token_lasts_for = models.DurationField()
    used_at = models.DateTimeField(null=True)
    device = models.ForeignKey(Device, models.PROTECT, null=True)

    class Meta:
        db_table = "enrolment"


class Record(models.Model):
    """What every append-only record carries. `tx` is the writing transaction, by which the fold reads."""

    id = models.UUIDField(primary_key=True)
    tx = models.BigIntegerField()
    digest = models.BinaryField(null=True)
    receipt = models.TextField()
    received_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    captured_on = models.DateField()
    captured_hour = models.SmallIntegerField()
    checkpoint = models.TextField()
    jurisdiction = models.BigIntegerField()
    device_id = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        abstract = True


class Passage(Record):
    """One vehicle, or one walking party, stopping once."""

    direction = models.TextField()
    transport = models.TextField()
    purpose = models.TextField(null=True)
    source = models.TextField()
    officer = models.TextField(null=True)
    roster_expected = models.SmallIntegerField(null=True)
    plate_index = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "passage"


class Registration(Record):
    """One person of a passage."""

    passage_id = models.UUIDField()
    place_in_party = models.SmallIntegerField()
    direction = models.TextField()
    transport = models.TextField()
    purpose = models.TextField(null=True)
    from_code = models.TextField(null=True)
    destination_code = models.TextField(null=True)
    document_type = models.TextField()
    age = models.SmallIntegerField(null=True)
    stays = models.JSONField()
    celsius_tenths = models.SmallIntegerField(null=True)
    temperature_state = models.TextField(null=True)
    symptoms = ArrayField(models.TextField())
    case_contact = models.BooleanField(null=True)
    rule_set = models.TextField()
    rule_rows = ArrayField(models.TextField())
    measures = ArrayField(models.TextField())
    document_index = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "registration"


class Correction(Record):
    """A later event that supersedes fields of a passage or a registration; it never changes the row itself."""

    of = models.UUIDField()
    target = models.TextField()
    facts = models.JSONField()
    officer_id = models.UUIDField(null=True)
    plate_index = models.BinaryField(null=True)
    document_index = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "correction"


class ConflictItem(models.Model):
    """A record that came with a known id and other content: kept sealed for the desk, beside the first one."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField()
    kind = models.TextField()
    digest = models.BinaryField()
    received_at = models.DateTimeField()
    captured_on = models.DateField()
    checkpoint = models.TextField()
    jurisdiction = models.BigIntegerField()
    device_id = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "conflict_item"


class ShiftClosing(models.Model):
    """A shift of a checkpoint closed by comparing the hand count with the records (日清日结).

    Closed again, the newest row counts. ZERO says that nobody came, which is not the same as no report. `recorded_*`
    are the board's figures as they were known at `recorded_as_of`; who closes a difference says why.
    """

    class Report(models.TextChoices):
        COUNTED = "COUNTED", "有通行"
        ZERO = "ZERO", "零报告"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="closings")
    day = models.DateField()
    shift = models.TextField()
    report = models.TextField(choices=Report.choices)
    hand_vehicles = models.IntegerField()
    hand_people = models.IntegerField()
    recorded_vehicles = models.IntegerField()
    recorded_people = models.IntegerField()
    recorded_as_of = models.DateTimeField()
    explanation = models.TextField(blank=True)
    closed_by = models.UUIDField()
    closed_at = models.DateTimeField()

    class Meta:
        db_table = "shift_closing"
        indexes = [models.Index(fields=["day", "checkpoint"], name="shift_closing_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hand_vehicles__gte=0) & Q(hand_people__gte=0),
                name="shift_closing_counts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(report="ZERO") | (Q(hand_vehicles=0) & Q(hand_people=0)),
                name="shift_closing_of_a_zero_report_counts_nobody",
            ),
            models.CheckConstraint(
                condition=(Q(hand_vehicles=F("recorded_vehicles")) & Q(hand_people=F("recorded_people")))
                | ~Q(explanation=""),
                name="shift_closing_explains_a_difference",
            ),
        ]
