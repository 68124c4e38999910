"""The decent order: who depends on you? medicines, dialysis, pregnancy? What is answered yes has a named carer.

Asked at once with every order. Nobody is in place while nobody asked who depends on him, or while a dependant has no carer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lianfang.kernel import phones
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Hand, hand_id, hand_reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.models import CareNeed, OrderEvent, QuarantineOrder
from lianfang.quarantine.services.acting import OrderActed, arrow, is_done, locked, record
from lianfang.quarantine.services.writing import CareTold, sealed
from lianfang.quarantine.states import Done, OrderState, leads_to

KINDS = ("DEPENDANTS", "MEDICINE", "DIALYSIS", "PREGNANCY")


@dataclass(frozen=True, slots=True)
class CareAnswers:
    """The answers given at the door. `needed`: kind → what is needed and who sees to it; a kind that is not asked is in
    neither; `not_needed`: kinds answered no.
    """

    needed: Mapping[str, CareTold] = field(default_factory=dict)
    not_needed: tuple[str, ...] = ()


def answer_care(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    order: UUID,
    answers: CareAnswers,
    occurred_at: datetime | None = None,
) -> OrderActed:
    """Writes the answers down. Again with other answers, the last ones stand. Also of somebody who was taken to a hospital or
    another city: who depends on him is at home still.
    """
    with hand_reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.CARE_ANSWERED):
            return OrderActed(OrderState(found.state), repeated=True)
        happened = min(occurred_at or at, at)
        arrow(seen, found, Done.CARE_ANSWERED, occurred_at=happened)
        answered(seen, found, answers, at=at, happened=happened)
        record(
            seen, found, Done.CARE_ANSWERED, id=id, at=at, occurred_at=happened, details=kinds_said(answers)
        )
        return OrderActed(
            OrderState(found.state), blocked_by=blocking(found) if found.ended_at is None else ()
        )


def settle_care(*, by: Hand, at: datetime, id: UUID, order: UUID, kind: str) -> OrderActed:
    """Somebody sees to it now, and it needs no further asking. A dependant without a carer cannot be settled."""
    with hand_reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.CARE_SETTLED):
            return OrderActed(OrderState(found.state), repeated=True)
        need = CareNeed.objects.filter(order_id=order, kind=kind).first()
        if need is None:
            raise Refusal("CARE_UNKNOWN", "没有这一项照料需要。", "There is no such need of care.")
        if not need.has_carer:
            raise nobody_cares()
        need.settled_at, need.settled_by = at, hand_id(seen)
        need.save(update_fields=["settled_at", "settled_by"])
        record(seen, found, Done.CARE_SETTLED, id=id, at=at, details={"care": kind})
        return OrderActed(OrderState(found.state))


def answered(
    by: Hand, found: QuarantineOrder, answers: CareAnswers, *, at: datetime, happened: datetime
) -> None:
    """The rows of the answers, as far as nobody answered the same since `happened`; for acts that have locked the order."""
    _require_known(answers)
    gone = _answered_since(found, happened) | _ended_since(found, happened)
    needed = {kind: told for kind, told in answers.needed.items() if kind not in gone}
    not_needed = [kind for kind in answers.not_needed if kind not in gone]
    if "DEPENDANTS" in needed or "DEPENDANTS" in not_needed:
        found.dependants = "YES" if "DEPENDANTS" in needed else "NO"
    stand = {one.kind: one for one in CareNeed.objects.filter(order_id=found.id)}
    for kind in not_needed:
        if kind in stand and stand[kind].settled_at is None:
            stand[kind].settled_at, stand[kind].settled_by = at, hand_id(by)
            stand[kind].save(update_fields=["settled_at", "settled_by"])
    for kind, told in needed.items():
        _needed(by, found, stand.get(kind), kind, told, at)
    if "DEPENDANTS" in needed and _is_moved_since(found, happened):
        ask_again([found])
    found.save(update_fields=["dependants"])


def kinds_said(answers: CareAnswers | None) -> dict[str, list[str]]:
    """For the line of history: of which kinds something was said, so that what comes late does not overrule it."""
    if answers is None:
        return {}
    return {"needed": sorted(answers.needed), "not_needed": sorted(answers.not_needed)}


def ask_again(orders: Sequence[QuarantineOrder]) -> None:
    """Of orders whose people go elsewhere: who depends on them stays behind, perhaps, and who sees to them there is asked
    anew, by name. The caller saves `dependants`.
    """
    theirs = [one for one in orders if one.dependants == "YES"]
    for one in theirs:
        one.dependants = None
    needs = CareNeed.objects.filter(order_id__in=[one.id for one in theirs], kind="DEPENDANTS")
    needs.update(has_carer=False, settled_at=None, settled_by=None)


def ask_for_care(by: Hand, found: QuarantineOrder, *, at: datetime) -> None:
    """The task that stands on the desk's list until somebody asked who depends on him, or named who sees to them."""
    CareNeed.objects.get_or_create(
        order_id=found.id, kind="DEPENDANTS",
        defaults={"id": uuid7(at=at), "has_carer": False, "jurisdiction": found.jurisdiction, "opened_at": at,
                  "opened_by": hand_id(by)},
    )  # fmt: skip


