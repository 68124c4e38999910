"""Signing in: the password, then a code; only then is there a session. What is wrong is never told apart."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.services.lockout import WrongGuess, attempt, forget_failures_of
from lianfang.command.services.second_factor import WrongCode, set_second_factor, spend_code
from lianfang.command.services.sessions import open_session
from lianfang.kernel.audit import Act, note
from lianfang.kernel.refusals import Forbidden, Refusal

LONGEST_AGENT = 200
# Checked against when the name is unknown, so that an unknown name takes as long as a wrong password.
_NOBODY = make_password("nobody signs in with this")


class Origin(NamedTuple):
    """Where a session is opened: the address, and the browser as it calls itself."""

    place: str
    agent: str


class WrongSignIn(WrongGuess):
    def __init__(self) -> None:
        super().__init__("WRONG_SIGN_IN", "用户名或密码不对。", "The name or the password is wrong.")


def give_password(*, sign_in_name: str, password: str, place: str, at: datetime) -> Officer:
    """The first step. Raises WrongSignIn without saying what was wrong, LockedOut without comparing anything."""
    name = sign_in_name.strip()
    officer = Officer.objects.filter(sign_in_name=name, left_at=None).first()
    with attempt(place=place, at=at, step="PASSWORD", name=name, officer=officer.id if officer else None):
        if not check_password(password, officer.password if officer else _NOBODY) or officer is None:
            raise WrongSignIn
    return officer


def give_code(*, officer: Officer, code: str, origin: Origin, at: datetime) -> str:
    """The second step: six digits or a recovery code. Answers the random id of the session."""
    with attempt(
        place=origin.place, at=at, step="CODE", name=officer.sign_in_name, officer=officer.id
    ):  # fmt: skip
        if not spend_code(officer=officer, code=code, at=at):
            raise WrongCode
    return _session(officer, origin, "CODE")


def give_first_code(
    *, officer: Officer, secret: str, code: str, origin: Origin, at: datetime
) -> tuple[str, list[str]]:
    """The second step of whoever has no second factor yet: it is set, and the session opens. With the recovery codes."""
    codes = set_second_factor(officer=officer, secret=secret, code=code, by=None, at=at)
    return _session(officer, origin, "SET"), codes


def sign_in_without_code(*, officer: Officer, origin: Origin) -> str:
    """For the officers of a demo only; everybody else has a second factor."""
    if officer.second_factor:
        raise Forbidden("CODE_WANTED", "请输入验证码。", "A code is asked for.")
    return _session(officer, origin, "NONE")


def prove(*, officer_id: UUID, password: str, code: str, place: str, at: datetime) -> Officer:
    """Asked again before what signs in is changed: an unlocked desk is not enough. Wrong answers count as at the door."""
    officer = Officer.objects.get(pk=officer_id)
    with attempt(
        place=place, at=at, step="PROOF", name=officer.sign_in_name, officer=officer.id
    ):  # fmt: skip
        if not check_password(password, officer.password):
            raise WrongProof
        if officer.totp_confirmed_at and not spend_code(officer=officer, code=code, at=at):
            raise WrongProof
    return officer


class WrongProof(WrongGuess):
    def __init__(self) -> None:
        super().__init__(
            "WRONG_PROOF",
            "现在的密码或验证码不对。验证码每个只能用一次。",
            "The present password or the code is wrong. Each code is good once.",
        )


@transaction.atomic
def _session(officer: Officer, origin: Origin, factor: str) -> str:
    """A new id whatever the browser brought along."""
    session = open_session(
        officer_id=officer.id,
        kind="DESK",
        lasts=settings.DESK_SESSION,
        idle=settings.DESK_IDLE,
        place=origin.place,
        agent=origin.agent[:LONGEST_AGENT],
    )
    forget_failures_of(officer.sign_in_name)
    found = session_reach(session)
    if found is None:
        raise Refusal("LEFT", "这个账号已停用。", "This account is closed.", status=403)
    note(Act.SIGNED_IN, by=found, details={"factor": factor})
    return session
