"""What the ends of quarantine ask of a desk, as my work says it: each figure opens the list that it counts."""

from dataclasses import dataclass
from datetime import datetime

from lianfang.kernel.reach import Reach
from lianfang.quarantine.queries.correcting import CorrectionsCounted, count_corrections
from lianfang.quarantine.queries.releasing import count_due_for_release


@dataclass(frozen=True, slots=True)
class EndsWork:
    """Those whose last day is over, and those who object and wait for an answer."""

    due: int
    corrections: CorrectionsCounted


def ends_work(seen: Reach, *, at: datetime) -> EndsWork:
    return EndsWork(count_due_for_release(seen, at=at), count_corrections(seen, at=at))
