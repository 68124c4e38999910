"""Whatever the intake accepted the desk can list, open and offer for correction: one odd record closes no page."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.doors.desk import City
from tests.doors.parcels import corrections, of_type, passages
from tests.doors.test_anything import minimal

budget = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip


def pages_of(passage: dict[str, Any]) -> list[str]:
    """The list, the file, and the form of every part of it that can be corrected."""
    file = f"/desk/passages/{passage['id']}"
    forms = [f"{file}/people/{person['id']}/correct" for person in passage.get("people") or []]
    return ["/desk", "/desk/passages", file, f"{file}/correct", *forms]


def check_pages(city: City, passage: dict[str, Any]) -> None:
    for path in pages_of(passage):
        answer = city.headquarters.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"


@budget
@given(passage=passages())
def test_any_passage_that_was_accepted_can_be_listed_opened_and_corrected(
    city: City, passage: dict[str, Any]
) -> None:
    city.intake.send(city.generated.parcel(passage))
    check_pages(city, passage)


@budget
@given(correction=corrections(of=of_type(str)))
def test_any_correction_that_was_accepted_leaves_its_record_readable(
    city: City, correction: dict[str, Any]
) -> None:
    passage = city.generated.passage(people=1)
    about_person = set(correction["fields"]) & set(passage["people"][0])
    of = passage["people"][0]["id"] if about_person else passage["id"]
    city.intake.send(city.generated.parcel(passage, {**correction, "of": of}))
    check_pages(city, passage)


@pytest.mark.parametrize(
    "occurred_at", ["0001-01-01T00:00:01Z", "1970-01-01T00:00:00+08:00", "9999-12-31T15:59:59Z"]
)
def test_a_record_of_any_moment_that_is_accepted_can_be_shown(city: City, occurred_at: str) -> None:
    passage = minimal(occurred_at=occurred_at)
    city.intake.send(city.generated.parcel(passage))
    check_pages(city, passage)
    assert city.headquarters.get("/api/v1/board").status_code == 200
