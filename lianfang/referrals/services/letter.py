"""协查函: who is headed beyond the city is taken over by others, whom a letter asks; what they answer is noted here."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from lianfang.kernel.audit.references import DIGITS
from lianfang.kernel.divisions import from_integer
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.referrals.services.answering import Acted, is_done, locked, move
from lianfang.referrals.services.placing import head_for
from lianfang.referrals.services.waiting import wait_as_they_stand
from lianfang.referrals.services.writing import ReferralNote
from lianfang.referrals.states import Kind, ReferralState

LETTERS = (Kind.LETTER_SENT, Kind.LETTER_ANSWERED, Kind.LETTER_RETURNED)


def write_letter(
    *, by: Reach, at: datetime, id: UUID, referral: UUID, kind: str, written: ReferralNote | None = None
) -> Acted:
    """A letter went out, was answered, or came back. Inside `reach()`, by whoever sent him there.

    Sent back, he is the sender's own to place again: nobody is lost between two places.
    """
    if kind not in LETTERS:
        raise Refusal("LETTER_UNKNOWN", "请选择协查函怎么样了。", "Choose what became of the letter.")
    found = locked(by, referral)
    if is_done(found, id, Kind(kind)):
        return Acted(ReferralState(found.state), repeated=True)
    acted = move(by, found, Kind(kind), id=id, at=at, occurred_at=at, written=written)
    if kind == Kind.LETTER_RETURNED:
        head_for(found, from_integer(found.sender), city=None, vacant=False, at=at)
        wait_as_they_stand([found.id], by=None, at=at)
    return acted


def letter_number(id: UUID) -> str:
    """The number on the letter that the act with this id sent: always the same, so that it is printed again as it was."""
    digest = sha256(id.bytes).digest()
    signs = "".join(DIGITS[byte % len(DIGITS)] for byte in digest[:8])
    return f"{signs[:4]}-{signs[4:]}"
