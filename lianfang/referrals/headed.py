"""At which address somebody is to be found: the one he told, until he is sent elsewhere; then the one that was written with that."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from lianfang.kernel.reach import Hand
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.queries import within_own
from lianfang.referrals.services.writing import opened
from lianfang.referrals.states import Kind

_SENDS = (Kind.SENT, Kind.PLACED)  # with moving on it stands in the first line of the next referral


def addresses_since(by: Hand, referrals: Iterable[Referral]) -> Mapping[UUID, str]:
    """Of those who were placed elsewhere or moved on: the address written with it, an empty text where none was.

    What he told at the gate belongs to the place he told there. One question, none where nobody was sent elsewhere.
    """
    anew = {one.id: one for one in referrals if one.placed_from is not None or one.previous_id is not None}
    found = dict.fromkeys(anew, "")
    if not anew:
        return found
    rows = ReferralEvent.objects.filter(referral_id__in=anew, kind__in=_SENDS, sealed__isnull=False)
    for event in rows.order_by("received_at", "id"):
        if within_own(by, event) and event.destination == anew[event.referral_id].destination:
            found[event.referral_id] = (written.address if (written := opened(event)) else "") or ""
    return found
