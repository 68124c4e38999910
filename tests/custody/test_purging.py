"""A purge: what it clears, what it leaves, on whose word, and that a dry run says the same."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import Error, IntegrityError, connections

from lianfang.checkpoints.models import ConflictItem, Correction, Declaration, Device, Passage, Registration
from lianfang.checkpoints.queries.files import passage_file
from lianfang.checkpoints.queries.search import search
from lianfang.checkpoints.services import correct
from lianfang.command.models import Officer
from lianfang.command.services import worker_session
from lianfang.custody import certificates, ledger
from lianfang.custody.alone import KEYS_DESTROYED
from lianfang.custody.models import Purge
from lianfang.custody.planning import dry_run
from lianfang.custody.purging import carry_out, propose, propose_due, refuse, sign
from lianfang.custody.retention import set_retention
from lianfang.kernel.days import start_of
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.situation.clerk import count_different_people
from lianfang.situation.fold import catch_up
from lianfang.situation.models import DistinctPeople
from lianfang.situation.recount import recount
from tests import factories
from tests.custody.conftest import FEVER, NOW, OLD, TODAY, YOUNG, Gate

DAY = timedelta(days=1)


def found(gate: Gate, kind: str, value: str) -> int:
    with reach(gate.desk) as seen:
        return len(search(seen, kind=kind, value=value).lines)


def shown(gate: Gate, passage: str) -> Any:
    with reach(gate.desk) as seen:
        return passage_file(seen, UUID(passage))


def row(model: Any, id: str) -> Any:
    return model.objects.using("owner").get(pk=id)


def test_a_day_that_is_over_goes_and_a_young_one_stays(gate: Gate) -> None:
    old, young = gate.register(OLD), gate.register(YOUNG)
    certificate = gate.purge()
    assert certificate["counts"] == {"registration": 1, "passage": 1}
    assert certificate["keys"] == [f"day-{OLD}.key"]
    assert shown(gate, old["id"]).state == "DESTROYED"
    assert shown(gate, young["id"]).people[0].name == young["people"][0]["name"]
    assert gate.keys.days() == [YOUNG]


def test_what_was_cleared_is_nothing_but_the_named_plain_columns(gate: Gate) -> None:
    old = gate.register(OLD)
    gate.purge()
    passage, person = row(Passage, old["id"]), row(Registration, old["people"][0]["id"])
    assert (passage.sealed, passage.digest, passage.plate_index) == (None, None, None)
    assert (person.sealed, person.digest, person.document_index, person.phone_index) == (None,) * 4
    assert person.from_code == "210103"
    assert person.celsius_tenths is not None
    page = shown(gate, old["id"])
    assert (page.plate, page.people[0].name, page.people[0].document) == (None, "", "")
    assert page.people[0].destination_code == "210381101"


def test_searching_by_document_phone_and_plate_finds_nothing_afterwards(gate: Gate) -> None:
    old = gate.register(OLD)
    person = old["people"][0]
    asked = [("DOCUMENT", person["document"]["number"]), ("PHONE", person["phone"]), ("PLATE", old["plate"])]
    assert [found(gate, *one) for one in asked] == [1, 1, 1]
    gate.purge()
    assert [found(gate, *one) for one in asked] == [0, 0, 0]


def test_the_twenty_eighth_day_is_held_and_the_twenty_ninth_is_not(gate: Gate) -> None:
    gate.register(TODAY - 28 * DAY)
    with pytest.raises(Refusal, match="NOTHING_DUE"):
        gate.propose()
    gate.register(TODAY - 29 * DAY)
    assert gate.purge()["steps"][0]["day"] == str(TODAY - 29 * DAY)
    assert gate.keys.days() == [TODAY - 28 * DAY]


def test_a_person_with_a_measure_and_the_passage_outlive_the_days_key(gate: Gate) -> None:
    passage = gate.register(OLD, FEVER, {})
    ill, well = passage["people"]
    gate.correct(OLD + DAY, ill["id"], {"name": "王改名"})
    gate.correct(OLD + DAY, well["id"], {"name": "李改名"})
    certificate = gate.purge()
    assert certificate["counts"] == {"registration": 1, "correction": 1}
    page = shown(gate, passage["id"])
    assert page.plate == passage["plate"]
    assert [person.name for person in page.people] == ["王改名", ""]
    assert gate.keys.days() == []
    assert found(gate, "DOCUMENT", ill["document"]["number"]) == 1
    assert found(gate, "DOCUMENT", well["document"]["number"]) == 0


def test_a_measures_record_goes_fourteen_and_sixty_days_after_its_capture(gate: Gate) -> None:
    passage = gate.register(OLD, FEVER)
    gate.purge()
    last = NOW + timedelta(days=14 + 60 - (TODAY - OLD).days)
    assert gate.purge(at=last + DAY)["keys"] == [f"kept-{OLD}.key", "index-2020-02.key"]
    assert shown(gate, passage["id"]).people[0].state == "DESTROYED"
    assert found(gate, "PLATE", passage["plate"]) == 0
    assert gate.keys.kept_days() == []


def test_a_months_index_key_goes_with_its_last_day_when_nobody_needs_it(gate: Gate) -> None:
    gate.register(OLD)
    at = NOW + 9 * DAY
    assert gate.purge(at=NOW)["keys"] == [f"day-{OLD}.key"]
    gate.register(OLD + 19 * DAY)  # 29 February
    names = gate.purge(at=at)["keys"]
    assert names == ["day-2020-02-29.key", "index-2020-02.key"]


def test_a_correction_goes_with_the_record_it_corrects_though_it_is_younger(gate: Gate) -> None:
    old = gate.register(OLD)
    correction = gate.correct(YOUNG, old["people"][0]["id"], {"phone": "13900001234"})
    gate.purge()
    assert row(Correction, correction["id"]).sealed is None
    assert found(gate, "PHONE", "13900001234") == 0
    assert shown(gate, old["id"]).history[-1].state == "DESTROYED"


def test_a_conflict_goes_with_its_day(gate: Gate) -> None:
    made = gate.at(OLD)
    first = made.passage()
    gate.send(made, first)
    gate.send(made, {**first, "plate": "辽C99999"})
    assert ConflictItem.objects.using("owner").count() == 1
    assert gate.purge()["counts"]["conflict_item"] == 1
    item = ConflictItem.objects.using("owner").get()
    assert (item.sealed, item.digest) == (None, None)


def test_rows_in_the_default_partition_go_as_well(gate: Gate) -> None:
    made = gate.at(OLD)
    made.at = made.at.replace(year=2031)  # ids of a clock that runs eleven years ahead
    strange = made.id(), made.id()
    made.at = made.at.replace(year=2020)
    gate.send(made, made.passage(id=strange[0], people=[made.person(id=strange[1])]))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM passage_default WHERE sealed IS NOT NULL")
        assert cursor.fetchone() == (1,)
    assert gate.purge()["counts"] == {"registration": 1, "passage": 1}


def test_a_dry_run_counts_what_is_done(gate: Gate) -> None:
    for day in (OLD, OLD + DAY, OLD + 2 * DAY):
        passage = gate.register(day, FEVER, {}, {})
        gate.correct(day + DAY, passage["people"][1]["id"], {"name": "改"})
        gate.correct(YOUNG, passage["people"][0]["id"], {"name": "改"})
        other = gate.register(day)
        gate.correct(YOUNG, other["id"], {"plate": "辽C77777"})
    forecast = dry_run("RETENTION", at=NOW)
    certificate = gate.purge()
    done = {(step["what"], step["day"]): step["counts"] for step in certificate["steps"]}
    assert {(one.planned.what, str(one.planned.day or "")): one.counts for one in forecast} == done
    assert [key for one in forecast for key in one.planned.keys] == certificate["keys"]
    assert sum(one.counts.get("registration", 0) for one in forecast) == 9


def test_the_boards_figures_do_not_change(gate: Gate) -> None:
    gate.register(OLD, FEVER, {})
    gate.register(YOUNG)
    worker = worker_session()
    catch_up(worker)
    before = recount(worker)
    gate.purge()
    after = recount(worker)
    assert before.cells > 0
    assert (before.cells, before.differences) == (after.cells, after.differences) == (before.cells, [])


def test_two_different_officers_must_agree(gate: Gate) -> None:
    gate.register(OLD)
    purge = gate.propose()
    with pytest.raises(Refusal, match="NOT_PERMITTED"):
        sign(by=gate.headquarters, at=NOW, id=purge.id)
    with pytest.raises(Refusal, match="NOT_SIGNED"):
        carry_out(id=purge.id, at=NOW)
    Purge.objects.filter(pk=purge.id).update(proposed_by=gate.security.officer_id)
    with pytest.raises(Refusal, match="SAME_OFFICER"):
        sign(by=gate.security, at=NOW, id=purge.id)
    with pytest.raises(IntegrityError, match="second_officer"):
        Purge.objects.filter(pk=purge.id).update(signed_by=gate.security.officer_id, signed_at=NOW)


def test_what_the_night_proposed_an_officer_makes_his_own_before_it_is_signed(gate: Gate) -> None:
    assert propose_due(at=NOW) is None
    gate.register(OLD)
    night = propose_due(at=NOW)
    assert night is not None
    assert propose_due(at=NOW + DAY) is None
    with pytest.raises(Refusal, match="NOT_PROPOSED_YET"):
        sign(by=gate.security, at=NOW, id=night.id)
    with pytest.raises(IntegrityError, match="by_a_person"):
        Purge.objects.filter(pk=night.id).update(signed_by=gate.security.officer_id, signed_at=NOW)
    assert gate.propose().id == night.id
    with pytest.raises(Refusal, match="PURGE_OPEN"):
        gate.propose()
    sign(by=gate.security, at=NOW, id=night.id)
    carry_out(id=night.id, at=NOW)


def test_what_was_refused_is_never_done(gate: Gate) -> None:
    gate.register(OLD)
    purge = refuse(by=gate.security, at=NOW, id=gate.propose().id)
    with pytest.raises(Refusal, match="PURGE_DECIDED"):
        sign(by=gate.security, at=NOW, id=purge.id)
    with pytest.raises(Refusal, match="NOT_SIGNED"):
        carry_out(id=purge.id, at=NOW)
    with pytest.raises(IntegrityError, match="signed_or_refused"):
        Purge.objects.filter(pk=purge.id).update(signed_by=gate.security.officer_id, signed_at=NOW)
    assert gate.keys.days() == [OLD]


def test_a_period_that_was_lengthened_after_the_signature_is_kept_to(gate: Gate) -> None:
    gate.register(OLD)
    purge = gate.signed()
    set_retention(by=gate.security, at=NOW, code="passing", days=60, reason="案件调查")
    assert carry_out(id=purge, at=NOW)["steps"] == []
    assert gate.keys.days() == [OLD]


def test_a_certificate_has_counts_names_and_a_hash(gate: Gate) -> None:
    gate.register(OLD)
    certificate = gate.purge()
    assert certificate["hash"] == certificates.hash_of(certificate)
    assert certificate["proposed_by"] == str(gate.headquarters.officer_id)
    assert certificate["signed_by"] == str(gate.security.officer_id)
    assert certificate["ledger"]["lines"] == len(ledger.entries()) == 1
    assert Purge.objects.get().certificate == certificate
    assert carry_out(id=Purge.objects.get().id, at=NOW + DAY) == certificate


def test_one_subjects_records_go_and_no_key(gate: Gate) -> None:
    passage = gate.register(YOUNG, {}, {})
    one, other = passage["people"]
    correction = gate.correct(YOUNG, one["id"], {"name": "改名"})
    gate.correct(YOUNG, other["id"], {"name": "另一人"})
    purge = gate.signed("SUBJECT", records=[UUID(one["id"])])
    certificate = carry_out(id=purge, at=NOW)
    assert certificate["counts"] == {"registration": 1, "correction": 1}
    assert certificate["keys"] == []
    page = shown(gate, passage["id"])
    assert page.plate == passage["plate"]
    assert [person.name for person in page.people] == ["", "另一人"]
    assert row(Correction, correction["id"]).sealed is None
    assert found(gate, "DOCUMENT", one["document"]["number"]) == 0
    assert gate.keys.days() == [YOUNG]


def test_a_subjects_passage_goes_when_it_is_named_and_records_of_elsewhere_cannot_be(gate: Gate) -> None:
    passage = gate.register(YOUNG)
    ids = [UUID(passage["id"]), UUID(passage["people"][0]["id"])]
    stranger = factories.officer("COUNTY_DESK", factories.XIUYAN)
    with pytest.raises(Refusal, match="RECORD_UNKNOWN"):
        propose(by=stranger, at=NOW, kind="SUBJECT", reason="本人要求", records=ids)
    assert carry_out(id=gate.signed("SUBJECT", records=ids), at=NOW)["counts"] == {
        "registration": 1,
        "passage": 1,
    }
    assert found(gate, "PLATE", passage["plate"]) == 0


def test_the_end_of_the_emergency_takes_everything(gate: Gate) -> None:
    gate.register(OLD, FEVER)
    gate.purge()
    gate.register(OLD + DAY, FEVER)
    gate.register(TODAY, received=NOW + 4 * timedelta(hours=1))
    gate.keys.outbox(TODAY)
    Declaration.objects.create(
        id=UUID(gate.at(TODAY).id()), checkpoint_id="GATE", kind="DECLARATION", short_code="123456", people=1,
        sealed=b"x", made_at=NOW, expires_at=NOW + DAY,
    )  # fmt: skip
    at = NOW + 5 * timedelta(hours=1)
    certificate = gate.purge("EVERYTHING", at=at)
    assert certificate["counts"] == {"declaration": 1, "device": 1, "registration": 3, "passage": 3}
    left = {path.name for path in gate.keys.path.iterdir() if path.suffix == ".key"}
    assert left <= {"master.key", "staff.key"}
    assert Declaration.objects.using("owner").count() == 0
    assert Device.objects.get().revoked_at == at
    for model in (Passage, Registration):
        assert not model.objects.using("owner").exclude(sealed=None).exists()


def test_the_app_cannot_clear_and_the_purge_cannot_read_what_it_need_not(gate: Gate) -> None:
    gate.register(OLD)
    with pytest.raises(Error, match="permission denied"), connections["default"].cursor() as cursor:
        cursor.execute("UPDATE registration SET sealed = NULL")
    refused = {
        "registration": ("from_code", "age", "stays", "symptoms", "celsius_tenths", "destination_code"),
        "passage": ("officer", "checkpoint"),
        "correction": ("facts",),
        "declaration": ("sealed", "short_code"),
        "device": ("token_hash",),
        "officer": ("name", "password"),
        "audit_entry": ("subject",),
    }
    for table, columns in refused.items():
        for column in columns:
            with pytest.raises(Error, match="permission denied"), connections["purge"].cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM {table}")
    with pytest.raises(Error, match="permission denied"), connections["purge"].cursor() as cursor:
        cursor.execute("UPDATE registration SET age = 1")
    with pytest.raises(Error, match="permission denied"), connections["purge"].cursor() as cursor:
        cursor.execute("UPDATE purge SET signed_by = proposed_by")
    assert Officer.objects.count() > 0


def test_every_purge_is_noted(gate: Gate) -> None:
    gate.register(OLD)
    gate.purge()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT act, count(*) FROM audit_entry WHERE act LIKE 'PURGE%' GROUP BY act")
        assert dict(cursor.fetchall()) == {"PURGE_PROPOSED": 1, "PURGE_SIGNED": 1, "PURGED": 1}


def test_a_purged_record_is_corrected_by_nobody_at_a_desk(gate: Gate) -> None:
    old = gate.register(OLD)
    gate.purge()
    with pytest.raises(Refusal, match="RECORD_DESTROYED"):
        correct(by=gate.desk, of=UUID(old["people"][0]["id"]), fields={"name": "王某某"}, reason="写错了", at=NOW)  # fmt: skip


def test_a_phones_late_correction_of_a_purged_record_goes_with_the_next_purge(gate: Gate) -> None:
    old = gate.register(OLD)
    gate.purge()
    correction = gate.correct(YOUNG, old["people"][0]["id"], {"name": "王某某"})
    assert shown(gate, old["id"]).people[0].name == ""
    gate.register(OLD + DAY)
    assert gate.purge()["counts"] == {"registration": 1, "passage": 1, "correction": 1}
    assert row(Correction, correction["id"]).sealed is None


def test_different_people_of_a_month_do_not_become_fewer(gate: Gate) -> None:
    for day in (date(2020, 3, 1), date(2020, 3, 30)):
        gate.register(day, {}, {"document": None})
    at = start_of(date(2020, 3, 30)) + timedelta(hours=13)
    worker = worker_session()
    count_different_people(worker, at=at)
    month = DistinctPeople.objects.get(span="MONTH", day=date(2020, 3, 1))
    assert (month.people, month.without_document) == (2, 2)
    gate.purge(at=at)
    count_different_people(worker, at=at)
    month.refresh_from_db()
    assert (month.people, month.without_document) == (2, 2)


def test_other_processes_are_told_to_forget_the_key(gate: Gate) -> None:
    gate.register(OLD)
    id = gate.signed()
    with psycopg.connect(**gate.database.parameters("app"), autocommit=True) as ear:
        ear.execute(f"LISTEN {KEYS_DESTROYED}")
        carry_out(id=id, at=NOW)
        assert len(list(ear.notifies(timeout=0.5))) == 1
