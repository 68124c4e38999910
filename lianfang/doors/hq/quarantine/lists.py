"""The lists of quarantine (隔离观察): to be told, told, in place, gone, to be released, who needs care, who has ended."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.narrowing import division_asked, narrowing
from lianfang.doors.hq.quarantine.shown import rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.quarantine.queries.orders import LISTS, OrdersCounted, counted, orders

_ID = r"_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OPEN_KEY = re.compile(rf"20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}{_ID}", re.ASCII)
_ENDED_KEY = re.compile(rf"[0-9]{{1,10}}(\.[0-9]{{1,6}})?{_ID}", re.ASCII)


class OrderTab(NamedTuple):
    code: str
    people: int


@dataclass(frozen=True, slots=True)
class OrdersAsked:
    """What the address asks for; what cannot be read is not asked for. `?list=`, `?division=`, `?after=`."""

    which: str
    division: str | None
    after: str | None

    @classmethod
    def of(cls, request: HttpRequest) -> "OrdersAsked":
        given = request.GET
        which = given.get("list", "")
        which = which if which in LISTS else LISTS[0]
        return cls(
            which=which,
            division=division_asked(given),
            after=_key(given.get("after", ""), which),
        )

    @staticmethod
    def tabs(counts: OrdersCounted) -> list[OrderTab]:
        return [OrderTab(code, getattr(counts, code.lower())) for code in LISTS]


def _key(given: str, which: str) -> str | None:
    """Where a list goes on: a day that there is, or a moment."""
    if not (_ENDED_KEY if which == "ENDED" else _OPEN_KEY).fullmatch(given):
        return None
    if which != "ENDED":
        try:
            datetime.fromisoformat(given[:10])
        except ValueError:
            return None
    return given


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def order_list(request: OfficerRequest) -> HttpResponse:
    at, asked = now(), OrdersAsked.of(request)
    with reach(request.reach) as seen:
        counts = counted(seen, at=at, division=asked.division)
        page = orders(seen, which=asked.which, at=at, division=asked.division, after=asked.after)
        rows = rows_of(seen, page.orders, at=at)
        list_read(seen, "orders", count=len(rows), list=asked.which)
    shown = narrowing(request.reach, asked.division, at) | {
        "asked": asked, "at": at, "counts": counts, "tabs": asked.tabs(counts), "rows": rows, "next": page.after,
    }  # fmt: skip
    return render(request, "hq/quarantine/orders.html", shown)
