"""People, households, and what ties them together. Made in SQL (migrations/sql/people.sql); docs/data.md says what is sealed."""

from django.db import models


class Occupancy(models.TextChoices):
    """What becomes of a door, as somebody who stood before it says."""

    OCCUPIED = "OCCUPIED", "自住"
    RENTED = "RENTED", "出租"
    VACANT = "VACANT", "空置"
    MOVED = "MOVED", "搬离"


class StayState(models.TextChoices):
    """Where somebody of a household is."""

    PRESENT = "PRESENT", "在家"
    AWAY = "AWAY", "外出"
    RETURNED = "RETURNED", "返回"
    QUARANTINED = "QUARANTINED", "隔离"
    HOSPITALISED = "HOSPITALISED", "住院"
    MOVED_OUT = "MOVED_OUT", "迁出"


class Person(models.Model):
    """The file of one person. Everything said about him is sealed under a key of his own, wrapped by the day's.

    `jurisdiction` is his home division. Indexes are under the key of the month in which the file was opened. Cleared,
    neither `wrapped_key` nor `sealed` is left, and nothing brings them back.
    """

    id = models.UUIDField(primary_key=True)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    jurisdiction = models.BigIntegerField()
    document_index = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "person"
        managed = False


class PersonPhone(models.Model):
    """Another telephone somebody is found by, beside the first: its index, under the key of the file's month."""

    pk = models.CompositePrimaryKey("person_id", "phone_index")
    person_id = models.UUIDField()
    phone_index = models.BinaryField()

    class Meta:
        db_table = "person_phone"
        managed = False


class PersonCall(models.Model):
    """What called for somebody's file: a value from above, such as REFERRAL and its id, with the rule's row."""

    pk = models.CompositePrimaryKey("kind", "reference")
    kind = models.TextField()
    reference = models.TextField()
    person_id = models.UUIDField()
    rule_set = models.TextField(null=True)
    rule_row = models.TextField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "person_call"
        managed = False


class Household(models.Model):
    """A door: its address and a note are sealed. `code` is its grid's with a running number that is never given again."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField()
    division = models.TextField()
    jurisdiction = models.BigIntegerField()
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    occupancy = models.TextField(choices=Occupancy.choices)
    verified_on = models.DateField(null=True)
    verified_by = models.UUIDField(null=True)
    walking_order = models.IntegerField()
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "household"
        managed = False


class StayInHousehold(models.Model):
    """A stretch of somebody's time in a household; a new one begins when his state changes. `jurisdiction`: the household's."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="stays")
    household = models.ForeignKey(Household, models.DO_NOTHING, related_name="stays")
    jurisdiction = models.BigIntegerField()
    relation = models.TextField()
    state = models.TextField(choices=StayState.choices)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    told_by = models.UUIDField()

    class Meta:
        db_table = "stay_in_household"
        managed = False


class HouseholdJoin(models.Model):
    """Two doors turned out to be one. The joined one is closed and keeps its code; parted again, it stands as before."""

    id = models.UUIDField(primary_key=True)
    kept = models.ForeignKey(Household, models.DO_NOTHING, related_name="+")
    joined = models.ForeignKey(Household, models.DO_NOTHING, related_name="+")
    kept_jurisdiction = models.BigIntegerField()
    joined_jurisdiction = models.BigIntegerField()
    joined_by = models.UUIDField()
    joined_at = models.DateTimeField()
    reason = models.TextField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "household_join"
        managed = False


class Kinship(models.Model):
    """`other` is the `kind` (SPOUSE, CHILD …) of `person`. Told once of two people, from whichever side; taken back it stays
    as a trail.
    """

    pk = models.CompositePrimaryKey("person_id", "other_id")
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="kin")
    other = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    kind = models.TextField()
    at = models.DateTimeField()
    told_by = models.UUIDField()
    taken_back_by = models.UUIDField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kinship"
        managed = False


class PersonMerge(models.Model):
    """Two files turned out to be one person's. The merged one stays as it was, so that the merge can be undone."""

    id = models.UUIDField(primary_key=True)
    kept = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    merged = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    merged_by = models.UUIDField()
    merged_at = models.DateTimeField()
    reason = models.TextField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "person_merge"
        managed = False


class NotTheSame(models.Model):
    """Two files that look alike and are two people's: said once, and the pair is never proposed again."""

    pk = models.CompositePrimaryKey("one_id", "other_id")
    one = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    other = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    said_by = models.UUIDField()
    said_at = models.DateTimeField()
    reason = models.TextField(null=True)

    class Meta:
        db_table = "not_the_same"
        managed = False
