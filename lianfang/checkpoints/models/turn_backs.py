"""What a named officer decided about a proposal to turn somebody back."""

from django.db import models
from django.db.models import Q


class TurnBack(models.Model):
    """A decision about a person for whom turning back was proposed. Made once, never changed.

    `reason` is null once it was cleared with the person's record, and where many who had LEFT were closed at once; `jurisdiction` is where that record lies.
    """

    class Verdict(models.TextChoices):
        TURNED_BACK = "TURNED_BACK"
        ADMITTED = "ADMITTED"
        LEFT = "LEFT"  # the barrier, before anybody decided

    registration_id = models.UUIDField(primary_key=True, editable=False)
    verdict = models.TextField(choices=Verdict.choices)
    reason = models.TextField(null=True)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    jurisdiction = models.BigIntegerField()

    class Meta:
        db_table = "turn_back"
        indexes = [models.Index(fields=["decided_at"], name="turn_back_by_moment")]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=("TURNED_BACK", "ADMITTED", "LEFT")),
                name="turn_back_has_a_known_verdict",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="turn_back_says_why"),
        ]
