"""Whom a re-screening concerns, township by township: what was counted before, and what was carried out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from lianfang.journeys.rescreening.counts import is_township
from lianfang.journeys.rescreening.queries import RescreeningLine
from lianfang.kernel.divisions import canonical
from lianfang.regions.queries import paths

NOT_GIVEN = "-"  # in an address: those who did not say where they go


@dataclass(frozen=True, slots=True)
class TownshipShown:
    """`gain`: of how many something is added or becomes stricter, as counted; `done`: as carried out, None before.
    `figures` by change, in the order of the columns: what was carried out, before what was counted.
    """

    code: str
    name: str
    gain: int
    done: int | None
    figures: tuple[int, ...]

    @property
    def has_list(self) -> bool:
        return bool(self.done)

    @property
    def length(self) -> int:
        """Of its bar."""
        return self.gain if self.done is None else self.done


def townships_shown(line: RescreeningLine, keys: Sequence[str], on: date) -> list[TownshipShown]:
    """All that were counted or carried out: townships, most first, then whoever named none."""
    counted, done = line.counts.townships, line.done.townships
    codes = counted.keys() | done.keys()
    names = place_names((code for code in codes if code), on)
    carried = bool(line.rescreening.done)
    shown = [
        TownshipShown(
            code,
            township_name(code, names),
            counted.get(code, {}).get("gain", 0),
            done.get(code, {}).get("gain", 0) if carried else None,
            tuple((done if carried else counted).get(code, {}).get(key, 0) for key in keys),
        )
        for code in codes
    ]
    return sorted(shown, key=lambda one: (not is_township(one.code), -one.length, -one.gain, one.code))


def place_names(codes: Iterable[str], on: date) -> dict[str, str]:
    """By codes however they are written: first digits, or filled up with noughts."""
    whole = {code: canonical(code) for code in codes}
    found = paths(set(whole.values()), on)
    return {code: found.get(known, code) for code, known in whole.items()}


def township_name(code: str, names: dict[str, str]) -> str:
    """In words also where there is none."""
    if not code:
        return gettext("没有说去哪里")
    if is_township(code):
        return names[code]
    return gettext("%(place)s，没有说乡镇街道") % {"place": names[code]}
