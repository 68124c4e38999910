"""A phone's outbox comes to the desk as a file, and in as if the phone had sent it; nothing in it is lost or doubled."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Checkpoint, ConflictItem, Device, Passage, Registration
from lianfang.journeys import outboxes as journey
from lianfang.journeys import receiving
from lianfang.kernel.group_commit import Busy
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import reach
from lianfang.screening.models import RulePeriod
from tests import factories
from tests.doors.desk import City, text
from tests.doors.orders import NEWER, OLDER, Orders
from tests.factories import Generated, Json
from tests.sealing import SealedOutbox, base64

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def outbox(city: City) -> SealedOutbox:
    return SealedOutbox.to(key_folder().outbox(factories.today()))


def exported(items: list[Any], **changes: Any) -> bytes:
    """The file as a phone writes it."""
    whole = {
        "lianfang": "outbox",
        "version": 1,
        "device_id": str(Device.objects.get(name="一号机").id),
        "checkpoint": "GATE",
        "made_at": datetime.now(UTC).isoformat(),
        "items": items,
    }
    return json.dumps(whole | changes).encode()


def captured(
    outbox: SealedOutbox, count: int, *, at: datetime | None = None, seed: int = 5, people: int = 1
) -> list[Json]:
    generated = Generated(seed=seed, at=at or datetime.now(UTC) - HOUR)
    passages = (generated.passage(people=people) for _ in range(count))
    return [outbox.seal({"kind": "PASSAGE", "passage": passage}) for passage in passages]


def upload(client: Client, file: bytes, name: str = "lianfang-outbox.json") -> HttpResponse:
    return client.post("/desk/outboxes", {"file": SimpleUploadedFile(name, file)})


def result(response: HttpResponse) -> str:
    """The whole page, as it stands once it has been sent."""
    assert response.status_code == 200
    page = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert page.rstrip().endswith("</html>")
    assert "no-store" in response["Cache-Control"]
    text(HttpResponse(page, headers={"Content-Security-Policy": response["Content-Security-Policy"]}))
    return page


def counts(page: str) -> dict[str, tuple[int, int]]:
    """What became of vehicles and corrections, and of people, by the word on the page."""
    rows = re.findall(r'<td><strong>(\S+)</strong> .*?number">([\d,]+)<.*?number">([\d,]+)<', page)
    return {word: (int(cars.replace(",", "")), int(people.replace(",", ""))) for word, cars, people in rows}


def decided(city: City) -> list[list[str]]:
    with reach(factories.officer()):
        return [row.measures for row in Registration.objects.order_by("occurred_at")]


def stored(city: City) -> tuple[int, int]:
    with reach(factories.officer()):
        return Passage.objects.count(), Registration.objects.count()


def test_every_record_comes_in_once_however_often_the_file_does(city: City, outbox: SealedOutbox) -> None:
    file = exported(captured(outbox, 3, people=2))
    page = result(upload(city.haicheng, file))
    assert counts(page) == {"已确认": (3, 6), "重复": (0, 0), "冲突": (0, 0), "搁置": (0, 0)}
    assert "全部都在服务器上" in page
    assert "没有登记" not in page
    again = result(upload(city.haicheng, file))
    assert counts(again)["重复"] == (3, 6)
    assert stored(city) == (3, 6)


def test_what_the_phone_sends_later_itself_is_a_duplicate(city: City, outbox: SealedOutbox) -> None:
    items = captured(outbox, 2)
    result(upload(city.haicheng, exported(items)))
    answer = city.intake.send({"items": items})
    assert [receipt["status"] for receipt in answer["receipts"]] == ["DUPLICATE"] * 2


def test_four_thousand_records_come_in_slices_and_the_page_tells_how_far_it_is(
    city: City, outbox: SealedOutbox
) -> None:
    response = upload(city.haicheng, exported(captured(outbox, 4_000)))
    pieces = [piece.decode() for piece in response.streaming_content]  # type: ignore[attr-defined]
    told = re.findall(r'<progress class="progress" max="(\d+)" value="(\d+)">', "".join(pieces))
    assert told == [("4000", str(500 * n)) for n in (1, 2, 3, 4, 5, 6, 7, 8, 8)]
    assert "已处理 500 / 4,000 条" in pieces[1]
    assert counts("".join(pieces))["已确认"] == (4_000, 4_000)
    assert stored(city) == (4_000, 4_000)


def test_large_records_travel_in_smaller_slices(
    city: City, outbox: SealedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = captured(outbox, 4, people=3)
    monkeypatch.setattr(journey, "SLICE_BYTES", len(json.dumps(items[0])) * 5 // 2)
    page = result(upload(city.haicheng, exported(items)))
    assert page.count("<progress") == 3  # two slices of two, and the last word
    assert counts(page)["已确认"] == (4, 12)


@pytest.mark.parametrize("column", ["revoked_at", "expires_at", "wipe_asked_at"])
def test_whatever_became_of_the_phone_what_it_captured_before_is_not_flagged_and_after_is(
    city: City, outbox: SealedOutbox, column: str
) -> None:
    end = datetime.now(UTC) - 5 * HOUR
    Device.objects.update(**{column: end}, wipe_outbox="KEEP")
    before = captured(outbox, 2, at=end - HOUR)
    after = captured(outbox, 3, at=end + HOUR, seed=6)
    page = result(upload(city.haicheng, exported([*before, *after])))
    assert counts(page)["已确认"] == (5, 5)
    assert "其中 3 条是手机没有登记" in page
    with reach(factories.officer()):
        flagged = [row for row in Passage.objects.all() if "CAPTURED_OUTSIDE_ENROLMENT" in row.receipt]
    assert {str(row.id) for row in flagged} == {item["id"] for item in after}


def test_one_bad_record_does_not_stop_the_others_and_each_reason_is_told(
    city: City, outbox: SealedOutbox
) -> None:
    good = captured(outbox, 2)
    changed = captured(outbox, 2, seed=6)
    for item in changed:
        item["nonce"] = base64(b"x" * 12)
    clear = {"kind": "PASSAGE", "passage": Generated(seed=7).passage()}
    page = result(upload(city.haicheng, exported([good[0], *changed, clear, None, 5, {}, good[1]])))
    assert counts(page)["已确认"] == (2, 2)
    assert counts(page)["搁置"] == (6, 0)
    reasons = re.findall(r'<td class="roomy">(.*?)</td><td class="number">(\d+)<', page)
    assert [(sentence[:8], count) for sentence, count in reasons] == [
        ("文件里有一条不是", "4"),
        ("加密的记录打不开", "2"),
    ]
    assert stored(city) == (2, 2)


def test_a_record_larger_than_any_parcel_is_set_aside(
    city: City, outbox: SealedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = captured(outbox, 2)
    items[0] = captured(outbox, 1, people=30, seed=6)[0]
    monkeypatch.setattr(journey, "SLICE_BYTES", len(json.dumps(items[1])) + 500)
    page = result(upload(city.haicheng, exported(items)))
    assert (counts(page)["已确认"], counts(page)["搁置"]) == ((1, 1), (1, 0))


def test_other_content_under_a_known_id_is_a_conflict_for_the_desk(city: City, outbox: SealedOutbox) -> None:
    passage = city.register()
    other = {"kind": "PASSAGE", "passage": passage | {"plate": "辽C99999"}}
    page = result(upload(city.haicheng, exported([outbox.seal(other)])))
    assert counts(page)["冲突"] == (1, 0)
    assert "等指挥部核对" in page
    with reach(factories.officer()):
        assert ConflictItem.objects.count() == 1


def test_it_counts_for_the_checkpoint_where_it_was_captured(city: City, outbox: SealedOutbox) -> None:
    passage = Generated(seed=8).passage()
    factories.checkpoint("SOUTH")
    Device.objects.update(checkpoint=Checkpoint.objects.get(code="SOUTH"))
    result(upload(city.haicheng, exported([outbox.seal({"kind": "PASSAGE", "passage": passage})])))
    with reach(factories.officer()):
        assert Passage.objects.get().checkpoint == "GATE"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"PK\x03\x04 not json", "文件打不开"),
        (b"\xff\xfe\x00", "文件打不开"),
        (b"[" * 100_000, "不是手机导出的待发箱文件"),
        (b'{"lianfang": "outbox", "version": 1, "items": [', "文件打不开"),
        (b"{}", "不是手机导出的待发箱文件"),
        (b"[]", "不是手机导出的待发箱文件"),
        (b'{"lianfang": "board", "version": 1}', "不是手机导出的待发箱文件"),
        (b'{"lianfang": "outbox", "version": "one"}', "不是手机导出的待发箱文件"),
        (b'{"lianfang": "outbox", "version": 1, "device_id": "x", "items": []}', "不是手机导出的待发箱文件"),
        (b'{"lianfang": "outbox", "version": 2}', "格式是第 2 版"),
        (b'{"lianfang": "outbox", "version": 1}', "文件里没有记录"),
        (b"", "文件是空的"),
    ],
)
def test_a_file_that_is_no_outbox_is_refused_in_clear_words(city: City, file: bytes, words: str) -> None:
    response = upload(city.haicheng, file)
    assert response.status_code == 400
    assert words in text(response)


def test_no_file_at_all_is_said(city: City) -> None:
    response = city.haicheng.post("/desk/outboxes", {})
    assert response.status_code == 400
    assert "field__error" in text(response)


def test_a_file_over_64_mb_is_refused_in_clear_words(
    city: City, outbox: SealedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert journey.LARGEST_FILE == 64 * 1024 * 1024
    file = exported(captured(outbox, 1))
    monkeypatch.setattr(journey, "LARGEST_FILE", len(file) - 1)
    response = upload(city.haicheng, file)
    assert (response.status_code, "超过 64 MB" in text(response)) == (413, True)


def test_a_mark_of_byte_order_in_front_is_no_trouble(city: City, outbox: SealedOutbox) -> None:
    page = result(upload(city.haicheng, b"\xef\xbb\xbf" + exported(captured(outbox, 1))))
    assert counts(page)["已确认"] == (1, 1)


def test_only_a_phone_within_reach_and_only_by_those_whose_work_it_is(
    city: City, outbox: SealedOutbox
) -> None:
    file = exported(captured(outbox, 1))
    response = upload(city.xiuyan, file)
    assert (response.status_code, "辖区内没有这台设备" in text(response)) == (404, True)
    made_up = upload(
        city.haicheng, exported(captured(outbox, 1), device_id="01a20000-0000-7000-8000-000000000001")
    )
    assert made_up.status_code == 404
    for client in (city.township, city.screen, city.administrator):
        assert client.get("/desk/outboxes").status_code == 403
        assert upload(client, file).status_code == 403
    assert "接收待发箱" not in text(city.township.get("/desk/devices"))
    assert stored(city) == (0, 0)


def test_the_way_there_leads_from_the_menu_and_the_devices(city: City) -> None:
    page = text(city.headquarters.get("/desk/devices"))
    assert page.count('href="/desk/outboxes"') == 2
    assert "只有本服务器打得开" in text(city.headquarters.get("/desk/outboxes"))


def test_when_the_database_goes_away_in_the_middle_it_is_said_and_the_file_can_come_again(
    city: City, outbox: SealedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, calls = receiving.take_parcel, iter([True, True, False])

    async def interrupted(*given: Any, **more: Any) -> bytes:
        if not next(calls, True):
            raise Busy
        return await whole(*given, **more)

    file = exported(captured(outbox, 1_600))
    monkeypatch.setattr(receiving, "take_parcel", interrupted)
    page = result(upload(city.haicheng, file))
    assert "1,600 条里处理了 1,000 条" in page
    assert "全部都在服务器上" not in page
    again = result(upload(city.haicheng, file))
    assert (counts(again)["已确认"], counts(again)["重复"]) == ((600, 600), (1_000, 1_000))


def test_whoever_leaves_in_the_middle_leaves_nothing_running(
    city: City, outbox: SealedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    connect = receiving.connect_as_intake

    async def watched() -> Any:
        opened.append(await connect())
        return opened[-1]

    monkeypatch.setattr(receiving, "connect_as_intake", watched)
    response = upload(city.haicheng, exported(captured(outbox, 1_100)))
    pieces: Iterator[bytes] = response.streaming_content  # type: ignore[attr-defined]
    next(pieces), next(pieces)
    response.close()
    assert [one.is_closed() for one in opened] == [True]
    assert stored(city) == (500, 500)


def test_three_hundred_records_cost_the_pages_as_many_questions_as_one(
    city: City, outbox: SealedOutbox
) -> None:
    def asked(count: int) -> int:
        file = exported(captured(outbox, count, seed=count))
        with CaptureQueriesContext(connection) as questions:
            result(upload(city.haicheng, file))
        return len(questions)

    assert asked(300) == asked(1)


def test_in_english_reasons_are_english(city: City, outbox: SealedOutbox) -> None:
    city.haicheng.cookies["django_language"] = "en"
    (item,) = captured(outbox, 1)
    page = result(upload(city.haicheng, exported([item | {"nonce": base64(b"x" * 12)}])))
    assert "The sealed record cannot be opened" in page
    assert not re.findall(
        "[\u4e00-\u9fff]", page.replace("一号机", "").replace("海城值班员", "").replace("中文", "")
    )


def from_anshan(outbox: SealedOutbox, at: datetime, *, seed: int) -> Json:
    """Somebody whom the newer order quarantines."""
    made = Generated(seed=seed, at=at)
    passage = made.passage(people=[made.person(from_code="210300")])
    return outbox.seal({"kind": "PASSAGE", "passage": passage})


def test_what_a_slow_phone_captured_is_decided_by_the_rules_of_the_moment_it_really_was(
    city: City, outbox: SealedOutbox, orders: Orders
) -> None:
    now = datetime.now(UTC)
    orders.put(OLDER, now - 20 * DAY, now - HOUR)
    orders.put(NEWER, now - HOUR, now + DAY)
    at = now - 70 * MINUTE
    for seed, offset in enumerate(({}, {"clock_offset_ms": 20 * 60_000}, {"clock_offset_ms": "fast"})):
        result(
            upload(city.haicheng, exported([from_anshan(outbox, at + seed * MINUTE, seed=seed)], **offset))
        )
    assert decided(city) == [["REGISTER"], ["QUARANTINE", "REGISTER"], ["REGISTER"]]


def test_rules_that_change_while_a_file_is_read_decide_the_rest_of_it(
    city: City, outbox: SealedOutbox, orders: Orders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is decided by the moment it came, since its clock is not believed."""
    now = datetime.now(UTC)
    orders.put(OLDER, now - 20 * DAY, now + DAY)
    monkeypatch.setattr(journey, "SLICE_ITEMS", 1)
    at = now + HOUR  # a clock that is ahead
    file = exported([from_anshan(outbox, at + seed * MINUTE, seed=seed) for seed in (1, 2)])
    response = city.haicheng.post(
        "/desk/outboxes", {"file": SimpleUploadedFile("lianfang-outbox.json", file)}
    )
    pieces = iter(response.streaming_content)  # type: ignore[attr-defined]
    while not decided(city):
        next(pieces)
    RulePeriod.objects.using("owner").all().delete()
    orders.put(NEWER, now - DAY, now + DAY)
    list(pieces)
    assert decided(city) == [["REGISTER"], ["QUARANTINE", "REGISTER"]]
