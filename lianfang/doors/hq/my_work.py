"""My work: where an officer lands. What needs attention first; the figures of the area; the ways to go on."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries import CheckpointLine, Line, PostDay, checkpoints, passages, unclosed
from lianfang.checkpoints.queries.turn_backs import count_turn_backs_waiting
from lianfang.checkpoints.rules import LONG_SILENT_AFTER, is_open, is_silent
from lianfang.doors.guard import permitted
from lianfang.doors.hq.referral_work import ReferralWork, referral_work
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_time import lapse_told
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
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
    referrals: ReferralWork | None

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
    return render(request, "hq/my_work.html", {"work": work, "long_silent": LONG_SILENT, "time": time})


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
        turn_backs=count_turn_backs_waiting(seen) if seen.may("DECIDE_TURN_BACK") else None,
        referrals=referral_work(seen, at=at) if seen.may("VIEW_REFERRALS") else None,
    )
