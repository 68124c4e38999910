"""Sealed items: what a phone kept sealed is taken like what it would have sent in clear, and nothing else opens."""

import copy
import gzip
import json
from base64 import b64decode
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from asgiref.sync import sync_to_async

from lianfang.checkpoints.intake import sealed
from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.checkpoints.intake.shapes import Item
from lianfang.checkpoints.models import Checkpoint
from lianfang.kernel.envelopes import EnvelopeKey
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import KeyFolder
from tests.doors.conftest import Phone, make_device
from tests.sealing import Json, SealedOutbox, base64, id_in

MONTH = date(2020, 2, 13)


@pytest.fixture
def outbox(keys: KeyFolder) -> SealedOutbox:
    return SealedOutbox.to(keys.outbox(MONTH))


def correction(of: str, **fields: Any) -> Json:
    inner = {"id": str(uuid7()), "of": of, "fields": fields, "reason": "看错了"}
    return {"kind": "CORRECTION", "correction": inner | {"occurred_at": datetime.now(UTC).isoformat()}}


def unreadable(receipt: Json, record_id: str | None) -> bool:
    error = receipt["error"]
    assert error["zh"]
    assert error["en"]
    return (receipt["status"], error["code"], receipt["id"]) == ("SET_ASIDE", "SEALED_UNREADABLE", record_id)


async def test_a_sealed_passage_is_taken_like_one_in_clear(phone: Phone, outbox: SealedOutbox) -> None:
    item = phone.passage(person={"from_code": "420106"})
    (receipt,) = await phone.send(outbox.seal(item))
    (clear,) = await phone.send(phone.passage(person={"from_code": "420106"}))
    assert receipt["id"] == id_in(item)
    assert (receipt["status"], receipt["flags"]) == ("ACCEPTED", [])
    assert receipt["people"][0]["id"] == item["passage"]["people"][0]["id"]
    assert receipt["people"][0]["measures"] == clear["people"][0]["measures"] != []


async def test_sealed_or_clear_first_the_other_is_a_duplicate_with_the_same_receipt(
    phone: Phone, outbox: SealedOutbox
) -> None:
    for first, again in ((dict, outbox.seal), (outbox.seal, dict), (outbox.seal, outbox.seal)):
        item = phone.passage()
        (receipt,) = await phone.send(first(item))
        (repeated,) = await phone.send(again(item))
        receipt["status"] = receipt["people"][0]["status"] = "DUPLICATE"
        assert repeated == receipt


async def test_other_content_sealed_under_a_known_id_is_a_conflict(
    phone: Phone, outbox: SealedOutbox
) -> None:
    item = phone.passage()
    await phone.send(item)
    other = copy.deepcopy(item)
    other["passage"]["plate"] = "辽C99999"
    (receipt,) = await phone.send(outbox.seal(other))
    assert receipt["status"] == "CONFLICT"


async def test_a_sealed_correction_is_taken(phone: Phone, outbox: SealedOutbox) -> None:
    item = phone.passage()
    sent = correction(id_in(item), plate="辽C55555")
    receipts = await phone.send(outbox.seal(item), outbox.seal(sent))
    assert [receipt["status"] for receipt in receipts] == ["ACCEPTED", "ACCEPTED"]
    mixed = correction(id_in(item), plate="辽C1", name="王")
    (refused,) = await phone.send(outbox.seal(mixed))
    assert (refused["id"], refused["error"]["code"]) == (id_in(mixed), "MIXED_FIELDS")


async def test_receipts_come_in_the_order_of_the_items_clear_sealed_and_broken(
    phone: Phone, outbox: SealedOutbox
) -> None:
    items = [phone.passage() for _ in range(6)]
    sent = [outbox.seal(item) if number % 2 else item for number, item in enumerate(items)]
    sent[3] = sent[3] | {"nonce": base64(b"x" * 12)}
    receipts = await phone.send(*sent)
    assert [receipt["id"] for receipt in receipts] == [id_in(item) for item in items]
    assert [receipt["status"] for receipt in receipts] == ["ACCEPTED"] * 3 + ["SET_ASIDE"] + ["ACCEPTED"] * 2


async def test_gzip_is_taken(phone: Phone, outbox: SealedOutbox) -> None:
    body = json.dumps({"items": [outbox.seal(phone.passage())]}).encode()
    answer = await phone.post(gzip.compress(body), content_encoding="gzip")
    assert answer.json["receipts"][0]["status"] == "ACCEPTED"


