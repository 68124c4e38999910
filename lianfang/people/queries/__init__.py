"""Questions about files and doors: first argument the reach, asked inside `with reach(…)`."""

from lianfang.people.queries.files import Happened, KinShown, MergeShown, PersonFile, StayShown, person_file
from lianfang.people.queries.finding import Pair, Pairs, called_for, duplicates, find_people, people_shown
from lianfang.people.queries.rosters import (
    DivisionCounts,
    HouseholdShown,
    Member,
    household,
    household_counts,
    roster,
)
from lianfang.people.queries.shown import DoorShown, PersonShown

__all__ = [
    "DivisionCounts",
    "DoorShown",
    "Happened",
    "HouseholdShown",
    "KinShown",
    "Member",
    "MergeShown",
    "Pair",
    "Pairs",
    "PersonFile",
    "PersonShown",
    "StayShown",
    "called_for",
    "duplicates",
    "find_people",
    "household",
    "household_counts",
    "people_shown",
    "person_file",
    "roster",
]
