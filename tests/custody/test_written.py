"""What was written beside an answer: it goes with the record or the file of whoever it is about, and comes back from nowhere."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from lianfang.command.services import worker_session
from lianfang.custody import ledger
from lianfang.custody.archives_figures import days_without_key, samples, sealed_rows
from lianfang.custody.planning import dry_run
from lianfang.custody.subjects import SubjectCard, ask_deletion
from lianfang.journeys.referring import refer_all
from lianfang.kernel.days import start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.people.services import close_file
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.services import ReferralNote, answer
from lianfang.referrals.services.writing import opened
from tests.custody.conftest import NOW, OLD, TODAY, YOUNG, Gate

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
VILLAGE = "210381101200"
MEASURE_OVER = TODAY - 75 * DAY
WRITTEN = ReferralNote(note="敲门没有人应，邻居说去了南街", address="南街8号")


def noon(day: date) -> datetime:
    return start_of(day) + 12 * HOUR


def referred(gate: Gate, day: date, **person: Any) -> Referral:
    """Somebody from Wuhan, handed over two hours after he came."""
    given = {"from_code": "420100", "destination": {"code": VILLAGE, "address": "东区"}}
    passage = gate.register(day, given | person)
    refer_all(worker_session(), at=noon(day) + 2 * HOUR)
    return Referral.objects.using("owner").get(registration_id=passage["people"][0]["id"])


def write(gate: Gate, one: Referral, *, on: date, kind: str = "NOT_HERE") -> UUID:
    """The act beside which something was written that day."""
    id = uuid7()
    with reach(gate.desk) as by:
        answer(by=by, at=noon(on) + 4 * HOUR, id=id, referral=one.id, kind=kind, written=WRITTEN)
    return id


def read(*acts: UUID) -> list[ReferralNote | None]:
    rows = ReferralEvent.objects.using("owner").in_bulk([*acts])
    return [opened(rows[id]) for id in acts]


def test_it_goes_with_the_record_that_had_a_measure_and_not_before(gate: Gate) -> None:
    going_on, over = referred(gate, OLD), referred(gate, MEASURE_OVER)
    kept, gone = write(gate, going_on, on=OLD), write(gate, over, on=MEASURE_OVER)
    certificate = gate.purge()
    assert certificate["counts"]["referral_event"] == 1
    assert read(kept, gone) == [WRITTEN, None]
    row = ReferralEvent.objects.using("owner").get(pk=gone)
    assert (row.wrapped_key, row.sealed) == (None, None)
    assert (row.kind, row.state) == ("NOT_HERE", "NOT_HERE"), (
        "that he was not there remains, as a figure does"
    )


def test_what_only_a_grid_was_told_of_goes_with_the_passage(gate: Gate) -> None:
    one = referred(gate, OLD)
    Referral.objects.using("owner").filter(pk=one.pk).update(measures=["NOTIFY_GRID"])
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE registration SET measures = '{NOTIFY_GRID}' WHERE id = %s", [one.registration_id]
        )
    id = write(gate, one, on=OLD)
    assert gate.purge()["counts"]["referral_event"] == 1
    assert read(id) == [None]


def test_what_is_written_after_the_record_went_goes_with_the_next_purge(gate: Gate) -> None:
    one = referred(gate, MEASURE_OVER)
    gate.register(OLD)
    gate.purge()
    late = write(gate, one, on=TODAY)
    assert read(late) == [WRITTEN]
    gate.register(OLD + DAY)
    assert gate.purge(at=NOW + 2 * DAY)["counts"]["referral_event"] == 1
    assert read(late) == [None]


def test_it_goes_with_the_file_of_whoever_it_is_about(gate: Gate) -> None:
    day = TODAY - 65 * DAY  # 60 days after the file was closed, before those of the measure
    closed, other = referred(gate, day), referred(gate, day)
    gone, kept = write(gate, closed, on=day), write(gate, other, on=day)
    assert closed.person_id is not None
    close_file(by=gate.desk, at=noon(day) + 5 * HOUR, id=closed.person_id)
    (step,) = [one for one in dry_run("RETENTION", at=NOW) if one.planned.what == "FILES"]
    assert step.counts == {"person": 1, "referral_event": 1}
    gate.purge()
    assert read(gone, kept) == [None, WRITTEN]


def test_the_days_key_stays_while_something_written_that_day_is_held(gate: Gate) -> None:
    """The file was opened on another day; only the note was written on this one."""
    one = referred(gate, OLD)
    day = OLD + 3 * DAY
    id = write(gate, one, on=day)
    assert gate.keys.files_days() == [OLD, day]
    at = NOW + 22 * DAY  # 61 days after it was written, and not yet 74 after the arrival
    gate.purge(at=at)
    assert read(id) == [WRITTEN]
    assert day in gate.keys.files_days()
    gate.register(OLD + 20 * DAY)
    gate.purge(at=at + 60 * DAY)
    assert read(id) == [None]


def test_the_end_of_the_emergency_takes_all_of_it(gate: Gate) -> None:
    ids = [write(gate, referred(gate, day), on=TODAY - DAY) for day in (OLD, YOUNG)]
    certificate = gate.purge("EVERYTHING")
    assert certificate["counts"]["referral_event"] == 2
    assert read(*ids) == [None, None]
    assert gate.keys.files_days() == []
    assert not ReferralEvent.objects.using("owner").exclude(sealed=None).exists()


class TestASubject:
    def test_his_deletion_takes_what_was_written_about_him_and_nothing_of_others(self, gate: Gate) -> None:
        one, other = referred(gate, YOUNG), referred(gate, YOUNG)
        gone, kept = write(gate, one, on=YOUNG), write(gate, other, on=YOUNG)
        records = [one.registration_id, one.person_id]
        certificate = gate.purge("SUBJECT", records=records)
        assert certificate["counts"] == {"registration": 1, "person": 1, "referral_event": 1}
        assert read(gone, kept) == [None, WRITTEN]

    @pytest.mark.parametrize("what", ["registration_id", "person_id"])
    def test_by_his_record_or_his_file_alone(self, gate: Gate, what: str) -> None:
        one = referred(gate, YOUNG)
        id, named = write(gate, one, on=YOUNG), [getattr(one, what)]
        (step,) = dry_run("SUBJECT", at=NOW, records=tuple(named))
        assert step.counts["referral_event"] == 1
        assert gate.purge("SUBJECT", records=named)["counts"]["referral_event"] == 1
        assert read(id) == [None]

    def test_asked_at_the_counter_the_dry_run_counts_each_note_once(self, gate: Gate) -> None:
        number = gate.at(YOUNG).resident_id()
        one = referred(gate, YOUNG - 20 * DAY, document={"type": "RESIDENT_ID", "number": number})
        write(gate, one, on=YOUNG)
        assert one.person_id is not None
        close_file(by=gate.desk, at=NOW, id=one.person_id)
        asked = ask_deletion(by=gate.desk, at=NOW, card=SubjectCard(number), reason="本人要求")
        ids = [id for record in asked.proposed for id in record.ids]
        (step,) = dry_run("SUBJECT", at=NOW, records=(*ids, one.person_id))
        assert step.counts["referral_event"] == 1


@pytest.mark.parametrize("kind", ["RETENTION", "EVERYTHING", "SUBJECT"])
def test_an_old_backup_brings_it_back_to_be_taken_again(gate: Gate, kind: str) -> None:
    one = referred(gate, MEASURE_OVER)
    id = write(gate, one, on=MEASURE_OVER)
    row = ReferralEvent.objects.using("owner").filter(pk=id)
    before = row.values("wrapped_key", "sealed").get()
    gate.purge(kind, **({"records": [one.person_id]} if kind == "SUBJECT" else {}))
    row.update(**before)  # what a dump of an earlier day brings back
    assert ledger.replay(NOW)["referral_event"] == 1
    assert row.get().sealed is None
    assert "referral_event" not in ledger.replay(NOW)


def test_a_backup_knows_its_days_and_tries_its_keys(gate: Gate) -> None:
    day = YOUNG + DAY
    one = referred(gate, YOUNG)
    id = write(gate, one, on=day)
    with connections["owner"].cursor() as cursor:
        assert (day, f"files-{day}.key", 1) in [(r.day, r.key, r.rows) for r in sealed_rows(cursor)]
        (sample,) = [one for one in samples(cursor) if one.id == id.bytes]
        assert gate.keys.key_in(sample.key).unseal(sample.blob, sample.id)
        gate.keys.destroy([f"files-{day}.key"])
        assert days_without_key(cursor, gate.keys) == {str(day): 1}
    assert read(id) == [None], "and what cannot be opened is said to be nothing, not an error"
