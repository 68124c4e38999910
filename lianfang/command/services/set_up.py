"""The first four officers of an empty platform: three administrators who are different people, and a duty officer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from lianfang.command.models import Officer, SetUpLink
from lianfang.command.roles import ROLES
from lianfang.command.services.activation import make_activation_link
from lianfang.command.services.officers import appoint, post
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed, new_token

SET_UP_LASTS = timedelta(hours=24)
# Who is sent a link when the system administrator signs up, and what they sign in with.
OTHERS = {"SECURITY_ADMINISTRATOR": "anquan", "AUDITOR": "shenji", "HEADQUARTERS": "zhihuibu"}


class FirstLink(NamedTuple):
    """One of the others, and the token of the link that is handed to them."""

    role: str
    name: str
    sign_in_name: str
    token: str


def make_set_up_link(*, at: datetime) -> str:
    """A one-time token with which the first administrator of an empty deployment signs up."""
    token = new_token("setup")
    SetUpLink.objects.create(token_hash=hashed(token), made_at=at, expires_at=at + SET_UP_LASTS)
    return token


@transaction.atomic
def set_up(
    *,
    token: str,
    sign_in_name: str,
    name: str,
    password: str,
    division: str,
    at: datetime,
    others: Mapping[str, str] | None = None,
) -> tuple[Officer, list[FirstLink]]:
    """The system administrator, and the links of those who do what he may not. `others`: their names by role."""
    link = SetUpLink.objects.select_for_update().filter(token_hash=hashed(token)).first()
    if link is None or link.used_at is not None or link.expires_at <= at:
        raise Refusal(
            "LINK_USED",
            "设置链接无效、已用过或已过期，请在服务器上重新生成。",
            "The set-up link is unknown, used or expired; make a new one on the server.",
            status=410,
        )
    if sign_in_name.strip() in OTHERS.values():
        raise Refusal(
            "NAME_KEPT",
            "这个用户名留给另外三个账号，请换一个。",
            "This sign-in name is kept for one of the other three accounts: choose another.",
            status=409,
        )
    first = appoint(sign_in_name=sign_in_name, name=name, password=password, at=at)
    post(officer=first, role="ADMINISTRATOR", division=division, at=at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    names = others or {}
    return first, [_other(role, names.get(role, ""), division, at) for role in OTHERS]


def _other(role: str, name: str, division: str, at: datetime) -> FirstLink:
    officer = appoint(sign_in_name=OTHERS[role], name=name.strip() or ROLES[role].name, at=at)
    post(officer=officer, role=role, division=division, at=at)
    token = make_activation_link(officer=officer, by=None, at=at)
    return FirstLink(role, officer.name, officer.sign_in_name, token)
