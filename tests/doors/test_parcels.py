"""The contract's corners: every odd thing gets its documented answer, and nothing acknowledged is lost."""

import asyncio
import copy
import gzip
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from psycopg.types.range import TimestamptzRange

from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.kernel.ids import uuid7
from tests.doors.asgi import ask
from tests.doors.conftest import Phone, connect_as, make_device


async def stored(database, statement: str, *arguments):
    connection = await connect_as(database, "owner")()
    try:
        return await connection.fetch(statement, *arguments)
    finally:
        await connection.close()


async def test_a_passage_is_accepted_and_stored_with_its_people(phone: Phone, clean) -> None:
    item = phone.passage()
    (receipt,) = await phone.send(item)
    assert receipt["status"] == "ACCEPTED"
    assert receipt["flags"] == []
    (person,) = receipt["people"]
    assert person["status"] == "ACCEPTED"
    assert [measure["kind"] for measure in person["measures"]] == ["REGISTER"]
    rows = await stored(clean, "SELECT id, passage_id, sealed FROM registration")
    assert [str(row["id"]) for row in rows] == [item["passage"]["people"][0]["id"]]
    name = item["passage"]["people"][0]["name"].encode()
    assert name not in rows[0]["sealed"]


async def test_a_retry_gets_the_first_receipt_again(phone: Phone) -> None:
    item = phone.passage(person={"from_code": "420106"})
    (first,) = await phone.send(item)
    (again,) = await phone.send(item)
    assert again["status"] == "DUPLICATE"
    assert again["people"][0]["status"] == "DUPLICATE"
    first["status"] = first["people"][0]["status"] = "DUPLICATE"
    assert again == first


async def test_null_and_absent_and_field_order_make_no_difference(phone: Phone) -> None:
    item = phone.passage()
    await phone.send(item)
    passage = dict(reversed(item["passage"].items()))
    passage["vehicle_note"] = None
    passage["a_field_of_2031"] = {"deep": [1]}
    (again,) = await phone.send({"kind": "PASSAGE", "passage": passage})
    assert again["status"] == "DUPLICATE"


async def test_other_content_under_a_known_id_is_a_conflict_and_kept_sealed(phone: Phone, clean) -> None:
    item = phone.passage()
    await phone.send(item)
    other = copy.deepcopy(item)
    other["passage"]["plate"] = "辽C99999"
    other["passage"]["people"][0]["name"] = "另一人"
    for _ in range(2):
        (receipt,) = await phone.send(other)
        assert receipt["status"] == "CONFLICT"
        assert receipt["people"][0]["status"] == "CONFLICT"
    kept = await stored(clean, "SELECT kind, sealed FROM conflict_item ORDER BY kind")
    assert [row["kind"] for row in kept] == ["PASSAGE", "REGISTRATION"]
    (again,) = await phone.send(item)
    assert again["status"] == "DUPLICATE"


async def test_the_same_record_twice_in_one_parcel_is_stored_once(phone: Phone, clean) -> None:
    item = phone.passage()
    first, second = await phone.send(item, copy.deepcopy(item))
    assert (first["status"], second["status"]) == ("ACCEPTED", "DUPLICATE")
    assert len(await stored(clean, "SELECT id FROM registration")) == 1


async def test_identical_concurrent_posts_all_get_right_answers(phone: Phone, clean) -> None:
    items = [phone.passage() for _ in range(10)]
    answers = await asyncio.gather(*(phone.send(item) for item in items for _ in range(8)))
    statuses = [receipt["status"] for (receipt,) in answers]
    assert statuses.count("ACCEPTED") == 10
    assert statuses.count("DUPLICATE") == 70
    assert len(await stored(clean, "SELECT id FROM passage")) == 10


async def test_a_further_person_under_a_known_passage_is_accepted(phone: Phone) -> None:
    item = phone.passage()
    await phone.send(item)
    item["passage"]["people"].append({**item["passage"]["people"][0], "id": str(uuid7())})
    (receipt,) = await phone.send(item)
    assert receipt["status"] == "DUPLICATE"
    assert [person["status"] for person in receipt["people"]] == ["DUPLICATE", "ACCEPTED"]


