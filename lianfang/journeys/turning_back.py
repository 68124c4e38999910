"""Turning somebody back is only ever proposed by rules: a named officer decides, with a reason, and never against whoever lives
here, must get care or is ill, by what is known of them now; nor once the rules in force do not propose it any more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.checkpoints.models import Passage, Registration, TurnBack
from lianfang.checkpoints.opening import Standing
from lianfang.checkpoints.queries.turn_backs import (
    PROPOSED,
    TurnBackDecided,
    decisions_of,
    turn_back_proposed,
)
from lianfang.checkpoints.services.names import tidied
from lianfang.journeys.deciding import facts_of
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.screening.book import RulesInForce
from lianfang.screening.conditions import holds
from lianfang.screening.form import TURN_BACK_UNLESS
from lianfang.screening.queries import book

LONGEST_REASON = 200
TURNED_BACK = TurnBack.Verdict.TURNED_BACK


class Hindrance(NamedTuple):
    """Why somebody may not be turned back: the fact, and a sentence."""

    fact: str
    zh: str
    en: str


# By the facts of TURN_BACK_UNLESS; the compiler writes the same conditions into every row that proposes it.
HINDRANCES: Mapping[str, Hindrance] = {
    one.fact: one
    for one in (
        Hindrance(
            "resident", "住在本市的人不能劝返，只能放行。", "Whoever lives in this city is not turned back."
        ),
        Hindrance(
            "purpose",
            "返乡、就医和急救的人不能劝返，只能放行。",
            "Whoever returns home or must get medical care is not turned back.",
        ),
        Hindrance(
            "celsius_tenths",
            "发热的人不能劝返，请带到发热门诊。",
            "Whoever has a fever is not turned back: take them to the fever clinic.",
        ),
        Hindrance(
            "symptoms",
            "有症状的人不能劝返，请带到发热门诊。",
            "Whoever has symptoms is not turned back: take them to the fever clinic.",
        ),
    )
}
# Rules ended, lapsed, or were replaced by others; or what they ask about was corrected.
NOT_PROPOSED = Hindrance(
    "rules",
    "现在生效的规则不再建议劝返这个人，只能放行。",
    "The rules in force do not propose to turn this person back any more: let them in.",
)
_ASKED = tuple((str(condition["fact"]), holds(condition, ())) for condition in TURN_BACK_UNLESS)


def hindrance(
    person: Standing[Registration], passage: Standing[Passage], rules: RulesInForce
) -> Hindrance | None:
    """What forbids turning the person back, by the facts as they stand after their corrections and the rules in force."""
    facts = facts_of(lambda column: (passage if column in passage.facts else person).fact(column))
    forbidden = next((HINDRANCES[fact] for fact, is_so in _ASKED if is_so(facts)), None)
    if forbidden is not None:
        return forbidden
    decided = rules.rule_set.decide(facts, lapsed=rules.lapsed).measures
    return None if any(one.kind == PROPOSED for one in decided) else NOT_PROPOSED


def decide_turn_back(*, by: Reach, at: datetime, registration: UUID, verdict: str, reason: str) -> TurnBack:
    """Turns somebody back or lets them in, once. Refused where nobody proposed it, and for whom it is never done."""
    by.require("DECIDE_TURN_BACK")
    if verdict not in TurnBack.Verdict.values:
        raise Refusal(
            "VERDICT_UNKNOWN",
            "请选择劝返、放行或已离开卡口。",
            "Say whether they are turned back, let in, or left the barrier.",
        )
    why = tidied(reason, longest=LONGEST_REASON)
    if not why:
        raise Refusal("REASON_MISSING", "请写明决定的理由。", "Say why you decide so.")
    with reach(by) as seen:
        _refuse(seen, registration, verdict, at)
        return _decided(seen, registration, verdict, why, at)


def _refuse(seen: Reach, registration: UUID, verdict: str, at: datetime) -> None:
    found = turn_back_proposed(seen, registration)
    if found is None:
        raise NotFound(
            "TURN_BACK_UNKNOWN", "辖区内没有这条劝返建议。", "Nobody proposed to turn such a person back in your area."
        )  # fmt: skip
    seen.require_own(found.person.row.jurisdiction)
    if found.decided is not None:
        raise _taken(found.decided)
    hinders = hindrance(found.person, found.passage, book().at(at)) if verdict == TURNED_BACK else None
    if hinders is not None:
        raise Refusal("TURN_BACK_FORBIDDEN", hinders.zh, hinders.en, status=409)


def _decided(seen: Reach, registration: UUID, verdict: str, why: str, at: datetime) -> TurnBack:
    jurisdiction = Registration.objects.values_list("jurisdiction", flat=True).get(pk=registration)
    details: dict[str, Any] = {"verdict": str(verdict)}
    try:
        with transaction.atomic():
            made = TurnBack.objects.create(
                registration_id=registration, verdict=verdict, reason=why, decided_by=seen.officer_id, decided_at=at,
                jurisdiction=jurisdiction,
            )  # fmt: skip
            note(
                Act.TURN_BACK_DECIDED, by=seen, subject=f"REGISTRATION {registration}", jurisdiction=jurisdiction,
                details=details,
            )  # fmt: skip
            return made
    except IntegrityError:
        raise _taken(decisions_of(seen, [registration])[registration]) from None


def _taken(decided: TurnBackDecided) -> Refusal:
    """Whoever was quicker has decided; nobody decides again."""
    at = decided.at.astimezone(SHANGHAI)
    zh, en = _DECIDED[decided.verdict]
    return Refusal(
        "TURN_BACK_DECIDED",
        f"{decided.officer}已于 {at:%H:%M} {zh}，不能再改。",
        f"{decided.officer} {en} at {at:%H:%M}; it stands.",
        status=409,
    )


_DECIDED = {
    "TURNED_BACK": ("决定劝返", "decided to turn them back"),
    "ADMITTED": ("决定放行", "decided to let them in"),
    "LEFT": ("记下已离开卡口", "wrote down that they had left"),
}
