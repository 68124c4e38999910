"""Asking for findings: all kinds at a glance, one kind as a list, one finding, and the passages behind it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from lianfang.checkpoints.models import Checkpoint, Passage
from lianfang.checkpoints.queries import Line
from lianfang.checkpoints.queries.lists import checkpoint_names, lines_of
from lianfang.checkpoints.queries.within import covered, within
from lianfang.checkpoints.rules import is_open
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound
from lianfang.situation.quality import of_devices, of_passages, of_people, thresholds
from lianfang.situation.quality.question import RECORDS, Days, Finding, Question

ASKED: dict[str, Question] = {
    "BAD_CHECKSUM": of_people.BAD_CHECKSUM,
    "INCOMPLETE": of_people.INCOMPLETE,
    "SHARED_PHONE": of_people.SHARED_PHONE,
    "DUPLICATE": of_passages.DUPLICATE,
    "IMPOSSIBLE_RATE": of_devices.IMPOSSIBLE_RATE,
    "CLOCK_SKEW": of_devices.CLOCK_SKEW,
    "UNKNOWN_CHECKPOINT": of_devices.UNKNOWN_CHECKPOINT,
    "UNSENT": of_devices.UNSENT,
    "TOLD_OTHERWISE": of_people.TOLD_OTHERWISE,
}
WORST = 3
LISTED = 50
SHOWN = 200

_COLUMNS = "key, checkpoint, about, count, of, seconds, at, further"
_LISTED = """{records}
SELECT {columns}, count(*) OVER () AS all_there FROM ({found}) f WHERE %(key)s::text IS NULL OR key = %(key)s
ORDER BY {order}, checkpoint, about, key LIMIT %(limit)s OFFSET %(skipped)s
"""
_WORST = """
(SELECT '{code}', {columns}, count(*) OVER () AS all_there FROM ({found}) f
 ORDER BY {order}, checkpoint, about, key LIMIT %(limit)s)
"""
_BEHIND = """{records}
SELECT p.* FROM passage p WHERE {within} AND p.id IN ({behind}) ORDER BY p.id DESC LIMIT %(limit)s
"""
_THRESHOLDS: dict[str, Any] = {
    "documents_at_least": thresholds.DOCUMENTS_AT_LEAST,
    "bad_percent": thresholds.BAD_PERCENT,
    "documents_of_a_phone": thresholds.DOCUMENTS_OF_A_PHONE,
    "vehicles_a_minute": thresholds.VEHICLES_A_MINUTE,
    "people_a_minute": thresholds.PEOPLE_A_MINUTE,
    "ahead": thresholds.AHEAD,
    "same_car_within": thresholds.SAME_CAR_WITHIN,
    "one": thresholds.ONE,
    "unsent_after": thresholds.UNSENT_AFTER,
    "never_sent_after": thresholds.NEVER_SENT_AFTER,
}
# Flags stand in the JSON of a receipt: {"flags": ["CLOCK"], …}.
_FLAGS = {
    "document": '%"DOCUMENT\\_%',
    "incomplete": '%"INCOMPLETE"%',
    "clock": '%"CLOCK"%',
    "unknown": '%"UNKNOWN\\_CHECKPOINT"%',
    "other": '%"OTHER\\_CHECKPOINT"%',
}


class Listed(NamedTuple):
    """Some findings, the worst first, of all there are."""

    findings: list[Finding]
    all: int


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of finding at a glance: how many, and the WORST of them."""

    code: str
    all: int
    worst: list[Finding]


def overview(reach: Reach, days: Days, *, at: datetime) -> list[Card]:
    """Every kind, in the order of FINDINGS; those without a finding too. One statement, so that records are read once."""
    reach.require("VIEW_PASSAGES")
    limits = _limits(reach)
    parts = [
        _WORST.format(
            code=code, columns=_COLUMNS, found=question.found.format(**limits), order=question.order
        )
        for code, question in ASKED.items()
    ]
    statement = RECORDS.format(**limits) + " UNION ALL ".join(parts)
    cards = {code: Card(code, 0, []) for code in ASKED}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_asked(reach, days, at), "limit": WORST})
        for code, *finding, all_there in cursor.fetchall():
            cards[code].worst.append(Finding(*finding))
            cards[code] = replace(cards[code], all=all_there)
    return list(cards.values())


def anything(reach: Reach, days: Days) -> bool:
    """Whether there are records at all in these days: no report is not the same as no finding."""
    reach.require("VIEW_PASSAGES")
    rows = Passage.objects.filter(within(reach), captured_on__gte=days.first, captured_on__lte=days.last)
    return rows.exists()


def found(reach: Reach, code: str, days: Days, *, at: datetime, skipped: int = 0) -> Listed:
    """LISTED findings of a kind, the worst first, after `skipped` others."""
    reach.require("VIEW_PASSAGES")
    return _list(reach, code, _asked(reach, days, at), limit=LISTED, skipped=skipped)


def one(reach: Reach, code: str, key: str, days: Days, *, at: datetime) -> Finding | None:
    """None when there is no such finding in these days, or not any more, or not within reach."""
    reach.require("VIEW_PASSAGES")
    if _question(code).key(key) is None:
        return None
    findings, _ = _list(reach, code, _asked(reach, days, at), limit=1, key=key)
    return findings[0] if findings else None


def behind(reach: Reach, code: str, key: str, days: Days, *, at: datetime) -> tuple[Line, ...]:
    """The passages of a finding, the newest SHOWN; those of a key that is no finding any more as well."""
    reach.require("VIEW_PASSAGES")
    question = _question(code)
    read = question.key(key)
    if read is None:
        raise unknown_finding()
    limits = _limits(reach)
    statement = _BEHIND.format(
        records=RECORDS.format(**limits), within=limits["p"], behind=question.behind.format(**limits)
    )
    rows = Passage.objects.raw(statement, {**_asked(reach, days, at), **read, "limit": SHOWN})
    return lines_of(reach, list(rows), checkpoint_names(reach))


def unknown_finding() -> NotFound:
    """The same sentence whether there is none or it belongs to the next county."""
    return NotFound("FINDING_UNKNOWN", "辖区内没有这个问题。", "There is no such finding in your area.")


def _question(code: str) -> Question:
    if code not in ASKED:
        raise unknown_finding()
    return ASKED[code]


def _list(
    reach: Reach, code: str, asked: dict[str, Any], *, limit: int, skipped: int = 0, key: str | None = None
) -> Listed:
    question, limits = _question(code), _limits(reach)
    statement = _LISTED.format(
        records=RECORDS.format(**limits),
        columns=_COLUMNS,
        found=question.found.format(**limits),
        order=question.order,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**asked, "limit": limit, "skipped": skipped, "key": key})
        rows = cursor.fetchall()
    return Listed([Finding(*row[:-1]) for row in rows], rows[0][-1] if rows else 0)


def _limits(reach: Reach) -> dict[str, str]:
    return {alias: covered(reach, f"{alias}.jurisdiction") for alias in "prcxk"}


def _asked(reach: Reach, days: Days, at: datetime) -> dict[str, Any]:
    posts = Checkpoint.objects.filter(within(reach), closed_at=None)
    return {
        **_THRESHOLDS,
        **_FLAGS,
        "first": days.first,
        "last": days.last,
        "at": at,
        "open": [post.code for post in posts if is_open(post, at)],
    }
