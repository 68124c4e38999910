"""What names an hour is told to nobody after it, and what nobody needs any more is taken back before it leaves."""

from datetime import timedelta

import pytest

from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.messages.queries import counted, failures
from lianfang.messages.services import SendingRound, claiming, overtake
from tests.messages.conftest import MINUTE, NOW, Outbox, codes, messages, states

TEN = NOW + timedelta(hours=2)


def test_after_a_long_silence_of_the_gateway_nobody_is_told_of_an_hour_that_is_over(outbox: Outbox) -> None:
    outbox.write(*(outbox.sms(until_at=TEN) for _ in range(150)), outbox.sms())
    assert outbox.send(timedelta(hours=3)) == SendingRound(1, 0, 0)
    assert sorted(states()) == ["GIVEN_UP"] * 150 + ["SENT"]
    assert sorted(set(codes())) == ["OK", "TOO_LATE"]
    assert [len(said["messages"]) for said in outbox.gateway.requests] == [1]


def test_until_then_it_goes_out_and_a_try_that_comes_too_late_is_none(outbox: Outbox) -> None:
    outbox.write(outbox.sms(until_at=TEN), outbox.sms(until_at=TEN - 2 * MINUTE))
    outbox.gateway.ill = 500
    outbox.send(timedelta(hours=2) - 3 * MINUTE)
    outbox.gateway.ill = None
    assert outbox.send(timedelta(hours=2) - MINUTE) == SendingRound(1, 0, 0)
    assert sorted(states()) == ["GIVEN_UP", "SENT"]


def test_a_sender_takes_nothing_in_hand_whose_hour_came_after_it_looked(outbox: Outbox) -> None:
    outbox.write(outbox.sms(until_at=TEN), outbox.to_robot(outbox.robot(), until_at=TEN))
    with reach(outbox.worker):
        assert claiming.claim_sms(TEN) == []
        assert claiming.claim_of_robot(TEN) is None
        assert len(claiming.claim_sms(TEN - MINUTE)) == 1
        assert claiming.claim_of_robot(TEN - MINUTE) is not None


def test_a_group_is_told_nothing_of_an_hour_that_is_over(outbox: Outbox) -> None:
    outbox.write(outbox.to_robot(outbox.robot(), until_at=TEN))
    assert outbox.send(timedelta(hours=2)) == SendingRound(0, 0, 0)
    assert (states(), codes()) == (["GIVEN_UP"], ["TOO_LATE"])


def test_what_is_taken_back_is_not_sent_and_is_no_failure(outbox: Outbox) -> None:
    outbox.write(*(outbox.sms() for _ in range(3)))
    first, second, third = messages()
    with reach(outbox.worker) as worker:
        assert overtake(by=worker, at=NOW, messages=[first.id, second.id]) == 2
        assert overtake(by=worker, at=NOW, messages=[first.id, second.id]) == 0
    assert outbox.send() == SendingRound(1, 0, 0)
    assert {one.id: one.state for one in messages()} == {
        first.id: "OVERTAKEN", second.id: "OVERTAKEN", third.id: "SENT",
    }  # fmt: skip
    assert sorted(codes()) == ["OK", "OVERTAKEN", "OVERTAKEN"]
    with reach(outbox.county) as by:
        assert failures(by, day=day_of(NOW)) == []
        assert counted(by, day=day_of(NOW)) == [("SMS", "OVERTAKEN", 2), ("SMS", "SENT", 1)]
    noted = AuditEntry.objects.using("owner").filter(act="MESSAGES_OVERTAKEN")
    assert [one.count for one in noted] == [2]


def test_what_left_or_is_in_somebodys_hands_is_not_taken_back(outbox: Outbox) -> None:
    outbox.write(outbox.sms())
    outbox.send()
    outbox.write(outbox.sms(), at=NOW + MINUTE)
    with reach(outbox.worker):
        assert len(claiming.claim_sms(NOW + MINUTE)) == 1
    with reach(outbox.worker) as worker:
        assert overtake(by=worker, at=NOW + MINUTE, messages=[one.id for one in messages()]) == 0
    assert states() == ["SENT", "WAITING"]


@pytest.mark.parametrize("desk", ["county", "stranger"])
def test_a_desk_takes_nothing_back(outbox: Outbox, desk: str) -> None:
    outbox.write(outbox.sms())
    with reach(getattr(outbox, desk)) as by:
        assert overtake(by=by, at=NOW, messages=[one.id for one in messages()]) == 0
    assert states() == ["WAITING"]
