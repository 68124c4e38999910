"""How much a slice takes. Pure.

A slice that counts may take as much as it decides in its time. One that writes takes little from the beginning: rows lie
ordered by place and day, so after thousands for whom nothing changes there may come thousands who all gain, each forty times
as dear. In order every slice begins by looking for all that is left, so it takes no fewer than makes that worth while.
"""

from typing import NamedTuple

MEANT = 0.25  # seconds a slice is meant to take; the bar is half a second


class Sizes(NamedTuple):
    """Pages of some twenty-five people each, or people where it goes in order."""

    first: int
    smallest: int
    largest: int

    def next(self, size: int, seconds: float) -> int:
        """So that it lasts as long as it is meant to; twice as much as the one before at most."""
        wanted = size * min(2.0, MEANT / max(seconds, 0.001))
        return max(self.smallest, min(self.largest, int(wanted)))


COUNTING, COUNTING_IN_ORDER = Sizes(250, 50, 100_000), Sizes(40_000, 1_000, 100_000)
WRITING, WRITING_IN_ORDER = Sizes(40, 10, 40), Sizes(1_000, 250, 1_000)


def sizes(*, in_order: bool, writing: bool) -> Sizes:
    if writing:
        return WRITING_IN_ORDER if in_order else WRITING
    return COUNTING_IN_ORDER if in_order else COUNTING
