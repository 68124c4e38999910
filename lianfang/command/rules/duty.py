"""Duty from facts alone: the hours of a part, who should be there, and when a group has nobody. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, Protocol

from lianfang.kernel.days import day_of, start_of

LEAD, DUTY = "LEAD", "DUTY"
ROLES = (LEAD, DUTY)
PARTS = {
    "FULL": (8, 32),
    "EARLY": (8, 16),
    "MIDDLE": (16, 24),
    "LATE": (24, 32),
}  # hours of the duty day's date
BEGINS = timedelta(hours=8)
DAY = timedelta(days=1)
SIGNED_IN_FROM = timedelta(hours=1)  # so long before the slot begins
COPIED_AT_MOST = timedelta(weeks=8)  # from the week that is copied


class DutyHours(NamedTuple):
    begins_at: datetime
    ends_at: datetime


class Manned(Protocol):
    """A slot, as far as it is asked whether somebody is there."""

    @property
    def role(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def begins_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """From one moment to another a group lacks a lead (带班), somebody on duty (值班), or both."""

    begins_at: datetime
    ends_at: datetime
    missing: tuple[str, ...]


def hours_of(on: date, part: str) -> DutyHours:
    first, last = PARTS[part]
    return DutyHours(start_of(on) + timedelta(hours=first), start_of(on) + timedelta(hours=last))


def duty_day(at: datetime) -> date:
    """The duty day that runs: until 08:00 it is the day before's."""
    return day_of(at - BEGINS)


def duty_day_hours(on: date) -> DutyHours:
    return hours_of(on, "FULL")


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def runs(slot: Manned, at: datetime) -> bool:
    return slot.begins_at <= at < slot.ends_at


def is_due(slot: Manned, at: datetime) -> bool:
    """Whether somebody should be there for it now; of one who was replaced, his replacement should."""
    return runs(slot, at) and slot.state != "REPLACED"


def is_there(slot: Manned, at: datetime) -> bool:
    """Signed in. Whoever handed over early has his successor there."""
    return is_due(slot, at) and slot.state in ("ON_DUTY", "HANDED_OVER")


def may_sign_in(slot: Manned, at: datetime) -> bool:
    """From an hour before until the end; who was marked absent and came after all may, too."""
    return slot.state in ("PLANNED", "ABSENT") and slot.begins_at - SIGNED_IN_FROM <= at < slot.ends_at


def may_take_over(slot: Manned, at: datetime) -> bool:
    """Whoever is there, or may sign in."""
    return may_sign_in(slot, at) or (slot.state == "ON_DUTY" and at < slot.ends_at)


def gaps(slots: Iterable[Manned], *, since: datetime, until: datetime) -> list[Gap]:
    """Every minute of a group needs one lead and one on duty; neither who was absent nor who was replaced counts."""
    held = [slot for slot in slots if slot.state not in ("ABSENT", "REPLACED")]
    bounds = {since, until}
    bounds |= {moment for slot in held for moment in (slot.begins_at, slot.ends_at) if since < moment < until}
    found: list[Gap] = []
    moments = sorted(bounds)
    for begins_at, ends_at in pairwise(moments):
        missing = _missing(held, begins_at)
        if missing and found and found[-1].ends_at == begins_at and found[-1].missing == missing:
            found[-1] = Gap(found[-1].begins_at, ends_at, missing)
        elif missing:
            found.append(Gap(begins_at, ends_at, missing))
    return found


def _missing(held: Sequence[Manned], at: datetime) -> tuple[str, ...]:
    there = {slot.role for slot in held if runs(slot, at)}
    return tuple(role for role in ROLES if role not in there)
