"""People as a phone registers them: families in one car, colleagues, drivers. Nobody of them exists.

A traveller is a dictionary in the contract's form without an id and a temperature, which every registration has anew.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from lianfang.demo import places
from lianfang.demo.chance import Weighted, new_id, pick
from lianfang.demo.names import given_name, surname
from lianfang.demo.numbers import resident_id, telephone
from lianfang.demo.places import Goal

Json = dict[str, Any]

_FULL_AGE = 18
_AGES = Weighted(
    [((18, 25), 14), ((26, 35), 30), ((36, 45), 25), ((46, 55), 19), ((56, 65), 9), ((66, 82), 3)]
)
_SECOND = Weighted([("SPOUSE", 45), ("PARENT", 14), ("CHILD", 14), ("FRIEND", 27)])
_SYMPTOMS = Weighted(
    [("COUGH", 40), ("FEVER", 18), ("FATIGUE", 14), ("SORE_THROAT", 14), ("RUNNY_NOSE", 10), ("DIARRHOEA", 4)]
)
_FOREIGN = (("PASSPORT", "E"), ("HM_PASS", "H"), ("TW_PASS", ""))
_BEEN_IN_HUBEI = 0.0016  # of those who come from elsewhere now
IN_HALF_AN_HOUR = 0.55  # of LOW readings: measured again indoors before the car went on


def party(chance: Random, *, size: int, origin: str, related: bool, on: date) -> list[Json]:
    """So many people from one place: a family when they are `related`, else people who share a vehicle."""
    stays = _stays(chance, origin, on)
    goal, address = _goal(chance)
    if size == 1 or not related:
        return [
            _adult(chance, origin=origin, stays=stays, goal=goal, address=address, on=on)
            if n == 0
            else _stranger(chance, origin, stays, on)
            for n in range(size)
        ]
    return _family(chance, size, on, {"origin": origin, "stays": stays, "goal": goal, "address": address})


def registered(
    chance: Random, traveller: Json, *, millis: int, cold: bool, guardian: str | None = None
) -> Json:
    """The traveller as one registration: with an id, temperatures and symptoms of the moment."""
    person = {"id": new_id(chance, millis), **traveller, "temperatures": temperatures(chance, cold=cold)}
    if guardian is not None and person.pop("minor", None):
        person["guardian_id"] = guardian
    person.pop("minor", None)
    person["symptoms"] = [_SYMPTOMS.draw(chance)] if chance.random() < 0.003 else []
    person["case_contact"] = chance.random() < 0.0004
    return person


def temperatures(chance: Random, *, cold: bool) -> list[Json]:
    """One reading, or a low one and another from indoors. In the cold a forehead often shows nothing."""
    draw = chance.random()
    if draw < (0.05 if cold else 0.008):
        low: Json = {"celsius": None, "site": "FOREHEAD", "state": "LOW"}
        return [low, _reading(chance, "WRIST")] if chance.random() < IN_HALF_AN_HOUR else [low]
    if draw > 0.996:
        return [{"celsius": None, "site": "FOREHEAD", "state": "NOT_TAKEN"}]
    return [_reading(chance, "FOREHEAD")]


def _reading(chance: Random, site: str) -> Json:
    draw = chance.random()
    # Three uniform draws make a bell that is narrow enough for foreheads.
    celsius = 35.75 + 0.5 * (draw + chance.random() + chance.random())
    if draw < 0.002:
        celsius = 37.3 + chance.random() * 1.4
    return {"celsius": round(celsius, 1), "site": site, "state": "READ"}


def _family(chance: Random, size: int, on: date, shared: Json) -> list[Json]:
    """A couple, children of the father's name, sometimes a parent; who is not a child has a telephone of their own."""
    father = surname(chance)
    age = 26 + int(chance.random() * 30)
    second = _SECOND.draw(chance) if size == 2 else "SPOUSE"
    male = chance.random() < 0.8
    members = [_adult(chance, **shared, on=on, family=father, male=male, age=age)]
    if second == "FRIEND":
        return [*members, _adult(chance, **shared, on=on)]
    if second == "SPOUSE":
        other = surname(chance) if male else father
        members.append(
            _adult(
                chance,
                **shared,
                on=on,
                family=other,
                male=not male,
                age=max(22, age + pick(chance, (-3, -1, 0, 2))),
            )
        )
    while len(members) < size:
        elder = second == "PARENT" or (len(members) >= 3 and chance.random() < 0.4)
        kin = age + 25 if elder else max(0, age - 23 - int(chance.random() * 9))
        members.append(_adult(chance, **shared, on=on, family=father, age=min(kin, 88)))
    return members


def _stranger(chance: Random, origin: str, stays: list[Json], on: date) -> Json:
    goal, address = _goal(chance)
    return _adult(chance, origin=origin, stays=stays, goal=goal, address=address, on=on)


def _adult(
    chance: Random,
    *,
    origin: str,
    stays: list[Json],
    goal: Goal,
    address: str,
    on: date,
    family: str | None = None,
    male: bool | None = None,
    age: int | None = None,
) -> Json:
    """Anybody, of that age if it is given; `minor` marks who travels in an adult's care."""
    male = chance.random() < 0.62 if male is None else male
    if age is None:
        youngest, oldest = _AGES.draw(chance)
        age = youngest + int(chance.random() * (oldest - youngest + 1))
    born_on = on - timedelta(days=int((age + chance.random()) * 365.2425) + 1)
    person: Json = {
        "name": (family or surname(chance)) + given_name(chance, male=male, born_on=born_on),
        "document": _document(chance, born_on, male, origin),
    }
    minor = age < _FULL_AGE
    if person["document"]["type"] != "RESIDENT_ID":
        person["sex"], person["born_on"] = "M" if male else "F", born_on.isoformat()
    if minor:
        person["minor"] = True
    else:
        person["phone"] = telephone(chance)
    person["from_code"] = origin
    person["stays"] = stays
    person["destination"] = {"code": goal.code, "address": address}
    return person


def _document(chance: Random, born_on: date, male: bool, origin: str) -> Json:
    draw = chance.random()
    number = resident_id(chance, born_on=born_on, male=male, origin=origin) if draw < 0.992 else None
    if number is not None:
        return {"type": "RESIDENT_ID", "number": number}
    if draw > 0.9985:
        kind, letter = pick(chance, _FOREIGN)
        return {"type": kind, "number": f"{letter}{int(chance.random() * 90_000_000) + 10_000_000}"}
    return {"type": "NONE"}


def _goal(chance: Random) -> tuple[Goal, str]:
    """Where to: nine of ten to a village or community of the city."""
    if chance.random() < 0.9:
        goal = places.villages().draw(chance)
        return goal, f"{goal.stem}{1 + int(chance.random() * 12)}组{1 + int(chance.random() * 90)}号"
    goal = places.elsewhere().draw(chance)
    return goal, goal.stem


def _stays(chance: Random, origin: str, on: date) -> list[Json]:
    """Where they were in the last fourteen days; a few came home by way of Hubei."""
    since = on - timedelta(days=1 + int(chance.random() * 13))
    stays = [{"code": origin, "from": since.isoformat(), "to": on.isoformat()}]
    if origin != places.HAICHENG and chance.random() < _BEEN_IN_HUBEI:
        before = since - timedelta(days=4)
        stays.insert(
            0, {"code": places.hubei().draw(chance), "from": before.isoformat(), "to": since.isoformat()}
        )
    return stays
