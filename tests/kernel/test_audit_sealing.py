"""Sealing the audit log: whatever committed stands in one block, once, however late it committed and whoever else seals."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from psycopg.errors import InsufficientPrivilege

from lianfang.command.services import worker_session
from lianfang.kernel.audit import Act, from_place, note, sealing
from lianfang.kernel.audit.models import AuditBlock, AuditEntry, AuditLeaf
from lianfang.kernel.audit.sealing import AuditBehind, seal_all
from lianfang.kernel.audit.verifying import verify
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.postgres import Database
from tests import factories


@pytest.fixture
def worker(clean: Database) -> Reach:
    return worker_session()


@contextmanager
def another(database: Database, role: str = "app") -> Iterator[psycopg.Connection[Any]]:
    """A connection of somebody else."""
    with psycopg.connect(**database.parameters(role), autocommit=True) as made:  # type: ignore[arg-type]
        yield made


ADD = "INSERT INTO audit_entry (act, result, details) VALUES ('SEARCHED', 'DONE', '{}')"


def noted(count: int = 1) -> None:
    for _ in range(count):
        note(Act.SEARCHED, by=None, details={"kind": "PLATE"})


def blocks(worker: Reach) -> list[AuditBlock]:
    with reach(worker):
        return list(AuditBlock.objects.order_by("number"))


def sealed(worker: Reach) -> dict[int, list[int]]:
    """Entries by block, in their places."""
    found: dict[int, list[int]] = {}
    with reach(worker):
        for leaf in AuditLeaf.objects.order_by("block", "place"):
            found.setdefault(leaf.block, []).append(leaf.entry)
    return found


def numbers(worker: Reach) -> list[int]:
    with reach(worker):
        return list(AuditEntry.objects.order_by("tx", "number").values_list("number", flat=True))


def test_what_was_noted_stands_in_a_block_in_its_order(worker: Reach) -> None:
    noted(3)
    assert seal_all(worker) == 3
    (block,) = blocks(worker)
    assert (block.number, block.entries, block.tx_from, bytes(block.previous)) == (1, 3, 0, bytes(32))
    assert sealed(worker) == {1: numbers(worker)}


def test_blocks_are_chained_and_leave_no_transaction_between_them(worker: Reach) -> None:
    for _ in range(3):
        noted()
        seal_all(worker)
    first, second, third = blocks(worker)
    assert [bytes(b.previous) for b in (second, third)] == [bytes(b.hash) for b in (first, second)]
    assert [b.tx_from for b in (second, third)] == [b.tx_to for b in (first, second)]


def test_where_nothing_was_noted_no_block_is_made(worker: Reach) -> None:
    assert seal_all(worker) == 0
    noted()
    assert (seal_all(worker), seal_all(worker)) == (1, 0)
    assert len(blocks(worker)) == 1


def test_many_entries_make_several_blocks_and_a_transaction_stays_whole(
    worker: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LARGEST", 4)
    noted(3)
    with transaction.atomic():
        noted(9)
    noted(5)
    assert seal_all(worker) == 17
    assert [block.entries for block in blocks(worker)] == [3, 9, 4, 1]
    assert [entry for places in sealed(worker).values() for entry in places] == numbers(worker)
    assert verify(worker).sound


def test_an_act_that_did_not_happen_leaves_no_row(worker: Reach) -> None:
    with transaction.atomic():
        noted()
        transaction.set_rollback(True)
    assert (numbers(worker), seal_all(worker)) == ([], 0)


def test_whoever_commits_late_stands_in_a_later_block_and_nobody_twice(
    worker: Reach, clean: Database
) -> None:
    with another(clean) as slow:
        slow.execute("BEGIN")
        slow.execute(ADD)
        noted(2)
        assert seal_all(worker) == 0  # what is younger than the one still writing waits with it
        noted()
        slow.execute("COMMIT")
        noted()
    assert seal_all(worker) == 5
    with another(clean) as slow:
        noted()
        slow.execute("BEGIN")
        slow.execute(ADD)
        noted()
        assert seal_all(worker) == 1  # what is older goes ahead
        slow.execute("ROLLBACK")
    assert seal_all(worker) == 1
    places = [entry for block in sealed(worker).values() for entry in block]
    assert places == numbers(worker)
    assert verify(worker).sound


def test_two_sealers_at_once_seal_everything_once(worker: Reach, clean: Database) -> None:
    noted(40)
    failed: list[Exception] = []

    def seal_on() -> None:
        try:
            for _ in range(15):
                seal_all(worker)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=seal_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    with another(clean) as writer:
        for _ in range(60):
            writer.execute(ADD)
    for thread in threads:
        thread.join()
    seal_all(worker)
    assert not failed
    places = [entry for block in sealed(worker).values() for entry in block]
    assert places == numbers(worker)
    assert len(places) == 100
    assert verify(worker).sound


@pytest.fixture
def numbers_from(clean: Database) -> Iterator[Callable[[int], None]]:
    """Transaction numbers as a cluster counts them that is so far ahead; undone afterwards."""

    def count_from(ahead: int) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION lianfang_tx() RETURNS bigint LANGUAGE sql STABLE AS "
                f"'SELECT pg_current_xact_id()::text::bigint + {ahead}'"
            )
            cursor.execute(
                "CREATE OR REPLACE FUNCTION lianfang_tx_bounds(OUT oldest bigint, OUT next bigint) LANGUAGE sql VOLATILE "
                f"AS 'SELECT pg_snapshot_xmin(s)::text::bigint + {ahead}, pg_snapshot_xmax(s)::text::bigint + {ahead} "
                "FROM (SELECT pg_current_snapshot() s) x'"
            )

    yield count_from
    count_from(0)


def test_after_a_restore_numbers_go_on_above_the_last_block(
    worker: Reach, clean: Database, numbers_from: Callable[[int], None]
) -> None:
    numbers_from(5_000_000)
    noted(2)
    seal_all(worker)
    numbers_from(0)
    with pytest.raises(AuditBehind):
        seal_all(worker)
    with another(clean, "owner") as owner:
        assert owner.execute("SELECT lianfang_raise_tx() > 4000000").fetchone() == (True,)
    noted(3)
    assert seal_all(worker) == 3
    assert [block.entries for block in blocks(worker)] == [2, 3]
    assert verify(worker).sound


# --- who may do what with it ---


@pytest.mark.parametrize("table", ["audit_entry", "audit_block", "audit_leaf"])
@pytest.mark.parametrize("role", ["app", "intake", "purge"])
def test_no_role_of_service_changes_or_removes_a_row(
    worker: Reach, clean: Database, table: str, role: str
) -> None:
    noted()
    seal_all(worker)
    column = {"audit_entry": "act = 'X'", "audit_block": "entries = 0", "audit_leaf": "place = 9"}[table]
    with another(clean, role) as somebody:
        somebody.execute(f"SET lianfang.session = '{worker.session}'")
        for statement in (
            f"UPDATE {table} SET {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises(InsufficientPrivilege):
                somebody.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize("column", ["number", "tx", "at"])
def test_nobody_of_service_says_when_an_entry_was_written(clean: Database, column: str) -> None:
    value = "now()" if column == "at" else "1"
    with another(clean) as app, pytest.raises(psycopg.Error):
        app.execute(f"INSERT INTO audit_entry (act, {column}) VALUES ('SEARCHED', {value})")  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["AUDITOR", "ADMINISTRATOR", "HEADQUARTERS"])
def test_no_officer_makes_a_block(worker: Reach, clean: Database, role: str) -> None:
    session = factories.officer(role).session
    with another(clean) as app:
        app.execute(f"SET lianfang.session = '{session}'")
        with pytest.raises(InsufficientPrivilege):
            app.execute("INSERT INTO audit_block VALUES (1, now(), 0, 9, 1, '\\x00', '\\x00', '\\x00')")


SEEN = "SELECT (SELECT count(*) FROM audit_entry), (SELECT count(*) FROM audit_block), (SELECT count(*) FROM audit_leaf)"


@pytest.mark.parametrize(
    ("role", "rows"),
    [
        ("AUDITOR", (1, 1, 1)),
        ("ADMINISTRATOR", (0, 0, 0)),
        ("SECURITY_ADMINISTRATOR", (0, 0, 0)),
        ("HEADQUARTERS", (0, 0, 0)),
        ("COUNTY_DESK", (0, 0, 0)),
    ],
)
def test_only_an_auditor_reads_it(
    worker: Reach, clean: Database, role: str, rows: tuple[int, int, int]
) -> None:
    noted()
    seal_all(worker)
    session = factories.officer(role).session
    with another(clean) as app:
        assert app.execute(SEEN).fetchone() == (0, 0, 0)
        app.execute(f"SET lianfang.session = '{session}'")
        assert app.execute(SEEN).fetchone() == rows
        with another(clean, "owner") as owner:
            owner.execute("UPDATE officer_session SET seen_at = now() - interval '3 days'")
        assert app.execute(SEEN).fetchone() == (0, 0, 0)


def test_an_entry_tells_where_from_and_nothing_of_its_own_is_lost(worker: Reach) -> None:
    officer = factories.officer()
    with from_place("10.0.0.7"):
        note(Act.FILE_READ, by=officer, subject="PASSAGE 1", count=2, jurisdiction=5, purpose="INSPECTION")
    with reach(worker):
        entry = AuditEntry.objects.get()
    assert (entry.officer_id, entry.place, entry.subject, entry.count) == (
        officer.officer_id,
        "10.0.0.7",
        "PASSAGE 1",
        2,
    )
    assert (entry.jurisdiction, entry.purpose, entry.result, entry.details) == (5, "INSPECTION", "DONE", {})
