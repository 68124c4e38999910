"""The second factor: codes of half a minute (RFC 6238), each good once, and recovery codes that stand in for a phone."""

import hmac
import re
from datetime import datetime

import pyotp
from django.db import transaction

from lianfang.command.models import Officer, RecoveryCode
from lianfang.command.services.lockout import WrongGuess
from lianfang.kernel.audit import Act, note
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import new_code

STEP_SECONDS = 30
DRIFT = 1  # steps a phone's clock may be ahead or behind
RECOVERY_CODES = 10
ISSUER = "Lianfang"  # how a phone's list of codes names this platform; some show no Chinese there
_MARKS_BETWEEN = re.compile(r"[\s-]")
_SIX_DIGITS = re.compile(r"[0-9]{6}")


class WrongCode(WrongGuess):
    def __init__(self) -> None:
        super().__init__(
            "WRONG_CODE",
            "验证码不对或已用过。请等手机上换一个新的再输；总是不对时，核对手机的时间。",
            "The code is wrong or was used before. Wait for the next one; if none is right, check the phone's clock.",
        )


def new_secret() -> str:
    """160 random bits in the letters that authenticators take."""
    return pyotp.random_base32()


def enrolment_address(officer: Officer, secret: str) -> str:
    """What the QR code says: otpauth://totp/…"""
    return pyotp.TOTP(secret).provisioning_uri(name=officer.sign_in_name, issuer_name=ISSUER)


def spend_code(*, officer: Officer, code: str, at: datetime) -> bool:
    """Whether it is a good code, six digits or a recovery code; good once, whoever comes with it at the same moment."""
    code = _MARKS_BETWEEN.sub("", code).upper()
    if not officer.totp_confirmed_at or not officer.totp:
        return False
    if _SIX_DIGITS.fullmatch(code):
        return _spend_step(officer, code, at)
    return _spend_recovery_code(officer, code, at)


@transaction.atomic
def set_second_factor(
    *, officer: Officer, secret: str, code: str, by: Reach | None, at: datetime, anew: bool = False
) -> list[str]:
    """The secret counts once a code shows that the phone has it. Answers the recovery codes, shown once.

    Unless `anew`, only an officer who has none gets one: whoever has nothing but a password replaces no phone.
    """
    step = step_of(secret, code, at)
    if step is None:
        raise WrongCode
    whose = Officer.objects.filter(pk=officer.pk)
    if not anew:
        whose = whose.filter(totp_confirmed_at=None)
    sealed = key_folder().staff().seal(secret.encode(), officer.id.bytes)
    if not whose.update(totp=sealed, totp_confirmed_at=at, totp_last_step=step, second_factor=True):
        raise Refusal(
            "SECOND_FACTOR_SET",
            "这个账号已经设过验证码，请重新登录。",
            "This account has its second factor already. Please sign in again.",
            status=409,
        )
    note(Act.SECOND_FACTOR_SET, by=by, subject=f"OFFICER {officer.id}", details={"anew": anew})
    return replace_recovery_codes(officer=officer, at=at)


@transaction.atomic
def replace_recovery_codes(*, officer: Officer, at: datetime) -> list[str]:
    """Ten new ones; those there were are good for nothing any more."""
    RecoveryCode.objects.filter(officer=officer).delete()
    codes = [new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(officer=officer, code_hash=_hashed(officer, code), made_at=at) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def drop_second_factor(*, officer: Officer) -> bool:
    """Whether there was one."""
    RecoveryCode.objects.filter(officer=officer).delete()
    had = Officer.objects.filter(pk=officer.pk).exclude(totp_confirmed_at=None)
    return bool(had.update(totp=None, totp_confirmed_at=None))


def waive_second_factor(*, officer: Officer) -> None:
    """A demo's officers sign in with a password alone."""
    drop_second_factor(officer=officer)
    Officer.objects.filter(pk=officer.pk).update(second_factor=False)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The half-minute whose code this is, the latest of several; None when it is none of those near `at`."""
    code = _MARKS_BETWEEN.sub("", code)
    if not _SIX_DIGITS.fullmatch(code):
        return None
    here = int(at.timestamp()) // STEP_SECONDS
    near = range(here - DRIFT, here + DRIFT + 1)
    codes = pyotp.TOTP(secret)
    return max((step for step in near if hmac.compare_digest(codes.generate_otp(step), code)), default=None)


def _spend_step(officer: Officer, code: str, at: datetime) -> bool:
    """One UPDATE compares and sets, so that a code seen over a shoulder is not good a second time."""
    sealed = bytes(officer.totp or b"")
    step = step_of(key_folder().staff().unseal(sealed, officer.id.bytes).decode(), code, at)
    if step is None:
        return False
    unspent = Officer.objects.filter(pk=officer.pk, totp=sealed, totp_last_step__lt=step)
    return unspent.update(totp_last_step=step) == 1


@transaction.atomic
def _spend_recovery_code(officer: Officer, code: str, at: datetime) -> bool:
    """Found by its hash under the staff key, so nothing is learnt from how long that takes."""
    unspent = RecoveryCode.objects.filter(officer=officer, code_hash=_hashed(officer, code), used_at=None)
    if not unspent.update(used_at=at):
        return False
    note(Act.RECOVERY_CODE_USED, by=None, subject=f"OFFICER {officer.id}")
    return True


def _hashed(officer: Officer, code: str) -> bytes:
    """About 48 bits are too few for a plain hash: who reads only the database cannot try them."""
    return key_folder().staff().digest(officer.id.bytes + code.encode())
