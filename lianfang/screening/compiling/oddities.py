"""What is allowed and perhaps not meant. A table of checks, each of a content in its normal form; read before approval."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from lianfang.screening.compiling.area_oddities import area_oddities
from lianfang.screening.compiling.areas import Area
from lianfang.screening.compiling.asking import Questions
from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.firing import always_fires_with, impossible, may_both_fire
from lianfang.screening.compiling.questions import answered
from lianfang.screening.form import EXEMPT, PLACES
from lianfang.screening.words import LEVELS, both
from lianfang.screening.words import PLACES as PLACES_SAID

Content = dict[str, Any]
Row = dict[str, Any]
MOST_COMPARED = 1_000_000  # codes: well under a second


def oddities(
    spot: Spot,
    content: Content,
    areas: list[tuple[Spot, Area]],
    *,
    on: date | None,
    names: Mapping[str, str],
) -> None:
    questions = {one["key"]: answered(one) for one in content["questions"]}
    for check in (_never_fires, _always_lifted, _decides_otherwise):
        check(spot, content, questions)
    _twice(spot, content)
    _for_everybody(spot, content)
    area_oddities(areas, content, names)
    if on is not None:
        _over(spot, content, areas, on.isoformat())


def _never_fires(spot: Spot, content: Content, questions: Questions) -> None:
    levels = {area["level"] for area in content["areas"]}
    for row in content["rows"]:
        reason = impossible(row["when"], row["unless"], questions) or _no_area(row, levels)
        if reason:
            zh, en = reason
            spot.of(row["row"]).at("when").warn(
                "NEVER_FIRES", f"这一行永远不会适用：{zh}。", f"This row can never apply: {en}."
            )


def _no_area(row: Row, levels: set[str]) -> tuple[str, str] | None:
    for one in row["when"]:
        if one["fact"] == "areas" and levels.isdisjoint(one["value"]):
            said = [both(level, LEVELS) for level in one["value"]]
            zh, en = "、".join(zh for zh, _ in said), ", ".join(en for _, en in said)
            return f"没有一个重点地区是{zh}", f"no affected area is of {en}"
    return None


def _always_lifted(spot: Spot, content: Content, questions: Questions) -> None:
    by_id = {row["row"]: row for row in content["rows"]}
    exempted = (
        (by_id[name], exemption)
        for exemption in content["rows"]
        for name in exemption["then"].get("lifts", ())
    )
    for row, exemption in _as_many_as_may_be(spot, exempted):
        if always_fires_with(row, exemption, questions):
            spot.of(row["row"]).warn(
                "ALWAYS_LIFTED",
                f"这一行总被 {exemption['row']} 豁免，等于没有。",
                f"This row is always lifted by {exemption['row']}, as if it were not there.",
            )


def _decides_otherwise(spot: Spot, content: Content, questions: Questions) -> None:
    """The same measure in two ways for one person. Only quarantine has ways."""
    quarantines = [row for row in content["rows"] if row["then"]["kind"] == "QUARANTINE"]
    pairs = ((one, other) for one, other in combinations(quarantines, 2) if one["then"] != other["then"])
    for one, other in _as_many_as_may_be(spot, pairs):
        if may_both_fire(one, other, questions):
            wins = max((one, other), key=_strictness)["then"]
            zh, en = both(wins["place"], PLACES_SAID)
            spot.of(other["row"]).at("then").warn(
                "DECIDES_OTHERWISE",
                f"与 {one['row']} 可能同时适用于一个人，隔离要求不同；会按较严的办：{zh} {wins['days']} 天。",
                f"This row and {one['row']} may both apply to one person and order different quarantines; the stricter"
                f" counts: {en}, {wins['days']} days.",
            )


def _as_many_as_may_be(spot: Spot, pairs: Iterable[tuple[Row, Row]]) -> Iterator[tuple[Row, Row]]:
    """Pairs of rows to compare, until they have named more codes than a page is kept waiting for; that is said, then."""
    left, asked = MOST_COMPARED, {}
    for one, other in pairs:
        for row in (one, other):
            if row["row"] not in asked:
                asked[row["row"]] = _codes_named(row)
        left -= asked[one["row"]] + asked[other["row"]]
        if left < 0:
            spot.at("rows").warn(
                "NOT_ALL_COMPARED",
                "行太多、列的地区太多，没有两两核对完；几行要求不同时按较严的办。",
                "Too many rows name too many places: not every two of them were compared. Where they differ, the stricter counts.",
            )
            return
        yield one, other


def _codes_named(row: Row) -> int:
    listed = [one["value"] for one in (*row["when"], *row["unless"]) if isinstance(one.get("value"), list)]
    return 1 + sum(map(len, listed))


def _strictness(row: Row) -> tuple[int, int]:
    return -PLACES.index(row["then"]["place"]), row["then"]["days"]


def _twice(spot: Spot, content: Content) -> None:
    seen: dict[str, str] = {}
    for row in content["rows"]:
        said = json.dumps({key: row[key] for key in row if key not in ("row", "say")}, sort_keys=True)
        if said in seen:
            spot.of(row["row"]).warn(
                "SAME_AS_ANOTHER",
                f"与 {seen[said]} 的条件和措施完全一样，留一行就够了。",
                f"Its conditions and its measure are those of {seen[said]}; one of the two is enough.",
            )
        seen.setdefault(said, row["row"])


def _for_everybody(spot: Spot, content: Content) -> None:
    for row in content["rows"]:
        kind = row["then"]["kind"]
        if not row["when"] and kind != "REGISTER":
            who = (
                ("对所有人豁免", "exempts everybody")
                if kind == EXEMPT
                else ("适用于所有人", "applies to everybody")
            )
            spot.of(row["row"]).at("when").warn(
                "FOR_EVERYBODY",
                f"这一行没有条件，{who[0]}，出城的也算；确实如此才保留。",
                f"This row has no condition: it {who[1]}, those who leave included. Keep it only if that is meant.",
            )


def _over(spot: Spot, content: Content, areas: list[tuple[Spot, Area]], day: str) -> None:
    rows = [(spot.of(row["row"]), row) for row in content["rows"]]
    for place, one in (*rows, *areas):
        if one.get("to", "9999") < day:
            place.at("to").warn(
                "OVER",
                f"{one['to']} 已经过去，不会再起作用。",
                f"{one['to']} is over: it has no effect any more.",
            )
