"""What grid workers' phones sent: by id, so that what comes twice is done once."""

from django.db import models


class RosterAnswer(models.Model):
    """An answer that was taken, and how it was answered. `digest` is keyed under the key of the day's files. `about`: the
    referral, the household, whose stay it was, or the order of quarantine.

    Made in SQL (migrations/sql/grid_doors.sql) with its policies: a phone sees those of its own grid.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    roster_id = models.UUIDField()
    jurisdiction = models.BigIntegerField()
    digest = models.BinaryField()
    about = models.UUIDField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.TextField(null=True)
    late = models.BooleanField()
    code = models.TextField(blank=True)

    class Meta:
        db_table = "roster_answer"
        managed = False
