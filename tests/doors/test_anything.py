"""Whatever is sent, the answer is one the contract names: nothing crashes, nothing is lost without a word."""

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lianfang.checkpoints.intake import shapes
from tests.doors.conftest import Phone
from tests.doors.parcels import corrections, damaged, json_values, passages, struct

# The phone and its database are the same for all examples: every example brings ids of its own.
budget = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip

REFUSED_WHOLE = {400: {"NOT_JSON", "NO_ITEMS"}, 413: {"TOO_LARGE"}}
PASSAGE = {"id": "01981a2b-0000-7000-8000-000000000001", "occurred_at": "2020-02-13T08:00:00+08:00"}


def said(error: dict[str, Any]) -> bool:
    return bool(error["code"] and error["zh"] and error["en"])


def check_receipt(receipt: dict[str, Any]) -> None:
    """ACCEPTED (or known already), or SET_ASIDE with a reason in two languages; people likewise."""
    for record in (receipt, *receipt["people"]):
        assert record["status"] in ("ACCEPTED", "DUPLICATE", "CONFLICT", "SET_ASIDE")
        assert ("error" in record) == (record["status"] == "SET_ASIDE")
        assert "error" not in record or said(record["error"])
        assert record["flags"] == sorted(set(record["flags"]))


@budget
@given(body=st.binary(max_size=400))
async def test_arbitrary_bytes_are_refused_in_words(phone: Phone, body: bytes) -> None:
    answer = await phone.post(body)
    assert answer.json["error"]["code"] in REFUSED_WHOLE[answer.status]
    assert said(answer.json["error"])


@budget
@given(parcel=json_values())
@example(parcel={"items": [{"kind": "PASSAGE", "passage": {**PASSAGE, "people": [[]]}}]})
@example(parcel={"items": [None], "parcel_id": {"deep": [10**400]}})
async def test_arbitrary_json_never_breaks_the_door(phone: Phone, parcel: Any) -> None:
    answer = await phone.post(json.dumps(parcel).encode("utf-8", "surrogatepass"))
    if answer.status == 200:
        assert len(answer.json["receipts"]) == len(parcel["items"])
        for receipt in answer.json["receipts"]:
            check_receipt(receipt)
    else:
        assert answer.json["error"]["code"] in REFUSED_WHOLE[answer.status]
        assert said(answer.json["error"])


@budget
@given(item=damaged(struct(shapes.Item, kind=st.just("PASSAGE"), passage=passages())))
@example(item={"kind": "PASSAGE", "passage": {**PASSAGE, "people": [{"id": PASSAGE["id"], "name": "王\0"}]}})
@example(item={"kind": "PASSAGE", "passage": {**PASSAGE, "occurred_at": "9999-12-31T23:00:00Z"}})
async def test_a_damaged_passage_is_taken_or_set_aside_and_its_neighbour_is_taken(
    phone: Phone, item: dict[str, Any]
) -> None:
    neighbour, receipt = reversed(await phone.send(item, phone.passage()))
    assert neighbour["status"] == "ACCEPTED"
    check_receipt(receipt)


@budget
@given(passage=passages())
@example(passage={**PASSAGE, "people": [{"id": PASSAGE["id"], "temperatures": [{"celsius": 1e308}]}]})
@example(passage={**PASSAGE, "seq": 2**70, "roster_expected": -(2**70), "people": []})
async def test_whatever_a_passage_of_the_right_types_says_it_is_accepted_with_everybody_in_it(
    phone: Phone, passage: dict[str, Any]
) -> None:
    (receipt,) = await phone.send({"kind": "PASSAGE", "passage": passage})
    check_receipt(receipt)
    assert receipt["status"] in ("ACCEPTED", "DUPLICATE")  # an example that is tried again is a duplicate
    assert len(receipt["people"]) == len(passage.get("people") or [])
    assert {person["status"] for person in receipt["people"]} <= {"ACCEPTED", "DUPLICATE"}


@budget
@given(correction=corrections(of=st.uuids().map(str)))
async def test_a_correction_of_the_right_types_is_accepted_or_set_aside_with_a_reason(
    phone: Phone, correction: dict[str, Any]
) -> None:
    (receipt,) = await phone.send({"kind": "CORRECTION", "correction": correction})
    check_receipt(receipt)
    assert receipt["status"] in ("ACCEPTED", "DUPLICATE", "SET_ASIDE")


async def test_half_an_emoji_sets_a_person_aside_by_name_and_nobody_else(phone: Phone) -> None:
    """A phone that cuts text in the middle of a surrogate pair writes a lone one; it cannot be kept as text."""
    item = phone.passage()
    whole, halved = item["passage"]["people"][0], dict(item["passage"]["people"][0])
    halved.update(id="01981a2b-0000-7000-8000-000000000002", name="王\ud83d")
    item["passage"]["people"] = [halved, whole]
    answer = await phone.post(json.dumps({"items": [item]}).encode())
    (receipt,) = answer.json["receipts"]
    assert receipt["status"] == "ACCEPTED"
    assert [person["status"] for person in receipt["people"]] == ["SET_ASIDE", "ACCEPTED"]
    assert receipt["people"][0]["id"] == halved["id"]
