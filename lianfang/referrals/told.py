"""What becomes of somebody, told to himself: every referral of his arrivals and of his file, with what was done and written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from lianfang.kernel.reach import Reach
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.queries import EventTold, within_own
from lianfang.referrals.seeing import seen_from
from lianfang.referrals.services.writing import opened


@dataclass(frozen=True, slots=True)
class ReferralTold:
    """A referral with everything done about it, the oldest first."""

    one: Referral
    events: tuple[EventTold, ...]


def told(reach: Reach, *, registrations: Sequence[UUID], people: Sequence[UUID]) -> tuple[ReferralTold, ...]:
    """The newest first, as far as the officer may see. Two questions, for rooms that asked for their permission."""
    his = Q(registration_id__in=registrations) | Q(person_id__in=people)
    found = list(Referral.objects.filter(seen_from(reach), his).order_by("-sent_at", "-id"))
    done: dict[UUID, list[EventTold]] = defaultdict(list)
    events = ReferralEvent.objects.filter(referral_id__in=[one.id for one in found])
    for event in events.order_by("occurred_at", "received_at", "id"):
        written = opened(event) if within_own(reach, event) else None
        done[event.referral_id].append(EventTold(event, written))
    return tuple(ReferralTold(one, tuple(done[one.id])) for one in found)
