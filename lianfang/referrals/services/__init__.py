"""Acts on referrals."""

from lianfang.referrals.services.answering import Acted, answer
from lianfang.referrals.services.former import note_former
from lianfang.referrals.services.letter import letter_number, write_letter
from lianfang.referrals.services.placing import PlacedOne, ToPlace, move_on, place, place_all, withdraw
from lianfang.referrals.services.sheets import Mark, TypedMark, print_sheet, type_in
from lianfang.referrals.services.supervising import ask_for_supervision
from lianfang.referrals.services.waiting import accept_waiting, close_waiting
from lianfang.referrals.services.writing import ReferralNote

__all__ = [
    "Acted",
    "Mark",
    "PlacedOne",
    "ReferralNote",
    "ToPlace",
    "TypedMark",
    "accept_waiting",
    "answer",
    "ask_for_supervision",
    "close_waiting",
    "letter_number",
    "move_on",
    "note_former",
    "place",
    "place_all",
    "print_sheet",
    "type_in",
    "withdraw",
    "write_letter",
]
