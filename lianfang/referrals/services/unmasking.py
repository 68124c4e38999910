"""Looking at all of who it is, for a purpose that is written down with it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.audit import Act, Purpose, note
from lianfang.kernel.audit.references import new_reference
from lianfang.kernel.masking import UNMASKED
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.queries import PersonInView
from lianfang.referrals.models import Referral
from lianfang.referrals.who import known, people_of


class UnmaskedReferral(NamedTuple):
    """The whole of who it is, and the reference under which the log has who looked."""

    referral: Referral
    person: PersonInView | None
    reference: str


def unmask_referral(*, by: Reach, id: UUID, purpose: str, at: datetime) -> UnmaskedReferral:
    """Inside `reach()`."""
    by.require("UNMASK")
    if purpose not in {*Purpose}:
        raise Refusal("PURPOSE_MISSING", "请选择为什么要看完整信息。", "Choose what you read it for.")
    return _seen(by, id, Act.UNMASKED, purpose, at)


def letter_of(*, by: Reach, id: UUID, at: datetime) -> UnmaskedReferral:
    """What a letter says of whom others are asked to take over: it leaves the program, and is noted so. Inside `reach()`."""
    by.require("ANSWER_REFERRALS")
    return _seen(by, id, Act.EXPORTED, Purpose.INVESTIGATION, at)


def _seen(by: Reach, id: UUID, act: Act, purpose: str, at: datetime) -> UnmaskedReferral:
    found = known(by, id)
    person = people_of(by, [found], at=at, sight=UNMASKED).get(found.person_id or id)
    reference = new_reference()
    note(
        act, by=by, subject=f"REFERRAL {id}", jurisdiction=found.answerable, purpose=purpose, details={"reference": reference}
    )  # fmt: skip
    return UnmaskedReferral(found, person, reference)
