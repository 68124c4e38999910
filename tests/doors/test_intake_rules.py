"""Which rules decide about whom: those in force when it happened, whatever arrives when and through which server."""

import copy
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lianfang.doors.intake import IntakeDoor
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import KeyFolder
from lianfang.machine.postgres import Database
from lianfang.screening.book import AFFECTED_AREAS, BASIC, RuleBook
from lianfang.screening.models import RulePeriod
from lianfang.screening.queries import BELIEVED_FOR, book
from lianfang.screening.rules import hash_of
from tests.doors.conftest import Phone, connect_as
from tests.doors.orders import NEWER, OLDER, Orders

QUARANTINED, PASSED = ["QUARANTINE", "REGISTER"], ["REGISTER"]


@pytest.fixture
async def other(phone: Phone, clean: Database, keys: KeyFolder) -> AsyncIterator[Phone]:
    """The same phone at another server."""
    door = IntakeDoor(connect=connect_as(clean, "intake"), keys=KeyFolder(keys.path))
    door.writer.start()
    yield Phone(door, phone.token, phone.traffic)
    await door.writer.stop()
    door.registry.close()


def at(moment: datetime, phone: Phone, **person: Any) -> dict:
    return phone.passage(occurred_at=moment.isoformat(), person={"from_code": "210302", **person})


def kinds(receipt: dict) -> list[str]:
    return [measure["kind"] for measure in receipt["people"][0]["measures"]]


async def decided_by(database: Database, item: dict) -> str:
    connection = await connect_as(database, "owner")()
    try:
        person = item["passage"]["people"][0]["id"]
        return await connection.fetchval("SELECT rule_set FROM registration WHERE id = $1", person)
    finally:
        await connection.close()


@sync_to_async
def put(orders: Orders, *periods: tuple[dict[str, Any], datetime, datetime]) -> None:
    for period in periods:
        orders.put(*period)


async def test_what_happened_before_an_order_is_decided_by_the_rules_before_it_whatever_comes_first(
    phone: Phone, other: Phone, orders: Orders, clean: Database
) -> None:
    now = datetime.now(UTC)
    order = now - timedelta(minutes=30)
    day = timedelta(days=1)
    await put(orders, (OLDER, order - day, order), (NEWER, order, order + day))
    instant = timedelta(microseconds=1)
    moments = {
        order - timedelta(hours=2): (PASSED, OLDER),
        order - instant: (PASSED, OLDER),
        order: (QUARANTINED, NEWER),
        now: (QUARANTINED, NEWER),
    }
    for n, arriving in enumerate(permutations(moments)):
        sender = phone if n % 2 else other
        items = {moment: at(moment, phone) for moment in arriving}
        receipts = await sender.send(*items.values())
        assert [kinds(receipt) for receipt in receipts] == [moments[moment][0] for moment in arriving]
        for moment, item in items.items():
            assert await decided_by(clean, item) == hash_of(moments[moment][1])


async def test_when_the_time_of_rules_is_over_nobody_is_restricted_and_whoever_came_before_stays_decided(
    phone: Phone, orders: Orders, clean: Database
) -> None:
    now = datetime.now(UTC)
    over = now - timedelta(hours=1)
    await put(orders, (OLDER, over - timedelta(days=30), over))
    feverish = [{"celsius": 38.2, "site": "FOREHEAD", "state": "READ"}]
    items = [
        at(over - timedelta(seconds=1), phone, from_code="420106"),
        at(over, phone, from_code="420106"),
        at(now, phone, from_code="420106", temperatures=feverish),
    ]
    receipts = await phone.send(*items)
    assert [kinds(receipt) for receipt in receipts] == [QUARANTINED, PASSED, ["FEVER_CLINIC", "REGISTER"]]
    assert {await decided_by(clean, item) for item in items} == {hash_of(OLDER)}


async def test_before_the_first_order_everybody_is_registered_and_the_feverish_cared_for(
    phone: Phone, orders: Orders, clean: Database
) -> None:
    now = datetime.now(UTC)
    await put(orders, (OLDER, now - timedelta(minutes=5), now + timedelta(days=1)))
    early = at(now - timedelta(hours=3), phone, from_code="420106", symptoms=["COUGH"])
    (receipt,) = await phone.send(early)
    assert kinds(receipt) == ["FEVER_CLINIC", "REGISTER"]
    assert await decided_by(clean, early) == BASIC.hash


