"""Who is under an order: the files of those whose orders the officer was shown, wherever they lie."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from lianfang.kernel.days import day_of
from lianfang.kernel.masking import MASKED, Sight
from lianfang.kernel.reach import Reach
from lianfang.people.queries.kept import rows_kept
from lianfang.people.queries.shown import PersonInView, person_shown


def named(
    reach: Reach, people: Collection[UUID], *, at: datetime, sight: Sight = MASKED
) -> dict[UUID, PersonInView]:
    """Person → who it is; of a merged file, as the kept one says. One question. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    return {id: person_shown(row, sight, on=day_of(at)) for id, row in rows_kept(people).items()}
