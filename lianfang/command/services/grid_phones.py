"""Phones of grid workers: invited with a one-time code, enrolled with a PIN, opened with both, revoked.

Codes and tokens are kept as hashes, PINs as what argon2 makes of them. A grid phone reads the list of its own grid.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from lianfang.command.models import RosterToken
from lianfang.command.rules import LONGEST_PIN, MOST_WRONG_PINS, SHORTEST_PIN, is_pin
from lianfang.command.services.notices import tell
from lianfang.kernel.as_typed import plain_number
from lianfang.kernel.audit import REFUSED, Act, note
from lianfang.kernel.divisions import canonical, is_code, level, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.kernel.tokens import hashed, new_code, new_token

ROSTER_LOCKED = "ROSTER_LOCKED"
CODE_LASTS = timedelta(minutes=15)
ROSTER_LASTS = timedelta(hours=24)
DELIVERS_FOR = timedelta(days=7)  # after its end: what was answered at doors before still comes in
LONGEST_WORKER = 60
GRIDS = ("VILLAGE", "GRID", "MICRO_GRID")


@dataclass(frozen=True, slots=True)
class GridInvitation:
    """A one-time code, shown only here, and until when it can be used."""

    id: UUID
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class GridPhone:
    """A grid phone's token, shown only here; what it reads, and until when."""

    token: str = field(repr=False)
    division: str
    expires_at: datetime


@transaction.atomic
def invite_grid_worker(*, by: Reach, division: str, name: str, at: datetime) -> GridInvitation:
    """A code for one phone and one village, community or grid within the officer's own area."""
    by.require("INVITE_GRID_WORKERS")
    if not is_code(division) or level(division) not in GRIDS:
        raise Refusal(
            "GRID_UNKNOWN", "请选择一个村、社区或网格。", "Choose a village, a community or a grid."
        )
    by.require_cover(division)
    name = "".join(mark for mark in name if mark.isprintable()).strip()[:LONGEST_WORKER]
    if not name:
        raise Refusal("NAME_MISSING", "请填写网格员的称呼。", "Say what the grid worker is called.")
    code = new_code()
    lo, hi = span(division)
    made = RosterToken.objects.create(
        name=name, division=canonical(division), lo=lo, hi=hi, code_hash=hashed(code), code_expires_at=at + CODE_LASTS,
        invited_by_id=by.officer_id, invited_at=at,
    )  # fmt: skip
    note(Act.ROSTER_INVITED, by=by, subject=_subject(made), jurisdiction=lo)
    return GridInvitation(made.id, code, made.code_expires_at)


@transaction.atomic
def enrol_grid_phone(*, code: str, pin: str, at: datetime) -> GridPhone:
    """Turns a code and a PIN into a token, once. A PIN that is too easy leaves the code as good as it was."""
    if not is_pin(pin):
        raise Refusal(
            "PIN_WEAK",
            f"密码是 {SHORTEST_PIN} 到 {LONGEST_PIN} 位数字，不能全部相同，也不能是 1234 这样连着的。",
            f"A PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits, not all the same and not in a run like 1234.",
        )
    found = RosterToken.objects.select_for_update().filter(code_hash=hashed(plain_number(code))).first()
    if found is None:
        raise NotFound("ROSTER_CODE_UNKNOWN", "邀请码不对，请核对。", "This code is unknown: check it.")
    _refuse_code(found, at)
    token = new_token("roster")
    found.token_hash, found.pin_hash = hashed(token), make_password(pin)
    found.enrolled_at, found.expires_at = at, at + ROSTER_LASTS
    found.save(update_fields=["token_hash", "pin_hash", "enrolled_at", "expires_at"])
    note(Act.ROSTER_ENROLLED, by=None, subject=_subject(found), jurisdiction=found.lo)
    return GridPhone(token, found.division, found.expires_at)


