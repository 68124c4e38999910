"""Values that conditions, rows and areas hold: numbers, days, codes of a list, places. Each None once refused."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from lianfang.kernel.divisions import canonical, is_code, prefix
from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.limits import MAX_CODES
from lianfang.screening.compiling.texts import meant, nearest, shown

MOST_UNKNOWN_FIELDS = 10
_is_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


class Register:
    """Whether places are in the register; each is asked once. Without a register every place is."""

    def __init__(self, exists: Callable[[str], bool] | None) -> None:
        self._exists = exists
        self._known: dict[str, bool] = {}

    def holds(self, code: str) -> bool:
        if self._exists is None:
            return True
        if code not in self._known:
            self._known[code] = bool(self._exists(code))
        return self._known[code]


def fields(spot: Spot, raw: object, allowed: Sequence[str]) -> Mapping[str, Any] | None:
    """The fields of an object; those that mean nothing are refused by name, and so is what is no object."""
    if not isinstance(raw, Mapping):
        spot.refuse(
            "WRONG_TYPE",
            f"这里应是一组字段（{'、'.join(allowed)}），不是{shown(raw)}。",
            f"An object with {', '.join(allowed)} belongs here, not {shown(raw)}.",
        )
        return None
    unknown = [name for name in raw if name not in allowed]
    for name in unknown[:MOST_UNKNOWN_FIELDS]:
        zh, en = meant(nearest(name, allowed), allowed)
        spot.refuse(
            "UNKNOWN_FIELD", f"没有 {shown(name)} 这个字段。{zh}", f"There is no field {shown(name)}. {en}"
        )
    return raw


def listed(spot: Spot, raw: object, *, most: int, optional: bool = False) -> Sequence[Any]:
    """The entries of a list, [] when it is none."""
    if raw is None and optional:
        return ()
    if not isinstance(raw, list | tuple):
        spot.refuse(
            "WRONG_TYPE", f"这里应是一个列表，不是{shown(raw)}。", f"A list belongs here, not {shown(raw)}."
        )
        return ()
    if len(raw) > most:
        spot.refuse(
            "TOO_MANY", f"有 {len(raw)} 个，最多 {most} 个。", f"There are {len(raw)}, at most {most}."
        )
    return raw[:most]


def whole(spot: Spot, raw: object, first: int, last: int) -> int | None:
    """A whole number from first to last. 14.0 is one, as JavaScript writes 14."""
    number = int(raw) if isinstance(raw, float) and raw.is_integer() else raw
    if not isinstance(number, int) or isinstance(number, bool):
        spot.refuse(
            "WRONG_TYPE",
            f"这里应是 {first} 到 {last} 的整数，不是{shown(raw)}。",
            f"A whole number from {first} to {last} belongs here, not {shown(raw)}.",
        )
        return None
    if not first <= number <= last:
        spot.refuse(
            "OUT_OF_RANGE",
            f"{shown(number)} 超出范围，应是 {first} 到 {last}。",
            f"{shown(number)} is out of range: {first} to {last}.",
        )
        return None
    return number


def day(spot: Spot, raw: object) -> date | None:
    """A day as 2020-02-05; None also when it is left out."""
    if raw is None:
        return None
    if isinstance(raw, str) and _is_day(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass  # said below, as for everything that is no day
    spot.refuse(
        "NOT_A_DAY",
        f"{shown(raw)} 不是一个日期，请写成 2020-02-05。",
        f"{shown(raw)} is not a day; write 2020-02-05.",
    )
    return None


def code(spot: Spot, raw: object, known: Sequence[str]) -> str | None:
    """One code of a closed list."""
    if isinstance(raw, str) and raw in known:
        return raw
    zh, en = meant(nearest(raw, known), known)
    spot.refuse("UNKNOWN_CODE", f"没有 {shown(raw)} 这个代码。{zh}", f"There is no code {shown(raw)}. {en}")
    return None


def codes(spot: Spot, raw: object, known: Sequence[str]) -> list[str] | None:
    """Codes of a closed list, each once, in the order of that list."""
    read = [code(spot, one, known) for one in _some(spot, raw)]
    chosen = set(read)
    return None if not read or None in chosen else [one for one in known if one in chosen]


def places(spot: Spot, raw: object, register: Register) -> list[str] | None:
    """Places as the digits that all codes within begin with, each once, in order."""
    read = [place(spot, one, register) for one in _some(spot, raw)]
    chosen = {one for one in read if one is not None}
    return sorted(chosen) if read and None not in read else None


def place(spot: Spot, raw: object, register: Register) -> str | None:
    """420000 and 42 are both 42."""
    if not isinstance(raw, str) or not is_code(raw):
        quoted = not isinstance(raw, bool) and isinstance(raw, int) and 0 < raw < 10**18 and is_code(str(raw))
        zh, en = (f'请加引号："{raw}"。', f'Write "{raw}".') if quoted else _FORM_OF_A_PLACE
        spot.refuse(
            "NOT_A_PLACE", f"{shown(raw)} 不是区划代码。{zh}", f"{shown(raw)} is not a division code. {en}"
        )
        return None
    if not register.holds(canonical(raw)):
        spot.refuse(
            "UNKNOWN_PLACE",
            f"行政区划登记里没有 {shown(raw)}，请核对代码。",
            f"The register of divisions has no {shown(raw)}; please check the code.",
        )
        return None
    return prefix(raw)


_FORM_OF_A_PLACE = (
    "省写 2 位、市 4 位、县 6 位、乡镇 9 位、村 12 位，如 42、2103、420106。",
    "Two digits for a province, four for a city, six for a county, nine for a township, twelve for a village: 42, 2103, 420106.",
)


def _some(spot: Spot, raw: object) -> Sequence[Any]:
    """At least one entry, as a list."""
    if isinstance(raw, str):
        spot.refuse(
            "WRONG_TYPE",
            f"要写成列表，即使只有一个：[{shown(raw)}]。",
            f"Write a list, even of one: [{shown(raw)}].",
        )
        return ()
    entries = listed(spot, raw, most=MAX_CODES)
    if isinstance(raw, list | tuple) and not raw:
        spot.refuse("EMPTY_LIST", "列表是空的，至少要一个。", "The list is empty; at least one is needed.")
    return entries
