"""Whatever somebody who owns the database changes in the audit log is found, and told by number."""

from collections.abc import Callable

import pytest
from django.db import connections

from lianfang.command.services import worker_session
from lianfang.kernel.audit import Act, note, verifying
from lianfang.kernel.audit.heads import Head, head
from lianfang.kernel.audit.rows import entries_between
from lianfang.kernel.audit.sealing import seal_all
from lianfang.kernel.audit.verifying import Verified, verify
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden
from lianfang.machine.postgres import Database
from tests import factories


@pytest.fixture
def worker(clean: Database) -> Reach:
    return worker_session()


@pytest.fixture
def numbers(worker: Reach) -> list[int]:
    """Three blocks of four entries each: the entries' numbers, in order."""
    for _ in range(3):
        for _ in range(4):
            note(Act.SEARCHED, by=None, details={"kind": "PLATE"})
        seal_all(worker)
    with reach(worker):
        return [entry.number for entry in entries_between(0, 2**62)]


def as_owner(*statements: str, **values: object) -> None:
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)


def wrong(found: Verified) -> dict[str, list[int]]:
    return dict(found.found)


def test_a_log_that_nobody_touched_is_sound(worker: Reach, numbers: list[int]) -> None:
    note(Act.SEARCHED, by=None)
    found = verify(worker)
    assert found.sound
    assert (found.blocks, found.entries, found.waiting.entries) == (3, 12, 1)
    assert found.waiting.oldest == numbers[-1] + 1
    assert found.head == head(worker)


def test_an_empty_log_is_sound_and_has_no_head(worker: Reach) -> None:
    found = verify(worker)
    assert (found.sound, found.blocks, found.head, found.waiting) == (True, 0, None, (0, None, None))
    assert head(worker) is None


@pytest.mark.parametrize(
    "change",
    [
        "act = 'LIST_READ'",
        "at = at + interval '1 microsecond'",
        "officer_id = gen_random_uuid()",
        "device_id = gen_random_uuid()",
        "subject = 'PASSAGE 1'",
        "count = 2",
        "jurisdiction = 1",
        "purpose = 'INSPECTION'",
        "place = '10.0.0.1'",
        "result = 'REFUSED'",
        "details = '{}'",
    ],
)
def test_a_changed_row_is_named(worker: Reach, numbers: list[int], change: str) -> None:
    as_owner(f"UPDATE audit_entry SET {change} WHERE number = %(n)s", n=numbers[5])
    assert wrong(verify(worker)) == {"CHANGED": [numbers[5]]}


def test_a_removed_row_is_named(worker: Reach, numbers: list[int]) -> None:
    as_owner("DELETE FROM audit_entry WHERE number = ANY(%(n)s)", n=[numbers[0], numbers[11]])
    assert wrong(verify(worker)) == {"REMOVED": [numbers[0], numbers[11]]}


def test_rows_that_changed_places_are_named(worker: Reach, numbers: list[int]) -> None:
    one, other = numbers[1], numbers[2]
    as_owner(
        "CREATE TEMPORARY TABLE swapped AS SELECT * FROM audit_entry WHERE number IN (%(n)s, %(m)s)",
        "UPDATE swapped SET number = %(n)s + %(m)s - number",
        "DELETE FROM audit_entry WHERE number IN (%(n)s, %(m)s)",
        "INSERT INTO audit_entry OVERRIDING SYSTEM VALUE SELECT * FROM swapped",
        "DROP TABLE swapped",
        n=one,
        m=other,
    )
    assert wrong(verify(worker)) == {"CHANGED": [one, other]}


def test_a_row_moved_to_another_transaction_is_named(worker: Reach, numbers: list[int]) -> None:
    swap = (
        "UPDATE audit_entry SET tx = (SELECT tx FROM audit_entry WHERE number = %(to)s) WHERE number = %(n)s"
    )
    as_owner(swap, n=numbers[1], to=numbers[9])
    assert wrong(verify(worker)) == {"MOVED": [numbers[1]]}