async def test_one_unreadable_person_does_not_sink_the_others_and_may_come_again(phone: Phone) -> None:
    item = phone.passage()
    good = item["passage"]["people"][0]
    bad = {**good, "id": str(uuid7()), "phone": 13904160001}
    item["passage"]["people"] = [bad, good]
    (receipt,) = await phone.send(item)
    assert receipt["status"] == "ACCEPTED"
    assert [person["status"] for person in receipt["people"]] == ["SET_ASIDE", "ACCEPTED"]
    assert receipt["people"][0]["id"] == bad["id"]
    assert receipt["people"][0]["error"]["code"] == "UNREADABLE"
    assert "13904160001" not in json.dumps(receipt)
    bad["phone"] = "13904160001"
    (repaired,) = await phone.send(item)
    assert [person["status"] for person in repaired["people"]] == ["ACCEPTED", "DUPLICATE"]


@pytest.mark.parametrize(
    "item",
    [
        17,
        "PASSAGE",
        None,
        [],
        {},
        {"kind": "PASSAGE"},
        {"kind": "PASSAGE", "passage": []},
        {"kind": "PASSAGE", "passage": {"occurred_at": "2020-02-10T08:00:00+08:00"}},
        {"kind": "PASSAGE", "passage": {"id": "not-a-uuid", "occurred_at": "2020-02-10T08:00:00+08:00"}},
        {"kind": "PASSAGE", "passage": {"id": str(uuid4())}},
        {"kind": "PASSAGE", "passage": {"id": str(uuid4()), "occurred_at": "yesterday"}},
        {
            "kind": "PASSAGE",
            "passage": {"id": str(uuid4()), "occurred_at": "2020-02-10T08:00:00Z", "people": {}},
        },
        {"kind": "TELEPORT", "passage": {}},
        {"kind": "CORRECTION", "correction": {"id": str(uuid4())}},
    ],
)
async def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(phone: Phone, clean, item) -> None:
    good = phone.passage()
    first, second = await phone.send(item, good)
    assert first["status"] == "SET_ASIDE"
    assert first["error"]["zh"]
    assert first["error"]["en"]
    assert second["status"] == "ACCEPTED"
    assert len(await stored(clean, "SELECT id FROM passage")) == 1


async def test_a_nul_is_set_aside_and_only_there(phone: Phone) -> None:
    item, bad_header = phone.passage(), phone.passage(plate="辽C\0")
    item["passage"]["people"].append({**item["passage"]["people"][0], "id": str(uuid7()), "name": "王\0"})
    item["passage"]["vehicle_note"] = "a backslash-u: \\u0000 in words"
    first, second = await phone.send(item, bad_header)
    assert first["status"] == "ACCEPTED"
    assert [person["status"] for person in first["people"]] == ["ACCEPTED", "SET_ASIDE"]
    assert first["people"][1]["error"]["code"] == "NUL_CHARACTER"
    assert second["status"] == "SET_ASIDE"


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"checkpoint": "NOWHERE"}, "UNKNOWN_CHECKPOINT"),
        ({"checkpoint": None}, "UNKNOWN_CHECKPOINT"),
        ({"checkpoint": "HC02"}, "OTHER_CHECKPOINT"),
        ({"occurred_at": "1970-01-01T00:00:00+08:00"}, "CLOCK"),
        ({"occurred_at": "2099-01-01T00:00:00+08:00"}, "CLOCK"),
        ({"occurred_at": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "CLOCK"),
        ({"id": str(uuid4())}, "ID_TIME"),
        ({"id": str(uuid7(at=datetime.now(UTC) - timedelta(days=200)))}, "ID_TIME"),
        ({"id": str(uuid7(at=datetime.now(UTC) + timedelta(days=9)))}, "ID_TIME"),
        ({"plate": None}, "INCOMPLETE"),
        ({"plate": "👾👾👾"}, "PLATE_ODD"),
        ({"transport": "TELEPORTER"}, "UNKNOWN_VALUE"),
        ({"direction": None}, "INCOMPLETE"),
        ({"occurred_at": (datetime.now(UTC) - timedelta(days=20)).isoformat(), "seq": 9}, None),
    ],
)
async def test_an_odd_passage_is_accepted_and_flagged(phone: Phone, changes: dict, flag: str | None) -> None:
    (receipt,) = await phone.send(phone.passage(**changes))
    assert receipt["status"] == "ACCEPTED"
    assert receipt["flags"] == ([flag] if flag else [])


