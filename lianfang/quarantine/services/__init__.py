"""Acts on orders of quarantine."""

from lianfang.quarantine.services.acting import OrderActed
from lianfang.quarantine.services.caring import CareAnswers, answer_care, settle_care
from lianfang.quarantine.services.ordering import OrderReason, add_reason, order
from lianfang.quarantine.services.placing import notify, put_in_place, report_broken
from lianfang.quarantine.services.villages import (
    close_village_check_in,
    forget_village_reports,
    open_village_check_in,
)
from lianfang.quarantine.services.writing import CareTold, WrittenBeside

__all__ = [
    "CareAnswers",
    "CareTold",
    "OrderActed",
    "OrderReason",
    "WrittenBeside",
    "add_reason",
    "answer_care",
    "close_village_check_in",
    "forget_village_reports",
    "notify",
    "open_village_check_in",
    "order",
    "put_in_place",
    "report_broken",
    "settle_care",
]