def flipped(text: str) -> str:
    data = bytearray(b64decode(text))
    data[len(data) // 2] ^= 1
    return base64(bytes(data))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda item: item["session"].update(key_id="2020-03"),
        lambda item: item["session"].update(key_id="../master"),
        lambda item: item["session"].update(key_id=""),
        lambda item: item["session"].update(wrapped_key=flipped(item["session"]["wrapped_key"])),
        lambda item: item["session"].update(wrapped_key=""),
        lambda item: item["session"].update(wrapped_key=base64(b"w" * 100_000)),
        lambda item: item.update(ciphertext=flipped(item["ciphertext"])),
        lambda item: item.update(ciphertext=item["ciphertext"][:8]),
        lambda item: item.update(ciphertext=""),
        lambda item: item.update(nonce=flipped(item["nonce"])),
        lambda item: item.update(nonce=base64(b"x" * 11)),
        lambda item: item.update(id=str(uuid7())),
        lambda item: item.update(session=None),
        lambda item: item.pop("ciphertext"),
        lambda item: item.pop("nonce"),
        # What no decoder takes sends the whole parcel the careful way.
        lambda item: item.update(ciphertext="not base64!"),
        lambda item: item.update(ciphertext=7),
        lambda item: item.update(nonce=["x"]),
        lambda item: item["session"].update(key_id=7),
        lambda item: item.update(session="2020-02"),
    ],
    ids=range(20),
)
async def test_what_does_not_open_is_set_aside_under_its_id_and_the_rest_goes_on(
    phone: Phone, outbox: SealedOutbox, spoil: Any
) -> None:
    item = copy.deepcopy(outbox.seal(phone.passage()))
    spoil(item)
    receipt, other = await phone.send(item, outbox.seal(phone.passage()))
    assert unreadable(receipt, item["id"])
    assert other["status"] == "ACCEPTED"


@pytest.mark.parametrize("id_", [None, "not-a-uuid", 5])
async def test_a_sealed_item_without_a_readable_id_opens_nothing(
    phone: Phone, outbox: SealedOutbox, id_: Any
) -> None:
    (receipt,) = await phone.send(outbox.seal(phone.passage()) | {"id": id_})
    assert unreadable(receipt, None)


async def test_what_was_set_aside_comes_in_later_under_the_same_id(
    phone: Phone, outbox: SealedOutbox
) -> None:
    item = phone.passage()
    (receipt,) = await phone.send(outbox.seal(item) | {"nonce": base64(b"x" * 12)})
    assert receipt["status"] == "SET_ASIDE"
    (receipt,) = await phone.send(outbox.seal(item))
    assert receipt["status"] == "ACCEPTED"


async def test_a_key_of_another_purpose_or_another_length_opens_nothing(
    phone: Phone, keys: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = keys.outbox(MONTH)
    short = SealedOutbox.to(pair, secret=b"s" * 16)
    monkeypatch.setattr("tests.sealing.INFO", b"lianfang declaration v1 HC01")
    other = SealedOutbox.to(pair)
    for outbox in (short, other):
        item = outbox.seal(phone.passage())
        assert unreadable((await phone.send(item))[0], item["id"])


async def test_a_destroyed_key_opens_nothing_more_though_its_session_was_known(
    phone: Phone, outbox: SealedOutbox, keys: KeyFolder
) -> None:
    assert (await phone.send(outbox.seal(phone.passage())))[0]["status"] == "ACCEPTED"
    (keys.path / "outbox-2020-02.key").unlink()
    keys.forget()
    item = outbox.seal(phone.passage())
    assert unreadable((await phone.send(item))[0], item["id"])
    assert not (keys.path / "outbox-2020-02.key").exists()


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"garbage \xff\xfe",
        b"[" * 5_000,
        b"17",
        b"{}",
        b'{"kind": "TELEPORT"}',
        b'{"kind": ["PASSAGE"]}',
        b'{"kind": "PASSAGE", "passage": {"id": "\xff"}}',
    ],
    ids=range(8),
)
async def test_what_holds_no_record_is_unreadable(phone: Phone, outbox: SealedOutbox, plain: bytes) -> None:
    record_id = str(uuid7())
    assert unreadable((await phone.send(outbox.bytes(plain, record_id)))[0], record_id)


async def test_a_sealed_item_within_a_sealed_one_is_not_opened(phone: Phone, outbox: SealedOutbox) -> None:
    inner = outbox.seal(phone.passage())
    (receipt,) = await phone.send(outbox.bytes(json.dumps(inner).encode(), inner["id"]))
    assert unreadable(receipt, inner["id"])


