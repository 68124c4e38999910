"""Who is told of broken glass, and which digits make a PIN. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

COUNTY_DESK, HEADQUARTERS = "COUNTY_DESK", "HEADQUARTERS"
RESPONSIBLE_ROLES = (COUNTY_DESK, HEADQUARTERS)
SHORTEST_PIN, LONGEST_PIN = 4, 8
MOST_WRONG_PINS = 5  # in a row


class Responsible(NamedTuple):
    """An officer's posting in force, of a role that answers for its area."""

    officer: UUID
    role: str
    lo: int
    hi: int

    def covers(self, lo: int, hi: int) -> bool:
        return self.lo <= lo and hi <= self.hi


def told_of_glass(
    place: tuple[int, int],
    *,
    breaker: UUID,
    roles: Iterable[str],
    spans: Sequence[tuple[int, int]],
    desks: Iterable[Responsible],
) -> list[UUID]:
    """Who answers for the place, the nearest first, and who stands above the breaker; never the breaker alone.

    The county's desk answers for a place, headquarters where it has none. Above a township stands its county's desk,
    above a county's desk stands headquarters, which also steps in where a county has no desk.
    """
    others = sorted(
        (desk for desk in desks if desk.officer != breaker),
        key=lambda desk: (desk.hi - desk.lo, desk.officer),
    )
    counties = [desk for desk in others if desk.role == COUNTY_DESK]
    headquarters = [desk for desk in others if desk.role == HEADQUARTERS]
    responsible = _covering(counties, [place]) or _covering(headquarters, [place])
    sits_at_a_county = bool({COUNTY_DESK, HEADQUARTERS} & set(roles))
    above = [] if sits_at_a_county else _covering(counties, spans)
    return list(dict.fromkeys(responsible + (above or _covering(headquarters, spans))))


def _covering(desks: Iterable[Responsible], spans: Sequence[tuple[int, int]]) -> list[UUID]:
    return [desk.officer for desk in desks if any(desk.covers(*span) for span in spans)]


def is_pin(text: str) -> bool:
    """4 to 8 digits that are neither all the same nor a run such as 1234 or 9876."""
    if not (SHORTEST_PIN <= len(text) <= LONGEST_PIN and text.isascii() and text.isdigit()):
        return False
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(text)}
    return not (len(steps) == 1 and steps <= {0, 1, 9})