def _refuse_code(found: RosterToken, at: datetime) -> None:
    if found.enrolled_at is not None:
        raise Refusal(
            "ROSTER_CODE_USED",
            "这个邀请码已经用过了，请乡镇值班员再生成一个。",
            "This code has been used: ask the township's desk for another.",
            status=410,
        )
    if found.code_expires_at <= at or found.revoked_at is not None:
        raise Refusal(
            "ROSTER_CODE_EXPIRED",
            "邀请码已过期或已作废（15 分钟内有效），请乡镇值班员再生成一个。",
            "This code has expired (it lasts 15 minutes) or was withdrawn: ask the township's desk for another.",
            status=410,
        )


def open_grid_phone(*, token: str, pin: str, at: datetime) -> RosterToken:
    """The grid phone behind a token and its PIN. Attempts take turns, so that many at once are no more than five."""
    with transaction.atomic():
        known = RosterToken.objects.select_for_update().filter(token_hash=hashed(token)).first()
        found = _good(known, at)
        if check_password(pin, found.pin_hash):
            if found.failures:
                found.failures = 0
                found.save(update_fields=["failures"])
            return found
        _failed(found, at)
    if found.revoked_at is not None:  # raised here, so that what was counted is committed
        raise _locked()
    left = MOST_WRONG_PINS - found.failures
    raise Forbidden("PIN_WRONG", f"密码不对，还可以试 {left} 次。", f"Wrong PIN: {left} more attempts.")


def delivering_grid_phone(*, token: str, at: datetime) -> RosterToken:
    """The grid phone that brings what happened while its token was good: without a PIN, for a week beyond its end."""
    return _good(RosterToken.objects.filter(token_hash=hashed(token)).first(), at - DELIVERS_FOR)


def _good(found: RosterToken | None, at: datetime) -> RosterToken:
    """The one that is neither shut nor over."""
    if found is None:
        zh = "本机没有登记，请向乡镇值班员要邀请码。"
        raise Refusal(
            "ROSTER_UNKNOWN", zh, "This phone is not enrolled: ask the township's desk.", status=401
        )
    if found.failures >= MOST_WRONG_PINS:
        raise _locked()
    if found.revoked_at is not None:
        zh = "本机已被停用，请联系乡镇值班员。"
        raise Forbidden("ROSTER_REVOKED", zh, "This phone was revoked: call the township's desk.")
    if found.expires_at is None or found.expires_at <= at:
        zh = "已满 24 小时，请向乡镇值班员要新的邀请码。"
        en = "The 24 hours are over: ask the township's desk for a new code."
        raise Refusal("ROSTER_EXPIRED", zh, en, status=401)
    return found


def _locked() -> Forbidden:
    return Forbidden(
        "ROSTER_LOCKED",
        f"密码连续输错 {MOST_WRONG_PINS} 次，本机已停用，请联系乡镇值班员。",
        f"{MOST_WRONG_PINS} wrong PINs in a row: this phone was switched off. Call the township's desk.",
    )


def _failed(found: RosterToken, at: datetime) -> None:
    """Counts a wrong PIN; the fifth in a row ends the phone, and whoever invited it is told."""
    found.failures += 1
    note(Act.ROSTER_READ, by=None, subject=_subject(found), count=0, jurisdiction=found.lo, result=REFUSED)
    if found.failures >= MOST_WRONG_PINS:
        found.revoked_at = at
        tell([found.invited_by_id], kind=ROSTER_LOCKED, about=found.id, at=at)
        note(Act.ROSTER_LOCKED, by=None, subject=_subject(found), jurisdiction=found.lo)
    found.save(update_fields=["failures", "revoked_at"])


@transaction.atomic
def revoke_grid_phone(*, by: Reach, id: UUID, at: datetime) -> None:
    """The phone reads nothing any more, and a code not used yet is good for nothing. Again: nothing changes."""
    by.require("INVITE_GRID_WORKERS")
    found = RosterToken.objects.select_for_update().filter(pk=id).first()
    if found is None or not by.covers(found.division):
        raise NotFound(
            "GRID_PHONE_UNKNOWN", "辖区内没有这部网格手机。", "There is no such grid phone in your area."
        )
    if found.revoked_at is None:
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
        note(Act.ROSTER_REVOKED, by=by, subject=_subject(found), jurisdiction=found.lo)


def _subject(found: RosterToken) -> str:
    return f"ROSTER {found.id}"
