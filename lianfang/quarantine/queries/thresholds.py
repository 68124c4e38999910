"""What reports are judged by at a moment."""

from datetime import datetime

from django.db import connection

from lianfang.quarantine.models import CheckInThresholds
from lianfang.quarantine.rules import SHIPPED, Thresholds, thresholds_of

_IN_FORCE = "SELECT lianfang_thresholds(%s)"


def thresholds_at(at: datetime) -> Thresholds:
    """The newest that two officers put in force by then; the shipped ones before any."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [at])
        (hash_,) = cursor.fetchone()
    found = CheckInThresholds.objects.filter(pk=hash_).first() if hash_ else None
    return thresholds_of(found.content) if found else SHIPPED
