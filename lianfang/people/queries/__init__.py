"""Questions about files and doors: first argument the reach, asked inside `with reach(…)`."""

from lianfang.people.queries.files import FileOfPerson, Happened, KinShown, MergeShown, StayShown, person_file
from lianfang.people.queries.finding import (
    LookAlike,
    LookAlikes,
    called_for,
    duplicates,
    files_with_document,
    find_people,
    people_shown,
)
from lianfang.people.queries.rosters import (
    DivisionCounts,
    HouseholdShown,
    Member,
    household,
    household_counts,
    household_with_code,
    roster,
)
from lianfang.people.queries.shown import DoorShown, PersonInView
from lianfang.people.queries.tellers import tellers

__all__ = [
    "DivisionCounts",
    "DoorShown",
    "FileOfPerson",
    "Happened",
    "HouseholdShown",
    "KinShown",
    "LookAlike",
    "LookAlikes",
    "Member",
    "MergeShown",
    "PersonInView",
    "StayShown",
    "called_for",
    "duplicates",
    "files_with_document",
    "find_people",
    "household",
    "household_counts",
    "household_with_code",
    "people_shown",
    "person_file",
    "roster",
    "tellers",
]
