"""Referrals as the desk shows them: codes of places put into words and who answers there, in one question each for a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from lianfang.checkpoints.queries.places import checkpoint_labels
from lianfang.command.queries.responsibility import answering_for
from lianfang.command.rules.responsibility import Answering
from lianfang.doors.hq.measure_words import term_words
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import from_integer
from lianfang.kernel.masking import MASKED, Sight
from lianfang.kernel.reach import Reach
from lianfang.people.opening import FileState
from lianfang.people.queries import PersonInView
from lianfang.referrals.headed import addresses_since
from lianfang.referrals.models import Referral
from lianfang.referrals.queries import called, level_of_desk
from lianfang.referrals.states import UNACCEPTED
from lianfang.referrals.who import people_of
from lianfang.regions.queries import paths

LEVELS = ("TOWNSHIP", "COUNTY", "CITY")


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """A referral as a line. `place`: where to, from the desk's own area downwards. `due_at` by the clock of the desk that looks, None where none runs any more.

    `answering`: who answers for the place; None where nobody does. `called_at`: somebody rang them last. `since`: the address
    written when he was sent elsewhere, None where he was not.
    """

    one: Referral
    person: PersonInView | None
    checkpoint: str
    place: str
    due_at: datetime | None
    answering: Answering | None
    called_at: datetime | None
    since: str | None = None

    @property
    def address(self) -> str:
        """What follows the place: what he told, or since he was sent elsewhere what was written with that."""
        if self.since is not None:
            return self.since
        return self.person.address if self.person else ""

    @property
    def told_before(self) -> str:
        """The address he told at the gate, where it belongs to another place than this one."""
        return self.person.address if self.person and self.since is not None else ""

    @property
    def name(self) -> str:
        """The name as far as it is seen; in words where there is none."""
        if self.person is None:
            return gettext("姓名看不到")
        if self.person.state == FileState.DESTROYED:
            return gettext("已按期销毁")
        return self.person.name or gettext("未填姓名")

    @property
    def is_told(self) -> bool:
        """Whether he said where he is headed."""
        return self.one.destination is not None


def level_of(officer: Reach) -> str:
    """Which of the three clocks counts for this desk: that of the largest area it is posted over."""
    levels = [level_of_desk(*span) for span in officer.spans] or [LEVELS[0]]
    return max(levels, key=LEVELS.index)


def rows_of(
    seen: Reach, referrals: Sequence[Referral], *, at: datetime, sight: Sight = MASKED
) -> list[ReferralLine]:
    """Inside `reach()`; as many questions for fifty as for one."""
    homes = {one.id: home_of(one) for one in referrals}
    own = area(seen) or ""
    places, labels = paths([*homes.values(), own], day_of(at)), checkpoint_labels()
    answering = answering_for(set(homes.values()), at=at)
    people, rang = people_of(seen, referrals, at=at, sight=sight), called(seen, [*homes])
    since = addresses_since(seen, referrals)
    level = level_of(seen)
    return [
        ReferralLine(
            one=one,
            person=people.get(one.person_id) if one.person_id else None,
            checkpoint=labels.get(one.checkpoint or "", one.checkpoint or ""),
            place=places.get(homes[one.id], homes[one.id]).removeprefix(places.get(own, "")) or places[own],
            due_at=due_of(one, level),
            answering=answering.get(homes[one.id]),
            called_at=rang.get(one.id),
            since=sight.address(since[one.id]) if one.id in since else None,
        )
        for one in referrals
    ]


def home_of(one: Referral) -> str:
    return one.destination or from_integer(one.jurisdiction)


def due_of(one: Referral, level: str) -> datetime | None:
    clocks: Mapping[str, datetime] = {
        "TOWNSHIP": one.due_at, "COUNTY": one.county_due_at, "CITY": one.city_due_at,
    }  # fmt: skip
    return clocks[level] if one.state in UNACCEPTED else None


def measures_of(one: Referral) -> list[str]:
    """隔离观察（居家 14 天）, each once."""
    terms = (
        " ".join(str(made[part]) for part in ("kind", "place", "days") if made.get(part))
        for made in one.details
    )
    return list(dict.fromkeys(term_words(term) for term in terms))


def places_of(codes: Iterable[str | None], at: datetime) -> dict[str, str]:
    return paths({code for code in codes if code}, day_of(at))


def area(officer: Reach) -> str | None:
    """The division whose places are listed: of several the largest. None for whoever is posted over none."""
    widest = max(officer.spans, key=lambda span: span[1] - span[0], default=None)
    return from_integer(widest[0]) if widest else None
