"""SMS: sent once, tried again, and in the end somebody telephones."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from lianfang.command.services import worker_session
from lianfang.kernel.phones import MOBILE, read
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.messages.channels import Outgoing, Result
from lianfang.messages.channels.gateway import Gateway as SmsGateway
from lianfang.messages.channels.posting import may_be_posted_to, post
from lianfang.messages.models import Message
from lianfang.messages.rules import LEASE, Channel
from lianfang.messages.services import SendingRound, Ways, claiming, send_due
from lianfang.messages.services.writing import opened
from tests.messages.conftest import MINUTE, NOW, Outbox, codes, messages, states

DAY = timedelta(days=1)


def test_it_is_sent_once_and_the_history_says_so(outbox: Outbox) -> None:
    draft = outbox.sms()
    assert outbox.write(draft) == 1
    assert [outbox.send(), outbox.send()] == [SendingRound(1, 0, 0), SendingRound(0, 0, 0)]
    (one,) = messages()
    assert outbox.gateway.delivered == [(str(one.id), draft.phone, draft.text)]
    assert (one.state, one.attempts, one.sent_at) == ("SENT", 1, NOW)
    assert codes() == ["OK"]


def test_reminding_again_for_the_same_half_day_writes_nothing(outbox: Outbox) -> None:
    draft = outbox.sms()
    later = outbox.sms(subject_id=draft.subject_id, half="EVENING")
    assert [outbox.write(draft, draft), outbox.write(draft), outbox.write(draft, later)] == [1, 0, 1]
    whole_day = outbox.sms(half=None)
    assert [outbox.write(whole_day), outbox.write(whole_day)] == [1, 0]


def test_a_hundred_numbers_go_in_one_request_and_no_more(outbox: Outbox) -> None:
    outbox.write(*(outbox.sms() for _ in range(230)))
    assert outbox.send() == SendingRound(230, 0, 0)
    assert [len(said["messages"]) for said in outbox.gateway.requests] == [100, 100, 30]


def test_the_gateway_itself_refuses_more_than_a_hundred(outbox: Outbox) -> None:
    many = [{"id": str(n), "phone": "13900000000", "text": "x"} for n in range(101)]
    assert post(outbox.gateway.url, {"messages": many}, token=outbox.gateway.token).status == 413


@pytest.mark.parametrize(("ill", "code"), [(429, "HTTP_429"), (500, "HTTP_500"), ("HANGS", "TIMEOUT"), ("DRIPS", "TIMEOUT"), ("NONSENSE", "UNANSWERED")])  # fmt: skip
def test_it_is_tried_again_after_one_five_and_fifteen_minutes_and_then_somebody_telephones(
    outbox: Outbox, ill: int | str, code: str
) -> None:
    draft = outbox.sms()
    outbox.write(draft)
    outbox.gateway.ill = ill
    tried = []
    for minute in range(25):
        before = len(outbox.gateway.requests)
        outbox.send(minute * MINUTE)
        tried += [minute] * (len(outbox.gateway.requests) - before)
    assert tried == [0, 1, 6, 21]
    assert states() == ["GIVEN_UP"]
    assert codes() == [code] * 4
    (one,) = messages()
    assert (one.subject_id, one.purpose, one.given_up_at) == (
        draft.subject_id,
        "CHECK_IN_DUE",
        NOW + 21 * MINUTE,
    )


def test_a_gateway_that_hangs_keeps_nobody_longer_than_the_time_it_has(outbox: Outbox) -> None:
    outbox.write(*(outbox.sms() for _ in range(250)))
    outbox.gateway.ill = "HANGS"
    begun = time.monotonic()
    assert outbox.send() == SendingRound(0, 100, 0)
    assert time.monotonic() - begun < 3
    assert len(outbox.gateway.requests) == 1, "the rest waits for the next round"
    outbox.gateway.ill = None
    assert outbox.send(MINUTE) == SendingRound(250, 0, 0)


def test_no_redirect_is_followed(outbox: Outbox) -> None:
    outbox.write(outbox.sms())
    outbox.gateway.ill = 302
    assert outbox.send() == SendingRound(0, 0, 1)
    assert codes() == ["HTTP_302"]
    assert len(outbox.gateway.requests) == 1


def test_each_number_has_its_own_result(outbox: Outbox) -> None:
    good, bad, busy, silent = (outbox.sms() for _ in range(4))
    outbox.gateway.bad = {
        bad.phone: {"code": "BAD_NUMBER", "again": False},
        busy.phone: {"code": f"号码 {busy.phone} 忙"},
    }
    outbox.gateway.silent = {silent.phone}
    outbox.write(good, bad, busy, silent)
    assert outbox.send() == SendingRound(1, 2, 1)
    assert sorted(codes()) == ["BAD_NUMBER", "OK", "REFUSED", "UNANSWERED"]
    outbox.gateway.bad, outbox.gateway.silent = {}, set()
    assert outbox.send(MINUTE) == SendingRound(2, 0, 0)


def test_without_a_mobile_number_somebody_telephones_at_once(outbox: Outbox) -> None:
    assert read("04123456789").kind != MOBILE
    outbox.write(outbox.sms(phone="04123456789"), outbox.sms(phone=""), outbox.sms(phone="不详"))
    assert states() == ["GIVEN_UP"] * 3
    assert codes() == ["NO_MOBILE"] * 3
    assert outbox.send() == SendingRound(0, 0, 0)


def test_the_call_list_is_sent_to_nobody(outbox: Outbox) -> None:
    draft = outbox.sms(channel=Channel.CALL_LIST, phone="", text="")
    outbox.write(draft)
    assert outbox.send() == SendingRound(0, 0, 0)
    assert [(one.subject_id, one.state, one.given_up_at) for one in messages()] == [
        (draft.subject_id, "GIVEN_UP", NOW)
    ]
    assert outbox.gateway.requests == []


def test_without_a_gateway_everybody_is_telephoned(outbox: Outbox, settings: Any) -> None:
    settings.SMS_URL = ""
    outbox.write(outbox.sms(), outbox.sms())
    assert outbox.send(ways=Ways()) == SendingRound(0, 0, 2)
    assert codes() == ["NO_GATEWAY"] * 2


def test_the_settings_gateway_is_asked_with_the_token_of_the_file(outbox: Outbox) -> None:
    outbox.write(outbox.sms())
    assert outbox.send(ways=Ways()) == SendingRound(1, 0, 0)


def test_a_wrong_token_is_seen_in_the_history(outbox: Outbox) -> None:
    outbox.gateway.token = "another"
    outbox.write(outbox.sms())
    assert outbox.send() == SendingRound(0, 0, 1)
    assert codes() == ["HTTP_401"]


def test_a_reminder_of_yesterday_reminds_nobody(outbox: Outbox) -> None:
    outbox.write(outbox.sms())
    assert outbox.send(DAY) == SendingRound(0, 0, 0)
    assert (states(), codes()) == (["GIVEN_UP"], ["DAY_OVER"])
    assert outbox.gateway.requests == []


class Killed(Exception):
    """The sender dies."""


class Dying:
    """Whoever sends through it dies; `after`: when the message has left the house."""

    def __init__(self, way: SmsGateway | None = None) -> None:
        self.way = way

    def send(self, batch: list[Outgoing]) -> list[Result]:
        if self.way is not None:
            self.way.send(batch)
        raise Killed


@pytest.mark.parametrize("left", [False, True])
def test_a_sender_that_dies_leaves_a_trace_and_the_message_goes_out(outbox: Outbox, left: bool) -> None:
    outbox.write(outbox.sms())
    dying = Ways(Dying(outbox.ways.sms if left else None), outbox.ways.robot)  # type: ignore[arg-type]
    with pytest.raises(Killed):
        outbox.send(ways=dying)
    (one,) = messages()
    assert (one.state, one.attempts, one.claimed_at) == ("WAITING", 1, NOW), "the claim was committed before"
    assert outbox.send(MINUTE) == SendingRound(0, 0, 0), "it may still be in somebody's hands"
    assert outbox.send(LEASE) == SendingRound(1, 0, 0)
    assert codes() == ["LOST", "OK"]
    assert messages()[0].attempts == 2
    ids = [id for id, _, _ in outbox.gateway.delivered]
    assert ids == [str(one.id)] * (2 if left else 1), "at least once; the gateway knows it by its id"


def test_senders_that_die_again_and_again_give_it_up(outbox: Outbox) -> None:
    outbox.write(outbox.sms())
    for turn in range(4):
        with pytest.raises(Killed):
            outbox.send(turn * LEASE, ways=Ways(Dying(), outbox.ways.robot))  # type: ignore[arg-type]
    assert outbox.send(4 * LEASE) == SendingRound(0, 0, 0)
    assert (states(), codes()) == (["GIVEN_UP"], ["LOST"] * 4)


def test_two_senders_send_each_message_once(outbox: Outbox) -> None:
    outbox.write(*(outbox.sms() for _ in range(600)))

    def sender() -> None:
        try:
            send_due(worker=worker_session(), at=NOW, ways=outbox.ways)
        finally:
            connection.close()

    threads = [threading.Thread(target=sender) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [id for id, _, _ in outbox.gateway.delivered]
    assert len(sent) == len(set(sent)) == 600
    assert set(states()) == {"SENT"}
    assert {one.attempts for one in messages()} == {1}


def test_what_it_says_is_sealed_for_this_message_alone(outbox: Outbox) -> None:
    one, other = outbox.sms(), outbox.sms()
    outbox.write(one, other)
    first, second = Message.objects.using("owner").order_by("id")
    told = opened(first.id, first.written_at, first.wrapped_key, first.sealed)
    assert told is not None
    assert told.phone in (one.phone, other.phone)
    assert opened(second.id, first.written_at, first.wrapped_key, first.sealed) is None
    with connection.cursor() as cursor, reach(outbox.worker):
        cursor.execute("SELECT m::text FROM message m")
        rows = " ".join(row for (row,) in cursor.fetchall())
    assert one.phone not in rows
    assert "体温" not in rows


def test_an_sms_says_something_and_not_too_much(outbox: Outbox) -> None:
    for text in ("", "长" * 501):
        with pytest.raises(Refusal, match="SMS_LENGTH"):
            outbox.write(outbox.sms(), outbox.sms(text=text))
    assert messages() == []


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://sms.example.cn/send", True),
        ("http://127.0.0.1:9000/send", True),
        ("http://[::1]:9000/", True),
        ("http://sms.example.cn/send", False),
        ("https://name:word@sms.example.cn/", False),
        ("ftp://127.0.0.1/", False),
        ("https:///send", False),
        ("https://sms.example.cn:port/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_a_gateway_is_on_this_machine_or_behind_tls(url: str, may: bool) -> None:
    assert may_be_posted_to(url) == may
    if not may:
        assert post(url, {}).code == "ADDRESS"


def test_claims_are_of_one_sender(outbox: Outbox) -> None:
    outbox.write(outbox.sms())
    with reach(outbox.worker):
        (claimed,) = claiming.claim_sms(NOW)
    with reach(outbox.worker):
        assert claiming.claim_sms(NOW) == []
    assert claimed.outgoing is not None
    assert claimed.outgoing.to not in repr(claimed)
