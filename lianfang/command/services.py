"""Acts on officers, sessions and displays: appoint, post, sign in, sign out; a wall's token made and revoked."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from lianfang.command.models import DisplayToken, Officer, Posting, SetUpLink
from lianfang.command.queries import session_reach
from lianfang.command.roles import ROLES
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.kernel.tokens import hashed, new_token

SYSTEM_OFFICER = UUID("00000000-0000-7000-8000-000000000001")
SHORTEST_PASSWORD = 10
SET_UP_LASTS = timedelta(hours=24)
LONGEST_NAME = 60
DISPLAY_LASTS = timedelta(days=90)  # at most, and unless told otherwise

# Checked against when the name is unknown, so that an unknown name takes as long as a wrong password.
_NOBODY = make_password("nobody signs in with this")


class WrongSignIn(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "WRONG_SIGN_IN", "用户名或密码不对。", "The name or the password is wrong.", status=403
        )


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


def post(*, officer: Officer, role: str, division: str, at: datetime) -> Posting:
    """Gives an officer a role over a division, from now on."""
    if role not in ROLES:
        raise Refusal("ROLE_UNKNOWN", "没有这个岗位。", "There is no such role.")
    lo, hi = span(division)
    return Posting.objects.create(officer=officer, role=role, division=division, lo=lo, hi=hi, from_at=at)


def set_password(*, officer: Officer, password: str) -> None:
    Officer.objects.filter(pk=officer.pk).update(password=make_password(password))


def sign_in(*, sign_in_name: str, password: str) -> str:
    """The random id of a new desk session. Raises WrongSignIn, without saying what was wrong."""
    officer = Officer.objects.filter(sign_in_name=sign_in_name.strip(), left_at=None).first()
    if not check_password(password, officer.password if officer else _NOBODY) or officer is None:
        raise WrongSignIn
    return open_session(
        officer_id=officer.id, kind="DESK", lasts=settings.DESK_SESSION, idle=settings.DESK_IDLE
    )


def open_session(*, officer_id: UUID, kind: str, lasts: timedelta, idle: timedelta) -> str:
    with connection.cursor() as cursor:
        seconds = [lasts.total_seconds(), idle.total_seconds()]
        cursor.execute(
            "SELECT lianfang_open_session(%s, %s, make_interval(secs => %s), make_interval(secs => %s))",
            [officer_id, kind, *seconds],
        )
        return str(cursor.fetchone()[0])


def sign_out(*, session: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_close_session(%s)", [session])


def issue_token(*, sign_in_name: str) -> tuple[str, datetime]:
    """A read-only officer token and the moment it expires."""
    officer = Officer.objects.filter(sign_in_name=sign_in_name, left_at=None).first()
    if officer is None:
        raise NotFound("OFFICER_UNKNOWN", "没有这个用户名。", "There is no officer of this sign-in name.")
    lasts = settings.TOKEN_SESSION
    token = open_session(officer_id=officer.id, kind="TOKEN", lasts=lasts, idle=lasts)
    found = session_reach(token)
    if found is None:
        raise Forbidden("TOKEN_REFUSED", "令牌未能生效。", "The token did not come into force.")
    return token, found.expires_at


def worker_session() -> Reach:
    """The background program's own session over everything; a day long, opened anew when it ends."""
    day = timedelta(days=1)
    found = session_reach(open_session(officer_id=SYSTEM_OFFICER, kind="WORK", lasts=day, idle=day))
    if found is None:
        raise Forbidden("WORKER_REFUSED", "后台程序未能登录。", "The worker's session did not open.")
    return found


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


def make_display_token(
    *, by: Reach, name: str, lasts: timedelta = DISPLAY_LASTS, at: datetime
) -> tuple[str, DisplayToken]:
    """A token that opens the wall on a screen nobody signs in at. It is answered here, once, and kept as a hash."""
    by.require("MANAGE_DISPLAYS")
    return issue_display_token(name=name, lasts=lasts, at=at, made_by=by.officer_id)


def issue_display_token(
    *, name: str, lasts: timedelta, at: datetime, made_by: UUID = SYSTEM_OFFICER
) -> tuple[str, DisplayToken]:
    """The same for whoever stands at the server: nobody is asked for a permission."""
    name = "".join(mark for mark in name if mark.isprintable()).strip()[:LONGEST_NAME]
    if not name:
        raise Refusal("NAME_MISSING", "请填写大屏的名称。", "Give the display a name.")
    if not timedelta(0) < lasts <= DISPLAY_LASTS:
        raise Refusal(
            "DISPLAY_LASTS",
            f"大屏令牌最长有效 {DISPLAY_LASTS.days} 天。",
            f"A display token lasts for {DISPLAY_LASTS.days} days at most.",
        )
    token = new_token("display")
    made = DisplayToken.objects.create(
        name=name, token_hash=hashed(token), made_by=made_by, made_at=at, expires_at=at + lasts
    )
    return token, made


def revoke_display_token(*, by: Reach, id: UUID, at: datetime) -> None:
    """The display shows nothing any more, from the next question on. Again: nothing changes."""
    by.require("MANAGE_DISPLAYS")
    if not DisplayToken.objects.filter(pk=id).exists():
        raise NotFound("DISPLAY_UNKNOWN", "没有这块大屏。", "There is no such display.")
    DisplayToken.objects.filter(pk=id, revoked_at=None).update(revoked_at=at, revoked_by=by.officer_id)
