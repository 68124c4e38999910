"""Acts on the register: loading editions and aliases, and dividing villages into grids."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import NotFound
from lianfang.regions import editions, rules
from lianfang.regions.editions import OWNER, Scope
from lianfang.regions.models import RegionAlias
from lianfang.regions.register_file import Unit, read_register

REGISTERS = Path(__file__).parent / "registers"
# Files and editions that come with the product; a file's edition is the register's cut-off day, and holds from it.
SHIPPED = (
    ("divisions_china_county_2019-10-31.csv", "2019-10-31"),
    ("divisions_jinzhou_anshan_2019-10-31.csv", "2019-10-31"),
)
ALIASES = "aliases.csv"
GRID_EDITION = "grids"
MICRO_GRIDS_PER_GRID = 2
_GRID_LEVELS = frozenset(("GRID", "MICRO_GRID"))
# A community holds more households than a village, so it gets twice the grids.
_GRID_WEIGHTS = {"community": 2}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an act changed: rows that began and ended, and grids that ended with their village."""

    edition: str
    at: datetime
    began: int
    ended: int
    grids_ended: int


def load_all(*, at: datetime) -> list[Loaded]:
    """Load what the product ships. Loading again changes nothing, also when later editions have come since."""
    loaded = [
        load_register(path=REGISTERS / name, edition=edition, valid_from=date.fromisoformat(edition), at=at)
        for name, edition in SHIPPED
    ]
    return [*loaded, load_aliases(path=REGISTERS / ALIASES, at=at)]


def load_register(*, path: Path, edition: str, valid_from: date, at: datetime) -> Loaded:
    """Bring the register to what the file says from `valid_from` on, for the levels and divisions the file covers.

    Names that changed or vanished end on that day, new ones begin. Raises RegisterUnreadable (the file is none) and
    EditionOutOfOrder (a later edition of the same divisions is loaded already, and this one says something else).
    """
    units = read_register(path)
    return _bring_to(units, editions.scope_of(units), edition, valid_from, at)


def load_aliases(*, path: Path, at: datetime) -> Loaded:
    """Add the file's aliases (code, alias, kind, source, valid_from) that are not there yet."""
    with path.open(encoding="utf-8", newline="") as file:
        wanted = [
            RegionAlias(**{**row, "valid_from": date.fromisoformat(row["valid_from"])})
            for row in csv.DictReader(file)
        ]
    aliases = RegionAlias.objects.using(OWNER)
    with transaction.atomic(using=OWNER):
        held = set(aliases.values_list("code", "alias", "valid_from"))
        new = [alias for alias in wanted if (alias.code, alias.alias, alias.valid_from) not in held]
        aliases.bulk_create(new)
    return Loaded(path.stem, at, len(new), 0, 0)


def generate_grids(*, city_code: str, count: int, at: datetime) -> Loaded:
    """Divide the city's villages and communities into `count` grids, communities of its districts into micro-grids.

    Deterministic: the same register and count give the same grids, so doing it again changes nothing; another count
    later begins the missing grids and ends the surplus ones on the day of `at`.
    """
    today = day_of(at)
    grounds = editions.valid(Scope(frozenset(("VILLAGE", "COUNTY")), (city_code,)).rows(), today)
    held = list(grounds.order_by("code").values_list("code", "kind", "level"))
    districts = {code for code, kind, level in held if level == "COUNTY" and kind == "district"}
    units = [(code, kind) for code, kind, level in held if level == "VILLAGE"]
    if not units:
        raise NotFound(
            "NO_VILLAGES",
            "该市没有村(社区)数据，请先装入区划登记。",
            "No villages are registered under this city.",
        )
    grids = list(_grids(units, districts, count))
    return _bring_to(grids, Scope(_GRID_LEVELS, (city_code,)), GRID_EDITION, today, at)


def _bring_to(units: list[Unit], scope: Scope, edition: str, valid_from: date, at: datetime) -> Loaded:
    with transaction.atomic(using=OWNER):
        found = editions.difference(units, scope, valid_from)
        grids_ended = editions.write(found, scope=scope, edition=edition, valid_from=valid_from)
    return Loaded(edition, at, len(found.beginning), len(found.ending), grids_ended)


def _grids(units: list[tuple[str, str]], districts: set[str], count: int) -> Iterator[Unit]:
    weights = [_GRID_WEIGHTS.get(kind, 1) for _, kind in units]
    for (code, kind), share in zip(units, rules.shares(weights=weights, count=count), strict=True):
        for grid in _numbered(code, "GRID", "网格", share):
            yield grid
            if kind == "community" and code[:6] in districts:
                yield from _numbered(grid.code, "MICRO_GRID", "微网格", MICRO_GRIDS_PER_GRID)


def _numbered(under: str, level: str, noun: str, count: int) -> Iterable[Unit]:
    for number in range(1, count + 1):
        name = f"第{number}{noun}"
        yield Unit(f"{under}{number:03d}", level, "", name, name, under)
