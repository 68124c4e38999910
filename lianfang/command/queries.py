"""Questions about officers and their sessions."""

from django.db import connection

from lianfang.command.roles import permissions_of
from lianfang.kernel.reach import Reach


def session_reach(session: str) -> Reach | None:
    """Who stands behind a session id, with their reach; None when unknown, closed, expired or idle for too long."""
    if not session or len(session) > 200 or not session.isascii() or "\0" in session:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT officer_id, officer_name, kind, expires_at, roles, los, his FROM lianfang_session(%s)",
            [session],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    officer_id, name, kind, expires_at, roles, los, his = row
    return Reach(
        session=session,
        officer_id=officer_id,
        officer_name=name,
        kind=kind,
        expires_at=expires_at,
        roles=tuple(roles),
        permissions=permissions_of(tuple(roles)),
        spans=tuple(zip(los, his, strict=True)),
    )