@pytest.mark.parametrize("plate", ["辽G1234警", "WJ辽1234X", "京A12345", "辽GD12345", "使014578"])
async def test_police_army_and_new_energy_plates_are_no_oddity(phone: Phone, plate: str) -> None:
    (receipt,) = await phone.send(phone.passage(plate=plate))
    assert receipt["flags"] == []


async def test_a_vehicle_without_a_plate_is_described_instead(phone: Phone) -> None:
    (receipt,) = await phone.send(phone.passage(plate=None, vehicle_note="蓝色农用三轮，无牌"))
    assert receipt["flags"] == []


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({"document": {"type": "RESIDENT_ID", "number": "21038119900228001312"}}, ["DOCUMENT_LENGTH"]),
        ({"document": {"type": "RESIDENT_ID", "number": "210381199002280014"}}, ["DOCUMENT_CHECKSUM"]),
        ({"document": {"type": "RESIDENT_ID"}}, ["INCOMPLETE"]),
        ({"document": None}, ["INCOMPLETE"]),
        ({"name": "👶🏽宝"}, []),
        ({"name": None}, ["INCOMPLETE"]),
        (
            {
                "document": {"type": "NONE"},
                "guardian_id": str(uuid7()),
                "phone": None,
                "born_on": "2019-12-01",
            },
            [],
        ),
        ({"born_on": "2019-13-01", "document": {"type": "NONE"}}, ["DATE_ODD"]),
        ({"born_on": "1990-W07-1", "document": {"type": "NONE"}}, ["DATE_ODD"]),
        ({"temperatures": [{"celsius": 365, "site": "FOREHEAD"}]}, ["TEMPERATURE_ODD"]),
        ({"temperatures": [{"celsius": None, "state": "NOT_TAKEN"}]}, []),
        ({"temperatures": []}, ["INCOMPLETE"]),
        ({"document": {"type": "LIBRARY_CARD", "number": "1"}}, ["UNKNOWN_VALUE"]),
        ({"from_code": "somewhere"}, ["INCOMPLETE", "UNKNOWN_CODE"]),
    ],
)
async def test_an_odd_person_is_accepted_and_flagged(phone: Phone, changes: dict, flags: list[str]) -> None:
    (receipt,) = await phone.send(phone.passage(person=changes))
    (person,) = receipt["people"]
    assert person["status"] == "ACCEPTED"
    assert person["flags"] == flags


@pytest.mark.parametrize(
    ("person", "kinds"),
    [
        ({"from_code": "420106"}, ["QUARANTINE", "REGISTER"]),
        ({"stays": [{"code": "420100", "from": "2020-01-01", "to": None}]}, ["QUARANTINE", "REGISTER"]),
        ({"stays": [{"code": "420100", "from": "2020-01-01", "to": "2020-01-02"}]}, ["REGISTER"]),
        ({"temperatures": [{"celsius": 37.2}]}, ["REGISTER"]),
        ({"temperatures": [{"celsius": 37.3}]}, ["FEVER_CLINIC", "REGISTER"]),
        ({"temperatures": [{"celsius": 37.6}, {"celsius": 36.6, "site": "ARMPIT"}]}, ["REGISTER"]),
        ({"symptoms": ["COUGH"]}, ["FEVER_CLINIC", "REGISTER"]),
        ({"temperatures": [{"celsius": 34.1}]}, ["RE_MEASURE", "REGISTER"]),
        ({"temperatures": [{"celsius": None, "state": "LOW"}]}, ["RE_MEASURE", "REGISTER"]),
    ],
)
async def test_the_measures_a_person_is_told(phone: Phone, person: dict, kinds: list[str]) -> None:
    (receipt,) = await phone.send(phone.passage(person=person))
    measures = receipt["people"][0]["measures"]
    assert [measure["kind"] for measure in measures] == kinds
    assert all(measure["say"]["zh"] and measure["say"]["en"] and measure["row"] for measure in measures)
    for measure in measures:
        if measure["kind"] == "QUARANTINE":
            assert (measure["place"], measure["days"]) == ("HOME", 14)


