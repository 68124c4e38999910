"""Summary tables are the records counted another way: every table of every pair adds up, at every moment."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import permutations

import pytest

from lianfang.command.services import worker_session
from lianfang.kernel.days import start_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.machine.postgres import Database
from lianfang.situation.cells import known
from lianfang.situation.clerk import count_all_tables
from lianfang.situation.fold import catch_up
from lianfang.situation.tables import VIEWS, TableMoment, columns_for, crossed, listed
from tests import factories
from tests.factories import Generated, Intake, Json, checkpoint, device

DAY = date(2026, 11, 20)
MORNING = start_of(DAY) + timedelta(hours=8)
PAIRS = [pair for pair in permutations(VIEWS, 2) if pair[1] in columns_for(pair[0])]


@pytest.fixture
def intake(clean: Database) -> Intake:
    checkpoint("GATE")
    checkpoint("ROAD")
    return Intake(clean, device("GATE"))


@pytest.fixture
def worker(intake: Intake) -> Reach:
    return worker_session()


def arrive(intake: Intake, worker: Reach, at: datetime, *passages: Json) -> None:
    intake.received_at = at
    intake.send(Generated(int(at.timestamp()), at=at).parcel(*passages))
    catch_up(worker, at=at + timedelta(minutes=10))
    count_all_tables(worker)


def traffic(at: datetime, seed: int = 1) -> list[Json]:
    made = Generated(seed, at=at)
    return [
        made.passage(people=2, checkpoint="GATE", purpose="COMMUTE"),
        made.passage(people=[made.person(from_code="420106")], checkpoint="ROAD", purpose="RESIDENT_RETURN"),
        made.passage(
            people=[made.person(from_code=None, destination=None)], transport="FOOT", plate=None, purpose=None
        ),
        made.passage(people=[made.person(symptoms=["FEVER"])], transport="TRUCK", purpose="FREIGHT"),
        made.passage(people=3, direction="OUT"),
    ]


def at(moment: datetime, as_of: datetime | None = None, day: date | None = None) -> TableMoment:
    return TableMoment.of(at=moment, as_of=as_of, day=day)


@pytest.mark.parametrize(("rows", "columns"), PAIRS)
def test_a_pair_adds_up_to_what_each_of_the_two_says_alone(
    intake: Intake, worker: Reach, rows: str, columns: str
) -> None:
    arrive(intake, worker, MORNING, *traffic(MORNING))
    moment = at(MORNING + timedelta(hours=1))
    with reach(worker) as seen:
        found = crossed(seen, rows=rows, columns=columns, span="today", moment=moment)
        alone = {row.key: row.today["people"] for row in listed(seen, rows=rows, moment=moment).rows}
    assert found.total["people"] == 5
    by_row: Counter[str] = Counter()
    for (row, _), figures in found.cells.items():
        by_row[row] += figures["people"]
    if columns == "MEASURE":
        assert all(by_row[row] >= people for row, people in alone.items())
    else:
        assert {row: people for row, people in by_row.items() if people} == {
            row: people for row, people in alone.items() if people
        }
    assert {row: figures["people"] for row, figures in found.row_totals.items() if figures["people"]} == {
        row: people for row, people in alone.items() if people
    }


def test_vehicles_are_counted_by_what_belongs_to_a_vehicle_and_by_nothing_else(
    intake: Intake, worker: Reach
) -> None:
    arrive(intake, worker, MORNING, *traffic(MORNING))
    with reach(worker) as seen:
        total = {name: listed(seen, rows=name, moment=at(MORNING)).total.today for name in VIEWS}
        by_purpose = listed(seen, rows="PURPOSE", moment=at(MORNING))
        by_origin = listed(seen, rows="ORIGIN", moment=at(MORNING))
    assert all(figures == {"passages": 5, "vehicles": 3, "people": 5} for figures in total.values())
    assert sum(row.today["vehicles"] for row in by_purpose.rows) == 3
    assert sum(row.today["vehicles"] for row in by_origin.rows) == 0
    assert by_origin.view.of_people
    assert not by_purpose.view.of_people


def test_an_origin_is_told_by_province_city_and_county(intake: Intake, worker: Reach) -> None:
    arrive(intake, worker, MORNING, *traffic(MORNING))
    with reach(worker) as seen:
        told = {
            name: {row.key: row.today["people"] for row in listed(seen, rows=name, moment=at(MORNING)).rows}
            for name in ("ORIGIN", "ORIGIN_CITY", "ORIGIN_COUNTY", "DESTINATION", "DESTINATION_TOWNSHIP")
        }
    assert told["ORIGIN"] == {"210000": 3, "420000": 1, "": 1}
    assert told["ORIGIN_CITY"] == {"210100": 3, "420100": 1, "": 1}
    assert told["ORIGIN_COUNTY"] == {"210103": 3, "420106": 1, "": 1}
    assert told["DESTINATION"] == {"210381": 4, "": 1}
    assert told["DESTINATION_TOWNSHIP"] == {"210381101": 4, "": 1}


def test_yesterday_is_compared_at_the_same_time_of_the_day_not_as_a_whole(
    intake: Intake, worker: Reach
) -> None:
    yesterday = MORNING - timedelta(days=1)
    arrive(intake, worker, yesterday, *traffic(yesterday))
    arrive(intake, worker, yesterday + timedelta(hours=6), *traffic(yesterday + timedelta(hours=6), 2))
    arrive(intake, worker, MORNING, *traffic(MORNING, 3), Generated(9, at=MORNING).passage())
    with reach(worker) as seen:
        morning = listed(seen, rows="PURPOSE", moment=at(MORNING + timedelta(minutes=30)))
        evening = listed(seen, rows="PURPOSE", moment=at(MORNING + timedelta(hours=10)))
    assert (morning.total.today["people"], morning.total.before["people"]) == (6, 5)
    assert (evening.total.today["people"], evening.total.before["people"]) == (6, 10)
    assert evening.total.all["people"] == 16


def test_a_table_of_a_past_moment_stays_as_it_was_whatever_comes_later(intake: Intake, worker: Reach) -> None:
    arrive(intake, worker, MORNING, *traffic(MORNING))
    asked = MORNING + timedelta(hours=1)
    with reach(worker) as seen:
        before = crossed(seen, rows="CHECKPOINT", columns="PURPOSE", span="all", moment=at(asked, asked))
    late = MORNING + timedelta(hours=3)
    # A phone that was offline: the records happened before the moment, and were not known at it.
    arrive(intake, worker, late, *traffic(MORNING, 5))
    with reach(worker) as seen:
        after = crossed(seen, rows="CHECKPOINT", columns="PURPOSE", span="all", moment=at(late, asked))
        now = crossed(seen, rows="CHECKPOINT", columns="PURPOSE", span="all", moment=at(late))
        by_hour = listed(seen, rows="HOUR", moment=at(late))
        assert known(asked).tables_final
    assert after.cells == before.cells
    assert now.total["people"] == 2 * before.total["people"]
    assert [(row.key, row.today["people"]) for row in by_hour.rows] == [("08", 10)]


def test_a_day_can_be_chosen_and_all_days_end_with_it(intake: Intake, worker: Reach) -> None:
    yesterday = MORNING - timedelta(days=1)
    arrive(intake, worker, yesterday, *traffic(yesterday))
    arrive(intake, worker, MORNING, *traffic(MORNING, 2))
    with reach(worker) as seen:
        chosen = listed(seen, rows="DAY", moment=at(MORNING, day=yesterday.date()))
        crossing = crossed(seen, rows="DAY", columns="ORIGIN_COUNTY", span="all", moment=at(MORNING))
    assert [row.key for row in chosen.rows] == [yesterday.date().isoformat()]
    assert chosen.total.all["people"] == 5
    assert crossing.rows == [yesterday.date().isoformat(), DAY.isoformat()]


def test_counties_cross_nothing_but_days_and_say_so(worker: Reach) -> None:
    assert columns_for("ORIGIN_COUNTY") == ["DAY"]
    assert "ORIGIN_COUNTY" not in columns_for("PURPOSE")
    assert "ORIGIN" not in columns_for("ORIGIN_CITY")
    with reach(worker) as seen, pytest.raises(Refusal, match="NOT_CROSSED"):
        crossed(seen, rows="ORIGIN_COUNTY", columns="PURPOSE", span="all", moment=at(MORNING))
    with reach(worker) as seen, pytest.raises(Refusal, match="NO_SUCH_TABLE"):
        listed(seen, rows="NAME", moment=at(MORNING))


def test_who_may_not_see_the_board_sees_no_table(clean: Database) -> None:
    township = factories.officer("TOWNSHIP_DESK", "210381101")
    with reach(township) as seen, pytest.raises(Forbidden):
        listed(seen, rows="PURPOSE", moment=at(MORNING))
    with reach(township) as seen, pytest.raises(Forbidden):
        crossed(seen, rows="PURPOSE", columns="HOUR", span="all", moment=at(MORNING))
