"""The registers of divisions that come with the program, read without a database: a file is checked on any machine."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files

from lianfang.kernel.divisions import canonical
from lianfang.regions.register_file import Unit, read_register

COUNTY = 6  # digits; the whole country is registered down to its counties, below them a few cities are


@cache
def units() -> dict[str, Unit]:
    """Every registered division by its canonical code."""
    read: dict[str, Unit] = {}
    with as_file(files("lianfang.regions") / "registers") as folder:
        for path in sorted(folder.glob("divisions_*.csv")):
            read |= {unit.code: unit for unit in read_register(path)}
    return read


def is_registered(code: str) -> bool:
    """Whether a canonical code is a division. Of what lies below a county that is not registered further down, the county."""
    known = units()
    county = code[:COUNTY]
    return code in known or (len(code) > COUNTY and county in known and county not in _deeper())


@cache
def _deeper() -> frozenset[str]:
    """Counties whose townships are registered."""
    return frozenset(code[:COUNTY] for code in units() if len(code) > COUNTY)


def place_named(name: str) -> str | None:
    """The code of a place by its whole or its short name; None where none or several are called so."""
    found = _named().get(name, set())
    return next(iter(found)) if len(found) == 1 else None


@cache
def _named() -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    for unit in units().values():
        for name in (unit.name, unit.short_name):
            named.setdefault(name, set()).add(unit.code)
    return named


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names to write beside codes."""
    return {code: units()[canonical(code)].name for code in codes if canonical(code) in units()}
