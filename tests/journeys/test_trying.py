"""Trying a rule set on the last days: the same people, decided by the server's engine and by the database's, corrections included."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lianfang.checkpoints.models import Registration
from lianfang.checkpoints.queries.decisions import recorded_decision
from lianfang.checkpoints.services import correct
from lianfang.journeys import trying
from lianfang.journeys.deciding import facts_of
from lianfang.journeys.trying import MeasureChange, Tried, changes_between, tried
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.machine.postgres import Database
from lianfang.screening.book import AFFECTED_AREAS
from lianfang.screening.facts import Measure
from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import shipped
from tests import factories
from tests.factories import HAICHENG, XIUYAN, Generated, Intake, Json
from tests.noted import noted

STRICT: Json = {
    **shipped("affected-areas").content,
    "rows": [
        {
            "row": "shenyang",
            "when": [{"fact": "stays", "op": "UNDER", "value": ["2101"], "days": 14}],
            "unless": [{"fact": "purpose", "op": "ONE_OF", "value": ["FREIGHT"]}],
            "then": {"kind": "QUARANTINE", "place": "FACILITY", "days": 14},
            "say": {"zh": "请集中隔离。", "en": "Please quarantine at a facility."},
        },
        *shipped("affected-areas").content["rows"],
    ],
}
HOME: Measure = Measure("QUARANTINE", "affected-area", "HOME", 14)
ADDED = MeasureChange("QUARANTINE", None, ("FACILITY", 14))
MOVED = MeasureChange("QUARANTINE", ("HOME", 14), ("FACILITY", 14))


@pytest.fixture
def gate(clean: Database) -> Intake:
    factories.checkpoint("GATE")
    return Intake(clean, factories.device("GATE"))


@pytest.fixture
def generated() -> Generated:
    return Generated(seed=3)


def ask(by: Reach, content: Any = STRICT, days: int = 7, **more: Any) -> Tried:
    with reach(by) as seen:
        return tried(seen, content, days, datetime.now(UTC), **more)


def send(gate: Intake, generated: Generated, *people: Json, **header: Any) -> Json:
    car = generated.passage(people=list(people), **header)
    gate.send(generated.parcel(car))
    return car


def test_who_would_be_treated_differently_is_counted_by_township_and_by_change(
    gate: Intake, generated: Generated
) -> None:
    person = generated.person
    send(gate, generated, person(), person(), person(from_code="110105"))  # two of Shenyang, one of Beijing
    send(
        gate, generated, person(from_code="420106", stays=[{"code": "210103"}])
    )  # at home before, in a facility now
    send(gate, generated, person(destination={"code": "210381"}))  # a county and no township
    send(gate, generated, person(destination=None))
    send(gate, generated, person(), purpose="FREIGHT")
    send(gate, generated, person(), direction="OUT")
    found = ask(factories.officer())
    assert (found.people, found.different) == (7, 5)
    assert [(one.change, one.people, one.townships) for one in found.changes] == [
        (ADDED, 4, 1),
        (MOVED, 1, 1),
    ]
    assert [(one.code, one.people, one.different, dict(one.changes)) for one in found.townships] == [
        ("210381101", 5, 3, {ADDED: 2, MOVED: 1}),
        (None, 1, 1, {ADDED: 1}),
        ("210381", 1, 1, {ADDED: 1}),
    ]
    assert found.in_force.rule_set.hash == AFFECTED_AREAS.hash


def test_what_is_in_force_changes_nothing(gate: Intake, generated: Generated) -> None:
    send(gate, generated, generated.person(from_code="420106"))
    found = ask(factories.officer(), shipped("affected-areas").content)
    assert (found.people, found.different, found.changes) == (1, 0, ())


def test_only_the_days_asked_for_count_and_today_is_one_of_them(gate: Intake) -> None:
    today = datetime.now(UTC)
    for back in (0, 1, 6, 7, 27, 28):
        send(gate, Generated(seed=back, at=today - timedelta(days=back)), Generated(seed=back).person())
    by = factories.officer()
    assert [ask(by, days=days).people for days in (1, 2, 7, 8, 28)] == [1, 2, 3, 4, 5]
    assert [ask(by, days=days).days for days in (-5, 0, 999)] == [1, 1, 28]


def test_facts_are_those_after_corrections_and_people_move_with_them(
    gate: Intake, generated: Generated
) -> None:
    person, by = generated.person, factories.officer()
    named, turned, left = (send(gate, generated, person(**c)) for c in ({"from_code": "110105"}, {}, {}))
    out = send(gate, generated, person(), direction="OUT")
    correction(by, named["people"][0]["id"], {"from_code": "210103"})
    correction(by, turned["id"], {"purpose": "FREIGHT"})
    correction(by, left["id"], {"direction": "OUT"})
    correction(by, out["id"], {"direction": "IN"})
    found = ask(by)
    assert (found.people, found.different) == (3, 2)
    correction(by, named["people"][0]["id"], {"stays": [], "from_code": None})
    assert ask(by).different == 1


def correction(by: Reach, of: str, fields: Json) -> None:
    correct(by=by, of=UUID(of), fields=fields, reason="看错了", at=datetime.now(UTC))


@pytest.mark.parametrize("code", ["liaoning-2020-02-05", "jinzhou-2020", "basic"])
def test_the_database_decides_as_the_server_does_one_by_one(gate: Intake, code: str) -> None:
    chance, by = random.Random(11), factories.officer()
    generated = Generated(seed=11)
    cars = [
        generated.passage(people=[_anybody(generated, chance) for _ in range(2)], **_header(chance))
        for _ in range(60)
    ]
    gate.send(generated.parcel(*cars))
    for car in chance.sample(cars, k=20):
        correction(by, car["people"][0]["id"], {"from_code": chance.choice(["420106", "210103", None])})
    for car in chance.sample(cars, k=20):
        correction(by, car["id"], _header(chance))
    found = ask(by, shipped(code).content)
    after, expected = RuleSet(shipped(code).content), Counter[MeasureChange]()
    people = different = 0
    with reach(by) as seen:
        for id in Registration.objects.values_list("id", flat=True):
            record = recorded_decision(seen, id)
            assert record is not None
            facts = facts_of(record.standing)
            if facts.direction != "IN":
                continue
            changed = changes_between(AFFECTED_AREAS.decide(facts).measures, after.decide(facts).measures)
            people, different = people + 1, different + bool(changed)
            expected.update(changed)
    assert (found.people, found.different) == (people, different)
    assert {one.change: one.people for one in found.changes} == expected
    assert code == "basic" or different > 10


def _anybody(generated: Generated, chance: random.Random) -> Json:
    today = day_of(datetime.now(UTC))
    codes = ["420106", "210103", "130203", None]
    stays = [
        {"code": code, "to": (today - timedelta(days=chance.randrange(20))).isoformat()}
        for code in chance.choices(codes[:3], k=chance.randrange(3))
    ]
    return generated.person(
        from_code=chance.choice(codes),
        stays=stays,
        temperatures=[{"celsius": chance.choice([34.1, 36.5, 37.3, 38.0]), "state": "READ"}],
        resident=chance.choice([True, False, None]),
        case_contact=chance.choice([True, None, None]),
    )


def _header(chance: random.Random) -> Json:
    return {
        "direction": chance.choice(["IN", "IN", "OUT"]),
        "transport": chance.choice(["TRUCK", "CAR"]),
        "purpose": chance.choice(["FREIGHT", "MEDICAL", "VISIT", "TRANSIT", "RESIDENT_RETURN"]),
    }


def test_what_lapsed_binds_nobody_and_a_trial_says_who_would_be_bound_anew(
    gate: Intake, generated: Generated, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(gate, generated, generated.person(from_code="420106"))
    over = trying.RulesInForce(AFFECTED_AREAS, lapsed=True)
    monkeypatch.setattr(trying, "book", lambda: type("Book", (), {"at": staticmethod(lambda at: over)}))
    found = ask(factories.officer(), shipped("affected-areas").content)
    assert [one.change for one in found.changes] == [MeasureChange("QUARANTINE", None, ("HOME", 14))]


@pytest.mark.parametrize(
    "role", ["COUNTY_DESK", "TOWNSHIP_DESK", "CHECKPOINT_LEAD", "WALL", "ADMINISTRATOR", "AUDITOR"]
)
def test_nobody_but_headquarters_tries_rules(gate: Intake, role: str) -> None:
    with pytest.raises(Forbidden):
        ask(factories.officer(role, "210381101" if role == "TOWNSHIP_DESK" else HAICHENG))


def test_headquarters_of_one_county_does_not_try_for_the_whole_city(gate: Intake) -> None:
    factories.checkpoint("OTHER", division=XIUYAN)
    with pytest.raises(Forbidden):
        ask(factories.officer("HEADQUARTERS", HAICHENG))


def test_a_trial_is_noted_with_its_draft_and_names_nobody(gate: Intake, generated: Generated) -> None:
    send(gate, generated, generated.person())
    by = factories.officer()
    draft = "RULE_DRAFT 01a20000-0000-7000-8000-000000000001"
    found = ask(by, subject=draft)
    (entry,) = noted("RULES_TRIED")
    assert (entry.officer_id, entry.subject, entry.count) == (by.officer_id, draft, 1)
    assert entry.details == {"days": 7, "rule_set": found.rule_set, "different": 1}


def test_a_trial_that_takes_too_long_is_ended_and_says_so(
    gate: Intake, generated: Generated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "PATIENCE", timedelta(milliseconds=50))
    monkeypatch.setattr(trying, "TOWNSHIP_DIGITS", 9)
    real = trying._arrived
    monkeypatch.setattr(
        trying,
        "_arrived",
        lambda *asked: trying.put("{}, slow AS MATERIALIZED (SELECT pg_sleep(2))", real(*asked)),
    )
    send(gate, generated, generated.person())
    waiting = {**STRICT}
    monkeypatch.setattr(trying, "decided", lambda *_, **__: trying.put("(SELECT ARRAY[]::text[] FROM slow)"))
    with pytest.raises(Refusal, match="30"):
        ask(factories.officer(), waiting)


def test_changes_are_told_strongest_first_and_the_same_manner_is_no_change() -> None:
    register = Measure("REGISTER", "arrival")
    fever = Measure("FEVER_CLINIC", "fever")
    assert changes_between([HOME, register], [HOME, register]) == ()
    assert changes_between([HOME, register], [fever, register]) == (
        MeasureChange("FEVER_CLINIC", None, (None, None)),
        MeasureChange("QUARANTINE", ("HOME", 14), None),
    )
