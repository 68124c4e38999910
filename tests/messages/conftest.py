"""A small city with an outbox, a gateway and robots of other houses, and the next county."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lianfang.command.services import worker_session
from lianfang.kernel.days import SHANGHAI, day_of
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.postgres import Database
from lianfang.messages.channels.gateway import Gateway as SmsGateway
from lianfang.messages.channels.wecom import WeCom
from lianfang.messages.models import Message, MessageAttempt, Robot
from lianfang.messages.rules import Channel
from lianfang.messages.services import MessageDraft, SendingRound, Ways, add_robot, send_due, write_messages
from tests import factories
from tests.messages.gateways import Gateway, Robots, serving

NOW = datetime(2020, 2, 20, 8, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
VILLAGE, TOWNSHIP, COUNTY, NEXT_COUNTY = "210381101200", "210381101", "210381", "210323"
HERE = span(VILLAGE)[0]
SECRET_KEY = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"


@dataclass
class Outbox:
    gateway: Gateway
    robots: Robots
    ways: Ways
    worker: Reach
    township: Reach
    county: Reach
    stranger: Reach
    numbers: int = field(default=0)

    def sms(self, **changes: Any) -> MessageDraft:
        self.numbers += 1
        given: dict[str, Any] = {
            "channel": Channel.SMS, "subject_kind": "QUARANTINE", "subject_id": uuid7(at=NOW), "jurisdiction": HERE,
            "purpose": "CHECK_IN_DUE", "on_day": day_of(NOW), "half": "MORNING", "phone": f"1390000{self.numbers:04d}",
            "text": "您今天上午还没有报告体温，请尽快填报。",
        }  # fmt: skip
        return MessageDraft(**given | changes)

    def to_robot(
        self, robot: UUID, text: str = "孤山镇：今天 3 人未报告体温。", **changes: Any
    ) -> MessageDraft:
        return self.sms(channel=Channel.ROBOT, robot_id=robot, text=text, phone="", **changes)

    def write(self, *drafts: MessageDraft, at: datetime = NOW) -> int:
        with reach(self.worker) as worker:
            return write_messages(by=worker, at=at, messages=drafts)

    def robot(self, key: str = SECRET_KEY, *, division: str = TOWNSHIP) -> UUID:
        with reach(self.township) as by:
            added = add_robot(
                by=by, at=NOW, division=division, name="孤山镇防控群", webhook=self.robots.webhook(key)
            )
        return added.id

    def send(self, after: timedelta = timedelta(), *, ways: Ways | None = None) -> SendingRound:
        return send_due(worker=self.worker, at=NOW + after, ways=ways or self.ways)


def messages() -> list[Message]:
    return list(Message.objects.using("owner").order_by("written_at", "id"))


def states() -> list[str]:
    return [one.state for one in messages()]


def codes() -> list[str]:
    """Of every try, the oldest first."""
    return list(MessageAttempt.objects.using("owner").order_by("at", "id").values_list("code", flat=True))


def a_minute_later(robot: UUID) -> None:
    """For its robot more than a minute has passed, by the database's clock."""
    row = Robot.objects.using("owner").get(pk=robot)
    row.sends = [at - 2 * MINUTE for at in row.sends]
    row.quiet_until = None
    row.save(using="owner", update_fields=["sends", "quiet_until"])


@pytest.fixture
def outbox(clean: Database, settings: Any, tmp_path: Path) -> Iterator[Outbox]:
    settings.ROBOT_HOSTS = {"qyapi.weixin.qq.com", "127.0.0.1"}
    gateway, robots = Gateway(), Robots()
    token = tmp_path / "token"
    token.write_text(f"{gateway.token}\n")
    with serving(gateway), serving(robots):
        settings.SMS_URL, settings.SMS_TOKEN_FILE = gateway.url, token
        ways = Ways(SmsGateway(gateway.url, token, timeout=0.5), WeCom(timeout=0.5))
        yield Outbox(
            gateway,
            robots,
            ways,
            worker_session(),
            factories.officer("TOWNSHIP_DESK", TOWNSHIP, name="孤山"),
            factories.officer("COUNTY_DESK", COUNTY, name="海城"),
            factories.officer("COUNTY_DESK", NEXT_COUNTY, name="岫岩"),
        )
