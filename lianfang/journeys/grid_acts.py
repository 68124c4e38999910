"""What an answer from a grid worker's phone does: an act on a referral, a household, who is in it, or an order (grid_order_acts)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from lianfang.checkpoints.queries.city import whole_city
from lianfang.command.models import RosterAnswer
from lianfang.command.queries.responsibility import vacant_places
from lianfang.journeys.grid_items import HouseholdAnswer, PlainAnswer, ReferralAnswer, StayAnswer
from lianfang.journeys.grid_order_acts import act_on_order
from lianfang.journeys.grid_taken import ELSEWHERE, LATE, NOT_PLACED, Taken, taken_elsewhere
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical
from lianfang.kernel.masking import as_recorded
from lianfang.kernel.reach import GridReach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people.services import mark_state, tell_occupancy, verify_household
from lianfang.referrals.on_the_grid import was_on_the_grid
from lianfang.referrals.services import Acted, ReferralNote, answer, move_on, note_former, place
from lianfang.referrals.states import Kind
from lianfang.regions.queries import registered

_LONGEST_CODE = 18


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """Where answers say people went on to: which of the codes are divisions, and for which of them nobody answers."""

    city: str | None
    known: frozenset[str]
    vacant: frozenset[str]

    @classmethod
    def named_in(cls, items: Iterable[PlainAnswer], at: datetime) -> Self:
        """Three questions, however many places."""
        told = {item.destination for item in items if isinstance(item, ReferralAnswer) and item.destination}
        known = frozenset(registered(told, day_of(at)))
        vacant = vacant_places({canonical(code) for code in known}, at=at)
        return cls(whole_city(), known, vacant)

    def code_of(self, item: ReferralAnswer) -> str | None:
        """The place as the register has it; None where none was chosen, or one that there is not."""
        return canonical(item.destination) if item.destination in self.known else None


def act(
    hand: GridReach, item: PlainAnswer, places: NamedPlaces, *, happened: datetime, at: datetime
) -> Taken:
    """Inside `grid_reach(hand)`. What cannot be done is refused in words."""
    if isinstance(item, ReferralAnswer):
        return _referral(hand, item, places, happened, at)
    if isinstance(item, HouseholdAnswer):
        return _counted(_household(hand, item, happened))
    if isinstance(item, StayAnswer):
        return _counted(_stay(hand, item, happened))
    return act_on_order(hand, item, happened=happened, at=at)


def _counted(counted: bool) -> Taken:
    return Taken() if counted else Taken(late=True, code=LATE)


def _referral(
    hand: GridReach, item: ReferralAnswer, places: NamedPlaces, happened: datetime, at: datetime
) -> Taken:
    try:
        return _answered(hand, item, places, happened, at)
    except Refusal as refusal:
        if refusal.code not in ("REFERRAL_UNKNOWN", ELSEWHERE):
            raise
        state = was_on_the_grid(hand, item.referral, at=happened)
        if state is None:
            raise _not_here() from None
    acted = note_former(
        by=hand, at=at, id=item.id, referral=item.referral, kind=item.answer, state=state, occurred_at=happened,
        written=_written(item, places),
    )  # fmt: skip
    return Taken(acted.state, late=True, code=ELSEWHERE)


def _answered(
    hand: GridReach, item: ReferralAnswer, places: NamedPlaces, happened: datetime, at: datetime
) -> Taken:
    said: dict[str, Any] = {
        "by": hand, "at": at, "id": item.id, "referral": item.referral, "occurred_at": happened,
        "written": _written(item, places),
    }  # fmt: skip
    code = places.code_of(item)
    if code is not None and item.answer in (Kind.MOVED_ON, Kind.WRONG_ADDRESS):
        going = move_on if item.answer == Kind.MOVED_ON else place
        try:
            return _taken(going(destination=code, city=places.city, vacant=code in places.vacant, **said))
        except Refusal as refusal:
            if (
                refusal.code != "DESTINATION_SAME"
            ):  # another door of the same place: the desk is told the words
                raise
    if item.answer != Kind.MOVED_ON:
        return _taken(answer(kind=item.answer, **said))
    return _taken(answer(kind=Kind.WRONG_ADDRESS, **said), NOT_PLACED)


def _taken(acted: Acted, code: str = "") -> Taken:
    """An act that is known under this id, though not as an answer of this grid, is somebody else's."""
    if acted.repeated:
        raise taken_elsewhere()
    return Taken(acted.state, acted.late, LATE if acted.late else code)


def _written(item: ReferralAnswer, places: NamedPlaces) -> ReferralNote | None:
    """The words beside it; a code that is no division's is kept among them for whoever places him."""
    address = as_recorded(item.address)
    if item.destination and places.code_of(item) is None:
        address = f"{address} {as_recorded(item.destination)[:_LONGEST_CODE]}".strip()
    return ReferralNote(note=as_recorded(item.note), address=address) or None


def _household(hand: GridReach, item: HouseholdAnswer, happened: datetime) -> bool:
    if _told_since(item.household, happened):
        return False
    if item.act == "VERIFIED":
        return verify_household(by=hand, at=happened, id=item.household)
    return tell_occupancy(by=hand, at=happened, id=item.household, occupancy=item.occupancy or "")


def _told_since(household: UUID, happened: datetime) -> bool:
    """Whether a phone of this grid said something about the door that happened later."""
    return RosterAnswer.objects.filter(about=household, occurred_at__gt=happened).exists()


def _stay(hand: GridReach, item: StayAnswer, happened: datetime) -> bool:
    return mark_state(by=hand, at=happened, person=item.person, household=item.household, state=item.state)


def _not_here() -> NotFound:
    return NotFound(
        "REFERRAL_NOT_HERE",
        "这个人不在您的网格名单上，也许已转到别处。",
        "This person is not on your grid's list, and may have been sent elsewhere.",
    )
