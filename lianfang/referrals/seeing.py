"""Which referrals a desk sees: those that come to it, those it sent or placed, and all of whoever was registered in its area."""

from django.db.models import Exists, OuterRef, Q

from lianfang.kernel.reach import Reach
from lianfang.kernel.within import within
from lianfang.referrals.models import Referral


def seen_from(reach: Reach) -> Q:
    first = Referral.objects.filter(
        within(reach, "origin"), registration_id=OuterRef("registration_id"), previous_id=None
    )
    return within(reach) | within(reach, "origin") | within(reach, "placed_from") | Q(Exists(first))
