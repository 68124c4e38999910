"""The demo city goes on living: its child sends in real time and stops with its parent; a real city never gets any."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from lianfang.console import main
from lianfang.demo.city import open_city
from lianfang.demo.living import Rhythm, live
from lianfang.demo.outbox import Outbox
from lianfang.demo.plan import HOURS
from lianfang.demo.rush import replay
from lianfang.kernel.days import SHANGHAI
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Database
from lianfang.machine.progress import Silent

NOON = datetime(2020, 2, 13, 12, 0, tzinfo=SHANGHAI)


def minutes(rhythm: Rhythm, since: datetime, count: int) -> list[str]:
    """The ids of the passages of so many minutes."""
    outbox = Outbox(seed=1, phones_since=since.date())
    for n in range(count):
        rhythm.fill(outbox, since + timedelta(minutes=n))
    items = [item for parcel in outbox.due(10**15) for item in parcel.items if item["kind"] == "PASSAGE"]
    return list(dict.fromkeys(item["passage"]["id"] for item in items))


def test_a_minute_is_the_same_whenever_it_is_drawn_and_days_are_busier_than_nights() -> None:
    rhythm = Rhythm(usual=2_400)
    assert minutes(rhythm, NOON, 30) == minutes(rhythm, NOON, 30)
    by_day, by_night = len(minutes(rhythm, NOON, 180)), len(minutes(rhythm, NOON - timedelta(hours=11), 180))
    assert by_day > 3 * by_night > 0
    expected = 2_400 * sum(HOURS[12:15]) / sum(HOURS)
    assert 0.8 * expected < by_day < 1.25 * expected


def test_it_sends_through_the_intake_until_it_is_told_to_stop(clean: Database, scenario: None) -> None:
    began, turns = time.monotonic(), []

    def clock() -> datetime:
        """A minute passes each second."""
        return NOON + 60 * timedelta(seconds=time.monotonic() - began)

    def stopping() -> bool:
        turns.append(1)
        return len(turns) > 4

    devices = open_city(NOON)
    receipts = asyncio.run(live(devices, Rhythm(usual=20_000), clock=clock, stopping=stopping))
    assert receipts.accepted > 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(received_at) <= %s FROM last_sent", [clock()])
    assert replay(devices, at=NOON, speed=None, progress=Silent()).receipts.accepted == 18 * (390 + 600)


@pytest.fixture
def child(clean: Database) -> Iterator[subprocess.Popen[str]]:
    """The child of `serve`, as serve starts it, on a city that has only its gates."""
    open_city(datetime.now(UTC))
    connection.close()
    words = ["demo", "--live", "--json", "--parent", str(os.getpid())]
    started = subprocess.Popen(
        [sys.executable, "-m", "lianfang", *words], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    yield started
    if started.poll() is None:
        started.kill()
    started.wait()
    started.stdout.close()


async def test_the_child_lives_until_it_is_ended(child: subprocess.Popen[str]) -> None:
    await asyncio.sleep(6)
    assert child.poll() is None
    child.send_signal(signal.SIGTERM)
    said, _ = await sync_to_async(child.communicate)(timeout=30)
    assert child.returncode == 0
    assert json.loads(said.splitlines()[-1]).keys() == {"accepted", "duplicates", "conflicts", "set_aside"}


def test_a_child_whose_parent_has_gone_ends(clean: Database) -> None:
    open_city(datetime.now(UTC))
    connection.close()
    words = [sys.executable, "-m", "lianfang", "demo", "--live", "--parent", "1"]
    assert subprocess.run(words, check=False, timeout=60, capture_output=True).returncode == 0


def serve(data: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "lianfang", "serve", "--data", str(data), "--port", "0", "--https-port", "0", *words],
        check=False, timeout=60, capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize("words", [(), ("--empty",)])
def test_a_folder_with_a_clock_of_its_own_is_not_served_as_a_real_city(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    DataFolder.open(tmp_path).set_scenario(NOON)
    code, said = serve(tmp_path, *words)
    assert code == 3
    assert "演示城市" in said
    assert "start it with --demo" in said
    assert not (tmp_path / "postgres").exists()


def test_a_real_city_has_no_clock_to_set(tmp_path: Path) -> None:
    code, said = serve(tmp_path, "--clock", "2020-02-13T18:00+08:00")
    assert code == 2
    assert "--demo" in said
    assert DataFolder.open(tmp_path).scenario == timedelta(0)


@pytest.mark.parametrize(
    "words", [["--rush", "--full"], [], ["--rush", "--speed", "0"], ["--full", "--clock", "gestern"]]
)
def test_the_command_is_asked_for_one_thing_in_words_it_understands(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", *words])
    assert ended.value.code == 2