async def test_a_clock_nobody_can_believe_is_decided_by_the_moment_of_arrival(
    phone: Phone, orders: Orders, clean: Database
) -> None:
    now = datetime.now(UTC)
    await put(
        orders,
        (OLDER, now - timedelta(days=40), now - timedelta(days=11)),
        (NEWER, now - timedelta(hours=1), now + timedelta(days=9)),
    )
    for wrong in (now - timedelta(days=35), now + timedelta(days=3)):
        item = at(wrong, phone)
        (receipt,) = await phone.send(item)
        assert "CLOCK" in receipt["flags"]
        assert (kinds(receipt), await decided_by(clean, item)) == (QUARANTINED, hash_of(NEWER))


async def test_a_retry_after_a_change_is_told_what_the_first_was_told(
    phone: Phone, other: Phone, orders: Orders
) -> None:
    now = datetime.now(UTC)
    since = now - timedelta(days=1)
    await put(orders, (OLDER, since, now + timedelta(days=1)))
    item = at(now - timedelta(minutes=1), phone, from_code="420106")
    (first,) = await phone.send(item)

    @sync_to_async
    def replace() -> None:
        """As if the older rules had never been in force then: what decided counts all the same."""
        RulePeriod.objects.using("owner").update(during=DateTimeTZRange(since, since + timedelta(minutes=1)))
        orders.put(NEWER, since + timedelta(minutes=1), now + timedelta(days=1))

    await replace()
    phone.door.registry.forget()
    for sender in (phone, other):
        (again,) = await sender.send(item)
        assert again["people"][0]["measures"] == first["people"][0]["measures"]
        assert not again["people"][0]["measures"][0]["say"]["zh"].startswith("新规")
        assert again["received_at"] == first["received_at"]


async def test_a_server_that_has_not_heard_of_an_order_words_a_retry_as_the_one_that_has(
    phone: Phone, other: Phone, orders: Orders
) -> None:
    now = datetime.now(UTC)
    await put(orders, (OLDER, now - timedelta(days=1), now - timedelta(seconds=30)))
    await other.send(at(now - timedelta(hours=1), phone))  # it believes its book for two seconds from now
    await put(orders, (NEWER, now - timedelta(seconds=30), now + timedelta(days=1)))
    item = at(now, phone)
    (first,) = await phone.send(item)
    assert kinds(first) == QUARANTINED
    (again,) = await other.send(item)
    assert again["people"][0]["status"] == "DUPLICATE"
    assert again["people"][0]["measures"] == first["people"][0]["measures"]
    assert kinds((await other.send(at(now, phone)))[0]) == QUARANTINED  # and from then on it knows itself


