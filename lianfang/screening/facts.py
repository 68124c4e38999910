"""What the rules may ask about a person, and what they answer. Pure: standard library only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Answer = bool | int | str
# A division code with the first and the last day there; None: not said, and for the last day, until now.
Stay = tuple[str, date | None, date | None]


@dataclass(
    slots=True
)  # not frozen: one is made for everybody at every barrier, and that would cost twice as much
class Facts:
    """What was said about a person at a checkpoint. The division code inside an identity number is never among it.

    `stays` are those told; where the person comes from (`from_code`) counts as one more that goes on. `resident` is
    whether the person lives in this city, as told. `answers` are to questions that rules may use, by their keys.
    """

    on: date
    direction: str  # IN | OUT
    stays: Sequence[Stay]
    celsius_tenths: int | None
    temperature_state: str | None  # READ | LOW | NOT_TAKEN
    symptoms: Sequence[str]
    transport: str | None = None
    purpose: str | None = None
    from_code: str | None = None
    destination_code: str | None = None
    document_type: str | None = None
    age: int | None = None
    case_contact: bool | None = None
    resident: bool | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure decided for a person, and the row of the rule set that decided it."""

    kind: str
    row: str
    place: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`rows` are those that apply, in the order of the rule set; measures come strongest first, each kind once."""

    rule_set: str
    rows: tuple[str, ...]
    measures: tuple[Measure, ...]
