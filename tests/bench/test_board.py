"""bench board's parts: a past that the board counts as the records do, questions, freshness, and the figures."""

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from lianfang.bench import past
from lianfang.bench.asking import BenchQuestion, filtered, searches, tables
from lianfang.bench.board import _in_turn, _numbers
from lianfang.bench.board_figures import Size, Turn, figures, report, wrong
from lianfang.bench.installation import BenchDevice
from lianfang.bench.parcels import Parcels
from lianfang.bench.rows import TOTALS
from lianfang.bench.steady import SENDERS, freshness
from lianfang.checkpoints.intake.closed_lists import VEHICLES
from lianfang.checkpoints.queries import Wanted, counted
from lianfang.checkpoints.queries.lists import STRONGEST_FIRST
from lianfang.command.services import worker_session
from lianfang.kernel.days import SHANGHAI, start_of
from lianfang.kernel.reach import reach
from lianfang.machine.postgres import Database
from lianfang.situation.board import board
from lianfang.situation.recount import recount
from tests import factories

AT = datetime(2026, 11, 25, 9, 40, tzinfo=SHANGHAI)


# --- the past ---


def test_sixty_days_and_today_by_the_quarter_hour_hold_as_many_people_as_asked_for() -> None:
    days = list(past.stretches(1_000_000, at=AT))
    assert len(days) == past.DAYS + 1
    assert days[0][0][0] == start_of(AT.date() - timedelta(days=past.DAYS))
    assert {len(day) for day in days[:-1]} == {1}
    assert len(days[-1]) == 38
    assert days[-1][-1][1] == AT.replace(minute=30)
    ends = [(start, until) for day in days for start, until, _ in day]
    assert all(one[1] == other[0] for one, other in pairwise(ends))
    passages = sum(count for day in days for _, _, count in day)
    assert passages * past.PEOPLE_A_PASSAGE == pytest.approx(1_000_000, rel=0.01)


def test_a_day_that_has_just_begun_has_no_quarter_hour() -> None:
    midnight = list(past.stretches(10_000, at=start_of(AT.date()) + timedelta(minutes=3)))
    assert midnight[-1] == []


CHOICES = {
    "checkpoints": ["HC01", "HC02", "HC02"],
    "transports": ["CAR", "TRAIN", "FOOT"],
    "purposes": ["COMMUTE", ""],
    "parties": ["1", "2", "5"],
    "origins": [210381, 420000, 0],
    "destinations": [210381101, 0],
    "measures": ["{REGISTER}", "{QUARANTINE,REGISTER}"],
    "jurisdiction": past.JURISDICTION,
}


@pytest.fixture
def lived(clean: Database) -> Database:
    """Three days of it, folded as a bench folds them."""
    for code in ("HC01", "HC02"):
        factories.checkpoint(code)
    today = start_of(datetime.now(SHANGHAI).date())
    ends = [today - timedelta(days=back) for back in (3, 2, 1, 0)]
    with psycopg.connect(**clean.parameters("owner"), cursor_factory=psycopg.ClientCursor) as owner:
        past._load(owner, [[(start, until, 400)] for start, until in pairwise(ends)], CHOICES)
    return clean