def test_a_row_moved_behind_the_last_block_does_not_stop_the_sealer(
    worker: Reach, numbers: list[int]
) -> None:
    as_owner("UPDATE audit_entry SET tx = lianfang_tx() WHERE number = %(n)s", n=numbers[1])
    assert seal_all(worker) == 1
    assert wrong(verify(worker)) == {"MOVED": [numbers[1]], "LEAF": [numbers[1]]}


def test_a_row_added_to_a_sealed_span_is_named(worker: Reach, numbers: list[int]) -> None:
    as_owner(
        "INSERT INTO audit_entry (tx, act) SELECT tx, 'LIST_READ' FROM audit_entry WHERE number = %(n)s",
        n=numbers[6],
    )
    found = verify(worker)
    assert wrong(found) == {"ADDED": [numbers[-1] + 1]}
    assert found.waiting.entries == 0


def test_a_row_added_between_the_numbers_is_named(worker: Reach, numbers: list[int]) -> None:
    as_owner("DELETE FROM audit_entry WHERE number = %(n)s", n=numbers[6])
    as_owner(
        "INSERT INTO audit_entry (number, tx, act) OVERRIDING SYSTEM VALUE "
        "SELECT %(n)s, tx, 'LIST_READ' FROM audit_entry WHERE number = %(near)s",
        n=numbers[6],
        near=numbers[5],
    )
    assert wrong(verify(worker)) == {"CHANGED": [numbers[6]]}


def test_a_leaf_that_is_gone_changed_or_moved_is_named(worker: Reach, numbers: list[int]) -> None:
    as_owner("DELETE FROM audit_leaf WHERE entry = %(n)s", n=numbers[0])
    as_owner("UPDATE audit_leaf SET leaf = '\\x00' WHERE entry = %(n)s", n=numbers[4])
    as_owner("UPDATE audit_leaf SET place = place + 100 WHERE entry = %(n)s", n=numbers[8])
    assert wrong(verify(worker)) == {"LEAF": [numbers[0], numbers[4], *numbers[8:]]}


def test_a_row_changed_together_with_its_leaf_makes_its_block_unclear(
    worker: Reach, numbers: list[int]
) -> None:
    as_owner(
        "UPDATE audit_entry SET act = 'LIST_READ' WHERE number = %(n)s",
        "UPDATE audit_leaf SET leaf = '\\x00' WHERE entry = %(n)s",
        n=numbers[5],
    )
    assert wrong(verify(worker)) == {"CHANGED": [numbers[5]], "BLOCK_UNCLEAR": [2]}


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ("sealed_at = sealed_at - interval '1 day'", ["BLOCK_CHANGED"]),
        ("entries = 3", ["BLOCK_CHANGED"]),
        ("previous = '\\x00'", ["BLOCK_CHANGED"]),
        ("hash = '\\x00'", ["BLOCK_CHANGED"]),
        ("root = '\\x00'", ["BLOCK_CHANGED", "BLOCK_UNCLEAR"]),
    ],
)
def test_a_changed_block_is_named(worker: Reach, numbers: list[int], change: str, kinds: list[str]) -> None:
    as_owner(f"UPDATE audit_block SET {change} WHERE number = 2")
    found = wrong(verify(worker))
    assert list(found) == kinds
    assert 2 in found["BLOCK_CHANGED"]
    assert found.get("BLOCK_UNCLEAR", [2]) == [2]


@pytest.mark.parametrize("gone", [1, 2])
def test_a_removed_block_and_its_rows_are_named(worker: Reach, numbers: list[int], gone: int) -> None:
    as_owner(
        "DELETE FROM audit_leaf WHERE block = %(b)s", "DELETE FROM audit_block WHERE number = %(b)s", b=gone
    )
    of_block = numbers[4 * (gone - 1) : 4 * gone]
    assert wrong(verify(worker)) == {"LOOSE": of_block, "BLOCK_REMOVED": [gone]}


def test_the_last_block_removed_leaves_its_rows_waiting_and_the_printed_head_tells(
    worker: Reach, numbers: list[int]
) -> None:
    printed = head(worker)
    assert printed is not None
    as_owner("DELETE FROM audit_leaf WHERE block = 3", "DELETE FROM audit_block WHERE number = 3")
    found = verify(worker, heads=[printed])
    assert wrong(found) == {"HEAD_MISSING": [3]}
    assert (found.waiting.entries, found.waiting.oldest) == (4, numbers[8])
    seal_all(worker)  # the sealer makes a sound chain of it again, and still the printed head is not in it
    assert verify(worker).sound
    assert wrong(verify(worker, heads=[printed])) == {"HEAD_MISSING": [3]}


