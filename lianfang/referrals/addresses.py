"""Where people's addresses lead: whose door no grid is known for yet, what each address may mean, and what it would teach.

Nobody is placed by an address. What is read here is proposed to a desk, which places him (services) or does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Mod

from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import LEVELS, at_level, level, lineage, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import held
from lianfang.people.opening import open_person
from lianfang.people.queries.kept import rows_kept
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.queries import PAGE, ReferralPage, within_own
from lianfang.referrals.services.writing import opened
from lianfang.referrals.states import OPEN, ReferralState
from lianfang.regions.addresses import AddressRead, CityNames, Doubt, How, PlaceProposal, read_address
from lianfang.regions.editions import valid
from lianfang.regions.models import Region

HAMLET, MISPRINT = "HAMLET", "PRINTED_ERROR"
_GRID = LEVELS.index("GRID")
# The digits of a place below its grid, and below its village, are nothing where it is no smaller.
_GRIDS, _VILLAGES = 10**6, 10**9


@dataclass(frozen=True, slots=True)
class AddressInHand:
    """Somebody's address and what it may mean. `asked`: it was asked for at a door, after the first was found wrong."""

    text: str = field(repr=False)
    asked: bool
    read: AddressRead


class Lesson(NamedTuple):
    """What placing him teaches: a word of his address is a name of that division. `source`: the place words beside it."""

    word: str
    code: str
    kind: str
    source: str


def is_placed(one: Referral) -> bool:
    """Whether he is headed for a grid."""
    return one.destination is not None and LEVELS.index(level(one.destination)) >= _GRID


def unplaced(
    reach: Reach, *, at: datetime, division: str | None = None, after: tuple[datetime, UUID] | None = None
) -> ReferralPage:
    """Those in the officer's own area whom nobody has found yet and who are headed for no grid, where there are grids;
    the first due first, PAGE at most.
    """
    reach.require("VIEW_REFERRALS")
    rows = _unplaced(reach, at)
    if division is not None:
        lo, hi = span(division)
        rows = rows.filter(jurisdiction__gte=lo, jurisdiction__lte=hi)
    if after is not None:
        rows = rows.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], id__gt=after[1]))
    found = list(rows.order_by("due_at", "id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return ReferralPage(found[:PAGE], f"{last.due_at.timestamp()}_{last.id}" if last else None)


def count_unplaced(reach: Reach, *, at: datetime) -> int:
    reach.require("VIEW_REFERRALS")
    return _unplaced(reach, at).count()


def addresses_of(
    reach: Reach, referrals: Sequence[Referral], names: CityNames
) -> Mapping[UUID, AddressInHand]:
    """What each one's address may mean by a city's names: that which was asked for at a door last, else the one he gave. As
    many questions for fifty as for one; inside `reach()`.
    """
    reach.require("VIEW_REFERRALS")
    here = [one for one in referrals if not one.outside]
    asked, given = (_asked(reach, here), _given(here)) if here else ({}, {})
    return {one.id: _in_hand(names, one, asked.get(one.id, ""), given.get(one.person_id, "")) for one in here}


def lesson(read: AddressRead, destination: str) -> Lesson | None:
    """What placing somebody with this address there teaches; None where it teaches nothing."""
    meant = next((one for one in read.proposals if one.code in lineage(destination)), None)
    if read.hamlet and LEVELS.index(level(destination)) >= LEVELS.index("VILLAGE"):
        return Lesson(read.hamlet, destination, HAMLET, _words(meant))
    if meant is None or meant.teaches is None:
        return None
    return Lesson(*meant.teaches, MISPRINT, _words(meant))


def is_plain(read: AddressRead, taught: Lesson, names: CityNames) -> bool:
    """Whether nothing speaks against teaching it: no other division is called so, or may have been meant."""
    meant = [
        one for one in read.proposals if one.code in lineage(taught.code) or taught.code in lineage(one.code)
    ]
    return not names.is_name(taught.word) and not any(Doubt.SEVERAL in one.doubts for one in meant)


def _unplaced(reach: Reach, at: datetime) -> QuerySet[Referral]:
    """Comparisons of numbers: the digits of a grid are nothing; of a village only those that are divided into grids."""
    waiting = [state for state in OPEN if state != ReferralState.OUTSIDE]
    grids = Region.objects.filter(
        level="GRID", lo__gte=OuterRef("jurisdiction"), lo__lt=OuterRef("jurisdiction") + _GRIDS
    )
    rows = Referral.objects.filter(held(reach), state__in=waiting).annotate(
        below=Mod(F("jurisdiction"), _GRIDS, output_field=IntegerField()),
        village=Mod(F("jurisdiction"), _VILLAGES, output_field=IntegerField()),
    )
    return rows.filter(Q(village=0) | Exists(valid(grids, day_of(at))), below=0)


def _asked(reach: Reach, referrals: Sequence[Referral]) -> Mapping[UUID, str]:
    """Referral → the address that somebody was told at the door, the newest of those that may be read here."""
    rows = ReferralEvent.objects.filter(referral_id__in=[one.id for one in referrals], sealed__isnull=False)
    told = (
        (row, opened(row)) for row in rows.order_by("occurred_at", "received_at") if within_own(reach, row)
    )
    return {row.referral_id: written.address for row, written in told if written and written.address}


def _given(referrals: Sequence[Referral]) -> Mapping[UUID | None, str]:
    files = rows_kept({one.person_id for one in referrals if one.person_id})
    return {id: open_person(row).facts.address for id, row in files.items()}


def _in_hand(names: CityNames, one: Referral, asked: str, given: str) -> AddressInHand:
    text = asked or given
    return AddressInHand(text, bool(asked), read_address(names, text, _told(one)))


def _told(one: Referral) -> str | None:
    """Where he said he is headed; found wrong, no more than its county is believed."""
    if one.destination is not None and one.state == ReferralState.WRONG_ADDRESS:
        return at_level(one.destination, "COUNTY")
    return one.destination


def _words(meant: PlaceProposal | None) -> str:
    return " ".join(read.words for read in meant.reads if read.how != How.ONLY_ONE) if meant else ""
