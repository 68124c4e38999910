"""What a phone tells about itself: odd values are clamped or passed over, and what it left out stays as it was."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lianfang.checkpoints.models import ClockIn, Device, DeviceReport
from lianfang.checkpoints.services import report_state
from tests import factories

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(device: Device, at: datetime, **said: Any) -> DeviceReport:
    report_state(by=device, said=said, at=at)
    return DeviceReport.objects.get(device=device)


def clock_in(at: datetime, **changes: Any) -> dict[str, Any]:
    said = {"id": str(uuid4()), "officer": "HC-017", "lane": "1", "came_at": at.isoformat()}
    return said | changes


def test_the_newest_report_stands(device: Device, now: datetime) -> None:
    report = told(
        device,
        now,
        unsent=40,
        set_aside=1,
        oldest_unsent_at=(now - HOUR).isoformat(),
        clock_offset_ms=-1200,
        battery_percent=61,
        storage_free_mb=2048,
        program="1.4.0",
        rules="a" * 64,
        lane="2",
        officer="HC-017",
    )
    assert (report.seen_at, report.unsent, report.set_aside, report.oldest_unsent_at) == (
        now,
        40,
        1,
        now - HOUR,
    )
    assert (report.clock_offset_ms, report.battery_percent, report.storage_free_mb) == (-1200, 61, 2048)
    assert (report.program, report.rules, report.lane, report.officer) == ("1.4.0", "a" * 64, "2", "HC-017")
    report = told(device, now + HOUR, unsent=0, battery_percent=60)
    assert (report.seen_at, report.unsent, report.battery_percent) == (now + HOUR, 0, 60)
    assert (report.set_aside, report.lane) == (1, "2")  # not said: as it was
    assert report.oldest_unsent_at is None  # nothing waits


def test_the_first_report_may_say_nothing(device: Device, now: datetime) -> None:
    report = told(device, now)
    assert (report.unsent, report.set_aside, report.battery_percent, report.lane) == (0, 0, None, "")


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("unsent", -5, 0),
        ("unsent", 10**400, 1_000_000),
        ("unsent", 3.9, 3),
        ("unsent", float("inf"), 7),
        ("unsent", float("nan"), 7),
        ("unsent", True, 7),
        ("unsent", "12", 7),
        ("unsent", None, 7),
        ("unsent", [1], 7),
        ("battery_percent", 250, 100),
        ("battery_percent", -1, 0),
        ("battery_percent", {}, None),
        ("storage_free_mb", 10**12, 100_000_000),
        ("clock_offset_ms", -(10**30), -315_360_000_000),
        ("lane", 3, "3"),
        ("lane", 10**40, ""),
        ("lane", True, ""),
        ("lane", ["3"], "1"),
        ("program", "a\0b\n" + "长" * 200, "ab" + "长" * 62),
        ("officer", "half an emoji \ud83d", "half an emoji"),
    ],
)
def test_what_cannot_be_is_clamped_or_passed_over(
    device: Device, now: datetime, name: str, value: Any, stored: Any
) -> None:
    told(device, now, unsent=7, lane="1")
    assert getattr(told(device, now, **{name: value}), name) == stored


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("{now}", timedelta(0)),
        ("2999-01-01T00:00:00Z", timedelta(0)),
        ("1970-01-01T00:00:00Z", 30 * DAY),
        ("yesterday", None),
        ("9999-12-31T23:59:59Z", None),
        (5, None),
        (None, None),
    ],
)
def test_a_moment_lies_within_the_last_month(
    device: Device, now: datetime, said: Any, back: timedelta | None
) -> None:
    said = now.isoformat() if said == "{now}" else said
    report = told(device, now, unsent=3, oldest_unsent_at=said)
    assert report.oldest_unsent_at == (None if back is None else now - back)


def test_a_clock_in_comes_again_with_its_end_and_is_one(device: Device, now: datetime) -> None:
    said = clock_in(now - HOUR)
    for _ in range(2):
        told(device, now, clock_ins=[said])
    (came,) = ClockIn.objects.all()
    assert (came.device, came.checkpoint_id, came.officer, came.lane) == (device, "GATE", "HC-017", "1")
    assert (came.came_at, came.left_at, came.received_at) == (now - HOUR, None, now)
    told(device, now + HOUR, clock_ins=[said | {"left_at": now.isoformat()}])
    told(device, now + HOUR, clock_ins=[said])  # an older word that came late
    (left,) = ClockIn.objects.all()
    assert (left.left_at, left.received_at) == (now, now)


def test_nobody_leaves_before_he_came(device: Device, now: datetime) -> None:
    said = clock_in(now - HOUR, left_at=(now - DAY).isoformat())
    told(device, now, clock_ins=[said])
    assert ClockIn.objects.get().left_at == now - HOUR
    other = said | {"came_at": (now - 9 * DAY).isoformat(), "left_at": (now - 8 * DAY).isoformat()}
    told(device, now, clock_ins=[other])
    assert ClockIn.objects.get().left_at == ClockIn.objects.get().came_at


def test_of_two_with_one_id_in_a_report_the_last_counts_and_the_unreadable_are_passed_over(
    device: Device, now: datetime
) -> None:
    said = clock_in(now)
    odd = [
        None,
        5,
        {},
        clock_in(now, id="x"),
        clock_in(now, id=7),
        clock_in(now, officer=" "),
        clock_in(now, came_at="?"),
    ]
    told(device, now, clock_ins=[said, *odd, said | {"lane": "4"}])
    assert [one.lane for one in ClockIn.objects.all()] == ["4"]
    told(device, now, clock_ins={"not": "a list"})
    told(device, now, clock_ins=[clock_in(now) for _ in range(500)])
    assert ClockIn.objects.count() == 201


def test_no_phone_writes_over_anothers_clock_in(device: Device, now: datetime) -> None:
    said = clock_in(now - HOUR)
    told(device, now, clock_ins=[said])
    told(
        factories.device(name="二号机"),
        now,
        clock_ins=[said | {"officer": "HC-099", "left_at": now.isoformat()}],
    )
    (came,) = ClockIn.objects.all()
    assert (came.officer, came.left_at) == ("HC-017", None)


def test_a_phone_says_that_it_was_wiped_once_it_was_asked(device: Device, now: datetime) -> None:
    told(device, now, wiped=True)
    device.refresh_from_db()
    assert device.wiped_at is None
    Device.objects.update(wipe_asked_at=now, wipe_outbox="KEEP")
    for said in ("true", 1, False):
        told(device, now, wiped=said)
    device.refresh_from_db()
    assert device.wiped_at is None
    told(device, now + HOUR, wiped=True)
    told(device, now + DAY, wiped=True)
    device.refresh_from_db()
    assert device.wiped_at == now + HOUR


def test_whatever_json_a_phone_sends_it_is_heard(device: Device, now: datetime) -> None:
    odd = json.loads('[null, true, -0.0, 1e308, "", "\\u0000", [[]], {"a": {}}]')
    names = ["unsent", "oldest_unsent_at", "battery_percent", "lane", "wiped", "clock_ins"]
    for value in odd:
        assert told(device, now, **dict.fromkeys(names, value)).seen_at == now
