"""Opening files: one at a desk, thousands in one slice by the background program. Whoever is known already is found.

A person is known by his document, and by whatever called for his file before; a telephone only proposes (queries.duplicates).
Whoever opens files takes turns until his transaction ends, since the same document may be called for twice at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import as_integer, is_code
from lianfang.kernel.file_keys import FileKey
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.people import arrays
from lianfang.people.facts import (
    Call,
    FileOpened,
    MatchKeys,
    PersonTold,
    WantedFile,
    canonical,
    indexes,
    keys_of,
)
from lianfang.people.services.keeping import forgotten

TAKING_TURNS = "SELECT pg_advisory_xact_lock(hashtext('lianfang people'))"
# By what called before, by document; then from a merged file to the one that was kept.
_KNOWN = """
WITH RECURSIVE found AS (
    SELECT a.place, c.person_id AS id
    FROM unnest(%(places)s::int[], %(kinds)s::text[], %(references)s::text[]) a(place, kind, reference)
    JOIN person_call c USING (kind, reference)
    UNION
    SELECT d.place, p.id FROM unnest(%(with_document)s::int[], %(indexes)s::bytea[]) d(place, document_index)
    JOIN person p USING (document_index)
), kept AS (
    SELECT place, id FROM found
    UNION
    SELECT k.place, m.kept_id FROM kept k JOIN person_merge m ON m.merged_id = k.id AND m.undone_at IS NULL
)
SELECT k.place, p.id, p.jurisdiction, p.sealed IS NULL, p.closed_at IS NOT NULL FROM kept k JOIN person p ON p.id = k.id
WHERE NOT EXISTS (SELECT FROM person_merge m WHERE m.merged_id = k.id AND m.undone_at IS NULL)
ORDER BY k.place, p.sealed IS NULL, p.id DESC
"""
_OPEN = """
INSERT INTO person (id, opened_on, opened_at, jurisdiction, document_index, phone_index, wrapped_key, sealed)
SELECT id, %(day)s, %(at)s, jurisdiction, document_index, phone_index, wrapped_key, sealed
FROM unnest(%(ids)s::uuid[], %(jurisdictions)s::bigint[], %(documents)s::bytea[], %(phones)s::bytea[], %(keys)s::bytea[],
            %(sealed)s::bytea[]) f(id, jurisdiction, document_index, phone_index, wrapped_key, sealed)
"""
_OTHER_PHONES = """
INSERT INTO person_phone (person_id, phone_index)
SELECT person_id, phone_index FROM unnest(%(people)s::uuid[], %(indexes)s::bytea[]) q(person_id, phone_index)
"""
_CALLED = """
INSERT INTO person_call (kind, reference, person_id, rule_set, rule_row, at)
SELECT kind, reference, person_id, rule_set, rule_row, %(at)s
FROM unnest(%(kinds)s::text[], %(references)s::text[], %(people)s::uuid[], %(rule_sets)s::text[], %(rule_rows)s::text[])
    c(kind, reference, person_id, rule_set, rule_row)
ON CONFLICT DO NOTHING
"""
# Called for again, a closed file is open again.
_REOPEN = (
    "UPDATE person SET closed_at = NULL WHERE id = ANY(%s) AND closed_at IS NOT NULL AND sealed IS NOT NULL"
)
_ELSEWHERE = "SELECT lianfang_people_elsewhere(%s::bytea[])"


class KnownFile(NamedTuple):
    """Somebody whose file there is."""

    id: UUID
    jurisdiction: int
    is_cleared: bool
    is_closed: bool


class NewFile(NamedTuple):
    """A file that is opened, as its row."""

    id: UUID
    jurisdiction: int
    document: bytes | None
    phone: bytes | None
    other_phones: tuple[bytes, ...]
    key: bytes
    sealed: bytes


def open_file(*, by: Reach, at: datetime, call: Call, facts: PersonTold, division: str) -> FileOpened:
    """The file of this person: found by document, else opened in the division, which lies within reach.

    Whoever has a file in another county is refused: it is asked for there, and no second one is opened.
    """
    by.require("KEEP_PEOPLE")
    if not is_code(division):
        raise Refusal("DIVISION_UNKNOWN", "请选择所在的村（社区）或网格。", "Choose the village or grid.")
    by.require_cover(division)
    if not facts.name.strip() and facts.document is None:
        raise Refusal("NOBODY_NAMED", "请填写姓名或证件号码。", "Give a name, or the number of a document.")
    with reach(by) as seen:
        _require_nowhere_else(keys_of(facts, on=day_of(at)))
        (opened,) = _opened([WantedFile(call, facts, division)], at)
        if opened.is_cleared:
            raise forgotten()
        seen.require_own(opened.jurisdiction)
        note(
            Act.FILE_OPENED, by=seen, subject=f"PERSON {opened.id}", jurisdiction=opened.jurisdiction,
            details={"kind": call.kind, "new": opened.is_new},
        )  # fmt: skip
    return opened


def open_files(*, worker: Reach, at: datetime, wanted: Sequence[WantedFile]) -> list[FileOpened]:
    """The files that answer these calls, in their order: one question for those that are known, one insert for the rest.

    Harmless when repeated: a call that was answered is answered the same. Call it inside a transaction of the worker's
    (`with reach(worker)`) to have it stand or fall with what else is written.
    """
    if worker.kind != "WORK":
        raise Forbidden(
            "NOT_PERMITTED", "只有后台程序可以成批建档。", "Only the background program may do this."
        )
    if not wanted:
        return []
    with reach(worker) as seen:
        opened = _opened(wanted, at)
        new = sum(one.is_new for one in opened)
        note(Act.FILE_OPENED, by=seen, subject="PERSON", count=len(opened), details={"new": new})
    return opened


def open_more(*, wanted: Sequence[WantedFile], at: datetime) -> list[FileOpened]:
    """The same for acts of this room that have asked for their permission and note what they did themselves."""
    return _opened(wanted, at) if wanted else []


def elsewhere(documents: Iterable[str]) -> set[str]:
    """Those of the documents (match keys) under which somebody beyond reach has a file."""
    asked = {index: key for key in documents for index in every_index(key)}
    with connection.cursor() as cursor:
        cursor.execute(_ELSEWHERE, [arrays.blobs(asked)])
        return {asked[bytes(index)] for (index,) in cursor.fetchall()}


def every_index(key: str) -> list[bytes]:
    """The blind indexes of one match key under every month's key."""
    return [month.index(key) for month in key_folder().months()]


