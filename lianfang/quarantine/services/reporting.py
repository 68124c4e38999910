"""A check-in that somebody else writes down: at the door, on the telephone, at the desk, or from a pasted list.

Once under its id, whoever sends it again. What a household reports itself comes by its link (quarantine/intake).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import GridReach, Hand, Reach, hand_reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.intake.reading import symptoms_of
from lianfang.quarantine.models import CheckIn, QuarantineOrder
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import HalfDay, ReportVerdict, to_a_tenth, verdict
from lianfang.quarantine.services.acting import locked

WAYS = ("GRID_DOOR", "GRID_PHONE", "DESK", "PASTED")
OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=15)  # clocks of phones go wrong
_HALF = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """`repeated`: this very report was known already; the verdict is that of then."""

    verdict: ReportVerdict
    repeated: bool = False


def check_in(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    order: UUID,
    half_day: HalfDay,
    celsius: Decimal | None,
    symptoms: Sequence[str],
    way: str,
    occurred_at: datetime,
) -> CheckedIn:
    """One person's report of a half-day. A half-day may be reported several times, and none of them is lost."""
    with hand_reach(by) as seen:
        found = locked(seen, order)
        thresholds, read = thresholds_at(at), to_a_tenth(celsius)
        _require_known(way)
        told = list(symptoms_of(list(symptoms), thresholds.symptoms))
        made = CheckIn(
            id=id, order_id=order, on_day=half_day.day, half=half_day.half, celsius=read,
            symptoms=told, by=way, verdict=verdict(read, told, thresholds), thresholds=thresholds.hash, occurred_at=min(occurred_at, at),
            received_at=at, jurisdiction=found.jurisdiction, officer_id=by.officer_id if isinstance(by, Reach) else None,
            roster_id=by.roster_id if isinstance(by, GridReach) else None,
        )  # fmt: skip
        known = CheckIn.objects.filter(pk=id).first()
        if known is not None:
            return _repeated(known, made)
        _require_sensible(half_day, occurred_at, at)
        _require_observed(found, half_day, occurred_at, is_ill=made.verdict == ReportVerdict.SYMPTOMATIC)
        _added(made)
        _noted(by, found, made)
        return CheckedIn(ReportVerdict(made.verdict))


def _added(made: CheckIn) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:  # the id stands with a report that is not seen from here
        raise _conflict() from error


def _noted(by: Hand, found: QuarantineOrder, made: CheckIn) -> None:
    details = {"way": made.by, "verdict": str(made.verdict)}
    if isinstance(by, GridReach):
        details["roster"] = str(by.roster_id)
    note(
        Act.CHECKED_IN,
        by=by if isinstance(by, Reach) else None,
        subject=f"QUARANTINE_ORDER {found.id}",
        jurisdiction=found.jurisdiction,
        details=details,
    )


def _repeated(known: CheckIn, made: CheckIn) -> CheckedIn:
    same = ("order_id", "on_day", "half", "celsius", "symptoms", "by")
    if any(getattr(known, name) != getattr(made, name) for name in same):
        raise _conflict()
    return CheckedIn(ReportVerdict(known.verdict), repeated=True)


def _require_known(way: str) -> None:
    """A symptom that is not asked, or not any more, is a symptom still: whoever tells of it is ill."""
    if way not in WAYS:
        raise Refusal("CHECK_IN_CODES", "上报方式不对，请刷新后再报。", "A way is not known: reload.")


def _require_sensible(half: HalfDay, occurred: datetime, at: datetime) -> None:
    """The half-day is neither long ago nor still to come."""
    if half.begins > at + AHEAD or occurred > at + AHEAD or half.begins < at - OLDEST:
        raise Refusal(
            "CHECK_IN_WHEN",
            "只能补报最近 30 天内的打卡，也不能报还没到的半天。",
            "Reports are of the last 30 days and not of a half-day to come.",
        )


def _require_observed(found: QuarantineOrder, half: HalfDay, occurred: datetime, *, is_ill: bool) -> None:
    """Observation goes on until somebody is released, also after his last day. Fever is written down while an order stands,
    whether or not he is counted as in place.
    """
    if found.ended_at is not None and occurred >= found.ended_at:
        raise Refusal("OBSERVATION_ENDED", "观察已结束。", "Observation is over.", status=409)
    observed = found.in_place_at is not None and found.in_place_at < half.begins + _HALF
    ended = found.ended_at is not None and found.ended_at <= half.begins
    if ended or not (observed or is_ill):
        raise Refusal(
            "NOT_OBSERVED_THEN",
            "此人这半天不在观察期内，不用打卡。",
            "This person was not under observation in that half-day.",
            status=409,
        )


def _conflict() -> Refusal:
    return Refusal(
        "CHECK_IN_CONFLICT",
        "这个编号已经有一份内容不同的打卡，请刷新后重新填报。",
        "This id stands with another report: reload and report anew.",
        status=409,
    )
