"""A list of one place, `?division=`: what cannot be read is not asked for. Shown with its name and the places one level down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from lianfang.doors.hq.referral_shown import area
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, is_code
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import children, paths


def division_asked(given: Mapping[str, str]) -> str | None:
    code = given.get("division", "")
    return canonical(code) if is_code(code) else None


def place_named(division: str | None, at: datetime) -> str:
    """In full; its code where the register does not know it."""
    return paths([division], day_of(at)).get(division, division) if division else ""


def listed_at(page: str, division: str | None, after: str) -> str:
    """Back to where one stood in a list."""
    asked = urlencode({name: value for name, value in (("division", division), ("after", after)) if value})
    return reverse(page) + (f"?{asked}" if asked else "")


def narrowing(reach: Reach, division: str | None, at: datetime, *, below: bool = True) -> dict[str, Any]:
    """What hq/pieces/narrowing.html shows. `below`: whether what is listed lies in the officer's own area."""
    chosen = (division or area(reach)) if below else None
    return {
        "division": division, "place": place_named(division, at),
        "below": children(chosen, day_of(at)) if chosen else [],
    }  # fmt: skip
