"""Officers and their postings. What an officer may see is reach (postings' spans) times role."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lianfang.kernel.ids import uuid7


class Term(Func):
    """The moments from one column until another, which may be open."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class Officer(models.Model):
    """A person who signs in. Sessions live in `officer_session`, which only functions of the database may touch.

    `second_factor`: whether a code is asked for beside the password; only the officers of a demo do without.
    `totp` is the secret, sealed under the key folder's staff key and bound to the officer's id.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sign_in_name = models.TextField(unique=True)
    name = models.TextField()
    password = models.TextField()
    made_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    second_factor = models.BooleanField(default=True)
    totp = models.BinaryField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    password_set_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "officer"

    def __str__(self) -> str:
        return self.sign_in_name


class Posting(models.Model):
    """An officer holds a role over one division, from a moment until another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="postings")
    role = models.TextField()
    division = models.TextField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    granted_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "posting"
        constraints = [
            # What a role permits counts everywhere a posting reaches: two roles at once would mix them.
            ExclusionConstraint(
                name="posting_is_of_one_role_at_a_time",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (Term("from_at", "until_at"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")),
                name="posting_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(lo__lte=F("hi")), name="posting_spans_something"),
        ]


class SetUpLink(models.Model):
    """The one-time link with which the first administrator of an empty deployment signs up."""

    token_hash = models.BinaryField(primary_key=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "set_up_link"


class DisplayToken(models.Model):
    """Opens the wall on a screen nobody signs in at: figures only, until it expires or is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    token_hash = models.BinaryField(unique=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "display_token"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="display_token_expires_after_it_was_made"
            ),
        ]