def _require_nowhere_else(keys: MatchKeys) -> None:
    if keys.document and elsewhere([keys.document]):
        raise Refusal(
            "FILE_ELSEWHERE",
            "此人的档案在其他县区，请与指挥部或对方县区联系，不能重复建档。",
            "This person's file lies in another county: call headquarters or that county; no second one is opened.",
            status=409,
        )


def _opened(wanted: Sequence[WantedFile], at: datetime) -> list[FileOpened]:
    keys = [keys_of(one.facts, on=day_of(at)) for one in wanted]
    with connection.cursor() as cursor:
        cursor.execute(TAKING_TURNS)
    known = _known(wanted, keys)
    answers, new = _answered(wanted, keys, known, at)
    if new:
        _run(_OPEN, {**_columns(new), "day": day_of(at), "at": at})
        write_other_phones((file.id, file.other_phones) for file in new)
    _run(_CALLED, {**_calls(wanted, answers), "at": at})
    closed = [one.id for one in known.values() if one.is_closed]
    if closed:
        _run(_REOPEN, [closed])
    return answers


def _known(wanted: Sequence[WantedFile], keys: Sequence[MatchKeys]) -> dict[int, KnownFile]:
    """By place in the list; of several files of one document the oldest that can be read."""
    months = key_folder().months()
    hashed = [
        (place, month.index(one.document))
        for place, one in enumerate(keys)
        if one.document
        for month in months
    ]
    values = {
        "places": arrays.numbers(range(len(wanted))),
        "kinds": arrays.texts(one.call.kind for one in wanted),
        "references": arrays.texts(one.call.reference for one in wanted),
        "with_document": arrays.numbers(place for place, _ in hashed),
        "indexes": arrays.blobs(index for _, index in hashed),
    }
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, values)
        rows = cursor.fetchall()
    return {place: KnownFile(*known) for place, *known in _oldest_last(rows)}


def _oldest_last(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """A later row of a place takes the earlier one's: files that can be read come last."""
    return sorted(rows, key=lambda row: not row[3])


def _answered(
    wanted: Sequence[WantedFile], keys: Sequence[MatchKeys], known: Mapping[int, KnownFile], at: datetime
) -> tuple[list[FileOpened], list[NewFile]]:
    """Each call's file; a document or a reference that comes twice in the list is opened once."""
    day, month = key_folder().files(day_of(at)), key_folder().month(day_of(at))
    by_name: dict[object, FileOpened] = {}
    answers: list[FileOpened] = []
    new: list[NewFile] = []
    for place, (one, key) in enumerate(zip(wanted, keys, strict=True)):
        names = [name for name in ((one.call.kind, one.call.reference), key.document) if name]
        before = known.get(place)
        answer = next((by_name[name] for name in names if name in by_name), None)
        if before is not None:
            answer = FileOpened(before.id, before.jurisdiction, is_cleared=before.is_cleared)
        if answer is None:
            own = FileKey.new(day, uuid7(at=at))
            file = NewFile(
                own.id,
                as_integer(one.division),
                *indexes(month, key),
                own.wrapped,
                own.seal(canonical(one.facts)),
            )
            new.append(file)
            answer = FileOpened(file.id, file.jurisdiction, is_new=True)
        by_name.update((name, answer._replace(is_new=False)) for name in names)
        answers.append(answer)
    return answers, new


def write_other_phones(files: Iterable[tuple[UUID, Sequence[bytes]]]) -> None:
    """Adds the indexes of other telephones to these files, of which most have none."""
    several = [(id, index) for id, others in files for index in others]
    if several:
        ids = arrays.ids(id for id, _ in several)
        _run(_OTHER_PHONES, {"people": ids, "indexes": arrays.blobs(index for _, index in several)})


def _columns(new: Sequence[NewFile]) -> dict[str, str]:
    return {
        "ids": arrays.ids(file.id for file in new),
        "jurisdictions": arrays.numbers(file.jurisdiction for file in new),
        "documents": arrays.blobs(file.document for file in new),
        "phones": arrays.blobs(file.phone for file in new),
        "keys": arrays.blobs(file.key for file in new),
        "sealed": arrays.blobs(file.sealed for file in new),
    }


def _calls(wanted: Sequence[WantedFile], answers: Sequence[FileOpened]) -> dict[str, str]:
    return {
        "kinds": arrays.texts(one.call.kind for one in wanted),
        "references": arrays.texts(one.call.reference for one in wanted),
        "people": arrays.ids(one.id for one in answers),
        "rule_sets": arrays.texts(one.call.rule_set for one in wanted),
        "rule_rows": arrays.texts(one.call.rule_row for one in wanted),
    }


def _run(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
