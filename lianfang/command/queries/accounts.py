"""What officers read about their own account."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from lianfang.command.models import Officer
from lianfang.kernel.reach import Reach


class OwnAccount(NamedTuple):
    """`second_factor_since` None: there is none. `codes_left`: recovery codes that were not used."""

    name: str
    sign_in_name: str
    password_set_at: datetime | None
    second_factor_since: datetime | None
    codes_left: int


def own_account(reach: Reach) -> OwnAccount:
    """The account of whoever asks."""
    left = Count("recovery_codes", filter=Q(recovery_codes__used_at=None))
    columns = ("name", "sign_in_name", "password_set_at", "totp_confirmed_at")
    row = Officer.objects.annotate(left=left).values_list(*columns, "left").get(pk=reach.officer_id)
    return OwnAccount(*row)
