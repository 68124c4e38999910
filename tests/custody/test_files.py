"""Files of people: held until they are closed and sixty days more, then forgotten one by one, and with their day's key."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connections

from lianfang.command.services import worker_session
from lianfang.custody import ledger
from lianfang.custody.archives_figures import days_without_key, samples
from lianfang.custody.subjects import SubjectCard, ask_deletion, give
from lianfang.kernel.days import start_of
from lianfang.kernel.key_rotation import key_files, rotate
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.facts import Call, DocumentTold, DoorTold, PersonTold
from lianfang.people.models import Household, Person
from lianfang.people.opening import FileState
from lianfang.people.queries import person_file
from lianfang.people.services import (
    Door,
    close_file,
    join,
    mark_state,
    merge,
    open_file,
    open_households,
    tell_kinship,
)
from tests.custody.conftest import NOW, TODAY, Gate
from tests.factories import Generated

GRID = "210381101001001"
DAY = timedelta(days=1)
# What was closed 62 days ago has had its 60 whole days; what was closed 60 days ago has not.
LONG_CLOSED, JUST_NOT = TODAY - 61 * DAY, TODAY - 60 * DAY


@pytest.fixture
def made() -> Generated:
    return Generated(5, at=NOW)


def file_of(gate: Gate, made: Generated, opened_on: date, closed_on: date | None = None) -> tuple[UUID, str]:
    number = made.resident_id()
    document = DocumentTold("RESIDENT_ID", number)
    facts = PersonTold(name=made.name(), document=document, phone=made.phone(), other_phones=(made.phone(),))
    at = start_of(opened_on) + timedelta(hours=9)
    opened = open_file(by=gate.desk, at=at, call=Call("REFERRAL", made.id()), facts=facts, division=GRID)
    if closed_on is not None:
        close_file(by=gate.desk, at=start_of(closed_on) + timedelta(hours=23), id=opened.id)
    return opened.id, number


def state(gate: Gate, id: UUID) -> FileState | None:
    with reach(gate.desk) as seen:
        file = person_file(seen, id, at=NOW)
    return file.person.state if file else None


def test_a_file_is_forgotten_sixty_days_after_it_was_closed_and_no_day_earlier(
    gate: Gate, made: Generated
) -> None:
    old = TODAY - 80 * DAY
    gone, _ = file_of(gate, made, old, LONG_CLOSED)
    not_yet, _ = file_of(gate, made, old, JUST_NOT)
    going_on, _ = file_of(gate, made, old)
    certificate = gate.purge()
    assert certificate["counts"] == {"person": 1}
    assert [state(gate, id) for id in (gone, not_yet, going_on)] == ["DESTROYED", "OPEN", "OPEN"]
    row = Person.objects.using("owner").get(pk=gone)
    assert (row.wrapped_key, row.sealed, row.document_index, row.phone_index) == (None, None, None, None)
    assert gate.keys.files_days() == [old], "two others are wrapped by it"
    assert [line.records for line in ledger.entries() if line.what == "FILES"] == [(str(gone),)]


def test_the_days_key_goes_with_its_last_file(gate: Gate, made: Generated) -> None:
    old = TODAY - 80 * DAY
    file_of(gate, made, old, LONG_CLOSED), file_of(gate, made, old, LONG_CLOSED)
    file_of(gate, made, old + DAY)
    certificate = gate.purge()
    assert gate.keys.files_days() == [old + DAY]
    assert f"files-{old}.key" in certificate["keys"]


def test_a_month_in_which_a_file_was_opened_stays_searchable(gate: Gate, made: Generated) -> None:
    old = date(2019, 12, 20)
    id, number = file_of(gate, made, old)
    gate.keys.month(date(2019, 11, 20))  # of which nobody is left
    gate.purge()
    assert gate.keys.index_months() == [date(2019, 12, 1)]
    with reach(gate.desk) as seen:
        given = give(by=seen, at=NOW, card=SubjectCard(number), form="PAGE")
    assert [one.id for one in given.file.files] == [id]


def test_what_tied_a_forgotten_file_to_others_goes_along(gate: Gate, made: Generated) -> None:
    old = TODAY - 80 * DAY
    gone, _ = file_of(gate, made, old)
    other, double = file_of(gate, made, old)[0], file_of(gate, made, old)[0]
    at = start_of(old) + timedelta(hours=10)
    (home,) = open_households(by=gate.desk, at=at, doors=[Door(GRID, DoorTold(address="丰台路1号"))])
    for id in (gone, other):
        join(by=gate.desk, at=at, person=id, household=home.id, relation="HEAD")
    tell_kinship(by=gate.desk, at=at, person=other, other=gone, kind="CHILD")
    merge(by=gate.desk, at=at, kept=gone, merged=double, reason="同一人")
    mark_state(by=gate.desk, at=at + DAY, person=gone, household=home.id, state="MOVED_OUT")
    close_file(by=gate.desk, at=start_of(LONG_CLOSED), id=gone)
    gate.purge()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT array_agg(person_id) FROM stay_in_household")
        assert cursor.fetchone()[0] == [other]
        cursor.execute("SELECT array_agg(person_id ORDER BY person_id) FROM person_phone")
        assert cursor.fetchone()[0] == sorted([other, double])
        cursor.execute("SELECT (SELECT count(*) FROM kinship), (SELECT reason FROM person_merge)")
        assert cursor.fetchone() == (0, None)


def test_the_end_of_the_emergency_takes_every_file_and_door(gate: Gate, made: Generated) -> None:
    id, _ = file_of(gate, made, TODAY - DAY)
    open_households(by=gate.desk, at=NOW, doors=[Door(GRID, DoorTold(address="丰台路1号"))])
    certificate = gate.purge("EVERYTHING")
    assert (certificate["counts"]["person"], certificate["counts"]["household"]) == (1, 1)
    assert gate.keys.files_days() == []
    assert Household.objects.using("owner").get().sealed is None
    assert state(gate, id) == "DESTROYED"


@pytest.mark.parametrize("kind", ["RETENTION", "EVERYTHING"])
def test_what_was_forgotten_is_forgotten_again_after_an_old_backup(
    gate: Gate, made: Generated, kind: str
) -> None:
    id, _ = file_of(gate, made, TODAY - 80 * DAY, LONG_CLOSED)
    row = Person.objects.using("owner").filter(pk=id)
    before = row.values("wrapped_key", "sealed", "document_index").get()
    gate.purge(kind)
    row.update(**before, closed_at=None)  # what a dump of an earlier day brings back
    assert ledger.replay(NOW)["person"] == 1
    assert row.get().wrapped_key is None
    assert ledger.replay(NOW).get("person", 0) == 0


def test_what_was_signed_takes_no_file_that_was_not_over_then(gate: Gate, made: Generated) -> None:
    over, _ = file_of(gate, made, TODAY - 80 * DAY, LONG_CLOSED)
    later, _ = file_of(gate, made, TODAY - 80 * DAY, JUST_NOT)
    signed = gate.signed(up_to=TODAY - 29 * DAY)
    from lianfang.custody.purging import carry_out  # noqa: PLC0415 -- carried out two days after it was signed

    carry_out(id=signed, at=NOW + 2 * DAY)
    assert [state(gate, id) for id in (over, later)] == ["DESTROYED", "OPEN"]


def test_a_subject_is_shown_his_file_and_may_have_it_deleted_once_it_is_closed(
    gate: Gate, made: Generated
) -> None:
    id, number = file_of(gate, made, TODAY - DAY)
    card = SubjectCard(number)
    file = give(by=gate.desk, at=NOW, card=card, form="PAGE").file
    assert [(one.id, one.person.document) for one in file.files] == [(id, number)]
    with pytest.raises(Refusal, match="NOTHING_TO_DELETE"):
        ask_deletion(by=gate.desk, at=NOW, card=card, reason="本人要求")
    close_file(by=gate.desk, at=NOW, id=id)
    ask_deletion(by=gate.desk, at=NOW, card=card, reason="本人要求")
    gate.purge("SUBJECT", records=[id])
    assert state(gate, id) == "DESTROYED"
    assert give(by=gate.desk, at=NOW, card=card, form="PAGE").file.files == ()


def test_a_subject_of_the_next_county_is_not_shown_here(gate: Gate, made: Generated) -> None:
    facts = PersonTold(name="王", document=DocumentTold("RESIDENT_ID", made.resident_id()))
    open_file(
        by=gate.headquarters, at=NOW, call=Call("REFERRAL", "x"), facts=facts, division="210323101001001"
    )
    assert give(by=gate.desk, at=NOW, card=SubjectCard(facts.document.number), form="PAGE").file.files == ()
    assert (
        len(
            give(
                by=gate.headquarters, at=NOW, card=SubjectCard(facts.document.number), form="PAGE"
            ).file.files
        )
        == 1
    )


def test_keys_of_files_are_backed_up_listed_and_rotated(gate: Gate, made: Generated) -> None:
    id, _ = file_of(gate, made, TODAY)
    assert ("files", str(TODAY)) in {(file.kind, file.of) for file in key_files(gate.keys.path)}
    rotate(gate.keys)
    gate.keys.forget()
    assert state(gate, id) == "OPEN"
    with connections["owner"].cursor() as cursor:
        assert days_without_key(cursor, gate.keys) == {}
        (sample,) = samples(cursor)
        assert gate.keys.key_in(sample.key).unseal(sample.blob, sample.id)
        gate.keys.destroy([f"files-{TODAY}.key"])
        assert days_without_key(cursor, gate.keys) == {str(TODAY): 1}


def test_a_file_without_its_key_is_refused_by_the_database(gate: Gate, made: Generated) -> None:
    id, _ = file_of(gate, made, TODAY)
    with pytest.raises(Exception, match="person_is_sealed_under_a_key_of_his_own"):
        Person.objects.using("owner").filter(pk=id).update(wrapped_key=None)
    assert worker_session().kind == "WORK"
