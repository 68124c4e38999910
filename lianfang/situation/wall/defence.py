"""The four lines of defence (四道防线) as four strips: what the house knows to count of each, and null where nobody counts.

Figures of the whole city only: by township a day's few arrivals could be recognised.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection

from lianfang.checkpoints.queries.city import city_code
from lianfang.kernel.divisions import prefix, span
from lianfang.situation.cells import read
from lianfang.situation.wall.asking import Asked
from lianfang.situation.wall.suppression import SMALLEST_SHOWN

LASTING = ("QUARANTINE", "FEVER_CLINIC", "NOTIFY_GRID")
# Of those who came today, whom a township was handed; and who waits to be taken over now, whenever he came.
HANDOVER = ("HANDED_OVER", "WAITING")
OF_PEOPLE = {*LASTING, *HANDOVER}
Counted = dict[str, int | None]

# Local posts that are open now, those of them heard of today, and grid phones that can read their list now.
_VILLAGES = """
SELECT count(*), count(*) FILTER (WHERE l.received_at >= %(since)s), (
    SELECT count(*) FROM roster_token r WHERE r.revoked_at IS NULL AND r.enrolled_at IS NOT NULL AND r.expires_at > %(at)s
) FROM checkpoint c LEFT JOIN last_record l ON l.checkpoint = c.code
WHERE c.tier = 'LOCAL' AND (c.closed_at IS NULL OR c.closed_at > %(at)s)
"""


def townships(asked: Asked) -> Counted:
    """People who came in today and went into the city with a measure that its townships see to; some have two.

    Of no report there is no figure: the pairs are told by county, seconds after the fold.
    """
    counts: Counted = dict.fromkeys((*HANDOVER, *LASTING))
    city = city_code(asked.seen)
    if city is None:
        return counts
    handed_over, waiting = _handed_over(city, asked)
    if not _anybody(asked):
        return counts | {
            "WAITING": waiting or None
        }  # whoever waits still waits before the first report of a day
    counts |= {"HANDED_OVER": handed_over, "WAITING": waiting}
    within = prefix(city)[:6]  # of a smaller city its county: the pairs know no township
    rows = read("DESTINATION/MEASURE", ["key", "across"], asked.what, where="day = %(day)s", day=asked.today)
    for kind in LASTING:
        counts[kind] = sum(
            row["people"] for row in rows if row["across"] == kind and row["key"].startswith(within)
        )
    return counts


def _handed_over(city: str, asked: Asked) -> tuple[int, int]:
    lo, hi = span(city)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM lianfang_handed_over(%(lo)s, %(hi)s, %(day)s)",
            {"lo": lo, "hi": hi, "day": asked.today},
        )
        handed_over, waiting = cursor.fetchone()
        return handed_over, waiting


def _anybody(asked: Asked) -> bool:
    (row,) = read("CHECKPOINT", [], asked.what, where="day = %(day)s", day=asked.today)
    return bool(row["people"])


def villages(asked: Asked) -> Counted:
    with connection.cursor() as cursor:
        cursor.execute(_VILLAGES, {"at": asked.at, "since": asked.midnight})
        posts, reporting, phones = cursor.fetchone()
    return {"POSTS": posts, "POSTS_REPORTING": reporting if posts else None, "GRID_PHONES": phones}


def nobody_yet(asked: Asked) -> Counted:
    """A line whose room is not built."""
    return {}


LINES: dict[str, Callable[[Asked], Counted]] = {
    "TOWNSHIPS": townships,
    "VILLAGES": villages,
    "ENTERPRISES": nobody_yet,
    "MEDICAL": nobody_yet,
}


def defence(asked: Asked) -> dict[str, Any]:
    return {
        "lines": [
            {"line": line, "figures": [_shown(name, n) for name, n in count(asked).items()]}
            for line, count in LINES.items()
        ]
    }


def _shown(name: str, n: int | None) -> dict[str, Any]:
    """Of people by where they go no small cell is told, here as anywhere on the wall; posts and phones are no people."""
    few = n is not None and name in OF_PEOPLE and 0 < n < SMALLEST_SHOWN
    return {"figure": name, "n": None if few else n, "few": few}
