"""What reports are judged by at a moment."""

from datetime import datetime

from lianfang.quarantine.models import CheckInThresholds
from lianfang.quarantine.rules import SHIPPED, Thresholds, thresholds_of


def thresholds_at(at: datetime) -> Thresholds:
    """Those that hold then: the newest put in force."""
    found = CheckInThresholds.objects.filter(from_at__lte=at).order_by("-from_at", "hash").first()
    return thresholds_of(found.content) if found else SHIPPED
