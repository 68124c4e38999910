"""A list narrowed by all that a table can cross: each filter alone and crossed, as records stand after corrections."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints import queries
from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries import Counted, Page, Wanted, counts, lists, patience
from lianfang.kernel.days import hour_of
from lianfang.kernel.ids import floor_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from tests import factories
from tests.checkpoints.test_queries import sent
from tests.factories import ANSHAN, Generated, Intake, Json, today


def page_of(by: Reach, wanted: Wanted, **asked: Any) -> Page:
    with reach(by) as seen:
        return queries.passages_wanted(seen, wanted, at=datetime.now(UTC), **asked)


def found(by: Reach, **asked: Any) -> list[str]:
    """The ids of the passages of all days that fit."""
    return [str(line.id) for line in page_of(by, Wanted(**asked)).lines]


def persons(by: Reach, **asked: Any) -> list[tuple[int, ...]]:
    return [line.matching for line in page_of(by, Wanted(**asked)).lines]


def figures(by: Reach, **asked: Any) -> tuple[int | None, int | None, int | None]:
    with reach(by) as seen:
        count = queries.counted(seen, Wanted(**asked))
    return count.passages, count.vehicles, count.people


@pytest.fixture
def pair(intake: Intake, generated: Generated) -> tuple[str, str]:
    """Two passages that differ in everything: (a lorry from Wuhan for Haicheng, somebody on foot who said nothing)."""
    factories.checkpoint("NORTH")
    ill = generated.person(from_code="420106", destination={"code": "210381101200"})
    silent = generated.person(from_code=None, destination=None)
    lorry = generated.passage(people=[generated.person(), ill], transport="TRUCK", purpose="FREIGHT")
    walker = generated.passage(
        people=[silent], transport="FOOT", purpose=None, plate=None, checkpoint="NORTH", direction="OUT",
        occurred_at=(generated.at - timedelta(days=1, hours=1)).isoformat(),
    )  # fmt: skip
    sent(intake, lorry, walker)
    return lorry["id"], walker["id"]


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({}, "both"),
        ({"checkpoint": "GATE"}, "lorry"),
        ({"checkpoint": "NORTH"}, "walker"),
        ({"checkpoint": "NOWHERE"}, "none"),
        ({"direction": "IN"}, "lorry"),
        ({"direction": "OUT"}, "walker"),
        ({"transport": "TRUCK"}, "lorry"),
        ({"transport": "FOOT"}, "walker"),
        ({"transport": "CAR"}, "none"),
        ({"vehicles": True}, "lorry"),
        ({"vehicles": True, "transport": "FOOT"}, "none"),
        ({"purpose": "FREIGHT"}, "lorry"),
        ({"purpose": ""}, "walker"),
        ({"purpose": "", "vehicles": True}, "none"),
        ({"origin": "42"}, "lorry"),
        ({"origin": "4201"}, "lorry"),
        ({"origin": "420106"}, "lorry"),
        ({"origin": "420107"}, "none"),
        ({"origin": "420000"}, "none"),
        ({"origin": ""}, "walker"),
        ({"destination": "210381101"}, "lorry"),
        ({"destination": "210381"}, "lorry"),
        ({"destination": "210381000"}, "none"),
        ({"destination": ""}, "walker"),
        ({"measure": "QUARANTINE"}, "lorry"),
        ({"measure": "REGISTER"}, "lorry"),
        ({"measure": "FEVER_CLINIC"}, "none"),
        ({"measure": "QUARANTINE", "direction": "OUT"}, "none"),
        (
            {"origin": "42", "destination": "210381101", "measure": "QUARANTINE", "purpose": "FREIGHT"},
            "lorry",
        ),
    ],
)
def test_each_filter_leaves_what_fits(
    pair: tuple[str, str], haicheng: Reach, asked: dict[str, Any], fits: str
) -> None:
    expected = {"both": {*pair}, "lorry": {pair[0]}, "walker": {pair[1]}, "none": set()}[fits]
    assert set(found(haicheng, **asked)) == expected
    assert figures(haicheng, **asked)[0] == len(expected)


def test_an_hour_and_days_are_those_of_shanghai(
    pair: tuple[str, str], generated: Generated, haicheng: Reach
) -> None:
    lorry, walker = pair
    yesterday = generated.at - timedelta(days=1, hours=1)
    assert lorry in found(haicheng, hour=hour_of(generated.at))
    assert walker in found(haicheng, hour=hour_of(yesterday))
    assert lorry not in found(haicheng, hour=hour_of(yesterday))
    now, before = today(), yesterday.astimezone(factories.SHANGHAI).date()
    assert found(haicheng, first=now, last=now) == [lorry]
    assert found(haicheng, first=before, last=before) == [walker]
    assert set(found(haicheng, first=before, last=now)) == {lorry, walker}
    assert found(haicheng, first=before - timedelta(days=30), last=before - timedelta(days=1)) == []


def test_only_the_persons_that_fit_are_marked_and_counted(pair: tuple[str, str], haicheng: Reach) -> None:
    assert persons(haicheng, origin="42") == [(2,)]
    assert persons(haicheng, origin="21") == [(1,)]
    assert persons(haicheng, measure="REGISTER", direction="IN") == [(1, 2)]
    assert persons(haicheng, direction="IN") == [()]
    assert figures(haicheng, origin="42") == (1, 1, 1)
    assert figures(haicheng, measure="REGISTER") == (1, 1, 2)


def test_vehicles_and_people_are_those_that_come_in(pair: tuple[str, str], haicheng: Reach) -> None:
    assert figures(haicheng) == (2, 1, 2)
    assert figures(haicheng, direction="IN") == figures(haicheng, vehicles=True) == (1, 1, 2)
    assert figures(haicheng, transport="FOOT") == (1, 0, 0)
    assert figures(haicheng, direction="OUT") == (1, None, None)


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        ({"transport": "TAXI"}, {"transport": "CAR"}, {"transport": "TAXI"}),
        ({"transport": "TRAIN"}, {"vehicles": True}, {"transport": "TRAIN"}),
        ({"purpose": "MEDICAL"}, {"purpose": "COMMUTE"}, {"purpose": "MEDICAL"}),
        ({"purpose": None}, {"purpose": "COMMUTE"}, {"purpose": ""}),
        ({"direction": "OUT"}, {"direction": "IN"}, {"direction": "OUT"}),
        ({"checkpoint": "NORTH"}, {"checkpoint": "GATE"}, {"checkpoint": "NORTH"}),
        (
            {"checkpoint": "NORTH", "purpose": "VISIT"},
            {"purpose": "COMMUTE"},
            {"checkpoint": "NORTH", "purpose": "VISIT"},
        ),
    ],
)
def test_a_corrected_passage_leaves_one_list_for_another_with_its_people(
    intake: Intake, generated: Generated, haicheng: Reach, fields: Json, before: Json, after: Json
) -> None:
    factories.checkpoint("NORTH")
    passage, other = generated.passage(people=2), generated.passage()
    sent(intake, passage, other)
    for further in ({}, {"origin": "210103"}):
        assert set(found(haicheng, **before, **further)) == {passage["id"], other["id"]}
        assert found(haicheng, **after, **further) == []
    sent(intake, generated.correction(passage["id"], fields))
    for further in ({}, {"origin": "210103"}, {"first": today(), "last": today()}):
        assert found(haicheng, **before, **further) == [other["id"]]
        assert found(haicheng, **after, **further) == [passage["id"]]
    assert persons(haicheng, **after, measure="REGISTER") == [(1, 2)]


def test_a_passage_corrected_to_another_hour_and_day_is_listed_there_with_its_people(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    passage, true = generated.passage(), generated.at - timedelta(days=9, hours=3)
    sent(intake, passage)
    sent(intake, generated.correction(passage["id"], {"occurred_at": true.isoformat()}))
    day = true.astimezone(factories.SHANGHAI).date()
    for further in ({}, {"origin": "21"}):
        assert found(haicheng, first=today(), last=today(), **further) == []
        assert found(haicheng, first=day, last=day, **further) == [passage["id"]]
        assert found(haicheng, first=day, last=today(), hour=hour_of(true), **further) == [passage["id"]]
        assert found(haicheng, hour=hour_of(generated.at), **further) == []


def test_a_corrected_person_moves_and_the_rest_of_the_party_stays(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    passage = generated.passage(people=2)
    sent(intake, passage)
    second = passage["people"][1]["id"]
    sent(intake, generated.correction(second, {"from_code": "420106"}))
    assert persons(haicheng, origin="210103") == [(1,)]
    assert persons(haicheng, origin="42", destination="210381101") == [(2,)]
    later = (generated.at + timedelta(seconds=90)).isoformat()
    intake.received_at = generated.at + timedelta(minutes=9)
    sent(intake, generated.correction(second, {"from_code": None, "destination": None}, occurred_at=later))
    assert persons(haicheng, origin="42") == []
    assert persons(haicheng, origin="", destination="") == [(2,)]


def test_a_person_and_the_passage_corrected_both_are_found_under_both(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    passage = generated.passage()
    sent(intake, passage)
    sent(intake, generated.correction(passage["people"][0]["id"], {"from_code": "110105"}))
    sent(intake, generated.correction(passage["id"], {"transport": "COACH", "direction": "OUT"}))
    assert persons(haicheng, origin="11", transport="COACH", direction="OUT") == [(1,)]
    for wrong in (
        {"origin": "21"},
        {"origin": "11", "transport": "CAR"},
        {"origin": "11", "direction": "IN"},
    ):
        assert persons(haicheng, **wrong) == []


@pytest.mark.parametrize("age", [-365 * 60, -21, 365])
def test_a_span_of_days_holds_records_whose_ids_are_of_another_time(
    intake: Intake, generated: Generated, haicheng: Reach, age: int
) -> None:
    passage = generated.passage(
        id=generated.id(
            generated.at + timedelta(days=age) if age > -9999 else datetime(1970, 1, 2, tzinfo=UTC)
        )
    )
    sent(intake, passage, generated.passage(people=0))
    yesterday = today() - timedelta(days=1)
    for further in ({}, {"origin": "21"}):
        assert passage["id"] in found(haicheng, first=yesterday, last=today(), **further)
        assert found(haicheng, first=yesterday, last=yesterday, **further) == []
    assert figures(haicheng, first=yesterday, last=today()) == (2, 2, 1)


@pytest.mark.parametrize("asked", [{}, {"origin": "21"}, {"transport": "CAR"}])
def test_pages_follow_one_another_through_what_stayed_and_what_came(
    intake: Intake, generated: Generated, haicheng: Reach, asked: Json
) -> None:
    passages = [generated.passage(people=2, transport="CAR" if n % 2 else "BUS") for n in range(8)]
    sent(intake, *passages)
    sent(intake, *(generated.correction(p["id"], {"transport": "CAR"}) for p in passages[::2]))
    seen, before = [], None
    for _ in range(3):
        page = page_of(haicheng, Wanted(**asked), before=before, limit=3)
        seen += [str(line.id) for line in page.lines]
        before = page.next_before
    assert before is None
    assert seen == sorted((p["id"] for p in passages), reverse=True)


def test_days_before_ids_and_after_calendars_are_asked_without_harm(
    pair: tuple[str, str], haicheng: Reach
) -> None:
    for day in (date.min, date.max):
        assert found(haicheng, first=day, last=day) == found(haicheng, first=day, last=day, origin="21") == []
    everything = {"first": date.min, "last": date.max}
    assert set(found(haicheng, **everything)) == {*pair}
    assert found(haicheng, **everything, measure="REGISTER") == [pair[0]]


# --- whom it is shown to, and at what cost ---


@pytest.mark.parametrize(
    "asked", [{}, {"transport": "TRUCK"}, {"origin": "42"}, {"purpose": ""}, {"measure": "REGISTER"}]
)
def test_the_stranger_of_the_next_county_finds_and_counts_nothing(
    pair: tuple[str, str], intake: Intake, generated: Generated, haicheng: Reach, xiuyan: Reach, asked: Json
) -> None:
    sent(intake, generated.correction(pair[0], {"purpose": None}))
    assert found(haicheng, **asked)
    fields = {name: getattr(xiuyan, name) for name in xiuyan.__dataclass_fields__}
    for stranger in (
        xiuyan,
        Reach(**fields | {"session": haicheng.session}),
        Reach(**fields | {"spans": haicheng.spans}),
    ):
        assert found(stranger, **asked) == []
        assert figures(stranger, **asked) == (0, 0, 0)


def test_counting_needs_the_permission(gate: Checkpoint, officer: Callable[..., Reach]) -> None:
    with reach(officer("WALL", ANSHAN)) as seen:
        for ask in (
            lambda: queries.counted(seen, Wanted()),
            lambda: queries.passages_wanted(seen, Wanted(), at=datetime.now(UTC)),
        ):
            with pytest.raises(Forbidden):
                ask()


@pytest.mark.parametrize("asked", [{"vehicles": True}, {"origin": "21"}])
def test_one_and_three_passages_take_the_same_number_of_questions(
    intake: Intake, generated: Generated, haicheng: Reach, asked: Json
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            found(haicheng, **asked)
        return len(captured)

    sent(intake, generated.passage())
    one = questions()
    sent(intake, generated.passage(people=3), generated.passage())
    assert questions() == one <= 12


# --- where it would take too long ---


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Statements that take too long as often as the list says; the last word stands for ever."""
    turns = [True]
    asked = lists.Selection.passages

    def passages(selection: lists.Selection, each: str) -> str:
        late = turns.pop(0) if len(turns) > 1 else turns[0]
        return (
            (
                "WITH waited AS MATERIALIZED (SELECT pg_sleep(9)) SELECT p.* FROM waited, LATERAL ("
                if late
                else "SELECT * FROM ("
            )
            + asked(selection, each)
            + ") p"
        )

    monkeypatch.setattr(lists.Selection, "passages", passages)
    monkeypatch.setattr(lists, "PATIENCE", timedelta(milliseconds=80))
    monkeypatch.setattr(counts, "PATIENCE", timedelta(milliseconds=80))
    return turns


