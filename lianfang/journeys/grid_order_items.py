"""What a grid worker's phone says of somebody under an order of quarantine: reports, in place, told, gone, followed up."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

CareKind = Literal["DEPENDANTS", "MEDICINE", "DIALYSIS", "PREGNANCY"]
HalfTold = Literal["MORNING", "EVENING"]
FollowUpKind = Literal["CALL", "VISIT", "CLINIC"]
FollowUpTold = Literal["WELL", "UNWELL", "NO_ANSWER", "NOT_THERE", "AT_CLINIC", "NOT_ILL", "ADMITTED"]
Celsius = Annotated[float, Meta(ge=0, lt=100)]
Symptoms = Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=20)]


class AboutOrder(Struct, omit_defaults=True, kw_only=True):
    """`id` is the answer's own."""

    id: UUID
    order: UUID
    occurred_at: str
    clock_offset_ms: float | None = None

    @property
    def about(self) -> UUID:
        return self.order


class CheckInAnswer(AboutOrder, tag_field="kind", tag="CHECK_IN", kw_only=True):
    """A report. `half`: that half of the day on which it happened; else the one in which it happened."""

    way: Literal["GRID_DOOR", "GRID_PHONE"]
    celsius: Celsius | None = None
    symptoms: Symptoms = []
    half: HalfTold | None = None


class CareSaid(Struct, omit_defaults=True, kw_only=True):
    needed: bool
    need: str | None = None
    carer: str | None = None
    phone: str | None = None


class PlacedAnswer(AboutOrder, tag_field="kind", tag="PLACED", kw_only=True):
    """He is where he stays, or back. `care`: what was asked of it at the door; a kind not asked is not there."""

    care: dict[CareKind, CareSaid] | None = None


class ToldAnswer(AboutOrder, tag_field="kind", tag="TOLD", kw_only=True):
    """The slip was handed over, or read out."""


class BrokenAnswer(AboutOrder, tag_field="kind", tag="BROKEN", kw_only=True):
    """He left where he is to stay."""

    note: str | None = None


class FollowUpAnswer(AboutOrder, tag_field="kind", tag="FOLLOW_UP", kw_only=True):
    """What came of a call, a visit, a way to the clinic. `follow_up`: its id as the list said it."""

    follow_up: UUID
    asked: FollowUpKind
    outcome: FollowUpTold
    note: str | None = None


OrderAnswer = CheckInAnswer | PlacedAnswer | ToldAnswer | BrokenAnswer | FollowUpAnswer
