"""Finding files: exactly by document or telephone, and pairs that may be one person's."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel import documents, phones
from lianfang.kernel.days import day_of
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.masking import MASKED, UNMASKED
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.within import covered, within
from lianfang.people import arrays
from lianfang.people.facts import MatchKeys, PersonTold, keys_of
from lianfang.people.models import Person, PersonCall, PersonMerge
from lianfang.people.opening import FileState, open_person
from lianfang.people.queries.files import FileOfPerson, files_of
from lianfang.people.queries.shown import PersonInView, shown
from lianfang.people.rules import similar_names

KINDS = ("DOCUMENT", "PHONE")
NEWEST = 2_000  # files of one look for pairs
_WITH = {
    "DOCUMENT": "SELECT id FROM person WHERE document_index = {index}",
    "PHONE": """SELECT id FROM person WHERE phone_index = {index}
                UNION ALL SELECT person_id FROM person_phone WHERE phone_index = {index}""",
}
_FOUND = """
SELECT p.id FROM person p WHERE p.id IN ({having}) AND {within} ORDER BY p.id DESC LIMIT %(limit)s
"""
# What every month's key makes of a number meets what was written under the key of its own month.
_MEETING = """
SELECT a.id, p.id FROM unnest(%(ids)s::uuid[], %(indexes)s::bytea[]) a(id, wanted)
CROSS JOIN LATERAL ({having}) w JOIN person p ON p.id = w.id AND p.id < a.id
WHERE {within} AND p.sealed IS NOT NULL
  AND NOT EXISTS (SELECT FROM person_merge m WHERE m.merged_id = p.id AND m.undone_at IS NULL)
  AND NOT EXISTS (SELECT FROM not_the_same n WHERE n.one_id = p.id AND n.other_id = a.id)
"""


class LookAlike(NamedTuple):
    """Two files that may be one person's: the older first. `why`: DOCUMENT, or PHONE with a similar name."""

    why: str
    one: PersonInView
    other: PersonInView


class LookAlikes(NamedTuple):
    """`before`: where the next look begins; None when every file was looked at."""

    pairs: tuple[LookAlike, ...]
    before: UUID | None


def find_people(reach: Reach, *, kind: str, value: str, at: datetime, limit: int = 50) -> list[PersonInView]:
    """Files in which the number stands, the newest first, masked. Numbers may be typed in any of the usual ways."""
    reach.require("VIEW_PEOPLE")
    reach.require("SEARCH_PEOPLE")
    return people_shown(reach, _found(kind, _keys(kind, value), reach, limit=limit), at=at)


def files_with_document(reach: Reach, number: str, *, at: datetime) -> list[FileOfPerson]:
    """The files of the person who shows this document, all of them shown: for questions that asked for their permission."""
    keys = _keys("DOCUMENT", number)
    ids = _found("DOCUMENT", keys, reach, limit=50)
    files = files_of(reach, ids, at=at, sight=UNMASKED)
    return [files[id] for id in ids if _says(files[id], keys)]


def _says(file: FileOfPerson, keys: Sequence[str]) -> bool:
    read = documents.normalise(file.person.document_type, file.person.document, on=file.opened_on)
    return read.match_key in keys


def called_for(reach: Reach, kind: str, references: Sequence[str]) -> dict[str, UUID]:
    """Reference → the file that answered it, for rooms above; files beyond reach are left out."""
    found = PersonCall.objects.filter(kind=kind, reference__in=references)
    return dict(found.values_list("reference", "person_id"))


def people_shown(reach: Reach, ids: Sequence[UUID], *, at: datetime) -> list[PersonInView]:
    """Masked, the newest first; for questions that asked for their permission."""
    rows = Person.objects.filter(within(reach), pk__in=ids).order_by("-id")
    return [_masked(row, open_person(row).facts, at) for row in rows]


def duplicates(reach: Reach, *, at: datetime, before: UUID | None = None) -> LookAlikes:
    """LookAlikes of the same document, or of the same telephone and a similar name, among the newest files before `before`
    and every older one. Who was said not to be the same is never proposed again.
    """
    reach.require("MERGE_PEOPLE")
    merged = PersonMerge.objects.filter(undone_at=None).values("merged_id")
    rows = Person.objects.filter(within(reach), sealed__isnull=False).exclude(pk__in=merged)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    newest = list(rows.order_by("-id")[:NEWEST])
    facts = {row.id: opened.facts for row in newest if (opened := open_person(row)).state == FileState.OPEN}
    meeting = _meeting(reach, newest, facts)
    older = Person.objects.filter(within(reach), pk__in={id for pair in meeting for id in pair} - {*facts})
    known = {row.id: row for row in [*newest, *older]}
    facts |= {row.id: open_person(row).facts for row in older}
    pairs = [
        LookAlike(why, _masked(known[one], facts[one], at), _masked(known[other], facts[other], at))
        for (one, other), why in meeting.items()
        if one in facts and other in facts
        and (why == "DOCUMENT" or similar_names(facts[one].name, facts[other].name))
    ]  # fmt: skip
    return LookAlikes(tuple(pairs), newest[-1].id if len(newest) == NEWEST else None)


def _keys(kind: str, value: str) -> tuple[str, ...]:
    if kind not in KINDS:
        raise Refusal("SEARCH_KIND", "请选择按证件或电话查找。", "Search by document or phone.")
    key = phones.read(value).key
    keys = documents.possible_keys(value) if kind == "DOCUMENT" else (f"PHONE:{key}",) if key else ()
    if not keys:
        raise Refusal("SEARCH_EMPTY", "请输入要查找的号码。", "Enter the number to search for.")
    return keys


def _found(kind: str, keys: Sequence[str], reach: Reach, *, limit: int) -> list[UUID]:
    indexes = [month.index(key) for month in key_folder().months() for key in keys]
    having = _WITH[kind].format(index="ANY(%(indexes)s)")
    statement = _FOUND.format(having=having, within=covered(reach, "p.jurisdiction"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"indexes": indexes, "limit": limit})
        return [id for (id,) in cursor.fetchall()]


def _meeting(
    reach: Reach, rows: Sequence[Person], facts: dict[UUID, PersonTold]
) -> dict[tuple[UUID, UUID], str]:
    """(older, newer) → why; the document says more than the telephone."""
    months = key_folder().months()
    keys = [(row.id, keys_of(facts[row.id], on=row.opened_on)) for row in rows if row.id in facts]
    found: dict[tuple[UUID, UUID], str] = {}
    for why in ("PHONE", "DOCUMENT"):
        asked = [
            (id, month.index(key))
            for id, all_of in keys
            for key in _asked_by(why, all_of)
            for month in months
        ]
        values = {
            "ids": arrays.ids(id for id, _ in asked),
            "indexes": arrays.blobs(index for _, index in asked),
        }
        having = _WITH[why].format(index="a.wanted")
        statement = _MEETING.format(having=having, within=covered(reach, "p.jurisdiction"))
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            found |= {(older, newer): why for newer, older in cursor.fetchall()}
    return found


def _asked_by(why: str, keys: MatchKeys) -> Sequence[str]:
    """Somebody's every telephone, or his document."""
    if why == "PHONE":
        return keys.phones
    return (keys.document,) if keys.document else ()


def _masked(row: Person, facts: PersonTold, at: datetime) -> PersonInView:
    return shown(row, FileState.OPEN, facts, MASKED, on=day_of(at))