async def test_a_late_record_captured_while_not_enrolled_is_accepted_and_flagged(phone: Phone) -> None:
    before = await sync_to_async(
        lambda: make_device(
            Checkpoint.objects.get(code="HC01"), enrolled_at=datetime.now(UTC) - timedelta(hours=1)
        )
    )()
    phone.token = before
    (receipt,) = await phone.send(
        phone.passage(occurred_at=(datetime.now(UTC) - timedelta(hours=2)).isoformat())
    )
    assert receipt["status"] == "ACCEPTED"
    assert receipt["flags"] == ["CAPTURED_OUTSIDE_ENROLMENT"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"not json", {}, 400, "NOT_JSON"),
        (b"\xff\xfe", {}, 400, "NOT_JSON"),
        (b"[]", {}, 400, "NOT_JSON"),
        (b"", {}, 400, "NOT_JSON"),
        (b"{}", {}, 400, "NO_ITEMS"),
        (b'{"items": []}', {}, 400, "NO_ITEMS"),
        (b'{"items": 5}', {}, 400, "NO_ITEMS"),
        (b"plain", {"content_encoding": "gzip"}, 400, "NOT_GZIP"),
        (gzip.compress(b'{"items":[')[:-9], {"content_encoding": "gzip"}, 400, "NOT_GZIP"),
        (gzip.compress(b" " * 60_000_000), {"content_encoding": "gzip"}, 413, "TOO_LARGE"),
        (b" " * 50_000_000, {}, 413, "TOO_LARGE"),
        (json.dumps({"items": [{}] * 2001}).encode(), {}, 413, "TOO_LARGE"),
        (b'{"items":[' + b"[" * 100_000, {}, 400, "NOT_JSON"),
    ],
    ids=range(13),
)
async def test_what_is_no_parcel_is_refused_whole(phone: Phone, body, headers, status, code) -> None:
    answer = await phone.post(body, **headers)
    assert answer.status == status
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["zh"]
    assert answer.json["error"]["en"]


async def test_a_passage_of_501_people_is_refused_and_500_are_taken(phone: Phone) -> None:
    item = phone.passage()
    item["passage"]["people"] = [{**item["passage"]["people"][0], "id": str(uuid7())} for _ in range(501)]
    answer = await phone.post(json.dumps({"items": [item]}).encode())
    assert (answer.status, answer.json["error"]["code"]) == (413, "TOO_LARGE")
    item["passage"]["people"].pop()
    (receipt,) = await phone.send(item)
    assert {person["status"] for person in receipt["people"]} == {"ACCEPTED"}


async def test_gzip_is_taken(phone: Phone) -> None:
    answer = await phone.post(
        gzip.compress(json.dumps({"items": [phone.passage()]}).encode()), content_encoding="gzip"
    )
    assert answer.status == 200


async def test_an_unknown_or_missing_or_expired_token_is_401_and_a_revoked_one_403(phone: Phone) -> None:
    body = json.dumps({"items": [phone.passage()]}).encode()
    assert (await ask(phone.door, "POST", "/api/v1/parcels", body=body)).status == 401
    assert (await phone.post(body, authorization="Bearer nonsense")).status == 401
    at = datetime.now(UTC)

    def more() -> tuple[str, str]:
        post = Checkpoint.objects.get(code="HC01")
        expired = make_device(post, enrolled_at=at - timedelta(days=2), expires_at=at - timedelta(days=1))
        return expired, make_device(post, revoked_at=at)

    expired, revoked = await sync_to_async(more)()
    assert (await phone.post(body, authorization=f"Bearer {expired}")).status == 401
    assert (await phone.post(body, authorization=f"Bearer {revoked}")).status == 403


