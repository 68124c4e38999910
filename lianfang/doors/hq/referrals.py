"""The lists of hand-over (移交): who is late, who is not taken over, who was not found; and on the sender's side who left."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.narrowing import division_asked, narrowing
from lianfang.doors.hq.referral_shown import level_of, rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.doors.typed import as_number
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.reach import reach
from lianfang.kernel.waking import is_night
from lianfang.referrals.queries import SETTLED, ReferralsCounted, counted, referrals

RECEIVED = ("LATE", "CALL", "UNACCEPTED", "WRONG_ADDRESS", "NOT_HERE", "ACCEPTED", "ARRIVED", "MOVED_ON")
SENT = ("LATE", "UNACCEPTED", "OUTSIDE", "WRONG_ADDRESS", "NOT_HERE", "ACCEPTED", "ARRIVED")
FIRST = {False: "UNACCEPTED", True: "OUTSIDE"}
DAYS = (1, 3)  # how far back those are listed who are settled
_KEY = re.compile(r"[0-9]{1,10}(\.[0-9]{1,6})?_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Tab(NamedTuple):
    code: str
    people: int


@dataclass(frozen=True, slots=True)
class ListAsked:
    """What the address asks for; what cannot be read is not asked for. `?list=`, `?sent=1`, `?division=`, `?days=`, `?after=`."""

    which: str
    sent: bool
    division: str | None
    days: int
    after: str | None

    @classmethod
    def of(cls, request: HttpRequest) -> "ListAsked":
        given = request.GET
        sent, which = given.get("sent") == "1", given.get("list", "")
        days = as_number(given.get("days", ""))
        return cls(
            which=which if which in (SENT if sent else RECEIVED) else FIRST[sent],
            sent=sent,
            division=division_asked(given),
            days=days if days in DAYS else DAYS[0],
            after=given["after"] if _KEY.fullmatch(given.get("after", "")) else None,
        )

    @property
    def is_settled(self) -> bool:
        return self.which in SETTLED

    def since(self, at: datetime) -> datetime:
        return start_of(day_of(at) - timedelta(days=self.days - 1))

    def tabs(self, counts: ReferralsCounted, at: datetime) -> list[Tab]:
        """Who has to be called is a list of the night."""
        shown = SENT if self.sent else RECEIVED
        return [
            Tab(code, getattr(counts, code.lower()))
            for code in shown
            if code != "CALL" or is_night(at) or self.which == "CALL"
        ]


def key_of(request: HttpRequest) -> tuple[datetime, UUID] | None:
    """Where a list goes on, as its address says."""
    given = request.GET.get("after", "")
    moment, _, id = given.partition("_")
    return (datetime.fromtimestamp(float(moment), UTC), UUID(id)) if _KEY.fullmatch(given) else None


@permitted("VIEW_REFERRALS")
@never_cache
@answers("GET")
def referral_list(request: OfficerRequest) -> HttpResponse:
    at, asked = now(), ListAsked.of(request)
    level, since = level_of(request.reach), asked.since(at)
    with reach(request.reach) as seen:
        counts = counted(
            seen, at=at, level=level, since=since, division=asked.division, sent=asked.sent
        )  # fmt: skip
        page = referrals(
            seen, which=asked.which, at=at, level=level, division=asked.division, after=asked.after, sent=asked.sent,
            since=since if asked.is_settled else None,
        )  # fmt: skip
        rows = rows_of(seen, page.referrals, at=at)
        list_read(seen, "referrals", count=len(rows), list=asked.which, sent=asked.sent)
    shown = narrowing(request.reach, asked.division, at, below=not asked.sent) | {
        "asked": asked, "at": at, "counts": counts, "tabs": asked.tabs(counts, at), "rows": rows, "next": page.after,
        "level": level, "days": DAYS,
    }  # fmt: skip
    return render(request, "hq/referrals.html", shown)