def test_the_board_of_the_past_is_what_its_records_add_up_to(
    lived: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    found = recount(worker_session())
    assert found.differences == []
    with psycopg.connect(**lived.parameters("owner")) as owner:
        totals = owner.execute(TOTALS, [sorted(VEHICLES)]).fetchone()
        corrections = owner.execute("SELECT count(*) FROM correction").fetchone()
        settled = owner.execute("SELECT count(DISTINCT folded_on) FROM settled_cell").fetchone()
        default = owner.execute("SELECT count(*) FROM passage_default").fetchone()
        late = owner.execute("SELECT count(*) FROM passage WHERE captured_on = %s", [date_of(4)]).fetchone()
    with reach(worker_session()) as seen:
        shown = board(seen, at=datetime.now(UTC))
    assert tuple(shown["totals"][name] for name in ("passages", "vehicles", "people")) == totals
    assert totals is not None
    assert totals[0] == 1200
    assert corrections != (0,)
    assert settled == (2,), "the last day is not whole before the next begins"
    assert default == (0,)
    assert late is not None
    assert 0 < late[0] < 30
    assert len(shown["by_day"]) == 4


def date_of(back: int) -> date:
    return datetime.now(SHANGHAI).date() - timedelta(days=back)


def test_lists_and_cells_agree_on_the_past_too(lived: Database) -> None:
    with reach(factories.officer()) as seen:
        shown = {row["code"]: row for row in board(seen, at=datetime.now(UTC))["by_origin"]}
        assert counted(seen, Wanted(origin="")).people == shown[None]["people"]
        assert counted(seen, Wanted(origin="42")).people == shown["420000"]["people"]


def test_what_is_drawn_can_be_decided() -> None:
    drawn = {kind for kinds in past.MEASURES for kind in kinds.strip("{}").split(",")}
    assert drawn <= {*STRONGEST_FIRST}


def test_the_first_is_drawn_often_and_the_last_once() -> None:
    drawn = Counter(past._seldom([*"abcdefgh"]))
    assert drawn["a"] == 9
    assert drawn["h"] == 2
    assert sorted(drawn.values(), reverse=True) == list(drawn.values())


# --- questions ---


def test_questions_are_addresses_that_the_pages_know() -> None:
    today = date(2026, 11, 25)
    assert all(question.path.startswith("/desk/passages?") for question in filtered(today=today))
    asked = tables(today=today)
    assert len({question.path for question in asked}) == len(asked)
    assert any("columns=" in question.path for question in asked)
    assert any("as_of=2026-11-16T18:00:00%2B08:00" in question.path for question in asked)


def test_what_is_searched_for_stands_in_what_was_sent() -> None:
    requests = Parcels([BenchDevice("HC01", "t")], seed=3).requests(6)
    asked = searches(requests)
    assert {form["kind"] for form in map(dict, (q.form for q in asked))} == {"PLATE", "DOCUMENT", "PHONE"}
    sent = b"".join(request.raw for request in requests).decode()
    for question in asked:
        number = dict(question.form)["value"]
        assert number in sent
        assert number not in question.path


def test_the_board_is_asked_every_other_time_and_all_others_in_turn() -> None:
    asked = {kind: [BenchQuestion(kind, f"/{kind}{n}") for n in range(2)] for kind in ("list", "search")}
    turns = _in_turn({**asked, "tables": []})
    kinds = [next(turns) for _ in range(8)]
    assert [q.kind for q in kinds[::2]] == ["board"] * 4
    assert [q.path for q in kinds[1::2]] == ["/list0", "/search0", "/list1", "/search1"]


def test_sizes_are_numbers_between_commas() -> None:
    assert _numbers("1000000,10000000") == [1_000_000, 10_000_000]


# --- freshness ---


def test_a_passage_is_fresh_when_surely_counted() -> None:
    assert SENDERS == 2
    heard = [(0.9, 100), (1.5, 102), (2.0, 103), (4.0, 104)]
    assert list(freshness([1.0, 1.1, 1.2, 1.3], heard, before=100)) == [0.5, pytest.approx(0.9), 2.8, 2.7]


def test_what_was_counted_before_it_was_acknowledged_waited_for_nothing() -> None:
    assert list(freshness([1.0], [(0.5, 11)], before=10)) == [0.0]


def test_what_is_never_counted_has_no_freshness() -> None:
    assert list(freshness([1.0, 1.1, 1.2], [(2.0, 11)], before=10)) == []
    assert list(freshness([1.0], [], before=0)) == []


# --- figures ---

QUESTIONS = {
    kind: BenchQuestion(kind, f"/{kind}") for kind in ("board", "list", "filtered", "tables", "search")
}


@pytest.fixture
def make_round() -> Callable[..., Turn]:
    def make(**changes: Any) -> Turn:
        answers = {question: [10.0] * 99 + [15.0] for question in QUESTIONS.values()}
        return replace(Turn(answers, [0.2] * 100, 100, 200.0, 0, 0, 0.1), **changes)

    return make


@pytest.fixture
def size(make_round: Callable[..., Turn]) -> Size:
    totals = {"passages": 600, "vehicles": 400, "people": 900}
    standing = {
        "registration": 1000,
        "passage": 500,
        "correction": 5,
        "settled_cell": 70,
        "session": "secret",
    }
    return Size(standing, 61.4, [make_round()] * 3, totals, dict(totals), 0)


def test_figures_are_medians_of_the_rounds_and_the_largest_size_stands_on_top(
    size: Size, make_round: Callable[..., Turn]
) -> None:
    slow = make_round(answers={QUESTIONS["board"]: [500.0]})
    bigger = replace(size, rounds=[make_round(), slow, make_round()])
    found = figures({1000: size, 10_000: bigger}, {"lianfang": "0"})
    assert list(found["sizes"]) == ["1000", "10000"]
    assert found["board_p99_ms"] == found["sizes"]["10000"]["board_p99_ms"] == 10.0
    assert (found["search_p95_ms"], found["freshness_p99_s"], found["loading_s"]) == (10.0, 0.2, 61)
    assert found["ok"] == dict.fromkeys(
        ("board_p99_ms", "freshness_p99_s", "tables_p95_ms", "list_p95_ms", "search_p95_ms"), True
    )
    assert "secret" not in json.dumps(found)
    assert not wrong(found)


def test_what_was_not_asked_for_is_neither_reached_nor_missed(
    size: Size, make_round: Callable[..., Turn]
) -> None:
    without = make_round(answers={QUESTIONS["board"]: [80.0], QUESTIONS["list"]: [61.0]})
    found = figures({1000: replace(size, rounds=[without])}, {})
    assert (found["tables_p95_ms"], found["ok"]["tables_p95_ms"]) == (None, None)
    assert (found["ok"]["board_p99_ms"], found["ok"]["list_p95_ms"]) == (False, False)
    assert "/tables answers 404" in report(found)
    assert not wrong(found), "slow is not wrong"


@pytest.mark.parametrize(
    "change",
    [
        {"lost": 1},
        {"board": {"passages": 600, "vehicles": 400, "people": 901}},
        {"records": {"passages": 601, "vehicles": 400, "people": 900}},
    ],
)
def test_a_figure_that_is_not_what_the_records_add_up_to_is_wrong(size: Size, change: dict[str, Any]) -> None:
    found = figures({1000: replace(size, **change), 10_000: size}, {})
    assert wrong(found)
    assert "✗ 1000 people" in report(found)


def test_a_passage_that_never_reached_the_wall_is_wrong(size: Size, make_round: Callable[..., Turn]) -> None:
    assert wrong(figures({1000: replace(size, rounds=[make_round(waited=[0.2] * 99)])}, {}))


def test_the_report_has_a_column_a_size(size: Size) -> None:
    said = report(figures({1000: size, 10_000_000: size}, {}))
    assert "10,000,000" in said
    assert said.count("✓") == 10


def test_the_slowest_addresses_are_named_by_their_median(size: Size, make_round: Callable[..., Turn]) -> None:
    chance = random.Random(2)
    many = {BenchQuestion("list", f"/{n}"): [float(n)] * 3 for n in chance.sample(range(20), k=20)}
    found = figures({1: replace(size, rounds=[make_round(answers=many)])}, {})
    assert list(found["slowest"].items())[:2] == [("/19", 19.0), ("/18", 18.0)]
    assert len(found["slowest"]) == 12
