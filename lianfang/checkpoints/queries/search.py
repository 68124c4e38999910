"""Exact search by plate, document or phone, through blind indexes: the numbers themselves are nowhere in the database.

An index is an HMAC under its month's key, so a search asks for the value under every key that still exists. What a
correction brought is found as well, and so is what it took away: somebody wrote that number once.
"""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.checkpoints.models import Passage
from lianfang.checkpoints.queries.lists import LONGEST_PAGE, Page, checkpoint_names, lines_of
from lianfang.checkpoints.queries.within import covered, within
from lianfang.kernel import documents, phones, plates
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal

KINDS = ("PLATE", "DOCUMENT", "PHONE")

_PLATE = """
SELECT id, NULL::uuid FROM passage
WHERE plate_index = ANY(%(indexes)s) AND {within}
UNION
SELECT of, NULL FROM correction
WHERE plate_index = ANY(%(indexes)s) AND target = 'PASSAGE' AND {within}
"""
_PERSON = """
SELECT passage_id, id FROM registration
WHERE {index} = ANY(%(indexes)s) AND {within}
UNION
SELECT r.passage_id, r.id FROM correction c CROSS JOIN LATERAL (
    SELECT passage_id, id FROM registration WHERE id = c.of AND {within} LIMIT 1
) r
WHERE c.{index} = ANY(%(indexes)s) AND c.target = 'REGISTRATION' AND {c_within}
"""
_INDEX = {"DOCUMENT": "document_index", "PHONE": "phone_index"}
# The newest passages only: a coach company's telephone may stand in thousands.
_NEWEST = """
SELECT found.passage, array_agg(found.person) FROM ({found}) found (passage, person)
WHERE %(before)s::uuid IS NULL OR found.passage < %(before)s::uuid
GROUP BY found.passage ORDER BY found.passage DESC LIMIT %(limit)s
"""


def search(reach: Reach, *, kind: str, value: str, before: UUID | None = None, limit: int = 50) -> Page:
    """Passages in which the number stands, newest id first; `matching` of a line says which persons.

    Numbers are compared as the intake normalises them, so they may be typed in any of the usual ways.
    """
    reach.require("SEARCH_PEOPLE")
    limit = max(1, min(limit, LONGEST_PAGE))
    parameters = {
        "indexes": _indexes(_keys(kind, value)),
        "before": before,
        "limit": limit + 1,
    }
    found = _found(_statement(kind, reach), parameters)
    shown = list(found)[:limit]
    rows = Passage.objects.filter(within(reach), id__in=shown).order_by("-id")
    return Page(
        lines_of(reach, list(rows), checkpoint_names(reach), found), shown[-1] if len(found) > limit else None
    )


def people_with_document(reach: Reach, number: str, *, most: int) -> dict[UUID, list[UUID]]:
    """The persons who were ever registered under the number, by passage, the newest passages first.

    For questions that have asked for their permission, and look at what stands: a number may have been another's by mistake.
    """
    parameters = {"indexes": _indexes(_keys("DOCUMENT", number)), "before": None, "limit": most}
    return _found(_statement("DOCUMENT", reach), parameters)


def _keys(kind: str, value: str) -> tuple[str, ...]:
    """The match keys under which the value may have been stored. Refuses what cannot be searched for."""
    if kind not in KINDS:
        raise Refusal("SEARCH_KIND", "请选择按车牌、证件或电话查找。", "Search by plate, document or phone.")
    if kind == "DOCUMENT":
        keys = documents.possible_keys(value)
    else:
        key = plates.read(value).key if kind == "PLATE" else phones.read(value).key
        keys = (f"{kind}:{key}",) if key else ()
    if not keys:
        raise Refusal("SEARCH_EMPTY", "请输入要查找的号码。", "Enter the number to search for.")
    return keys


def _indexes(keys: tuple[str, ...]) -> list[bytes]:
    return [month.index(key) for month in key_folder().months() for key in keys]


def _statement(kind: str, reach: Reach) -> str:
    conditions = {"within": covered(reach), "c_within": covered(reach, "c.jurisdiction")}
    found = _PLATE if kind == "PLATE" else _PERSON
    return _NEWEST.format(found=found.format(index=_INDEX.get(kind), **conditions))


def _found(statement: str, parameters: dict[str, Any]) -> dict[UUID, list[UUID]]:
    """Registrations by passage, the newest passages of all that match."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for passage, people in cursor.fetchall():
            found[passage] = [person for person in people if person is not None]
    return found
