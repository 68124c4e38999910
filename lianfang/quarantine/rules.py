"""Days, half-days and verdicts: pure, by the calendar of Asia/Shanghai.

Source: core.md 3 and the guidance of 2020: fourteen days from the last unprotected contact, temperature twice a day; day 0
is the last contact, observation ends with day 14 (standards 1.9).
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from lianfang.kernel.days import SHANGHAI, day_of, start_of

DAYS = 14  # where a measure names none
LONGEST = 28  # days that one order may last from its day 0 unless extended by an officer's act
NOON = time(12)
BEYOND = Decimal(100)  # °C
# A report waits on a phone that is offline for a night and a day; a clock goes wrong by minutes.
BELIEVED_BACK, BELIEVED_AHEAD = timedelta(hours=36), timedelta(minutes=15)


class Half(StrEnum):
    """A half-day: temperature is taken twice a day."""

    MORNING = "MORNING"
    EVENING = "EVENING"


class ReportVerdict(StrEnum):
    """What a report says by the thresholds. NOT_READ: neither a temperature nor a symptom could be taken from it."""

    WELL = "WELL"
    SYMPTOMATIC = "SYMPTOMATIC"
    NOT_READ = "NOT_READ"


class WorkList(StrEnum):
    """Exactly one for everybody who is observed, at any moment."""

    SYMPTOMATIC = "SYMPTOMATIC"
    MISSED = "MISSED"
    DUE = "DUE"
    DONE = "DONE"


class HalfDay(NamedTuple):
    day: date
    half: Half

    @property
    def before(self) -> "HalfDay":
        if self.half is Half.EVENING:
            return HalfDay(self.day, Half.MORNING)
        return HalfDay(self.day - timedelta(days=1), Half.EVENING)

    @property
    def begins(self) -> datetime:
        start = start_of(self.day)
        return start if self.half is Half.MORNING else start + timedelta(hours=NOON.hour)


def half_day(moment: datetime) -> HalfDay:
    """Before noon is the morning, from noon the evening; at midnight the next day begins."""
    local = moment.astimezone(SHANGHAI)
    return HalfDay(local.date(), Half.MORNING if local.time() < NOON else Half.EVENING)


def taken_at(said: datetime | None, received: datetime) -> datetime:
    """When a reading was taken: as the phone says where its clock can be believed, else when it came. Never in the future."""
    if said is None or not received - BELIEVED_BACK <= said <= received + BELIEVED_AHEAD:
        return received
    return min(said, received)


def reported_half(taken: datetime, said: str | None = None) -> HalfDay:
    """The half-day a report is of: that of its moment, or the morning before where it says so."""
    found = half_day(taken)
    return HalfDay(found.day, Half.MORNING) if said == Half.MORNING else found


def last_day(day0: date, days: int = DAYS) -> date:
    """Day 14 where day 0 is the last contact: its end, 24:00, ends observation."""
    return day0 + timedelta(days=days)


def ends_at(last_on: date) -> datetime:
    """24:00 of the last day, which is 00:00 of the next one."""
    return start_of(last_on + timedelta(days=1))


def may_release(last_on: date, at: datetime) -> bool:
    """Not before the last day is over; a negative test changes nothing of it."""
    return at >= ends_at(last_on)


def day_number(day0: date, at: datetime) -> int:
    """The how-many-eth day of observation it is: day 0 is that of the last contact."""
    return (day_of(at) - day0).days


def order_number(number: int, ordered_at: datetime) -> str:
    """As it is printed and read out, 隔〔2020〕000123号: of the year in which it was given out, whatever moves day 0 later."""
    return f"隔〔{day_of(ordered_at).year}〕{number:06d}号"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What reports are judged by, as one content under its hash.

    `fever`: °C from which a reading is fever (`inclusive`: ≥, else >). `lowest`, `highest`: what a thermometer can say of a
    person; beyond them it is no reading. `morning_by`, `evening_by`: minutes of the day until which a half-day is due, then
    it is missed. `symptoms`: the codes that are asked.
    """

    fever: Decimal
    inclusive: bool
    lowest: Decimal
    highest: Decimal
    morning_by: int
    evening_by: int
    symptoms: tuple[str, ...]

    @property
    def content(self) -> dict[str, Any]:
        return {
            "fever": str(self.fever),
            "inclusive": self.inclusive,
            "lowest": str(self.lowest),
            "highest": str(self.highest),
            "morning_by": self.morning_by,
            "evening_by": self.evening_by,
            "symptoms": list(self.symptoms),
        }

    @property
    def hash(self) -> str:
        """Hex SHA-256 of the canonical content."""
        return hashlib.sha256(msgspec.json.encode(self.content, order="deterministic")).hexdigest()

    def deadline(self, of: HalfDay) -> datetime:
        minutes = self.morning_by if of.half is Half.MORNING else self.evening_by
        return start_of(of.day) + timedelta(minutes=minutes)


