"""An officer with an authenticator on a phone, for the tests of signing in."""

from datetime import UTC, datetime, timedelta

import pyotp

from lianfang.command.models import Officer
from lianfang.command.services import appoint, new_secret, post
from lianfang.command.services.second_factor import set_second_factor
from tests.factories import HAICHENG

PASSWORD = "a long enough password"
HALF_A_MINUTE = timedelta(seconds=30)


class Authenticator:
    """What shows the codes of one officer."""

    def __init__(self, officer: Officer, secret: str, recovery_codes: list[str]) -> None:
        self.officer = officer
        self.secret = secret
        self.recovery_codes = recovery_codes

    def shows(self, at: datetime) -> str:
        return pyotp.TOTP(self.secret).at(at)

    def fresh(self) -> str:
        """A code of now that was not used: as if half a minute had passed."""
        Officer.objects.filter(pk=self.officer.pk).update(totp_last_step=0)
        return self.shows(datetime.now(UTC))


def appointed(
    name: str = "haicheng",
    *,
    role: str = "COUNTY_DESK",
    second_factor: bool = False,
    password: str | None = PASSWORD,
) -> Officer:
    at = datetime.now(UTC) - timedelta(seconds=1)
    made = appoint(sign_in_name=name, name="值班员", password=password, second_factor=second_factor, at=at)
    post(officer=made, role=role, division=HAICHENG, at=at)
    return made


def with_authenticator(
    name: str = "haicheng", *, at: datetime | None = None, role: str = "COUNTY_DESK"
) -> Authenticator:
    """An officer who set up the second factor at that moment, an hour ago unless told otherwise."""
    officer, secret = appointed(name, role=role, second_factor=True), new_secret()
    at = at or datetime.now(UTC) - timedelta(hours=1)
    codes = set_second_factor(officer=officer, secret=secret, code=pyotp.TOTP(secret).at(at), by=None, at=at)
    officer.refresh_from_db()
    return Authenticator(officer, secret, codes)