async def test_an_order_is_heard_within_two_seconds_and_asked_for_once_by_however_many(
    phone: Phone, orders: Orders, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    await put(orders, (OLDER, now - timedelta(days=1), now), (NEWER, now, now + timedelta(days=1)))
    registry, asked = phone.door.registry, []
    really = registry._asker.ask

    async def ask(statement: str, *arguments: object) -> Any:
        if "rule_" in statement:
            asked.append((statement, *arguments))
        return await really(statement, *arguments)

    monkeypatch.setattr(registry._asker, "ask", ask)
    for _ in range(5):
        await phone.send(phone.passage())
    assert [len(one) for one in asked] == [1, 2]  # hashes and moments, then what nobody had read yet
    assert asked[1][1] == [hash_of(NEWER)]
    registry.forget()
    await phone.send(phone.passage())
    assert [len(one) for one in asked[2:]] == [1]
    assert BELIEVED_FOR <= 2
    monkeypatch.setattr(registry, "_book", (registry._book[0] - BELIEVED_FOR, registry._book[1]))
    await phone.send(phone.passage())
    assert len(asked) == 4


NESTED = "[" * 5_000 + "]" * 5_000
UNKNOWN_FACT = copy.deepcopy(NEWER)
UNKNOWN_FACT["rows"][0]["when"][0]["fact"] = "star_sign"


@pytest.mark.parametrize(
    "content",
    ["", "null", "[]", "{}", '"rules"', NESTED, json.dumps(OLDER)[:400], json.dumps(NEWER), json.dumps(UNKNOWN_FACT)],
    ids=["empty", "null", "list", "no fields", "text", "nested", "cut off", "other content", "unknown fact"],
)  # fmt: skip
async def test_rules_that_cannot_be_read_stop_nobody_and_restrict_nobody(
    phone: Phone, other: Phone, orders: Orders, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    now = datetime.now(UTC)
    bad = now - timedelta(minutes=10)
    await put(orders, (OLDER, bad - timedelta(days=1), bad))
    assert len((await phone.door.registry.book()).periods) == 1
    await sync_to_async(orders.put_text)("0123456789abcdef", content, bad, now + timedelta(days=1))
    phone.door.registry.forget()
    with caplog.at_level(logging.ERROR):
        for sender in (phone, other, phone):
            moments = (bad - timedelta(hours=1), now)
            receipts = await sender.send(*(at(moment, phone, from_code="420106") for moment in moments))
            assert [kinds(receipt) for receipt in receipts] == [QUARANTINED, PASSED]
            sender.door.registry.forget()
    assert len([line for line in caplog.records if "0123456789abcdef" in line.message]) == 1
    assert "0123456789abcdef" not in (await sync_to_async(book)(anew=True)).by_hash


async def test_when_the_database_does_not_tell_the_rules_those_known_go_on_and_who_knows_none_waits(
    phone: Phone, other: Phone, orders: Orders, caplog: pytest.LogCaptureFixture
) -> None:
    now = datetime.now(UTC)
    await put(orders, (OLDER, now - timedelta(days=1), now + timedelta(days=1)))
    await phone.send(phone.passage())
    await sync_to_async(orders.allow)("REVOKE")
    try:
        for _ in range(3):
            phone.door.registry.forget()
            (receipt,) = await phone.send(at(now, phone, from_code="420106"))
            assert kinds(receipt) == QUARANTINED
        assert [line.levelname for line in caplog.records].count("ERROR") == 1
        answer = await other.post(json.dumps({"items": [phone.passage()]}).encode())
        assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    finally:
        await sync_to_async(orders.allow)("GRANT")
    assert (await other.send(phone.passage()))[0]["status"] == "ACCEPTED"


async def test_a_decision_whose_rules_are_lost_is_told_without_a_sentence(
    phone: Phone, orders: Orders, clean: Database
) -> None:
    now = datetime.now(UTC)
    await put(orders, (OLDER, now - timedelta(days=1), now + timedelta(days=1)))
    item = at(now, phone)
    await phone.send(item)
    connection = await connect_as(clean, "owner")()
    await connection.execute("UPDATE registration SET rule_set = 'ffffffffffffffff'")
    await connection.close()
    (again,) = await phone.send(item)
    assert kinds(again) == PASSED
    assert again["people"][0]["measures"][0]["say"] == {"zh": "", "en": ""}


async def test_a_correction_decides_nothing_anew(phone: Phone, orders: Orders, clean: Database) -> None:
    now = datetime.now(UTC)
    await put(orders, (NEWER, now - timedelta(days=1), now + timedelta(days=1)))
    item = at(now, phone)
    (first,) = await phone.send(item)
    person = item["passage"]["people"][0]["id"]
    before = await decision(clean, person)
    fields = {
        "from_code": "210103",
        "resident": True,
        "answers": {"sealed_train": True},
        "symptoms": ["COUGH"],
    }
    correction = {"id": str(uuid7()), "of": person, "fields": fields, "occurred_at": now.isoformat()}
    (answer,) = await phone.send({"kind": "CORRECTION", "correction": correction})
    assert answer["status"] == "ACCEPTED"
    assert await decision(clean, person) == before
    (again,) = await phone.send(item)
    assert again["people"][0]["measures"] == first["people"][0]["measures"]


async def decision(database: Database, person: str) -> list[Any]:
    connection = await connect_as(database, "owner")()
    try:
        row = await connection.fetchrow(
            "SELECT rule_set, rule_rows, measures, receipt, shown_otherwise FROM registration WHERE id = $1",
            person,
        )
        return list(row)
    finally:
        await connection.close()


def test_a_book_never_forgets_a_rule_set_that_decided(orders: Orders) -> None:
    assert RuleBook((), known={"x": BASIC}).named("x") is BASIC
    assert {BASIC.hash, AFFECTED_AREAS.hash} <= RuleBook().by_hash.keys()
