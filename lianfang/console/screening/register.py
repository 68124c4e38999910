"""The registers of divisions that come with the program, read without a database: a file is checked on any machine."""

import csv
import io
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files

from lianfang.kernel.divisions import canonical, county_of
from lianfang.regions import rules
from lianfang.regions.gazetteer import NAMED, Gazetteer
from lianfang.regions.register_file import Unit, read_register


@cache
def units() -> dict[str, Unit]:
    """Every registered division by its canonical code."""
    read: dict[str, Unit] = {}
    with as_file(files("lianfang.regions") / "registers") as folder:
        for path in sorted(folder.glob("divisions_*.csv")):
            read |= {unit.code: unit for unit in read_register(path)}
    return read


def is_registered(code: str) -> bool:
    """Whether a canonical code is a division, by the rule the desk goes by."""
    return rules.is_registered(code, units(), _deeper())


@cache
def _deeper() -> frozenset[str]:
    """Counties whose townships are registered."""
    return frozenset(county for code in units() if (county := county_of(code)) not in (None, code))


def place_named(name: str) -> str | None:
    """The code of a place by its name, as the desk reads names; None where none or several are called so."""
    return _names().only(name)


@cache
def _names() -> Gazetteer:
    rows = (unit for unit in units().values() if unit.level in NAMED)
    text = files("lianfang.regions").joinpath("registers", "aliases.csv").read_text(encoding="utf-8")
    aliases = [(row["code"], row["alias"]) for row in csv.DictReader(io.StringIO(text))]
    return Gazetteer([(one.code, one.name, one.short_name, one.kind) for one in rows], aliases)


@cache
def short_names() -> dict[str, str]:
    """What findings call a division, as the desk does."""
    return {code: unit.short_name for code, unit in units().items()}


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names to write beside codes."""
    return {code: units()[canonical(code)].name for code in codes if canonical(code) in units()}
