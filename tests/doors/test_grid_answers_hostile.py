"""What a bad network, a broken phone or an ill-meaning one sends: no item makes the others fail, and none makes an accident."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import KeyFolder, key_folder
from lianfang.referrals.models import ReferralEvent
from tests.doors.doorstep import Doorstep, Json, ago, answer, handed, post, sealed, step
from tests.doors.handed import kinds, stands
from tests.sealing import SealedOutbox

__all__ = ["handed", "step"]

ROTTEN: list[Any] = [
    None, [], 1, "x", True, {}, {"kind": "REFERRAL"}, {"kind": "OTHER", "id": str(uuid4())}, {"kind": None}, [[[[]]]],
    {"kind": "SEALED", "id": str(uuid4())}, {"kind": "SEALED", "id": str(uuid4()), "session": None, "nonce": 1, "ciphertext": []},
    {"kind": "STAY", "id": str(uuid4()), "household": 7, "person": None, "state": "DEAD", "occurred_at": ago(1)},
]  # fmt: skip
WRONG = {
    "id": ["", 1, None, "x" * 40, [], str(uuid4())[:-1]],
    "referral": ["", 1, None, "x"],
    "answer": ["", "CALLED", "WITHDRAWN", "PLACED", "arrived", 1, None, []],
    "occurred_at": ["", "yesterday", 1_582_000_000, None, "2020-13-40T00:00:00", "\0", "9" * 400],
    "clock_offset_ms": ["60000", [], {}, True],
    "destination": [1, [], {}],
    "note": [1, [], {"a": 1}],
    "address": [False, [""]],
}


def refused(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


class TestOneRottenItem:
    def test_hinders_none_of_the_hundred(self, step: Doorstep) -> None:
        party = step.over(3)
        items: list[Any] = [answer(one) for one in party]
        good = {place: item for place, item in zip((0, 50, 99), items, strict=True)}
        sent = [good.get(place, ROTTEN[place % len(ROTTEN)]) for place in range(100)]
        receipts = step.send(*sent)
        for place, receipt in enumerate(receipts):
            assert receipt["status"] == ("ACCEPTED" if place in good else "SET_ASIDE"), (place, receipt)
            assert receipt["status"] == "ACCEPTED" or receipt["say"]["zh"]
        assert {stands(one).state for one in party} == {"ARRIVED"}

    def test_is_known_by_its_id_where_it_has_one(self, step: Doorstep) -> None:
        id = str(uuid4())
        with_id, without = step.send({"kind": "OTHER", "id": id}, {"kind": "OTHER", "id": 5})
        assert (with_id["id"], without["id"]) == (id, None)

    def test_of_any_wrong_field_is_set_aside(self, step: Doorstep) -> None:
        (one,) = step.over()
        items = [answer(one) | {field: value} for field, values in WRONG.items() for value in values]
        receipts = step.send(*items)
        assert {receipt["status"] for receipt in receipts} == {"SET_ASIDE"}
        assert kinds(one) == ["SENT"]

    @pytest.mark.parametrize(
        "text",
        [
            '"\\ud800"',
            '"\\u0000' + "\\u202e" * 50 + '"',
            '"' + "长" * 700 + '"',
            '"<script>{{7*7}}</script>"',
        ],
    )
    def test_odd_words_are_no_trouble(self, step: Doorstep, text: str) -> None:
        (one,) = step.over()
        body = json.dumps({"answers": [answer(one, "NOT_HERE", note="@@", address="@@")]}).replace(
            '"@@"', text
        )
        response = post("/api/v1/roster/answers", body, step.token)
        if response.status_code == 200:
            assert response.json()["receipts"][0]["status"] in ("ACCEPTED", "SET_ASIDE")
            assert step.handed.city.township.get(f"/desk/referrals/{one.id}").status_code == 200
        else:
            assert refused(response) == (400, "NOT_JSON")

    def test_that_is_long_is_set_aside_alone_and_a_parcel_that_is_too_long_refused(
        self, step: Doorstep
    ) -> None:
        (one,) = step.over()
        long, good = step.send(answer(one, note="长" * 20_000), answer(one))
        assert (long["status"], long["code"], good["status"]) == ("SET_ASIDE", "TOO_LARGE", "ACCEPTED")
        response = post(
            "/api/v1/roster/answers", {"answers": [answer(one, note="x" * 1_000_000)]}, step.token
        )
        assert refused(response) == (413, "TOO_LONG")

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "[]",
            "null",
            "{",
            "{}",
            '{"answers": null}',
            '{"answers": {}}',
            '{"answers": "x"}',
            b"\xff",
            "[" * 100_000,
        ],
    )
    def test_what_is_no_parcel_is_refused_in_words(self, step: Doorstep, body: Any) -> None:
        status, code = refused(post("/api/v1/roster/answers", body, step.token))
        assert (status, code) in ((400, "NOT_JSON"), (400, "UNREADABLE"))

    def test_more_than_a_hundred_are_no_parcel(self, step: Doorstep) -> None:
        response = post("/api/v1/roster/answers", {"answers": [{}] * 101}, step.token)
        assert refused(response) == (400, "UNREADABLE")
        assert step.send() == []


class TestSealedItems:
    def test_to_a_key_nobody_has_are_kept_by_the_phone(self, step: Doorstep, keys: KeyFolder) -> None:
        (one,) = step.over()
        other = SealedOutbox.to(keys.outbox(day_of(datetime.now(UTC))))
        unknown, good = step.send(sealed(answer(one), other), sealed(answer(one)))
        assert (unknown["status"], unknown["code"]) == ("SET_ASIDE", "SEALED_UNREADABLE")
        assert "不要删除" in unknown["say"]["zh"]
        assert good["status"] == "ACCEPTED"

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda item: item | {"id": str(uuid4())},
            lambda item: item | {"nonce": item["nonce"][:-4]},
            lambda item: item | {"ciphertext": item["ciphertext"][:-4] + "AAA="},
            lambda item: item | {"session": item["session"] | {"key_id": "../master"}},
            lambda item: item | {"session": item["session"] | {"key_id": "2020-99"}},
            lambda item: item | {"session": item["session"] | {"wrapped_key": "AAAA"}},
            lambda item: item | {"session": {}},
        ],
    )
    def test_that_were_changed_do_not_open(self, step: Doorstep, spoil: Any) -> None:
        (one,) = step.over()
        (receipt,) = step.send(spoil(sealed(answer(one))))
        assert (receipt["status"], kinds(one)) == ("SET_ASIDE", ["SENT"])

    def test_that_hold_something_else_are_set_aside(self, step: Doorstep) -> None:
        (one,) = step.over()
        box, id = SealedOutbox.to(key_folder().outbox(day_of(datetime.now(UTC)))), str(uuid4())
        inside: list[bytes] = [
            b"", b"null", b"[]", b"{", b"\xff", json.dumps(answer(one)).encode(), json.dumps(sealed(answer(one), box)).encode(),
        ]  # fmt: skip
        receipts = step.send(*(box.bytes(plain, id) for plain in inside))
        assert {receipt["status"] for receipt in receipts} == {"SET_ASIDE"}
        assert {receipt["id"] for receipt in receipts} == {id}


class TestAtOnce:
    def send(self, step: Doorstep, barrier: Barrier, items: list[Json]) -> list[str]:
        try:
            barrier.wait(timeout=20)
            return [one["status"] for one in step.send(*items)]
        finally:
            connection.close()

    def test_the_same_parcel_twice_is_taken_once(self, step: Doorstep) -> None:
        party = step.over(4)
        items = [answer(one) for one in party]
        barrier = Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            sent = [items, items[::-1], items, items[::-1]]
            done = list(pool.map(lambda parcel: self.send(step, barrier, parcel), sent))
        assert sorted(status for one in done for status in one) == ["ACCEPTED"] * 4 + ["DUPLICATE"] * 12
        assert [kinds(one) for one in party] == [["SENT", "ARRIVED"]] * 4

    def test_the_same_id_with_other_content_is_taken_once(self, step: Doorstep) -> None:
        (one,) = step.over()
        items = [
            answer(one, what, id=str(shared)) for shared in [uuid7()] for what in ("ARRIVED", "NOT_HERE")
        ]
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda item: self.send(step, barrier, [item]), items))
        assert sorted(status for one in done for status in one) == ["ACCEPTED", "CONFLICT"]
        assert ReferralEvent.objects.using("owner").filter(referral_id=one.id).count() == 2


def test_every_answer_stands_in_the_audit_log_with_the_phone(step: Doorstep) -> None:
    (one,) = step.over()
    step.send(answer(one, note="敲门无人"))
    entry = AuditEntry.objects.using("owner").filter(act="REFERRAL_ANSWERED").latest("number")
    assert entry.subject == f"REFERRAL {one.id}"
    assert str(step.phone.id) in json.dumps(entry.details)
    assert "敲门" not in json.dumps(entry.details, ensure_ascii=False)
