"""What is drawn to hold the engines against each other: fit to decide, at the edges, and of every kind."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

import pytest

from lianfang.screening.compiling import compiled
from lianfang.screening.drawing import draw_content
from lianfang.screening.drawing_people import People
from lianfang.screening.facts import Facts
from lianfang.screening.form import EXEMPT, FACTS, MEASURES, OPERATORS, QUESTION_KINDS
from lianfang.screening.rules import RuleSet
from tests.screening.shared import SETS

DRAWN = [draw_content(Random(seed)) for seed in range(400)]


@pytest.mark.parametrize("seed", range(40))
def test_a_drawn_rule_set_is_fit_to_decide(seed: int) -> None:
    made = compiled(DRAWN[seed])
    assert made.content is not None, made.findings


def asked() -> Iterator[dict[str, Any]]:
    for content in DRAWN:
        for row in content["rows"]:
            yield from row["when"]
            yield from row["unless"]


def test_every_fact_is_asked_about_in_every_way_it_can_be() -> None:
    kinds = {fact: one.kind for fact, one in FACTS.items()}
    seen = {(one["fact"], one["op"]) for one in asked()}
    assert {(fact, op) for fact, kind in kinds.items() for op in OPERATORS[kind]} <= seen
    answered = {op for fact, op in seen if fact.startswith("answers.")}
    assert {op for kind in QUESTION_KINDS.values() for op in OPERATORS[kind]} <= answered


def test_every_measure_dates_areas_exceptions_and_exemptions_are_drawn() -> None:
    rows = [row for content in DRAWN for row in content["rows"]]
    assert {row["then"]["kind"] for row in rows} == {*MEASURES, EXEMPT}
    for seen in ("from" in row and row["unless"] for row in rows), ("lifts" in row["then"] for row in rows):
        assert any(seen)
    areas = [area for content in DRAWN for area in content["areas"]]
    assert {"from" in area for area in areas} == {True, False}


def test_most_rows_meet_people_they_fit_and_people_they_do_not() -> None:
    met = total = 0
    for content in DRAWN[:60]:
        people, made = People(content, Random(1)), RuleSet(content)
        fired = [set(made.fired(people.draw())) for _ in range(200)]
        met += sum(0 < sum(row.id in rows for rows in fired) < len(fired) for row in made.rows)
        total += len(made.rows)
    assert met > total * 0.6


PEOPLE = list(islice(iter(People(SETS["areas"], Random(1)).draw, None), 2000))


@pytest.mark.parametrize(
    "is_so",
    [
        lambda one: (
            one.from_code is None and not one.stays and one.age is None and one.celsius_tenths is None
        ),
        lambda one: one.from_code == "",
        lambda one: one.purpose == "",
        lambda one: one.transport == "ROCKET",
        lambda one: one.age in (0, 130),
        lambda one: any(first and last and first > last for _, first, last in one.stays),
        lambda one: any(first is None and last is None for _, first, last in one.stays),
        lambda one: any(last and (one.on - last).days == 14 for _, _, last in one.stays),
        lambda one: any(last and (one.on - last).days == 15 for _, _, last in one.stays),
        lambda one: any(code == "" for code, _, _ in one.stays),
        lambda one: one.destination_code == "湖北",
        lambda one: "" in one.symptoms,
        lambda one: "constructor" in one.answers,
    ],
)
def test_people_are_drawn_at_the_edges(is_so: Any) -> None:
    assert any(is_so(one) for one in PEOPLE)
    assert not all(is_so(one) for one in PEOPLE)


def test_places_are_drawn_as_codes_of_every_length_inside_and_beside() -> None:
    codes = [code for one in PEOPLE for code, _, _ in one.stays]
    assert {len(code) for code in codes} >= {0, 1, 2, 3, 4, 6, 8, 18}
    assert {code.startswith("330382") for code in codes} == {True, False}


def test_figures_are_drawn_at_a_threshold_and_beside_it() -> None:
    people: People = People(SETS["numbers"], Random(1))
    drawn: list[Facts] = [people.draw() for _ in range(500)]
    assert {one.age for one in drawn} >= {None, 0, 1, 17, 18, 19, 64, 65, 66, 130}
    assert {one.celsius_tenths for one in drawn} >= {None, 371, 372, 373, 379, 380, 381}


def test_answers_of_every_wrong_kind_are_drawn() -> None:
    people = People(SETS["answers"], Random(1))
    given = [
        (key, value) for one in (people.draw() for _ in range(500)) for key, value in one.answers.items()
    ]
    for key in ("met_somebody", "came_by", "household"):
        kinds = {type(value) for asked_of, value in given if asked_of == key}
        assert kinds == {bool, int, float, str, type(None)}
