"""The audit log: rows written in the acting transaction, chained into blocks afterwards. Nobody may change a row."""

from django.db import models


class AuditEntry(models.Model):
    """Who did what to which, when, from where, what for, and how it ended. Never a traveller's name or number.

    `tx` is the writing transaction, filled in by the database: the sealer reads by it, as the fold does.
    """

    number = models.BigAutoField(primary_key=True)
    tx = models.BigIntegerField(editable=False)
    at = models.DateTimeField(editable=False)
    act = models.TextField()
    officer_id = models.UUIDField(null=True)
    device_id = models.UUIDField(null=True)
    subject = models.TextField(blank=True)
    count = models.IntegerField()
    jurisdiction = models.BigIntegerField(null=True)
    purpose = models.TextField(blank=True)
    place = models.TextField(blank=True)
    result = models.TextField()
    details = models.JSONField()

    class Meta:
        db_table = "audit_entry"
        managed = False


class AuditBlock(models.Model):
    """Entries of the transactions from `tx_from` up to, not including, `tx_to`; chained to the block before."""

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    tx_from = models.BigIntegerField()
    tx_to = models.BigIntegerField()
    entries = models.IntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_block"
        managed = False


class AuditLeaf(models.Model):
    """The hash of one entry and its place in its block: names the row that was changed, removed or moved."""

    entry = models.BigIntegerField(primary_key=True)
    block = models.BigIntegerField()
    place = models.IntegerField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "audit_leaf"
        managed = False
