"""Referrals by whose they are: for his own page, and for whoever would close his file."""

from uuid import UUID

from lianfang.kernel.reach import Reach
from lianfang.kernel.within import within
from lianfang.referrals.models import Referral, WaitingFact
from lianfang.referrals.seeing import seen_from
from lianfang.referrals.states import OPEN


def of_person(reach: Reach, person: UUID) -> list[Referral]:
    """What somebody was handed over for, the newest first; nothing for whoever sees no referrals."""
    if not reach.may("VIEW_REFERRALS"):
        return []
    return list(Referral.objects.filter(seen_from(reach), person_id=person).order_by("-sent_at", "-id"))


def holds_open(reach: Reach, person: UUID) -> bool:
    """Whether a referral or a waiting fact of this person is open, as far as can be seen. Acts ask for their permission."""
    mine = Referral.objects.filter(within(reach) | within(reach, "origin"), person_id=person)
    waiting = WaitingFact.objects.filter(referral_id__in=mine.values("pk"), closed_at=None)
    return mine.filter(state__in=OPEN).exists() or waiting.exists()
