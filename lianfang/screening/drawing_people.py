"""People drawn by chance at the edges of a rule set, to be decided by every engine. Nobody here exists."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from lianfang.kernel.days import day_of, start_of
from lianfang.screening.drawing import DAYS, DIVISIONS, SYMPTOM_CODES
from lianfang.screening.facts import Facts, Stay
from lianfang.screening.form import DIRECTIONS, DOCUMENT_TYPES, PURPOSES, TEMPERATURE_STATES, TRANSPORTS

_TICK = timedelta(microseconds=1)
_AROUND_MIDNIGHT = (-_TICK, timedelta(0), timedelta(hours=12), timedelta(days=1) - _TICK, timedelta(days=1))
_BESIDE = (-1, 0, 0, 1)
_ODD_CODES = (None, None, "", "ROCKET", "in")
_ODD_PLACES = (None, None, None, "", "9", "99", "990000", "湖北", "４２", " 42", "4" * 18)
_ODD_ANSWERS = (None, True, False, 0, 1, -1, 2.5, "", "TRUE", "1", "BUS", "bus", "CAMEL", 1_000_000)
_ODD_KEYS = ("constructor", "toString", "seat")  # what every object of JavaScript has, and what nobody asked
_SYMPTOMS = (*SYMPTOM_CODES, "LOSS_OF_SMELL", "")


class People:
    """Draws people who stand where the rule set changes its mind."""

    def __init__(self, content: Mapping[str, Any], chance: Random) -> None:
        self._chance = chance
        asked = list(_conditions(content))
        self._codes = {fact: [*_listed(asked, fact), *known, *_ODD_CODES] for fact, known in _KNOWN.items()}
        self._figures = {fact: _figures(asked, fact, ends) for fact, ends in _ENDS.items()}
        self._places = [
            *(area["code"] for area in content["areas"]),
            *(place for fact in ("stays", "from_code", "destination_code") for place in _listed(asked, fact)),
        ] or list(DIVISIONS)
        self._backs = [one["days"] for one in asked if "days" in one] or [14]
        self._dates = [
            date.fromisoformat(one[end])
            for one in (*content["areas"], *content["rows"])
            for end in ("from", "to")
            if one.get(end)
        ] or list(DAYS)
        self._answers = {
            one["key"]: [*_figures(asked, f"answers.{one['key']}", ()), *_ODD_ANSWERS]
            for one in content["questions"]
        }

    def draw(self) -> Facts:
        chance = self._chance
        choice = chance.choice
        on = self._day()
        return Facts(
            on=on,
            direction=choice(DIRECTIONS),
            transport=choice(self._codes["transport"]),
            purpose=choice(self._codes["purpose"]),
            stays=[self._stay(on) for _ in range(choice((0, 0, 0, 1, 1, 2, 4)))],
            celsius_tenths=choice(self._figures["celsius_tenths"]),
            temperature_state=choice(self._codes["temperature_state"]),
            symptoms=[choice(_SYMPTOMS) for _ in range(choice((0, 0, 1, 3)))],
            from_code=self._place(),
            destination_code=self._place(),
            document_type=choice(self._codes["document_type"]),
            age=choice(self._figures["age"]),
            case_contact=choice((None, True, False)),
            resident=choice((None, None, True, False)),
            answers=self._answered(),
        )

    def _day(self) -> date:
        """The day in Shanghai of a moment that is often a tick before midnight there, or a tick after."""
        chance = self._chance
        near = chance.choice(self._dates) if chance.random() < 0.6 else chance.choice(DAYS)
        day = near + timedelta(days=chance.choice((*_BESIDE, *self._backs)))
        return day_of(start_of(day) + chance.choice(_AROUND_MIDNIGHT))

    def _place(self) -> str | None:
        """A place of the rule set as codes of every length write it, one beside it, one around it, or none at all."""
        chance = self._chance
        if chance.random() < 0.3:
            return chance.choice(_ODD_PLACES)
        place = chance.choice(self._places)
        turn = chance.random()
        if turn < 0.15:
            place = place[:-1]
        elif turn < 0.3:
            place = place[:-1] + chance.choice("0123456789")
        return place + chance.choice(
            ("", "0" * max(6 - len(place), 0), "06", "0106", "381", "001002", "001002003004")
        )

    def _stay(self, on: date) -> Stay:
        chance = self._chance
        last = self._edge(on)
        first = self._edge(on)
        if first and last and first > last and chance.random() < 0.7:  # some are told the wrong way round
            first, last = last, first
        return self._place() or "", first, last

    def _edge(self, on: date) -> date | None:
        chance = self._chance
        turn = chance.random()
        if turn < 0.25:
            return None
        day = on - timedelta(days=chance.choice(self._backs)) if turn < 0.6 else chance.choice(self._dates)
        return day + timedelta(days=chance.choice(_BESIDE))

    def _answered(self) -> dict[str, Any]:
        chance = self._chance
        answers = {key: chance.choice(odd) for key, odd in self._answers.items() if chance.random() < 0.8}
        if chance.random() < 0.1:
            answers[chance.choice(_ODD_KEYS)] = chance.choice(_ODD_ANSWERS)
        return answers


_KNOWN: dict[str, Sequence[str]] = {
    "transport": TRANSPORTS,
    "purpose": PURPOSES,
    "document_type": DOCUMENT_TYPES,
    "temperature_state": TEMPERATURE_STATES,
}
_ENDS = {"age": (None, None, 0, 130), "celsius_tenths": (None, None, 200, 450)}


def _conditions(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in content["rows"]:
        yield from row["when"]
        yield from row.get("unless", ())


def _listed(asked: Sequence[Mapping[str, Any]], fact: str) -> list[str]:
    return [code for one in asked if one["fact"] == fact for code in one.get("value", ())]


def _figures(asked: Sequence[Mapping[str, Any]], fact: str, ends: Sequence[int | None]) -> list[Any]:
    """The thresholds of a fact with what lies just below and above, and the ends of what it can be."""
    thresholds = {one["value"] for one in asked if one["fact"] == fact and type(one.get("value")) is int}
    return [*ends, *(figure + step for figure in sorted(thresholds) for step in (-1, 0, 1))]
