"""Carrying out what was signed: a transaction a day, the ledger before the key, the certificate at the end.

Killed anywhere and called again it ends the same: rows are cleared once, keys are destroyed once, and counts stand in
the certificate since the transaction that cleared them.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from lianfang.checkpoints.services import DEVICES_CHANGED
from lianfang.custody import certificates, clearing, clearing_files, clearing_messages, ledger
from lianfang.custody.alone import alone, tell_keys_destroyed
from lianfang.custody.clearing import PURGE
from lianfang.custody.kept import reseal, sweep
from lianfang.custody.ledger import DAY, EVERYTHING, FILES, MESSAGES, RECORDS, WHOLE, Destruction
from lianfang.custody.models import Purge
from lianfang.custody.planning import Planned, plan
from lianfang.kernel.audit import Act, note
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.refusals import NotFound, Refusal

LATELY = timedelta(days=2)


def carry_out(*, id: UUID, at: datetime) -> dict[str, Any]:
    """Does what was signed, and answers the certificate; the same certificate when it was done before."""
    with alone():
        purge = _signed(id)
        if purge.done_at is None:
            for planned in plan(
                purge.kind, at=at, up_to=purge.up_to, records=tuple(map(UUID, purge.records))
            ):
                _do(purge, planned, at)
            _finish(purge, at)
        return dict(purge.certificate or {})


def sweep_lately(*, at: datetime) -> dict[str, int]:
    """What the schedule does every hour: days that were purged lately are looked at once more."""
    since = at - LATELY
    days = {
        date.fromisoformat(line.day)
        for line in ledger.entries()
        if line.what in (DAY, WHOLE) and datetime.fromisoformat(line.at) >= since
    }
    if not days:
        return {}
    with alone(), transaction.atomic(using=PURGE):
        counts = sweep(sorted(days))
        if counts:
            note(
                Act.PURGED, by=None, subject="SWEPT", count=sum(counts.values()), details=counts, using=PURGE
            )
    return counts


def _signed(id: UUID) -> Purge:
    purge = Purge.objects.using(PURGE).filter(pk=id).first()
    if purge is None:
        raise NotFound("PURGE_UNKNOWN", "没有这份销毁。", "There is no such purge.")
    if purge.signed_at is None or purge.refused_at is not None:
        raise Refusal("NOT_SIGNED", "还没有第二人签署。", "No second officer has signed it.", status=409)
    return purge


def _do(purge: Purge, planned: Planned, at: datetime) -> None:
    """Clears, writes down, commits, and only then destroys."""
    if planned.what == DAY and planned.day:
        reseal(planned.day)  # what must outlive the day's key; mostly it was done weeks ago
    said = certificates.begun(purge)
    with transaction.atomic(using=PURGE):
        counts = _clear(purge, planned, at)
        day = planned.day.isoformat() if planned.day else ""
        known = certificates.add(said, what=planned.what, day=day, counts=counts, keys=list(planned.keys))
        purge.certificate = said
        purge.save(using=PURGE, update_fields=["certificate"])
        _note(purge, planned, counts)
        ledger.append(_line(purge, planned, known, at))
    if planned.keys:
        key_folder().destroy(planned.keys)
        tell_keys_destroyed()


def _clear(purge: Purge, planned: Planned, at: datetime) -> dict[str, int]:
    if planned.what == RECORDS:
        return clearing.clear_named(planned.records) | clearing_files.clear_files(planned.records)
    if planned.what == MESSAGES and planned.day:
        return clearing_messages.clear_messages(planned.day)
    if planned.what == FILES:
        return clearing_files.clear_files(planned.records, opened_until=planned.day)
    if planned.what == EVERYTHING and purge.signed_by:
        with connections[PURGE].cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [DEVICES_CHANGED])
        return clearing.clear_outside(at, by=purge.signed_by)
    return clearing.clear([planned.step]) if planned.step else {}


def _note(purge: Purge, planned: Planned, counts: dict[str, int]) -> None:
    details = {"what": planned.what, "day": str(planned.day or ""), "keys": len(planned.keys), **counts}
    note(
        Act.PURGED,
        by=None,
        subject=f"PURGE {purge.id}",
        count=sum(counts.values()),
        details=details,
        using=PURGE,
    )


def _line(purge: Purge, planned: Planned, counts: dict[str, int], at: datetime) -> Destruction:
    return Destruction(
        what=planned.what,
        at=at.isoformat(),
        purge=str(purge.id),
        proposed_by=str(purge.proposed_by),
        signed_by=str(purge.signed_by),
        day=planned.day.isoformat() if planned.day else "",
        counts=counts,
        keys=planned.keys,
        records=tuple(str(id) for id in planned.records),
    )


def _finish(purge: Purge, at: datetime) -> None:
    """Records that were on their way in while a key went are blind; they are cleared like the others, and counted."""
    said = certificates.begun(purge)
    with transaction.atomic(using=PURGE):
        counts = sweep(
            [date.fromisoformat(step["day"]) for step in said["steps"] if step["what"] in (DAY, WHOLE)]
        )
        if counts:
            certificates.add(said, what="SWEPT", day="", counts=counts, keys=[])
        purge.done_at = at
        purge.certificate = certificates.complete(purge, said, at=at)
        purge.save(using=PURGE, update_fields=["done_at", "certificate"])
