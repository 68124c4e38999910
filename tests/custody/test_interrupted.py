"""Power cuts, races and restores: however a purge is disturbed, it ends the same, and what went stays gone."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from lianfang.checkpoints.models import ConflictItem, Passage, Registration
from lianfang.custody import carrying_out, ledger
from lianfang.custody.carrying_out import sweep_lately
from lianfang.custody.kept import reseal_settled
from lianfang.custody.ledger import FILE, LedgerBroken, entries, replay
from lianfang.custody.purging import carry_out, carry_out_signed, propose_due
from lianfang.kernel.key_folder import KeyFolder, key_folder
from tests.custody.conftest import FEVER, NOW, OLD, TODAY, YOUNG, Gate
from tests.custody.test_purging import found, row, shown

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class PowerCut(BaseException):
    """Nothing catches it."""


def die(*args: object, **named: object) -> None:
    """The machine dies when this is about to be done."""
    raise PowerCut


def as_before_the_purge(gate: Gate, rows: dict[Any, list[Any]]) -> None:
    """The rows of an old backup lie in the database again."""
    for model, held in rows.items():
        model.objects.using("owner").all().delete()
        model.objects.using("owner").bulk_create(held)


def backup() -> dict[Any, list[Any]]:
    return {model: list(model.objects.using("owner").all()) for model in (Passage, Registration)}


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (ledger, "append"),
        (carrying_out, "tell_keys_destroyed"),
        (KeyFolder, "destroy"),
        (carrying_out, "sweep"),
        (carrying_out.certificates, "complete"),
    ],
)
def test_a_purge_that_was_cut_ends_the_same(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    old = gate.register(OLD, {}, FEVER)
    gate.register(OLD + DAY)
    id = gate.signed()
    with monkeypatch.context() as patched:
        patched.setattr(where, name, die)
        with pytest.raises(PowerCut):
            carry_out(id=id, at=NOW)
    connections["purge"].close()
    assert carry_out_signed(at=NOW + HOUR) == [id]
    certificate = carry_out(id=id, at=NOW + HOUR)
    assert certificate["counts"] == {"registration": 2, "passage": 1}
    assert sorted(certificate["keys"]) == [f"day-{OLD}.key", f"day-{OLD + DAY}.key"]
    assert [(line.day, line.counts) for line in entries()] == [
        (str(OLD), {"registration": 1}),
        (str(OLD + DAY), {"registration": 1, "passage": 1}),
    ]
    assert gate.keys.days() == []
    assert shown(gate, old["id"]).people[1].name == old["people"][1]["name"]


def test_the_ledger_is_written_before_the_key_goes(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.register(OLD)
    id = gate.signed()
    monkeypatch.setattr(KeyFolder, "destroy", die)
    with pytest.raises(PowerCut):
        carry_out(id=id, at=NOW)
    assert [line.keys for line in entries()] == [(f"day-{OLD}.key",)]
    assert gate.keys.days() == [OLD]


def test_an_old_backup_goes_blind_again(gate: Gate) -> None:
    old, ill = gate.register(OLD), gate.register(OLD, FEVER)
    gate.register(YOUNG)
    reseal_settled(at=NOW)
    then, old_key = backup(), (gate.keys.path / f"day-{OLD}.key").read_bytes()
    gate.purge()
    as_before_the_purge(gate, then)
    (gate.keys.path / f"day-{OLD}.key").write_bytes(old_key)
    gate.keys.forget()
    assert found(gate, "PLATE", old["plate"]) == 1
    assert replay(NOW) == {"registration": 1, "passage": 1}
    assert found(gate, "PLATE", old["plate"]) == 0
    assert found(gate, "DOCUMENT", old["people"][0]["document"]["number"]) == 0
    assert shown(gate, old["id"]).state == "DESTROYED"
    assert shown(gate, ill["id"]).people[0].name == ill["people"][0]["name"]
    assert gate.keys.days() == [YOUNG]
    assert replay(NOW) == {}


def test_a_backup_from_before_records_were_sealed_again_cannot_be_read_any_more(gate: Gate) -> None:
    ill = gate.register(OLD, FEVER)
    then = backup()
    gate.purge()
    as_before_the_purge(gate, then)
    assert replay(NOW) == {"registration": 1, "passage": 1}
    assert shown(gate, ill["id"]).people[0].state == "DESTROYED"
    assert found(gate, "DOCUMENT", ill["people"][0]["document"]["number"]) == 0


def test_a_deleted_subject_stays_deleted(gate: Gate) -> None:
    passage = gate.register(YOUNG)
    then, one = backup(), passage["people"][0]
    carry_out(id=gate.signed("SUBJECT", records=[UUID(one["id"])]), at=NOW)
    as_before_the_purge(gate, then)
    assert found(gate, "PHONE", one["phone"]) == 1
    assert replay(NOW) == {"registration": 1}
    assert found(gate, "PHONE", one["phone"]) == 0


def test_a_ledger_that_was_changed_is_noticed_and_a_torn_line_is_not_one(gate: Gate) -> None:
    gate.register(OLD)
    gate.register(OLD + DAY)
    gate.purge()
    file: Path = gate.keys.path / FILE
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"what":"DA')
    assert len(entries()) == 2
    ledger.append(ledger.Destruction("KEYS", NOW.isoformat(), "p", "a", "b"))
    assert len(entries()) == 3
    first, *others = file.read_bytes().splitlines(keepends=True)
    for broken in (first.replace(b"2020-02-10", b"2020-02-12") + b"".join(others), b"".join(others)):
        file.write_bytes(broken)
        with pytest.raises(LedgerBroken):
            entries()


def test_a_late_record_of_a_purged_day_is_taken_by_the_next_purge(gate: Gate) -> None:
    first = gate.register(TODAY - 29 * DAY)
    gate.purge()
    late = gate.register(TODAY - 29 * DAY, received=NOW)
    assert shown(gate, late["id"]).people[0].name == late["people"][0]["name"]
    assert propose_due(at=NOW) is not None
    certificate = gate.purge()
    assert certificate["counts"] == {"registration": 1, "passage": 1}
    assert [shown(gate, one["id"]).state for one in (first, late)] == ["DESTROYED", "DESTROYED"]
    assert gate.keys.days() == []


def test_a_retry_of_a_purged_record_is_a_duplicate_whether_its_day_has_a_key_again_or_not(gate: Gate) -> None:
    made = gate.at(TODAY - 29 * DAY)
    ill = made.person(**FEVER)
    passage = made.passage(people=[made.person(), ill])
    (first,) = gate.send(made, passage)
    gate.purge()
    for _ in range(2):  # the first retry brings the day's key back, empty
        (again,) = gate.send(made, passage, received=NOW)
        assert again["status"] == "DUPLICATE", again
        assert [person["measures"] for person in again["people"]] == [
            person["measures"] for person in first["people"]
        ]
    assert ConflictItem.objects.using("owner").count() == 0


def test_a_record_on_its_way_in_while_the_key_went_is_no_readable_row(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed by another process under a key it still holds in memory, committed after the day was cleared."""
    day = TODAY - 29 * DAY
    gate.register(day)
    elsewhere = KeyFolder(gate.keys.path)
    elsewhere.day(day)
    late: list[str] = []
    destroy = KeyFolder.destroy

    def destroy_after_one_more(folder: KeyFolder, names: Any) -> list[str]:
        gone = destroy(folder, names)
        late.append(_sent_with(elsewhere, gate, day))
        return gone

    monkeypatch.setattr(KeyFolder, "destroy", destroy_after_one_more)
    certificate = gate.purge()
    assert certificate["steps"][-1] == {
        "what": "SWEPT",
        "day": "",
        "counts": {"registration": 1, "passage": 1},
    }
    assert row(Passage, late[0]).sealed is None
    # And one that was even later: another of that day has brought a key back, which does not open it.
    monkeypatch.undo()
    key_folder().day(day)
    later = _sent_with(elsewhere, gate, day)
    assert shown(gate, later).state == "UNREADABLE"
    assert sweep_lately(at=NOW + HOUR) == {"registration": 1, "passage": 1}
    assert shown(gate, later).state == "DESTROYED"


