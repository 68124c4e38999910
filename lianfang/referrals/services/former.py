"""What comes too late: somebody answered at his door on a grid to which he is not handed over any more."""

from datetime import datetime
from uuid import UUID

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import GridReach
from lianfang.referrals.models import ReferralEvent
from lianfang.referrals.services.answering import Acted
from lianfang.referrals.services.writing import ReferralNote, sealed
from lianfang.referrals.states import ReferralState


def note_former(
    *,
    by: GridReach,
    at: datetime,
    id: UUID,
    referral: UUID,
    kind: str,
    state: ReferralState,
    occurred_at: datetime,
    written: ReferralNote | None,
) -> Acted:
    """A line of the history, written where he was then; it moves nothing. `state`: as he stands where he is now."""
    wrapped, blob = sealed(written, id=id, at=at) if written else (None, None)
    ReferralEvent.objects.create(
        id=id, referral_id=referral, kind=kind, state=state, occurred_at=occurred_at, received_at=at,
        roster_id=by.roster_id, jurisdiction=by.lo, wrapped_key=wrapped, sealed=blob,
    )  # fmt: skip
    note(
        Act.REFERRAL_ANSWERED,
        by=None,
        subject=f"REFERRAL {referral}",
        jurisdiction=by.lo,
        details={"kind": kind, "state": str(state), "roster": str(by.roster_id)},
    )
    return Acted(state, late=True)
