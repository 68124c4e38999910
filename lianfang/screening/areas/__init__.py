"""Affected areas of a rule set as of a day, and what may be done to the list of a draft. Pure.

Content holds them as {code, level, from?, to?, source?}; both days count. A draft's may be anything that was typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from lianfang.kernel.divisions import is_code, prefix
from lianfang.screening.form import AREA_LEVELS, MAX_DAYS

Content = Mapping[str, Any]
COMING, IN_FORCE, OVER = "COMING", "IN_FORCE", "OVER"


class AffectedArea(NamedTuple):
    """A division, how much it is affected, and from which day to which; without days, as long as its rule set."""

    code: str  # a prefix: 42, 4201, 420102
    level: str
    since: date | None = None
    until: date | None = None
    source: str = ""

    def state(self, on: date) -> str:
        if self.since is not None and self.since > on:
            return COMING
        return OVER if self.until is not None and self.until < on else IN_FORCE

    def days_left(self, on: date) -> int | None:
        """0 on the last day; None when it ends with its rule set, or has ended."""
        return (self.until - on).days if self.until is not None and self.until >= on else None

    def as_content(self) -> dict[str, str]:
        days = {"from": self.since, "to": self.until}
        return {
            "code": self.code,
            "level": self.level,
            **{name: day.isoformat() for name, day in days.items() if day is not None},
            **({"source": self.source} if self.source else {}),
        }


class AreaChanges(NamedTuple):
    """What is affected now and was not before, what no longer is, and what is at another level (before, now)."""

    added: tuple[AffectedArea, ...]
    ended: tuple[AffectedArea, ...]
    moved: tuple[tuple[AffectedArea, AffectedArea], ...]


def areas_of(content: Content) -> tuple[AffectedArea, ...]:
    """Every area of the content in its order. What is no area or no day is read as if it were not there."""
    listed = content.get("areas")
    return tuple(_area(one) for one in listed if isinstance(one, Mapping)) if isinstance(listed, list) else ()


def in_force(areas: Iterable[AffectedArea], on: date) -> tuple[AffectedArea, ...]:
    return tuple(area for area in areas if area.state(on) == IN_FORCE)


def strongest(levels: Iterable[str]) -> str:
    return min(
        levels, key=lambda level: AREA_LEVELS.index(level) if level in AREA_LEVELS else len(AREA_LEVELS)
    )


def overlaps(areas: Sequence[AffectedArea]) -> dict[int, int]:
    """Place in the list → the first place of an area that holds it, or of the same division, on some of the same days."""
    by_code: dict[str, list[int]] = {}
    for place, area in enumerate(areas):
        by_code.setdefault(area.code, []).append(place)
    found = {}
    for place, area in enumerate(areas):
        around = [
            other
            for length in (2, 4, 6, 9, 12)
            if length <= len(area.code)
            for other in by_code.get(area.code[:length], ())
            if _holds(areas, other, place)
        ]
        if around:
            found[place] = around[0]
    return found


def changed(before: Iterable[AffectedArea], now: Iterable[AffectedArea]) -> AreaChanges:
    """Between two lists of what is in force; a division that stands twice counts at its stronger level."""
    then, today = _by_code(before), _by_code(now)
    return AreaChanges(
        added=tuple(area for code, area in today.items() if code not in then),
        ended=tuple(area for code, area in then.items() if code not in today),
        moved=tuple(
            (then[code], area)
            for code, area in today.items()
            if code in then and then[code].level != area.level
        ),
    )


def last_day(since: date) -> date:
    """The last day an area may be affected that is from this one on, unless it is renewed."""
    return since + timedelta(days=MAX_DAYS - 1)


def dated(since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """Both days or none: an end without a beginning reaches back as far as it may, a beginning without an end ahead."""
    if since is None and until is not None:
        return until - timedelta(days=MAX_DAYS - 1), until
    return since, last_day(since) if since is not None and until is None else until


def added(content: Content, areas: Iterable[AffectedArea]) -> dict[str, Any]:
    return _with(content, [*_listed(content), *(area.as_content() for area in areas)])


def renewed(content: Content, place: int, *, on: date) -> dict[str, Any]:
    """One more area beside the old one, from the day after its last, or from today where it is over: so that who was
    there before is still found, and no entry is longer than it may be."""
    listed = _listed(content)
    old = _area(listed[place])
    since = on if old.until is None else max(old.until + timedelta(days=1), on)
    return _with(content, [*listed, old._replace(since=since, until=last_day(since)).as_content()])


def ended(content: Content, place: int, *, on: date) -> dict[str, Any]:
    """Its last day is this one. What had no days gets a first one, too: farther back than any rule asks."""
    listed = _listed(content)
    since, until = dated(_area(listed[place]).since, on)
    given = {**listed[place], "from": str(since), "to": str(until)}
    return _with(content, [*listed[:place], given, *listed[place + 1 :]])


def removed(content: Content, place: int) -> dict[str, Any]:
    listed = _listed(content)
    del listed[place]
    return _with(content, listed)


def _listed(content: Content) -> list[Any]:
    """Places count only what `areas_of` reads."""
    listed = content.get("areas")
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _with(content: Content, areas: list[Any]) -> dict[str, Any]:
    """By place and day, as the compiler writes them."""
    return {**content, "areas": sorted(areas, key=_order)}


def _order(area: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(area.get(name) or "") for name in ("code", "from", "to", "level"))


def _area(given: Mapping[str, Any]) -> AffectedArea:
    code = str(given.get("code") or "")
    return AffectedArea(
        prefix(code) if is_code(code) else code,
        str(given.get("level") or ""),
        _day(given.get("from")),
        _day(given.get("to")),
        str(given.get("source") or ""),
    )


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _holds(areas: Sequence[AffectedArea], other: int, place: int) -> bool:
    """Of two entries of one division, the later is held by the earlier."""
    outer, inner = areas[other], areas[place]
    if other == place or (outer.code == inner.code and other > place):
        return False
    return (outer.since or date.min) <= (inner.until or date.max) and (inner.since or date.min) <= (
        outer.until or date.max
    )


def _by_code(areas: Iterable[AffectedArea]) -> dict[str, AffectedArea]:
    found: dict[str, AffectedArea] = {}
    for area in areas:
        known = found.get(area.code)
        if known is None or strongest((area.level, known.level)) != known.level:
            found[area.code] = area
    return found
