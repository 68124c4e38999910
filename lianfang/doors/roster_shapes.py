"""What a grid worker's phone sends and is answered. Whatever is said about a person there is masked."""

from uuid import UUID

from msgspec import Struct

from lianfang.doors.shapes import MeasureShown

LONGEST_BODY = 1_024


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
