"""Dirt never changes who is counted, and careless officers are found by it."""

from collections import Counter
from datetime import datetime
from random import Random

from lianfang.checkpoints.intake.moments import read_moment
from lianfang.demo.chance import pick
from lianfang.demo.checkpoints import GATES
from lianfang.demo.dirt import besides, is_careless, soil
from lianfang.demo.outbox import Outbox, outages
from lianfang.demo.people import Json
from lianfang.demo.plan import Plan
from lianfang.demo.visits import Visits
from lianfang.kernel import plates
from lianfang.kernel import resident_id as numbers
from lianfang.kernel.days import SHANGHAI, day_of

AT = datetime.fromisoformat("2020-02-13T18:00+08:00")


def passages(seed: int = 1, count: int = 9_000) -> list[Json]:
    plan, visits = Plan(AT), Visits(Random(seed), seed=seed)
    return [visits.passage(met) for met in plan.of_day(plan.listed_days[3])[:count]]


def soiled(seed: int = 1) -> tuple[list[Json], list[Json]]:
    """The same passages, clean and as they are sent."""
    clean, dirty, chance = passages(seed), passages(seed), Random(seed)
    for passage in dirty:
        soil(chance, passage)
    return clean, dirty


def test_dirt_leaves_direction_transport_and_people_as_they_are() -> None:
    for before, after in zip(*soiled(), strict=True):
        assert (before["direction"], before["transport"], before["id"]) == (
            after["direction"],
            after["transport"],
            after["id"],
        )
        assert [person["id"] for person in before["people"]] == [person["id"] for person in after["people"]]


def test_everything_that_goes_wrong_in_life_goes_wrong_here() -> None:
    _, dirty = soiled()
    people = [person for passage in dirty for person in passage["people"]]
    lacking = Counter(
        field for person in people for field in ("name", "document", "from_code") if field not in person
    )
    assert set(lacking) == {"name", "document", "from_code"}
    known = {gate.code for gate in GATES}
    assert any(passage["checkpoint"] not in known for passage in dirty)
    assert any(plates.read(passage.get("plate", "")).flags for passage in dirty)
    assert any("plate" in passage and passage["plate"] == "无牌" for passage in dirty)
    clocks = [
        read_moment(passage["occurred_at"], received_at=datetime(2020, 2, 2, 23, 59, tzinfo=SHANGHAI))
        for passage in dirty
    ]
    assert None not in clocks
    assert 0 < sum(bool(moment and moment.flags) for moment in clocks) < len(clocks) / 100


def test_a_few_officers_are_much_worse_than_the_others() -> None:
    wrong, all_ = Counter(), Counter()
    for passage in soiled()[1]:
        for person in passage["people"]:
            read = numbers.read(person.get("document", {}).get("number", ""), on=AT.date())
            all_[is_careless(passage["officer"])] += 1
            wrong[is_careless(passage["officer"])] += bool(read and numbers.CHECKSUM in read.flags)
    assert 0 < all_[True] < all_[False]
    assert wrong[True] / all_[True] > 4 * wrong[False] / all_[False] > 0


def test_one_telephone_stands_for_all_passengers_of_some_coaches() -> None:
    plan, visits, shared = Plan(AT), Visits(Random(3), seed=3), 0
    coaches = [met for met in plan.of_day(plan.listed_days[5]) if met.transport == "COACH"]
    for met in coaches:
        telephones = {person.get("phone") for person in visits.passage(met)["people"]}
        shared += len(telephones) == 1
    assert 0 < shared < len(coaches) / 2


def test_what_is_sent_besides_is_of_every_kind_and_only_corrects_what_counts_for_nothing() -> None:
    chance, kinds = Random(4), Counter()
    for passage in passages(count=9_000):
        for extra in besides(chance, passage, 1_580_000_000_000):
            if extra.item["kind"] == "CORRECTION":
                fields = extra.item["correction"]["fields"]
                kinds["correction"] += 1
                assert fields.keys() <= {"name", "destination", "phone", "purpose"}
            elif extra.later == 0:
                kinds["unreadable"] += 1
            else:
                kinds["same" if extra.item["passage"] == passage else "other"] += 1
                assert extra.item["passage"]["id"] == passage["id"]
    assert set(kinds) == {"correction", "unreadable", "same", "other"}


def test_received_soon_or_after_hours_or_the_next_day_but_never_after_the_clock() -> None:
    plan = Plan(AT, 6_000, 13_000)
    outbox = Outbox(seed=1, phones_since=plan.listed_days[-2], until=plan.at)
    registered: dict[str, int] = {}
    for day in plan.listed_days:
        visits = Visits(Random(str(day)), seed=1)
        for met in plan.of_day(day):
            outbox.fill(met, visits, day)
    delays = Counter()
    for parcel in outbox.due(10**15):
        assert parcel.received < plan.at.timestamp() * 1000
        assert {item.get("passage", {}).get("checkpoint") for item in parcel.items}
        for item in parcel.items:
            if item["kind"] == "PASSAGE" and item["passage"]["id"] not in registered:
                registered[item["passage"]["id"]] = parcel.received
                millis = int(item["passage"]["id"].replace("-", "")[:12], 16)
                delay = parcel.received - millis
                assert delay >= 0
                delays["soon" if delay < 150_000 else "hours" if delay < 5 * 3_600_000 else "paper"] += 1
    assert delays["soon"] > 5 * delays["hours"] > 0 < delays["paper"]


def test_gates_fall_silent_now_and_then_by_day() -> None:
    silent = outages(day_of(AT), 1)
    assert {gate.code for gate in GATES} >= set(silent)
    spans = [span for spans in silent.values() for span in spans]
    assert len(spans) >= 5
    assert all(40 * 60_000 < back - gone < 120 * 60_000 for gone, back in spans)


def test_drawing_is_by_seed_alone() -> None:
    assert soiled(7) == soiled(7)
    assert pick(Random(1), (1, 2, 3)) in (1, 2, 3)
