"""Group robots: short messages about nobody, at most twenty a minute whoever sends them."""

import itertools
import threading

import pytest
from django.db import connection

from lianfang.command.services import worker_session
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.messages.channels import Outgoing
from lianfang.messages.channels.wecom import WeCom
from lianfang.messages.models import Message, Robot
from lianfang.messages.queries import serving
from lianfang.messages.rules import MARKDOWN_BYTES, TEXT_BYTES, names_somebody, parts
from lianfang.messages.services import SendingRound, add_robot, ask_test, retire_robot, send_due
from tests.factories import Generated
from tests.messages.conftest import (
    MINUTE,
    NOW,
    SECRET_KEY,
    TOWNSHIP,
    VILLAGE,
    Outbox,
    a_minute_later,
    codes,
    messages,
    states,
)
from tests.noted import noted

LINE = "大孤山村民委员会：未报告 12 人，已电话 3 人"


def test_a_group_is_told(outbox: Outbox) -> None:
    robot = outbox.robot()
    outbox.write(
        outbox.to_robot(robot, "今天 3 人未报告体温。"), outbox.to_robot(robot, "**3** 人", markdown=True)
    )
    assert outbox.send() == SendingRound(2, 0, 0)
    assert sorted(outbox.robots.said, key=str) == [
        {"msgtype": "markdown", "markdown": {"content": "**3** 人"}},
        {"msgtype": "text", "text": {"content": "今天 3 人未报告体温。"}},
    ]


@pytest.mark.parametrize(("markdown", "limit"), [(False, TEXT_BYTES), (True, MARKDOWN_BYTES)])
def test_the_limit_counts_bytes_of_chinese_and_what_is_longer_is_split_at_line_ends(
    outbox: Outbox, markdown: bool, limit: int
) -> None:
    text = "\n".join(f"{n:03d} {LINE}" for n in range(200))
    assert len(text.encode()) > 2 * limit
    outbox.write(outbox.to_robot(outbox.robot(), text, markdown=markdown))
    outbox.send()
    pieces = outbox.robots.texts(SECRET_KEY)
    assert outbox.robots.refused == []
    assert "\n".join(pieces) == text, "in order, and nothing lost"
    assert all(len(piece.encode()) <= limit for piece in pieces)
    assert all(len(f"{one}\n{two}".encode()) > limit - 100 for one, two in itertools.pairwise(pieces))
    assert set(states()) == {"SENT"}


@pytest.mark.parametrize("limit", [TEXT_BYTES, MARKDOWN_BYTES])
@pytest.mark.parametrize("letter", ["a", "é", "防", "𠮷"])
def test_a_line_that_fits_nowhere_is_cut_between_two_characters(letter: str, limit: int) -> None:
    exact = limit // len(letter.encode())
    assert parts(letter * exact, limit) == [letter * exact]
    pieces = parts(f"头\n{letter * (3 * exact + 1)}\n尾", limit)
    assert "".join(pieces).replace("\n", "") == f"头{letter * (3 * exact + 1)}尾"
    assert all(len(piece.encode()) <= limit for piece in pieces)


def test_the_robot_itself_refuses_what_is_one_byte_too_long(outbox: Outbox) -> None:
    url = outbox.robots.webhook("k")
    fits, longer = (Outgoing(messages_id, url, text) for messages_id, text in (
        (outbox.robot("a"), "a" * TEXT_BYTES), (outbox.robot("b"), "a" * (TEXT_BYTES + 1))))  # fmt: skip
    assert [one.code for one in WeCom().send([fits, longer])] == ["OK", "TOO_LONG"]
    assert outbox.robots.refused == [], "it never left the house"


def test_written_again_with_a_longer_text_it_gains_no_part(outbox: Outbox) -> None:
    draft = outbox.to_robot(outbox.robot(), "短")
    assert outbox.write(draft) == 1
    longer = outbox.to_robot(draft.robot_id, f"{LINE}\n" * 100, subject_id=draft.subject_id)  # type: ignore[arg-type]
    assert outbox.write(longer) == 0


