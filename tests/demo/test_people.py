"""Nobody exists, and everybody could: numbers with right check characters, families that fit, places that are real."""

from collections import Counter
from datetime import date, datetime
from random import Random

import pytest

from lianfang.demo import places
from lianfang.demo.checkpoints import GATES
from lianfang.demo.numbers import NEW_CODES, OLD_CODES, plate, resident_id, telephone
from lianfang.demo.people import Json, party, registered, temperatures
from lianfang.demo.plan import Party, Plan
from lianfang.demo.regulars import Regular
from lianfang.demo.visits import Visits
from lianfang.kernel import phones, plates
from lianfang.kernel import resident_id as numbers
from lianfang.regions.register_file import read_register
from lianfang.regions.services import REGISTERS

ON = date(2020, 2, 13)
AT = datetime.fromisoformat("2020-02-13T18:00+08:00")
COUNTRY = {unit.code for unit in read_register(REGISTERS / "divisions_china_county_2019-10-31.csv")}


def households(count: int = 400, size: int = 4) -> list[list[Json]]:
    chance = Random(5)
    return [party(chance, size=size, origin="210103", related=True, on=ON) for _ in range(count)]


def test_division_codes_in_numbers_are_real_and_could_not_have_been_given_to_anybody() -> None:
    assert {code for codes in NEW_CODES.values() for code in codes} <= COUNTRY
    assert not COUNTRY & set(OLD_CODES)


@pytest.mark.parametrize(
    ("born_on", "of"),
    [
        (date(1938, 5, 1), "NEW"), (date(2009, 12, 31), "NEW"), (date(2010, 1, 1), None),
        (date(2017, 12, 31), None), (date(2018, 1, 1), "OLD"), (date(2019, 8, 1), "OLD"),
    ],
)  # fmt: skip
def test_a_number_is_made_only_of_a_code_and_a_birth_that_never_met(born_on: date, of: str | None) -> None:
    new = {code for codes in NEW_CODES.values() for code in codes}
    for seed in range(50):
        number = resident_id(Random(seed), born_on=born_on, male=seed % 2 == 0, origin="210103")
        if of is None:
            assert number is None
            continue
        read = numbers.read(number or "", on=ON)
        assert read == (number, born_on, "M" if seed % 2 == 0 else "F", ())
        assert (number or "")[:6] in (new if of == "NEW" else set(OLD_CODES))


def test_everybody_has_a_right_number_or_none_and_telephones_and_plates_are_well_formed() -> None:
    chance = Random(2)
    for member in (member for household in households() for member in household):
        document = member["document"]
        if document["type"] == "RESIDENT_ID":
            assert numbers.read(document["number"], on=ON).flags == ()
        else:
            assert member["born_on"]
        assert phones.read(telephone(chance)).flags == ()
    odd = [plates.read(plate(chance, origin="220102", local=0.3)).flags for _ in range(2_000)]
    assert not any(odd)


def test_families_bear_one_name_share_a_destination_and_children_travel_with_a_guardian() -> None:
    chance, minors, paperless = Random(3), 0, 0
    for household in households():
        made: list[Json] = []
        for member in household:
            guardian = made[0]["id"] if made else None
            made.append(registered(chance, member, millis=0, cold=False, guardian=guardian))
        assert len({member["destination"]["address"] for member in made}) == 1
        assert len({member["destination"]["code"] for member in made}) == 1
        assert sum(member["name"][0] == made[0]["name"][0] for member in made) >= 2
        for member in made:
            assert "minor" not in member
            if "guardian_id" in member:
                minors += 1
                paperless += member["document"]["type"] == "NONE"
                assert member["guardian_id"] == made[0]["id"]
                assert "phone" not in member
    assert minors > 300
    assert 0 < paperless < minors


def test_children_are_younger_than_their_parents_by_a_generation() -> None:
    for household in households(size=3):
        born = [_born(member) for member in household]
        if all(born) and "minor" in household[2]:
            assert born[2].year - max(born[0].year, born[1].year) >= 12


def _born(member: Json) -> date | None:
    if "born_on" in member:
        return date.fromisoformat(member["born_on"])
    read = numbers.read(member["document"].get("number", ""), on=ON)
    return read.born_on if read else None


def test_where_people_come_from_and_go_to_is_in_the_register() -> None:
    chance = Random(4)
    for weighted in (places.province(), places.country(), places.hubei()):
        assert {weighted.draw(chance) for _ in range(300)} <= COUNTRY
    villages = {unit.code for unit in read_register(REGISTERS / "divisions_jinzhou_anshan_2019-10-31.csv")}
    assert {places.villages().draw(chance).code for _ in range(300)} <= villages
    assert len(places.villages().values) > 300


def test_fevers_are_rare_and_the_cold_gives_low_readings() -> None:
    chance = Random(6)
    warm = [temperatures(chance, cold=False)[-1] for _ in range(60_000)]
    fevers = sum(reading["celsius"] is not None and reading["celsius"] >= 37.3 for reading in warm)
    assert 0.001 < fevers / len(warm) < 0.003
    low = [
        sum(temperatures(chance, cold=cold)[0]["state"] == "LOW" for _ in range(5_000))
        for cold in (True, False)
    ]
    assert low[0] > 3 * low[1] > 0


def test_each_gate_has_traffic_of_its_own() -> None:
    plan, origins = Plan(AT, 6_000, 13_000), {gate.code: Counter() for gate in GATES}
    visits = Visits(Random(1), seed=1)
    for met in plan.of_day(plan.listed_days[6]):
        made = visits.passage(met)
        origins[met.gate.code][made["people"][0]["from_code"][:2] == "21"] += 1
    share = {code: found[True] / found.total() for code, found in origins.items() if found.total() > 20}
    assert share["HC07"] < share["HC01"] < share["HC12"]


def test_a_regular_is_the_same_every_day_and_a_coach_says_how_many_it_carries() -> None:
    gate = GATES[8]
    regular = Regular(gate, "CAR", 4, 2)
    made = [
        Visits(Random(seed), seed=9).passage(Party(1_581_500_000_000 + seed, gate, "IN", "CAR", 2, regular))
        for seed in (1, 2)
    ]
    assert made[0]["plate"] == made[1]["plate"]
    assert [one["document"] for one in made[0]["people"]] == [one["document"] for one in made[1]["people"]]
    assert made[0]["id"] != made[1]["id"]
    coach = Visits(Random(1), seed=9).passage(Party(1_581_500_000_000, GATES[0], "IN", "COACH", 31))
    assert coach["roster_expected"] == len(coach["people"]) == 31
    train = Visits(Random(1), seed=9).passage(Party(1_581_500_000_000, GATES[6], "IN", "TRAIN", 1))
    assert train["trip"].keys() == {"number", "carriage", "seat"}
    assert "plate" not in train
