"""The board: totals, today, and by checkpoint, origin, destination, measure, purpose, transport, hour and day."""

from datetime import date, datetime
from typing import Any

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.rules import is_open
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import names
from lianfang.situation.cells import FIGURES, Figures, Known, add, figures, known, read
from lianfang.situation.models import LastRecord

_TODAY = [
    f"coalesce(sum({name}) FILTER (WHERE day = %(today)s), 0)::bigint AS {name}_today" for name in FIGURES
]
ByKey = dict[str, tuple[Figures, Figures]]


def board(seen: Reach, *, at: datetime, as_of: datetime | None = None) -> dict[str, Any]:
    """The board's JSON. `as_of` is what was known then, in whole quarter-hours; without it: all that is known now.

    Once a fold has run at or after it, an as_of answer is `final` and never changes again.
    """
    seen.require("VIEW_BOARD")
    what = known(as_of)
    today = day_of(what.quarter or at)
    by_checkpoint = by_key("CHECKPOINT", what, today)
    return {
        "as_of": (what.quarter or at).isoformat(),
        "watermark": _iso(what.watermark),
        "final": what.final,
        "totals": add(all_ for all_, _ in by_checkpoint.values()),
        "today": {"day": today.isoformat(), **add(now for _, now in by_checkpoint.values())},
        "by_checkpoint": checkpoint_rows(by_checkpoint, at=None if what.quarter else at),
        "by_origin": _places(by_key("ORIGIN", what, today), on=today),
        "by_destination": _places(by_key("DESTINATION", what, today), on=today),
        "by_measure": _people("kind", by_key("MEASURE", what, today)),
        "by_purpose": _listed("purpose", by_key("PURPOSE", what, today)),
        "by_transport": _listed("transport", by_key("TRANSPORT", what, today)),
        "by_hour": by_hour(what, today),
        "by_day": by_day(what),
    }


def by_key(cube: str, what: Known, today: date) -> ByKey:
    """Each key's figures in all and today's, the most people first."""
    rows = read(cube, ["key"], what, further=_TODAY, today=today)
    return {row["key"]: (figures(row), {name: row[f"{name}_today"] for name in FIGURES}) for row in rows}


def by_hour(what: Known, day: date) -> list[dict[str, Any]]:
    """A day's 24 hours; an hour without a record shows zeros only because no record came (the wall says so)."""
    found = {
        row["hour"]: figures(row)
        for row in read("CHECKPOINT", ["hour"], what, where="day = %(day)s", day=day)
    }
    return [{"hour": hour, **found.get(hour, dict.fromkeys(FIGURES, 0))} for hour in range(24)]


def by_day(what: Known) -> list[dict[str, Any]]:
    rows = sorted(read("CHECKPOINT", ["day"], what), key=lambda row: row["day"])
    return [{"day": row["day"].isoformat(), **figures(row)} for row in rows]


def checkpoint_rows(by_checkpoint: ByKey, *, at: datetime | None) -> list[dict[str, Any]]:
    """Every checkpoint, those without a record too. Ages and opening belong to the present: `at` None leaves them out."""
    last = dict(LastRecord.objects.values_list("checkpoint", "received_at")) if at else {}
    posts = {post.code: post for post in Checkpoint.objects.order_by("code")}
    nothing = dict.fromkeys(FIGURES, 0)
    listed = []
    for code in [*posts, *(key for key in by_checkpoint if key not in posts)]:
        all_, today = by_checkpoint.get(code, (nothing, nothing))
        post = posts.get(code)
        row: dict[str, Any] = {
            "code": code,
            "name": post.name if post else code,
            "tier": post.tier if post else None,
            **all_,
            "today": today,
        }
        if at is not None:
            row["last_record_at"] = _iso(last.get(code))
            row["open_now"] = post is not None and is_open(post, at)
        listed.append(row)
    return listed


def _listed(name: str, by: ByKey) -> list[dict[str, Any]]:
    return [{name: key, **all_, "today": today} for key, (all_, today) in by.items()]


def _people(name: str, by: ByKey) -> list[dict[str, Any]]:
    return [
        {name: key, "people": all_["people"], "today": today["people"]} for key, (all_, today) in by.items()
    ]


def _places(by: ByKey, *, on: date) -> list[dict[str, Any]]:
    """By county of origin or township of destination; people of an unknown place stand in one row without a code."""
    named = names([key for key in by if key], on)
    return [
        {**row, "code": row["code"] or None, "name": named.get(row["code"])} for row in _people("code", by)
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
