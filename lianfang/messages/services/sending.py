"""One round of sending: what is due goes out, a batch at a time, for a while. Only the worker does it."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach, reach
from lianfang.messages.channels import Result, Way
from lianfang.messages.channels.gateway import gateway
from lianfang.messages.channels.wecom import WeCom
from lianfang.messages.services import claiming
from lianfang.messages.services.claiming import Claimed

TURN = 10.0  # seconds after which no further batch is taken in hand


@dataclass(frozen=True, slots=True)
class Ways:
    """How messages leave: as the settings say, unless a test says otherwise."""

    sms: Way = field(default_factory=gateway)
    robot: Way = field(default_factory=WeCom)


@dataclass(frozen=True, slots=True)
class SendingRound:
    """What a round came to: states of what it had in hand."""

    sent: int
    failed: int
    given_up: int


def send_due(*, worker: Reach, at: datetime, ways: Ways | None = None) -> SendingRound:
    """Repeated and by several at once it sends nothing twice, except what was in the hands of a sender that died."""
    ways = ways or Ways()
    until = time.monotonic() + TURN
    states: Counter[str] = Counter()
    with reach(worker):
        claiming.settle(at)
    while time.monotonic() < until and _sms(worker, at, ways.sms, states):
        continue
    while time.monotonic() < until and _robot(worker, at, ways.robot, states):
        continue
    return SendingRound(states["SENT"], states["FAILED"], states["GIVEN_UP"])


def _sms(worker: Reach, at: datetime, way: Way, states: Counter[str]) -> bool:
    """One request; whether there may be more to send. Where the whole gateway is down, the rest waits for the next round."""
    with reach(worker):
        claimed = claiming.claim_sms(at)
    if not claimed:
        return False
    results = _told(claimed, way)
    _record(worker, "SMS", claimed, results, at, states)
    return not any(result.down for result in results)


def _robot(worker: Reach, at: datetime, way: Way, states: Counter[str]) -> bool:
    """One message of one robot. A robot that does not answer, or says that it is too many, is left alone for a minute."""
    try:
        with reach(worker):
            found = claiming.claim_of_robot(at)
    except claiming.Overtaken:
        return True
    if found is None:
        return False
    robot, claimed = found
    results = _told([claimed], way)
    _record(worker, "ROBOT", [claimed], results, at, states)
    if any(result.down or result.too_many for result in results):
        with reach(worker):
            claiming.keep_quiet(robot)
    return True


def _told(claimed: Sequence[Claimed], way: Way) -> list[Result]:
    """One result for each, whatever the way answers; what cannot be opened is told to nobody."""
    going = [one.outgoing for one in claimed if one.outgoing is not None]
    answered = {result.id: result for result in (way.send(going) if going else ())}
    return [_result(one, answered.get(one.id)) for one in claimed]


def _result(one: Claimed, answered: Result | None) -> Result:
    if one.outgoing is None:
        return Result(one.id, False, "UNREADABLE", again=False)
    return answered or Result(one.id, False, "UNANSWERED")


def _record(
    worker: Reach,
    channel: str,
    claimed: Sequence[Claimed],
    results: Sequence[Result],
    at: datetime,
    states: Counter[str],
) -> None:
    with reach(worker):
        became = claiming.record(claimed, results, at)
        note(
            Act.MESSAGES_SENT, by=worker, subject="MESSAGE", count=became.get("SENT", 0),
            details={"channel": channel, "failed": len(results) - became.get("SENT", 0)},
        )  # fmt: skip
    states.update(became)
