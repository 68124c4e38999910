"""Drawing lots quickly, and ids that a seed decides: the same seed gives the same city, record by record."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values with weights, summed up once: a quarter of a million people are drawn from these."""

    __slots__ = ("_sums", "values")

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        listed = list(pairs)
        self.values = tuple(value for value, _ in listed)
        self._sums = list(accumulate(weight for _, weight in listed))

    def draw(self, chance: Random) -> T:
        return self.values[bisect(self._sums, chance.random() * self._sums[-1], hi=len(self.values) - 1)]


def pick(chance: Random, values: Sequence[T]) -> T:
    """One of equally likely values; several times as quick as `Random.choice`."""
    return values[int(chance.random() * len(values))]


def new_id(chance: Random, millis: int) -> str:
    """The text of a UUIDv7 of that moment."""
    drawn = f"{chance.getrandbits(76):019x}"
    when = f"{millis:012x}"
    return f"{when[:8]}-{when[8:]}-7{drawn[:3]}-{'89ab'[int(drawn[3], 16) & 3]}{drawn[4:7]}-{drawn[7:19]}"
