"""What the check-in door takes and answers: places on a slip, days, codes and sentences. Nobody is named in any of it."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from lianfang.doors.shapes import Error, Say, Status

HalfCode = Literal["MORNING", "EVENING"]
VerdictCode = Literal["WELL", "SYMPTOMATIC", "NOT_READ"]


class ReportSent(Struct, omit_defaults=True):
    """`place` on the slip, from 1; `celsius` null where nothing was read; `half` only for a morning that is late."""

    id: UUID
    place: int
    celsius: float | None
    symptoms: list[str]
    at: str
    half: HalfCode | None = None
    by: Literal["SELF", "RESPONDER"] | None = None


class ReportsSent(Struct):
    reports: list[ReportSent]


class ReportReceipt(Struct, omit_defaults=True):
    """`day`, `half`: for which half-day it counts, where it was taken now; what stood already counts as the page says."""

    id: str | None
    status: Status
    say: Say
    verdict: VerdictCode | None = None
    day: str | None = None
    half: HalfCode | None = None
    error: Error | None = None


class NoticeShown(Struct):
    """`level`: of which division it is the word: PROVINCE, CITY, COUNTY, TOWNSHIP or VILLAGE."""

    title: str
    body: str
    title_en: str
    body_en: str
    level: str


class ReportsTaken(Struct):
    receipts: list[ReportReceipt]
    notices: list[NoticeShown]


class HalvesReported(Struct):
    MORNING: VerdictCode | None
    EVENING: VerdictCode | None


class PersonOnSlip(Struct):
    """`day`: the how-many-eth of observation, day 0 is that of the last contact; `days`: until which it lasts."""

    place: int
    day: int
    days: int
    last_on: str
    state: Literal["OPEN", "ENDED", "NOT_YET"]
    reported: HalvesReported


class CheckInPage(Struct):
    """`ends_at`: until when this half-day is due. `fever`: from which reading on somebody is called back."""

    people: list[PersonOnSlip]
    day: str
    half: HalfCode
    ends_at: str
    now: str
    fever: float
    symptoms: list[str]
    notices: list[NoticeShown]
    call: str | None
