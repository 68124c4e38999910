"""Somebody reports for one person and half-day: at the door, by phone, at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import GridReach, Hand, Reach, hand_reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.models import CheckIn, QuarantineOrder
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import HalfDay, ReportVerdict, verdict
from lianfang.quarantine.services.acting import id_taken, locked, not_now
from lianfang.quarantine.states import OPEN


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """`repeated`: this very report was known already."""

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
    """Judged by the thresholds of when it happened, whose hash stands on the report."""
    with hand_reach(by) as seen:
        found = locked(seen, order)
        known = CheckIn.objects.filter(pk=id).first()
        if known is not None:
            if known.order_id != order:
                raise id_taken()
            return CheckedIn(ReportVerdict(known.verdict), repeated=True)
        if found.state not in OPEN and not isinstance(by, GridReach):
            raise not_now()
        happened = min(occurred_at, at)
        thresholds = thresholds_at(happened)
        if not set(symptoms) <= set(thresholds.symptoms):
            raise Refusal("SYMPTOM_UNKNOWN", "没有这种症状。", "There is no such symptom.")
        row = CheckIn(
            id=id, order_id=order, on_day=half_day.day, half=half_day.half, celsius=celsius, symptoms=list(symptoms), by=way,
            verdict=verdict(celsius, symptoms, thresholds), thresholds=thresholds.hash, occurred_at=happened, received_at=at,
            jurisdiction=found.jurisdiction,
            officer_id=by.officer_id if isinstance(by, Reach) else None,
            roster_id=by.roster_id if isinstance(by, GridReach) else None,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise id_taken() from error
        _noted(by, found, row)
        return CheckedIn(ReportVerdict(row.verdict))


def _noted(by: Hand, found: QuarantineOrder, row: CheckIn) -> None:
    said = {"day": row.on_day.isoformat(), "half": str(row.half), "by": row.by}
    if isinstance(by, GridReach):
        said["roster"] = str(by.roster_id)
    note(
        Act.CHECKED_IN, by=by if isinstance(by, Reach) else None, subject=f"QUARANTINE_ORDER {found.id}",
        jurisdiction=found.jurisdiction, details=said,
    )  # fmt: skip
