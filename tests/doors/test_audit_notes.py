"""What the doors and the intake note: one entry a page, in the transaction that reads, and nothing about a traveller."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.test import Client

from lianfang.checkpoints import services
from lianfang.checkpoints.models import Device
from lianfang.command.services import worker_session
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.clock import now
from lianfang.kernel.reach import Reach, reach
from tests import factories
from tests.doors.desk import City, at_desk
from tests.factories import Json


def entries(**filters: Any) -> list[AuditEntry]:
    with reach(worker_session()):
        return list(AuditEntry.objects.filter(**filters).order_by("number"))


def acts(*without: str) -> list[str]:
    furniture = {"CHECKPOINT_OPENED", "DEVICE_ENROLLED", *without}
    return [entry.act for entry in entries() if entry.act not in furniture]


class TestReading:
    @pytest.mark.parametrize("people", [1, 3])
    def test_a_list_is_one_entry_however_long_it_is(self, city: City, people: int) -> None:
        for _ in range(people):
            city.register(people=people)
        city.haicheng.get("/desk/passages?direction=IN&purpose=COMMUTE&checkpoint=GATE")
        (entry,) = entries(act="LIST_READ")
        assert (entry.count, entry.jurisdiction, entry.place) == (people, 210381 * 10**12, "127.0.0.1")
        assert entry.details["page"] == "passages"
        asked = {"checkpoint": "GATE", "direction": "IN", "purpose": "COMMUTE"}
        assert asked.items() <= entry.details.items()

    def test_what_somebody_typed_for_a_checkpoint_is_not_kept(self, city: City) -> None:
        city.haicheng.get("/desk/passages?checkpoint=王小明")
        (entry,) = entries(act="LIST_READ")
        assert "checkpoint" not in entry.details

    def test_a_passage_is_noted_under_its_id(self, city: City) -> None:
        car = city.register(people=2)
        city.haicheng.get(f"/desk/passages/{car['id']}")
        (entry,) = entries(act="FILE_READ")
        assert (entry.subject, entry.details) == (f"PASSAGE {car['id']}", {"people": 2})

    def test_what_was_not_shown_was_not_read(self, city: City) -> None:
        car = city.register()
        assert city.xiuyan.get(f"/desk/passages/{car['id']}").status_code == 404
        assert not entries(act="FILE_READ")

    def test_the_page_for_correcting_says_what_for(self, city: City) -> None:
        car = city.register()
        city.haicheng.get(f"/desk/passages/{car['id']}/correct?field=plate")
        city.haicheng.get(f"/desk/passages/{car['id']}/people/{car['people'][0]['id']}/correct?field=phone")
        assert [(e.subject, e.purpose) for e in entries(act="FILE_READ")] == [
            (f"PASSAGE {car['id']}", "CORRECTION")
        ] * 2

    def test_a_search_keeps_its_kind_and_how_many_it_found(self, city: City) -> None:
        car = city.register()
        city.haicheng.post("/desk/search", {"kind": "PLATE", "value": car["plate"]})
        city.haicheng.post("/desk/search", {"kind": "PHONE", "value": "13900009999"})
        city.haicheng.post("/desk/search", {"kind": "PHONE", "value": ""})
        found = entries(act="SEARCHED")
        assert [(e.details["kind"], e.count, e.details["further"]) for e in found] == [
            ("PLATE", 1, False),
            ("PHONE", 0, False),
        ]

    def test_what_is_exported_is_noted(self, city: City) -> None:
        city.register()
        assert city.haicheng.get("/tables.xlsx").status_code == 200
        assert city.haicheng.get("/desk/closing.xlsx").status_code == 200
        assert city.haicheng.get("/desk/closing/GATE/sheet.xlsx").status_code == 200
        assert [e.details["page"] for e in entries(act="EXPORTED")] == ["tables", "closing", "closing"]

    def test_the_landing_page_is_noted_where_it_shows_people(self, city: City) -> None:
        city.haicheng.get("/desk")
        assert not entries(act="LIST_READ")
        city.register(people=[city.generated.person(name=None)])
        city.haicheng.get("/desk")
        (entry,) = entries(act="LIST_READ")
        assert (entry.details["page"], entry.count) == ("desk", 1)

    def test_through_broken_glass_it_says_so(self, city: City) -> None:
        car = city.register()
        officer = factories.officer("COUNTY_DESK", factories.XIUYAN)
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO glass (id, officer_id, division, lo, hi, reason, broken_at, ends_at) VALUES (gen_random_uuid(), "
                "%s, '210381', 210381000000000000, 210381999999999999, '疫情', now(), now() + interval '3 hours')",
                [officer.officer_id],
            )
        assert at_desk(officer).get(f"/desk/passages/{car['id']}").status_code == 200
        (entry,) = entries(act="FILE_READ")
        assert entry.details["glass"] is True


class TestRefusing:
    @pytest.mark.parametrize("address", ["/desk/passages", "/tables.xlsx", "/api/v1/board"])
    def test_what_an_officer_may_not_is_noted_once(self, city: City, address: str) -> None:
        assert city.administrator.get(address).status_code == 403
        (entry,) = entries(act="REFUSED")
        assert (entry.result, entry.details["code"]) == ("REFUSED", "NOT_PERMITTED")
        assert entry.officer_id is not None

    def test_the_page_is_named_and_not_its_address(self, city: City) -> None:
        car = city.register()
        city.screen.get(f"/desk/passages/{car['id']}")
        (entry,) = entries(act="REFUSED")
        assert entry.details["page"] == "passage"
        assert car["id"] not in json.dumps(entry.details)

    def test_a_service_that_refuses_is_noted_too_and_what_is_not_there_is_not(self, city: City) -> None:
        given = {"name": "村口", "place": "", "division": "210323", "kind": "VILLAGE"}
        response = city.haicheng.post("/desk/posts/new", given)
        assert response.status_code in (400, 403)
        city.haicheng.get("/desk/passages/01a20000-0000-7000-8000-000000000001")
        assert len(entries(act="REFUSED")) == (response.status_code == 403)

    def test_whoever_is_signed_out_is_nobody(self, city: City) -> None:
        Client().get("/desk")
        assert not entries(act="REFUSED")


class TestActing:
    def test_an_act_and_its_entry_stand_or_fall_together(self, city: City) -> None:
        officer = factories.officer("COUNTY_DESK", factories.HAICHENG)
        with transaction.atomic():
            services.invite_device(by=officer, checkpoint="GATE", at=now())
            transaction.set_rollback(True)
        assert not entries(act="DEVICE_INVITED")

    def test_a_phones_life_is_noted_step_by_step(self, city: City) -> None:
        officer = factories.officer("COUNTY_DESK", factories.HAICHENG)
        invitation = services.invite_device(by=officer, checkpoint="GATE", at=now())
        enrolled = services.enrol(code=invitation.code, device_name="新机", at=now())
        ask = {"by": officer, "device_id": enrolled.device_id, "at": now()}
        services.wipe_device(**ask, outbox="KEEP", reason="")
        services.report_state(by=Device.objects.get(pk=enrolled.device_id), said={"wiped": True}, at=now())
        services.revoke_device(**ask)
        services.revoke_device(**ask)  # again: nothing changes
        found = entries(device_id=enrolled.device_id)
        assert [(e.act, e.details.get("state")) for e in found] == [
            ("DEVICE_ENROLLED", None),
            ("DEVICE_WIPED", "ASKED"),
            ("DEVICE_WIPED", "DONE"),
            ("DEVICE_REVOKED", None),
        ]
        assert {e.subject for e in found} == {f"DEVICE {enrolled.device_id}"}
        assert found[0].details["invited_by"] == str(officer.officer_id)

    def test_a_correction_names_its_fields_and_not_their_values(self, city: City) -> None:
        car = city.register()
        officer = factories.officer("COUNTY_DESK", factories.HAICHENG)
        given = {"by": officer, "of": UUID(car["id"]), "reason": "旅客来电", "at": now()}
        made = services.correct(**given, fields={"plate": "辽C54321"})
        services.correct(**given, fields={"plate": "辽C54321"}, id=made)  # again: nothing changes
        (entry,) = entries(act="RECORD_CORRECTED")
        assert (entry.subject, entry.officer_id) == (f"PASSAGE {car['id']}", officer.officer_id)
        assert entry.details == {"fields": ["plate"], "correction": str(made)}


class TestReceiving:
    def test_a_flush_is_one_entry_a_device_with_what_is_new_of_it(self, city: City) -> None:
        cars = [city.generated.passage(people=people) for people in (1, 3)]
        city.intake.send(city.generated.parcel(*cars))
        (entry,) = entries(act="RECORDS_RECEIVED")
        assert (entry.device_id, entry.officer_id) == (city.intake.device.id, None)
        assert (entry.count, entry.details) == (6, {"PASSAGE": 2, "REGISTRATION": 4})

    def test_a_retry_is_no_entry_and_half_a_retry_counts_the_other_half(self, city: City) -> None:
        first, second = city.generated.passage(people=2), city.generated.passage(people=1)
        city.intake.send(city.generated.parcel(first))
        city.intake.send(city.generated.parcel(first))
        city.intake.send(city.generated.parcel(first, second))
        assert [(e.count, e.details) for e in entries(act="RECORDS_RECEIVED")] == [
            (3, {"PASSAGE": 1, "REGISTRATION": 2}),
            (2, {"PASSAGE": 1, "REGISTRATION": 1}),
        ]

    def test_somebody_added_to_a_passage_that_stands_is_counted_alone(self, city: City) -> None:
        car = city.generated.passage(people=1)
        city.intake.send(city.generated.parcel(car))
        city.intake.send(city.generated.parcel({**car, "people": [*car["people"], city.generated.person()]}))
        assert entries(act="RECORDS_RECEIVED")[1].details == {"REGISTRATION": 1}

    def test_corrections_are_counted_as_such(self, city: City) -> None:
        car = city.register()
        correction = city.generated.correction(car["id"], {"plate": "辽C54321"})
        city.intake.send(city.generated.parcel(correction))
        city.intake.send(city.generated.parcel(correction))
        assert [e.details for e in entries(act="RECORDS_RECEIVED")][1:] == [{"CORRECTION": 1}]

    def test_records_and_their_entry_are_of_one_transaction(self, city: City) -> None:
        city.register()
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT tx FROM passage) = tx FROM audit_entry WHERE act = 'RECORDS_RECEIVED'"
            )
            assert cursor.fetchone() == (True,)


def told_of(car: Json) -> set[str]:
    """Whatever was said about a traveller that could name them."""
    said = {car["plate"], car["plate"][1:]}
    for person in car["people"]:
        number = person["document"]["number"]
        said |= {person["name"], number, number[6:14], person["phone"], person["phone"][-4:]}
    return said


def the_log() -> str:
    """Every entry as text, whatever its column."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(to_jsonb(e)::text, E'\\n'), '') FROM audit_entry e")
        return str(cursor.fetchone()[0])


