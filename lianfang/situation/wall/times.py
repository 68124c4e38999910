"""Tiles of the course of time: the large figures, today by the hour beside yesterday, the last fortnight."""

from datetime import timedelta
from typing import Any

from lianfang.situation.board import by_hour
from lianfang.situation.cells import Figures, add, figures, read
from lianfang.situation.wall.asking import Asked

DAYS = 14


def large_figures(asked: Asked) -> dict[str, Any]:
    """Today, in all, and how today compares with yesterday up to the last full hour."""
    (totals,) = read("CHECKPOINT", [], asked.what)
    two_days = {"where": "day IN (%(today)s, %(yesterday)s)"}
    rows = read(
        "CHECKPOINT", ["day", "hour"], asked.what, **two_days, today=asked.today, yesterday=asked.yesterday
    )
    today = [row for row in rows if row["day"] == asked.today]
    yesterday = [row for row in rows if row["day"] == asked.yesterday]
    return {
        "totals": figures(totals),
        "today": {"day": asked.today.isoformat(), **add(today)},
        "by_now": _by_now(today, yesterday, before=asked.hour),
    }


def _by_now(
    today: list[dict[str, Any]], yesterday: list[dict[str, Any]], *, before: int
) -> dict[str, Any] | None:
    """Whole hours only, or the hour that has just begun would be compared with a full one. None: nothing to compare."""
    one, other = (add(row for row in rows if row["hour"] < before) for rows in (today, yesterday))
    if not (_reported(one) and _reported(other)):
        return None
    return {"hour": before, "today": one, "yesterday": other}


def _reported(sums: Figures) -> bool:
    return sums["passages"] > 0 or sums["people"] > 0


def hours(asked: Asked) -> dict[str, Any]:
    return {
        "hour": asked.hour,
        "today": by_hour(asked.what, asked.today),
        "yesterday": by_hour(asked.what, asked.yesterday),
    }


def days(asked: Asked) -> dict[str, Any]:
    """The fortnight that ends today; a day without a record is left out."""
    first = asked.today - timedelta(days=DAYS - 1)
    within = "day BETWEEN %(first)s AND %(today)s"
    rows = read("CHECKPOINT", ["day"], asked.what, where=within, first=first, today=asked.today)
    return {
        "today": asked.today.isoformat(),
        "days": [
            {"day": row["day"].isoformat(), **figures(row)}
            for row in sorted(rows, key=lambda row: row["day"])
        ],
    }
