"""Who may hold which role, from what is held already: facts in, the posting that stands in the way out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lianfang.command.roles import ROLES

# 三员: whoever appoints, whoever grants, whoever audits. One person in two of these offices would check himself.
ADMINISTRATORS = frozenset({"ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "AUDITOR"})
# So long nobody goes from one of the three offices to another: not within a shift, not over a night.
APART = timedelta(hours=24)
NOT_GRANTED = frozenset({"WORKER"})
GRANTED = tuple(code for code in ROLES if code not in NOT_GRANTED)

SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Held:
    """A posting as the rules read it. `signs_in`: its officer has set a password, so that he can act."""

    officer_id: UUID
    role: str
    lo: int
    hi: int
    from_at: datetime
    until_at: datetime | None
    signs_in: bool = True

    def lasts_beyond(self, at: datetime) -> bool:
        return self.until_at is None or self.until_at > at


def of_another_role(role: str, held: Iterable[Held], *, at: datetime) -> Held | None:
    """A posting that goes on and is of another role: nobody holds two at once."""
    return next((one for one in held if one.role != role and one.lasts_beyond(at)), None)


def too_close(role: str, held: Iterable[Held], *, at: datetime) -> Held | None:
    """One of the other two offices of the three, held until less than a day ago."""
    if role not in ADMINISTRATORS:
        return None
    others = ADMINISTRATORS - {role}
    return next((one for one in held if one.role in others and one.lasts_beyond(at - APART)), None)


def already_covering(role: str, lo: int, hi: int, held: Iterable[Held], *, at: datetime) -> Held | None:
    """A posting of the same role that reaches over the whole division already."""
    same = (one for one in held if one.role == role and one.lasts_beyond(at))
    return next((one for one in same if one.lo <= lo and hi <= one.hi), None)


def is_the_last(ended: Held, others: Iterable[Held]) -> bool:
    """Whether an office of the three would be left without anybody over the whole division.

    Others count when they can sign in and hold it without an end: who stands in for a week is no successor.
    """
    if ended.role not in ADMINISTRATORS:
        return False
    return not any(
        one.officer_id != ended.officer_id
        and one.role == ended.role
        and one.signs_in
        and one.until_at is None
        and one.lo <= ended.lo
        and ended.hi <= one.hi
        for one in others
    )