def blocking(found: QuarantineOrder) -> tuple[str, ...]:
    """What of his care keeps him from being in place: nobody asked, or nobody cares, for who depends on him."""
    if found.dependants is None:
        return ("DEPENDANTS",)
    if found.dependants == "NO":
        return ()
    cared = CareNeed.objects.filter(order_id=found.id, kind="DEPENDANTS", has_carer=True).exists()
    return () if cared else ("DEPENDANTS",)


def nobody_cares() -> Refusal:
    return Refusal(
        "CARER_MISSING",
        "请写明由谁照料，并留下电话。",
        "Say who sees to it, with a telephone.",
    )


def _needed(
    by: Hand, found: QuarantineOrder, stands: CareNeed | None, kind: str, told: CareTold, at: datetime
) -> None:
    need = stands or CareNeed(
        id=uuid7(at=at), order_id=found.id, kind=kind, jurisdiction=found.jurisdiction, opened_at=at, opened_by=hand_id(by)
    )  # fmt: skip
    need.has_carer = bool(told.carer.strip())
    need.settled_at = need.settled_by = None
    need.sealed_at = at
    need.wrapped_key, need.sealed = sealed(told, id=need.id, at=at)
    if stands is None:
        need.save(force_insert=True)
    else:
        need.save(
            update_fields=["has_carer", "settled_at", "settled_by", "sealed_at", "wrapped_key", "sealed"]
        )


def _answered_since(found: QuarantineOrder, happened: datetime) -> set[str]:
    """Kinds of which somebody said something later than that, or to which somebody saw."""
    kinds: set[str] = set()
    later = OrderEvent.objects.filter(order_id=found.id, occurred_at__gt=happened)
    for done, details in later.values_list("kind", "details"):
        kinds.update(details.get("needed", ()), details.get("not_needed", ()))
        if done == Done.CARE_SETTLED:
            kinds.add(details["care"])
    return kinds


def _ended_since(found: QuarantineOrder, happened: datetime) -> set[str]:
    """Kinds that ended with the order: nothing of them is opened again. Who depends on him may still be at home alone."""
    if found.ended_at is None or happened >= found.ended_at:
        return set()
    cared_for = leads_to(found.state, Done.CARE_ANSWERED) is not None
    return set(KINDS) - ({"DEPENDANTS"} if cared_for else set())


def _is_moved_since(found: QuarantineOrder, happened: datetime) -> bool:
    """What was answered is about the place he has left since, and nobody put him in place at the other one yet."""
    moved = OrderEvent.objects.filter(order_id=found.id, kind=Done.TRANSFERRED, occurred_at__gt=happened)
    return found.state != OrderState.IN_PLACE and moved.exists()


def _require_known(answers: CareAnswers) -> None:
    named = [*answers.needed, *answers.not_needed]
    if any(kind not in KINDS for kind in named) or len(set(named)) != len(named):
        raise Refusal("CARE_UNKNOWN", "没有这一项照料需要。", "There is no such need of care.")
    for told in answers.needed.values():
        if told.phone and phones.ODD in phones.read(told.phone).flags:
            raise Refusal("CARER_PHONE", "照料人的电话号码不对。", "The carer's telephone number is not one.")
