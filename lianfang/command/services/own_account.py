"""What officers change about their own account: password, second factor, recovery codes. They prove who they are first."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from lianfang.command.models import Officer
from lianfang.command.services.passwords import require_good_password, set_password
from lianfang.command.services.second_factor import (
    WrongCode,
    replace_recovery_codes,
    set_second_factor,
    step_of,
)
from lianfang.command.services.sessions import revoke_sessions
from lianfang.command.services.signing_in import prove
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal


class Proof(NamedTuple):
    """The present password and, where there is a second factor, a code; from where they are given."""

    password: str
    code: str
    place: str


def change_password(*, by: Reach, proof: Proof, password: str, at: datetime) -> int:
    """How many other sessions were closed by it. A new password that will not do spends no code."""
    officer = Officer.objects.get(pk=by.officer_id)
    require_good_password(password, sign_in_name=officer.sign_in_name)
    if password == proof.password:
        raise Refusal("PASSWORD_SAME", "新密码和旧密码一样。", "The new password is the old one.")
    prove(officer_id=by.officer_id, **proof._asdict(), at=at)
    with transaction.atomic():
        set_password(officer=officer, password=password, at=at)
        note(Act.PASSWORD_CHANGED, by=by, subject=f"OFFICER {officer.id}")
        return revoke_sessions(by=by)


def renew_second_factor(*, by: Reach, proof: Proof, secret: str, code: str, at: datetime) -> list[str]:
    """The new phone's first code comes with the old one's proof. Answers new recovery codes; other sessions are closed."""
    if step_of(secret, code, at) is None:
        raise WrongCode
    officer = prove(officer_id=by.officer_id, **proof._asdict(), at=at)
    with transaction.atomic():
        codes = set_second_factor(officer=officer, secret=secret, code=code, by=by, at=at, anew=True)
        revoke_sessions(by=by)
        return codes


def renew_recovery_codes(*, by: Reach, proof: Proof, at: datetime) -> list[str]:
    """Ten new ones instead of those there were."""
    officer = prove(officer_id=by.officer_id, **proof._asdict(), at=at)
    if officer.totp_confirmed_at is None:
        raise Refusal("NO_SECOND_FACTOR", "请先设置验证码。", "Set up the second factor first.", status=409)
    with transaction.atomic():
        note(Act.SECOND_FACTOR_SET, by=by, subject=f"OFFICER {officer.id}", details={"recovery_codes": True})
        return replace_recovery_codes(officer=officer, at=at)
