"""Temperatures of an order's days as a small line, drawn in the page itself; and the half-days that were missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.queries.orders import DayReported
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import Half, HalfDay, ReportVerdict

WIDTH, HEIGHT = 560, 96  # units of the drawing
MARGIN = 26  # on the left, where the degrees stand
LOWEST, HIGHEST = Decimal("35.0"), Decimal("40.0")
LINES = (Decimal("36.0"), Decimal("37.0"), Decimal("38.0"), Decimal("39.0"))


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int
    celsius: Decimal
    verdict: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`line`: as a polyline takes it; `marks`: the height of whole degrees with their word."""

    points: tuple[Point, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def marks(self) -> list[tuple[int, str]]:
        return [(_y(celsius), f"{celsius:.0f}") for celsius in LINES]


def chart_of(days: Sequence[DayReported]) -> Chart | None:
    """Two places a day; a half-day without a reading leaves its place empty. None where nothing was read."""
    halves = [half for day in days for half in (day.morning, day.evening)]
    step = (WIDTH - MARGIN) / max(1, len(halves))
    points = [
        Point(MARGIN + round((place + 0.5) * step), _y(shown.celsius), shown.celsius, shown.verdict)
        for place, half in enumerate(halves)
        if (shown := half.shown) is not None and shown.celsius is not None
    ]
    return Chart(tuple(points)) if points else None


def _y(celsius: Decimal) -> int:
    within = min(max(celsius, LOWEST), HIGHEST)
    return round(HEIGHT - float((within - LOWEST) / (HIGHEST - LOWEST)) * HEIGHT)


def missed_of(order: QuarantineOrder, days: Sequence[DayReported], at: datetime) -> dict[Half, set[date]]:
    """The days of each half that was asked for, is over, and brought no report that could be read."""
    if order.observed_from is None:
        return {half: set() for half in Half}
    stand, since, until = thresholds_at(at), order.observed_from, order.ended_at or at
    return {
        half: {
            day.on
            for day in days
            if since < stand.deadline(HalfDay(day.on, half)) <= until
            and (day.morning if half is Half.MORNING else day.evening).verdict
            in (None, ReportVerdict.NOT_READ)
        }
        for half in Half
    }
