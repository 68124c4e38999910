"""A wall's token: made, and revoked."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from lianfang.command.models import DisplayToken
from lianfang.command.services.officers import SYSTEM_OFFICER
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.kernel.tokens import hashed, new_token

LONGEST_NAME = 60
DISPLAY_LASTS = timedelta(days=90)  # at most, and unless told otherwise


def make_display_token(
    *, by: Reach, name: str, lasts: timedelta = DISPLAY_LASTS, at: datetime
) -> tuple[str, DisplayToken]:
    """A token that opens the wall on a screen nobody signs in at. It is answered here, once, and kept as a hash."""
    by.require("MANAGE_DISPLAYS")
    return issue_display_token(name=name, lasts=lasts, at=at, by=by)


@transaction.atomic
def issue_display_token(
    *, name: str, lasts: timedelta, at: datetime, by: Reach | None = None
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
        name=name,
        token_hash=hashed(token),
        made_by=by.officer_id if by else SYSTEM_OFFICER,
        made_at=at,
        expires_at=at + lasts,
    )
    note(
        Act.DISPLAY_MADE,
        by=by,
        subject=f"DISPLAY {made.id}",
        details={"expires_at": made.expires_at.isoformat()},
    )
    return token, made


@transaction.atomic
def revoke_display_token(*, by: Reach, id: UUID, at: datetime) -> None:
    """The display shows nothing any more, from the next question on. Again: nothing changes."""
    by.require("MANAGE_DISPLAYS")
    if not DisplayToken.objects.filter(pk=id).exists():
        raise NotFound("DISPLAY_UNKNOWN", "没有这块大屏。", "There is no such display.")
    if DisplayToken.objects.filter(pk=id, revoked_at=None).update(revoked_at=at, revoked_by=by.officer_id):
        note(Act.DISPLAY_REVOKED, by=by, subject=f"DISPLAY {id}")
