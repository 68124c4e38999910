"""What happens when: acts by the clock, done by the worker beside its readers, one process at a time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from lianfang.checkpoints.partitions import add_partitions
from lianfang.checkpoints.services import erase_expired
from lianfang.command.services import forget_old_failures
from lianfang.custody.carrying_out import sweep_lately
from lianfang.custody.kept import reseal_settled
from lianfang.custody.purging import carry_out_signed, propose_due
from lianfang.journeys.closing_files import close_settled
from lianfang.journeys.observing import order_all, order_when_due
from lianfang.journeys.observing.keeping_up import keep_up
from lianfang.journeys.observing.reminding import remind
from lianfang.journeys.referring import refer_when_due
from lianfang.journeys.rescreening.carrying_on import take_turn
from lianfang.journeys.rescreening.laying import forget_old, lay_when_due
from lianfang.kernel.audit.sealing import seal_all
from lianfang.kernel.reach import Reach, reach
from lianfang.messages.services import send_due
from lianfang.quarantine.services import forget_village_reports
from lianfang.referrals.services import ask_for_supervision
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


def _sign_in_failures(worker: Reach, at: datetime) -> None:
    forget_old_failures(at=datetime.now(UTC))  # sign-in keeps the real clock, in a demo too


def _sealing(worker: Reach, at: datetime) -> None:
    seal_all(worker)


def _kept(worker: Reach, at: datetime) -> None:
    reseal_settled(at=at)
    sweep_lately(at=at)


def _due(worker: Reach, at: datetime) -> None:
    propose_due(at=at)


def _purges(worker: Reach, at: datetime) -> None:
    carry_out_signed(at=at)


def _referrals(worker: Reach, at: datetime) -> None:
    refer_when_due(worker, at=at)


def _orders(worker: Reach, at: datetime) -> None:
    order_when_due(worker, at)


def _all_orders(worker: Reach, at: datetime) -> None:
    order_all(worker, at)


def _supervision(worker: Reach, at: datetime) -> None:
    with reach(worker):
        ask_for_supervision(worker=worker, at=at)


def _reminders(worker: Reach, at: datetime) -> None:
    send_due(worker=worker, at=at)


def _follow_ups(worker: Reach, at: datetime) -> None:
    keep_up(worker, at=at)


def _due_check_ins(worker: Reach, at: datetime) -> None:
    remind(worker, at)


def _files(worker: Reach, at: datetime) -> None:
    close_settled(worker, at=at)


def _facts(worker: Reach, at: datetime) -> None:
    lay_when_due(worker, at=at)


def _old_facts(worker: Reach, at: datetime) -> None:
    forget_old(worker, at=at)


def _rescreening(worker: Reach, at: datetime) -> None:
    take_turn(worker, at=at)


def _villages(worker: Reach, at: datetime) -> None:
    forget_village_reports(worker, at=at)


SCHEDULE = (
    Entry("partitions for the coming months", timedelta(hours=24), _partitions),
    Entry("pairs for the tables", timedelta(seconds=2), _tables),
    Entry("settling whole days of folding", timedelta(minutes=1), _settling),
    Entry("erasing declarations that have expired", timedelta(minutes=10), _declarations),
    Entry("forgetting old failures to sign in", timedelta(hours=1), _sign_in_failures),
    Entry("different people, by document", timedelta(minutes=5), _people),
    Entry("sealing again what outlives its day", timedelta(hours=1), _kept),
    Entry("proposing to destroy what is over", timedelta(hours=1), _due),
    Entry("destroying what was signed", timedelta(seconds=5), _purges),
    Entry("handing over whoever a rule calls for", timedelta(seconds=1), _referrals),
    Entry("ordering quarantine for whoever a rule puts under it", timedelta(seconds=2), _orders),
    Entry("ordering quarantine that was missed while no worker ran", timedelta(hours=24), _all_orders),
    Entry("asking for supervision where nobody went", timedelta(minutes=1), _supervision),
    Entry("asking after those who do not report or are ill", timedelta(seconds=10), _follow_ups),
    Entry("reminding who has not reported", timedelta(minutes=1), _due_check_ins),
    Entry("closing files that nothing needs any more", timedelta(hours=1), _files),
    Entry("laying facts for re-screening", timedelta(seconds=10), _facts),
    Entry("forgetting facts of before sixty days", timedelta(hours=1), _old_facts),
    Entry("forgetting what villages said fourteen days ago", timedelta(hours=1), _villages),
    # Half of the time belongs to whoever stands at a gate.
    Entry("re-screening, a quarter of a second at a time", timedelta(seconds=0.3), _rescreening),
)
# In a thread of its own, since nothing slow may keep it waiting: what was noted stands in a block two seconds later.
PROMPT = (Entry("sealing the audit log into blocks", timedelta(seconds=1), _sealing),)
# In a thread of its own too: another house's server answers when it likes.
OUTWARD = (Entry("sending reminders", timedelta(seconds=5), _reminders),)
