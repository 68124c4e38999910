"""The worker's schedule: what is prompt waits for nothing slow, and nothing waits for what fails."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from lianfang.console import work
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


def test_an_act_that_fails_keeps_none_of_the_others_from_what_they_are_for(
    clean: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried, done = [], threading.Semaphore(0)

    def fails(worker: object, at: object) -> None:
        tried.append(time.monotonic())
        connection.cursor().execute("SELECT 1 / 0")

    def works(worker: object, at: object) -> None:
        connection.cursor().execute("SELECT 1")
        done.release()

    entries = (Entry("fails", timedelta(hours=24), fails), Entry("works", timedelta(milliseconds=1), works))
    monkeypatch.setattr(schedule, "SCHEDULE", entries)
    monkeypatch.setattr(schedule, "PROMPT", ())
    monkeypatch.setattr(schedule, "OUTWARD", ())
    monkeypatch.setattr(work, "SOONEST", timedelta(0))
    monkeypatch.setattr(work, "LATEST", timedelta(milliseconds=1))
    with _schedule_beside():
        assert all(done.acquire(timeout=20) for _ in range(3))
    assert len(tried) >= 2, "tried again before its day is over"
    assert "an act failed; the schedule goes on" in caplog.text
