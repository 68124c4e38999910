"""Several files of one person: which one was kept, and which were merged into it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection

from lianfang.people import arrays
from lianfang.people.models import Person

_KEPT = "SELECT k.asked, p.* FROM lianfang_kept_files(%s::uuid[]) k JOIN person p ON p.id = k.kept"
_KEPT_IDS = "SELECT asked, kept FROM lianfang_kept_files(%s::uuid[])"
_UNDER = """
WITH RECURSIVE file AS (
    SELECT f AS kept, f AS id FROM unnest(%s::uuid[]) f
    UNION
    SELECT f.kept, m.merged_id FROM file f JOIN person_merge m ON m.kept_id = f.id AND m.undone_at IS NULL
)
SELECT kept, id FROM file
"""


def rows_kept(ids: Collection[UUID]) -> dict[UUID, Person]:
    """Whoever is asked for → the file that was kept of him, in one question; without those that PostgreSQL leaves out."""
    return {vars(row)["asked"]: row for row in Person.objects.raw(_KEPT, [arrays.ids(ids)])}


def kept_of(ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The same by id alone."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_IDS, [arrays.ids(ids)])
        return dict(cursor.fetchall())


def with_merged(ids: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """Each file with those that were merged into it, through every merge that stands, as far as they are seen."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_UNDER, [arrays.ids(ids)])
        for kept, id in cursor.fetchall():
            found[kept].add(id)
    return {kept: frozenset(under) for kept, under in found.items()}