async def test_a_revocation_is_heard_at_once_when_told(phone: Phone) -> None:
    await phone.send(phone.passage())
    await sync_to_async(lambda: Device.objects.update(revoked_at=datetime.now(UTC)))()
    phone.door.registry.forget()
    assert (await phone.post(b"{}")).status == 403


async def test_a_device_over_its_budget_waits(phone: Phone) -> None:
    phone.token = await sync_to_async(
        lambda: make_device(Checkpoint.objects.get(code="HC01"), items_per_second=1)
    )()
    body = json.dumps({"items": [{"kind": "X"}] * 2_000}).encode()
    answers = [await phone.post(body) for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 1000
    assert answers[-1].json["error"]["retry_after"] == int(answers[-1].headers["retry-after"])


async def test_a_correction_is_accepted_before_and_after_its_record(phone: Phone, clean) -> None:
    item = phone.passage()

    def correction(**fields) -> dict:
        inner = {"id": str(uuid7()), "of": item["passage"]["id"], "fields": fields, "reason": "看错了"}
        return {"kind": "CORRECTION", "correction": {**inner, "occurred_at": datetime.now(UTC).isoformat()}}

    early, late = correction(plate="辽C55555"), correction(direction="OUT", purpose="FREIGHT")
    mixed, wrong = correction(plate="辽C1", name="王"), correction(plate=5)
    unknown = correction(colour="red")
    first, second, third = await phone.send(early, item, late)
    assert [r["status"] for r in (first, second, third)] == ["ACCEPTED"] * 3
    assert (await phone.send(late))[0]["status"] == "DUPLICATE"
    refused = await phone.send(mixed, wrong)
    assert [r["status"] for r in refused] == ["SET_ASIDE"] * 2
    (odd,) = await phone.send(unknown)
    assert odd["status"] == "ACCEPTED"
    assert "UNKNOWN_FIELD" in odd["flags"]
    (row,) = await stored(clean, "SELECT facts FROM correction WHERE id = $1", late["correction"]["id"])
    assert json.loads(row["facts"]) == {"direction": "OUT", "purpose": "FREIGHT"}


async def test_a_duplicate_is_known_though_its_first_copy_counted_on_another_day(phone: Phone, clean) -> None:
    """A phone whose clock is off sends again a day later: the digest is compared under the first copy's day."""
    clock = {"at": datetime.now(UTC) - timedelta(days=1)}
    phone.door._clock = lambda: clock["at"]
    item = phone.passage(occurred_at="1970-01-01T00:00:00+08:00")
    (first,) = await phone.send(item)
    clock["at"] += timedelta(days=1)
    (again,) = await phone.send(item)
    assert (first["status"], again["status"]) == ("ACCEPTED", "DUPLICATE")
    assert first["received_at"] == again["received_at"]


async def test_a_device_enrolled_again_or_to_be_wiped_sends_what_it_captured_before(phone: Phone) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    spans = [
        TimestamptzRange(now - 9 * hour, now - 7 * hour),
        TimestamptzRange(now - 6 * hour, now - 5 * hour),
    ]
    changes = {
        "enrolled_at": now - 3 * hour,
        "wipe_asked_at": now - hour,
        "wipe_outbox": "KEEP",
        "earlier": spans,
    }
    await sync_to_async(lambda: Device.objects.update(**changes))()
    for hours, flagged in (
        (10, True),
        (8, False),
        (6.5, True),
        (5.5, False),
        (4, True),
        (2, False),
        (0.5, True),
    ):
        (receipt,) = await phone.send(phone.passage(occurred_at=(now - hours * hour).isoformat()))
        assert receipt["status"] == "ACCEPTED"
        assert receipt["flags"] == (["CAPTURED_OUTSIDE_ENROLMENT"] if flagged else []), hours
