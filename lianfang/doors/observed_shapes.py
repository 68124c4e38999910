"""Who is observed in a grid, as a grid worker's phone is told it: in full but for documents."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from lianfang.doors.roster_shapes import GridShown
from lianfang.journeys.grid_order_items import CareKind, FollowUpKind, HalfTold
from lianfang.quarantine.rules import ReportVerdict, WorkList
from lianfang.quarantine.states import OrderKind, OrderState

Way = Literal["SELF", "RESPONDER", "GRID_DOOR", "GRID_PHONE", "DESK", "PASTED"]


class GridThresholdsShown(Struct):
    """What reports are judged by; `morning_by`, `evening_by` are minutes of the day."""

    hash: str
    fever: str
    inclusive: bool
    lowest: str
    highest: str
    morning_by: int
    evening_by: int
    symptoms: list[str]


class GridReportShown(Struct, kw_only=True, omit_defaults=True):
    day: str
    half: HalfTold
    verdict: ReportVerdict
    way: Way
    at: str
    celsius: str | None = None
    symptoms: list[str] = []


class GridCareShown(Struct):
    """What is needed and not settled. `has_carer`: somebody is named who sees to it."""

    kind: CareKind
    has_carer: bool


class GridFollowUpShown(Struct):
    """Somebody is to be called, visited or brought to the clinic, since a half-day."""

    id: UUID
    kind: FollowUpKind
    since_day: str
    since_half: HalfTold
    due_at: str


class ObservedShown(Struct, kw_only=True, omit_defaults=True):
    """Somebody under an order. `day`: of observation, that of the last contact is 0. `on_list`: null unless he is in place and
    his last day is not over. `reports`: of yesterday and today. Empty where what was sealed is destroyed by now.
    """

    order: UUID
    number: str
    name: str
    phone: str
    household: UUID | None
    code: str | None
    address: str
    kind: OrderKind
    state: OrderState
    day: int
    day0_on: str
    last_on: str
    observed_from: str | None
    on_list: WorkList | None
    dependants: Literal["YES", "NO"] | None
    care: list[GridCareShown]
    follow_ups: list[GridFollowUpShown]
    reports: list[GridReportShown]
    sex: str | None = None
    age: int | None = None
    room: str | None = None


class GridObservedShown(Struct):
    division: GridShown
    as_of: str
    thresholds: GridThresholdsShown
    people: list[ObservedShown]
    more: bool
