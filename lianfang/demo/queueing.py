"""A queue before a checkpoint: cars arrive, lanes serve one at a time, and how long a car takes depends on how people
are registered. Pure: no clock, no database.

Seconds a car takes are put together from what is done at the barrier. Touches follow the phone's touch budget, fixed
for a car of four: 24 beyond the characters themselves when typed in full, 40 when prefilled, 25 on one traveller's QR.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

STOP = 8.0  # seconds: draw up, window down, a word, go
THERMOMETER = 4.0  # seconds a forehead takes
TOUCH = 0.6  # seconds, with a gloved thumb on a large button
CHARACTER = 0.4  # seconds on a keypad, read off a card
PLATE, PERSON = 7, 35  # characters: a plate; a number of 18, a telephone of 11, a name of about six keys
HEADING, LINE = (
    50.0,
    80.0,
)  # seconds on paper, with one pen for the lane: date, plate and purpose; then each person
# (touches for the car, touches for each person): at four people they come to the budget.
TYPED, PREFILLED, QR = (8, 4), (8, 8), (5, 5)
STEP = 5 * 60.0  # how often the length of the queue is written down


class Car(NamedTuple):
    """When it arrives, in seconds, and how many people are in it."""

    arrives: float
    people: int


@dataclass(frozen=True, slots=True)
class Queue:
    """What became of a rush. Minutes count from its beginning; `lengths` every five minutes until nobody waits."""

    longest_queue: int
    mean_wait_minutes: float
    longest_wait_minutes: float
    gone_after_minutes: float
    lengths: list[int]


def paper(people: int) -> float:
    """About three minutes a car of one or two."""
    return STOP + THERMOMETER * people + HEADING + LINE * people


def typed(people: int) -> float:
    return _touched(TYPED, people) + CHARACTER * (PLATE + PERSON * people)


def prefilled(people: int) -> float:
    """The same plate and people as before: looked through and confirmed."""
    return _touched(PREFILLED, people)


def qr(people: int) -> float:
    """The travellers filled it in while they waited; one code for the car."""
    return _touched(QR, people)


def _touched(touches: tuple[int, int], people: int) -> float:
    return STOP + THERMOMETER * people + TOUCH * (touches[0] + touches[1] * people)


WAYS = {"paper": paper, "typed": typed, "prefilled": prefilled, "qr": qr}


def queue(cars: Sequence[Car], *, way: str, lanes: int) -> Queue:
    """First come, first served: whoever is in front drives to the first lane that is free."""
    free = [0.0] * lanes
    starts = []
    for car in cars:
        begins = max(car.arrives, heapq.heappop(free))
        heapq.heappush(free, begins + WAYS[way](car.people))
        starts.append(begins)
    waits = [begins - car.arrives for car, begins in zip(cars, starts, strict=True)]
    longest, gone = _longest(cars, starts)
    return Queue(
        longest_queue=longest,
        mean_wait_minutes=round(sum(waits) / len(waits) / 60, 1),
        longest_wait_minutes=round(max(waits) / 60, 1),
        gone_after_minutes=round(gone / 60, 1),
        lengths=_lengths(cars, starts, gone),
    )


def _longest(cars: Sequence[Car], starts: Sequence[float]) -> tuple[int, float]:
    """The longest queue, and when the last car that had to wait was let in."""
    waited = [(car.arrives, begins) for car, begins in zip(cars, starts, strict=True) if begins > car.arrives]
    steps = sorted([(begins, -1) for _, begins in waited] + [(arrives, 1) for arrives, _ in waited])
    length = longest = 0
    for _, change in steps:  # who leaves the queue leaves before the next one joins it
        length += change
        longest = max(longest, length)
    return longest, max((begins for _, begins in waited), default=0.0)


def _lengths(cars: Sequence[Car], starts: Sequence[float], gone: float) -> list[int]:
    pairs = list(zip(cars, starts, strict=True))
    moments = [n * STEP for n in range(int(max(gone, cars[-1].arrives) // STEP) + 2)]
    return [sum(car.arrives <= at < begins for car, begins in pairs) for at in moments]
