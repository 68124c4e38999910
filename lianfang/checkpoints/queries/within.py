"""Within reach: the condition every question here carries. Row-level security asks the same again."""

from django.db.models import Q

from lianfang.kernel.reach import Reach


def within(reach: Reach, column: str = "jurisdiction") -> Q:
    """Rows whose jurisdiction lies in one of the officer's spans; none when there is no span."""
    condition = Q(pk__in=[])
    for lo, hi in reach.spans:
        condition |= Q(**{f"{column}__gte": lo, f"{column}__lte": hi})
    return condition


def spans(reach: Reach) -> str:
    """The same as a literal of PostgreSQL's int8multirange, for statements written out."""
    return "{" + ",".join(f"[{lo},{hi}]" for lo, hi in reach.spans) + "}"