def test_a_chain_made_anew_from_its_beginning_is_told_by_the_printed_head(
    worker: Reach, numbers: list[int]
) -> None:
    printed = head(worker)
    assert printed is not None
    as_owner(
        "DELETE FROM audit_leaf",
        "DELETE FROM audit_block",
        "UPDATE audit_entry SET act = 'LIST_READ' WHERE number = %(n)s",
        n=numbers[0],
    )
    seal_all(worker)
    assert verify(worker).sound
    assert wrong(verify(worker, heads=[printed])) == {"HEAD_MISSING": [3]}


def test_a_log_that_is_gone_altogether_is_told_by_the_printed_head(worker: Reach, numbers: list[int]) -> None:
    printed = head(worker)
    assert printed is not None
    as_owner("TRUNCATE audit_entry, audit_leaf, audit_block")
    assert verify(worker).sound
    assert wrong(verify(worker, heads=[printed])) == {"HEAD_MISSING": [3]}


def test_rows_that_are_gone_altogether_are_named_by_their_leaves(worker: Reach, numbers: list[int]) -> None:
    as_owner("DELETE FROM audit_entry")
    assert wrong(verify(worker)) == {"REMOVED": numbers}


def test_a_head_that_is_in_the_chain_is_found_there(worker: Reach, numbers: list[int]) -> None:
    printed = head(worker)
    assert printed is not None
    note(Act.SEARCHED, by=None)
    seal_all(worker)
    assert verify(worker, heads=[printed]).sound
    other = Head(printed.number, printed.sealed_at, bytes(32))
    assert wrong(verify(worker, heads=[printed, other])) == {"HEAD_MISSING": [printed.number]}


@pytest.mark.parametrize(
    ("asked", "blocks", "kinds"),
    [(1, 1, set()), (2, 2, {"CHANGED"}), (3, 3, {"CHANGED", "REMOVED"}), (99, 3, {"CHANGED", "REMOVED"})],
)
def test_the_last_blocks_alone_can_be_asked_for(
    worker: Reach, numbers: list[int], asked: int, blocks: int, kinds: set[str]
) -> None:
    as_owner("DELETE FROM audit_entry WHERE number = %(n)s", n=numbers[0])
    as_owner("UPDATE audit_entry SET count = 7 WHERE number = %(n)s", n=numbers[4])
    found = verify(worker, blocks=asked)
    assert (found.blocks, set(wrong(found))) == (blocks, kinds)


def test_a_block_removed_before_the_last_ones_is_seen_from_there(worker: Reach, numbers: list[int]) -> None:
    as_owner("DELETE FROM audit_leaf WHERE block = 2", "DELETE FROM audit_block WHERE number = 2")
    assert wrong(verify(worker, blocks=1)) == {"BLOCK_REMOVED": [2]}


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_however_many_are_read_at_once_the_same_is_found(
    worker: Reach, numbers: list[int], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "BLOCKS_AT_ONCE", at_once)
    monkeypatch.setattr(verifying, "ENTRIES_AT_ONCE", 4 * at_once)
    assert verify(worker).sound
    as_owner("DELETE FROM audit_leaf WHERE block = 2", "DELETE FROM audit_block WHERE number = 2")
    as_owner("UPDATE audit_entry SET count = 7 WHERE number = %(n)s", n=numbers[8])
    assert wrong(verify(worker)) == {
        "CHANGED": [numbers[8]],
        "LOOSE": numbers[4:8],
        "BLOCK_REMOVED": [2],
    }


def test_whoever_may_not_read_the_log_is_refused_and_not_told_that_it_is_sound(
    numbers: list[int],
) -> None:
    for role in ("ADMINISTRATOR", "HEADQUARTERS"):
        officer = factories.officer(role)
        asked: list[Callable[[Reach], object]] = [verify, head]
        for question in asked:
            with pytest.raises(Forbidden):
                question(officer)
    assert verify(factories.officer("AUDITOR")).sound
