"""Whatever the intake accepted the fold counts, and the recount of the raw records agrees in every cell."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.command.services import worker_session
from lianfang.doors.shapes import Board
from lianfang.situation.fold import catch_up
from lianfang.situation.recount import recount
from tests.doors.desk import City
from tests.doors.parcels import corrections, of_type, passages

budget = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip


@budget
@given(
    passage=passages(),
    first=corrections(of=of_type(str)),
    second=corrections(of=of_type(str)),
    early=st.booleans(),
)
def test_any_passage_and_its_corrections_are_counted_exactly_in_whatever_order_they_come(
    city: City, passage: dict[str, Any], first: dict[str, Any], second: dict[str, Any], early: bool
) -> None:
    worker = worker_session()
    people = passage.get("people") or []
    of = [passage["id"], people[0]["id"] if people else passage["id"]]
    records = [passage, {**first, "of": of[0]}, {**second, "of": of[1]}]
    for record in reversed(records) if early else records:
        city.intake.send(city.generated.parcel(record))
        catch_up(worker)
    found = recount(worker)
    assert found.differences == []
    answer = city.headquarters.get("/api/v1/board")
    msgspec.json.decode(answer.content, type=Board)
