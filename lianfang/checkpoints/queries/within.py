"""Within reach: the condition every question here carries. Row-level security asks the same again."""

from django.db.models import Q

from lianfang.kernel.reach import Reach


def within(reach: Reach, column: str = "jurisdiction") -> Q:
    """Rows whose jurisdiction lies in one of the spans the officer may read; none when there is none."""
    condition = Q(pk__in=[])
    for lo, hi in reach.readable:
        condition |= Q(**{f"{column}__gte": lo, f"{column}__lte": hi})
    return condition


def covered(reach: Reach, column: str = "jurisdiction") -> str:
    """The same for statements written out. Comparisons, since the planner has statistics for them and none for ranges."""
    conditions = [f"{column} BETWEEN {int(lo)} AND {int(hi)}" for lo, hi in reach.readable]
    return f"({' OR '.join(conditions) or 'false'})"
