"""Acts on orders of quarantine."""

from lianfang.quarantine.services.acting import OrderActed
from lianfang.quarantine.services.caring import CareAnswers, answer_care, settle_care
from lianfang.quarantine.services.following_up import FollowedUp, close_follow_up
from lianfang.quarantine.services.ordering import OrderReason, add_reason, order
from lianfang.quarantine.services.placing import notify, put_in_place, report_broken
from lianfang.quarantine.services.writing import CareTold, WrittenBeside

__all__ = [
    "CareAnswers",
    "CareTold",
    "FollowedUp",
    "OrderActed",
    "OrderReason",
    "WrittenBeside",
    "add_reason",
    "answer_care",
    "close_follow_up",
    "notify",
    "order",
    "put_in_place",
    "report_broken",
    "settle_care",
]
