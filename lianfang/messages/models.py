"""Messages (提醒) on their way out, every try to send them, and the group robots (群机器人) that tell counts.

The tables are made in SQL (migrations/sql/messages.sql) with their grants and policies; docs/data.md says every column.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianfang.kernel.ids import uuid7


class Robot(models.Model):
    """A robot of a WeCom group. `webhook` is sealed, since whoever has it may write to the group; retired, it has none.

    `sends`: when it was sent to last, at most as often as a minute allows; `quiet_until`: nothing is sent before. Both by the
    database's clock, as the limit is the machine's and not the city's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.TextField()
    jurisdiction = models.BigIntegerField()
    name = models.TextField()
    webhook = models.BinaryField(null=True)
    added_by = models.UUIDField()
    added_at = models.DateTimeField()
    retired_by = models.UUIDField(null=True)
    retired_at = models.DateTimeField(null=True)
    sends = ArrayField(models.DateTimeField(), default=list)
    quiet_until = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "robot"


class Message(models.Model):
    """One thing to be told, once, for one day. Whom it is about is a value from a room above.

    `sealed`: number and text of an SMS, under a key of its own; a robot's text is `plain` and names nobody. `claimed_at`: a
    sender has it in hand since then. `until_at`: from then on it is told to nobody. `person_id`: with whose file the sealed part goes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    robot_id = models.UUIDField(null=True)
    jurisdiction = models.BigIntegerField()
    purpose = models.TextField()
    on_day = models.DateField()
    half = models.TextField(null=True)
    until_at = models.DateTimeField(null=True)
    part = models.SmallIntegerField(default=1)
    markdown = models.BooleanField(default=False)
    plain = models.TextField(null=True)
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    written_at = models.DateTimeField()
    state = models.TextField()
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "message"


class MessageAttempt(models.Model):
    """One try, and what came of it. Added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message_id = models.UUIDField()
    at = models.DateTimeField()
    ok = models.BooleanField()
    code = models.TextField()
    detail = models.TextField(default="")

    class Meta:
        managed = False
        db_table = "message_attempt"
