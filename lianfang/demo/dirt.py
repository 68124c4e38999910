"""Dirt as in life. Phones send what tired people type at night in the cold, and the city counts all the same.

Nothing here may change who is counted: direction and transport stay, nobody is added or lost. What is unreadable is
sent again as it should be; what is resent or contradicted stands beside its first.
"""

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from lianfang.demo import places
from lianfang.demo.chance import Weighted, new_id, pick
from lianfang.demo.checkpoints import GATES
from lianfang.demo.names import given_name, surname
from lianfang.demo.numbers import telephone
from lianfang.demo.people import Json
from lianfang.kernel.days import SHANGHAI

CARELESS = 9  # one officer in so many types without looking
_RESENT, _CONTRADICTED, _UNREADABLE, _CORRECTED = 0.012, 0.0006, 0.0011, 0.007
_MINUTE = 60_000
_ANY = date(1980, 1, 1)
_PEOPLE_LACK = Weighted(
    [("phone", 46), ("temperatures", 22), ("from_code", 20), ("name", 3), ("document", 9)]
)
_CORRECTIONS = Weighted([("name", 34), ("destination", 30), ("phone", 12), ("purpose", 24)])
_REASONS = {
    "name": "姓名录入有误，与本人核对后更正",
    "destination": "目的地由村里核实后更正",
    "phone": "电话少录一位，回访后更正",
    "purpose": "事由选错，司机补充说明",
}


@dataclass(frozen=True, slots=True)
class Extra:
    """Something that is sent besides the passage, so many milliseconds after it (0: with it, and before it)."""

    item: Json
    later: int


def is_careless(officer: str) -> bool:
    return zlib.crc32(officer.encode()) % CARELESS == 0


def soil(chance: Random, passage: Json) -> None:
    """Leaves things out and gets them wrong, in place."""
    careless = is_careless(passage["officer"])
    if chance.random() < (0.05 if careless else 0.012):
        _soil_header(chance, passage)
    for person in passage["people"]:
        draw = chance.random()
        if draw < (0.09 if careless else 0.006):
            _mistype(chance, person)
        elif draw > (0.9 if careless else 0.975):
            person.pop(_PEOPLE_LACK.draw(chance), None)
        elif 0.5 < draw < 0.5008:
            person["symptoms"] = ["头晕"]  # no code of the list: its words stay sealed
    if chance.random() < 0.0012:
        _set_clock_wrong(chance, passage)


def _soil_header(chance: Random, passage: Json) -> None:
    draw = chance.random()
    if draw < 0.25:
        passage.pop("purpose", None)
    elif draw < 0.33:
        passage["purpose"] = "走亲戚"
    elif draw < 0.4:
        passage["checkpoint"] = pick(chance, ("HC19", "海城高速", "HC1", "hc07"))
    elif draw < 0.47:
        passage["checkpoint"] = pick(chance, GATES).code
    elif "plate" in passage:
        _odd_plate(chance, passage)


def _odd_plate(chance: Random, passage: Json) -> None:
    plate, draw = passage["plate"], chance.random()
    if draw < 0.3:
        passage["plate"] = plate.replace("0", "O", 1).replace("1", "I", 1)
    elif draw < 0.6:
        passage["plate"] = plate[:-1]
    elif draw < 0.8:
        passage["plate"] = f"{plate[:2]}·{plate[2:]}"
    elif draw < 0.9:
        passage["plate"], passage["vehicle_note"] = "无牌", "新车未上牌"
    else:
        del passage["plate"]


def _mistype(chance: Random, person: Json) -> None:
    """One digit of the number, mostly; or of the telephone."""
    number = person["document"].get("number")
    if number and chance.random() < 0.8:
        place = 6 + int(chance.random() * (len(number) - 7)) if len(number) > 7 else 0
        digit = pick(chance, "0123456789")
        person["document"] = {**person["document"], "number": number[:place] + digit + number[place + 1 :]}
    elif "phone" in person:
        person["phone"] = person["phone"][: pick(chance, (9, 10))]


def _set_clock_wrong(chance: Random, passage: Json) -> None:
    """Years back after a reset, or hours ahead: the day is then that of receiving it."""
    occurred = passage["occurred_at"]
    if chance.random() < 0.5:
        passage["occurred_at"] = f"{int(occurred[:4]) - 5}-01-01T{occurred[11:]}"
    else:
        passage["occurred_at"] = occurred.replace("+08:00", "+00:00")  # eight hours ahead


def besides(chance: Random, passage: Json, millis: int) -> list[Extra]:
    """What else is sent because of this passage."""
    draw = chance.random()
    item = {"kind": "PASSAGE", "passage": passage}
    if draw < _RESENT:  # the answer was lost on the way
        return [Extra(item, int(_MINUTE * (0.5 + 20 * chance.random())))]
    draw -= _RESENT
    if draw < _CONTRADICTED:
        return [Extra({"kind": "PASSAGE", "passage": _otherwise(chance, passage)}, 30 * _MINUTE)]
    draw -= _CONTRADICTED
    if draw < _UNREADABLE:
        return [Extra(_unreadable(chance, passage), 0)]
    draw -= _UNREADABLE
    if draw < _CORRECTED and passage["people"]:
        return [_corrected(chance, passage, millis)]
    return []


def _otherwise(chance: Random, passage: Json) -> Json:
    """The same ids with other content: two phones shared one draft."""
    people = [{**person, "name": surname(chance) + "某"} for person in passage["people"]]
    return {**passage, "people": people}


def _unreadable(chance: Random, passage: Json) -> Json:
    """What an old version of the program sent: something in it cannot be read, so nothing of it is kept."""
    broken: dict[str, Any] = {
        "occurred_at": None,
        "vehicle_note": "\0",
        "seq": "三",
        "people": "两人",
    }
    field = pick(chance, tuple(broken))
    return {"kind": "PASSAGE", "passage": {**passage, field: broken[field]}}


def _corrected(chance: Random, passage: Json, millis: int) -> Extra:
    field = _CORRECTIONS.draw(chance)
    person = pick(chance, passage["people"])
    later = int(_MINUTE * (3 + 600 * chance.random() ** 3))
    correction = {
        "id": new_id(chance, millis + later),
        "of": passage["id"] if field == "purpose" else person["id"],
        "fields": {field: _right(chance, field, person)},
        "reason": _REASONS[field],
        "officer": passage["officer"],
        "occurred_at": _moment(millis + later),
    }
    return Extra({"kind": "CORRECTION", "correction": correction}, later)


def _right(chance: Random, field: str, person: Json) -> Any:
    if field == "purpose":
        return pick(chance, ("RESIDENT_RETURN", "VISIT", "MEDICAL", "COMMUTE"))
    if field == "destination":
        goal = places.villages().draw(chance)
        return {"code": goal.code, "address": f"{goal.stem}{1 + int(chance.random() * 12)}组"}
    if field == "phone":
        return telephone(chance)
    return person.get("name", surname(chance))[:1] + given_name(
        chance, male=chance.random() < 0.5, born_on=_ANY
    )


def _moment(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, SHANGHAI).isoformat(timespec="milliseconds")
