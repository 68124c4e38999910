"""Who sees the outbox: its own area, and PostgreSQL asks the same; only the worker sends."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection

from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden
from lianfang.messages.models import Message, MessageAttempt, Robot
from lianfang.messages.queries import counted, failures, robots
from lianfang.messages.services import write_messages
from lianfang.project import schedule
from tests import factories
from tests.messages.conftest import COUNTY, NOW, TOWNSHIP, Outbox, messages, states

TODAY = day_of(NOW)


def filled(outbox: Outbox) -> None:
    """A robot, a message sent, one whose number is wrong, and somebody to be telephoned."""
    bad = outbox.sms()
    outbox.gateway.bad = {bad.phone: {"code": "BAD_NUMBER", "again": False}}
    outbox.write(outbox.sms(), bad, outbox.sms(phone=""), outbox.to_robot(outbox.robot()))
    outbox.send()


def asked(by: Reach) -> dict[str, Any]:
    with reach(by) as seen:
        return {
            "counted": counted(seen, day=TODAY),
            "failures": failures(seen, day=TODAY),
            "robots": robots(seen, day=TODAY),
        }


def test_its_own_area_sees_it(outbox: Outbox) -> None:
    filled(outbox)
    for officer in (outbox.township, outbox.county):
        found = asked(officer)
        assert found["counted"] == [("ROBOT", "SENT", 1), ("SMS", "GIVEN_UP", 2), ("SMS", "SENT", 1)]
        assert sorted(one.code for one in found["failures"]) == ["BAD_NUMBER", "NO_MOBILE"]
        (line,) = found["robots"]
        assert (line.robot.name, line.added_by, line.last_sent_at) == ("孤山镇防控群", "孤山", NOW)


def test_the_next_county_sees_nothing_of_it(outbox: Outbox) -> None:
    filled(outbox)
    assert not any(asked(outbox.stranger).values())


def test_without_the_permission_nobody_asks(outbox: Outbox) -> None:
    filled(outbox)
    with pytest.raises(Forbidden):
        asked(factories.officer("CHECKPOINT_LEAD", COUNTY))


@pytest.mark.parametrize("model", [Message, MessageAttempt, Robot])
def test_the_database_shows_its_rows_to_their_own_area_only(outbox: Outbox, model: type) -> None:
    filled(outbox)
    with reach(outbox.county):
        assert model.objects.exists()  # type: ignore[attr-defined]
    with reach(outbox.stranger):
        assert not model.objects.exists()  # type: ignore[attr-defined]
    assert not model.objects.exists(), "without a session nobody sees anything"  # type: ignore[attr-defined]


def test_a_desk_writes_to_no_other_area_and_sends_nothing(outbox: Outbox) -> None:
    filled(outbox)
    with reach(outbox.stranger) as by, pytest.raises(ProgrammingError, match="row-level security"):
        write_messages(by=by, at=NOW, messages=[outbox.sms()])
    with reach(outbox.county):
        assert Message.objects.update(state="WAITING", next_at=NOW, sent_at=None, given_up_at=None) == 0
    with reach(outbox.stranger):
        assert Robot.objects.update(quiet_until=NOW) == 0
    assert "WAITING" not in states()


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM message", "UPDATE message SET plain = 'x'", "UPDATE message_attempt SET ok = true", "DELETE FROM robot"],
)  # fmt: skip
def test_history_is_changed_by_nobody(outbox: Outbox, statement: str) -> None:
    with reach(outbox.worker), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="denied"):
        cursor.execute(statement)


def test_the_clock_sends_by_itself_and_keeps_nothing_else_waiting(outbox: Outbox) -> None:
    (entry,) = schedule.OUTWARD
    assert entry.every.total_seconds() == 5
    outbox.write(outbox.sms())
    entry.act(outbox.worker, NOW)
    assert [one.state for one in messages()] == ["SENT"]
    assert len(outbox.gateway.delivered) == 1


def test_a_list_of_many_costs_as_many_questions_as_one(
    outbox: Outbox, django_assert_max_num_queries: Any
) -> None:
    filled(outbox)
    outbox.write(*(outbox.sms(phone="") for _ in range(30)))
    outbox.robot("second", division=TOWNSHIP)
    with django_assert_max_num_queries(16):
        found = asked(outbox.county)
    assert len(found["failures"]) == 32


def test_a_thousand_are_written_in_as_many_statements_as_one(
    outbox: Outbox, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(7):
        assert outbox.write(*(outbox.sms() for _ in range(1_000))) == 1_000
