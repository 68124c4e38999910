"""What waits for somebody while duty changes hands: silent checkpoints, findings nobody cleared up, people at a barrier, people
whom nobody has taken over.
"""

from datetime import datetime, timedelta

from django.db.models import Count

from lianfang.checkpoints.queries.places import checkpoints
from lianfang.checkpoints.queries.turn_backs import count_turn_backs
from lianfang.checkpoints.queries.within import held
from lianfang.checkpoints.rules import is_silent
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.referrals.left_open import left_open
from lianfang.regions.queries import paths
from lianfang.situation.lead import FINDING_OPEN, OpenItem
from lianfang.situation.models import QualityTask

SILENT_CHECKPOINT, TURN_BACK_OPEN = "SILENT_CHECKPOINT", "TURN_BACK_OPEN"
REFERRAL_URGENT, REFERRAL_CALLED, REFERRAL_LATE, REFERRAL_OUTSIDE, WAITING_OPEN = (
    "REFERRAL_URGENT", "REFERRAL_CALLED", "REFERRAL_LATE", "REFERRAL_OUTSIDE", "WAITING_OPEN",
)  # fmt: skip


def silent_checkpoints(reach: Reach, at: datetime) -> list[OpenItem]:
    """Open ones without a record for too long, in minutes; 0 for one that has never reported."""
    if not reach.may("VIEW_PASSAGES"):
        return []
    silent = [post for post in checkpoints(reach, at=at) if is_silent(post, post.last_received_at, at)]
    return [
        OpenItem(SILENT_CHECKPOINT, f"{post.name} {post.code}", _minutes(post.silent_for)) for post in silent
    ]


def _minutes(silent_for: timedelta | None) -> int:
    return int(silent_for / timedelta(minutes=1)) if silent_for else 0


def open_findings(reach: Reach, at: datetime) -> list[OpenItem]:
    """Asked for and not cleared up, by what was found."""
    if not reach.may("VIEW_PASSAGES"):
        return []
    rows = QualityTask.objects.filter(held(reach), done_at=None).values_list("finding")
    return [
        OpenItem(FINDING_OPEN, finding, n) for finding, n in rows.annotate(Count("id")).order_by("finding")
    ]


def turn_backs_to_decide(reach: Reach, at: datetime) -> list[OpenItem]:
    if not reach.may("DECIDE_TURN_BACK"):
        return []
    waiting = count_turn_backs(reach, at=at).waiting
    return [OpenItem(TURN_BACK_OPEN, "", waiting)] if waiting else []


def not_taken_over(reach: Reach, at: datetime) -> list[OpenItem]:
    """Who must not wait by the place that has not taken them over, called about or not; the others that are late, and what
    waits for a room that does not stand yet, by their number.
    """
    if not reach.may("VIEW_REFERRALS"):
        return []
    found = left_open(reach, at=at)
    names = paths([place.code for place in found.urgent], day_of(at))
    urgent = [
        OpenItem(kind, f"{names.get(place.code, '')} {place.code}".strip(), people)
        for place in found.urgent
        for kind, people in ((REFERRAL_URGENT, place.not_called), (REFERRAL_CALLED, place.called))
    ]
    sums = [OpenItem(REFERRAL_LATE, "", found.late), OpenItem(REFERRAL_OUTSIDE, "", found.outside)]
    rooms = [OpenItem(WAITING_OPEN, room, n) for room, n in found.waiting]
    return [item for item in (*urgent, *sums, *rooms) if item.amount]
