"""Signing in: the second factor, one-time links, and failures that are counted."""

from django.db import models

from lianfang.command.models.officers import Officer
from lianfang.kernel.ids import uuid7


class ActivationLink(models.Model):
    """The one-time link with which an officer sets a password and a second factor, at first or after losing them."""

    token_hash = models.BinaryField(primary_key=True)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="activation_links")
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "activation_link"


class RecoveryCode(models.Model):
    """One of the codes that stand in for a lost second factor, each once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="recovery_codes")
    code_hash = models.BinaryField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery_code"


class SignInFailures(models.Model):
    """Failures in a row at one name or from one address (`whose` is a hash of it), and until when it is not heard."""

    whose = models.BinaryField(primary_key=True)
    failures = models.IntegerField()
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_in_failures"
