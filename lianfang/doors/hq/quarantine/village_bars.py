"""Half-days of a village as bars: how tall, how much of it unwell, and what one reads on pointing at it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext

from lianfang.doors.quarantine_words import HALVES
from lianfang.quarantine.queries.villages import VillageHalfDay
from lianfang.quarantine.rules import HalfDay

HEIGHT = 28  # of the tallest
WIDTH = 5  # of each, with the gap beside it
SHORTEST = 3  # of a half-day that is not shown: something was said, and not how much


class VillageBar(NamedTuple):
    """In the units of the picture, from its upper left. `kind`: shown, unwell or hidden."""

    x: int
    y: int
    height: int
    kind: str
    title: str


def bars(counts: Mapping[HalfDay, VillageHalfDay], *, until: HalfDay, days: int) -> list[VillageBar]:
    """One for each half-day of the last `days` of which somebody said something."""
    tallest = max((half.households or 0 for half in counts.values()), default=0)
    made = []
    for place, of in enumerate(_half_days(until, days)):
        half = counts.get(of)
        if half is not None:
            height = max(SHORTEST, round(HEIGHT * (half.households or 0) / tallest)) if tallest else SHORTEST
            kind = "unwell" if half.somebody else "hidden" if half.households is None else "shown"
            made.append(VillageBar(place * WIDTH, HEIGHT - height, height, kind, _title(of, half)))
    return made


def _half_days(until: HalfDay, days: int) -> Iterator[HalfDay]:
    """The oldest first."""
    backwards = [until]
    while len(backwards) < days * 2:
        backwards.append(backwards[-1].before)
    return reversed(backwards)


def _title(of: HalfDay, half: VillageHalfDay) -> str:
    when = f"{of.day:%m-%d} {HALVES[of.half]}"
    if half.households is None:
        return f"{when} {gettext('不足5户不显示')}"
    said = gettext("%(n)s 户") % {"n": half.households}  # five or more
    return f"{when} {said} · {gettext('不舒服 %(n)s 人') % {'n': half.unwell}}"
