"""Lists of passages, page by page. Every question asks a fixed number of times, however many rows it answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.checkpoints.intake.moments import read_moment
from lianfang.checkpoints.models import Checkpoint, Correction, Passage, Registration
from lianfang.checkpoints.opening import Standing, State, standing
from lianfang.checkpoints.queries.patience import OutOfTime, at_most
from lianfang.checkpoints.queries.selection import Selection
from lianfang.checkpoints.queries.wanted import Wanted
from lianfang.checkpoints.queries.within import within
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.ids import floor_of
from lianfang.kernel.masking import masked_name
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal

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
    """Lines, the newest id first, and where the next page begins: pass it as `before`. None on the last page.

    `looked_since`: only ids from this moment on were looked through; there may be more before it.
    """

    lines: tuple[Line, ...]
    next_before: UUID | None
    looked_since: datetime | None = None


PATIENCE = timedelta(seconds=2)
_WEEK = 7 * 86_400_000  # milliseconds
_NEWEST = "ORDER BY id DESC LIMIT %(limit)s"
_BY_PASSAGE = "SELECT passage_id, array_agg(id) AS people FROM ({}) r GROUP BY passage_id ORDER BY passage_id DESC LIMIT %(limit)s"
_TOGETHER = (
    "SELECT passage_id, array_agg(person) FROM ({}) r CROSS JOIN unnest(people) AS person "
    "GROUP BY passage_id ORDER BY passage_id DESC LIMIT %(limit)s"
)


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
    wanted = Wanted(day, day, checkpoint=checkpoint, direction=direction)
    return passages_wanted(reach, wanted, at=start_of(day), before=before, limit=limit)


def passages_wanted(
    reach: Reach, wanted: Wanted, *, at: datetime, before: UUID | None = None, limit: int = 50
) -> Page:
    """The passages that count where, when and how it is wanted, newest id first; `matching` of a line says which persons.

    Where too many records would have to be read, those of a week's ids are, and the page says since when.
    """
    reach.require("VIEW_PASSAGES")
    limit = max(1, min(limit, LONGEST_PAGE))
    since = None
    try:
        rows, people = _selected(reach, Selection(reach, wanted, before=before), limit + 1)
    except OutOfTime:
        since = _a_week_before(wanted, before, at)
        rows, people = _of_a_week(
            reach, Selection(reach, wanted, before=before, since=floor_of(since)), limit + 1
        )
    lines = lines_of(reach, rows[:limit], checkpoint_names(reach), people)
    if len(rows) > limit:
        return Page(lines, rows[limit - 1].id)
    return Page(lines, floor_of(since) if since and since.timestamp() > 0 else None, since)


Selected = tuple[list[Passage], dict[UUID, list[UUID]]]


def _selected(reach: Reach, selection: Selection, limit: int) -> Selected:
    """Passages, newest first, and of each the persons that are wanted, when persons are. Raises OutOfTime."""
    parameters = {**selection.parameters, "limit": limit}
    with at_most(PATIENCE):
        if not selection.wanted.of_people:
            statement = selection.passages(f"{{}} {_NEWEST}")
            return list(Passage.objects.raw(f"{statement} {_NEWEST}", parameters)), {}
        with connection.cursor() as cursor:
            cursor.execute(_TOGETHER.format(selection.people(_BY_PASSAGE)), parameters)
            people = dict(cursor.fetchall())
    return list(Passage.objects.filter(within(reach), id__in=list(people)).order_by("-id")), people


def _of_a_week(reach: Reach, selection: Selection, limit: int) -> Selected:
    try:
        return _selected(reach, selection, limit)
    except OutOfTime:
        raise Refusal(
            "TOO_WIDE",
            "要翻的记录太多，几秒内查不完。请缩短日期，或再加一个条件。",
            "Too many records would have to be looked through. Choose fewer days, or add a condition.",
            status=503,
        ) from None


def _a_week_before(wanted: Wanted, before: UUID | None, at: datetime) -> datetime:
    """A week before where the page begins: ids of whatever kind are ordered by their first digits, as moments."""
    ends = [int(at.timestamp() * 1000)]
    if before is not None:
        ends.append(before.int >> 80)
    if wanted.last is not None and wanted.last < day_of(at):
        ends.append(int(start_of(wanted.last + timedelta(days=1)).timestamp() * 1000))
    return datetime.fromtimestamp(max(0, min(ends) - _WEEK) / 1000, UTC)


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
