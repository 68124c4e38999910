"""Facts of arrivals as corrected: what is laid, when it is laid again, and what is not kept."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from lianfang.command.queries import session_reach
from lianfang.command.services import open_session
from lianfang.journeys.rescreening import laid, laying
from lianfang.journeys.rescreening.laying import forget_old, lay, lay_all, lay_anew, lay_when_due
from lianfang.kernel.reach import reach
from lianfang.screening.models import Rescreened, ScreeningFact
from tests import factories
from tests.factories import HAICHENG, XIUYAN
from tests.journeys.conftest import DAY, NOW, TODAY, Gate, Rules

WUHAN = {"code": "420100", "from": "2020-01-20", "to": "2020-02-14"}


def everything() -> list[dict[str, Any]]:
    rows = ScreeningFact.objects.using("owner").order_by("registration_id", "code").values()
    return [{name: value for name, value in row.items() if name != "pk"} for row in rows]


def test_a_person_has_a_row_for_every_place_and_one_by_which_he_is_counted(gate: Gate) -> None:
    stays = [WUHAN, {"code": "330300"}, {"code": "420100"}]
    (id,) = gate.register({"from_code": "210100", "stays": stays, "resident": True, "symptoms": ["COUGH"]})
    gate.lay()
    rows = gate.facts(id)
    assert [(row.code, row.is_first) for row in rows] == [
        ("210100", True),
        ("330300", False),
        ("420100", False),
    ]
    for row in rows:
        assert (row.from_code, row.captured_on, row.direction, row.resident) == (
            "210100",
            TODAY - 5 * DAY,
            "IN",
            True,
        )
        assert row.symptoms == ["COUGH"]
        assert len(row.stays) == 3
        assert row.measures == ["FEVER_CLINIC", "QUARANTINE HOME 14", "REGISTER"]
        assert not row.anew


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"from_code": None, "stays": [{"code": "330300"}]}, "330300"),
        ({"from_code": None}, ""),
        ({"from_code": "42"}, "420000"),
    ],
)
def test_who_says_nothing_of_where_he_comes_from_is_counted_as_well(
    gate: Gate, person: Any, code: str
) -> None:
    (id,) = gate.register(person)
    gate.lay()
    assert [(row.code, row.is_first) for row in gate.facts(id)] == [(code, True)]


def test_corrections_of_the_person_and_of_the_passage_lie_over_the_facts(gate: Gate) -> None:
    (id,) = gate.register({"from_code": "420100", "symptoms": ["COUGH"]})
    gate.lay()
    fields = {
        "from_code": "210300", "stays": [{"code": "330300", "to": "2020-02-10"}], "symptoms": [], "resident": False,
        "temperatures": [{"celsius": 37.4}], "answers": {"in_lockdown": True}, "case_contact": True,
    }  # fmt: skip
    gate.correct(id, fields)
    gate.correct(gate.passage, {"direction": "OUT", "purpose": "FREIGHT", "transport": "TRUCK"})
    gate.lay()
    rows = gate.facts(id)
    assert [(row.code, row.is_first) for row in rows] == [("210300", True), ("330300", False)]
    row = rows[0]
    assert (row.from_code, row.symptoms, row.resident, row.celsius_tenths) == ("210300", [], False, 374)
    assert (row.direction, row.purpose, row.transport, row.case_contact) == ("OUT", "FREIGHT", "TRUCK", True)
    assert row.answer_codes == {"in_lockdown": True}
    assert row.stays == [{"code": "330300", "from": None, "to": "2020-02-10"}]
    assert row.anew
    assert row.measures[:2] == ["FEVER_CLINIC", "QUARANTINE HOME 14"], "what was decided stays decided"


def test_a_correction_of_a_telephone_makes_nobody_to_be_looked_at_again(gate: Gate) -> None:
    (id,) = gate.register()
    gate.correct(id, {"phone": "13900001234"})
    gate.lay()
    assert [row.anew for row in gate.facts(id)] == [False]


def test_who_was_decided_while_the_rules_had_lapsed_is_to_be_looked_at_again(
    gate: Gate, rules: Rules
) -> None:
    rules.cut(NOW - 6 * DAY)
    (id,) = gate.register({"from_code": "420100"})
    gate.lay()
    assert [(row.anew, row.measures) for row in gate.facts(id)] == [(True, ["REGISTER"])]


def test_slices_lay_the_same_as_one_go_and_the_same_again(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [id for _ in range(4) for id in gate.register({}, {"stays": [WUHAN]})]
    gate.lay()
    gate.correct(ids[0], {"from_code": "330300"})
    gate.correct(gate.passage, {"purpose": "MEDICAL"})
    gate.register({"from_code": "330300"})
    gate.lay()
    at_once = everything()
    monkeypatch.setattr(laying, "AT_ONCE", 1)
    lay_anew(gate.worker, at=NOW)
    assert everything() == at_once
    assert len({row["registration_id"] for row in at_once}) == 9


def test_few_wait_until_many_have_come_or_a_day_has_passed(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.register()
    lay_when_due(gate.worker, at=NOW)
    assert len(everything()) == 1, "nothing was ever laid"
    gate.register()
    lay_when_due(gate.worker, at=NOW + timedelta(hours=23))
    assert len(everything()) == 1
    lay_when_due(gate.worker, at=NOW + DAY)
    assert len(everything()) == 2
    monkeypatch.setattr(laying, "AT_ONCE", 3)
    for _ in range(5):
        gate.register()
    lay_when_due(gate.worker, at=NOW + DAY)
    assert len(everything()) == 5, "three of the five; two wait"
    lay_all(gate.worker, at=NOW)
    assert len(everything()) == 7


def test_a_transaction_that_still_writes_is_waited_for(gate: Gate) -> None:
    place = gate.database.parameters("owner")
    with psycopg.connect(**place) as writing:  # type: ignore[arg-type]
        writing.execute("SELECT pg_current_xact_id()")
        (id,) = gate.register()
        gate.lay()
        assert not gate.facts(id)
    gate.lay()
    assert gate.facts(id)


def test_arrivals_of_before_sixty_days_are_neither_laid_nor_kept(gate: Gate) -> None:
    (old,), (young,) = gate.register(on=TODAY - 60 * DAY), gate.register(on=TODAY - 59 * DAY)
    gate.lay()
    assert not gate.facts(old)
    assert gate.facts(young)
    assert forget_old(gate.worker, at=NOW) == 0
    assert forget_old(gate.worker, at=NOW + DAY) == 1
    assert not gate.facts(young)


def test_those_who_are_forgotten_are_found_without_reading_all_that_stay(gate: Gate) -> None:
    gate.register(on=TODAY - 60 * DAY)
    gate.lay()
    with reach(gate.worker), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {laid.FORGET}", {"since": TODAY})
        assert "screening_fact_by_day" in "".join(line for (line,) in cursor.fetchall())


def test_a_working_session_of_somebody_who_is_not_the_worker_writes_nothing(gate: Gate) -> None:
    gate.register()
    gate.lay()
    day = timedelta(days=1)
    id = open_session(officer_id=gate.first.officer_id, kind="WORK", lasts=day, idle=day)
    working = session_reach(id)
    assert working is not None
    with reach(working):
        assert ScreeningFact.objects.count() == 1, "it is within reach"
        assert ScreeningFact.objects.update(code="42") == 0
        assert ScreeningFact.objects.all().delete()[0] == 0
    with pytest.raises(DatabaseError), reach(working), connection.cursor() as cursor:
        cursor.execute("INSERT INTO screening_fact SELECT * FROM screening_fact")


def test_what_was_purged_has_no_facts(gate: Gate) -> None:
    (id,) = gate.register()
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE registration SET sealed = NULL")
    gate.correct(id, {"from_code": "420100"})
    gate.lay()
    assert not gate.facts(id)


def test_facts_are_seen_within_reach_and_written_by_the_worker_alone(gate: Gate) -> None:
    gate.register()
    gate.lay()
    for desk, seen in (
        (factories.officer("COUNTY_DESK", HAICHENG), 1),
        (factories.officer("COUNTY_DESK", XIUYAN), 0),
    ):
        with reach(desk):
            assert ScreeningFact.objects.count() == seen
            assert ScreeningFact.objects.all().delete()[0] == 0
            assert ScreeningFact.objects.update(code="42") == 0
    assert ScreeningFact.objects.count() == 0, "without a session nothing is seen"
    with pytest.raises(DatabaseError), reach(gate.first), connection.cursor() as cursor:
        cursor.execute("INSERT INTO screening_fact SELECT * FROM screening_fact")
    for statement in ("UPDATE rescreened SET at = now()", "DELETE FROM rescreened"):
        with pytest.raises(DatabaseError), reach(gate.worker), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Rescreened.objects.count() == 0


def test_a_position_of_another_cluster_is_left_to_the_rebuild(gate: Gate) -> None:
    gate.register()
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE screening_position SET next_tx = next_tx + 5000000")
    assert lay(gate.worker, at=NOW) is False
    assert everything() == []
    lay_anew(gate.worker, at=NOW)
    assert len(everything()) == 1
