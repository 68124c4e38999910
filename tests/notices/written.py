"""A notice as a test writes it."""

from datetime import datetime, timedelta

from lianfang.kernel.reach import Reach
from lianfang.notices.models import PlaceNotice
from lianfang.notices.rules import NoticeText
from lianfang.notices.services import approve, write

DAY = timedelta(days=1)


def written(
    by: Reach,
    division: str,
    title: str = "集市暂停",
    *,
    at: datetime,
    since: timedelta = timedelta(),
    lasts: timedelta = 7 * DAY,
) -> PlaceNotice:
    text = NoticeText(
        title, "周边集市暂停，超市照常营业。", "Market closed", "The market is closed; shops are open."
    )
    begins = at + since
    return write(by=by, at=at, division=division, text=text, valid_from=begins, valid_until=begins + lasts)


def told(
    by: Reach, second: Reach, division: str, title: str, *, at: datetime, since: timedelta = timedelta()
) -> PlaceNotice:
    """One that both officers have said yes to."""
    return approve(by=second, at=at, id=written(by, division, title, at=at, since=since).id)
