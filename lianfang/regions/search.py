"""Finding a division by what people type: name, alias, pinyin, initials, code, or a whole address."""

import re
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from lianfang.kernel.divisions import LEVELS, level, span
from lianfang.regions.editions import valid
from lianfang.regions.models import Region, RegionAlias
from lianfang.regions.queries import Division, held_aliases, paths

_LONGEST = 80
_LATIN = re.compile(r"[a-z]+").fullmatch
_CODE = re.compile(r"[0-9]{2,18}").fullmatch
_BLANKS = re.compile(r"[\s\x00'\ud800-\udfff]+")
_NAMED = ("PROVINCE", "CITY", "COUNTY", "TOWNSHIP", "VILLAGE")


class Found(NamedTuple):
    """A division that answers a search. `alias` is the name it answered to, where that is not its own."""

    division: Division
    path: str
    alias: str | None
    alias_kind: str | None


class _Hit(NamedTuple):
    row: Region
    alias: RegionAlias | None


def search(text: str, on: date, under: str | None = None, *, limit: int = 20) -> list[Found]:
    """Divisions by name, alias, pinyin (yixian), initials (yx), code or address (义县刘龙台镇), best first.

    An alias that several divisions share finds them all: which one is meant must be asked. Grids are found only within
    a village.
    """
    needle = _BLANKS.sub("", text).lower()[:_LONGEST]
    if not needle:
        return []
    hits = (_direct(needle, on, under) or _step_by_step(needle, on, under))[:limit]
    where = paths([hit.row.code for hit in hits], on)
    return [_found(hit, where.get(hit.row.code, "")) for hit in hits]


def _direct(needle: str, on: date, under: str | None) -> list[_Hit]:
    aliases = _aliases(Q(alias__contains=needle), needle, on)
    rows = _rows(on, under).filter(_matches(needle) | Q(code__in=aliases))
    return sorted((_Hit(row, aliases.get(row.code)) for row in rows), key=lambda hit: _rank(hit, needle))


def _step_by_step(needle: str, on: date, under: str | None) -> list[_Hit]:
    """An address: the longest beginning that names a division, then the rest within it (each of them, if several)."""
    heads = [needle[:length] for length in range(2, len(needle))]
    aliases = _aliases(Q(alias__in=heads), needle, on)
    named = Q(name__in=heads) | Q(short_name__in=heads) | Q(code__in=aliases)
    reached = [
        (_head(row, aliases, heads), row.code) for row in _rows(on, under).filter(named).order_by("code")
    ]
    longest = max((len(head) for head, _ in reached), default=0)
    rest = needle[longest:]
    codes = [code for head, code in reached if len(head) == longest]
    return [hit for code in codes for hit in _direct(rest, on, code) or _step_by_step(rest, on, code)]


def _head(row: Region, aliases: dict[str, RegionAlias], heads: list[str]) -> str:
    said = [name for name in (row.name, row.short_name) if name in heads]
    return max(said, key=len) if said else aliases[row.code].alias


def _rows(on: date, under: str | None) -> QuerySet[Region]:
    rows = valid(Region.objects.all(), on)
    if under is None:
        return rows.filter(level__in=_NAMED)
    lo, hi = span(under)
    deep = LEVELS.index(level(under)) >= LEVELS.index("VILLAGE")
    return rows.filter(Q() if deep else Q(level__in=_NAMED), lo__gte=lo, hi__lte=hi)


def _aliases(which: Q, needle: str, on: date) -> dict[str, RegionAlias]:
    """Aliases by code; of several for one division the one that says exactly what was typed."""
    held = held_aliases(on).filter(which)
    return {alias.code: alias for alias in sorted(held, key=lambda alias: (alias.alias == needle, alias.id))}


def _matches(needle: str) -> Q:
    if _CODE(needle):
        return Q(code__startswith=needle)
    if _LATIN(needle):
        return Q(pinyin__startswith=needle) | Q(pinyin__contains=f" {needle}")
    return Q(name__contains=needle) | Q(short_name__contains=needle)


def _rank(hit: _Hit, needle: str) -> tuple[int, int, str, str]:
    """Exact before beginning before containing; own names before aliases; larger divisions first."""
    row, alias = hit
    own = {row.name, row.short_name, row.code, *row.pinyin.split()}
    if needle in own:
        nearness = 0
    elif alias and alias.alias == needle:
        nearness = 1
    else:
        nearness = 2 if any(name.startswith(needle) for name in own) else 3
    return nearness, LEVELS.index(row.level), row.pinyin, row.code


def _found(hit: _Hit, where: str) -> Found:
    row, alias = hit
    division = Division(row.code, row.level, row.kind, row.name, row.short_name, row.parent_code)
    return Found(division, where, alias.alias if alias else None, alias.kind if alias else None)
