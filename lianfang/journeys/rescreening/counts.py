"""What a re-screening has counted so far, as it is kept in its row: figures and codes, nobody's name. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lianfang.journeys.rescreening.changes import Changed
from lianfang.journeys.rescreening.deciding import Judged, Slice

Figures = dict[str, int]


@dataclass
class RescreeningCounts:
    """People looked at; those who gain (`gain`) and those who would lose (`lose`); by township ("" where they did not say)
    the same and every change, as "ADDED QUARANTINE". `new`, `corrected`: of those looked at, who came since the dry run.
    """

    looked: int = 0
    gain: int = 0
    lose: int = 0
    new: int = 0
    corrected: int = 0
    slices: int = 0
    slowest_ms: int = 0
    seconds: float = 0.0
    townships: dict[str, Figures] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "RescreeningCounts":
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        return dict(vars(self))

    def add(self, found: Slice, changed: Callable[[Judged], Changed], *, seconds: float) -> None:
        for group in found.groups:
            self.looked += group.people
            self.new += group.people * (group.came == "NEW")
            self.corrected += group.people * (group.came == "CORRECTED")
            if changed(group.pair).changes:
                self._change(group.township, group.people, changed(group.pair))
        self.slices += 1
        self.slowest_ms = max(self.slowest_ms, round(seconds * 1000))
        self.seconds = round(self.seconds + seconds, 3)

    def _change(self, township: str, people: int, changed: Changed) -> None:
        self.gain += people * changed.gains
        self.lose += people * changed.loses
        figures = self.townships.setdefault(township, {})
        named = [*(["gain"] if changed.gains else []), *(["lose"] if changed.loses else [])]
        for name in (*named, *(f"{change.what} {change.kind}" for change in changed.changes)):
            figures[name] = figures.get(name, 0) + people

    @property
    def changes(self) -> Figures:
        """Every change over all townships."""
        total: Figures = {}
        for figures in self.townships.values():
            for name, people in figures.items():
                if name.isupper():
                    total[name] = total.get(name, 0) + people
        return total

    def townships_with(self, change: str) -> int:
        return sum(1 for figures in self.townships.values() if figures.get(change))