def _sent_with(folder: KeyFolder, gate: Gate, day: Any) -> str:
    other = Gate(
        gate.database, folder, gate.device, gate.desk, gate.headquarters, gate.security, 900 + gate.seed
    )
    gate.seed += 1
    return str(other.register(day, received=NOW)["id"])


def test_records_that_outlive_their_day_are_sealed_again_two_days_later_and_once(gate: Gate) -> None:
    ill = gate.register(TODAY - 2 * DAY, FEVER, {})
    gate.correct(TODAY - 2 * DAY, ill["people"][0]["id"], {"name": "王改名"})
    gate.register(TODAY - DAY, FEVER, received=NOW)
    before = row(Registration, ill["people"][1]["id"]).sealed
    assert reseal_settled(at=NOW) == 3
    assert reseal_settled(at=NOW) == 0
    assert gate.keys.kept_days() == [TODAY - 2 * DAY]
    assert row(Registration, ill["people"][1]["id"]).sealed == before
    page = shown(gate, ill["id"])
    assert [person.name for person in page.people] == ["王改名", ill["people"][1]["name"]]
    assert page.plate == ill["plate"]


def test_a_record_cleared_while_it_was_being_sealed_again_stays_cleared(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    ill = gate.register(YOUNG, FEVER)
    kept = KeyFolder.kept

    def clear_first(folder: KeyFolder, day: Any) -> Any:
        monkeypatch.setattr(KeyFolder, "kept", kept)
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE registration SET sealed = NULL")
        return kept(folder, day)

    monkeypatch.setattr(KeyFolder, "kept", clear_first)
    reseal_settled(at=NOW)
    assert row(Registration, ill["people"][0]["id"]).sealed is None
