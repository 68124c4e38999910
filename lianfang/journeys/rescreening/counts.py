"""What a re-screening has counted so far, as it is kept in its row: figures and codes, nobody's name. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lianfang.journeys.rescreening.changes import Changed
from lianfang.journeys.rescreening.deciding import Group, Judged, Slice

Figures = dict[str, int]


@dataclass
class RescreeningCounts:
    """People looked at; those who gain (`gain`) and those who would lose (`lose`); by township ("" where they did not say)
    the same and every change, as "ADDED QUARANTINE". `over`: of those who gain, whose measures are over by now. `new`,
    `corrected`: of those looked at, who came since the dry run. `share`: of the pages, how much is done. `against`: the rule
    sets that decided last, by their hashes. `begun_at` and `moved_at`, the newest slice's, are moments in ISO.
    """

    looked: int = 0
    gain: int = 0
    lose: int = 0
    over: int = 0
    new: int = 0
    corrected: int = 0
    slices: int = 0
    slowest_ms: int = 0
    seconds: float = 0.0
    share: float | None = None
    begun_at: str = ""
    moved_at: str = ""
    against: list[str] = field(default_factory=list)
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
                self._change(group, changed(group.pair))
        self.slices += 1
        self.share = found.share if found.share is not None else self.share
        self.slowest_ms = max(self.slowest_ms, round(seconds * 1000))
        self.seconds = round(self.seconds + seconds, 3)

    def _change(self, group: Group, changed: Changed) -> None:
        people = group.people
        self.gain += people * changed.gains
        self.lose += people * changed.loses
        self.over += people * (changed.lasts is not None and changed.lasts <= group.over)
        figures = self.townships.setdefault(group.township, {})
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
        """In how many townships somebody is changed so. Who named a larger place, or none, is in no township."""
        return sum(1 for code, figures in self.townships.items() if is_township(code) and figures.get(change))

    @property
    def elsewhere(self) -> int:
        """Who gains and did not say in which township."""
        return sum(
            figures.get("gain", 0) for code, figures in self.townships.items() if not is_township(code)
        )


def is_township(code: str) -> bool:
    """Of the nine digits by which people are counted, filled up with noughts where they named a larger place."""
    return bool(code) and not code.endswith("000")
