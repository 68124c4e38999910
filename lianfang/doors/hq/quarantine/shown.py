"""Orders as the desk shows them: places in words, who answers there, which day it is; in one question each for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext

from lianfang.command.queries.responsibility import answering_for
from lianfang.command.rules.responsibility import Answering
from lianfang.doors.hq.referral_shown import area
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import MASKED, Sight
from lianfang.kernel.reach import Reach
from lianfang.people.opening import FileState
from lianfang.people.queries import PersonInView
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.queries.orders import care_open, people_of
from lianfang.quarantine.rules import day_number
from lianfang.regions.queries import paths

_Row = TypeVar("_Row")
ROWS_A_PAGE = 20  # of a list on paper


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as a line. `place`: from the desk's own area downwards. `care`: kinds that nobody has settled.

    `day`: the how-many-eth it is, from 0 on, never more than `days`.
    """

    one: QuarantineOrder
    person: PersonInView | None
    place: str
    answering: Answering | None
    day: int
    care: tuple[str, ...]

    @property
    def days(self) -> int:
        return (self.one.last_on - self.one.day0_on).days

    @property
    def name(self) -> str:
        """The name as far as it is seen; in words where there is none."""
        if self.person is None:
            return gettext("姓名看不到")
        if self.person.state == FileState.DESTROYED:
            return gettext("已按期销毁")
        return self.person.name or gettext("未填姓名")


def sheets(rows: Sequence[_Row]) -> list[Sequence[_Row]]:
    """A list cut into pages of paper."""
    return [rows[start : start + ROWS_A_PAGE] for start in range(0, len(rows), ROWS_A_PAGE)]


def rows_of(
    seen: Reach, orders: Sequence[QuarantineOrder], *, at: datetime, sight: Sight = MASKED
) -> list[OrderLine]:
    """Inside `reach()`; as many questions for fifty as for one."""
    return lines_of(seen, orders, people_of(seen, orders, at=at, sight=sight), at=at)


def lines_of(
    seen: Reach, orders: Sequence[QuarantineOrder], people: dict[UUID, PersonInView], *, at: datetime
) -> list[OrderLine]:
    """The same of people who were looked up already."""
    own = area(seen) or ""
    places = paths([*(one.division for one in orders), own], day_of(at))
    answering, care = answering_for({one.division for one in orders}, at=at), care_open(orders)
    return [
        OrderLine(
            one=one,
            person=people.get(one.person_id),
            place=places.get(one.division, one.division).removeprefix(places.get(own, "")) or places[own],
            answering=answering.get(one.division),
            day=max(0, min(day_number(one.day0_on, at), (one.last_on - one.day0_on).days)),
            care=tuple(care.get(one.id, ())),
        )
        for one in orders
    ]
