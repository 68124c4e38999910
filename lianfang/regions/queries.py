"""Questions about divisions. They are public facts, so no reach is asked for; every answer is as of a day."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, Max, Q, QuerySet

from lianfang.kernel.divisions import (
    LEVELS,
    canonical,
    county_of,
    from_integer,
    is_code,
    level,
    lineage,
    span,
)
from lianfang.kernel.refusals import NotFound
from lianfang.regions import rules
from lianfang.regions.editions import valid
from lianfang.regions.gazetteer import LONGEST_PATH, NAMED, Gazetteer
from lianfang.regions.models import Region, RegionAlias


class Division(NamedTuple):
    """A division on the day it was asked for."""

    code: str
    level: str
    kind: str
    name: str
    short_name: str
    parent_code: str | None


class Counts(NamedTuple):
    """How many divisions lie under one, by what people count."""

    counties: int
    townships: int
    villages: int  # village committees (村)
    communities: int  # residents' committees (社区)
    other_units: int  # farms, prisons, zones at the village level
    grids: int
    micro_grids: int


def find(code: str, on: date) -> Division | None:
    """The division with that code on that day; None also for a text that is no code."""
    return next(iter(_divisions(_on(on).filter(code=canonical(code)))), None) if is_code(code) else None


def name_of_span(lo: int, hi: int, on: date) -> str:
    """The whole name of the division that spans exactly these numbers; "" if none does."""
    found = _on(on).filter(lo=lo, hi=hi).order_by("code").values_list("name", flat=True).first()
    return found or ""


def children(code: str | None, on: date) -> list[Division]:
    """The divisions one level below, by code; the provinces for None."""
    return _divisions(_on(on).filter(parent_code=canonical(code) if code else None).order_by("code"))


def under(code: str, level: str, on: date) -> list[Division]:
    """All divisions of one level within another, by code."""
    lo, hi = span(code)
    return _divisions(_on(on).filter(level=level, lo__gte=lo, hi__lte=hi).order_by("code"))


def counties(on: date) -> list[Division]:
    """Every county of the country, by code."""
    return _divisions(_on(on).filter(level="COUNTY").order_by("code"))


def names(codes: Iterable[str], on: date) -> dict[str, str]:
    """Code → name as people say it, in one query. Codes that are not registered on that day are left out."""
    wanted = {code: canonical(code) for code in codes if is_code(code)}
    found = dict(_on(on).filter(code__in=set(wanted.values())).values_list("code", "short_name"))
    return {code: found[registered] for code, registered in wanted.items() if registered in found}


def registered(codes: Iterable[str], on: date) -> dict[str, str]:
    """Code → name of those that are divisions, in one query; "" for one that its county vouches for (`rules.is_registered`)."""
    wanted = {code: canonical(code) for code in codes if is_code(code)}
    counties = {county for code in wanted.values() if (county := county_of(code)) is not None}
    rows = _on(on).filter(Q(code__in={*wanted.values(), *counties}) | Q(parent_code__in=counties))
    known: dict[str, str] = {}
    deeper: set[str] = set()
    for code, name, above in rows.values_list("code", "short_name", "parent_code"):
        known[code] = name
        if above in counties:
            deeper.add(above)
    return {
        code: known.get(kept, "") for code, kept in wanted.items() if rules.is_registered(kept, known, deeper)
    }


def gazetteer(on: date) -> Gazetteer:
    """Every name down to the township as of a day, in two queries."""
    rows = _on(on).filter(level__in=NAMED)
    return Gazetteer(rows.values_list("code", "name", "short_name", "kind"), _aliases(on))


def gazetteer_within(spans: Iterable[tuple[int, int]], on: date) -> Gazetteer:
    """Down to the micro-grid, of these parts of the tree and what they lie in, as of a day, in two queries."""
    here = Q(pk__in=[])
    for lo, hi in spans:
        here |= Q(lo__gte=lo, hi__lte=hi) | Q(code__in=lineage(from_integer(lo)))
    rows = _on(on).filter(here)
    return Gazetteer(
        rows.values_list("code", "name", "short_name", "kind"), _aliases(on), longest=LONGEST_PATH
    )


def path(code: str, on: date) -> str:
    """辽宁省锦州市义县刘龙台镇全善堡村第3网格; "" if nothing of it is registered."""
    return paths([code], on).get(code, "")


def paths(codes: Iterable[str], on: date) -> dict[str, str]:
    """`path` for many codes in one query."""
    lines = {code: lineage(code) for code in codes if is_code(code)}
    wanted = {step for line in lines.values() for step in line}
    found = {division.code: division for division in _divisions(_on(on).filter(code__in=wanted))}
    return {
        code: said
        for code, line in lines.items()
        if (said := "".join(_said(found[step]) for step in line if step in found))
    }


def counts_under(code: str, on: date) -> Counts:
    """How many divisions of each sort lie under it. 义县: 18 townships, 239 villages, 14 communities."""
    lo, hi = span(code)
    inside = _on(on).filter(lo__gte=lo, hi__lte=hi).values_list("level", "kind").annotate(Count("id"))
    by_kind = Counter({(level, kind): number for level, kind, number in inside})
    by_level = Counter(
        {level: sum(n for (rank, _), n in by_kind.items() if rank == level) for level in LEVELS}
    )
    villages, communities = by_kind["VILLAGE", "village"], by_kind["VILLAGE", "community"]
    return Counts(
        counties=by_level["COUNTY"],
        townships=by_level["TOWNSHIP"],
        villages=villages,
        communities=communities,
        other_units=by_level["VILLAGE"] - villages - communities,
        grids=by_level["GRID"],
        micro_grids=by_level["MICRO_GRID"],
    )


def phone_register(on: date) -> bytes:
    """What a phone keeps for its picker: the country to the county, and the townships on file, as JSON.

    {"edition": …, "divisions": [{"code", "name", "parent", "level"} …]}, by code, so parents come first.
    """
    return _phone_register(on, register_mark())


def villages_json(code: str, on: date) -> bytes:
    """The villages and communities within a county or township, or the grids within a village, as `phone_register`.

    Raises NotFound if no such division is registered on that day.
    """
    if find(code, on) is None:
        raise NotFound("NO_SUCH_DIVISION", "没有这个区划代码。", "No division has this code.")
    wanted = ("GRID", "MICRO_GRID") if LEVELS.index(level(code)) >= LEVELS.index("VILLAGE") else ("VILLAGE",)
    lo, hi = span(code)
    return _as_json(_on(on).filter(level__in=wanted, lo__gte=lo, hi__lte=hi).exclude(code=canonical(code)))


def held_aliases(on: date) -> QuerySet[RegionAlias]:
    """The aliases that hold on a day; what was taken back never did."""
    ends = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return RegionAlias.objects.filter(ends, valid_from__lte=on, taken_back_at=None)


def _aliases(on: date) -> Iterable[tuple[str, str]]:
    return held_aliases(on).values_list("code", "alias")


def _on(day: date) -> QuerySet[Region]:
    return valid(Region.objects.all(), day)


def _divisions(rows: QuerySet[Region]) -> list[Division]:
    return [Division(*row) for row in rows.values_list(*Division._fields)]


def _said(division: Division) -> str:
    if division.kind == rules.PLACEHOLDER:
        return ""
    return division.short_name if division.level == "VILLAGE" else division.name


def register_mark() -> tuple[object, ...]:
    """Changes whenever the register does: rows are only ever added or ended."""
    return tuple(Region.objects.aggregate(Max("id"), Max("valid_to"), Count("valid_to")).values())


@lru_cache(maxsize=2)
def _phone_register(on: date, mark: tuple[object, ...]) -> bytes:
    return _as_json(_on(on).filter(level__in=("PROVINCE", "CITY", "COUNTY", "TOWNSHIP")))


def _as_json(rows: QuerySet[Region]) -> bytes:
    listed = list(rows.order_by("code").values_list("code", "name", "parent_code", "level", "edition"))
    divisions = [dict(zip(("code", "name", "parent", "level"), row[:4], strict=True)) for row in listed]
    edition = max((row[4] for row in listed), default="")
    body = {"edition": edition, "divisions": divisions}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