def test_no_entry_holds_a_travellers_name_number_or_plate(city: City) -> None:
    car = city.register(people=2)
    person = car["people"][0]
    other = city.generated.passage(people=1)
    officer: Reach = factories.officer("COUNTY_DESK", factories.HAICHENG)
    desk = at_desk(officer)
    number = person["document"]["number"]
    for kind, value in (("PLATE", car["plate"]), ("DOCUMENT", number), ("PHONE", person["phone"])):
        desk.post("/desk/search", {"kind": kind, "value": value})
    desk.get(f"/desk/passages?checkpoint={person['name']}&q={number}")
    desk.get(f"/desk/passages/{car['id']}?name={person['name']}")
    desk.get(f"/desk/passages/{car['id']}/people/{person['id']}/correct?field=phone")
    services.correct(
        by=officer,
        of=UUID(person["id"]),
        fields={"phone": other["people"][0]["phone"], "name": other["people"][0]["name"]},
        reason=f"{other['people'][0]['name']}来电，车牌{other['plate']}",
        at=now(),
    )
    city.screen.get(f"/desk/search?value={number}")
    city.screen.post("/desk/search", {"kind": "DOCUMENT", "value": number})
    at_desk(factories.officer("AUDITOR")).get(f"/desk/audit?subject={number}&officer={person['name']}")
    log = the_log()
    assert {"SEARCHED", "LIST_READ", "FILE_READ", "RECORD_CORRECTED", "REFUSED", "AUDIT_READ"} <= set(acts())
    for said in told_of(car) | told_of(other):
        assert said not in log, said
