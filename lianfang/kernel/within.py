"""Within reach: the condition every question here carries. Row-level security asks the same again.

Records are read wherever the officer may read. What he does, and the pages from which he does it (phones, pads, shifts),
stays within his own postings: through broken glass one looks at records and at nothing else.
"""

from collections.abc import Iterable

from django.db.models import Q

from lianfang.kernel.reach import Hand

Spans = Iterable[tuple[int, int]]


def within(reach: Hand, column: str = "jurisdiction") -> Q:
    """Rows whose jurisdiction lies in one of the spans the officer may read; none when there is none."""
    return _lying_in(reach.readable, column)


def held(reach: Hand, column: str = "jurisdiction") -> Q:
    """Rows in the spans of the officer's own postings, where he acts."""
    return _lying_in(reach.spans, column)


def covered(reach: Hand, column: str = "jurisdiction") -> str:
    """`within` for statements written out."""
    return _written_out(reach.readable, column)


def held_written_out(reach: Hand, column: str = "jurisdiction") -> str:
    """`held` for statements written out."""
    return _written_out(reach.spans, column)


def _lying_in(spans: Spans, column: str) -> Q:
    condition = Q(pk__in=[])
    for lo, hi in spans:
        condition |= Q(**{f"{column}__gte": lo, f"{column}__lte": hi})
    return condition


def _written_out(spans: Spans, column: str) -> str:
    """Comparisons, since the planner has statistics for them and none for ranges."""
    conditions = [f"{column} BETWEEN {int(lo)} AND {int(hi)}" for lo, hi in spans]
    return f"({' OR '.join(conditions) or 'false'})"
