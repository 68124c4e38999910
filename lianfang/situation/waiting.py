"""What waits for somebody while duty changes hands: silent checkpoints, findings nobody cleared up, people at a barrier."""

from datetime import datetime, timedelta

from django.db.models import Count

from lianfang.checkpoints.queries.places import checkpoints
from lianfang.checkpoints.queries.turn_backs import count_turn_backs
from lianfang.checkpoints.queries.within import held
from lianfang.checkpoints.rules import is_silent
from lianfang.kernel.reach import Reach
from lianfang.situation.lead import FINDING_OPEN, OpenItem
from lianfang.situation.models import QualityTask

SILENT_CHECKPOINT, TURN_BACK_OPEN = "SILENT_CHECKPOINT", "TURN_BACK_OPEN"


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
