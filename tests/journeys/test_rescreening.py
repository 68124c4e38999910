"""Arrivals screened again: numbers first, a second officer, slices that can be killed and done twice, and no surprises."""

import copy
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connections

from lianfang.checkpoints.models import Registration
from lianfang.journeys.rescreening import carrying_on, sizes, walking
from lianfang.journeys.rescreening.carrying_on import carry_all, carry_on, take_turn
from lianfang.journeys.rescreening.counts import RescreeningCounts
from lianfang.journeys.rescreening.laying import lay_anew
from lianfang.journeys.rescreening.queries import later_decisions
from lianfang.journeys.rescreening.services import approve, dry_run, propose, refuse, stop
from lianfang.journeys.rescreening.sizes import COUNTING, WRITING, WRITING_IN_ORDER, Sizes
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.screening.models import Rescreened, Rescreening
from lianfang.screening.queries import book
from tests import factories
from tests.factories import HAICHENG, XIUYAN
from tests.journeys.conftest import DAY, NOW, TODAY, WENZHOU, Gate, Rules

WENZHOU_COUNTY = {"from_code": "330302"}
ALL_SIZES = ("COUNTING", "COUNTING_IN_ORDER", "WRITING", "WRITING_IN_ORDER")
ELSEWHERE = {"destination": {"code": "210381105200"}}


def test_the_numbers_come_first_and_are_those_that_are_carried_out(gate: Gate, rules: Rules) -> None:
    there = gate.register(WENZHOU_COUNTY, {}, {**WENZHOU_COUNTY, **ELSEWHERE})
    stayed = gate.register({"stays": [{"code": "330300", "to": str(TODAY - 6 * DAY)}], "destination": None})
    gate.register({"from_code": "420100"})
    rules.add_area()
    numbers = gate.numbers()
    counted = RescreeningCounts.of(numbers.counts)
    assert (counted.gain, counted.lose, counted.changes) == (3, 0, {"ADDED QUARANTINE": 3})
    assert counted.townships == {
        township: {"gain": 1, "ADDED QUARANTINE": 1} for township in ("210381101", "210381105", "")
    }
    assert not gate.decisions(), "a dry run writes nothing"

    done = gate.carry_out(numbers)
    assert done.state == "DONE"
    carried = RescreeningCounts.of(done.done)
    assert (carried.gain, carried.townships, carried.looked) == (3, counted.townships, counted.looked)
    assert set(gate.decisions()) == {there[0], there[2], *stayed}
    one = gate.decisions()[there[2]]
    assert one.measures == ["QUARANTINE", "REGISTER"]
    assert one.details[0] == {"kind": "QUARANTINE", "row": "affected-area", "place": "HOME", "days": 14}
    assert (one.before, one.stands) == (["REGISTER"], ["QUARANTINE HOME 14", "REGISTER"])
    assert (one.rule_set, one.rule_rows) == (numbers.rule_set, ["affected-area", "arrival"])
    assert (one.destination_code, one.captured_on, one.at) == ("210381105200", TODAY - 5 * DAY, NOW)


def test_registrations_are_not_touched(gate: Gate, rules: Rules) -> None:
    (id,) = gate.register(WENZHOU_COUNTY)
    before = Registration.objects.using("owner").filter(pk=id).values().get()
    rules.add_area()
    gate.carry_out(gate.numbers())
    assert Registration.objects.using("owner").filter(pk=id).values().get() == before
    assert gate.facts(id)[0].measures == ["QUARANTINE HOME 14", "REGISTER"]


