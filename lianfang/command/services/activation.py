"""Activation: the one-time link with which an officer begins, at first or anew after losing password or phone."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from lianfang.command.models import ActivationLink, Officer
from lianfang.command.services.lockout import WrongGuess, attempt, forget_failures_of
from lianfang.command.services.passwords import require_good_password, set_password
from lianfang.command.services.second_factor import drop_second_factor
from lianfang.command.services.sessions import close_all_sessions
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed, new_token

ACTIVATION_LASTS = timedelta(hours=72)


class LinkUnknown(WrongGuess):
    """Counted at the place it comes from: links are guessed, too."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            "LINK_UNKNOWN",
            "激活链接不对，可能没有复制完整。请核对，或向系统管理员要新的。",
            "This is no activation link; perhaps a part of it is missing. Check it, or ask the system administrator for a new one.",
        )


@transaction.atomic
def make_activation_link(*, officer: Officer, by: Reach | None, at: datetime) -> str:
    """The token of a new link, shown once; its address is `/activate/TOKEN`. `by` None: at the server's command line.

    Whoever is sent a link begins anew: password, second factor, recovery codes, sessions and earlier links end here.
    """
    if by is not None:
        by.require("MANAGE_OFFICERS")
    subject = f"OFFICER {officer.id}"
    ActivationLink.objects.filter(officer=officer, used_at=None, expires_at__gt=at).update(expires_at=at)
    Officer.objects.filter(pk=officer.pk).update(password=make_password(None))
    if drop_second_factor(officer=officer):
        note(Act.SECOND_FACTOR_RESET, by=by, subject=subject)
    close_all_sessions(officer=officer, by=by)
    forget_failures_of(officer.sign_in_name)
    token = new_token("activate")
    ActivationLink.objects.create(
        token_hash=hashed(token),
        officer=officer,
        made_by=by.officer_id if by else None,
        made_at=at,
        expires_at=at + ACTIVATION_LASTS,
    )
    note(Act.ACTIVATION_SENT, by=by, subject=subject)
    return token


def whose_link(*, token: str, place: str, at: datetime) -> Officer:
    """Whom a link is for, before it is used. Refused with a sentence when it is unknown, used or expired."""
    with attempt(place=place, at=at, step="ACTIVATION"):
        link = _link(token)
        if link is None or link.officer.left_at is not None:
            raise LinkUnknown
    _require_good(link, at)
    return link.officer


@transaction.atomic
def activate(*, token: str, password: str, at: datetime) -> Officer:
    """The officer whose link it was, with this password from now on."""
    link = _link(token, lock=True)
    if link is None or link.officer.left_at is not None:
        raise LinkUnknown
    _require_good(link, at)
    officer = link.officer
    require_good_password(password, sign_in_name=officer.sign_in_name)
    link.used_at = at
    link.save(update_fields=["used_at"])
    set_password(officer=officer, password=password, at=at)
    note(Act.PASSWORD_CHANGED, by=None, subject=f"OFFICER {officer.id}", details={"activation": True})
    officer.refresh_from_db()
    return officer


def _link(token: str, *, lock: bool = False) -> ActivationLink | None:
    links = ActivationLink.objects.select_related("officer").filter(token_hash=hashed(token))
    return (links.select_for_update(of=("self",)) if lock else links).first()


def _require_good(link: ActivationLink, at: datetime) -> None:
    if link.used_at is not None:
        raise Refusal(
            "LINK_USED",
            "这个激活链接已经用过了。是您用的，请直接登录；不是您用的，请马上告诉系统管理员。",
            "This activation link was used. If it was you, please sign in; if not, tell the system administrator at once.",
            status=410,
        )
    if link.expires_at <= at:
        raise Refusal(
            "LINK_EXPIRED",
            "这个激活链接已过期，或已换成新的。请向系统管理员要新的。",
            "This activation link has expired, or a newer one took its place. Ask the system administrator for a new one.",
            status=410,
        )
