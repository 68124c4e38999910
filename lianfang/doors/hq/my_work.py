"""My work: where an officer lands. What needs attention first; the figures of the area; the ways to go on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries import CheckpointLine, Line, PostDay, checkpoints, passages, unclosed
from lianfang.checkpoints.queries.turn_backs import count_turn_backs
from lianfang.checkpoints.rules import LONG_SILENT_AFTER, is_open, is_silent
from lianfang.command.queries.duty import my_slots
from lianfang.doors.guard import permitted
from lianfang.doors.hq.my_areas import MyAreas, my_areas
from lianfang.doors.hq.place_notices import PlaceNoticeLine, notices_waiting
from lianfang.doors.hq.quarantine.ends_work import EndsWork, ends_work
from lianfang.doors.hq.quarantine.work import QuarantineWork, quarantine_work
from lianfang.doors.hq.referral_work import ReferralWork, referral_work
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rescreening_shown import line_shown
from lianfang.doors.hq.rule_time import lapse_told
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.journeys.rescreening.queries import rescreenings_proposed
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.screening.drafts import DraftLine, drafts
from lianfang.situation.day import DayFigures, day_figures
from lianfang.situation.quality import TaskLine, my_tasks

LOOKED_THROUGH = 100  # of today's newest passages; the list of the day has the rest
LONG_SILENT = LONG_SILENT_AFTER


@dataclass(frozen=True, slots=True)
class Work:
    """Today in an officer's area."""

    at: datetime
    day: date
    figures: DayFigures
    open_posts: int
    silent: list[CheckpointLine]
    incomplete: list[Line]
    looked_through: int
    unclosed: list[PostDay]
    tasks: list[TaskLine]
    turn_backs: int | None  # None: not this officer's to decide
    proposals: list[DraftLine]
    rescreenings: list[dict[str, Any]]
    notices: list[PlaceNoticeLine]
    areas: MyAreas | None  # None: this officer sees nothing of who answers for what
    referrals: ReferralWork | None
    quarantine: QuarantineWork | None
    ends: EndsWork | None

    @property
    def unclosed_shifts(self) -> int:
        return sum(len(post.unclosed) for post in self.unclosed)


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def my_work(request: OfficerRequest) -> HttpResponse:
    with reach(request.reach) as seen:
        work = work_of(seen, at=now())
        if work.incomplete:
            list_read(seen, "desk", count=len(work.incomplete))
        time = lapse_told(seen, at=work.at)
    shown = {"work": work, "long_silent": LONG_SILENT, "time": time, "mine": request.reach.officer_id}
    shown["my_duty"] = my_slots(request.reach, at=work.at) if request.reach.may("VIEW_DUTY") else []
    return render(request, "hq/my_work.html", shown)


def work_of(seen: Reach, *, at: datetime) -> Work:
    posts = checkpoints(seen, at=at)
    newest = passages(seen, day=day_of(at), limit=LOOKED_THROUGH).lines
    silent = [post for post in posts if is_silent(post, post.last_received_at, at)]
    return Work(
        at=at,
        day=day_of(at),
        figures=day_figures([post.code for post in posts], day=day_of(at)),
        open_posts=sum(is_open(post, at) for post in posts),
        silent=sorted(silent, key=lambda post: (post.last_received_at is None, post.last_received_at or at)),
        incomplete=[line for line in newest if "INCOMPLETE" in line.flags],
        looked_through=len(newest),
        unclosed=unclosed(seen, at=at),
        tasks=my_tasks(seen),
        turn_backs=count_turn_backs(seen, at=at).waiting if seen.may("DECIDE_TURN_BACK") else None,
        proposals=_proposals(seen) if seen.may("APPROVE_RULES") else [],
        rescreenings=[line_shown(line) for line in rescreenings_proposed(seen)]
        if seen.may("RESCREEN")
        else [],
        notices=notices_waiting(seen, at=at) if seen.may("KEEP_NOTICES") else [],
        areas=my_areas(seen, at=at),
        referrals=referral_work(seen, at=at) if seen.may("VIEW_REFERRALS") else None,
        quarantine=quarantine_work(seen, at=at) if seen.may("VIEW_QUARANTINE") else None,
        ends=ends_work(seen, at=at) if seen.may("VIEW_QUARANTINE") else None,
    )


def _proposals(seen: Reach) -> list[DraftLine]:
    """Rules that wait for a second officer; those that wait for this one first."""
    waiting = (line for line in drafts(seen) if line.state == "PROPOSED")
    return sorted(waiting, key=lambda line: seen.officer_id in line.hands)
