"""Rule sets and people drawn by chance, to hold the engines against each other. Nobody here exists.

What is drawn lies at the edges: figures at a threshold and beside it, the last day of a look-back and the day after,
places just inside and outside, whatever may be missing or odd. What comes out depends on the seed alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from lianfang.screening.form import (
    ANSWERS,
    AREA_LEVELS,
    AREAS,
    CODE,
    EXEMPT,
    FACTS,
    FORM,
    MAX_DAYS,
    MAX_LOOK_BACK,
    MAX_QUARANTINE,
    MEASURES,
    NUMBER,
    OPERATORS,
    PLACE,
    PLACES,
    QUESTION_KINDS,
    RESTRICTIVE,
    STAYS,
    SYMPTOMS,
    TURN_BACK_UNLESS,
    YES_NO,
    AskedFact,
)

Content = dict[str, Any]
Condition = dict[str, Any]

DAYS = tuple(
    map(
        date.fromisoformat,
        ("2019-12-31", "2020-01-01", "2020-02-13", "2020-02-28", "2020-02-29", "2020-03-01"),
    )
)
DIVISIONS = ("42", "4201", "420106", "33", "3303", "330382", "21", "2103", "210381", "31", "71", "110105")
SYMPTOM_CODES = ("FEVER", "COUGH", "FATIGUE", "OTHER")
FIGURES = {"age": (0, 1, 7, 18, 65, 130), "celsius_tenths": (200, 350, 372, 373, 374, 380, 450)}
ANSWERED_FIGURES = (-1, 0, 1, 4, 1_000_000)
CHOICES = ("BUS", "FERRY", "OWN_CAR")


def draw_content(chance: Random) -> Content:
    """A rule set the compiler takes as it is."""
    questions = [_question(f"q{n}", chance) for n in range(chance.randint(0, 3))]
    askable = {**FACTS, **{ANSWERS + one["key"]: _answer_to(one) for one in questions}}
    kinds = {f"row-{n}": chance.choice((*MEASURES, EXEMPT)) for n in range(1, chance.randint(1, 11) + 1)}
    lifted = [name for name, kind in kinds.items() if kind in RESTRICTIVE]
    return {
        "form": FORM,
        "title": {"zh": "抽样", "en": "Drawn"},
        "source": "",
        "areas": [_area(chance) for _ in range(chance.randint(0, 6))],
        "questions": questions,
        "rows": [
            *(
                _row(name, kind, lifted, askable, chance)
                for name, kind in kinds.items()
                if lifted or kind != EXEMPT
            ),
            _ARRIVAL,
        ],
    }


_SAY = {"zh": "请按提示办理。", "en": "Please do as shown."}
_ARRIVAL = {
    "row": "arrival",
    "when": [{"fact": "direction", "op": "ONE_OF", "value": ["IN"]}],
    "unless": [],
    "then": {"kind": "REGISTER"},
    "say": _SAY,
}


def _question(key: str, chance: Random) -> dict[str, Any]:
    kind = chance.choice(tuple(QUESTION_KINDS))
    question: dict[str, Any] = {"key": key, "kind": kind, "zh": "问", "en": "Question"}
    if kind == "CHOICE":
        question["choices"] = [{"code": code, "zh": code, "en": code} for code in CHOICES]
    return question


def _answer_to(question: Mapping[str, Any]) -> AskedFact:
    return AskedFact(QUESTION_KINDS[question["kind"]], CHOICES)


def _area(chance: Random) -> dict[str, Any]:
    return {"code": chance.choice(DIVISIONS), "level": chance.choice(AREA_LEVELS), **_dates(chance)}


def _dates(chance: Random) -> dict[str, str]:
    """None, or a first and a last day no further apart than anything may hold."""
    if chance.random() < 0.5:
        return {}
    first = chance.choice(DAYS) + timedelta(days=chance.randint(-9, 3))
    last = first + timedelta(days=chance.randint(0, MAX_DAYS - 1))
    return {"from": first.isoformat(), "to": last.isoformat()}


def _row(
    name: str, kind: str, lifted: Sequence[str], askable: Mapping[str, AskedFact], chance: Random
) -> dict[str, Any]:
    unless = [_condition(askable, chance) for _ in range(chance.choice((0, 0, 1, 2)))]
    if kind == "TURN_BACK_PROPOSED":
        unless += [dict(one) for one in TURN_BACK_UNLESS]
    return {
        "row": name,
        **(_dates(chance) if chance.random() < 0.5 else {}),
        "when": [_condition(askable, chance) for _ in range(chance.choice((0, 1, 1, 2, 2, 3)))],
        "unless": unless,
        "then": {"kind": kind, **_then(kind, lifted, chance)},
        "say": _SAY,
    }


def _then(kind: str, lifted: Sequence[str], chance: Random) -> dict[str, Any]:
    if kind == "QUARANTINE":
        return {"place": chance.choice(PLACES), "days": chance.randint(1, MAX_QUARANTINE)}
    return {"lifts": _some(lifted, chance)} if kind == EXEMPT else {}


def _condition(askable: Mapping[str, AskedFact], chance: Random) -> Condition:
    fact = chance.choice(tuple(askable))
    asked = askable[fact]
    op = chance.choice(OPERATORS[asked.kind])
    if op in ("MISSING", "ANY"):
        return {"fact": fact, "op": op}
    condition = {"fact": fact, "op": op, "value": _VALUES[asked.kind](fact, asked.codes, chance)}
    if asked.kind in (STAYS, AREAS):
        condition["days"] = chance.choice((0, 1, 7, 14, MAX_LOOK_BACK))
    return condition


def _some(of: Sequence[str], chance: Random, most: int = 3) -> list[str]:
    return sorted(chance.sample(of, chance.randint(1, min(most, len(of)))))


_VALUES: dict[str, Callable[[str, Sequence[str], Random], Any]] = {
    CODE: lambda fact, codes, chance: _some(codes, chance),
    NUMBER: lambda fact, codes, chance: chance.choice(FIGURES.get(fact, ANSWERED_FIGURES)),
    PLACE: lambda fact, codes, chance: _some(DIVISIONS, chance, most=12),
    STAYS: lambda fact, codes, chance: _some(DIVISIONS, chance, most=12),
    AREAS: lambda fact, codes, chance: _some(AREA_LEVELS, chance),
    SYMPTOMS: lambda fact, codes, chance: _some(SYMPTOM_CODES, chance),
    YES_NO: lambda fact, codes, chance: chance.random() < 0.5,
}
