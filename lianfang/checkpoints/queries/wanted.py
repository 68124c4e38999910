"""What a list of passages is asked for, as conditions on records as they stand after their corrections.

They are those of the board's cells (`situation.contribution`): a cell and the list behind it count the same records.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from lianfang.checkpoints.intake.closed_lists import VEHICLES


@dataclass(frozen=True, slots=True)
class Wanted:
    """None (or false) asks for nothing. Days are inclusive, both or neither.

    `purpose`, `origin` and `destination` are "" for what was not given. `origin` are first digits of the county's six,
    `destination` of the township's nine, as the cells have them: a place known less exactly ends in zeros.
    """

    first: date | None = None
    last: date | None = None
    checkpoint: str | None = None
    hour: int | None = None
    direction: str | None = None
    transport: str | None = None
    vehicles: bool = False
    purpose: str | None = None
    origin: str | None = None
    destination: str | None = None
    measure: str | None = None

    @property
    def of_people(self) -> bool:
        """Whether something is asked that only a person of the party can answer."""
        return (self.origin, self.destination, self.measure) != (None, None, None)

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "last": self.last,
            "checkpoint": self.checkpoint,
            "hour": self.hour,
            "direction": self.direction,
            "transport": self.transport,
            "vehicles": sorted(VEHICLES),
            "purpose": self.purpose,
            "origin": f"{self.origin}%",
            "destination": f"{self.destination}%",
            "measure": self.measure,
        }


class Condition(NamedTuple):
    """What a fact must be: `test` with {} for its value. A correction may have changed the fact."""

    fact: str
    test: str
    cast: str = ""

    def own(self, row: str) -> str:
        """Of the record as it was registered."""
        return self.test.format(f"{row}.{self.fact}")

    def said(self, overlay: str) -> str:
        """Of what its corrections say, where they say anything: few enough to be asked first."""
        value = f"({overlay}.facts->>'{self.fact}'){self.cast}"
        return f"(NOT {overlay}.facts ? '{self.fact}' OR {self.test.format(value)})"

    def unsaid(self, row: str, overlay: str) -> str:
        """Of the record where its corrections say nothing; with `said` this is the record as it stands."""
        return f"({overlay}.facts ? '{self.fact}' OR {self.own(row)})"


def of_passage(wanted: Wanted) -> list[Condition]:
    """On what a person's registration shares with its passage, and a correction of the passage changes in both."""
    asked = [
        (wanted.first, Condition("captured_on", "{} BETWEEN %(first)s AND %(last)s", "::date")),
        (wanted.hour, Condition("captured_hour", "{} = %(hour)s", "::smallint")),
        (wanted.checkpoint, Condition("checkpoint", "{} = %(checkpoint)s")),
        (wanted.direction, Condition("direction", "{} = %(direction)s")),
        (wanted.transport, Condition("transport", "{} = %(transport)s")),
        (wanted.vehicles or None, Condition("transport", "{} = ANY(%(vehicles)s)")),
        (wanted.purpose, Condition("purpose", _given(wanted.purpose, "{} = %(purpose)s"))),
    ]
    return [condition for value, condition in asked if value is not None]


def of_person(wanted: Wanted) -> list[Condition]:
    asked = [
        (wanted.origin, Condition("from_code", _given(wanted.origin, "{} LIKE %(origin)s"))),
        (
            wanted.destination,
            Condition(
                "destination_code",
                _given(wanted.destination, "rpad(left({}, 9), 9, '0') LIKE %(destination)s"),
            ),
        ),
    ]
    return [condition for value, condition in asked if value is not None]


def measured(wanted: Wanted, row: str) -> list[str]:
    """On the measures, which stay as they were decided at the gate."""
    return [f"{row}.measures @> ARRAY[%(measure)s]"] if wanted.measure else []


def _given(value: str | None, test: str) -> str:
    return "{} IS NULL" if value == "" else test
