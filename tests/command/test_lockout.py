"""Failures in a row are counted in the database, before anything is compared: what locks, for how long, and who."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from lianfang.command.models import Officer, SignInFailures
from lianfang.command.services import (
    LockedOut,
    WrongSignIn,
    forget_old_failures,
    give_password,
    sign_in_without_code,
    signing_in,
)
from lianfang.command.services.lockout import A_NAME, A_PLACE, FIRST_LOCK, LONGEST_LOCK
from lianfang.command.services.signing_in import Origin
from lianfang.kernel.audit import Act
from lianfang.machine.postgres import Database
from tests.authenticator import PASSWORD, appointed
from tests.noted import noted

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def officer(clean: Database, monkeypatch: pytest.MonkeyPatch) -> Officer:
    """Comparing takes no time here: what is tested is whether it happens."""
    monkeypatch.setattr(signing_in, "check_password", lambda given, _: given == PASSWORD)
    return appointed("haicheng")


def fails(at: datetime, *, name: str = "haicheng", place: str = "192.168.1.5") -> None:
    with pytest.raises(WrongSignIn):
        give_password(sign_in_name=name, password="wrong", place=place, at=at)


def is_locked(at: datetime, *, name: str = "haicheng", place: str = "192.168.1.5") -> int:
    """For how many seconds; 0: the right password is heard."""
    try:
        give_password(sign_in_name=name, password=PASSWORD, place=place, at=at)
    except LockedOut as locked:
        return locked.seconds
    return 0


@pytest.mark.parametrize("name", ["haicheng", "nobody at all"])
def test_the_fifth_failure_locks_a_name_whether_or_not_somebody_has_it(now: datetime, name: str) -> None:
    for n in range(5):
        fails(now, name=name, place=f"10.0.0.{n}")
    with pytest.raises(LockedOut) as locked:
        give_password(sign_in_name=name, password=PASSWORD, place="10.0.0.9", at=now)
    assert (locked.value.status, locked.value.seconds) == (429, 60)
    assert "60 秒后再试" in locked.value.zh


def test_a_lock_ends_to_the_second(now: datetime) -> None:
    for _ in range(4):
        fails(now)
    assert is_locked(now) == 0
    fails(now)
    assert is_locked(now + FIRST_LOCK - timedelta(seconds=1)) == 1
    assert is_locked(now + FIRST_LOCK) == 0


def test_each_further_failure_doubles_the_time_up_to_an_hour(now: datetime) -> None:
    for _ in range(A_NAME.failures):
        fails(now)
    waited = []
    at = now
    for _ in range(8):
        waited.append(is_locked(at) // 60)
        at += timedelta(seconds=is_locked(at))
        fails(at)
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60]
    assert timedelta(seconds=is_locked(at)) == LONGEST_LOCK


def test_while_it_is_locked_the_password_is_not_even_compared(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(A_NAME.failures):
        fails(now)
    monkeypatch.setattr(signing_in, "check_password", lambda *_: pytest.fail("it was compared"))
    assert is_locked(now) == 60


def test_what_is_refused_unheard_neither_counts_nor_lengthens(now: datetime) -> None:
    for _ in range(A_NAME.failures):
        fails(now)
    for _ in range(30):
        assert is_locked(now) == 60
    assert is_locked(now + FIRST_LOCK) == 0
    fails(now + FIRST_LOCK)
    assert is_locked(now + FIRST_LOCK) == 120


def test_twenty_failures_lock_an_address_for_every_name_and_no_other_address(now: datetime) -> None:
    for n in range(A_PLACE.failures):
        fails(now, name=f"guess{n}")
    assert is_locked(now) == 60
    assert is_locked(now, place="192.168.1.6") == 0
    assert is_locked(now + FIRST_LOCK) == 0


def test_an_offices_slips_of_a_day_lock_nobody_out(now: datetime) -> None:
    for n in range(60):
        fails(now + n * (A_PLACE.quiet + MINUTE), name=f"officer{n}")
    assert is_locked(now + 61 * A_PLACE.quiet) == 0


def test_signing_in_all_the_way_forgets_the_names_failures_and_not_the_addresss(
    officer, now: datetime
) -> None:
    for _ in range(4):
        fails(now)
    assert is_locked(now) == 0  # the password alone forgets nothing
    assert set(SignInFailures.objects.values_list("failures", flat=True)) == {4}
    sign_in_without_code(officer=officer, origin=Origin("192.168.1.5", ""))
    assert list(SignInFailures.objects.values_list("failures", flat=True)) == [4]
    for _ in range(4):
        fails(now)
    assert is_locked(now) == 0


def test_many_at_the_same_moment_do_not_slip_through_together(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    monkeypatch.setattr(signing_in, "check_password", lambda *_: bool(compared.append(1)))

    def guess(n: int) -> str:
        try:
            give_password(sign_in_name="haicheng", password=f"guess {n}", place=f"10.0.0.{n}", at=now)
        except (LockedOut, WrongSignIn) as refusal:
            return refusal.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(24)))
    assert answers.count("WRONG_SIGN_IN") == len(compared) == A_NAME.failures
    assert answers.count("LOCKED_OUT") == 24 - A_NAME.failures


IN_ANOTHER_PROCESS = """
import django; django.setup()
from datetime import UTC, datetime
from lianfang.command.services import WrongSignIn, give_password
for _ in range(5):
    try:
        give_password(sign_in_name="haicheng", password="wrong", place="10.0.0.9", at=datetime.now(UTC))
    except WrongSignIn:
        print("wrong")
"""


def test_what_fails_in_one_process_locks_in_every_other(clean: Database, now: datetime) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["wrong"] * 5
    assert 0 < is_locked(now) <= 75


def test_failures_and_locks_are_noted_about_the_officer_if_the_name_is_somebodys(
    officer, now: datetime
) -> None:
    fails(now, name="nobody at all")
    for _ in range(5):
        fails(now)
    is_locked(now)
    entries = noted()
    assert [entry.act for entry in entries] == [Act.SIGN_IN_FAILED] * 6 + [Act.LOCKED_OUT]
    assert entries[0].subject == ""
    assert {entry.subject for entry in entries[1:]} == {f"OFFICER {officer.id}"}
    assert {entry.result for entry in entries[:6]} == {"REFUSED"}
    assert entries[-1].details == {"locked": ["NAME"]}


def test_old_failures_are_cleared_and_a_lock_that_lasts_is_not(now: datetime) -> None:
    fails(now - 3 * A_NAME.quiet, name="long ago")
    for _ in range(A_NAME.failures):
        fails(now - 10 * MINUTE)
    forget_old_failures(at=now)
    assert sorted(SignInFailures.objects.values_list("failures", flat=True)) == [5, 5]
    forget_old_failures(at=now + 2 * A_NAME.quiet)
    assert not SignInFailures.objects.exists()


def test_neither_name_nor_address_lies_in_the_table(now: datetime) -> None:
    fails(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(f::text, ' ') FROM sign_in_failures f")
        kept = cursor.fetchone()[0]
    assert "haicheng" not in kept
    assert "192.168" not in kept