def test_twenty_a_minute_and_the_rest_in_the_next(outbox: Outbox) -> None:
    robot, other = outbox.robot(), outbox.robot("other")
    outbox.write(*(outbox.to_robot(robot, f"第 {n} 条") for n in range(45)), outbox.to_robot(other))
    assert outbox.send() == SendingRound(21, 0, 0), "another robot has a minute of its own"
    assert outbox.send() == SendingRound(0, 0, 0)
    for expected in (20, 5):
        a_minute_later(robot)
        outbox.robots.taken[SECRET_KEY] = [(at - 61, text) for at, text in outbox.robots.taken[SECRET_KEY]]
        assert outbox.send(MINUTE) == SendingRound(expected, 0, 0)
    assert outbox.robots.refused == []
    assert len(set(outbox.robots.texts(SECRET_KEY))) == 45


def test_two_senders_together_send_twenty_a_minute(outbox: Outbox) -> None:
    robot = outbox.robot()
    outbox.write(*(outbox.to_robot(robot, f"第 {n} 条") for n in range(60)))

    def sender() -> None:
        try:
            for _ in range(3):
                send_due(worker=worker_session(), at=NOW, ways=outbox.ways)
        finally:
            connection.close()

    threads = [threading.Thread(target=sender) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outbox.robots.texts(SECRET_KEY)) == 20
    assert outbox.robots.refused == []
    assert states().count("SENT") == 20


def test_told_that_it_is_too_many_the_robot_waits_and_no_try_is_spent(outbox: Outbox) -> None:
    robot = outbox.robot()
    outbox.robots.taken[SECRET_KEY] = [
        (10**9, "别人发的")
    ] * 20  # somebody else writes through the same webhook
    outbox.write(outbox.to_robot(robot), outbox.to_robot(robot))
    assert outbox.send() == SendingRound(0, 1, 0)
    assert outbox.robots.refused == [45009]
    assert outbox.send() == SendingRound(0, 0, 0), "what else it has waits as well"
    assert codes() == ["ERRCODE_45009"]
    assert {one.attempts for one in messages()} == {0}
    outbox.robots.taken.clear()
    a_minute_later(robot)
    assert outbox.send(MINUTE) == SendingRound(2, 0, 0)


def test_a_robot_that_is_down_keeps_no_other_waiting(outbox: Outbox) -> None:
    robot = outbox.robot()
    outbox.write(*(outbox.to_robot(robot) for _ in range(3)))
    outbox.robots.down = True
    assert outbox.send() == SendingRound(0, 1, 0)
    outbox.robots.down = False
    other = outbox.robot("other")
    outbox.write(outbox.to_robot(other))
    assert outbox.send() == SendingRound(1, 0, 0)
    a_minute_later(robot)
    assert outbox.send(MINUTE) == SendingRound(3, 0, 0)


def test_a_group_is_told_no_number_of_anybody(outbox: Outbox) -> None:
    robot, somebody = outbox.robot(), Generated(5)
    for text in (f"请联系 {somebody.phone()}", f"{somebody.resident_id()} 未报告"):
        with pytest.raises(Refusal, match="ROBOT_NAMES_SOMEBODY"):
            outbox.write(outbox.to_robot(robot, text))
    outbox.write(outbox.to_robot(robot))
    Message.objects.using("owner").update(plain=f"请联系 {somebody.phone()}")
    assert outbox.send() == SendingRound(0, 0, 1)
    assert (codes(), outbox.robots.said) == (["PERSONAL"], [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("13900001234", True),
        ("电话：139 0000 1234。", True),
        ("+86 139-0000-1234", True),
        ("0086 13900001234", True),
        ("１３９００００１２３４", True),
        ("21038119850101201X 未报", True),
        ("21038119850101201x", True),
        ("2103 8119 8501 0120 12", True),
        ("210381850101201", True),
        ("孤山镇 210381101 未报告 12 人，应报 1390 人", False),
        ("210381101200 大孤山村 3 人", False),
        ("2020-02-20 08:30 已发 20 条", False),
        ("指挥部 0412-3456789", False),
        ("1390000\n1234", False),
    ],
)
def test_what_counts_as_naming_somebody(text: str, names: bool) -> None:
    assert names_somebody(text) == names


