"""What a record says of whom it is about: for his file when it is opened, and for the one there is what is said anew.

Whoever comes again is reached as he says this time, at the door he is headed for now; and what was corrected in his record
is so in his file. What stood before stays in the file. A desk that amended it since knows better.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db.backends.utils import CursorWrapper

from lianfang.checkpoints.models import Correction, Registration
from lianfang.checkpoints.opening import Standing, open_correction
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.facts import DocumentTold, PersonTold
from lianfang.people.models import Person
from lianfang.people.opening import FileState, open_person
from lianfang.people.services import amend

REACHED = ("phone", "address")
# Fields of a record → those of a file.
NAMED = {
    "name": "name", "sex": "sex", "born_on": "born_on", "nationality": "nationality", "occupation": "occupation",
    "document": "document", "phone": "phone", "destination": "address",
}  # fmt: skip
_FRESH = "SELECT id FROM correction WHERE tx >= %(from)s AND tx < %(to)s AND target = 'REGISTRATION'"


class SaidAnew(NamedTuple):
    """These fields of the facts were said of this person at that moment, and why that is known."""

    person: UUID
    at: datetime
    facts: PersonTold
    names: Collection[str]
    reason: str


def told_of(person: Standing[Registration]) -> PersonTold:
    """What a file takes over of a record: who it is, how he is reached, and the address as he gave it."""
    said = person.fields
    document = said.get("document") or {}
    told = DocumentTold(document["type"], document.get("number") or "") if document.get("type") else None
    born, age = said.get("born_on"), person.fact("age")
    return PersonTold(
        name=said.get("name") or "",
        sex=said.get("sex"),
        born_on=born,
        age_told=None if born else age,
        told_on=None if born or age is None else person.day.isoformat(),
        nationality=said.get("nationality"),
        occupation=said.get("occupation"),
        document=told,
        phone=said.get("phone") or "",
        address=(said.get("destination") or {}).get("address") or "",
    )


def fresh(cursor: CursorWrapper, *, start: int, end: int) -> list[Correction]:
    """The corrections of registrations that came in with these transactions, in the order they happened."""
    cursor.execute(_FRESH, {"from": start, "to": end})
    ids = [id for (id,) in cursor.fetchall()]
    return list(Correction.objects.filter(pk__in=ids).order_by("occurred_at", "id")) if ids else []


def corrected(
    corrections: Sequence[Correction],
    standing: Mapping[UUID, Standing[Registration]],
    files: Mapping[UUID, UUID],
) -> list[SaidAnew]:
    """By registration: the record as it stands, and the file of its person."""
    return [
        SaidAnew(files[one.of], one.occurred_at, told_of(standing[one.of]), names, "登记更正")
        for one in corrections
        if one.of in files and (names := _named(one))
    ]


def keep_up(worker: Reach, said: Sequence[SaidAnew], *, at: datetime) -> None:
    """Inside `reach(worker)`. Few come again, and few records are corrected: each is an act of its own in the file."""
    files = {row.id: open_person(row) for row in Person.objects.filter(pk__in={one.person for one in said})}
    for one in said:
        file = files.get(one.person)
        fields = _different(worker, one, file.facts) if file and file.state == FileState.OPEN else {}
        if fields:
            with suppress(Refusal):  # joined with another file meanwhile: it is kept no more
                amend(by=worker, at=at, id=one.person, fields=fields, reason=one.reason)


def _named(correction: Correction) -> list[str]:
    fields = open_correction(correction).fields.get("fields", {})
    return [NAMED[name] for name in fields if name in NAMED]


def _different(worker: Reach, said: SaidAnew, stands: PersonTold) -> dict[str, Any]:
    """What is left blank says nothing."""
    kept = {
        name
        for amended in stands.earlier
        if amended.by != worker.officer_id and amended.at > said.at
        for name in amended.before
    }
    told, there = msgspec.to_builtins(said.facts), msgspec.to_builtins(stands)
    return {
        name: told[name]
        for name in said.names
        if told.get(name) and told[name] != there.get(name) and name not in kept
    }
