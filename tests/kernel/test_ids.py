from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.ids import derived, floor_of, millis_of, uuid7
from lianfang.machine.postgres import Database

moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive


@given(moments)
def test_an_id_is_a_uuid_of_version_7_and_carries_its_moment_in_milliseconds(at: datetime) -> None:
    made = uuid7(at=at)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    carried = millis_of(made)
    assert carried is not None
    assert 0 <= at.timestamp() * 1000 - carried < 1.001  # a float of today's size holds microseconds


def test_without_a_moment_an_id_carries_now() -> None:
    before = datetime.now(UTC)
    carried = millis_of(uuid7())
    after = datetime.now(UTC)
    assert carried is not None
    assert int(before.timestamp() * 1000) <= carried <= int(after.timestamp() * 1000)


@given(moments, st.integers(1, 10**9))
def test_a_later_id_sorts_after_an_earlier_one(at: datetime, later: int) -> None:
    assert uuid7(at=at) < uuid7(at=at + timedelta(milliseconds=later))


def test_ids_of_the_same_millisecond_differ() -> None:
    at = datetime(2020, 2, 13, tzinfo=UTC)
    assert len({uuid7(at=at) for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    "other",
    [
        UUID(int=0),
        uuid4(),
        UUID("c232ab00-9414-11ec-b3c8-9f6bdeced846"),  # version 1
        UUID("017f22e2-79b0-7cc3-18c4-dc0c0c07398f"),  # version 7 in the digits, another variant
    ],
)
def test_an_id_of_another_kind_carries_no_moment(other: UUID) -> None:
    assert millis_of(other) is None


def test_the_example_of_the_standard_is_read_as_the_standard_says() -> None:
    """RFC 9562, appendix A.6."""
    assert millis_of(UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")) == 0x017F22E279B0


@given(moments)
def test_the_floor_of_a_moment_lies_before_its_ids_and_after_those_of_the_millisecond_before(
    at: datetime,
) -> None:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    floor = floor_of(at)
    assert floor <= uuid7(at=at)
    assert uuid7(at=at - timedelta(milliseconds=2)) < floor


def test_the_floor_is_the_same_moment_in_every_time_zone() -> None:
    assert floor_of(datetime(2020, 2, 1, 8, tzinfo=SHANGHAI)) == floor_of(datetime(2020, 2, 1, tzinfo=UTC))


def test_the_database_draws_the_same_line_between_two_months(clean: Database) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_floor_uuid('2026-03-01')")
        assert cursor.fetchone()[0] == floor_of(datetime(2026, 3, 1, tzinfo=UTC))


@given(moments, st.integers(0, 2**32 - 1))
def test_what_belongs_to_a_record_keeps_its_moment_and_its_id(at: datetime, number: int) -> None:
    record = uuid7(at=at)
    own = derived(record, number)
    assert own == derived(record, number)
    assert own not in (record, derived(record, (number + 1) % 2**32), derived(uuid7(at=at), number))
    assert millis_of(own) == millis_of(record)
