"""What is different between two rule sets: rows, areas, questions, the heading. Pure; contents may be unfinished drafts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Part = Mapping[str, Any]
ADDED, REMOVED, CHANGED = "ADDED", "REMOVED", "CHANGED"
HEADING = ("title", "source")


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One row, area or question, by its name. `was` None: it is new; `is_` None: it is gone.

    `fields`: what is different about one that changed.
    """

    kind: str
    name: str
    was: Part | None
    is_: Part | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """`heading`: title and source, each with what it was and is. `reordered`: the rows that stayed stand otherwise."""

    heading: tuple[tuple[str, Any, Any], ...]
    rows: tuple[RuleDifference, ...]
    areas: tuple[RuleDifference, ...]
    questions: tuple[RuleDifference, ...]
    reordered: bool

    def __bool__(self) -> bool:
        return bool(self.heading or self.rows or self.areas or self.questions or self.reordered)


def differences(old: Part, new: Part) -> Differences:
    """From the old content to the new one, in the order of the new; what is gone comes last."""
    before, after = _by_name(old, "rows", "row"), _by_name(new, "rows", "row")
    return Differences(
        heading=tuple(
            (field, old.get(field), new.get(field)) for field in HEADING if old.get(field) != new.get(field)
        ),
        rows=_compared(before, after),
        areas=_compared(_by_name(old, "areas", "code"), _by_name(new, "areas", "code")),
        questions=_compared(_by_name(old, "questions", "key"), _by_name(new, "questions", "key")),
        reordered=[name for name in before if name in after] != [name for name in after if name in before],
    )


def _compared(before: Mapping[str, Part], after: Mapping[str, Part]) -> tuple[RuleDifference, ...]:
    return tuple(
        [*_new_and_changed(before, after)]
        + [RuleDifference(REMOVED, name, was, None) for name, was in before.items() if name not in after]
    )


def _new_and_changed(before: Mapping[str, Part], after: Mapping[str, Part]) -> Iterable[RuleDifference]:
    for name, is_ in after.items():
        was = before.get(name)
        if was is None:
            yield RuleDifference(ADDED, name, None, is_)
        elif fields := _fields(was, is_):
            yield RuleDifference(CHANGED, name, was, is_, fields)


def _fields(was: Part, is_: Part) -> tuple[str, ...]:
    """The fields that say something else. One that is missing says as much as one that is empty."""
    both = dict.fromkeys([*was, *is_])
    return tuple(field for field in both if (was.get(field) or None) != (is_.get(field) or None))


def _by_name(content: Part, part: str, key: str) -> dict[str, Part]:
    """Its parts by name. Where several bear one, each further one is counted: an area may have several periods."""
    named: dict[str, Part] = {}
    listed = content.get(part)
    for one in listed if isinstance(listed, list | tuple) else ():
        if isinstance(one, Mapping):
            name = str(one.get(key, ""))
            again = sum(known == name or known.startswith(f"{name} #") for known in named)
            named[f"{name} #{again + 1}" if again else name] = one
    return named
