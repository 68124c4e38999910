"""What happens when: acts by the clock, done by the worker, one process at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from lianfang.checkpoints.partitions import add_partitions


class Entry(NamedTuple):
    """An act and how often it is due. Acts are harmless when repeated."""

    name: str
    every: timedelta
    act: Callable[[datetime], None]


def _partitions(at: datetime) -> None:
    add_partitions(back=0, ahead=3, of=at)


SCHEDULE = (Entry("partitions for the coming months", timedelta(hours=24), _partitions),)
