"""Who answers for a division: the closed lists, the way up, and how a vacancy climbs. Pure: facts in, verdict out."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.divisions import LEVELS, level, lineage

PRINCIPAL, DEPUTY = "PRINCIPAL", "DEPUTY"
RESPONSIBLE_KINDS = (PRINCIPAL, DEPUTY)
OVERLAY_KINDS = ("PARTY_AREA", "VANGUARD_POST")
STAFF_KINDS = ("GRID_WORKER", "SECONDED_OFFICER", "PARTY_MEMBER", "VOLUNTEER")
# 五大员
DUTIES = (
    "EPIDEMIC_PUBLICITY",
    "LEGAL_GUIDANCE",
    "MARKET_SUPERVISION",
    "CIVIL_ERRANDS",
    "PARTY_BUILDING",
)
REPLACED, ENDED = "REPLACED", "ENDED"
ENDINGS = (REPLACED, ENDED)

# A vacancy climbs one level for every so many hours of the day; at night nobody is appointed.
ESCALATES_AFTER = timedelta(hours=2)
DAY_BEGINS, DAY_ENDS = 7, 22
ANSWERABLE = LEVELS[1:]  # the city and what lies under it


class Holder(NamedTuple):
    """Somebody acknowledged for a division at the moment that was asked for."""

    division: str
    kind: str
    name: str
    phone: str
    officer_id: UUID | None


class Answering(NamedTuple):
    """Who answers for `division`: its own principal, else a deputy, else whoever answers for the one above.

    `holder_division` is where he was appointed; `vacant_below` the divisions, from the asked one upwards, for which nobody
    stood.
    """

    division: str
    holder_division: str
    name: str
    phone: str
    kind: str
    officer_id: UUID | None
    vacant_below: tuple[str, ...] = ()


def upwards(division: str) -> tuple[str, ...]:
    """The division and those above it up to the city, the lowest first; nothing for a province."""
    return lineage(division)[:0:-1]


def who_answers(division: str, held: Mapping[str, Holder]) -> Answering | None:
    """`held`: by division, the one who stands for it. None when nobody does, up to the city."""
    line = upwards(division)
    for place, step in enumerate(line):
        if step in held:
            holder = held[step]
            return Answering(
                division, step, holder.name, holder.phone, holder.kind, holder.officer_id, line[:place]
            )
    return None


def standing(holders: Iterable[Holder]) -> dict[str, Holder]:
    """By division: the principal, else the deputy who came first (`holders` in the order they began)."""
    found: dict[str, Holder] = {}
    for holder in holders:
        known = found.get(holder.division)
        if known is None or (holder.kind == PRINCIPAL and known.kind != PRINCIPAL):
            found[holder.division] = holder
    return found


def awake_before(at: datetime, much: timedelta) -> datetime:
    """The moment that lies so many hours of the day (7:00 to 22:00, Asia/Shanghai) before."""
    midnight, left = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0), much
    while True:
        begins, ends = midnight.replace(hour=DAY_BEGINS), min(midnight.replace(hour=DAY_ENDS), at)
        if ends - begins >= left:
            return ends - left
        left -= max(ends - begins, timedelta())
        midnight -= timedelta(days=1)


def red_since(under: str, at: datetime, after: timedelta) -> dict[str, datetime]:
    """By level: a vacancy that began then or earlier has climbed to the list of `under`.

    After one `after` it stands in red on the list of its parent, after two on that of its parent's parent.
    """
    top = LEVELS.index(level(under))
    return {
        one: awake_before(at, max(place - top, 1) * after)
        for place, one in enumerate(LEVELS)
        if place >= top and one in ANSWERABLE
    }
