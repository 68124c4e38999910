"""Who stands behind a session or a display's token, and which sessions an officer has."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.command.models import DisplayToken
from lianfang.command.roles import Permission, permissions_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.tokens import hashed


class SessionLine(NamedTuple):
    """An open session of an officer; `ref` names it without opening anything, `this` is the one that asks."""

    ref: str
    kind: str
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    place: str
    agent: str
    this: bool


class LastSignIn(NamedTuple):
    at: datetime
    place: str


def session_reach(session: str) -> Reach | None:
    """Who stands behind a session id, with their reach; None when unknown, closed, expired or idle for too long."""
    if not _is_like_a_session(session):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT officer_id, officer_name, kind, expires_at, roles, los, his, glass_los, glass_his "
            "FROM lianfang_session(%s)",
            [session],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    officer_id, name, kind, expires_at, roles, los, his, glass_los, glass_his = row
    return Reach(
        session=session,
        officer_id=officer_id,
        officer_name=name,
        kind=kind,
        expires_at=expires_at,
        roles=tuple(roles),
        permissions=permissions_of(tuple(roles)),
        spans=tuple(zip(los, his, strict=True)),
        glass=tuple(zip(glass_los, glass_his, strict=True)),
    )


def open_sessions(reach: Reach) -> list[SessionLine]:
    """The officer's own, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ref, kind, opened_at, seen_at, expires_at, place, agent, this FROM lianfang_sessions(%s)",
            [reach.session],
        )
        return [SessionLine(*row) for row in cursor.fetchall()]


def session_end(session: str) -> str | None:
    """Why a session is nobody's any more: IDLE, EXPIRED, CLOSED; None when it is open or never was one."""
    if not _is_like_a_session(session):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_session_end(%s)", [session])
        return cursor.fetchone()[0]


def last_sign_in(officer_id: UUID) -> LastSignIn | None:
    """When and from where an officer signed in last; None before the first time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opened_at, place FROM lianfang_last_sign_in(%s)", [officer_id])
        row = cursor.fetchone()
    return LastSignIn(*row) if row else None


def _is_like_a_session(session: str) -> bool:
    return bool(session) and len(session) <= 200 and session.isascii() and "\0" not in session


def display_of_token(token: str, *, at: datetime) -> Reach | None:
    """What a display's token opens: the wall. None when it is unknown, revoked or expired, without telling which.

    There is no session behind it, so row-level security shows it no personal row whatever a page asks. The token is
    found by its hash, so nothing is learnt from how long that takes; it has 256 bits, so guesses need no counting.
    """
    if not token or len(token) > 200 or not token.isascii():
        return None
    good = DisplayToken.objects.filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=at)
    found = good.first()
    if found is None:
        return None
    return Reach(
        session="",
        officer_id=found.id,
        officer_name=found.name,
        kind="DISPLAY",
        expires_at=found.expires_at,
        permissions=frozenset({str(Permission.VIEW_WALL)}),
    )
