"""Acts on referrals."""

from lianfang.referrals.services.answering import Acted, answer
from lianfang.referrals.services.placing import move_on, place, withdraw
from lianfang.referrals.services.waiting import accept_waiting, close_waiting
from lianfang.referrals.services.writing import ReferralNote

__all__ = [
    "Acted",
    "ReferralNote",
    "accept_waiting",
    "answer",
    "close_waiting",
    "move_on",
    "place",
    "withdraw",
]
