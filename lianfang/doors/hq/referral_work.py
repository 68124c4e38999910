"""What hand-over asks of a desk, as my work says it: each figure opens the list that it counts."""

from dataclasses import dataclass
from datetime import datetime

from lianfang.doors.hq.referral_shown import level_of
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.reach import Reach
from lianfang.referrals.addresses import count_unplaced
from lianfang.referrals.queries import ReferralsCounted, count_waiting, counted


@dataclass(frozen=True, slots=True)
class ReferralWork:
    """Those who come, those whom this desk's area sent elsewhere, what waits for a room that does not stand yet, and those
    who come and are headed for no grid yet.
    """

    come: ReferralsCounted
    sent: ReferralsCounted
    waiting: int
    unplaced: int

    @property
    def is_quiet(self) -> bool:
        return not (self.come.open or self.sent.open or self.waiting)


def referral_work(seen: Reach, *, at: datetime) -> ReferralWork:
    level, since = level_of(seen), start_of(day_of(at))
    return ReferralWork(
        come=counted(seen, at=at, level=level, since=since),
        sent=counted(seen, at=at, level=level, since=since, sent=True),
        waiting=count_waiting(seen),
        unplaced=count_unplaced(seen, at=at),
    )
