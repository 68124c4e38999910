"""Exact search: finds what stands within reach, and leaves the number nowhere."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.doors.desk import City, text


def ask(client, kind: str, value: str, **more: str):
    return client.post("/desk/search", {"kind": kind, "value": value, **more})


def test_a_passage_is_found_by_plate_document_and_phone(city: City) -> None:
    passage = city.register(people=2)
    second = passage["people"][1]
    for kind, value in (
        ("PLATE", passage["plate"].replace("C", "c · ")),
        ("DOCUMENT", second["document"]["number"]),
        ("PHONE", f"+86 {second['phone']}"),
    ):
        page = text(ask(city.haicheng, kind, value))
        assert f"/desk/passages/{passage['id']}" in page, kind
        assert ("第 2 人" in page) == (kind != "PLATE")


def test_the_next_county_finds_nothing_and_is_told_what_to_check(city: City) -> None:
    passage = city.register()
    page = text(ask(city.xiuyan, "PLATE", passage["plate"]))
    assert "没有找到" in page
    assert passage["id"] not in page


def test_the_number_stands_in_no_address_and_no_log(city: City, caplog: pytest.LogCaptureFixture) -> None:
    passage = city.register()
    number = passage["people"][0]["document"]["number"]
    with caplog.at_level(logging.DEBUG):
        response = ask(city.haicheng, "DOCUMENT", number)
        city.haicheng.get("/desk/search", {"kind": "DOCUMENT", "value": number})
    assert response.status_code == 200
    assert not any(f"={number}" in part or f"/{number}" in part for part in text(response).split('"'))
    assert number not in caplog.text
    # Asked by GET it is not even read.
    page = text(city.haicheng.get("/desk/search", {"kind": "DOCUMENT", "value": number}))
    assert passage["id"] not in page
    assert number not in page


@pytest.mark.parametrize(
    ("kind", "value"), [("PLATE", ""), ("PLATE", "···"), ("NAME", "王伟"), ("PHONE", "x" * 61)]
)
def test_what_cannot_be_searched_for_is_said(city: City, kind: str, value: str) -> None:
    response = ask(city.haicheng, kind, value)
    assert response.status_code in (200, 400)
    assert "field__error" in text(response)


def test_a_township_desk_does_not_search(city: City) -> None:
    assert ask(city.township, "PLATE", "辽C12345").status_code == 403


def test_many_passages_of_one_plate_come_page_by_page(city: City) -> None:
    plate = city.generated.plate()
    city.intake.send(city.generated.parcel(*(city.generated.passage(plate=plate) for _ in range(51))))
    first = text(ask(city.haicheng, "PLATE", plate))
    assert first.count("data-row") == 50
    before = first.split('name="before" value="')[1].split('"')[0]
    assert text(ask(city.haicheng, "PLATE", plate, before=before)).count("data-row") == 1


def test_three_rows_cost_as_many_questions_as_one(city: City) -> None:
    def asked(plate: str) -> int:
        with CaptureQueriesContext(connection) as questions:
            ask(city.haicheng, "PLATE", plate)
        return len(questions)

    once, often = city.register(), city.generated.plate()
    for _ in range(3):
        city.register(plate=often, people=2)
    assert asked(once["plate"]) == asked(often)
