"""Codes of half a minute, each good once; recovery codes, each good once; and no second factor put in place of another."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.db import connection, connections

from lianfang.command.models import Officer, RecoveryCode
from lianfang.command.queries import session_reach
from lianfang.command.services import LockedOut, WrongCode, give_code, give_first_code, new_secret
from lianfang.command.services.second_factor import (
    RECOVERY_CODES,
    set_second_factor,
    spend_code,
    step_of,
)
from lianfang.command.services.signing_in import LONGEST_AGENT, Origin, sign_in_without_code
from lianfang.kernel.audit import Act
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.machine.postgres import Database
from tests.authenticator import HALF_A_MINUTE, Authenticator, appointed, with_authenticator
from tests.noted import noted

HERE = Origin("192.168.1.5", "Firefox")


@pytest.fixture
def phone(clean: Database) -> Authenticator:
    return with_authenticator("haicheng")


def enters(phone: Authenticator, code: str, at: datetime) -> bool:
    try:
        give_code(officer=phone.officer, code=code, origin=HERE, at=at)
    except WrongCode:
        return False
    return True


def test_the_code_of_the_half_minute_opens_a_session(phone: Authenticator, now: datetime) -> None:
    session = give_code(officer=phone.officer, code=phone.shows(now), origin=HERE, at=now)
    reach = session_reach(session)
    assert reach is not None
    assert (reach.officer_id, reach.kind, reach.roles) == (phone.officer.id, "DESK", ("COUNTY_DESK",))
    (entry,) = noted(Act.SIGNED_IN)
    assert (entry.officer_id, entry.details) == (phone.officer.id, {"factor": "CODE"})


def test_the_vectors_of_rfc_6238() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    for at, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        assert step_of(secret, code, datetime.fromtimestamp(at, UTC)) == at // 30


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off(
    phone: Authenticator, now: datetime, steps: int, good: bool
) -> None:
    assert enters(phone, phone.shows(now + steps * HALF_A_MINUTE), now) is good


def test_no_code_is_good_twice_nor_one_before_it(phone: Authenticator, now: datetime) -> None:
    early, code = phone.shows(now - HALF_A_MINUTE), phone.shows(now)
    assert enters(phone, code, now)
    assert not enters(phone, code, now)
    assert not enters(phone, early, now)
    assert not enters(phone, code, now + HALF_A_MINUTE)
    assert enters(phone, phone.shows(now + HALF_A_MINUTE), now + HALF_A_MINUTE)


def test_one_code_used_at_the_same_moment_opens_one_session(phone: Authenticator, now: datetime) -> None:
    assert at_the_same_moment(phone, phone.shows(now), now) == [False] * 5 + [True]


def test_one_recovery_code_used_at_the_same_moment_opens_one_session(
    phone: Authenticator, now: datetime
) -> None:
    assert at_the_same_moment(phone, phone.recovery_codes[0], now) == [False] * 5 + [True]
    assert RecoveryCode.objects.filter(used_at=None).count() == RECOVERY_CODES - 1


def at_the_same_moment(phone: Authenticator, code: str, at: datetime) -> list[bool]:
    """Each on a connection of its own."""

    def spend(_: int) -> bool:
        try:
            return spend_code(officer=phone.officer, code=code, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        return sorted(threads.map(spend, range(6)))


def test_the_code_of_another_officer_opens_nothing(phone: Authenticator, now: datetime) -> None:
    other = with_authenticator("xiuyan")
    assert not enters(phone, other.shows(now), now)
    assert not enters(phone, other.recovery_codes[0], now)
    assert RecoveryCode.objects.filter(used_at=None).count() == 2 * RECOVERY_CODES


@pytest.mark.parametrize(
    "code", ["", "      ", "12345", "1234567", "１２３４５６", "abcdef", "0" * 6 + "\n0", "-" * 20]
)
def test_what_is_no_code_is_wrong_and_nothing_breaks(phone: Authenticator, now: datetime, code: str) -> None:
    assert not enters(phone, code, now)


def test_a_code_typed_in_two_groups_is_read(phone: Authenticator, now: datetime) -> None:
    code = phone.shows(now)
    assert enters(phone, f" {code[:3]} {code[3:]} ", now)


def test_guessing_the_code_locks_the_name_and_a_right_password_in_between_does_not_help(
    phone: Authenticator, now: datetime
) -> None:
    wrong = f"{(int(phone.shows(now)) + 1) % 1_000_000:06d}"
    far = now + timedelta(hours=2)
    for _ in range(5):
        assert not enters(phone, wrong, far)
    with pytest.raises(LockedOut) as locked:
        give_code(officer=phone.officer, code=phone.shows(far), origin=Origin("10.0.0.1", ""), at=far)
    assert locked.value.seconds == 60
    assert {entry.details.get("step") for entry in noted(Act.SIGN_IN_FAILED)} == {"CODE"}
    assert noted(Act.LOCKED_OUT)


def test_ten_recovery_codes_each_once_however_they_are_typed(phone: Authenticator, now: datetime) -> None:
    assert len(set(phone.recovery_codes)) == RECOVERY_CODES
    typed = [
        phone.recovery_codes[0].lower(),
        phone.recovery_codes[1].replace("-", " "),
        *phone.recovery_codes[2:],
    ]
    for code in typed:
        assert enters(phone, code, now)
        assert not enters(phone, code, now)
    assert len(noted(Act.RECOVERY_CODE_USED)) == RECOVERY_CODES


def test_neither_the_secret_nor_a_recovery_code_lies_in_the_database(phone: Authenticator) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(o::text, ' ') || string_agg(r::text, ' ') FROM officer o JOIN recovery_code r ON true"
        )
        kept = cursor.fetchone()[0]
    for secret in (
        phone.secret,
        phone.secret.encode().hex(),
        *(c.replace("-", "") for c in phone.recovery_codes),
    ):
        assert secret not in kept
    sealed = bytes(Officer.objects.get(pk=phone.officer.pk).totp or b"")
    assert key_folder().staff().unseal(sealed, phone.officer.id.bytes).decode() == phone.secret


def test_a_secret_moved_to_another_officers_row_does_not_open(phone: Authenticator, now: datetime) -> None:
    other = with_authenticator("xiuyan")
    Officer.objects.filter(pk=other.officer.pk).update(totp=bytes(phone.officer.totp or b""))
    other.officer.refresh_from_db()
    with pytest.raises(Exception, match="another record"):
        spend_code(officer=other.officer, code=phone.shows(now), at=now)


def test_whoever_has_only_the_password_replaces_no_phone(phone: Authenticator, now: datetime) -> None:
    mine = new_secret()
    with pytest.raises(Refusal) as refused:
        give_first_code(
            officer=phone.officer, secret=mine, code=pyotp.TOTP(mine).at(now), origin=HERE, at=now
        )
    assert refused.value.status == 409
    assert enters(phone, phone.shows(now), now)


def test_the_first_code_sets_it_up_and_is_good_for_nothing_more(clean: Database, now: datetime) -> None:
    officer, secret = appointed(second_factor=True), new_secret()
    code = pyotp.TOTP(secret).at(now)
    with pytest.raises(WrongCode):
        give_first_code(
            officer=officer, secret=secret, code="000000", origin=HERE, at=now - timedelta(days=1)
        )
    session, codes = give_first_code(officer=officer, secret=secret, code=code, origin=HERE, at=now)
    assert session_reach(session)
    assert len(codes) == RECOVERY_CODES
    officer.refresh_from_db()
    assert not enters(Authenticator(officer, secret, codes), code, now)
    assert len(noted(Act.SECOND_FACTOR_SET)) == 1


def test_new_codes_void_the_old_ones(phone: Authenticator, now: datetime) -> None:
    secret = new_secret()
    set_second_factor(
        officer=phone.officer, secret=secret, code=pyotp.TOTP(secret).at(now), by=None, at=now, anew=True
    )
    phone.officer.refresh_from_db()
    assert not enters(phone, phone.recovery_codes[0], now)
    assert not enters(phone, phone.shows(now), now)
    assert RecoveryCode.objects.count() == RECOVERY_CODES


def test_nobody_but_a_demos_officer_goes_in_without_a_code(phone: Authenticator) -> None:
    with pytest.raises(Forbidden):
        sign_in_without_code(officer=phone.officer, origin=HERE)


def test_a_session_keeps_where_it_was_opened_and_not_more_of_the_browsers_name_than_is_needed(
    clean: Database,
) -> None:
    sign_in_without_code(officer=appointed(), origin=Origin("192.168.1.5", "x" * 5_000))
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('officer_session', 'SELECT')")
        assert cursor.fetchone() == (False,)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT place, length(agent) FROM officer_session WHERE kind = 'DESK'")
        assert cursor.fetchall() == [("192.168.1.5", LONGEST_AGENT)]
