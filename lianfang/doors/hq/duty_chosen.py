"""Which headquarters a page is about: the address names its division; without one the officer's own, or the closest."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from lianfang.command.queries.headquarters import (
    HeadquartersLine,
    headquarters_in_sight,
    unknown_headquarters,
)
from lianfang.doors.hq.request import OfficerRequest


class Chosen:
    """The headquarters in sight, and the one that is looked at (None: there are none)."""

    def __init__(self, request: OfficerRequest) -> None:
        self.all = headquarters_in_sight(request.reach)
        asked = _asked(request)
        wanted = [one for one in self.all if one.division == asked] if asked else self.all
        if asked and not wanted:
            raise unknown_headquarters()
        self.one: HeadquartersLine | None = wanted[0] if wanted else None

    @property
    def kept(self) -> bool:
        return self.one is not None and self.one.kept

    def require(self) -> HeadquartersLine:
        if self.one is None:
            raise unknown_headquarters()
        return self.one


def _asked(request: HttpRequest) -> str:
    return request.POST.get("of", "") or request.GET.get("of", "")


def led_to(name: str, one: HeadquartersLine, **query: Any) -> str:
    """The address of a page about a headquarters."""
    return f"{reverse(name)}?{urlencode({'of': one.division, **query})}"
