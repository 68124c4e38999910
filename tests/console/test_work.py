"""The worker's schedule: what is prompt waits for nothing slow."""

import threading
import time
from datetime import timedelta

import pytest

from lianfang.console.work import _schedule_beside
from lianfang.machine.postgres import Database
from lianfang.project import schedule
from lianfang.project.schedule import PROMPT, Entry


def test_the_audit_log_is_sealed_every_second() -> None:
    (sealing,) = PROMPT
    assert "audit" in sealing.name
    assert sealing.every <= timedelta(seconds=1)


def test_an_act_that_takes_long_does_not_keep_the_prompt_ones_waiting(
    clean: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over, times = threading.Event(), threading.Event(), []

    def slow(worker: object, at: object) -> None:
        begun.set()
        over.wait(20)

    def prompt(worker: object, at: object) -> None:
        times.append(time.monotonic())

    monkeypatch.setattr(schedule, "SCHEDULE", (Entry("slow", timedelta(seconds=1), slow),))
    monkeypatch.setattr(schedule, "PROMPT", (Entry("prompt", timedelta(milliseconds=100), prompt),))
    with _schedule_beside():
        assert begun.wait(20)
        before = len(times)
        deadline = time.monotonic() + 20
        while len(times) < before + 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        over.set()
    assert len(times) >= before + 3
