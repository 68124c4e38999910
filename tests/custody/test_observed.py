"""Whoever is under observation has his file and his record; what was written about it goes with the file, and he is told all."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections

from lianfang.custody.subjects import SubjectCard, ask_deletion, give
from lianfang.doors.hq.subject_orders import order_facts
from lianfang.kernel.days import start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.facts import Call, DocumentTold, PersonTold
from lianfang.people.models import Person
from lianfang.people.services import close_file, open_file
from lianfang.quarantine.models import CareNeed, CheckIn, FollowUp, OrderEvent, QuarantineOrder
from lianfang.quarantine.services import (
    CareAnswers,
    CareTold,
    OrderReason,
    WrittenBeside,
    extend,
    order,
    put_in_place,
    release,
)
from lianfang.referrals.models import Referral
from tests.custody.conftest import FEVER, NOW, TODAY, Gate
from tests.factories import Generated

GRID = "210381101001001"
HERE = int(GRID.ljust(18, "0"))
DAY = timedelta(days=1)
OLD = TODAY - 90 * DAY
GRANDSON = CareAnswers(needed={"DEPENDANTS": CareTold("孙子", "邻居", "13900000001")})


@pytest.fixture
def made() -> Generated:
    return Generated(5, at=NOW)


def observed(gate: Gate, made: Generated, number: str = "") -> QuarantineOrder:
    """Somebody in place since long ago, extended to the sixtieth day."""
    document = DocumentTold("RESIDENT_ID", number or made.resident_id())
    facts, at = PersonTold(name=made.name(), document=document), start_of(OLD) + timedelta(hours=9)
    person = open_file(by=gate.desk, at=at, call=Call("DESK", str(uuid7())), facts=facts, division=GRID).id
    one = order(
        by=gate.desk, at=at, id=uuid7(), person=person, division=GRID, why=OrderReason("OFFICER", OLD)
    )
    put_in_place(by=gate.desk, at=at, id=uuid7(), order=one.id, answers=GRANDSON)
    extend(
        by=gate.desk, at=at, id=uuid7(), order=one.id, until=OLD + 60 * DAY, written=WrittenBeside("再看几天")
    )
    CheckIn.objects.using("owner").create(
        order_id=one.id, on_day=OLD, half="MORNING", celsius="36.5", symptoms=[], by="SELF", verdict="WELL", thresholds="t",
        occurred_at=at, received_at=at, jurisdiction=HERE,
    )  # fmt: skip
    return one


def handed_over(registration: UUID, person: UUID, at: datetime) -> None:
    Referral.objects.using("owner").create(
        id=uuid7(at=at), registration_id=registration, passage_id=uuid7(at=at), person_id=person, because="ARRIVAL",
        measures=["QUARANTINE"], details=[], origin=HERE, destination=GRID, jurisdiction=HERE, outside=False, urgent=True,
        vacant=False, captured_on=OLD, sent_at=at, due_at=at, county_due_at=at, city_due_at=at, state="ARRIVED",
        settled_at=at,
    )  # fmt: skip


def is_held(table: str, id: UUID) -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT sealed IS NOT NULL FROM {table} WHERE id = %s", [id])
        return bool(cursor.fetchone()[0])


def test_a_file_is_not_destroyed_while_an_order_stands_whoever_closed_it(gate: Gate, made: Generated) -> None:
    one = observed(gate, made)
    close_file(by=gate.desk, at=NOW - 70 * DAY, id=one.person_id)
    with pytest.raises(Refusal):
        gate.purge()
    assert is_held("person", one.person_id)
    release(by=gate.desk, at=NOW - DAY, id=uuid7(), order=one.id)
    certificate = gate.purge()
    assert certificate["counts"] == {"person": 1, "order_event": 1, "care_need": 1}
    assert not Person.objects.using("owner").get().sealed


def test_what_was_written_goes_with_the_file_and_that_he_was_observed_stays(
    gate: Gate, made: Generated
) -> None:
    one, other = observed(gate, made), observed(gate, made)
    release(by=gate.desk, at=NOW - 80 * DAY + 60 * DAY, id=uuid7(), order=one.id)
    close_file(by=gate.desk, at=NOW - 70 * DAY, id=one.person_id)
    assert gate.keys.files_days() == [OLD]
    gate.purge()
    for model in (OrderEvent, CareNeed):
        rows = model.objects.using("owner")
        assert not rows.filter(order_id=one.id).exclude(sealed=None).exists()
        assert not rows.filter(order_id=one.id).exclude(wrapped_key=None).exists()
        assert rows.filter(order_id=other.id).exclude(sealed=None).exists()
    assert QuarantineOrder.objects.using("owner").get(pk=one.id).state == "RELEASED"
    assert gate.keys.files_days() == [OLD], "the other's file lies under it"


def test_a_note_of_a_follow_up_keeps_its_days_key_until_the_file_goes(gate: Gate, made: Generated) -> None:
    one = observed(gate, made)
    later = OLD + 10 * DAY
    gate.keys.files(later)
    FollowUp.objects.using("owner").create(
        order_id=one.id, kind="CALL", since_day=later, since_half="MORNING", jurisdiction=HERE, opened_at=start_of(later),
        due_at=start_of(later), closed_at=start_of(later), sealed_at=start_of(later), outcome="WELL", wrapped_key=b"k", sealed=b"s",
    )  # fmt: skip
    old = open_file(
        by=gate.desk,
        at=start_of(OLD),
        call=Call("DESK", "x"),
        facts=PersonTold(name=made.name()),
        division=GRID,
    ).id
    close_file(by=gate.desk, at=NOW - 70 * DAY, id=old)
    gate.purge()
    assert gate.keys.files_days() == [OLD, later]
    release(by=gate.desk, at=NOW - DAY, id=uuid7(), order=one.id)
    close_file(by=gate.desk, at=NOW - 70 * DAY, id=one.person_id)
    gate.purge()
    assert gate.keys.files_days() == []
    assert FollowUp.objects.using("owner").get().wrapped_key is None


@pytest.mark.parametrize(("ended", "kept"), [(None, True), (59, True), (61, False)])
def test_a_record_with_a_measure_is_held_for_its_time_after_the_end_of_the_order(
    gate: Gate, made: Generated, ended: int | None, kept: bool
) -> None:
    record = gate.register(OLD, FEVER)
    registration = UUID(record["people"][0]["id"])
    one = observed(gate, made)
    handed_over(registration, one.person_id, start_of(OLD))
    if ended is not None:
        QuarantineOrder.objects.using("owner").filter(pk=one.id).update(
            state="LIFTED", ended_at=NOW - ended * DAY
        )
    gate.purge()
    assert is_held("registration", registration) == kept


def test_the_end_of_the_emergency_comes_after_the_last_release(gate: Gate, made: Generated) -> None:
    one = observed(gate, made)
    with pytest.raises(Refusal) as refused:
        gate.propose("EVERYTHING")
    assert refused.value.code == "ORDERS_STAND"
    release(by=gate.desk, at=NOW - DAY, id=uuid7(), order=one.id)
    assert gate.purge("EVERYTHING")["counts"]["order_event"] == 1


def test_the_subject_is_told_all_of_his_order_and_nothing_of_it_is_deleted_meanwhile(
    gate: Gate, made: Generated
) -> None:
    number = made.resident_id()
    one = observed(gate, made, number)
    with reach(gate.desk) as seen:
        given = give(by=seen, at=NOW, card=SubjectCard(number), form="PAGE")
    (told,) = given.file.orders
    assert [event.kind for event in told.events] == ["ORDERED", "IN_PLACE", "EXTENDED"]
    assert [report.verdict for report in told.reports] == ["WELL"]
    facts = {fact.key: fact.value for fact in order_facts(given.file.orders, NOW)[0]}
    assert "再看几天" in facts["events"]
    assert "邻居" in facts["care"]
    assert "36.5" in facts["reports"]
    assert facts["number"] == one.shown_number
    close_file(by=gate.desk, at=NOW, id=one.person_id)
    with pytest.raises(Refusal, match="Nothing can be deleted"):
        ask_deletion(by=gate.desk, at=NOW, card=SubjectCard(number), reason="不再需要")
