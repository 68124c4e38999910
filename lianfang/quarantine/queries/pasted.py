"""Who may be meant in a pasted list: people under observation in one division, by the names in their files."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.within import held
from lianfang.people.opening import open_person
from lianfang.people.queries.kept import rows_kept
from lianfang.quarantine.models import QuarantineOrder

MOST_PEOPLE = 2_000  # of one village; each file is opened


class NamedOrder(NamedTuple):
    """Somebody under observation, told apart from others of his name by the number on his slip."""

    order: UUID
    number: str


def standing_by_name(reach: Reach, division: str) -> Mapping[str, tuple[NamedOrder, ...]]:
    """Name → everybody so called whose order stands in the division, of the officer's own area. Inside `reach()`.

    In place or not, before the last day or after: whether a report of his is taken says the service, line by line.
    """
    reach.require("KEEP_QUARANTINE")
    reach.require_cover(division)
    lo, hi = span(division)
    rows = QuarantineOrder.objects.filter(
        held(reach), jurisdiction__gte=lo, jurisdiction__lte=hi, ended_at=None
    )
    orders = list(rows.order_by("number")[: MOST_PEOPLE + 1])
    if len(orders) > MOST_PEOPLE:
        raise Refusal(
            "DIVISION_LARGE",
            f"这里在观察的超过 {MOST_PEOPLE} 人，请选到村（社区）或网格。",
            f"More than {MOST_PEOPLE} are under observation here: choose a village or grid.",
        )
    files = rows_kept({one.person_id for one in orders})
    found: dict[str, list[NamedOrder]] = defaultdict(list)
    for one in orders:
        if one.person_id in files:
            name = open_person(files[one.person_id]).facts.name or ""
            found[name.replace(" ", "")].append(NamedOrder(one.id, one.shown_number))
    found.pop("", None)
    return {name: tuple(some) for name, some in found.items()}
