"""People drawn by chance as a phone or an importer sends them, to hold the readers against each other. Nobody here exists.

Whoever stands at the edges of a rule set (screening/drawing_people.py) is written down as people write: codes and days in
every form, document numbers as they are typed, several readings, fields left out, and what is no answer at all.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from lianfang.checkpoints.intake.passages import read_fields
from lianfang.checkpoints.intake.people import read_person
from lianfang.checkpoints.intake.shapes import PassageFields, Person
from lianfang.journeys.worked import facts_on
from lianfang.kernel.documents import KINDS
from lianfang.kernel.resident_id import check_digit
from lianfang.screening.drawing_people import People
from lianfang.screening.facts import Facts

NOBODY = UUID(int=0)
_ODD_DAYS = (
    "", "2020-W07-1", "2020W071", "2020-W07", "2020-2-3", "2020/02/03", " 2020-02-03", "2020-02-30", "20200230", "2020-0203",
    "0000-01-01", "0001-01-01", "9999-12-31", "2020-02-03T08:00", "２０２０-02-03", "43861", "春节",
)  # fmt: skip
_REGIONS = ("210381", "420106", "810000", "830000", "000000", "990101", "112233", "653101")
_WRITTEN = (
    lambda number: number, lambda number: number.lower(), lambda number: f" {number[:6]} {number[6:]}",
    lambda number: "-".join((number[:6], number[6:14], number[14:])), lambda number: number.replace("X", "×"),
    lambda number: "".join(chr(ord(c) + 0xFEE0) for c in number), lambda number: number[:-1], lambda number: number + "0",
    lambda number: number.replace("1", "I", 1), lambda number: "\u200b" + number,
)  # fmt: skip
_OTHER_NUMBERS = (
    "",
    "H12345678",
    "12345678",
    "E12345678",
    "ABC123456789012",
    "210381680203123",
    "无",
    "９" * 18,
)
_TYPES = (*KINDS, None, "", "resident_id", "MILITARY")
_ODD_CELSIUS = (
    None,
    0,
    19.9,
    19.99,
    20,
    37,
    37.25,
    37.349999,
    37.35,
    37.45,
    44.95,
    45,
    45.01,
    45.1,
    1e300,
    -36.5,
)
_STATES = (None, "", "READ", "READ", "LOW", "NOT_TAKEN", "read", "HIGH")
_ODD_ANSWERS = (
    None,
    3.0,
    -0.0,
    2.5,
    1e6,
    1_000_001,
    -1_000_000,
    "cold",
    "COLD",
    "C" * 64,
    "C" * 65,
    [True],
    {"a": 1},
)
_ODD_KEYS = ("Q1", "1q", "q-1", "", "q" * 40, "q" * 41, "constructor", "__proto__", "seat")
_ODD_SYMPTOMS = ("cough", "发热", "C" * 65, "FEVER ")
MANY = 45  # answers, of which rules use fewer


class DrawnRecord(NamedTuple):
    """A person, the passage he came with, and the day it counts on."""

    on: date
    person: Mapping[str, Any]
    passage: Mapping[str, Any]


def read_here(record: DrawnRecord) -> Facts:
    """As the intake reads it."""
    person = msgspec.convert({"id": NOBODY, **record.person}, Person)
    header = msgspec.convert(record.passage, PassageFields)
    direction, transport, purpose, _, _ = read_fields(header, [])
    facts = read_person(person, on=record.on).facts
    return facts_on(facts, on=record.on, direction=direction, transport=transport, purpose=purpose)


class DrawnRecords:
    """Draws whoever stands where the rule set changes its mind, as he is sent."""

    def __init__(self, content: Mapping[str, Any], chance: Random) -> None:
        self._people = People(content, chance)
        self._chance = chance

    def draw(self) -> DrawnRecord:
        facts = self._people.draw()
        person = {
            "document": self._document(facts),
            "born_on": self._day(facts.on - timedelta(days=self._chance.randrange(45_000))),
            "from_code": self._code(facts.from_code),
            "destination": {"code": self._code(facts.destination_code)},
            "stays": [
                {"code": self._code(code), "from": self._day(first), "to": self._day(last)}
                for code, first, last in facts.stays
            ],
            "temperatures": self._temperatures(facts.celsius_tenths),
            "symptoms": [*facts.symptoms, *self._some(_ODD_SYMPTOMS, 0.1)],
            "case_contact": facts.case_contact,
            "resident": facts.resident,
            "answers": self._answers(facts.answers),
        }
        passage = {name: getattr(facts, name) for name in ("direction", "transport", "purpose")}
        return DrawnRecord(facts.on, self._thinned(person), self._thinned(passage))

    def _thinned(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Some fields are null, some are not there."""
        return {
            name: None if self._chance.random() < 0.05 else value
            for name, value in fields.items()
            if self._chance.random() < 0.95
        }

    def _some(self, among: tuple[Any, ...], share: float) -> list[Any]:
        return [self._chance.choice(among)] if self._chance.random() < share else []

    def _code(self, code: str | None) -> str | None:
        """Often as long as the codes of smaller places are."""
        return code and code + self._chance.choice(("", "", "00", "000", "0000", "000000"))

    def _day(self, day: date | None) -> str | None:
        odd = self._some(_ODD_DAYS, 0.1)
        if odd or day is None:
            return odd[0] if odd else None
        return self._chance.choice((day.isoformat(), f"{day:%Y%m%d}"))

    def _document(self, facts: Facts) -> dict[str, Any]:
        number = self._number(facts) if self._chance.random() < 0.8 else self._chance.choice(_OTHER_NUMBERS)
        common = ("RESIDENT_ID", "HMT_RESIDENCE", "PERMANENT_RESIDENCE", "OTHER")
        return {
            "type": self._chance.choice(common if self._chance.random() < 0.6 else _TYPES),
            "number": number,
        }

    def _number(self, facts: Facts) -> str:
        """Of somebody whose birthday is yesterday, today or tomorrow, or of nobody: with a wrong day or character."""
        chance = self._chance
        years = facts.age if facts.age is not None else chance.randint(0, 131)
        beside = facts.on + timedelta(days=chance.choice((-1, 0, 0, 1)))
        born = f"{beside.year - years:04d}{beside:%m%d}" if chance.random() < 0.9 else "20200230"
        body = (
            chance.choice((*_REGIONS, "9" + chance.choice(_REGIONS)[:5]))
            + born
            + f"{chance.randrange(1000):03d}"
        )
        number = body + (check_digit(body) if chance.random() < 0.8 else chance.choice("0123456789X"))
        return chance.choice(_WRITTEN)(number) if chance.random() < 0.5 else number

    def _temperatures(self, tenths: int | None) -> list[dict[str, Any]]:
        chance = self._chance
        near = () if tenths is None else (tenths / 10, tenths / 10 + 0.05, tenths / 10 - 0.05)
        return [
            {"celsius": chance.choice(near or _ODD_CELSIUS), "state": chance.choice(_STATES)}
            if chance.random() < 0.7
            else {"celsius": chance.choice(_ODD_CELSIUS)}
            for _ in range(chance.choice((0, 1, 1, 2, 3)))
        ]

    def _answers(self, answered: Mapping[str, Any]) -> dict[str, Any]:
        chance = self._chance
        answers = {
            key: chance.choice(self._some(_ODD_ANSWERS, 0.2) or [answer]) for key, answer in answered.items()
        }
        for key in self._some(_ODD_KEYS, 0.2):
            answers[key] = chance.choice((True, *_ODD_ANSWERS))
        if chance.random() < 0.02:
            many = [f"k{n}" for n in range(MANY)]
            chance.shuffle(many)
            answers |= dict.fromkeys(many, True)
        return answers
