"""Orders of quarantine and everything about them; made in SQL (migrations/sql/quarantine.sql, facilities.sql); docs/data.md says all columns."""

from lianfang.quarantine.models.check_ins import CheckIn, CheckInLink, CheckInThresholds, FollowUp
from lianfang.quarantine.models.facilities import Facility, FacilityRoom
from lianfang.quarantine.models.orders import CareNeed, OrderEvent, QuarantineOrder, QuarantineReason
from lianfang.quarantine.models.villages import VillageCheckIn, VillageReport

__all__ = [
    "CareNeed",
    "CheckIn",
    "CheckInLink",
    "CheckInThresholds",
    "Facility",
    "FacilityRoom",
    "FollowUp",
    "OrderEvent",
    "QuarantineOrder",
    "QuarantineReason",
    "VillageCheckIn",
    "VillageReport",
]
