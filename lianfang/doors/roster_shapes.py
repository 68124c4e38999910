"""What a grid worker's phone sends and is answered.

The list of arrivals is masked. Doors and households are said in full, since the worker must find them; documents never.
"""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Raw, Struct

from lianfang.doors.shapes import MeasureKind, MeasureShown, OutboxKey, Say
from lianfang.journeys.grid_items import AnswerTold, AnyAnswer, OccupancyTold, StayTold
from lianfang.quarantine.rules import ReportVerdict
from lianfang.quarantine.states import OrderState
from lianfang.referrals.states import ReferralState

LONGEST_BODY = 1_024
LONGEST_ANSWERS = 256 * 1_024
MOST_ANSWERS = 100


class RosterEnrolmentAsked(Struct):
    """`pin`: 4 to 8 digits that the grid worker chooses."""

    code: str
    pin: str


class GridShown(Struct):
    code: str
    name: str


class RosterEnrolled(Struct):
    """`token` is shown here only."""

    token: str
    division: GridShown
    expires_at: str


class GridRosterAsked(Struct):
    pin: str


class GridMeasureShown(MeasureShown, kw_only=True):
    """`later`: decided by a re-screening, so nobody has told the traveller; else told at the gate."""

    decided_at: str
    later: bool


class ArrivalShown(Struct, kw_only=True, rename={"from_": "from"}):
    """Somebody headed for the grid. Empty where nothing was given, or where what was sealed is destroyed by now.
    `decided_at`, `later`: of the measure that was decided last.
    """

    id: UUID
    occurred_at: str
    checkpoint: str
    from_: str
    from_code: str | None
    name_masked: str
    age: int | None
    measures: list[GridMeasureShown]
    decided_at: str
    later: bool
    destination_masked: str
    phone_masked: str


class GridRosterShown(Struct):
    division: GridShown
    as_of: str
    expires_at: str
    arrivals: list[ArrivalShown]


class DoorMeasure(Struct, omit_defaults=True, kw_only=True):
    kind: MeasureKind
    say: Say
    place: Literal["HOME", "FACILITY"] | None = None
    days: int | None = None


class DoorAnswered(Struct):
    kind: AnswerTold
    at: str


class CallerShown(Struct, kw_only=True, omit_defaults=True, rename={"from_": "from"}):
    """Somebody to be called on. Empty where nothing was told, or where what was sealed is destroyed by now."""

    referral: UUID
    name: str
    phone: str
    address: str
    state: ReferralState
    urgent: bool
    late: bool
    due_at: str
    sent_at: str
    measures: list[DoorMeasure]
    checkpoint: str
    registered_at: str | None
    from_: str
    party: int
    sex: str | None = None
    age: int | None = None
    guardian: str | None = None
    answered: DoorAnswered | None = None


class GridDoorShown(Struct):
    """`household` and `code` are null where nobody knows yet which household of the grid it is."""

    household: UUID | None
    code: str | None
    address: str
    people: list[CallerShown]


class GridDoorsShown(Struct):
    division: GridShown
    as_of: str
    expires_at: str
    server_time: str
    outbox_key: OutboxKey
    doors: list[GridDoorShown]
    more: bool


class GridHouseholdsAsked(Struct):
    pin: str
    after: str | None = None


class ResidentShown(Struct, kw_only=True, omit_defaults=True):
    person: UUID
    name: str
    phone: str
    relation: str
    state: StayTold
    remarks: list[str]
    sex: str | None = None
    age: int | None = None


class GridHouseholdShown(Struct):
    id: UUID
    code: str
    address: str
    occupancy: OccupancyTold
    verified_on: str | None
    stale: bool
    residents: list[ResidentShown]


class GridHouseholdsShown(Struct):
    division: GridShown
    as_of: str
    households: list[GridHouseholdShown]
    after: str | None


class GridAnswersSent(Struct):
    answers: Annotated[list[AnyAnswer], Meta(max_length=MOST_ANSWERS)]


class LooseGridAnswers(Struct):
    """The same with every item unread: one that is rotten hinders no other."""

    answers: Annotated[list[Raw], Meta(max_length=MOST_ANSWERS)]


class GridReceiptShown(Struct, kw_only=True, omit_defaults=True):
    """`id` is null where the item has none that can be read. `state`: of the referral; `order_state`: of the order;
    `verdict`: what a report says.
    """

    id: UUID | None
    status: Literal["ACCEPTED", "DUPLICATE", "CONFLICT", "SET_ASIDE"]
    late: bool
    state: ReferralState | None = None
    order_state: OrderState | None = None
    verdict: ReportVerdict | None = None
    code: str | None = None
    say: Say | None = None


class GridReceipts(Struct):
    server_time: str
    receipts: list[GridReceiptShown]