def test_only_who_stayed_in_an_area_that_changed_is_looked_at_and_the_answer_is_that_of_all(
    gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.register(WENZHOU_COUNTY, {}, {}, {"stays": [{"code": "330300"}], "from_code": "330300"})
    (corrected,) = gate.register()
    gate.correct(corrected, {"from_code": "420100"})
    gate.register({"stays": [{"code": "330300"}, {"code": "330302"}, {"code": "330304"}]})
    rules.add_area()
    narrow = gate.numbers()
    assert narrow.places == ["3303"]
    assert RescreeningCounts.of(narrow.counts).looked == 4
    monkeypatch.setattr(carrying_on, "places_that_changed", lambda now, before: None)
    wide = gate.numbers()
    assert wide.places is None
    assert RescreeningCounts.of(wide.counts).looked == 6
    assert RescreeningCounts.of(wide.counts).townships == RescreeningCounts.of(narrow.counts).townships
    assert RescreeningCounts.of(wide.counts).gain == 4


def test_rules_that_changed_in_more_than_areas_look_at_everybody(gate: Gate, rules: Rules) -> None:
    gate.register({"temperatures": [{"celsius": 37.1}]}, {})
    content = rules.with_areas()
    content["rows"][0]["when"][0]["value"] = 370
    rules.put(content)
    numbers = gate.numbers()
    assert numbers.places is None
    assert RescreeningCounts.of(numbers.counts).changes == {"ADDED FEVER_CLINIC": 1}


def test_another_sentence_changes_nobody(gate: Gate, rules: Rules) -> None:
    gate.register(WENZHOU_COUNTY)
    content = rules.with_areas(WENZHOU)
    content["rows"][2]["say"]["zh"] = "请配合。"
    rules.put(content)
    assert gate.numbers().places == ["3303"]


def test_who_would_lose_a_measure_is_told_and_never_released(gate: Gate, rules: Rules) -> None:
    hubei, wenzhou = gate.register({"from_code": "420100"}, WENZHOU_COUNTY)
    rules.put({**rules.with_areas(), "areas": [WENZHOU]})
    numbers = gate.numbers()
    assert RescreeningCounts.of(numbers.counts).changes == {"LOST QUARANTINE": 1, "ADDED QUARANTINE": 1}
    assert (RescreeningCounts.of(numbers.counts).gain, RescreeningCounts.of(numbers.counts).lose) == (1, 1)
    gate.carry_out(numbers)
    assert set(gate.decisions()) == {wenzhou}
    assert gate.facts(hubei)[0].measures == ["QUARANTINE HOME 14", "REGISTER"]
    assert RescreeningCounts.of(gate.numbers().counts).changes == {"LOST QUARANTINE": 1}, "told again"


def test_a_stricter_measure_is_written_and_a_milder_one_is_only_told(gate: Gate, rules: Rules) -> None:
    (id,) = gate.register({"from_code": "420100"})
    content = rules.with_areas()
    content["rows"][2]["then"] = {"kind": "QUARANTINE", "place": "FACILITY", "days": 14}
    rules.put(content, since=NOW - 2 * DAY)
    done = gate.carry_out(gate.numbers())
    assert RescreeningCounts.of(done.done).changes == {"STRICTER QUARANTINE": 1}
    assert gate.decisions()[id].before == ["QUARANTINE HOME 14", "REGISTER"]
    rules.put(rules.content, since=NOW - DAY)
    milder = gate.numbers()
    assert RescreeningCounts.of(milder.counts).changes == {"MILDER QUARANTINE": 1}
    with pytest.raises(Refusal, match="NOTHING_TO_DO"):
        propose(by=gate.first, at=NOW, id=milder.pk, reason="x")


def test_slices_however_small_do_the_same(gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, 2)
    ids = [
        id
        for _ in range(7)
        for id in gate.register(WENZHOU_COUNTY, {}, {"stays": [{"code": "330300"}], **WENZHOU_COUNTY})
    ]
    rules.add_area()
    numbers = gate.numbers()
    assert RescreeningCounts.of(numbers.counts).slices == 8
    done = gate.carry_out(numbers)
    assert (RescreeningCounts.of(done.done).gain, RescreeningCounts.of(done.done).looked) == (14, 14)
    assert len(gate.decisions()) == 14
    assert set(gate.decisions()) == {id for n, id in enumerate(ids) if n % 3 != 1}


def at_most(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Slices of so many people, or pages."""
    for name in ALL_SIZES:
        monkeypatch.setattr(sizes, name, Sizes(size, size, size))


class Killed(BaseException):
    pass


def test_killed_in_the_middle_of_a_slice_it_goes_on_from_the_last(
    gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, 2)
    for _ in range(3):
        gate.register(WENZHOU_COUNTY, WENZHOU_COUNTY)
    rules.add_area()
    gate.approved(gate.numbers())
    carry_on(gate.worker, at=NOW)
    assert len(gate.decisions()) == 2
    move = carrying_on._move

    def killed(*args: Any) -> None:
        move(*args)
        raise Killed

    monkeypatch.setattr(carrying_on, "_move", killed)
    with pytest.raises(Killed):
        carry_on(gate.worker, at=NOW)
    assert len(gate.decisions()) == 2, "the slice stands whole or not at all"
    monkeypatch.setattr(carrying_on, "_move", move)
    carrying_on._deciders.clear()  # another process
    carry_all(gate.worker, at=NOW)
    done = Rescreening.objects.get()
    assert (done.state, RescreeningCounts.of(done.done).gain, len(gate.decisions())) == ("DONE", 6, 6)


def test_the_same_slice_done_twice_writes_once(gate: Gate, rules: Rules) -> None:
    gate.register(WENZHOU_COUNTY, WENZHOU_COUNTY)
    rules.add_area()
    gate.approved(gate.numbers())
    carry_on(gate.worker, at=NOW)
    first = gate.decisions()
    Rescreening.objects.update(state="RUNNING", position=0, position_id=UUID(int=0))
    carry_all(gate.worker, at=NOW + timedelta(hours=1))
    assert {id: one.at for id, one in gate.decisions().items()} == {id: one.at for id, one in first.items()}


def test_what_came_between_the_numbers_and_the_act_is_done_too_and_told_apart(
    gate: Gate, rules: Rules
) -> None:
    known, mended = gate.register(WENZHOU_COUNTY, WENZHOU_COUNTY)
    (found,) = gate.register()
    rules.add_area()
    numbers = gate.numbers()
    (late,) = gate.register(WENZHOU_COUNTY, received=NOW)
    gate.correct(mended, {"from_code": "210103"})
    gate.correct(found, {"from_code": "330302"})
    done = gate.carry_out(numbers)
    counted, carried = RescreeningCounts.of(numbers.counts), RescreeningCounts.of(done.done)
    assert (counted.gain, carried.gain) == (2, 3)
    assert (carried.new, carried.corrected) == (1, 2)
    assert set(gate.decisions()) == {known, found, late}


def test_who_is_corrected_after_being_decided_again_waits_for_the_next(gate: Gate, rules: Rules) -> None:
    (id,) = gate.register(WENZHOU_COUNTY)
    rules.add_area()
    gate.carry_out(gate.numbers())
    gate.correct(id, {"from_code": "210103"})
    again = gate.numbers()
    assert RescreeningCounts.of(again.counts).changes == {"LOST QUARANTINE": 1}
    assert gate.facts(id)[0].measures == ["QUARANTINE HOME 14", "REGISTER"], (
        "laid again with what was decided last"
    )
    assert gate.facts(id)[0].rule_set == again.rule_set


def test_an_empty_city_and_days_without_anybody_have_an_answer(gate: Gate, rules: Rules) -> None:
    rules.add_area()
    empty = gate.numbers()
    assert empty.counted_at == NOW
    assert RescreeningCounts.of(empty.counts).looked == 0
    gate.register(WENZHOU_COUNTY)
    assert RescreeningCounts.of(gate.numbers(since=TODAY, until=TODAY).counts).looked == 0


def test_a_rule_set_that_lapsed_or_was_replaced_refuses_every_step(gate: Gate, rules: Rules) -> None:
    gate.register(WENZHOU_COUNTY)
    rules.add_area(until=NOW + DAY)
    later = NOW + DAY + timedelta(minutes=1)
    with pytest.raises(Refusal, match="NO_RULES_IN_FORCE"):
        dry_run(by=gate.first, at=later, since=TODAY, until=TODAY)
    numbers = gate.numbers(at=NOW + timedelta(hours=20))
    with pytest.raises(Refusal, match="RULES_CHANGED"):
        propose(by=gate.first, at=later, id=numbers.pk, reason="x")
    propose(by=gate.first, at=NOW + timedelta(hours=21), id=numbers.pk, reason="x")
    with pytest.raises(Refusal, match="RULES_CHANGED"):
        approve(by=gate.second, at=later, id=numbers.pk)
    approve(by=gate.second, at=NOW + timedelta(hours=22), id=numbers.pk)
    carry_all(gate.worker, at=later)
    stopped = Rescreening.objects.get(pk=numbers.pk)
    assert (stopped.state, stopped.answer) == ("STOPPED", "RULES_CHANGED")
    assert not gate.decisions()


def test_a_count_under_way_stops_with_its_rules_and_keeps_nobody_waiting(
    gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where nobody can read any more what they were: the schedule has other things to do."""
    gate.register(WENZHOU_COUNTY)
    rules.add_area()
    asked = dry_run(by=gate.first, at=NOW, since=TODAY, until=TODAY)
    Rescreening.objects.filter(pk=asked.pk).update(rule_set="0123456789abcdef")
    carry_all(gate.worker, at=NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.counted_at) == ("STOPPED", "RULES_CHANGED", None)
    assert gate.numbers().counted_at == NOW


def test_numbers_are_good_for_a_day_and_until_another_was_carried_out(gate: Gate, rules: Rules) -> None:
    gate.register(WENZHOU_COUNTY)
    rules.add_area()
    old, other = gate.numbers(), gate.numbers()
    with pytest.raises(Refusal, match="NUMBERS_OLD"):
        propose(by=gate.first, at=NOW + timedelta(hours=24, minutes=1), id=old.pk, reason="x")
    propose(by=gate.first, at=NOW, id=old.pk, reason="x")
    gate.carry_out(other, at=NOW + timedelta(minutes=1))
    with pytest.raises(Refusal, match="NUMBERS_OLD"):
        approve(by=gate.second, at=NOW + timedelta(minutes=2), id=old.pk)


def test_two_officers_of_the_whole_city_and_one_at_a_time(gate: Gate, rules: Rules) -> None:
    gate.register(WENZHOU_COUNTY)
    rules.add_area()
    first, other = gate.numbers(), gate.numbers()
    for one in (first, other):
        propose(by=gate.first, at=NOW, id=one.pk, reason="温州")
    with pytest.raises(Refusal, match="SAME_OFFICER"):
        approve(by=gate.first, at=NOW, id=first.pk)
    approve(by=gate.second, at=NOW, id=first.pk)
    with pytest.raises(Refusal, match="ANOTHER_RUNS"):
        approve(by=gate.second, at=NOW, id=other.pk)
    with pytest.raises(IntegrityError):
        Rescreening.objects.filter(pk=other.pk).update(state="RUNNING", decided_by=gate.second.officer_id)
    with pytest.raises(IntegrityError):
        Rescreening.objects.filter(pk=first.pk).update(decided_by=gate.first.officer_id)
    with pytest.raises(Refusal, match="STATE_CHANGED"):
        approve(by=gate.second, at=NOW, id=first.pk)


@pytest.mark.parametrize(
    "who",
    [
        ("COUNTY_DESK", HAICHENG),
        ("TOWNSHIP_DESK", "210381101"),
        ("HEADQUARTERS", XIUYAN),
        ("AUDITOR", "210300"),
    ],
)
def test_nobody_else_may(gate: Gate, rules: Rules, who: tuple[str, str]) -> None:
    gate.register(WENZHOU_COUNTY)
    rules.add_area()
    numbers = gate.numbers()
    other: Reach = factories.officer(*who)
    said: dict[str, Any] = {"by": other, "at": NOW}
    for act in (
        lambda: dry_run(**said, since=TODAY, until=TODAY),
        lambda: propose(**said, id=numbers.pk, reason="x"),
        lambda: approve(**said, id=numbers.pk),
        lambda: refuse(**said, id=numbers.pk, answer="x"),
        lambda: stop(**said, id=numbers.pk, answer="x"),
    ):
        with pytest.raises(Refusal, match=r"NOT_PERMITTED|OUT_OF_REACH"):
            act()


def test_days_lie_within_those_that_are_kept(gate: Gate, rules: Rules) -> None:
    rules.add_area()
    for since, until in ((TODAY, TODAY + DAY), (TODAY - 60 * DAY, TODAY), (TODAY, TODAY - DAY)):
        with pytest.raises(Refusal, match="DAYS_OUT_OF_BOUNDS"):
            dry_run(by=gate.first, at=NOW, since=since, until=until)


def test_stopped_it_leaves_what_was_decided_and_decides_no_more(
    gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, 1)
    gate.register(WENZHOU_COUNTY, WENZHOU_COUNTY, WENZHOU_COUNTY)
    rules.add_area()
    going = gate.approved(gate.numbers())
    carry_on(gate.worker, at=NOW)
    with pytest.raises(Refusal, match="REASON_MISSING"):
        stop(by=gate.first, at=NOW, id=going.pk, answer=" ")
    stop(by=gate.first, at=NOW, id=going.pk, answer="名单有误")
    carry_all(gate.worker, at=NOW)
    assert Rescreening.objects.get(pk=going.pk).state == "STOPPED"
    assert len(gate.decisions()) == 1
    assert (
        RescreeningCounts.of(gate.carry_out(gate.numbers(at=NOW + DAY / 24), at=NOW + DAY / 24).done).gain
        == 2
    )


def test_refused_or_taken_back_it_is_never_done(gate: Gate, rules: Rules) -> None:
    gate.register(WENZHOU_COUNTY)
    rules.add_area()
    one = gate.numbers()
    propose(by=gate.first, at=NOW, id=one.pk, reason="x")
    refuse(by=gate.second, at=NOW, id=one.pk, answer="先问县里")
    carry_all(gate.worker, at=NOW)
    assert not gate.decisions()
    with pytest.raises(Refusal, match="STATE_CHANGED"):
        approve(by=gate.second, at=NOW, id=one.pk)


def test_every_step_is_written_down(gate: Gate, rules: Rules) -> None:
    gate.register(WENZHOU_COUNTY)
    rules.add_area()
    done = gate.carry_out(gate.numbers())
    noted = list(
        AuditEntry.objects.using("owner")
        .filter(subject=f"RESCREENING {done.pk}")
        .order_by("pk")
        .values_list("act", "officer_id", "count")
    )
    assert [act for act, _, _ in noted] == [
        "RESCREENING_COUNTED",
        "RESCREENING_PROPOSED",
        "RESCREENING_APPROVED",
        "RESCREENED",
    ]
    assert [who for _, who, _ in noted] == [
        gate.first.officer_id,
        gate.first.officer_id,
        gate.second.officer_id,
        None,
    ]
    assert noted[-1][2] == 1


def test_later_decisions_are_told_within_reach(gate: Gate, rules: Rules) -> None:
    ids = [UUID(id) for id in gate.register(WENZHOU_COUNTY, {})]
    rules.add_area()
    done = gate.carry_out(gate.numbers())
    for desk, seen in (
        (factories.officer("COUNTY_DESK", HAICHENG), [ids[0]]),
        (factories.officer("COUNTY_DESK", XIUYAN), []),
    ):
        with reach(desk) as session:
            later = later_decisions(session, ids)
        assert list(later) == seen
    with reach(gate.first) as session:
        (one,) = later_decisions(session, ids)[ids[0]]
    assert (one.rule_set, one.rescreening_id, one.at) == (done.rule_set, done.pk, NOW)
    assert one.measures[0] == (
        "QUARANTINE",
        "affected-area",
        "HOME",
        14,
    )
    assert one.before == ("REGISTER",)


def test_a_slice_grows_and_shrinks_towards_what_it_is_meant_to_take() -> None:
    assert COUNTING.next(1000, 0.01) == 2000
    assert COUNTING.next(1000, 0.5) == 500
    assert COUNTING.next(100_000, 0.1) == 100_000
    assert COUNTING.next(60, 2.0) == 50


def test_a_slice_that_writes_begins_small_and_does_not_grow_where_nobody_gains() -> None:
    for one in (WRITING, WRITING_IN_ORDER):
        assert one.next(one.first, 0.001) == one.first == one.largest
    assert WRITING.largest * 30 <= 2_000 >= WRITING_IN_ORDER.largest
    assert WRITING_IN_ORDER.next(1_000, 9.0) == 250, (
        "what all slices take for looking gains nothing by fewer people"
    )


def test_where_those_of_some_places_are_many_everybody_is_walked_by_pages(
    gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.register(WENZHOU_COUNTY, {}, {**WENZHOU_COUNTY, **ELSEWHERE})
    gate.register(WENZHOU_COUNTY)
    rules.add_area()
    few = gate.numbers()
    monkeypatch.setattr(walking, "MOST_IN_ORDER", 2)
    many = gate.numbers()
    for one, looked, position_id in ((few, 3, True), (many, 4, False)):
        assert one.places == ["3303"], "why they are looked at is told the same"
        assert RescreeningCounts.of(one.counts).looked == looked
        assert (one.position_id is not None) is position_id
    assert RescreeningCounts.of(few.counts).townships == RescreeningCounts.of(many.counts).townships
    done = gate.carry_out(many)
    assert (done.state, RescreeningCounts.of(done.done).gain, len(gate.decisions())) == ("DONE", 3, 3)


def test_a_turn_takes_slices_for_a_while(gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, 1)
    gate.register(WENZHOU_COUNTY, WENZHOU_COUNTY, WENZHOU_COUNTY)
    rules.add_area()
    gate.approved(gate.numbers())
    monkeypatch.setattr(carrying_on, "MEANT", 0.0)
    take_turn(gate.worker, at=NOW)
    assert len(gate.decisions()) == 1
    monkeypatch.setattr(carrying_on, "MEANT", 60.0)
    take_turn(gate.worker, at=NOW)
    assert (len(gate.decisions()), Rescreening.objects.get().state) == (3, "DONE")


def test_whose_quarantine_is_over_by_now_is_told(gate: Gate, rules: Rules) -> None:
    for days_ago in (1, 14, 15, 20):
        gate.register(WENZHOU_COUNTY, on=TODAY - days_ago * DAY)
    rules.add_area()
    counted = RescreeningCounts.of(gate.numbers().counts)
    assert (counted.gain, counted.over) == (4, 2)
    content = rules.with_areas(WENZHOU)
    notice = {**copy.deepcopy(content["rows"][2]), "row": "notice", "then": {"kind": "NOTIFY_GRID"}}
    rules.put({**content, "rows": [*content["rows"], notice]})
    told = RescreeningCounts.of(gate.numbers().counts)
    assert (told.gain, told.over) == (4, 0), "their grids are given notice whenever they came"


def test_a_count_that_is_under_way_begins_anew_when_another_is_carried_out(
    gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, 1)
    gate.register(WENZHOU_COUNTY, WENZHOU_COUNTY)
    rules.add_area()
    numbers = gate.numbers()
    propose(by=gate.first, at=NOW, id=numbers.pk, reason="x")
    other = dry_run(by=gate.first, at=NOW, since=TODAY - 20 * DAY, until=TODAY)
    carry_on(gate.worker, at=NOW)
    other.refresh_from_db()
    assert RescreeningCounts.of(other.counts).gain == 1
    approve(by=gate.second, at=NOW, id=numbers.pk)
    carry_all(gate.worker, at=NOW + timedelta(minutes=1))
    other.refresh_from_db()
    assert (RescreeningCounts.of(other.counts).gain, other.counted_at) == (0, NOW + timedelta(minutes=1))


def test_it_is_known_by_which_rules_they_were_decided_and_when_it_moved_last(
    gate: Gate, rules: Rules
) -> None:
    gate.register(WENZHOU_COUNTY)
    before = book(anew=True).at(NOW).rule_set.hash
    rules.add_area()
    counted = RescreeningCounts.of(gate.numbers().counts)
    assert counted.against == [before]
    assert counted.begun_at == counted.moved_at == NOW.isoformat()


def test_decisions_outlive_facts_that_are_laid_anew(gate: Gate, rules: Rules) -> None:
    (id,) = gate.register(WENZHOU_COUNTY)
    rules.add_area()
    gate.carry_out(gate.numbers())
    before = gate.facts(id)[0]
    lay_anew(gate.worker, at=NOW)
    after = gate.facts(id)[0]
    assert (after.measures, after.rule_set, after.rule_rows) == (
        before.measures,
        before.rule_set,
        before.rule_rows,
    )
    assert RescreeningCounts.of(gate.numbers(at=NOW + DAY / 24).counts).gain == 0
    assert Rescreened.objects.using("owner").count() == 1
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM screening_fact WHERE anew")
        assert cursor.fetchone() == (0,)


def test_facts_that_are_laid_anew_in_the_middle_lose_nobody(
    gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `lianfang rebuild` does: they lie on other pages then."""
    at_most(monkeypatch, 1)
    ids = [gate.register(WENZHOU_COUNTY)[0] for _ in range(120)][:120]
    content = rules.with_areas(WENZHOU)
    content["rows"][0]["when"][0]["value"] = 372
    rules.put(content)
    gate.approved(gate.numbers())
    carry_on(gate.worker, at=NOW)
    some = len(gate.decisions())
    assert 0 < some < 120
    lay_anew(gate.worker, at=NOW)
    carry_all(gate.worker, at=NOW)
    assert set(gate.decisions()) == set(ids)


def test_whoever_was_written_is_not_looked_at_again_on_the_page_his_facts_moved_to(
    gate: Gate, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, 1)
    for _ in range(40):
        gate.register(WENZHOU_COUNTY, WENZHOU_COUNTY, WENZHOU_COUNTY)
    content = rules.with_areas(WENZHOU)
    content["rows"][0]["when"][0]["value"] = 372
    rules.put(content)
    done = RescreeningCounts.of(gate.carry_out(gate.numbers()).done)
    assert done.slices > 2
    assert (done.looked, done.gain, len(gate.decisions())) == (120, 120, 120)
