"""How long the rules in force still have, as pages say it; and the warning at whoever could renew them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from lianfang.kernel.reach import Reach
from lianfang.screening.drafts import PeriodLine, periods
from lianfang.screening.lapsing import Lapse, lapse


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Of a period: `left` in words, `gone` of `whole` in minutes, and how near its end is."""

    period: PeriodLine
    lapse: str
    left: str
    days: int
    gone: int
    whole: int


def time_left(period: PeriodLine, *, at: datetime) -> TimeLeft:
    left = max(int((period.until - at).total_seconds()) // 60, 0)
    whole = max(int((period.until - period.since).total_seconds()) // 60, 1)
    return TimeLeft(
        period, str(lapse(period.until, at)), _said(left), left // 1440, max(whole - left, 0), whole
    )


def _said(minutes: int) -> str:
    """12 天, 30 小时, 5 分钟."""
    if minutes >= 48 * 60:
        return ngettext("%(n)d 天", "%(n)d 天", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 120:
        return ngettext("%(n)d 小时", "%(n)d 小时", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}


def lapsed_told(seen: Reach, *, at: datetime) -> TimeLeft | None:
    """Since when the rules are over, and by whom, for whoever may see them. One question."""
    newest = next(iter(periods(seen, at=at, limit=1)), None)
    return time_left(newest, at=at) if newest else None


def lapse_told(seen: Reach, *, at: datetime) -> TimeLeft | None:
    """For whoever may draft rules: a week before they lapse, and after. None when there is nothing to tell. One question."""
    if not seen.may("DRAFT_RULES"):
        return None
    told = lapsed_told(seen, at=at)
    return told if told and told.lapse != Lapse.FAR else None
