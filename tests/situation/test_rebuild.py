"""Cells can be counted anew at any time, and what was answered as final stays as it was, in another cluster too."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from lianfang.command.services import worker_session
from lianfang.kernel.days import start_of
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.postgres import Database
from lianfang.situation import counting
from lianfang.situation.board import board
from lianfang.situation.cells import Rebuilding, known
from lianfang.situation.clerk import count_all_tables, count_different_people, settle
from lianfang.situation.fold import ClusterChanged, catch_up, fold
from lianfang.situation.models import Cell, DistinctPeople, FoldPosition, SettledCell
from lianfang.situation.rebuild import raise_transaction_numbers, rebuild
from lianfang.situation.recount import recount
from tests.factories import Generated, Intake, checkpoint, device

MORNING = start_of(date(2026, 11, 20)) + timedelta(hours=8)


@pytest.fixture
def intake(clean: Database) -> Intake:
    checkpoint("GATE")
    return Intake(clean, device("GATE"))


@pytest.fixture
def worker(intake: Intake) -> Reach:
    return worker_session()


@pytest.fixture(autouse=True)
def numbers_as_they_were(clean: Database) -> Iterator[None]:
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION lianfang_tx() RETURNS bigint LANGUAGE sql STABLE AS"
            " 'SELECT pg_current_xact_id()::text::bigint'"
        )
        cursor.execute(
            "CREATE OR REPLACE FUNCTION lianfang_tx_bounds(OUT oldest bigint, OUT next bigint) LANGUAGE sql VOLATILE AS"
            " 'SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
            " FROM (SELECT pg_current_snapshot() s) x'"
        )


def live(intake: Intake, worker: Reach, *, hours: range, seed: int = 0) -> list[str]:
    """A passage an hour, each folded at the end of its hour; answers their ids."""
    ids = []
    for hour in hours:
        at = MORNING + timedelta(hours=hour)
        made = Generated(seed + hour, at=at)
        passage = made.passage(people=2)
        intake.received_at = at
        intake.send(made.parcel(passage))
        ids.append(passage["id"])
        catch_up(worker, at=at + timedelta(minutes=50))
    return ids


def shown(worker: Reach, as_of: datetime | None = None) -> dict:
    with reach(worker) as seen:
        answer = board(seen, at=MORNING + timedelta(days=4), as_of=as_of)
    return answer


def settle_all(worker: Reach) -> None:
    count_all_tables(worker)
    while settle(worker):
        continue


def test_a_final_answer_is_the_same_before_and_after_days_are_settled_and_cells_rebuilt(
    intake: Intake, worker: Reach
) -> None:
    ids = live(intake, worker, hours=range(0, 30, 5))
    late = Generated(99, at=MORNING + timedelta(hours=31))
    intake.received_at = late.at
    intake.send(late.parcel(late.correction(ids[0], {"direction": "OUT"})))
    catch_up(worker, at=MORNING + timedelta(hours=32))
    catch_up(worker, at=MORNING + timedelta(hours=50))
    moments = [MORNING + timedelta(hours=hours) for hours in (3, 16, 24, 29, 40)]
    before = [shown(worker, moment) for moment in moments]
    assert [answer["totals"]["vehicles"] for answer in before] == [1, 4, 5, 6, 5]
    assert all(answer["final"] for answer in before)

    settle_all(worker)
    assert SettledCell.objects.count()
    assert [shown(worker, moment) for moment in moments] == before

    rebuild(worker)
    assert [shown(worker, moment) for moment in moments] == before
    assert recount(worker).differences == []


def test_a_day_is_settled_when_the_fold_has_left_it_and_the_pairs_are_counted(
    intake: Intake, worker: Reach
) -> None:
    live(intake, worker, hours=range(2))
    count_all_tables(worker)
    assert settle(worker) is None, "the day is not over"
    live(intake, worker, hours=range(5, 6))
    catch_up(worker, at=MORNING + timedelta(hours=20))
    assert settle(worker) is None, "the pairs' clerk has not followed the fold yet"
    count_all_tables(worker)
    assert settle(worker) == MORNING.date()
    assert settle(worker) is None
    assert recount(worker).differences == []


def test_a_sum_that_was_settled_wrongly_is_found_by_the_recount(intake: Intake, worker: Reach) -> None:
    live(intake, worker, hours=range(0, 30, 10))
    settle_all(worker)
    SettledCell.objects.filter(cube="PURPOSE").update(people=7)
    assert {difference.cube for difference in recount(worker).differences} == {"PURPOSE"}


def test_what_settled_days_add_up_to_is_asked_once(intake: Intake, worker: Reach) -> None:
    live(intake, worker, hours=range(0, 30, 10))
    settle_all(worker)
    first = shown(worker)
    with CaptureQueriesContext(connection) as asked:
        assert shown(worker) == first
    assert not [query for query in asked if "FROM settled_cell" in query["sql"]]


def test_what_was_remembered_of_settled_days_does_not_outlive_a_rebuild(
    intake: Intake, worker: Reach
) -> None:
    live(intake, worker, hours=range(0, 30, 10))
    catch_up(worker)  # as late as the rebuild's, so that the same days are settled
    settle_all(worker)
    SettledCell.objects.filter(cube="CHECKPOINT").update(people=7)
    wrong = shown(worker)["totals"]["people"]
    rebuild(worker)
    assert shown(worker)["totals"]["people"] == 6 != wrong


def test_without_its_cells_the_board_says_that_it_is_counting_and_never_shows_too_little(
    intake: Intake, worker: Reach
) -> None:
    live(intake, worker, hours=range(3))
    FoldPosition.objects.update(cubes="an older definition")
    assert fold(worker).behind
    assert not Cell.objects.exists()
    with pytest.raises(Rebuilding):
        shown(worker)
    catch_up(worker)
    assert shown(worker)["totals"]["vehicles"] == 3


def test_after_a_restore_into_a_cluster_with_lower_numbers_everything_is_counted_once(
    intake: Intake, worker: Reach
) -> None:
    live(intake, worker, hours=range(3))
    settle_all(worker)
    moment = MORNING + timedelta(hours=2)
    before = shown(worker, moment)
    _as_if_from_a_cluster_far_ahead()
    with pytest.raises(ClusterChanged):
        fold(worker)

    assert raise_transaction_numbers() > 0
    rebuild(worker)
    assert shown(worker, moment) == before
    live(intake, worker, hours=range(40, 42), seed=7)
    assert shown(worker)["totals"]["vehicles"] == 5
    assert raise_transaction_numbers() == 0
    settle_all(worker)
    assert recount(worker).differences == []


def _as_if_from_a_cluster_far_ahead() -> None:
    ahead = 5_000_000
    with connections["owner"].cursor() as cursor:
        for table in ("passage", "registration", "correction"):
            cursor.execute(f"UPDATE {table} SET tx = tx + %s", [ahead])
        cursor.execute("UPDATE fold SET tx_from = tx_from + %s, tx_to = tx_to + %s", [ahead, ahead])
        cursor.execute(
            "UPDATE fold_position SET next_tx = next_tx + %s, mark_tx = mark_tx + %s", [ahead, ahead]
        )
        cursor.execute("UPDATE clerk_position SET next_tx = next_tx + %s", [ahead])


def test_a_backlog_is_counted_in_slices_and_the_watermark_waits_for_the_last(
    intake: Intake, worker: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up(worker, at=MORNING)
    monkeypatch.setattr(counting, "AT_ONCE", 4)
    made = Generated(5, at=MORNING)
    intake.received_at = MORNING
    for _ in range(6):
        intake.send(made.parcel(made.passage(people=3)))
    later = MORNING + timedelta(minutes=20)
    step = fold(worker, at=later)
    assert step.behind
    assert step.watermark != later
    done = catch_up(worker, at=later)
    assert done.watermark == later
    assert shown(worker)["totals"] == {"passages": 6, "vehicles": 6, "people": 18}
    assert recount(worker).differences == []


def test_an_answer_is_final_for_the_tables_when_the_clerk_has_followed(intake: Intake, worker: Reach) -> None:
    live(intake, worker, hours=range(2))
    asked = known(MORNING + timedelta(minutes=45))
    assert (asked.final, asked.tables_final) == (True, True), "nothing was folded before it"
    asked = known(MORNING + timedelta(minutes=75))
    assert (asked.final, asked.tables_final) == (True, False)
    count_all_tables(worker)
    assert known(MORNING + timedelta(minutes=75)).tables_final


def test_the_same_document_is_one_person_however_often_it_comes(intake: Intake, worker: Reach) -> None:
    made = Generated(3, at=MORNING)
    intake.received_at = MORNING
    again = made.person()
    parties = [
        [again],
        [{**again, "id": made.id()}],
        [made.person(document={"type": "NONE"})],
        [made.person()],
    ]
    intake.send(made.parcel(*(made.passage(people=party) for party in parties)))
    intake.send(made.parcel(made.passage(people=1, direction="OUT")))
    count_different_people(worker, at=MORNING + timedelta(hours=3))
    counted = DistinctPeople.objects.get(span="DAY", day=MORNING.date())
    assert (counted.people, counted.without_document) == (2, 1)
    assert DistinctPeople.objects.get(span="MONTH", day=date(2026, 11, 1)).people == 2
    assert counted.counted_at.astimezone(UTC) == (MORNING + timedelta(hours=3)).astimezone(UTC)
