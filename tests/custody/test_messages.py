"""What an SMS says goes after its time, with its person's file, and at the end; that somebody was reminded stays."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connections

from lianfang.command.services import worker_session
from lianfang.custody import ledger
from lianfang.custody.archives_figures import days_without_key, samples, sealed_rows
from lianfang.custody.planning import dry_run
from lianfang.kernel.days import start_of
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.messages.models import Message
from lianfang.messages.rules import Channel
from lianfang.messages.services import MessageDraft, write_messages
from lianfang.messages.services.writing import opened
from lianfang.people.facts import Call, PersonTold
from lianfang.people.services import close_file, open_file
from tests.custody.conftest import NOW, TODAY, YOUNG, Gate

DAY = timedelta(days=1)
VILLAGE = "210381101200"
OVER, STAYS = TODAY - 61 * DAY, TODAY - 60 * DAY
PHONE, TEXT = "13900001234", "您今天上午还没有报告体温。"


def written(on: date, *, person: UUID | None = None) -> UUID:
    draft = MessageDraft(
        Channel.SMS, "QUARANTINE", uuid7(), span(VILLAGE)[0], "CHECK_IN_DUE", on, person_id=person, phone=PHONE, text=TEXT
    )  # fmt: skip
    with reach(worker_session()) as worker:
        write_messages(by=worker, at=start_of(on) + timedelta(hours=8), messages=[draft])
    return Message.objects.using("owner").get(subject_id=draft.subject_id).id


def opened_file(gate: Gate, on: date) -> UUID:
    at = start_of(on) + timedelta(hours=9)
    told = PersonTold(name="张三")
    with reach(gate.desk) as by:
        return open_file(by=by, at=at, call=Call("DESK", "1"), facts=told, division=VILLAGE).id


def readable(*ids: UUID) -> list[bool]:
    rows = Message.objects.using("owner").in_bulk([*ids])
    return [opened(id, rows[id].written_at, rows[id].wrapped_key, rows[id].sealed) is not None for id in ids]


def test_it_goes_sixty_days_after_it_was_written_and_the_key_of_its_day_with_it(gate: Gate) -> None:
    gone, kept = written(OVER), written(STAYS)
    assert readable(gone, kept) == [True, True]
    (step,) = [one for one in dry_run("RETENTION", at=NOW) if one.planned.what == "MESSAGES"]
    assert (step.counts, step.planned.day) == ({"message": 1}, OVER)
    certificate = gate.purge()
    assert certificate["counts"]["message"] == 1
    assert readable(gone, kept) == [False, True]
    row = Message.objects.using("owner").get(pk=gone)
    assert (row.sealed, row.wrapped_key, row.purpose) == (None, None, "CHECK_IN_DUE")
    assert gate.keys.files_days() == [STAYS]
    with pytest.raises(Refusal, match="NOTHING_DUE"):
        gate.purge(at=NOW + timedelta(hours=1))


def test_the_key_of_its_day_stays_where_it_wraps_that_of_a_file(gate: Gate) -> None:
    gone = written(OVER)
    opened_file(gate, OVER)
    assert gate.purge()["counts"] == {"message": 1}
    assert readable(gone) == [False]
    assert gate.keys.files_days() == [OVER]


def test_a_file_that_goes_leaves_the_key_of_its_day_to_a_message_of_that_day(gate: Gate) -> None:
    file = opened_file(gate, YOUNG)
    his, other = written(YOUNG, person=file), written(YOUNG)
    assert gate.purge("SUBJECT", records=[file])["counts"] == {"person": 1, "message": 1}
    assert gate.keys.files_days() == [YOUNG]
    assert readable(his, other) == [False, True]


def test_it_goes_with_the_file_of_its_person(gate: Gate) -> None:
    at = start_of(OVER) + timedelta(hours=9)
    file = opened_file(gate, OVER)
    his, other = written(YOUNG, person=file), written(YOUNG)
    with reach(gate.desk) as by:
        close_file(by=by, at=at, id=file)
    certificate = gate.purge()
    assert certificate["counts"]["message"] == 1
    assert readable(his, other) == [False, True]


def test_at_the_end_of_the_emergency_all_of_it_goes(gate: Gate) -> None:
    ids = (written(OVER), written(TODAY))
    certificate = gate.purge("EVERYTHING")
    assert certificate["counts"]["message"] == 2
    assert readable(*ids) == [False, False]
    assert gate.keys.files_days() == []


def test_what_a_restore_brings_back_the_ledger_clears_again(gate: Gate) -> None:
    gone, kept = written(OVER), written(STAYS)
    before = Message.objects.using("owner").get(pk=gone)
    gate.purge()
    Message.objects.using("owner").filter(pk=gone).update(
        sealed=before.sealed, wrapped_key=before.wrapped_key
    )
    assert ledger.replay(NOW)["message"] == 1
    assert "message" not in ledger.replay(NOW)
    assert Message.objects.using("owner").get(pk=gone).sealed is None
    assert readable(kept) == [True]


def test_a_backup_knows_which_keys_its_messages_need(gate: Gate) -> None:
    id = written(YOUNG)
    with connections["owner"].cursor() as cursor:
        assert [(one.key, one.rows) for one in sealed_rows(cursor)] == [(f"files-{YOUNG}.key", 1)]
        assert [one.id for one in samples(cursor)] == [id.bytes]
        assert days_without_key(cursor, gate.keys) == {}
        gate.keys.destroy([f"files-{YOUNG}.key"])
        assert days_without_key(cursor, gate.keys) == {str(YOUNG): 1}
