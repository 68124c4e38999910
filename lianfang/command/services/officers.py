"""Acts on officers: appointed, and given a role over a division."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from lianfang.command.models import Officer, Posting
from lianfang.command.roles import ROLES
from lianfang.command.services.passwords import require_good_password
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal

SYSTEM_OFFICER = UUID("00000000-0000-7000-8000-000000000001")


@transaction.atomic
def appoint(
    *, sign_in_name: str, name: str, password: str | None = None, second_factor: bool = True, at: datetime
) -> Officer:
    """A new officer; without a posting they see nothing. Without a password they begin with an activation link."""
    sign_in_name = sign_in_name.strip()
    if not sign_in_name or not name.strip():
        raise Refusal("NAME_MISSING", "请填写用户名和姓名。", "Give a sign-in name and a name.")
    if password is not None:
        require_good_password(password, sign_in_name=sign_in_name)
    if Officer.objects.filter(sign_in_name=sign_in_name).exists():
        raise Refusal("NAME_TAKEN", "这个用户名已经有人用了。", "This sign-in name is taken.", status=409)
    return Officer.objects.create(
        sign_in_name=sign_in_name,
        name=name,
        password=make_password(password),
        password_set_at=at if password is not None else None,
        second_factor=second_factor,
        made_at=at,
    )


def post(
    *,
    officer: Officer,
    role: str,
    division: str,
    until: datetime | None = None,
    by: Reach | None = None,
    at: datetime,
) -> Posting:
    """Gives an officer a role over a division, from now on. `by` None: at the server. The desk asks `grant_posting`."""
    if role not in ROLES:
        raise Refusal("ROLE_UNKNOWN", "没有这个岗位。", "There is no such role.")
    lo, hi = span(division)
    return Posting.objects.create(
        officer=officer,
        role=role,
        division=division,
        lo=lo,
        hi=hi,
        from_at=at,
        until_at=until,
        granted_by=by.officer_id if by else None,
    )
