"""Acts on sessions: sign in, sign out, a read-only token for scripts, the worker's own."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection

from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.services.officers import SYSTEM_OFFICER
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal

# Checked against when the name is unknown, so that an unknown name takes as long as a wrong password.
_NOBODY = make_password("nobody signs in with this")


class WrongSignIn(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "WRONG_SIGN_IN", "用户名或密码不对。", "The name or the password is wrong.", status=403
        )


def sign_in(*, sign_in_name: str, password: str) -> str:
    """The random id of a new desk session. Raises WrongSignIn, without saying what was wrong."""
    officer = Officer.objects.filter(sign_in_name=sign_in_name.strip(), left_at=None).first()
    if not check_password(password, officer.password if officer else _NOBODY) or officer is None:
        raise WrongSignIn
    return open_session(
        officer_id=officer.id, kind="DESK", lasts=settings.DESK_SESSION, idle=settings.DESK_IDLE
    )


def open_session(
    *, officer_id: UUID, kind: str, lasts: timedelta, idle: timedelta, place: str = "", agent: str = ""
) -> str:
    """The random id of a new session; `place` and `agent` are what its officer recognises it by in the list."""
    with connection.cursor() as cursor:
        seconds = [lasts.total_seconds(), idle.total_seconds()]
        cursor.execute(
            "SELECT lianfang_open_session(%s, %s, make_interval(secs => %s), make_interval(secs => %s), %s, %s)",
            [officer_id, kind, *seconds, place, agent],
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
