"""What happens when: acts by the clock, done by the worker in a thread of their own, one process at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from lianfang.checkpoints.partitions import add_partitions
from lianfang.checkpoints.services import erase_expired
from lianfang.custody.carrying_out import sweep_lately
from lianfang.custody.kept import reseal_settled
from lianfang.custody.purging import carry_out_signed, propose_due
from lianfang.kernel.reach import Reach
from lianfang.situation.clerk import count_all_tables, count_different_people, settle


class Entry(NamedTuple):
    """An act and how often it is due. Acts are harmless when repeated."""

    name: str
    every: timedelta
    act: Callable[[Reach, datetime], None]


def _partitions(worker: Reach, at: datetime) -> None:
    add_partitions(back=0, ahead=3, of=at)


def _tables(worker: Reach, at: datetime) -> None:
    count_all_tables(worker)


def _settling(worker: Reach, at: datetime) -> None:
    while settle(worker):
        continue


def _people(worker: Reach, at: datetime) -> None:
    count_different_people(worker, at=at)


def _declarations(worker: Reach, at: datetime) -> None:
    erase_expired(at=at)


def _kept(worker: Reach, at: datetime) -> None:
    reseal_settled(at=at)
    sweep_lately(at=at)


def _due(worker: Reach, at: datetime) -> None:
    propose_due(at=at)


def _purges(worker: Reach, at: datetime) -> None:
    carry_out_signed(at=at)


SCHEDULE = (
    Entry("partitions for the coming months", timedelta(hours=24), _partitions),
    Entry("pairs for the tables", timedelta(seconds=2), _tables),
    Entry("settling whole days of folding", timedelta(minutes=1), _settling),
    Entry("erasing declarations that have expired", timedelta(minutes=10), _declarations),
    Entry("different people, by document", timedelta(minutes=5), _people),
    Entry("sealing again what outlives its day", timedelta(hours=1), _kept),
    Entry("proposing to destroy what is over", timedelta(hours=1), _due),
    Entry("destroying what was signed", timedelta(seconds=5), _purges),
)
