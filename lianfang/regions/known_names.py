"""A city's names as of a day, kept in memory for as long as neither the register nor an alias changes; and its aliases."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, Max, Q

from lianfang.kernel.divisions import from_integer, lineage, prefix, span
from lianfang.kernel.reach import Reach
from lianfang.regions.addresses import AliasHeld, CityNames
from lianfang.regions.editions import valid
from lianfang.regions.models import Region, RegionAlias
from lianfang.regions.queries import held_aliases, paths, register_mark

PAGE = 50
Mark = tuple[object, ...]


class AliasTold(NamedTuple):
    """An alias, where it leads, and whether other divisions are called so as well: then it is asked for."""

    alias: RegionAlias
    place: str
    is_shared: bool


class AliasPage(NamedTuple):
    """Some aliases; `after` continues where they end, None at the end."""

    aliases: list[AliasTold]
    after: int | None


def city_names(city: str, on: date) -> CityNames:
    """Every name in the city and of what it lies in, down to the micro-grid. Two questions; more after a change."""
    aliases = RegionAlias.objects.aggregate(Max("id"), Max("taken_back_at"), Count("valid_to"))
    return _known_as(city, on, register_mark(), tuple(aliases.values()))


def aliases(reach: Reach, on: date, *, after: int | None = None) -> AliasPage:
    """Those of divisions in the officer's own area, the newest first, PAGE at most."""
    reach.require("VIEW_REFERRALS")
    here = Q(pk__in=[])
    for lo, _ in reach.spans:
        here |= Q(code__startswith=prefix(from_integer(lo)))
    held = held_aliases(on)
    rows = held.filter(here) if after is None else held.filter(here, pk__lt=after)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    words = held.filter(alias__in=[row.alias for row in shown]).values_list("alias")
    shared = {alias for alias, codes in words.annotate(Count("code", distinct=True)) if codes > 1}
    places = paths([row.code for row in shown], on)
    told = [AliasTold(row, places.get(row.code, row.code), row.alias in shared) for row in shown]
    return AliasPage(told, shown[-1].pk if len(found) > PAGE else None)


@lru_cache(maxsize=2)
def _known_as(city: str, on: date, register: Mark, aliases: Mark) -> CityNames:
    held = held_aliases(on).order_by("pk").values_list("code", "alias", "kind", "taught_by", "taught_at")
    return _names(city, on, register).known_as(AliasHeld(*row) for row in held)


@lru_cache(maxsize=2)
def _names(city: str, on: date, register: Mark) -> CityNames:
    lo, hi = span(city)
    here = Q(lo__gte=lo, hi__lte=hi) | Q(code__in=lineage(city))
    rows = valid(Region.objects.all(), on)
    beyond = rows.filter(level__in=("PROVINCE", "CITY", "COUNTY")).exclude(here)
    own = rows.filter(here).order_by("code")
    return CityNames(
        own.values_list("code", "name", "short_name", "kind"), beyond.values_list("name", "kind")
    )
