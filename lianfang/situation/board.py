"""The board: totals, today, and by checkpoint, origin, measure, purpose, hour and day; now, or as known at a moment."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.rules import is_open
from lianfang.kernel.days import day_of, quarter_of
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import names
from lianfang.situation.models import FoldPosition, LastRecord

FIGURES = ("passages", "vehicles", "people")
_SUMS = "sum(passages)::bigint, sum(vehicles)::bigint, sum(people)::bigint"
_TODAY = ", ".join(f"coalesce(sum({name}) FILTER (WHERE day = %(today)s), 0)::bigint" for name in FIGURES)


def board(seen: Reach, *, at: datetime, as_of: datetime | None = None) -> dict[str, Any]:
    """The board's JSON. `as_of` is what was known then, in whole quarter-hours; without it: all that is known now.

    Once a fold has run at or after it, an as_of answer is `final` and never changes again.
    """
    seen.require("VIEW_BOARD")
    position = FoldPosition.objects.get(pk=1)
    known = quarter_of(as_of) if as_of else None
    final = known is not None and position.folded_at is not None and position.folded_at >= known
    today = day_of(known or at)
    asked = {"known": known, "today": today}
    by_checkpoint = _by_key("CHECKPOINT", asked)
    return {
        "as_of": (known or at).isoformat(),
        "watermark": _iso(known if final else position.watermark),
        "final": final,
        "totals": _add(figures for figures, _ in by_checkpoint.values()),
        "today": {"day": today.isoformat(), **_add(today for _, today in by_checkpoint.values())},
        "by_checkpoint": _checkpoints(by_checkpoint, at=None if known else at),
        "by_origin": _origins(_by_key("ORIGIN", asked), on=today),
        "by_measure": _people("kind", _by_key("MEASURE", asked)),
        "by_purpose": [
            {"purpose": key, **figures, "today": today}
            for key, (figures, today) in _by_key("PURPOSE", asked).items()
        ],
        "by_hour": _by_hour(asked),
        "by_day": _by_day(asked),
    }


Figures = dict[str, int]


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple]:
    known = "" if asked["known"] is None else "AND quarter < %(known)s"
    with connection.cursor() as cursor:
        cursor.execute(statement.format(known=known), asked)
        return cursor.fetchall()


def _by_key(cube: str, asked: dict[str, Any]) -> dict[str, tuple[Figures, Figures]]:
    """Each key's figures in all and today's."""
    statement = f"SELECT key, {_SUMS}, {_TODAY} FROM cell WHERE cube = %(cube)s {{known}} GROUP BY key ORDER BY 4 DESC, 2 DESC, 1"
    return {
        key: (_figures(sums[:3]), _figures(sums[3:]))
        for key, *sums in _rows(statement, {**asked, "cube": cube})
    }


def _figures(values: Iterable[int]) -> Figures:
    return dict(zip(FIGURES, values, strict=True))


def _add(figures: Iterable[Figures]) -> Figures:
    total = dict.fromkeys(FIGURES, 0)
    for each in figures:
        for name in FIGURES:
            total[name] += each[name]
    return total


def _people(name: str, by_key: dict[str, tuple[Figures, Figures]]) -> list[dict[str, Any]]:
    return [
        {name: key, "people": all_["people"], "today": today["people"]}
        for key, (all_, today) in by_key.items()
    ]


def _origins(by_key: dict[str, tuple[Figures, Figures]], *, on: date) -> list[dict[str, Any]]:
    """By county of origin; people whose origin is not known stand in one row without a code."""
    named = names([key for key in by_key if key], on)
    return [
        {**row, "code": row["code"] or None, "name": named.get(row["code"])}
        for row in _people("code", by_key)
    ]


def _checkpoints(by_key: dict[str, tuple[Figures, Figures]], *, at: datetime | None) -> list[dict[str, Any]]:
    """Every checkpoint, those without a record too. Ages and opening belong to the present: `at` None leaves them out."""
    last = dict(LastRecord.objects.values_list("checkpoint", "received_at")) if at else {}
    posts = {post.code: post for post in Checkpoint.objects.order_by("code")}
    nothing = dict.fromkeys(FIGURES, 0)
    listed = []
    for code in [*posts, *(key for key in by_key if key not in posts)]:
        figures, today = by_key.get(code, (nothing, nothing))
        post = posts.get(code)
        row: dict[str, Any] = {
            "code": code,
            "name": post.name if post else code,
            "tier": post.tier if post else None,
        }
        row.update(figures)
        row["today"] = today
        if at is not None:
            row["last_record_at"] = _iso(last.get(code))
            row["open_now"] = post is not None and is_open(post, at)
        listed.append(row)
    return listed


def _by_hour(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Today's 24 hours; an hour without a record shows zeros only because no record came (the wall says so)."""
    statement = f"SELECT hour, {_SUMS} FROM cell WHERE cube = 'CHECKPOINT' AND day = %(today)s {{known}} GROUP BY hour ORDER BY hour"
    found = {hour: _figures(sums) for hour, *sums in _rows(statement, asked)}
    return [{"hour": hour, **found.get(hour, dict.fromkeys(FIGURES, 0))} for hour in range(24)]


def _by_day(asked: dict[str, Any]) -> list[dict[str, Any]]:
    statement = f"SELECT day, {_SUMS} FROM cell WHERE cube = 'CHECKPOINT' {{known}} GROUP BY day ORDER BY day"
    return [{"day": day.isoformat(), **_figures(sums)} for day, *sums in _rows(statement, asked)]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
