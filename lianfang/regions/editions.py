"""Bringing the register to what an edition says, as of the edition's day: the difference is written, nothing is lost."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from lianfang.kernel.divisions import parent, span
from lianfang.kernel.refusals import Refusal
from lianfang.regions.models import Region
from lianfang.regions.pinyin import search_key
from lianfang.regions.register_file import Unit

# Registers are written by the owner; the role that serves pages may only read them.
OWNER = "owner"
_GRIDS = ("GRID", "MICRO_GRID")


class Scope(NamedTuple):
    """The part of the tree that an edition speaks for: these levels, under these divisions."""

    levels: frozenset[str]
    roots: tuple[str, ...]

    def rows(self) -> QuerySet[Region]:
        under = Q()
        for root in self.roots:
            lo, hi = span(root)
            under |= Q(lo__gte=lo, hi__lte=hi)
        return Region.objects.using(OWNER).filter(under, level__in=self.levels)


class Difference(NamedTuple):
    """What an edition changes: rows that end, and units that begin."""

    ending: list[Region]
    beginning: list[Unit]


class EditionOutOfOrder(Refusal):
    """Editions are loaded in the order of their days; loading an old one again unchanged is fine."""


def scope_of(units: Sequence[Unit]) -> Scope:
    codes = {unit.code for unit in units}
    roots = tuple(unit.code for unit in units if unit.parent_code not in codes)
    return Scope(frozenset(unit.level for unit in units), roots)


def difference(units: Iterable[Unit], scope: Scope, valid_from: date) -> Difference:
    """What has to be written so that the scope, on that day, holds these units and no others."""
    held = {row.code: row for row in valid(scope.rows(), valid_from)}
    ending, beginning = [], []
    for unit in units:
        row = held.pop(unit.code, None)
        if row is not None and (row.name, row.kind) == (unit.name, unit.kind):
            continue
        beginning.append(unit)
        if row is not None:
            ending.append(row)
    return Difference([*ending, *held.values()], beginning)


def valid(rows: QuerySet[Region], on: date) -> QuerySet[Region]:
    """The rows that hold on that day."""
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


def write(found: Difference, *, scope: Scope, edition: str, valid_from: date) -> int:
    """Write the difference, the caller's transaction around it. Returns how many grids ended with their village."""
    if any(found) and scope.rows().filter(valid_from__gt=valid_from).exists():
        raise EditionOutOfOrder(
            "EDITION_OUT_OF_ORDER",
            "已有更新的版本，不能再装入旧版本。",
            "A later edition is in force already.",
        )
    orphans = _end(found.ending, found.beginning, valid_from)
    rows = [_row(unit, edition, valid_from) for unit in found.beginning]
    Region.objects.using(OWNER).bulk_create(rows, batch_size=5000)
    return orphans


def _row(unit: Unit, edition: str, valid_from: date) -> Region:
    lo, hi = span(unit.code)
    key = search_key(unit.short_name)
    return Region(**unit._asdict(), pinyin=key, lo=lo, hi=hi, valid_from=valid_from, edition=edition)


def _end(ending: Sequence[Region], beginning: Sequence[Unit], valid_from: date) -> int:
    rows = Region.objects.using(OWNER)
    # A row that begins on the very day was a mistake of a file now corrected: it never held.
    rows.filter(id__in=[row.id for row in ending if row.valid_from == valid_from]).delete()
    held = [row for row in ending if row.valid_from < valid_from]
    successors = _successors(held, beginning)
    for row in held:
        row.valid_to, row.successor_code = valid_from, successors.get(row.code)
    rows.bulk_update(held, ["valid_to", "successor_code"], batch_size=500)
    gone = {row.code for row in ending} - {unit.code for unit in beginning}
    return _end_grids({code for code in gone if len(code) == 12}, valid_from)


def _end_grids(villages: set[str], valid_from: date) -> int:
    """Grids end with the village they lie in: their numbers mean nothing without it."""
    grids = Region.objects.using(OWNER).filter(
        level__in=_GRIDS, valid_to__isnull=True, valid_from__lt=valid_from
    )
    return (
        grids.annotate(village=Substr("code", 1, 12)).filter(village__in=villages).update(valid_to=valid_from)
    )


def _successors(ending: Iterable[Region], beginning: Iterable[Unit]) -> dict[str, str]:
    """The new code that carries the old name within the same county (or the same parent), if exactly one does."""
    carriers: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for unit in beginning:
        carriers[unit.level, _neighbourhood(unit.code), unit.short_name].append(unit.code)
    return {
        row.code: codes[0]
        for row in ending
        if len(codes := carriers.get((row.level, _neighbourhood(row.code), row.short_name), [])) == 1
        and codes[0] != row.code
    }


def _neighbourhood(code: str) -> str:
    return code[:6] if len(code) > 6 else parent(code) or ""
