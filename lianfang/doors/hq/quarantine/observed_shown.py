"""Those who are observed as lines of a list: who it is as far as it is seen, where, and who answers there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from django.utils.translation import gettext

from lianfang.command.queries.responsibility import answering_for
from lianfang.command.rules.responsibility import Answering
from lianfang.doors.hq.referral_shown import area
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import MASKED, Sight
from lianfang.kernel.reach import Reach
from lianfang.people.opening import FileState
from lianfang.people.queries.kept import rows_kept
from lianfang.people.queries.shown import PersonInView, person_shown
from lianfang.regions.queries import paths

Of = TypeVar("Of")


class UnderOrder(Protocol):
    """An order, or a line of a work list: whose file it is, and the division that answers."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def division(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ObservedLine(Generic[Of]):
    """`of`: what the line is about; `place`: from the desk's own area downwards."""

    of: Of
    person: PersonInView | None
    place: str
    answering: Answering | None

    @property
    def name(self) -> str:
        """The name as far as it is seen; in words where there is none."""
        if self.person is None:
            return gettext("姓名看不到")
        if self.person.state == FileState.DESTROYED:
            return gettext("已按期销毁")
        return self.person.name or gettext("未填姓名")


def lines_of(
    seen: Reach, found: Sequence[tuple[Of, UnderOrder]], *, at: datetime, sight: Sight = MASKED
) -> list[ObservedLine[Of]]:
    """Each with the order it is about. Inside `reach()`; as many questions for two hundred as for one."""
    orders, own, day = [order for _, order in found], area(seen) or "", day_of(at)
    people = {
        id: person_shown(row, sight, on=day)
        for id, row in rows_kept({one.person_id for one in orders}).items()
    }
    places = paths([*(one.division for one in orders), own], day)
    answering = answering_for({one.division for one in orders}, at=at)
    return [
        ObservedLine(
            of=of,
            person=people.get(order.person_id),
            place=places.get(order.division, order.division).removeprefix(places.get(own, "")) or places[own],
            answering=answering.get(order.division),
        )
        for of, order in found
    ]
