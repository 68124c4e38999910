"""Keeping up with those who are observed: every ten seconds it is asked who must be called, visited, or brought to a clinic."""

from datetime import datetime

from lianfang.kernel.reach import Reach, reach
from lianfang.quarantine.services.asking_after import open_follow_ups


def keep_up(worker: Reach, *, at: datetime) -> int:
    """One round, in a transaction of its own; answers how many were asked for."""
    with reach(worker):
        return open_follow_ups(worker=worker, at=at)
