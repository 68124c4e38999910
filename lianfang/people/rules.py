"""What follows from facts about people and households alone."""

from datetime import date, timedelta
from enum import StrEnum

from lianfang.people.models import Occupancy, StayState

FRESH_DAYS = 7  # after which a household that was verified wants to be looked at again
# Whoever is in one of these is in that household, and in no other at that moment.
PRESENT = frozenset({StayState.PRESENT, StayState.RETURNED, StayState.QUARANTINED})
RELATIONS = (
    "HEAD", "SPOUSE", "CHILD", "PARENT", "GRANDCHILD", "GRANDPARENT", "SIBLING", "OTHER_KIN", "TENANT", "NO_KIN", "UNKNOWN",
)  # fmt: skip
KINSHIPS = ("SPOUSE", "CHILD", "PARENT", "GRANDCHILD", "GRANDPARENT", "SIBLING", "OTHER_KIN")
# Seen from the other side: who is my child, I am its parent.
THE_OTHER_WAY = {
    "CHILD": "PARENT", "PARENT": "CHILD", "GRANDCHILD": "GRANDPARENT", "GRANDPARENT": "GRANDCHILD",
}  # fmt: skip


class HouseholdState(StrEnum):
    """How a door stands: what becomes of it, and for one that is lived in by its own people how fresh its roster is."""

    UNVERIFIED = "UNVERIFIED"
    VERIFIED = "VERIFIED"
    STALE = "STALE"
    VACANT = "VACANT"
    RENTED = "RENTED"
    MOVED = "MOVED"


def is_fresh(verified_on: date | None, *, on: date, days: int = FRESH_DAYS) -> bool:
    """Whether the household was verified within the last so many days, `on` counting as the first."""
    return verified_on is not None and verified_on > on - timedelta(days=days)


def household_state(
    occupancy: str, verified_on: date | None, *, on: date, days: int = FRESH_DAYS
) -> HouseholdState:
    if occupancy != Occupancy.OCCUPIED:
        return HouseholdState(occupancy)
    if verified_on is None:
        return HouseholdState.UNVERIFIED
    return HouseholdState.VERIFIED if is_fresh(verified_on, on=on, days=days) else HouseholdState.STALE


def similar_names(one: str, other: str) -> bool:
    """Whether two names may be one person's: equal, one character apart, or one of them missing."""
    a, b = _letters(one), _letters(other)
    if not a or not b or a == b:
        return True
    if len(a) == len(b):
        return len(a) > 1 and sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = sorted((a, b), key=len)
    return len(short) > 1 and len(long) - len(short) == 1 and _is_within(short, long)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalpha())


def _is_within(short: str, long: str) -> bool:
    """Whether leaving one letter out of the long one gives the short one."""
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
