"""What deciding again changes for a person: pure, from the measures that stand and those the rule set asks for.

A measure is written as a term: its kind, and place and days where it has them ("QUARANTINE HOME 14"). Only what goes on
behind the gate is compared: whoever has passed cannot be measured again, let through or turned back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lianfang.screening.facts import Measure
from lianfang.screening.form import MEASURES, PLACES

ADDED, STRICTER, MILDER, LOST = "ADDED", "STRICTER", "MILDER", "LOST"
CHANGES = (ADDED, STRICTER, LOST, MILDER)
BEHIND_THE_GATE = ("FEVER_CLINIC", "QUARANTINE", "NOTIFY_GRID")


class KindChange(NamedTuple):
    """One measure of one person that is not what it was."""

    what: str
    kind: str


@dataclass(frozen=True, slots=True)
class Changed:
    """`gains`: something is added or becomes stricter, which is written. `loses`: something would be milder or not be
    asked for any more, which is only told: a re-screening releases nobody. `stands`: what stands when it is written.
    """

    changes: tuple[KindChange, ...]
    stands: tuple[str, ...]

    @property
    def gains(self) -> bool:
        return bool(self._gained)

    @property
    def lasts(self) -> int | None:
        """The days after the arrival for which what is gained goes on; None: from the decision, or nothing is gained."""
        days = [_days(term) for term in self.stands if kind_of(term) in self._gained]
        return max((one for one in days if one is not None), default=None) if None not in days else None

    @property
    def loses(self) -> bool:
        return any(change.what in (LOST, MILDER) for change in self.changes)

    @property
    def _gained(self) -> list[str]:
        return [change.kind for change in self.changes if change.what in (ADDED, STRICTER)]


def term(measure: Measure) -> str:
    return " ".join(str(part) for part in (measure.kind, measure.place, measure.days) if part is not None)


def kind_of(term: str) -> str:
    return term.split(" ", 1)[0]


def compared(before: Sequence[str], decided: Iterable[Measure]) -> Changed:
    """`before` as terms; `decided` as the rule set words it."""
    stood = {kind_of(one): one for one in before}
    asked = {measure.kind: term(measure) for measure in decided}
    changes = [
        KindChange(what, kind)
        for kind in BEHIND_THE_GATE
        if (what := _change(stood.get(kind), asked.get(kind))) is not None
    ]
    stands = {**asked, **stood, **{kind: asked[kind] for what, kind in changes if what in (ADDED, STRICTER)}}
    return Changed(tuple(changes), tuple(sorted(stands.values(), key=_rank)))


def details(decided: Iterable[Measure]) -> list[dict[str, Any]]:
    """Measures as a registration's receipt keeps them."""
    return [
        {"kind": m.kind, "row": m.row}
        | ({"place": m.place} if m.place is not None else {})
        | ({"days": m.days} if m.days is not None else {})
        for m in decided
    ]


def _change(stood: str | None, asked: str | None) -> str | None:
    if stood == asked:
        return None
    if stood is None:
        return ADDED
    if asked is None:
        return LOST
    return STRICTER if _strictness(asked) > _strictness(stood) else MILDER


def _strictness(term: str) -> tuple[int, int]:
    """In a facility rather than at home, longer rather than shorter."""
    places = [len(PLACES) - PLACES.index(part) for part in term.split(" ") if part in PLACES]
    return sum(places), _days(term) or 0


def _days(term: str) -> int | None:
    return next((int(part) for part in term.split(" ") if part.isdigit()), None)


def _rank(term: str) -> int:
    kind = kind_of(term)
    return MEASURES.index(kind) if kind in MEASURES else len(MEASURES)
