"""The tile of check-ins: the one number of quarantine, of the whole city; by township a few people could be recognised."""

from typing import Any

from lianfang.checkpoints.queries.city import city_code
from lianfang.kernel.divisions import span
from lianfang.quarantine.queries.lists import NOBODY, observed, released
from lianfang.quarantine.rules import half_day
from lianfang.situation.wall.asking import Asked
from lianfang.situation.wall.suppression import SMALLEST_SHOWN

FIGURES = ("observed", "called_for", "checked_in", "symptomatic", "due_tomorrow")


def check_ins(asked: Asked) -> dict[str, Any]:
    """Null where there is no city to count in. Everybody observed, of how many a report of this half-day is asked, and given;
    who was released today, and whose last day is today.
    """
    city = city_code(asked.seen)
    this = half_day(asked.at)
    said: dict[str, Any] = {"day": this.day.isoformat(), "half": str(this.half)}
    if city is None:
        return said | {name: _shown(None) for name in (*FIGURES, "released_today")}
    lo, hi = span(city)
    (sums,) = observed(((lo, hi),), at=asked.at, lo=lo, hi=hi) or [NOBODY]
    figures = {name: _shown(getattr(sums, name)) for name in FIGURES}
    return said | figures | {"released_today": _shown(released(lo, hi, at=asked.at).today)}


def released_ever(asked: Asked) -> dict[str, Any]:
    """How many of the city were released from observation; null where there is no city to count in."""
    city = city_code(asked.seen)
    return _shown(released(*span(city), at=asked.at).ever if city else None)


def _shown(n: int | None) -> dict[str, Any]:
    """Of one to four people nothing more is told."""
    few = n is not None and 0 < n < SMALLEST_SHOWN
    return {"n": None if few else n, "few": few}
