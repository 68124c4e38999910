"""Acts on officers: appointed, given a role over a division, and the first one of an empty platform."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from lianfang.command.models import Officer, Posting, SetUpLink
from lianfang.command.roles import ROLES
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed, new_token

SYSTEM_OFFICER = UUID("00000000-0000-7000-8000-000000000001")
SHORTEST_PASSWORD = 10
SET_UP_LASTS = timedelta(hours=24)


@transaction.atomic
def appoint(*, sign_in_name: str, name: str, password: str, at: datetime) -> Officer:
    """A new officer who can sign in; without a posting they see nothing."""
    sign_in_name = sign_in_name.strip()
    if not sign_in_name or not name.strip():
        raise Refusal("NAME_MISSING", "请填写用户名和姓名。", "Give a sign-in name and a name.")
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(
            "PASSWORD_SHORT",
            f"密码至少 {SHORTEST_PASSWORD} 位。",
            f"A password has at least {SHORTEST_PASSWORD} characters.",
        )
    if Officer.objects.filter(sign_in_name=sign_in_name).exists():
        raise Refusal("NAME_TAKEN", "这个用户名已经有人用了。", "This sign-in name is taken.", status=409)
    return Officer.objects.create(
        sign_in_name=sign_in_name, name=name, password=make_password(password), made_at=at
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


def set_password(*, officer: Officer, password: str) -> None:
    Officer.objects.filter(pk=officer.pk).update(password=make_password(password))


def make_set_up_link(*, at: datetime) -> str:
    """A one-time token with which the first administrator of an empty deployment signs up."""
    token = new_token("setup")
    SetUpLink.objects.create(token_hash=hashed(token), made_at=at, expires_at=at + SET_UP_LASTS)
    return token


@transaction.atomic
def set_up(
    *, token: str, sign_in_name: str, name: str, password: str, division: str, at: datetime
) -> Officer:
    """The first administrator: also headquarters' duty officer over the city, until others are appointed."""
    link = SetUpLink.objects.select_for_update().filter(token_hash=hashed(token)).first()
    if link is None or link.used_at is not None or link.expires_at <= at:
        raise Refusal(
            "LINK_USED",
            "设置链接无效、已用过或已过期，请在服务器上重新生成。",
            "The set-up link is unknown, used or expired; make a new one on the server.",
            status=410,
        )
    officer = appoint(sign_in_name=sign_in_name, name=name, password=password, at=at)
    for role in ("ADMINISTRATOR", "HEADQUARTERS"):
        post(officer=officer, role=role, division=division, at=at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    return officer
