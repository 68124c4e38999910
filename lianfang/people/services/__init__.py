"""Acts on files and doors. Who acts is `by`, when is `at`; what is not done is refused with a code."""

from lianfang.people.services.amending import amend, close_file
from lianfang.people.services.households import (
    Door,
    change_household,
    close_household,
    open_households,
    tell_occupancy,
    verify_household,
    verify_households,
)
from lianfang.people.services.joining import join_households, part_households
from lianfang.people.services.kinship import take_back_kinship, tell_kinship
from lianfang.people.services.merging import merge, not_the_same, undo_merge
from lianfang.people.services.opening import open_file, open_files
from lianfang.people.services.staying import Joining, join, join_all, mark_state, move
from lianfang.people.services.unmasking import UnmaskedFile, unmask_file

__all__ = [
    "Door",
    "Joining",
    "UnmaskedFile",
    "amend",
    "change_household",
    "close_file",
    "close_household",
    "join",
    "join_all",
    "join_households",
    "mark_state",
    "merge",
    "move",
    "not_the_same",
    "open_file",
    "open_files",
    "open_households",
    "part_households",
    "take_back_kinship",
    "tell_kinship",
    "tell_occupancy",
    "undo_merge",
    "unmask_file",
    "verify_household",
    "verify_households",
]
