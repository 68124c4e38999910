"""Acts of the system administrator: officers are appointed, begin anew with another link, and leave."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction

from lianfang.command.models import ActivationLink, Officer, Posting
from lianfang.command.queries.officers import lasting_beyond
from lianfang.command.rules import SIGN_IN_NAME
from lianfang.command.services.activation import make_activation_link
from lianfang.command.services.postings import end_all, locked_officer
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, Refusal

LONGEST_OFFICER_NAME = 40
# Whoever could open these accounts with a link of his own would hold two of the three offices.
NOT_RENEWED_ALONE = ("SECURITY_ADMINISTRATOR", "AUDITOR")


@transaction.atomic
def appoint_officer(*, by: Reach, sign_in_name: str, name: str, at: datetime) -> tuple[Officer, str]:
    """A new officer, and the token of the link with which they set a password. They see nothing until they are posted."""
    by.require("MANAGE_OFFICERS")
    name = "".join(mark for mark in name if mark.isprintable()).strip()[:LONGEST_OFFICER_NAME]
    if not name:
        raise Refusal("NAME_MISSING", "请填写姓名。", "Give the officer's name.")
    if not SIGN_IN_NAME.fullmatch(sign_in_name):
        raise Refusal(
            "SIGN_IN_NAME_FORM",
            "用户名用 2 到 40 个小写字母、数字或 . _ -，以字母或数字开头。",
            "A sign-in name is 2 to 40 small letters, digits or . _ - and begins with a letter or digit.",
        )
    officer = _created(sign_in_name, name, at)
    note(Act.OFFICER_APPOINTED, by=by, subject=f"OFFICER {officer.id}")
    return officer, make_activation_link(officer=officer, by=by, at=at)


def _created(sign_in_name: str, name: str, at: datetime) -> Officer:
    try:
        with transaction.atomic():
            return Officer.objects.create(
                sign_in_name=sign_in_name, name=name, password=make_password(None), made_at=at
            )
    except IntegrityError as error:
        raise Refusal(
            "NAME_TAKEN", "这个用户名已经有人用了。", "This sign-in name is taken.", status=409
        ) from error


@transaction.atomic
def renew_activation(*, by: Reach, officer_id: UUID, at: datetime) -> tuple[Officer, str]:
    """Another link for somebody whose password, phone or link is lost; what they signed in with ends at once."""
    by.require("MANAGE_OFFICERS")
    officer = locked_officer(by, officer_id, at=at)
    held = Posting.objects.filter(lasting_beyond(at), officer=officer, role__in=NOT_RENEWED_ALONE)
    if officer.password_set_at is not None and held.exists():
        raise Forbidden(
            "TWO_PEOPLE",
            "安全管理员、审计管理员的账号不能由系统管理员一人重设：请另一名安全管理员先结束其任职，重设后再授予；"
            "没有另一名时，到服务器上用命令重设。",
            "The account of a security administrator or auditor is not reset by one person: another security "
            "administrator ends the posting first and grants it again; where there is none, reset it at the server.",
        )
    Officer.objects.filter(pk=officer.pk).update(password_set_at=None)
    return officer, make_activation_link(officer=officer, by=by, at=at)


@transaction.atomic
def let_leave(*, by: Reach, officer_id: UUID, at: datetime) -> Officer:
    """The officer is gone: postings end, sessions and scripts' tokens close, no link opens the account any more."""
    by.require("MANAGE_OFFICERS")
    officer = locked_officer(by, officer_id, at=at)
    ended = end_all(by=by, officer=officer, at=at)
    Officer.objects.filter(pk=officer.pk).update(left_at=at)
    ActivationLink.objects.filter(officer=officer, used_at=None, expires_at__gt=at).update(expires_at=at)
    closed = _close_sessions(officer)
    note(
        Act.OFFICER_LEFT,
        by=by,
        subject=f"OFFICER {officer.id}",
        details={"postings_ended": ended, "sessions_closed": closed},
    )
    officer.left_at = at
    return officer


def _close_sessions(officer: Officer) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_close_sessions(%s)", [officer.id])
        return int(cursor.fetchone()[0])
