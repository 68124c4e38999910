"""Notices of a place (通告, 最新疫情动态): what whoever opens a page of that place is told, written by one officer and approved by another."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from lianfang.command.models import Officer
from lianfang.kernel.ids import uuid7


class PlaceNotice(models.Model):
    """A short text for everybody in a division. Only its approval and its end are written later: another text is another notice.

    `jurisdiction` is the division as 18 digits. `valid_until` is the first moment at which it does not hold. `reason`: why it
    was withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.TextField()
    jurisdiction = models.BigIntegerField()
    title = models.TextField()
    body = models.TextField()
    title_en = models.TextField(blank=True, default="")
    body_en = models.TextField(blank=True, default="")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    author = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approver = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "place_notice"
        indexes = [models.Index(fields=["jurisdiction", "valid_until"], name="place_notice_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approver=None, approved_at=None)
                | (Q(approver__isnull=False, approved_at__isnull=False) & ~Q(approver=F("author"))),
                name="place_notice_is_approved_by_another_officer",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None, reason="")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(reason="")),
                name="place_notice_is_withdrawn_by_somebody_who_says_why",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from"))
                & Q(valid_until__lte=F("valid_from") + timedelta(days=30)),
                name="place_notice_is_for_30_days_at_most",
            ),
        ]
