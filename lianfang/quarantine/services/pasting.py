"""A report out of a pasted list. A chat's list only grows, and is pasted again as a whole: what was taken of it is not taken anew."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lianfang.kernel.ids import derived
from lianfang.kernel.reach import Reach
from lianfang.quarantine.intake.reading import symptoms_of
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import HalfDay, to_a_tenth
from lianfang.quarantine.services.reporting import CheckedIn, check_in


def report_pasted(
    *,
    by: Reach,
    at: datetime,
    order: UUID,
    half_day: HalfDay,
    celsius: Decimal | None,
    symptoms: Sequence[str],
) -> CheckedIn:
    """The same reading and symptoms of the same half-day are one report, whoever pastes them and how often: `repeated`."""
    told = symptoms_of(list(symptoms), thresholds_at(at).symptoms)
    read = to_a_tenth(celsius)
    return check_in(
        by=by, at=at, id=_id(order, half_day, read, told), order=order, half_day=half_day, celsius=read, symptoms=told,
        way="PASTED", occurred_at=at,
    )  # fmt: skip


def _id(order: UUID, half_day: HalfDay, celsius: Decimal | None, symptoms: Sequence[str]) -> UUID:
    said = f"{half_day.day.isoformat()} {half_day.half} {celsius} {','.join(symptoms)}"
    return derived(order, int.from_bytes(hashlib.sha256(said.encode()).digest()[:4], "big"))
