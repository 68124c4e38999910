"""Orders of quarantine and everything about them; made in SQL (migrations/sql/quarantine.sql); docs/data.md says every column."""

from lianfang.quarantine.models.check_ins import CheckIn, CheckInLink, CheckInThresholds, FollowUp
from lianfang.quarantine.models.orders import CareNeed, OrderEvent, QuarantineOrder, QuarantineReason
from lianfang.quarantine.models.villages import VillageCheckIn, VillageReport

__all__ = [
    "CareNeed",
    "CheckIn",
    "CheckInLink",
    "CheckInThresholds",
    "FollowUp",
    "OrderEvent",
    "QuarantineOrder",
    "QuarantineReason",
    "VillageCheckIn",
    "VillageReport",
]
