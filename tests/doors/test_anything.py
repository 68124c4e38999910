"""Whatever is sent, the answer is one the contract names: nothing crashes, nothing is lost without a word."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lianfang.checkpoints.intake import shapes
from lianfang.checkpoints.intake.reading import ReadPassage, read
from lianfang.kernel.ids import uuid7
from tests.doors.conftest import Phone
from tests.doors.parcels import corrections, damaged, json_values, passages, struct

# The phone and its database are the same for all examples: every example brings ids of its own.
budget = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip

REFUSED_WHOLE = {400: {"NOT_JSON", "NO_ITEMS"}, 413: {"TOO_LARGE"}}


def minimal(**changes: Any) -> dict[str, Any]:
    """The least a passage is."""
    return {"id": str(uuid7()), "occurred_at": "2020-02-13T08:00:00+08:00", **changes}


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
@example(parcel={"items": [{"kind": "PASSAGE", "passage": minimal(people=[[]])}]})
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
@example(item={"kind": "PASSAGE", "passage": minimal(people=[{"id": str(uuid7()), "name": "王\0"}])})
@example(item={"kind": "PASSAGE", "passage": minimal(occurred_at="9999-12-31T23:00:00Z")})
async def test_a_damaged_passage_is_taken_or_set_aside_and_its_neighbour_is_taken(
    phone: Phone, item: dict[str, Any]
) -> None:
    neighbour, receipt = reversed(await phone.send(item, phone.passage()))
    assert neighbour["status"] == "ACCEPTED"
    check_receipt(receipt)


@budget
@given(passage=passages())
@example(passage=minimal(people=[{"id": str(uuid7()), "temperatures": [{"celsius": 1e308}]}]))
@example(passage=minimal(seq=2**70, roster_expected=-(2**70)))
async def test_whatever_a_passage_of_the_right_types_says_it_is_accepted_with_everybody_in_it(
    phone: Phone, passage: dict[str, Any]
) -> None:
    (receipt,) = await phone.send({"kind": "PASSAGE", "passage": passage})
    check_receipt(receipt)
    assert receipt["status"] in ("ACCEPTED", "DUPLICATE")  # an example tried again is a duplicate
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


CUT = st.text(st.sampled_from(["\\", "\ud83d", "\ude00", "😀", "u", "d", "8", "3", '"', "王"]), max_size=12)


@given(text=CUT)
@example(text="\\ud83d")
@example(text="\\\ud83d😀\ude00")
def test_a_text_cut_anywhere_reads_as_a_browser_would_have_sent_it(text: str) -> None:
    parcel = {"items": [{"kind": "PASSAGE", "passage": minimal(vehicle_note=text)}]}
    (item,) = read(json.dumps(parcel).encode()).items
    assert isinstance(item, ReadPassage)
    assert item.header.vehicle_note == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


async def test_half_an_emoji_is_kept_as_the_sign_for_a_character_that_cannot_be_read(phone: Phone) -> None:
    """A phone that cuts text in the middle of a surrogate pair writes half of one; everybody is accepted all the same."""
    item = phone.passage(
        vehicle_note=r"a backslash before ud83d is none: \ud83d", lane="😀", person={"name": "王\ud83d"}
    )
    body = json.dumps({"items": [item]}).encode()  # as JSON.stringify writes it: \\ud83d
    (receipt,) = (await phone.post(body)).json["receipts"]
    assert (receipt["status"], receipt["people"][0]["status"]) == ("ACCEPTED", "ACCEPTED")
    mended = copy.deepcopy(item)
    mended["passage"]["people"][0]["name"] = "王\N{REPLACEMENT CHARACTER}"
    (again,) = await phone.send(mended)
    assert (again["status"], again["people"][0]["status"]) == ("DUPLICATE", "DUPLICATE")


@pytest.mark.parametrize(
    ("occurred_at", "status"),
    [
        ("9999-12-31T16:00:00Z", "SET_ASIDE"),  # the year 10000 in Shanghai: no clock and no page can show it
        ("9999-12-31T15:59:59Z", "ACCEPTED"),
        ("0001-01-01T00:00:00Z", "SET_ASIDE"),  # would be kept as -infinity
        ("0001-01-01T00:00:01Z", "ACCEPTED"),
        ("0001-01-01T00:00:00+08:00", "SET_ASIDE"),
    ],
)
async def test_a_moment_is_accepted_as_far_as_calendars_reach(
    phone: Phone, occurred_at: str, status: str
) -> None:
    (receipt,) = await phone.send({"kind": "PASSAGE", "passage": minimal(occurred_at=occurred_at)})
    assert receipt["status"] == status
