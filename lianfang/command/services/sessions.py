"""Acts on sessions: opened, closed, revoked; a read-only token for scripts, the worker's own. Signing in: signing_in."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.services.officers import SYSTEM_OFFICER
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound


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


def close_session(*, session: str) -> None:
    """The counterpart of open_session, for what programs opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_close_session(%s)", [session])


@transaction.atomic
def sign_out(*, session: str) -> None:
    """Again, or with a session that is none: nothing happens."""
    found = session_reach(session)
    if found is not None:
        close_session(session=session)
        note(Act.SIGNED_OUT, by=found)


@transaction.atomic
def revoke_sessions(*, by: Reach, ref: str | None = None) -> int:
    """Closes the officer's own session of that reference, or all but this one; how many there were."""
    closed = _close(by.officer_id, ref, by.session if ref is None else None)
    if closed:
        note(Act.SESSION_REVOKED, by=by, subject=f"OFFICER {by.officer_id}", count=closed)
    return closed


@transaction.atomic
def close_all_sessions(*, officer: Officer, by: Reach | None) -> None:
    """Whoever is sent a new link, or left, is nobody from the next question on."""
    closed = _close(officer.id, None, None)
    if closed:
        note(Act.SESSION_REVOKED, by=by, subject=f"OFFICER {officer.id}", count=closed)


def _close(officer_id: UUID, ref: str | None, kept: str | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_close_sessions(%s, %s, %s)", [officer_id, ref, kept])
        return int(cursor.fetchone()[0])


@transaction.atomic
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
    note(Act.TOKEN_ISSUED, by=None, subject=f"OFFICER {officer.id}")
    return token, found.expires_at


def worker_session() -> Reach:
    """The background program's own session over everything; a day long, opened anew when it ends."""
    day = timedelta(days=1)
    found = session_reach(open_session(officer_id=SYSTEM_OFFICER, kind="WORK", lasts=day, idle=day))
    if found is None:
        raise Forbidden("WORKER_REFUSED", "后台程序未能登录。", "The worker's session did not open.")
    return found
