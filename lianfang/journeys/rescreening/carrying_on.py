"""Carrying on: what the worker does about re-screenings, one slice at a time, until nothing is left to do.

A slice is one transaction: what it decided, where the next begins and what was counted stand together or not at all.
Killed anywhere it goes on from the last slice; done twice it writes nothing twice.
"""

import time
from datetime import datetime

from django.db import connection

from lianfang.journeys.rescreening.counts import RescreeningCounts
from lianfang.journeys.rescreening.deciding import Decider, Slice
from lianfang.journeys.rescreening.laying import lay_all
from lianfang.journeys.rescreening.narrowing import places_that_changed
from lianfang.journeys.rescreening.sizes import MEANT, Sizes, sizes
from lianfang.journeys.rescreening.slices import RULE_SETS
from lianfang.journeys.rescreening.walking import NOBODY, begins
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach, reach
from lianfang.screening.book import RulesInForce
from lianfang.screening.models import Rescreening, ScreeningPosition
from lianfang.screening.queries import book
from lianfang.screening.rules import RuleSet

State = Rescreening.State
OPEN = (State.APPROVED, State.RUNNING)
ENDED_BY_RULES = "RULES_CHANGED"

_deciders: dict[str, Decider] = {}


def take_turn(worker: Reach, *, at: datetime) -> None:
    """What the schedule does: as many slices as fit into the time that one is meant to take."""
    until = time.monotonic() + MEANT
    while carry_on(worker, at=at) and time.monotonic() < until:
        continue


def carry_on(worker: Reach, *, at: datetime) -> bool:
    """The next slice of whatever is to be done: what was approved first, then the oldest that is to be counted."""
    waiting = Rescreening.objects.filter(state__in=OPEN).first() or (
        Rescreening.objects.filter(state=State.DRY_RUN, counted_at=None).order_by("asked_at").first()
    )
    if waiting is None:
        return False
    if waiting.state == State.APPROVED or not waiting.counts:
        lay_all(worker, at=at)
    if waiting.state == State.DRY_RUN:
        return _count(worker, waiting, at)
    return _carry_out(worker, waiting, at)


def carry_all(worker: Reach, *, at: datetime) -> None:
    """Everything that is to be done now, without pauses."""
    while carry_on(worker, at=at):
        continue


def _count(worker: Reach, waiting: Rescreening, at: datetime) -> bool:
    in_force = book(anew=True).at(at)
    with reach(worker):
        one = _locked(waiting)
        if one.state != State.DRY_RUN or one.counted_at is not None:
            return True
        if not decides(in_force, one.rule_set):
            _end(one, State.STOPPED, at, answer=ENDED_BY_RULES)
            return True
        decider = _decider(in_force.rule_set)
        if not one.counts:
            one.counts = _begun(one, at, writing=False).kept()
            one.known_tx = one.began_tx
        counts = RescreeningCounts.of(one.counts)
        begun = time.monotonic()
        found = decider.count(one, size=one.slice_size, at=at)
        _move(one, counts, found, decider, at, time.monotonic() - begun)
        one.counts = counts.kept()
        if not found.more:
            one.counted_at = at
        one.save()
    return True


def _begun(one: Rescreening, at: datetime, *, writing: bool) -> RescreeningCounts:
    """Who is looked at, and from which transaction on things come in between."""
    with connection.cursor() as cursor:
        cursor.execute(RULE_SETS, {"since": one.since, "until": one.until})
        before = [name for (name,) in cursor.fetchall()]
        one.places = _places(one, before)
        one.position, one.position_id = begins(cursor, one)
    one.began_tx = ScreeningPosition.objects.get(pk=1).next_tx
    one.slice_size = _sizes(one, writing=writing).first
    return RescreeningCounts(
        begun_at=at.isoformat(), against=[name for name in before if name != one.rule_set]
    )


def _places(one: Rescreening, before: list[str]) -> list[str] | None:
    rules = book(anew=True)
    try:
        contents = [rules.named(name).content() for name in before]
    except KeyError:  # decided by a set that nobody knows any more: everybody is looked at
        return None
    return places_that_changed(rules.named(one.rule_set).content(), contents)


def _carry_out(worker: Reach, waiting: Rescreening, at: datetime) -> bool:
    """What came in meanwhile is looked at too, but once: a busy gate must not keep it from ending."""
    if not _write(worker, waiting, at):
        lay_all(worker, at=at)
        if not _write(worker, waiting, at):
            with reach(worker):
                one = _locked(waiting)
                if one.state == State.RUNNING:
                    _end(one, State.DONE, at)
    return True


def _write(worker: Reach, waiting: Rescreening, at: datetime) -> bool:
    """One slice; whether there may be more to write."""
    in_force = book(anew=True).at(at)
    with reach(worker):
        one = _locked(waiting)
        if one.state not in OPEN:
            return True
        if not decides(in_force, one.rule_set):
            _end(one, State.STOPPED, at, answer=ENDED_BY_RULES)
            return True
        decider = _decider(in_force.rule_set)
        if one.state == State.APPROVED:
            one.state = State.RUNNING
            one.done = _begun(one, at, writing=True).kept()
            # Who is counted beside it would be counted half before, half after.
            Rescreening.objects.filter(state=State.DRY_RUN, counted_at=None).update(counts={})
        counts = RescreeningCounts.of(one.done)
        begun = time.monotonic()
        found = decider.carry_out(one, size=one.slice_size, at=at)
        _move(one, counts, found, decider, at, time.monotonic() - begun)
        one.done = counts.kept()
        more = found.more
        if not more and one.position_id is None:
            # The pages are done: whoever was laid since it began follows.
            one.position, one.position_id = one.began_tx, NOBODY
            one.slice_size = _sizes(one, writing=True).first
            more = True
        one.save()
    return more


def _locked(waiting: Rescreening) -> Rescreening:
    return Rescreening.objects.select_for_update().get(pk=waiting.pk)


def _end(one: Rescreening, state: Rescreening.State, at: datetime, *, answer: str = "") -> None:
    one.state, one.ended_at, one.answer = state, at, answer
    one.save()
    act = Act.RESCREENED if state == State.DONE else Act.RESCREENING_STOPPED
    counts = RescreeningCounts.of(one.done)
    note(
        act,
        by=None,
        subject=f"RESCREENING {one.pk}",
        count=counts.gain,
        details={"looked": counts.looked, "why": answer},
    )


def _move(
    one: Rescreening,
    counts: RescreeningCounts,
    found: Slice,
    decider: Decider,
    at: datetime,
    seconds: float,
) -> None:
    counts.add(found, decider.changed, seconds=seconds)
    counts.moved_at = at.isoformat()
    if found.next is not None:
        one.position, one.position_id = found.next
        one.slice_size = _sizes(one, writing=one.state != State.DRY_RUN).next(one.slice_size, seconds)


def _sizes(one: Rescreening, *, writing: bool) -> Sizes:
    return sizes(in_order=one.position_id is not None, writing=writing)


def decides(in_force: RulesInForce, rule_set: str) -> bool:
    """Whether the rule set is in force, with what it restricts."""
    return in_force.since is not None and not in_force.lapsed and in_force.rule_set.hash == rule_set


def _decider(rule_set: RuleSet) -> Decider:
    """What was learnt of a rule set's pairs is worth keeping from one slice to the next."""
    known = _deciders.get(rule_set.hash)
    if known is None:
        _deciders.clear()
        known = _deciders[rule_set.hash] = Decider(rule_set)
    return known
