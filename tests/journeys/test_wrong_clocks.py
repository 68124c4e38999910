"""A phone whose clock is wrong: the rules of the moment it really was decide, here as on the phone; what it told stays told."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lianfang.checkpoints.intake.moments import read_moment
from lianfang.checkpoints.models import Registration
from lianfang.journeys.deciding import decision_file
from lianfang.kernel.reach import reach
from tests.factories import Generated, Intake, Json
from tests.journeys.conftest import DAY, NOW, Gate, Rules

MINUTE = timedelta(minutes=1)
ORDER = NOW - DAY  # from then on whoever comes from Wenzhou is quarantined
REGISTER, QUARANTINE = ["REGISTER"], ["QUARANTINE", "REGISTER"]


def ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def sent(
    gate: Gate, happened: datetime, *, behind: timedelta, received: datetime, **parcel: Any
) -> Registration:
    """Somebody from Wenzhou, at a phone whose clock is so far behind."""
    gate.seed += 1
    made = Generated(gate.seed, at=happened - behind)
    passage = made.passage(people=[made.person(from_code="330300")])
    told: Json = {**made.parcel(passage), "clock_offset_ms": ms(behind), **parcel}
    gate.send({name: value for name, value in told.items() if value is not None}, received)
    row: Registration = Registration.objects.using("owner").get(pk=passage["people"][0]["id"])
    return row


@pytest.mark.parametrize(
    ("happened", "behind", "decided"),
    [
        (ORDER + MINUTE, 40 * MINUTE, QUARANTINE),  # its clock says that the order is still to come
        (ORDER, MINUTE, QUARANTINE),
        (ORDER - MINUTE, 40 * MINUTE, REGISTER),
        (ORDER - MINUTE, -10 * MINUTE, REGISTER),  # its clock says that the order has come
        (ORDER - MINUTE, -120 * MINUTE, REGISTER),  # by a clock that is not believed
        (ORDER + MINUTE, 365 * DAY, QUARANTINE),
        (ORDER - MINUTE, 365 * DAY, REGISTER),  # kept on the phone when the order came
        (ORDER + 10 * timedelta(seconds=1), timedelta(seconds=59), REGISTER),  # near enough: as it says
    ],
)
def test_the_rules_of_the_moment_it_really_was_decide(
    gate: Gate, rules: Rules, happened: datetime, behind: timedelta, decided: list[str]
) -> None:
    rules.add_area(since=ORDER)
    row = sent(gate, happened, behind=behind, received=ORDER + 5 * MINUTE)
    assert row.measures == decided
    assert row.occurred_at == happened - behind, "what was told stays as told"


@pytest.mark.parametrize("offset", [None, 0, True, "fast", 10**400, -(10**17), ms(365 * DAY * 11)])
def test_what_is_no_offset_is_none(gate: Gate, rules: Rules, offset: Any) -> None:
    rules.add_area(since=ORDER)
    row = sent(gate, ORDER - MINUTE, behind=timedelta(0), received=ORDER + 5 * MINUTE, clock_offset_ms=offset)
    assert row.measures == REGISTER


def test_nothing_comes_before_it_happened_and_nothing_is_older_than_a_month() -> None:
    ahead = read_moment(NOW.isoformat(), received_at=NOW, offset_ms=ms(DAY))
    assert ahead is not None
    assert ahead.ruled_at(NOW) == NOW
    long_ago = read_moment(NOW.isoformat(), received_at=NOW, offset_ms=-ms(31 * DAY))
    assert long_ago is not None
    assert long_ago.ruled_at(NOW) == NOW


def test_somebody_unreadable_beside_him_changes_nothing(gate: Gate, rules: Rules) -> None:
    """Such a parcel is read person by person."""
    rules.add_area(since=ORDER)
    made = Generated(1, at=ORDER - 39 * MINUTE)
    person, wrong = made.person(from_code="330300"), made.person(symptoms="COUGH")
    parcel = {**made.parcel(made.passage(people=[person, wrong])), "clock_offset_ms": ms(40 * MINUTE)}
    gate.send(parcel, ORDER + 5 * MINUTE)
    assert Registration.objects.using("owner").get().measures == QUARANTINE


def test_a_retry_after_the_clock_was_mended_is_answered_as_before(gate: Gate, rules: Rules) -> None:
    rules.add_area(since=ORDER)
    made = Generated(1, at=ORDER - 39 * MINUTE)
    parcel = made.parcel(made.passage(people=[made.person(from_code="330300")]))
    gate.send({**parcel, "clock_offset_ms": ms(40 * MINUTE)}, ORDER + 5 * MINUTE)
    again = Intake(gate.database, gate.device, received_at=ORDER + 9 * MINUTE).send(parcel)
    (person,) = again["receipts"][0]["people"]
    assert (person["status"], [one["kind"] for one in person["measures"]]) == ("DUPLICATE", QUARANTINE)
    assert "ruled_at" not in person


def test_the_decision_is_explained_by_the_moment_that_chose_it(gate: Gate, rules: Rules) -> None:
    rules.add_area(since=ORDER)
    row = sent(gate, ORDER + MINUTE, behind=40 * MINUTE, received=ORDER + 5 * MINUTE)
    with reach(gate.first) as seen:
        file = decision_file(seen, row.pk, at=NOW)
    assert file is not None
    assert file.agrees
    assert file.in_force is not None
    assert file.in_force.since == ORDER


def test_who_was_really_there_when_the_rules_had_lapsed_is_to_be_looked_at_again(
    gate: Gate, rules: Rules
) -> None:
    rules.cut(ORDER)
    kept = sent(gate, ORDER - MINUTE, behind=-10 * MINUTE, received=ORDER + 5 * MINUTE)
    lapsed = sent(gate, ORDER + MINUTE, behind=40 * MINUTE, received=ORDER + 5 * MINUTE)
    gate.lay()
    assert [[fact.anew for fact in gate.facts(str(row.pk))] for row in (kept, lapsed)] == [[False], [True]]
