"""An order of quarantine (隔离医学观察): who stays where until when, why, what was done about it, and who cares for whom.

Who it is stands in the person's file (room `people`); what is known here is plain, and what is written beside it sealed
under a key of its own, wrapped by the day's.
"""

from django.db import models

from lianfang.kernel.ids import uuid7
from lianfang.quarantine.rules import order_number


class QuarantineOrder(models.Model):
    """One person under observation. One stands for a person at a time; whatever more is decided is a reason of it.

    `day0_on`, `last_on`: the day of the last exposure and the last day of observation, which ends at 24:00 in Asia/Shanghai;
    the widest of its reasons and extensions. `division` answers for it, `jurisdiction` is the same as 18 digits; `came_from`
    answered before it and still sees it. In a facility `facility_id` and `room` say where. `number` is printed on the slip.
    `dependants` is the answer to "who depends on you?": None is unanswered. `observed_from` is the moment from which check-ins
    are asked for (he is in place, or back); None before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField()
    person_id = models.UUIDField()
    kind = models.TextField()
    state = models.TextField()
    day0_on = models.DateField()
    last_on = models.DateField()
    division = models.TextField()
    jurisdiction = models.BigIntegerField()
    came_from = models.BigIntegerField(null=True)
    facility_id = models.UUIDField(null=True)
    room = models.TextField(null=True)
    dependants = models.TextField(null=True)
    ordered_by = models.UUIDField(null=True)
    ordered_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    in_place_at = models.DateTimeField(null=True)
    observed_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "quarantine_order"

    @property
    def shown_number(self) -> str:
        return order_number(self.number, self.ordered_at)


class QuarantineReason(models.Model):
    """OrderReason: a row of a rule set that fired for a record (`reference`: the referral's id), or an officer's word.

    Several stand at once. `kind` RULE | OFFICER | CONTACT. Taken back, it stays as a trail.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order_id = models.UUIDField()
    kind = models.TextField()
    reference = models.UUIDField(null=True)
    rule_set = models.TextField(null=True)
    rule_row = models.TextField(null=True)
    day0_on = models.DateField()
    days = models.IntegerField()
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "quarantine_reason"


class OrderEvent(models.Model):
    """What was done about an order: by an officer, a grid worker's phone, or the clock. Added, never changed.

    `id` is made by whoever acts, so that doing it again does nothing. `sealed` is what was written beside it. `details` are
    codes, days and places, never names.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order_id = models.UUIDField()
    kind = models.TextField()
    state = models.TextField()
    details = models.JSONField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    officer_id = models.UUIDField(null=True)
    roster_id = models.UUIDField(null=True)
    jurisdiction = models.BigIntegerField()
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "order_event"


class CareNeed(models.Model):
    """What somebody under observation, or who depends on him, needs: one row for each kind, with a named carer.

    `kind` DEPENDANTS | MEDICINE | DIALYSIS | PREGNANCY. `sealed`: what is needed, the carer's name and telephone. It is open
    until `settled_at`; a dependant's blocks `in_place` while `has_carer` is false.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order_id = models.UUIDField()
    kind = models.TextField()
    has_carer = models.BooleanField()
    jurisdiction = models.BigIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    sealed_at = models.DateTimeField(null=True)
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "care_need"
