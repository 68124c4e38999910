"""Server, phone and database decide alike, by rule sets and people nobody here made up by hand."""

import json
import operator
from contextlib import nullcontext
from datetime import date, datetime
from secrets import randbelow
from typing import Any

import pytest
from django.db import connection, transaction

from lianfang.checkpoints.intake import people
from lianfang.console import parser
from lianfang.console.screening import agree as command
from lianfang.journeys import engines
from lianfang.journeys.agreement import ENGINES, agree, standing
from lianfang.journeys.drawn_records import read_here
from lianfang.journeys.engines import Batch, Verdict
from lianfang.kernel import divisions, documents, resident_id
from lianfang.machine import node
from lianfang.screening import conditions
from lianfang.screening.form import DOCUMENT_TYPES
from lianfang.screening.rules import RuleSet, hash_of
from lianfang.screening.shipped import SHIPPED, shipped
from lianfang.screening.sql import conditions as sql_conditions
from lianfang.screening.sql import decided, fired
from tests.screening.test_rules import NOBODY, quarantine, rule_set

pytestmark = pytest.mark.django_db


def test_a_hundred_thousand_people_are_decided_alike_by_all_three_engines(now: datetime) -> None:
    seed = randbelow(1_000_000)
    found = agree(100_000, seed=seed, at=now)
    shown = json.dumps([example.told() for example in found.examples[:1]], ensure_ascii=False)
    assert found.disagreements == 0, f"lianfang screening agree --pairs 100000 --seed {seed}: {shown}"
    assert found.pairs == 100_000
    assert found.engines == ENGINES
    assert found.missing == ()


# Each is a slip somebody could make in one engine alone.
SLIPS: list[tuple[Any, str, Any]] = [
    (conditions._COMPARED, "AT_LEAST", int.__gt__),
    (conditions._COMPARED, "BELOW", int.__le__),
    (conditions._ABOUT_ONE, "IS", lambda said, value, op: lambda facts: said(facts) == value),  # 1 is no yes
    (conditions._ABOUT_ONE, "NONE_OF", lambda said, value, op: lambda facts: said(facts) not in value),
    (conditions._ABOUT_ONE, "UNDER", lambda said, value, op: lambda facts: said(facts) in value),
    (conditions._SAID, "resident", operator.attrgetter("resident")),
    (sql_conditions._COMPARED, "ABOVE", ">="),
    (sql_conditions._COMPARED, "AT_MOST", "<"),
    (sql_conditions._ABOUT_ONE, "OUTSIDE", sql_conditions._under),
]


