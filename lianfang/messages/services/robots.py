"""Group robots: added by pasting the webhook, which is sealed at once and never shown again; tried; retired."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, is_code, span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.messages.channels.posting import may_be_posted_to
from lianfang.messages.models import Robot
from lianfang.messages.rules import Channel
from lianfang.messages.services.writing import MessageDraft, write_messages

LONGEST_NAME, LONGEST_WEBHOOK = 40, 400
TEST = "TEST"


def add_robot(*, by: Reach, at: datetime, division: str, name: str, webhook: str) -> Robot:
    """A robot for a division within the officer's own postings. Inside `reach()`."""
    by.require("KEEP_REMINDERS")
    if not is_code(division):
        raise Refusal("ROBOT_PLACE", "请选择机器人所属的地方。", "Choose whose group it is.")
    by.require_cover(division)
    name, webhook = name.strip(), webhook.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refusal("ROBOT_NAME", "请写机器人的名称。", "Give the robot a name.")
    if not is_webhook(webhook):
        raise Refusal(
            "WEBHOOK",
            "这不是企业微信群机器人的 Webhook 地址。请从群机器人的页面整段复制，再粘贴到这里。",
            "This is not the webhook of a WeCom group robot. Copy all of it from the robot's own page and paste it here.",
        )
    id = uuid7(at=at)
    robot = Robot(
        id=id, division=canonical(division), jurisdiction=span(division)[0], name=name, added_by=by.officer_id, added_at=at,
        webhook=key_folder().staff().seal(webhook.encode(), id.bytes),
    )  # fmt: skip
    robot.save(force_insert=True)
    _note(Act.ROBOT_ADDED, by, robot)
    return robot


def is_webhook(url: str) -> bool:
    """Of a host that the settings name: whoever may add a robot may not have this server write to any other."""
    if len(url) > LONGEST_WEBHOOK or not may_be_posted_to(url):
        return False
    parts = urlsplit(url)
    return parts.hostname in settings.ROBOT_HOSTS and "key=" in parts.query


def ask_test(*, by: Reach, at: datetime, id: UUID, text: str) -> None:
    """A test message, through the outbox like every other. Inside `reach()`."""
    robot = _serving(by, id)
    _note(Act.ROBOT_TESTED, by, robot)
    draft = MessageDraft(
        Channel.ROBOT, TEST, uuid7(at=at), robot.jurisdiction, TEST, day_of(at), robot_id=robot.id, text=text
    )
    write_messages(by=by, at=at, messages=[draft])


def retire_robot(*, by: Reach, at: datetime, id: UUID) -> None:
    """It says nothing from now on, and its webhook is forgotten. Again: nothing changes. Inside `reach()`."""
    by.require("KEEP_REMINDERS")
    robot = _own(by, id)
    if robot.retired_at is not None:
        return
    robot.webhook, robot.retired_by, robot.retired_at = None, by.officer_id, at
    robot.save(update_fields=["webhook", "retired_by", "retired_at"])
    _note(Act.ROBOT_RETIRED, by, robot)


def _serving(by: Reach, id: UUID) -> Robot:
    by.require("KEEP_REMINDERS")
    robot = _own(by, id)
    if robot.retired_at is not None:
        raise Refusal("ROBOT_RETIRED", "这个机器人已停用。", "This robot is retired.", status=409)
    return robot


def _own(by: Reach, id: UUID) -> Robot:
    robot = Robot.objects.filter(pk=id).first()
    if robot is None:
        raise NotFound("ROBOT_UNKNOWN", "辖区内没有这个机器人。", "There is no such robot in your area.")
    by.require_own(robot.jurisdiction)
    return Robot.objects.select_for_update().get(pk=id)


def _note(act: Act, by: Reach, robot: Robot) -> None:
    note(
        act,
        by=by,
        subject=f"ROBOT {robot.id}",
        jurisdiction=robot.jurisdiction,
        details={"division": robot.division},
    )