def thresholds_of(content: Mapping[str, Any]) -> Thresholds:
    """The same from its content. Raises KeyError, ValueError or ArithmeticError for what is none."""
    return Thresholds(
        fever=Decimal(content["fever"]),
        inclusive=bool(content["inclusive"]),
        lowest=Decimal(content["lowest"]),
        highest=Decimal(content["highest"]),
        morning_by=int(content["morning_by"]),
        evening_by=int(content["evening_by"]),
        symptoms=tuple(content["symptoms"]),
    )


# 37.3 °C: the notices of 2020 count it as fever (standards 1.9). Forehead thermometers read between 32 and 43.
SHIPPED = Thresholds(
    fever=Decimal("37.3"),
    inclusive=True,
    lowest=Decimal("34.0"),
    highest=Decimal("43.0"),
    morning_by=10 * 60,
    evening_by=20 * 60,
    symptoms=(
        "FEVER",
        "COUGH",
        "FATIGUE",
        "BREATHLESSNESS",
        "SORE_THROAT",
        "MUSCLE_ACHE",
        "DIARRHOEA",
        "OTHER",
    ),
)


def to_a_tenth(celsius: Decimal | None) -> Decimal | None:
    """As it is kept and judged: to a tenth of a degree, halves upwards; None for what no thermometer of any kind says."""
    try:
        read = celsius.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if celsius is not None else None
    except InvalidOperation:
        return None
    return read if read is not None and 0 < read < BEYOND else None


def verdict(celsius: Decimal | None, symptoms: Collection[str], by: Thresholds) -> ReportVerdict:
    """A symptom outweighs any reading; a reading no person can have is none."""
    if symptoms:
        return ReportVerdict.SYMPTOMATIC
    if celsius is None or not by.lowest <= celsius <= by.highest:
        return ReportVerdict.NOT_READ
    fever = celsius >= by.fever if by.inclusive else celsius > by.fever
    return ReportVerdict.SYMPTOMATIC if fever else ReportVerdict.WELL


class Reported(NamedTuple):
    """A report as far as lists go by it."""

    of: HalfDay
    verdict: str


def list_of(
    *,
    observed_from: datetime,
    reports: Collection[Reported],
    to_clinic: bool,
    at: datetime,
    by: Thresholds,
) -> WorkList:
    """On which list somebody stands who is in place and whose last day is not over, as PostgreSQL says it (lists.sql).

    `to_clinic`: he is to be brought there. Asked of him is what ended since he is in place, whatever moved day 0 since.
    """
    now = half_day(at)
    if to_clinic or _symptomatic(reports, now):
        return WorkList.SYMPTOMATIC
    if any(one.of == now and one.verdict == ReportVerdict.WELL for one in reports):
        return WorkList.DONE
    overdue = at >= by.deadline(now) > observed_from
    before = now.before
    asked_before = by.deadline(before) > observed_from
    reported = any(one.of == before and one.verdict != ReportVerdict.NOT_READ for one in reports)
    return WorkList.MISSED if overdue or (asked_before and not reported) else WorkList.DUE


def _symptomatic(reports: Collection[Reported], now: HalfDay) -> bool:
    """Today; or in the half-day before, and nobody has said in this one that he is well."""
    felt = [one.of for one in reports if one.verdict == ReportVerdict.SYMPTOMATIC]
    if any(of.day == now.day for of in felt):
        return True
    well = any(one.of == now and one.verdict == ReportVerdict.WELL for one in reports)
    return now.before in felt and not well
