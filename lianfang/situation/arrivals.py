"""How many people came in from where, from the board's cells: for the list of affected areas."""

from collections import Counter
from datetime import date

from lianfang.kernel.reach import Reach
from lianfang.situation.cells import Rebuilding, known, read

KNOWN_TO = 6  # digits of an origin's code: the cells tell counties, and nothing smaller


class ArrivalsFrom:
    """人次 of some days by origin; of a division all who came from within it, as far as they said where."""

    def __init__(self, by_origin: dict[str, int]) -> None:
        self._within: Counter[str] = Counter()
        for code, people in by_origin.items():
            for digits in range(2, KNOWN_TO + 1, 2):
                self._within[code[:digits]] += people

    def within(self, prefix: str) -> int | None:
        """None for what is smaller than a county."""
        return self._within[prefix] if len(prefix) <= KNOWN_TO else None


def arrivals_from(seen: Reach, *, first: date, last: date) -> ArrivalsFrom | None:
    """Of the days of capture from one to another; nothing while the cells are counted anew."""
    seen.require("VIEW_BOARD")
    try:
        what = known(None)
    except Rebuilding:
        return None
    rows = read("ORIGIN", ["key"], what, where="day BETWEEN %(first)s AND %(last)s", first=first, last=last)
    return ArrivalsFrom({row["key"]: row["people"] or 0 for row in rows if row["key"]})
