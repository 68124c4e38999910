"""Correcting at the desk: what it changes, what it never changes, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections

from lianfang.checkpoints import queries
from lianfang.checkpoints.history import Change
from lianfang.checkpoints.models import Correction
from lianfang.checkpoints.queries import PassageFile
from lianfang.checkpoints.services import correct
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from tests import factories
from tests.factories import ANSHAN, XIUYAN, Generated, Intake, Json, today

NUMBER = "210727198503152019"


@pytest.fixture
def car(intake: Intake, generated: Generated) -> Json:
    car = generated.passage(people=[generated.person(name="王小明", phone="13904160001")], plate="辽C8A8A8")
    intake.send(generated.parcel(car))
    return car


def corrected(by: Reach, of: str, fields: Json, **changes: Any) -> UUID:
    asked = {"by": by, "of": UUID(of), "fields": fields, "reason": "打错了", "at": datetime.now(UTC)}
    return correct(**asked | changes)


def file_of(by: Reach, passage: Json) -> PassageFile:
    with reach(by) as seen:
        found = queries.passage_file(seen, UUID(passage["id"]))
    assert found is not None
    return found


def person_of(car: Json) -> str:
    return str(car["people"][0]["id"])


def stored() -> list[dict[str, Any]]:
    """Every correction, asked of the owner."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT row_to_json(c) FROM correction c ORDER BY id")
        return [row for (row,) in cursor.fetchall()]


