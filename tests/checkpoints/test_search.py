"""Exact search by plate, document and phone: through blind indexes, within reach, and never in a log."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints import queries
from lianfang.checkpoints.queries import Page
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from tests.factories import ANSHAN, Generated, Intake, Json

NUMBER = "210727198503152019"


def search(by: Reach, kind: str, value: str, **asked: Any) -> Page:
    with reach(by) as seen:
        return queries.search(seen, kind=kind, value=value, **asked)


def found(by: Reach, kind: str, value: str) -> list[tuple[str, tuple[int, ...]]]:
    """(passage id, places of the persons found) of each line."""
    return [(str(line.id), line.matching) for line in search(by, kind, value).lines]


@pytest.fixture
def car(intake: Intake, generated: Generated) -> Json:
    """A driver and a passenger whose numbers are searched for, among other cars."""
    wanted = generated.person(
        name="王小明", document={"type": "RESIDENT_ID", "number": NUMBER}, phone="13904160001"
    )
    car = generated.passage(people=[generated.person(), wanted], plate="辽C·8A8A8")
    intake.send(generated.parcel(generated.passage(people=2), car, generated.passage(people=2)))
    return car


@pytest.mark.parametrize(
    ("kind", "typed", "matching"),
    [
        ("PLATE", "辽C8A8A8", ()),
        ("PLATE", " 辽c-8a8a8", ()),
        ("DOCUMENT", NUMBER, (2,)),
        ("DOCUMENT", "210727 19850315 2019", (2,)),
        ("PHONE", "13904160001", (2,)),
        ("PHONE", "+86 139-0416-0001", (2,)),
    ],
)
def test_a_number_is_found_however_it_is_typed(
    car: Json, haicheng: Reach, kind: str, typed: str, matching: tuple[int, ...]
) -> None:
    assert found(haicheng, kind, typed) == [(car["id"], matching)]


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("PLATE", "辽C8A8A9"),
        ("DOCUMENT", "210727198503152018"),
        ("PHONE", "13904160002"),
        ("PLATE", "13904160001"),
    ],
)
def test_other_numbers_find_nothing(car: Json, haicheng: Reach, kind: str, typed: str) -> None:
    assert found(haicheng, kind, typed) == []


def test_a_passport_is_found_without_saying_that_it_is_one(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    passage = generated.passage(
        people=[generated.person(document={"type": "PASSPORT", "number": "EA1234567"})]
    )
    intake.send(generated.parcel(passage))
    assert found(haicheng, "DOCUMENT", "ea 1234567") == [(passage["id"], (1,))]


def test_a_record_is_found_by_what_a_correction_brought_and_by_what_it_took_away(
    car: Json, intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    person = car["people"][1]["id"]
    intake.send(
        generated.parcel(
            generated.correction(car["id"], {"plate": "辽C99999"}),
            generated.correction(person, {"phone": "13904160009"}),
            generated.correction(person, {"document": {"type": "PASSPORT", "number": "EB7654321"}}),
        )
    )
    for kind, number, matching in (
        ("PLATE", "辽C99999", ()),
        ("PLATE", "辽C8A8A8", ()),
        ("PHONE", "13904160009", (2,)),
        ("PHONE", "13904160001", (2,)),
        ("DOCUMENT", "EB7654321", (2,)),
        ("DOCUMENT", NUMBER, (2,)),
    ):
        assert found(haicheng, kind, number) == [(car["id"], matching)]
    (line,) = search(haicheng, "PLATE", "辽C8A8A8").lines
    assert line.plate == "辽C99999"


def test_numbers_of_earlier_months_are_found_under_their_own_keys(intake: Intake, haicheng: Reach) -> None:
    earlier = Generated(seed=4, at=datetime.now(UTC) - timedelta(days=45))
    intake.received_at = earlier.at + timedelta(minutes=1)
    passage = earlier.passage(plate="辽C66666")
    intake.send(earlier.parcel(passage))
    now = Generated(seed=5)
    intake.received_at = None
    again = now.passage(plate="辽C66666")
    intake.send(now.parcel(again))
    assert len(key_folder().months()) >= 2
    assert [place for place, _ in found(haicheng, "PLATE", "辽C66666")] == [again["id"], passage["id"]]


def test_many_hits_come_page_by_page_newest_first(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    driver = "13904160007"
    cars = [generated.passage(people=[generated.person(phone=driver)]) for _ in range(5)]
    intake.send(generated.parcel(*cars))
    first = search(haicheng, "PHONE", driver, limit=3)
    second = search(haicheng, "PHONE", driver, limit=3, before=first.next_before)
    assert [len(first.lines), len(second.lines), second.next_before] == [3, 2, None]
    ids = [line.id for line in (*first.lines, *second.lines)]
    assert ids == sorted((UUID(car["id"]) for car in cars), reverse=True)


@pytest.mark.parametrize("plate", ["无牌", "没上牌", "不详"])
def test_cars_without_a_plate_are_not_taken_for_one_another(
    intake: Intake, generated: Generated, haicheng: Reach, plate: str
) -> None:
    intake.send(generated.parcel(generated.passage(plate=plate), generated.passage(plate=plate)))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(plate_index) FROM passage")
        assert cursor.fetchone() == (0,)
    with pytest.raises(Refusal, match="SEARCH_EMPTY"):
        search(haicheng, "PLATE", plate)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [("PLATE", " ", "SEARCH_EMPTY"), ("DOCUMENT", "", "SEARCH_EMPTY"), ("PHONE", "-", "SEARCH_EMPTY"), ("NAME", "王", "SEARCH_KIND")],
)  # fmt: skip
def test_a_search_for_nothing_is_refused(haicheng: Reach, kind: str, value: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        search(haicheng, kind, value)
    assert refused.value.code == code
    assert refused.value.zh


def test_searching_needs_the_permission(officer: Callable[..., Reach]) -> None:
    for role, division in (("TOWNSHIP_DESK", "210381101"), ("WALL", ANSHAN)):
        with pytest.raises(Forbidden):
            search(officer(role, division), "PLATE", "辽C12345")


def test_the_stranger_of_the_next_county_finds_nothing(car: Json, xiuyan: Reach) -> None:
    for kind, number in (("PLATE", "辽C8A8A8"), ("DOCUMENT", NUMBER), ("PHONE", "13904160001")):
        assert found(xiuyan, kind, number) == []


def test_a_number_searched_for_is_in_no_statement_and_no_log(
    car: Json, haicheng: Reach, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connections["default"]) as captured:
        assert found(haicheng, "DOCUMENT", NUMBER)
        assert found(haicheng, "PHONE", "13904160001")
        assert found(haicheng, "PLATE", "辽C8A8A8")
    said = caplog.text + " ".join(query["sql"] for query in captured)
    assert "document_index" in said
    for secret in (NUMBER, "13904160001", "辽C8A8A8", "8A8A8"):
        assert secret not in said