def test_a_list_that_would_take_too_long_looks_back_a_week_and_goes_on_from_there(
    intake: Intake, generated: Generated, haicheng: Reach, slow: list[bool]
) -> None:
    old = Generated(seed=3, at=generated.at - timedelta(days=10))
    new, earlier = generated.passage(), old.passage()
    sent(intake, new, earlier)
    slow[:] = [True, False]
    page = page_of(haicheng, Wanted())
    assert [str(line.id) for line in page.lines] == [new["id"]]
    assert page.looked_since is not None
    assert abs(page.looked_since - (datetime.now(UTC) - timedelta(days=7))) < timedelta(minutes=1)
    assert page.next_before == floor_of(page.looked_since)
    slow[:] = [True, False]
    page = page_of(haicheng, Wanted(), before=page.next_before)
    assert [str(line.id) for line in page.lines] == [earlier["id"]]


def test_a_week_that_takes_too_long_is_said_in_a_sentence(
    gate: Checkpoint, haicheng: Reach, slow: list[bool]
) -> None:
    with pytest.raises(Refusal) as refused:
        page_of(haicheng, Wanted(transport="CAR"))
    assert (refused.value.code, refused.value.status) == ("TOO_WIDE", 503)


def test_a_count_that_takes_too_long_is_none_and_the_transaction_goes_on(
    gate: Checkpoint, haicheng: Reach, slow: list[bool]
) -> None:
    with reach(haicheng) as seen:
        assert queries.counted(seen, Wanted(vehicles=True, direction="IN")) == Counted(None, None, 0)
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)


def test_what_is_more_than_can_be_counted_is_more(
    pair: tuple[str, str], haicheng: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "COUNTED_TO", 0)
    assert figures(haicheng, measure="REGISTER") == (1, 1, 1)


def test_other_failures_of_the_database_are_not_taken_for_patience(haicheng: Reach) -> None:
    second = timedelta(seconds=1)
    with (
        pytest.raises(ProgrammingError),
        reach(haicheng),
        patience.at_most(second),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT nothing_such")


def test_wanted_of_people_is_what_only_people_answer() -> None:
    nothing = Wanted()
    assert not replace(nothing, purpose="", vehicles=True).of_people
    assert all(replace(nothing, **{name: ""}).of_people for name in ("origin", "destination", "measure"))
