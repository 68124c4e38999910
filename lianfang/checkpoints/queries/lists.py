"""Lists of passages: a day's, page by page. Every question asks a fixed number of times, however many rows it answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianfang.checkpoints.intake.moments import read_moment
from lianfang.checkpoints.models import Checkpoint, Correction, Passage, Registration
from lianfang.checkpoints.opening import Standing, State, masked_name, standing
from lianfang.checkpoints.queries.within import covered, within
from lianfang.kernel.reach import Reach

LONGEST_PAGE = 200
# Of several measures in a car the first of these is the one the line shows.
STRONGEST_FIRST = (
    "FEVER_CLINIC",
    "TURN_BACK_PROPOSED",
    "QUARANTINE",
    "RE_MEASURE",
    "NOTIFY_GRID",
    "REGISTER",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A passage as one line of a list, as it stands after its corrections. Names are masked (王**).

    `people` counts the party. `strongest` is the kind of measure that matters most. `matching` says which persons of
    the party (1 is the first) a search found. `state` is OPEN, or why plate and names are missing.
    """

    id: UUID
    occurred_at: datetime
    received_at: datetime
    checkpoint: str
    checkpoint_name: str
    direction: str
    transport: str
    plate: str | None
    people: int
    names: tuple[str, ...]
    strongest: str | None
    flags: tuple[str, ...]
    corrected: bool
    state: State
    matching: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, the newest id first, and where the next page begins: pass it as `before`. None on the last page."""

    lines: tuple[Line, ...]
    next_before: UUID | None


# A passage is listed where, when and which way it counts now. Those that a correction moved in one of the `keys` asked
# for are taken out of their old place and put in their new one; the rest is read from an index, in the order of the
# list. Ids are not limited to the day's: paper is typed in weeks later, and a phone's clock may be a year off.
_MOVED = """
SELECT of AS id, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
WHERE target = 'PASSAGE' AND facts ?| ARRAY['captured_on', 'checkpoint', 'direction'] AND facts ?| %(keys)s::text[]
  AND {within}
GROUP BY of
"""
_STAYED = """
SELECT * FROM passage
WHERE captured_on = %(day)s AND checkpoint = ANY(%(checkpoints)s) AND {within}
  AND (%(direction)s::text IS NULL OR direction = %(direction)s)
  AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid)
  AND id NOT IN (SELECT id FROM moved)
ORDER BY id DESC LIMIT %(limit)s
"""
# First what the corrections say for themselves, so that only few passages are looked up.
_CAME = """
SELECT p.* FROM moved m CROSS JOIN LATERAL (SELECT * FROM passage WHERE id = m.id AND {within} LIMIT 1) p
WHERE (NOT m.facts ? 'captured_on' OR m.facts->>'captured_on' = %(day)s::text)
  AND (NOT m.facts ? 'checkpoint' OR m.facts->>'checkpoint' = ANY(%(checkpoints)s))
  AND (NOT m.facts ? 'direction' OR %(direction)s::text IS NULL OR m.facts->>'direction' = %(direction)s)
  AND (m.facts ? 'captured_on' OR p.captured_on = %(day)s)
  AND (m.facts ? 'checkpoint' OR p.checkpoint = ANY(%(checkpoints)s))
  AND (m.facts ? 'direction' OR %(direction)s::text IS NULL OR p.direction = %(direction)s)
  AND (%(before)s::uuid IS NULL OR m.id < %(before)s::uuid)
