"""Purging: proposed by one officer, signed by another, carried out by the clock, certified by what it did."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from lianfang.checkpoints.models import Checkpoint, Passage, Registration
from lianfang.checkpoints.queries.within import held, within
from lianfang.command.services import SYSTEM_OFFICER
from lianfang.custody.carrying_out import carry_out
from lianfang.custody.models import Purge
from lianfang.custody.observed import require_nobody_observed
from lianfang.custody.planning import plan
from lianfang.custody.retention import LONGEST_REASON, over
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.people.models import Person

__all__ = ["OVERDUE", "carry_out", "carry_out_signed", "propose", "propose_due", "refuse", "sign"]

OVERDUE = timedelta(days=2)  # a proposal that nobody took up or signed for so long is shown as overdue
MOST_RECORDS = 500  # of one subject

Kind = Purge.Kind


def propose(
    *,
    by: Reach,
    at: datetime,
    kind: str,
    reason: str,
    up_to: date | None = None,
    records: Sequence[UUID] = (),
) -> Purge:
    """Asks for a destruction. RETENTION and EVERYTHING ask for PROPOSE_PURGES, SUBJECT for ANSWER_SUBJECTS.

    RETENTION takes over what the night has proposed; `up_to` may only be a day that is over. `records`: of a SUBJECT, ids
    of registrations, and of passages where those are meant as well.
    """
    by.require("ANSWER_SUBJECTS" if kind == Kind.SUBJECT else "PROPOSE_PURGES")
    if kind != Kind.SUBJECT:
        _require_whole_city(by)
    if not reason.strip():
        raise Refusal("REASON_MISSING", "请写明销毁的原因。", "Say why it is destroyed.")
    if kind == Kind.EVERYTHING:
        require_nobody_observed()
    wanted = {
        "kind": Kind(kind), "reason": reason.strip()[:LONGEST_REASON], "proposed_by": by.officer_id, "proposed_at": at,
        "up_to": _last_day(kind, up_to, at), "records": [str(id) for id in _records(kind, records, by)],
    }  # fmt: skip
    with transaction.atomic():
        purge = _the_nights(wanted) if kind != Kind.SUBJECT else None
        if purge is None:
            purge = Purge.objects.create(**wanted)
        note(
            Act.PURGE_PROPOSED,
            by=by,
            subject=_subject(purge),
            count=max(len(records), 1),
            details=_details(purge),
        )
    return purge  # fmt: skip


def _require_whole_city(by: Reach) -> None:
    """A day's key seals every county's records: who is posted over one of them destroys nothing of the others."""
    if Checkpoint.objects.exclude(held(by)).exists():
        raise Forbidden(
            "OUT_OF_REACH",
            "销毁涉及全市的记录，须由任职范围是全市的人员办理。",
            "A purge touches the records of the whole city: it takes an officer posted over all of it.",
        )


def _last_day(kind: str, up_to: date | None, at: datetime) -> date | None:
    if kind == Kind.SUBJECT:
        return None
    if kind == Kind.EVERYTHING:
        return day_of(at)
    passing = over(at).passing
    if up_to is not None and up_to > passing:
        raise Refusal(
            "NOT_OVER_YET",
            f"{up_to} 的记录还在保存期限内，最晚只能到 {passing}。",
            f"Records of {up_to} are still to be held: {passing} is the last day that is over.",
        )
    if not plan(Kind.RETENTION, at=at, up_to=up_to):
        raise Refusal("NOTHING_DUE", "没有到期的记录。", "Nothing is due.")
    return up_to or passing


def _records(kind: str, records: Sequence[UUID], by: Reach) -> list[UUID]:
    """The named records, each within reach."""
    if kind != Kind.SUBJECT:
        return []
    wanted = set(records)
    if not 1 <= len(wanted) <= MOST_RECORDS:
        raise Refusal(
            "RECORDS_MISSING",
            f"请选定要删除的记录，一次最多 {MOST_RECORDS} 条。",
            f"Name the records to be deleted, {MOST_RECORDS} at most.",
        )
    with reach(by):
        found = {
            id
            for model in (Registration, Passage, Person)
            for id in model.objects.filter(within(by), pk__in=wanted).values_list("pk", flat=True)
        }
    if found != wanted:
        raise NotFound("RECORD_UNKNOWN", "有的记录不在辖区内。", "Not all of these records lie in your area.")
    return sorted(found)


def _the_nights(wanted: dict[str, object]) -> Purge | None:
    """The open proposal of this kind, if the clock made it: an officer makes it his own. One of an officer is not doubled."""
    purge = (
        Purge.objects.select_for_update()
        .filter(kind=wanted["kind"], done_at=None, refused_at=None)
        .order_by("proposed_at")
        .first()
    )
    if purge is None:
        return None
    if purge.proposed_by != SYSTEM_OFFICER:
        raise Refusal(
            "PURGE_OPEN", "已有一份还没办完的销毁。", "A purge of this kind is still open.", status=409
        )
    for name, value in wanted.items():
        setattr(purge, name, value)
    purge.save(update_fields=list(wanted))
    return purge


def sign(*, by: Reach, at: datetime, id: UUID) -> Purge:
    """The second officer agrees; the clock does the rest."""
    by.require("SIGN_PURGES")
    _require_whole_city(by)
    with transaction.atomic():
        purge = _open(id)
        if purge.proposed_by == SYSTEM_OFFICER:
            zh, en = "请先由指挥部提出，再签署。", "Headquarters proposes it first, then it is signed."
            raise Refusal("NOT_PROPOSED_YET", zh, en, status=409)
        if purge.proposed_by == by.officer_id:
            zh, en = "提出销毁的人不能自己签署。", "Whoever proposed a purge cannot sign it."
            raise Refusal("SAME_OFFICER", zh, en, status=403)
        purge.signed_by, purge.signed_at = by.officer_id, at
        purge.save(update_fields=["signed_by", "signed_at"])
        note(Act.PURGE_SIGNED, by=by, subject=_subject(purge), details=_details(purge))
    return purge


def refuse(*, by: Reach, at: datetime, id: UUID) -> Purge:
    """It is not done: the second officer says no, or the first takes it back. Once it is signed it is too late."""
    if not by.may("PROPOSE_PURGES"):
        by.require("SIGN_PURGES")
    with transaction.atomic():
        purge = _open(id)
        if purge.proposed_by != by.officer_id:
            _require_whole_city(by)
        purge.refused_by, purge.refused_at = by.officer_id, at
        purge.save(update_fields=["refused_by", "refused_at"])
        note(Act.PURGE_REFUSED, by=by, subject=_subject(purge), details=_details(purge))
    return purge


def _open(id: UUID) -> Purge:
    """The proposal, locked. Refuses what was signed, refused or never proposed."""
    purge = Purge.objects.select_for_update().filter(pk=id).first()
    if purge is None:
        raise NotFound("PURGE_UNKNOWN", "没有这份销毁。", "There is no such purge.")
    if purge.signed_at or purge.refused_at:
        raise Refusal(
            "PURGE_DECIDED", "这份销毁已经签署或退回。", "It was signed or refused already.", status=409
        )
    return purge


def _subject(purge: Purge) -> str:
    return f"PURGE {purge.id}"


def _details(purge: Purge) -> dict[str, str | None]:
    return {"kind": purge.kind, "up_to": purge.up_to.isoformat() if purge.up_to else None}


def propose_due(*, at: datetime) -> Purge | None:
    """What the night does: writes down what is over, so that two officers need only sign. One proposal at a time."""
    if Purge.objects.filter(kind=Kind.RETENTION, done_at=None, refused_at=None).exists():
        return None
    if not plan(Kind.RETENTION, at=at):
        return None
    with transaction.atomic():
        purge = Purge.objects.create(
            kind=Kind.RETENTION, up_to=over(at).passing, reason="保存期限已到", proposed_by=SYSTEM_OFFICER, proposed_at=at
        )  # fmt: skip
        note(Act.PURGE_PROPOSED, by=None, subject=_subject(purge), details=_details(purge))
    return purge


def carry_out_signed(*, at: datetime) -> list[UUID]:
    """What the clock does a few seconds after a signature: everything signed and not done, the oldest first."""
    waiting = Purge.objects.filter(done_at=None, signed_at__isnull=False).order_by("signed_at")
    signed = list(waiting.values_list("pk", flat=True))
    for id in signed:
        carry_out(id=id, at=at)
    return signed