class TestKeepingThem:
    def test_the_webhook_is_sealed_and_in_no_log(
        self, outbox: Outbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        robot = outbox.robot()
        with reach(outbox.township) as by:
            ask_test(by=by, at=NOW, id=robot, text="联防测试消息")
        outbox.robots.down = True
        assert outbox.send() == SendingRound(0, 1, 0)
        row = Robot.objects.using("owner").get()
        assert SECRET_KEY.encode() not in bytes(row.webhook or b"")
        assert SECRET_KEY not in repr(noted()) + caplog.text
        assert [entry.act for entry in noted("ROBOT_ADDED", "ROBOT_TESTED")] == [
            "ROBOT_ADDED",
            "ROBOT_TESTED",
        ]

    def test_every_test_message_is_sent(self, outbox: Outbox) -> None:
        robot = outbox.robot()
        for _ in range(2):
            with reach(outbox.township) as by:
                ask_test(by=by, at=NOW, id=robot, text="联防测试消息")
        assert outbox.send() == SendingRound(2, 0, 0)

    def test_retired_it_has_no_secret_and_says_nothing(self, outbox: Outbox) -> None:
        robot = outbox.robot()
        outbox.write(outbox.to_robot(robot))
        for _ in range(2):
            with reach(outbox.township) as by:
                retire_robot(by=by, at=NOW, id=robot)
        assert Robot.objects.using("owner").get().webhook is None
        assert len(noted("ROBOT_RETIRED")) == 1
        outbox.send()
        assert (states(), codes(), outbox.robots.said) == (["GIVEN_UP"], ["ROBOT_RETIRED"], [])
        with reach(outbox.township) as by, pytest.raises(Refusal, match="ROBOT_RETIRED"):
            ask_test(by=by, at=NOW, id=robot, text="联防测试消息")
        with reach(outbox.worker):
            assert serving(worker=outbox.worker) == []

    @pytest.mark.parametrize(
        "webhook",
        [
            "https://example.cn/cgi-bin/webhook/send?key=x",
            "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
            "https://qyapi.weixin.qq.com.example.cn/send?key=x",
            "https://qyapi.weixin.qq.com@example.cn/send?key=x",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
            "http://localhost:5432/?key=x",
            f"https://qyapi.weixin.qq.com/?key={'x' * 400}",
            "",
        ],
    )
    def test_only_a_group_robots_webhook_is_taken(self, outbox: Outbox, webhook: str) -> None:
        with reach(outbox.township) as by, pytest.raises(Refusal, match="WEBHOOK"):
            add_robot(by=by, at=NOW, division=TOWNSHIP, name="群", webhook=webhook)

    def test_a_robot_is_added_for_ones_own_area_only(self, outbox: Outbox) -> None:
        for officer, division in ((outbox.township, "210381"), (outbox.stranger, TOWNSHIP)):
            with reach(officer) as by, pytest.raises(Forbidden):
                add_robot(by=by, at=NOW, division=division, name="群", webhook=outbox.robots.webhook("k"))
        assert outbox.robot(division=VILLAGE)
        with reach(outbox.worker):
            assert [one.division for one in serving(worker=outbox.worker)] == [VILLAGE]

    def test_the_next_county_neither_tests_nor_retires_it(self, outbox: Outbox) -> None:
        robot = outbox.robot()
        with reach(outbox.stranger) as by:
            with pytest.raises(NotFound):
                ask_test(by=by, at=NOW, id=robot, text="x")
            with pytest.raises(NotFound):
                retire_robot(by=by, at=NOW, id=robot)
