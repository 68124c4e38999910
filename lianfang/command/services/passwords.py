"""Passwords: what a good one is, and setting one."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from lianfang.command.models import Officer
from lianfang.kernel.refusals import Refusal

SHORTEST_PASSWORD = 10
FEWEST_KINDS = 2


def require_good_password(password: str, *, sign_in_name: str) -> None:
    """Long, of two kinds of characters at least, and not the name it signs in with (GB/T 22239-2019, 8.1.4.1)."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(
            "PASSWORD_SHORT",
            f"密码至少 {SHORTEST_PASSWORD} 位。",
            f"A password has at least {SHORTEST_PASSWORD} characters.",
        )
    if password.strip().casefold() == sign_in_name.strip().casefold():
        raise Refusal(
            "PASSWORD_IS_NAME", "密码不能和用户名一样。", "A password is not the name you sign in with."
        )
    if kinds_of(password) < FEWEST_KINDS:
        raise Refusal(
            "PASSWORD_PLAIN",
            "密码至少用两种字符：大写字母、小写字母、数字、其他符号。",
            "A password mixes two kinds at least: capitals, small letters, digits, other marks.",
        )


def kinds_of(password: str) -> int:
    """How many of capitals, small letters, digits and other marks there are; Chinese counts among the others."""
    capitals = any(mark.isupper() for mark in password)
    small = any(mark.islower() for mark in password)
    digits = any(mark.isdigit() for mark in password)
    others = any(not (mark.isupper() or mark.islower() or mark.isdigit()) for mark in password)
    return sum((capitals, small, digits, others))


def set_password(*, officer: Officer, password: str, at: datetime) -> None:
    Officer.objects.filter(pk=officer.pk).update(password=make_password(password), password_set_at=at)