def everything() -> list[Any]:
    """Every passage and registration, byte by byte."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT p.*, r.* FROM passage p JOIN registration r ON r.passage_id = p.id ORDER BY r.id"
        )
        return list(cursor.fetchall())


def refusal_of(by: Reach, of: str, fields: Json, **changes: Any) -> str:
    with pytest.raises(Refusal) as refused:
        corrected(by, of, fields, **changes)
    assert refused.value.zh
    assert refused.value.en
    assert stored() == []
    return refused.value.code


def test_a_correction_shows_in_the_file_with_who_when_why_and_from_what(car: Json, haicheng: Reach) -> None:
    at = datetime.now(UTC)
    corrected(
        haicheng, person_of(car), {"phone": "13904160009", "name": "王晓明"}, reason=" 本人来电 ", at=at
    )
    corrected(haicheng, car["id"], {"plate": "辽C9B9B9"})
    found = file_of(haicheng, car)
    assert (found.plate, found.people[0].name, found.people[0].phone) == ("辽C9B9B9", "王晓明", "139****0009")
    assert (found.corrected, found.people[0].corrected) == (True, True)
    _, _, person, plate = found.history
    assert (person.kind, person.person, person.who, person.reason) == (
        "CORRECTED",
        1,
        ("OFFICER", "海城值班员"),
        "本人来电",
    )
    assert (person.occurred_at, person.received_at) == (at, at)
    assert person.changes == (
        Change("name", "王小明", "王晓明"),
        Change("phone", "139****0001", "139****0009"),
    )
    assert plate.changes == (Change("plate", "辽C8A8A8", "辽C9B9B9"),)
    assert "13904160001" not in repr(found)


def test_a_phones_correction_and_the_desks_add_up_in_one_history(
    car: Json, intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    intake.send(
        generated.parcel(
            generated.correction(car["id"], {"plate": "辽C11111"}, occurred_at=generated.at.isoformat())
        )
    )
    corrected(haicheng, car["id"], {"plate": "辽C22222"})
    found = file_of(haicheng, car)
    events = [event for event in found.history if event.kind == "CORRECTED"]
    assert [(event.who, event.changes) for event in events] == [
        (("DEVICE", "一号机"), (Change("plate", "辽C8A8A8", "辽C11111"),)),
        (("OFFICER", "海城值班员"), (Change("plate", "辽C11111", "辽C22222"),)),
    ]
    assert found.plate == "辽C22222"


def test_nothing_of_the_original_changes(car: Json, haicheng: Reach) -> None:
    before = everything()
    corrected(haicheng, car["id"], {"plate": "辽C9B9B9", "direction": "OUT"})
    corrected(haicheng, person_of(car), {"document": {"type": "RESIDENT_ID", "number": NUMBER}})
    assert everything() == before
    assert len(before) == 1


def test_a_correction_lies_where_the_record_lies_and_carries_its_facts(
    car: Json, generated: Generated, officer: Callable[..., Reach]
) -> None:
    city = officer("HEADQUARTERS", ANSHAN)
    corrected(
        city,
        person_of(car),
        {
            "from_code": "420106",
            "temperatures": [{"celsius": 38.0, "state": "READ"}],
            "stays": [{"code": "420106", "from": "2020-01-01"}],
        },
    )
    (row,) = stored()
    assert (row["checkpoint"], row["jurisdiction"], row["target"]) == (
        "GATE",
        210381 * 10**12,
        "REGISTRATION",
    )
    assert (row["officer_id"], row["device_id"]) == (str(city.officer_id), None)
    assert row["facts"] == {
        "from_code": "420106",
        "celsius_tenths": 380,
        "temperature_state": "READ",
        "stays": [{"code": "420106", "from": "2020-01-01", "to": None}],
    }
    person = file_of(city, car).people[0]
    assert (person.from_code, person.celsius_tenths, person.temperatures) == ("420106", 380, "38.0 READ")


def test_a_correction_is_sealed_under_the_key_of_its_own_day(car: Json, haicheng: Reach) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    corrected(haicheng, car["id"], {"plate": "辽C9B9B9"}, at=tomorrow)
    with reach(haicheng):
        row = Correction.objects.get()
    assert row.captured_on == today() + timedelta(days=1)
    assert row.sealed is not None
    key = key_folder().existing_day(row.captured_on)
    assert key is not None
    assert "辽C9B9B9".encode() in key.unseal(bytes(row.sealed), row.id.bytes)
    assert "辽C9B9B9".encode() not in bytes(row.sealed)


def test_saying_the_same_again_under_the_same_id_changes_nothing(car: Json, haicheng: Reach) -> None:
    id_ = uuid7()
    first = corrected(haicheng, car["id"], {"plate": "辽C9B9B9"}, id=id_)
    before = stored()
    later = datetime.now(UTC) + timedelta(hours=1)
    assert corrected(haicheng, car["id"], {"plate": "辽C9B9B9"}, id=id_, at=later) == first == id_
    assert stored() == before


@pytest.mark.parametrize(
    "changes", [{"fields": {"plate": "辽C00000"}}, {"reason": "另一个原因"}, {"fields": {"direction": "OUT"}}]
)
def test_another_correction_under_the_same_id_is_refused(
    car: Json, haicheng: Reach, changes: dict[str, Any]
) -> None:
    id_ = corrected(haicheng, car["id"], {"plate": "辽C9B9B9"})
    before = stored()
    with pytest.raises(Refusal) as refused:
        corrected(haicheng, car["id"], **{"fields": {"plate": "辽C9B9B9"}} | changes, id=id_)
    assert (refused.value.code, refused.value.status) == ("CORRECTION_TAKEN", 409)
    assert stored() == before


def test_another_officers_correction_is_not_taken_over_under_its_id(
    car: Json, haicheng: Reach, officer: Callable[..., Reach]
) -> None:
    id_ = corrected(haicheng, car["id"], {"plate": "辽C9B9B9"})
    with pytest.raises(Refusal, match="CORRECTION_TAKEN"):
        corrected(officer("HEADQUARTERS", ANSHAN), car["id"], {"plate": "辽C9B9B9"}, id=id_)


def test_a_null_takes_a_field_away(car: Json, haicheng: Reach) -> None:
    corrected(haicheng, car["id"], {"plate": None, "purpose": None})
    corrected(haicheng, person_of(car), {"phone": None, "from_code": None})
    found = file_of(haicheng, car)
    assert (found.plate, found.purpose, found.people[0].phone, found.people[0].from_code) == (
        None,
        None,
        "",
        None,
    )
    assert found.flags == found.people[0].flags == ("INCOMPLETE",)


def test_a_correction_takes_a_flag_away_and_another_brings_one(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    wrong = NUMBER[:-1] + "8"
    car = generated.passage(people=[generated.person(document={"type": "RESIDENT_ID", "number": wrong})])
    intake.send(generated.parcel(car))
    assert file_of(haicheng, car).people[0].flags == ("DOCUMENT_CHECKSUM",)
    corrected(haicheng, person_of(car), {"document": {"type": "RESIDENT_ID", "number": NUMBER}})
    person = file_of(haicheng, car).people[0]
    assert (person.flags, person.age, person.document) == (
        (),
        today().year - 1985 - ((today().month, today().day) < (3, 15)),
        "210727********2019",
    )
    corrected(haicheng, car["id"], {"plate": "辽CO12"})
    assert file_of(haicheng, car).flags == ("PLATE_ODD",)


def test_a_corrected_moment_moves_the_day_and_hour(car: Json, generated: Generated, haicheng: Reach) -> None:
    then = generated.at - timedelta(days=3)
    corrected(haicheng, car["id"], {"occurred_at": then.isoformat()})
    found = file_of(haicheng, car)
    assert (found.occurred_at, found.captured_on) == (then, today() - timedelta(days=3))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "INCOMPLETE"),
        ({"colour": "red"}, "UNKNOWN_FIELD"),
        ({"plate": "辽C9B9B9", "colour": "red"}, "UNKNOWN_FIELD"),
        ({"plate": "辽C9B9B9", "phone": "13904160001"}, "MIXED_FIELDS"),
        ({"plate": 7}, "UNREADABLE"),
        ({"plate": "辽C\0"}, "NUL_CHARACTER"),
        ({"direction": "SIDEWAYS"}, "UNKNOWN_VALUE"),
        ({"direction": None}, "UNKNOWN_VALUE"),
        ({"transport": "CAMEL"}, "UNKNOWN_VALUE"),
        ({"checkpoint": "NOWHERE"}, "UNKNOWN_CHECKPOINT"),
        ({"checkpoint": "FAR"}, "UNKNOWN_CHECKPOINT"),
        ({"occurred_at": "1970-01-01T00:00:00Z"}, "CLOCK"),
        ({"occurred_at": "yesterday"}, "CLOCK"),
    ],
)
def test_what_makes_no_sense_is_refused_at_the_desk(
    car: Json, haicheng: Reach, fields: Json, code: str
) -> None:
    factories.checkpoint("FAR", division=XIUYAN)
    assert refusal_of(haicheng, car["id"], fields) == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"from_code": "海城"}, "UNKNOWN_CODE"),
        ({"born_on": "10.2.2020"}, "DATE_ODD"),
        ({"temperatures": [{"celsius": 365, "state": "READ"}]}, "TEMPERATURE_ODD"),
        ({"document": "210727"}, "UNREADABLE"),
    ],
)
def test_what_makes_no_sense_of_a_person_is_refused_too(
    car: Json, haicheng: Reach, fields: Json, code: str
) -> None:
    assert refusal_of(haicheng, person_of(car), fields) == code


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_correction_needs_a_reason(car: Json, haicheng: Reach, reason: str) -> None:
    assert refusal_of(haicheng, car["id"], {"plate": "辽C9B9B9"}, reason=reason) == "REASON_MISSING"


def test_fields_of_a_person_do_not_fit_a_passage_and_the_other_way_round(car: Json, haicheng: Reach) -> None:
    assert refusal_of(haicheng, car["id"], {"name": "某人"}) == "RECORD_UNKNOWN"
    assert refusal_of(haicheng, person_of(car), {"plate": "辽C9B9B9"}) == "RECORD_UNKNOWN"


def test_the_stranger_of_the_next_county_corrects_nothing_here(car: Json, xiuyan: Reach) -> None:
    assert refusal_of(xiuyan, car["id"], {"plate": "辽C9B9B9"}) == "RECORD_UNKNOWN"
    assert refusal_of(xiuyan, person_of(car), {"name": "某人"}) == "RECORD_UNKNOWN"
    assert refusal_of(xiuyan, str(uuid4()), {"name": "某人"}) == "RECORD_UNKNOWN"


def test_correcting_needs_the_permission(car: Json, officer: Callable[..., Reach]) -> None:
    with pytest.raises(Forbidden):
        corrected(officer("TOWNSHIP_DESK", "210381"), car["id"], {"plate": "辽C9B9B9"})
    assert stored() == []