@pytest.mark.parametrize(
    ("words", "word", "slip"), SLIPS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_slip_in_one_engine_is_noticed(
    words: dict[str, Any], word: str, slip: Any, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setitem(words, word, slip)
    found = agree(5_000, seed=1, at=now)
    assert found.disagreements > 0
    (first, *_) = found.examples
    assert len(found.examples) <= 10
    said = {name: answer["rows"] for name, answer in first.told()["answers"].items()}
    assert set(said) == set(ENGINES)
    assert said["python"] != said["sql"]
    assert (
        said["typescript"]
        == said[
            "sql" if words in (conditions._COMPARED, conditions._ABOUT_ONE, conditions._SAID) else "python"
        ]
    )


def any_date(text: str | None, flags: list[str]) -> date | None:
    """As Python reads days of its own accord, those of numbered weeks among them."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


# Each is a slip somebody could make in reading what was sent.
MISREADINGS: list[tuple[Any, str, Any]] = [
    (people, "_date", any_date),
    (people, "LOWEST_BODY_TENTHS", 201),
    (people, "HIGHEST_BODY_TENTHS", 449),
    (people, "MOST_ANSWERS", 41),
    (people, "LARGEST_ANSWER", 999_999),
    (people, "_answer", lambda said: None if isinstance(said, float) else said),
    (people, "_age", lambda born_on, on: None if born_on is None else on.year - born_on.year),
    (people, "_symptom", lambda symptom, flags: symptom),
    (divisions, "canonical", lambda code: code.ljust(6, "0")),
    (divisions, "PROVINCES", divisions.PROVINCES - {"42"}),
    (documents, "_READERS", {**documents._READERS, "HMT_RESIDENCE": documents._other}),
    (documents, "_READERS", {**documents._READERS, "PASSPORT": documents._other}),
    (resident_id, "OLDEST_YEARS", 129),
    (resident_id, "check_digit", lambda body: "1"),
    (resident_id, "with_latin_x", lambda number: number),
]


@pytest.mark.parametrize(
    ("room", "name", "slip"), MISREADINGS, ids=[f"{name}-{n}" for n, (_, name, _) in enumerate(MISREADINGS)]
)
def test_a_slip_in_reading_is_noticed(
    room: Any, name: str, slip: Any, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(room, name, slip)
    found = agree(9_000, seed=1, at=now)
    assert found.disagreements > 0
    (told, *_) = (example.told() for example in found.examples if "record" in example.told())
    read = {name: json.loads(answer["read"]) for name, answer in told["answers"].items()}
    assert read["python"] == read["sql"] != read["typescript"]


def test_a_third_of_the_people_come_as_they_are_sent_and_all_that_is_read_is_drawn(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[Batch] = []
    monkeypatch.setattr(engines, "server", lambda batch: batches.append(batch) or [Verdict()] * len(batch))
    monkeypatch.setattr(node, "RUN", ("false",))
    agree(6_000, seed=9, at=now)
    records = [record for batch in batches for record in batch.records]
    assert len(records) == pytest.approx(2_000, rel=0.1)
    read = [read_here(record) for record in records]
    assert {type(getattr(one, name)) for one in read for name in ("age", "resident", "celsius_tenths")} == {
        int, bool, type(None),
    }  # fmt: skip
    assert {one.temperature_state for one in read} == {None, "READ", "LOW", "NOT_TAKEN"}
    assert {one.document_type for one in read} == set(DOCUMENT_TYPES)
    assert {len(one.answers) for one in read} >= {0, 1, people.MOST_ANSWERS}
    assert sum(one.age is not None for one in read) > 1_000
    assert sum(any(last for _, _, last in one.stays) for one in read) > 300


def test_an_engine_that_fails_disagrees_even_when_all_of_them_do(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def broken(batch: Batch) -> list[Verdict]:
        raise LookupError("somebody's name")

    monkeypatch.setattr(engines, "server", broken)
    found = agree(50, seed=1, at=now)
    assert found.disagreements == 50
    assert found.examples[0].answers["python"].failed == "builtins.LookupError"


def test_a_phone_that_finds_another_hash_disagrees(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(engines, "hash_of", lambda content: "0000000000000000")
    found = agree(20, seed=1, at=now)
    assert found.disagreements == 20


@pytest.mark.parametrize("run", [("/nowhere/node",), ("false",), ("echo", "hello")])
def test_where_the_phones_engine_cannot_run_it_is_said_and_not_counted(
    run: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(node, "RUN", run)
    found = agree(50, seed=1, at=now)
    assert found.engines == ("python", "sql")
    assert found.missing == ("typescript",)
    assert found.disagreements == 0


def test_days_are_the_same_on_a_machine_that_lives_in_another_time_zone(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    found = agree(2_000, seed=5, at=now)
    assert (found.engines, found.disagreements) == (ENGINES, 0)


def test_the_same_seed_draws_the_same(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Batch] = []
    monkeypatch.setattr(engines, "server", lambda batch: drawn.append(batch) or [Verdict()] * len(batch))
    monkeypatch.setattr(node, "RUN", ("false",))
    for seed in (7, 7, 8):
        agree(300, seed=seed, at=now)
    third = len(drawn) // 3
    assert drawn[:third] == drawn[third : 2 * third]
    assert drawn[:third] != drawn[2 * third :]


def test_what_is_in_force_and_what_comes_with_the_program_is_always_asked_about(now: datetime) -> None:
    draft = shipped("basic").content | {"source": "a draft"}
    hashes = [hash_of(content) for content in standing(now, also=[draft])]
    assert hashes[0] == hash_of(draft)
    assert {hash_of(shipped(code).content) for code in SHIPPED} <= set(hashes)
    assert len(set(hashes)) == len(hashes)


@pytest.mark.parametrize("pairs", [1, 7, 100, 101, 1234])
def test_as_many_pairs_are_asked_about_as_were_wanted(pairs: int, now: datetime) -> None:
    assert agree(pairs, seed=3, at=now).pairs == pairs


def test_asking_the_database_writes_nothing_so_the_board_waits_for_nobody() -> None:
    with transaction.atomic():
        engines.database(Batch(shipped("basic").content, [NOBODY], False))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id_if_assigned()")
            assert cursor.fetchone() == (None,)


def test_no_value_of_a_rule_set_is_ever_in_the_text_of_the_statement() -> None:
    evil = "x'); DROP TABLE registration; --%s{}"
    value = {"value": [evil, "q" * 9, "r" * 9], "days": 987654}
    asked = [
        {"fact": "purpose", "op": "ONE_OF"},
        {"fact": f"answers.{evil}", "op": "NONE_OF"},
        {"fact": "stays", "op": "UNDER"},
        {"fact": "destination_code", "op": "OUTSIDE"},
        {"fact": "areas", "op": "LEVEL"},
        {"fact": "symptoms", "op": "ANY_OF"},
        {"fact": f"answers.{evil}", "op": "AT_LEAST", "value": 987654},
        {"fact": f"answers.{evil}", "op": "IS", "value": evil},
        {"fact": f"answers.{evil}", "op": "MISSING"},
    ]
    row = {"row": evil, "from": evil, "to": evil, "then": {"kind": "EXEMPT", "lifts": [evil]}}
    row["when"] = row["unless"] = [{**value, **one} for one in asked]
    areas = [{"code": evil, "level": evil}, {"code": evil, "level": evil, "from": evil, "to": evil}]
    for made in (composed({"rows": [row], "areas": areas}, "told") for composed in (fired, decided)):
        assert "DROP" not in made.sql
        assert "987654" not in made.sql
        assert "qqq" not in made.sql
        assert made.sql.count("%s") == len(made.params)


def test_rows_that_lift_each_other_come_out_alike() -> None:
    """No compiler lets them through; the engines agree all the same."""
    content = rule_set(
        quarantine("HOME", 14) | {"when": [{"fact": "transport", "op": "ONE_OF", "value": ["CAR"]}]},
        {"then": {"kind": "EXEMPT", "lifts": ["row-1", "row-3"]}},
        {"then": {"kind": "EXEMPT", "lifts": ["row-2"]}},
        {"then": {"kind": "REGISTER", "lifts": ["row-4"]}},
    ).content()
    with engines.engines() as asked:
        answers = {name: engine(Batch(content, [NOBODY], False)) for name, engine in asked.items()}
    assert set(answers) == set(ENGINES)
    assert answers["python"] == answers["typescript"] == answers["sql"] == [Verdict()]


def test_fired_rows_come_out_of_the_database_as_from_the_server() -> None:
    content = shipped("liaoning-2020-02-05").content
    made = fired(content, "told")
    statement = engines.TOLD.format(made.sql)
    with connection.cursor() as cursor:
        people = json.dumps([engines.row_of(0, NOBODY)], default=str)
        cursor.execute(statement, (*made.params, people))
        assert tuple(cursor.fetchone()[0]) == RuleSet(content).fired(NOBODY)


@pytest.mark.parametrize("slips", [False, True])
def test_the_command_answers_with_one_object_and_ends_with_1_where_engines_differ(
    slips: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "running", lambda progress: nullcontext())
    if slips:
        monkeypatch.setitem(conditions._COMPARED, "AT_LEAST", int.__gt__)
    words = ["screening", "agree", "--pairs", "4000", "--seed", "1", "--json"]
    assert command.run(parser("screening").parse_args(words)) == (1 if slips else 0)
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(answer) == ["pairs", "disagreements", "engines", "missing", "seconds", "seed", "examples"]
    assert (answer["pairs"], answer["seed"], answer["engines"]) == (4000, 1, list(ENGINES))
    assert bool(answer["disagreements"]) is bool(answer["examples"]) is slips
    for example in answer["examples"]:
        assert set(example) in ({"content", "lapsed", kind, "answers"} for kind in ("facts", "record"))
        assert set(example["answers"]) == set(ENGINES)


def test_the_command_says_which_engine_it_could_not_ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "running", lambda progress: nullcontext())
    monkeypatch.setattr(node, "RUN", ("false",))
    assert command.run(parser("screening").parse_args(["screening", "agree", "--pairs", "50"])) == 0
    said = capsys.readouterr().out
    assert "python、sql" in said
    assert "没有问 / not asked: 手机" in said