async def test_a_record_under_another_records_id_is_unreadable(phone: Phone, outbox: SealedOutbox) -> None:
    for item in (phone.passage(), correction(str(uuid7()), plate="辽C55555")):
        outer = str(uuid4())
        (receipt,) = await phone.send(outbox.bytes(json.dumps(item).encode(), outer))
        assert unreadable(receipt, outer)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"occurred_at": "yesterday"}, "UNREADABLE"),
        ({"occurred_at": 5}, "UNREADABLE"),
        ({"people": {}}, "UNREADABLE"),
        ({"id": "not-a-uuid"}, "UNREADABLE"),
        ({"plate": "辽C\0"}, "NUL_CHARACTER"),
    ],
)
async def test_why_a_record_is_set_aside_is_told_under_the_outer_id(
    phone: Phone, outbox: SealedOutbox, changes: Json, code: str
) -> None:
    item = phone.passage()
    record_id = id_in(item)
    item["passage"] |= changes
    (receipt,) = await phone.send(outbox.bytes(json.dumps(item).encode(), record_id))
    assert (receipt["status"], receipt["error"]["code"], receipt["id"]) == ("SET_ASIDE", code, record_id)
    assert "yesterday" not in json.dumps(receipt)


async def test_people_are_read_one_by_one_as_in_clear(phone: Phone, outbox: SealedOutbox) -> None:
    item = phone.passage(vehicle_note="half an emoji: \ud83d")
    good = item["passage"]["people"][0]
    wrong = [{"phone": 13904160001}, {"name": "王\0"}]
    item["passage"]["people"] += [good | {"id": str(uuid7())} | odd for odd in wrong]
    plain = json.dumps(item).encode()  # every odd character as its escape
    (receipt,) = await phone.send(outbox.bytes(plain, id_in(item)))
    assert receipt["status"] == "ACCEPTED"
    people = receipt["people"]
    assert [person["status"] for person in people] == ["ACCEPTED", "SET_ASIDE", "SET_ASIDE"]
    assert [person["error"]["code"] for person in people[1:]] == ["UNREADABLE", "NUL_CHARACTER"]
    answer = await phone.post(b'{"items":[' + plain + b"]}")
    (clear,) = answer.json["receipts"]
    assert [person["status"] for person in clear["people"]] == ["DUPLICATE", "SET_ASIDE", "SET_ASIDE"]


async def test_too_many_people_in_a_sealed_car_set_aside_that_car_alone(
    phone: Phone, outbox: SealedOutbox
) -> None:
    crowd = phone.passage()
    crowd["passage"]["people"] = [crowd["passage"]["people"][0] | {"id": str(uuid7())} for _ in range(501)]
    receipt, other = await phone.send(outbox.seal(crowd), outbox.seal(phone.passage()))
    assert (receipt["error"]["code"], receipt["id"]) == ("TOO_LARGE", id_in(crowd))
    assert other["status"] == "ACCEPTED"


async def test_two_thousand_items_of_a_session_unwrap_its_key_once(
    phone: Phone, outbox: SealedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    unwrapped = []
    whole = EnvelopeKey.open
    monkeypatch.setattr(
        EnvelopeKey, "open", lambda *given, **info: unwrapped.append(1) or whole(*given, **info)
    )
    receipts = await phone.send(*(outbox.seal(phone.passage()) for _ in range(2_000)))
    assert {receipt["status"] for receipt in receipts} == {"ACCEPTED"}
    spoilt = outbox.session | {"wrapped_key": flipped(outbox.session["wrapped_key"])}
    receipts = await phone.send(*(outbox.seal(phone.passage()) | {"session": spoilt} for _ in range(50)))
    assert {receipt["status"] for receipt in receipts} == {"SET_ASIDE"}
    assert len(unwrapped) == 2


def test_the_sessions_used_last_are_remembered(keys: KeyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "SESSIONS", 2)
    unsealer = Unsealer(keys)
    boxes = [SealedOutbox.to(keys.outbox(MONTH)) for _ in range(3)]

    def opened(box: SealedOutbox) -> bytes | None:
        return unsealer.open(msgspec.convert(box.bytes(b"{}", str(uuid7())), Item))

    first, second, third = boxes
    for box in (first, second, first, third, first, second):
        assert opened(box) == b"{}"
    long = SealedOutbox.to(keys.outbox(MONTH))
    long.session["wrapped_key"] = base64(b"w" * 100_000)
    assert opened(long) is None  # and is not remembered, or a few of them would fill the memory
    assert [name[1] for name in unsealer._sessions] == [
        b64decode(box.session["wrapped_key"]) for box in (first, second)
    ]


async def test_a_sealed_item_costs_as_much_of_the_budget_as_one_in_clear(
    phone: Phone, outbox: SealedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianfang.doors.intake.BURST", 3)
    make = sync_to_async(lambda: make_device(Checkpoint.objects.get(code="HC01"), items_per_second=1))
    for seal in (dict, outbox.seal):
        phone.token = await make()
        bodies = [json.dumps({"items": [seal(phone.passage())]}).encode() for _ in range(4)]
        assert [(await phone.post(body)).status for body in bodies] == [200, 200, 200, 429]
