"""From when to when a row or an area counts: in order, and 30 days at most."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.values import day
from lianfang.screening.form import MAX_DAYS


def dates(spot: Spot, raw: Mapping[str, Any], *, both: bool) -> dict[str, str]:
    """{from?, to?} as they were written. `both`: one without the other is refused."""
    first, last = day(spot.at("from"), raw.get("from")), day(spot.at("to"), raw.get("to"))
    if both and (raw.get("from") is None) != (raw.get("to") is None):
        _refuse_half(spot, first)
    if first and last:
        _in_order(spot, first, last)
    return {name: one.isoformat() for name, one in (("from", first), ("to", last)) if one}


def _refuse_half(spot: Spot, first: date | None) -> None:
    latest = f"（最晚 {_latest(first)}）" if first else ""
    spot.at("to" if first else "from").refuse(
        "HALF_DATED",
        f"起止日期要么都写{latest}，要么都不写（都不写就与整套规则同时有效）。",
        f"Write both days{latest and f' (the last at the latest {_latest(first)})'}, or neither: then it counts as long as the rule set.",
    )


def _in_order(spot: Spot, first: date, last: date) -> None:
    if last < first:
        spot.at("to").refuse(
            "DATES_INVERTED",
            f"结束日期 {last} 早于开始日期 {first}，可能写反了。",
            f"It ends on {last}, before it begins on {first}: perhaps the two are swapped.",
        )
    elif last - first >= timedelta(days=MAX_DAYS):
        spot.at("to").refuse(
            "TOO_LONG",
            f"{first} 到 {last} 超过 {MAX_DAYS} 天；最晚写 {_latest(first)}，到期再续。",
            f"{first} to {last} is longer than {MAX_DAYS} days; write {_latest(first)} at the latest and renew it then.",
        )


def _latest(first: date | None) -> str:
    """The last day possible."""
    if first is None or first > date.max - timedelta(days=MAX_DAYS):
        return "?"
    return (first + timedelta(days=MAX_DAYS - 1)).isoformat()
