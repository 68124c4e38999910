"""How far a re-screening has come, told from what its slices left."""

from datetime import UTC, datetime, timedelta

import pytest

from lianfang.doors.hq.rescreening_progress import RescreeningProgress, progress_of
from lianfang.journeys.rescreening.counts import RescreeningCounts
from lianfang.journeys.rescreening.queries import RescreeningLine
from lianfang.screening.models import Rescreening

BEGUN = datetime(2020, 2, 20, 2, 0, tzinfo=UTC)


def line(state: str, *, counts: RescreeningCounts, done: RescreeningCounts | None = None) -> RescreeningLine:
    one = Rescreening(state=state, asked_at=BEGUN, decided_at=BEGUN)
    return RescreeningLine(one, counts, done or RescreeningCounts(), {})


def moved(after: float, **said: float) -> RescreeningCounts:
    at = BEGUN + timedelta(seconds=after)
    return RescreeningCounts(begun_at=BEGUN.isoformat(), moved_at=at.isoformat(), **said)  # type: ignore[arg-type]


def told(shown: RescreeningLine, *, after: float) -> RescreeningProgress:
    return progress_of(shown, at=BEGUN + timedelta(seconds=after))


@pytest.mark.parametrize(
    ("shown", "of", "percent", "left"),
    [
        (line("DRY_RUN", counts=RescreeningCounts()), None, None, None),
        (line("DRY_RUN", counts=moved(4, looked=250_000, share=0.25, slices=9)), 1_000_000, 25, 12),
        (line("DRY_RUN", counts=moved(4, looked=900)), None, None, None),
        (line("APPROVED", counts=moved(4, looked=1_000)), 1_000, 0, None),
        (line("RUNNING", counts=moved(0, looked=1_000), done=moved(9, looked=900)), 1_000, 90, 1),
        (line("RUNNING", counts=moved(0, looked=1_000), done=moved(9, looked=1_003)), 1_000, 100, 0),
        (line("RUNNING", counts=moved(0), done=moved(9, looked=3)), None, None, None),
    ],
)
def test_people_of_all_and_the_seconds_that_are_left(
    shown: RescreeningLine, of: int | None, percent: int | None, left: int | None
) -> None:
    found = told(shown, after=10)
    assert (found.of, found.percent, found.seconds_left, found.silent) == (of, percent, left, False)


def test_it_is_silent_half_a_minute_after_the_last_slice() -> None:
    waiting, going = line("APPROVED", counts=moved(0)), line("RUNNING", counts=moved(0), done=moved(20))
    assert [told(waiting, after=30).silent, told(waiting, after=31).silent] == [False, True]
    assert [told(going, after=50).silent, told(going, after=51).silent] == [False, True]
