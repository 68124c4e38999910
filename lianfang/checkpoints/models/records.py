"""The four record tables: append-only, sealed, made in SQL.

`passage` and `registration` are partitioned by the month of their time-ordered id, so Django does not manage them;
docs/data.md says which columns are plain, which are sealed, and why.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


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
    resident = models.BooleanField(null=True)
    answer_codes = models.JSONField(null=True)
    rule_set = models.TextField()
    rule_rows = ArrayField(models.TextField())
    measures = ArrayField(models.TextField())
    shown_otherwise = models.BooleanField(null=True)
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
    digest = models.BinaryField(null=True)
    received_at = models.DateTimeField()
    captured_on = models.DateField()
    checkpoint = models.TextField()
    jurisdiction = models.BigIntegerField()
    device_id = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "conflict_item"
