"""What quarantine and check-in ask of a desk, as my work says it: each figure opens the list that it counts."""

from dataclasses import dataclass
from datetime import datetime

from lianfang.kernel.reach import Reach
from lianfang.quarantine.queries.follow_ups import FollowUpsCounted, follow_ups_counted
from lianfang.quarantine.queries.lists import CheckInCounts, counts


@dataclass(frozen=True, slots=True)
class QuarantineWork:
    counts: CheckInCounts
    open: FollowUpsCounted

    @property
    def is_quiet(self) -> bool:
        """Nobody is under observation or about to be, and nothing is open of those who were."""
        told = self.counts
        return not (
            told.observed or told.not_in_place or told.to_release or self.open.clinic or self.open.calls or self.open.visits
        )  # fmt: skip


def quarantine_work(seen: Reach, *, at: datetime) -> QuarantineWork:
    return QuarantineWork(counts=counts(seen, at), open=follow_ups_counted(seen, at=at))