"""
_LISTED = f"""
WITH moved AS MATERIALIZED ({_MOVED})
SELECT * FROM (({_STAYED}) UNION ALL {_CAME}) p ORDER BY id DESC LIMIT %(limit)s
"""


def passages(
    reach: Reach,
    *,
    day: date,
    checkpoint: str | None = None,
    direction: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> Page:
    """The passages that count on a day, newest id first."""
    reach.require("VIEW_PASSAGES")
    limit = max(1, min(limit, LONGEST_PAGE))
    names = checkpoint_names(reach)
    asked = {"captured_on": day, "checkpoint": checkpoint, "direction": direction}
    parameters = {
        "day": day,
        "checkpoints": [checkpoint] if checkpoint else list(names),
        "direction": direction,
        "before": before,
        "limit": limit + 1,
        "keys": [key for key, value in asked.items() if value is not None],
    }
    rows = list(Passage.objects.raw(_LISTED.format(within=covered(reach)), parameters))
    return Page(lines_of(reach, rows[:limit], names), rows[limit - 1].id if len(rows) > limit else None)


def lines_of(
    reach: Reach,
    rows: Sequence[Passage],
    names: Mapping[str, str],
    matching: Mapping[UUID, Sequence[UUID]] | None = None,
) -> tuple[Line, ...]:
    """One line a passage, in order; `names` are the checkpoints', `matching` what a search found: people by passage."""
    if not rows:
        return ()
    people = people_of(reach, [row.id for row in rows])
    party = [person.id for of_one in people.values() for person in of_one]
    corrections = corrections_of(reach, [*(row.id for row in rows), *party])
    return tuple(
        _line(
            standing(row, corrections[row.id, "PASSAGE"]),
            [standing(person, corrections[person.id, "REGISTRATION"]) for person in people[row.id]],
            names,
            (matching or {}).get(row.id, ()),
        )
        for row in rows
    )


def people_of(reach: Reach, passages: Sequence[UUID]) -> Mapping[UUID, list[Registration]]:
    """The registrations of each passage, in the order of the party."""
    found: dict[UUID, list[Registration]] = defaultdict(list)
    for person in Registration.objects.filter(within(reach), passage_id__in=passages).order_by(
        "place_in_party", "id"
    ):
        found[person.passage_id].append(person)
    return found


def corrections_of(reach: Reach, records: Sequence[UUID]) -> Mapping[tuple[UUID, str], list[Correction]]:
    """The corrections of each (record, PASSAGE | REGISTRATION), in the order in which they add up."""
    found: dict[tuple[UUID, str], list[Correction]] = defaultdict(list)
    for correction in Correction.objects.filter(within(reach), of__in=records).order_by("occurred_at", "id"):
        found[correction.of, correction.target].append(correction)
    return found


def checkpoint_names(reach: Reach) -> dict[str, str]:
    """Names of the checkpoints within reach, by code."""
    return dict(Checkpoint.objects.filter(within(reach)).values_list("code", "name"))


def _line(
    passage: Standing[Passage],
    people: Sequence[Standing[Registration]],
    names: Mapping[str, str],
    matching: Sequence[UUID],
) -> Line:
    code = passage.fact("checkpoint")
    records: list[Standing[Any]] = [passage, *people]
    return Line(
        id=passage.row.id,
        occurred_at=occurred_at(passage),
        received_at=passage.row.received_at,
        checkpoint=code,
        checkpoint_name=names.get(code, code),
        direction=passage.fact("direction"),
        transport=passage.fact("transport"),
        plate=passage.fields.get("plate"),
        people=len(people),
        names=tuple(masked_name(person.fields.get("name")) for person in people),
        strongest=strongest(people),
        flags=tuple(sorted({flag for record in records for flag in record.flags})),
        corrected=any(record.corrected for record in records),
        state=passage.state,
        matching=tuple(at for at, person in enumerate(people, 1) if person.row.id in matching),
    )


def occurred_at(passage: Standing[Passage]) -> datetime:
    """When it happened; a correction moves it only to a moment that can be true (then it moves the day as well)."""
    text = passage.fields.get("occurred_at")
    if "captured_on" not in passage.facts or not text:
        return passage.row.occurred_at
    moment = read_moment(text, received_at=passage.row.received_at)
    return moment.occurred_at if moment else passage.row.occurred_at


def strongest(people: Iterable[Standing[Registration]]) -> str | None:
    """The measure that matters most among those decided for the party."""
    kinds = {kind for person in people for kind in person.row.measures}
    return min(kinds, key=lambda kind: (_RANK.get(kind, len(_RANK)), kind), default=None)


_RANK = {kind: rank for rank, kind in enumerate(STRONGEST_FIRST)}
