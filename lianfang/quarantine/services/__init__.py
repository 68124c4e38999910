"""Acts on orders of quarantine."""

from lianfang.quarantine.services.acting import OrderActed
from lianfang.quarantine.services.caring import CareAnswers, answer_care, settle_care
from lianfang.quarantine.services.correcting import answer_correction, ask_correction
from lianfang.quarantine.services.ending import hand_over, lift, move_to_isolation, release
from lianfang.quarantine.services.facilities import Bed, close_facility, keep_facility, set_rooms
from lianfang.quarantine.services.following_up import FollowedUp, close_follow_up
from lianfang.quarantine.services.lasting import extend, take_back_reason
from lianfang.quarantine.services.moving import transfer
from lianfang.quarantine.services.ordering import OrderReason, add_reason, order
from lianfang.quarantine.services.placing import notify, put_in_place, report_broken
from lianfang.quarantine.services.releasing import AllReleased, LeftOut, release_all
from lianfang.quarantine.services.villages import (
    close_village_check_in,
    forget_village_reports,
    open_village_check_in,
)
from lianfang.quarantine.services.writing import CareTold, WrittenBeside

__all__ = [
    "AllReleased",
    "Bed",
    "CareAnswers",
    "CareTold",
    "FollowedUp",
    "LeftOut",
    "OrderActed",
    "OrderReason",
    "WrittenBeside",
    "add_reason",
    "answer_care",
    "answer_correction",
    "ask_correction",
    "close_facility",
    "close_follow_up",
    "close_village_check_in",
    "extend",
    "forget_village_reports",
    "hand_over",
    "keep_facility",
    "lift",
    "move_to_isolation",
    "notify",
    "open_village_check_in",
    "order",
    "put_in_place",
    "release",
    "release_all",
    "report_broken",
    "set_rooms",
    "settle_care",
    "take_back_reason",
    "transfer",
]
