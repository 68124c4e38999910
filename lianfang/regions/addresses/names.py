"""A city's names in memory: whole, as people say them, and by alias; so that thousands of addresses are read at once. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import NamedTuple

from lianfang.kernel.divisions import canonical, level, parent, prefix
from lianfang.regions.addresses.facts import AliasHeld, How, Likeness
from lianfang.regions.addresses.likeness import keys, likeness
from lianfang.regions.addresses.place_words import ends_otherwise, folded, is_han, spoken, stem, zones
from lianfang.regions.pinyin import search_key
from lianfang.regions.rules import PLACEHOLDER

ZONE = "ZONE"
_GRIDS = ("GRID", "MICRO_GRID")
_SMALL = ("TOWNSHIP", "VILLAGE")
_TOWNSHIPS = ("镇", "乡", "街道")
_SHORTEST, _SURE = 2, 3
_NUMERALS = "一二三四五六七八九十"


class Spelling(NamedTuple):
    """One way to write a division. `name`: as it is said in full."""

    words: str
    code: str
    name: str
    how: How
    alias: AliasHeld | None = None


class Alike(NamedTuple):
    """A division whose name resembles a word."""

    code: str
    name: str
    likeness: Likeness


class CityNames:
    """The divisions of a city, and what they lie in, by every way to write them."""

    def __init__(
        self, rows: Iterable[tuple[str, str, str, str]], beyond: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Rows are (code, name, short name, kind) of the city and what it lies in, `beyond` (name, kind) of the country."""
        self._spelled: dict[str, dict[tuple[str, How], Spelling]] = defaultdict(dict)
        self._known_as: dict[str, list[Spelling]] = {}
        self._names: dict[str, str] = {}
        self._below: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._alike: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._longest = 0
        self.zones: dict[str, list[AliasHeld]] = {}
        for code, name, short, kind in rows:
            self._names[code] = folded(short)
            if level(code) in _GRIDS:
                self._below[parent(code) or ""].append((code, self._names[code]))
            elif kind != PLACEHOLDER:
                self._spell(code, folded(name), folded(short))
        named = {folded(name) for name, kind in beyond if kind != PLACEHOLDER} - {*self._spelled}
        self._beyond = {name for name in named if not zones(name)}

    def known_as(self, aliases: Iterable[AliasHeld]) -> "CityNames":
        """The same names, and these aliases instead of those before: they change while the register stands."""
        other = copy(self)
        other._known_as, other.zones = defaultdict(list), defaultdict(list)
        for alias in aliases:
            code, words = canonical(alias.code), folded(alias.alias)
            if code not in self._names or not words:
                continue
            if alias.kind == ZONE:
                other.zones[words].append(alias)
            elif not any(
                one.code == code and one.how == How.NAME for one in self._spelled.get(words, {}).values()
            ):
                other._known_as[words].append(Spelling(words, code, self._names[code], How.ALIAS, alias))
        other._longest = max(self._longest, *map(len, other._known_as)) if other._known_as else self._longest
        return other

    def at(self, text: str, at: int) -> Iterator[Spelling]:
        """Every division whose name begins there, however it is written."""
        for length in range(min(self._longest, len(text) - at), _SHORTEST - 1, -1):
            words = text[at : at + length]
            yield from self._known_as.get(words, ())
            for found in self._spelled.get(words, {}).values():
                if found.how != How.SPOKEN or _stands_alone(found, text, at + length):
                    yield found

    def alike(self, word: str, under: str) -> list[Alike]:
        """Townships or villages within a division whose names resemble the word, without those of that very name."""
        said, digits = stem(word), prefix(under) if under else ""
        meant = "TOWNSHIP" if word.endswith(_TOWNSHIPS) else "VILLAGE"
        near = {one for key in (*keys(said), _sound(said)) for one in self._alike.get(key, ())}
        found = [
            Alike(code, self._names[code], how)
            for code, other in near
            if level(code) == meant
            and code != under
            and code.startswith(digits)
            and (how := likeness(said, other, _sound)) is not None
        ]
        return sorted(found)

    def below(self, code: str) -> list[tuple[str, str]]:
        """The grids of a village, or the micro-grids of a grid: code and name."""
        return self._below.get(code, [])

    def name(self, code: str) -> str:
        return self._names.get(code, "")

    def knows(self, code: str) -> bool:
        return code in self._names

    def is_name(self, word: str) -> bool:
        """Whether a division of the city is called so by the register, with its ending or without."""
        return any(said in self._spelled for said in (word, stem(word)))

    def elsewhere(self, text: str) -> str:
        """The province, city or county outside this one that a text begins with; "" if none."""
        lengths = range(min(12, len(text)), _SHORTEST, -1)
        return next((text[:length] for length in lengths if text[:length] in self._beyond), "")

    def _spell(self, code: str, name: str, short: str) -> None:
        shown = short if level(code) == "VILLAGE" else name
        for words in {name, short}:
            self._add(Spelling(words, code, shown, How.NAME))
        for words in {stem(short), spoken(short), stem(spoken(short))} - {name, short}:
            self._add(Spelling(words, code, shown, How.SPOKEN))
        if level(code) in _SMALL:
            for one in {stem(short), stem(spoken(short))}:
                for key in (*keys(one), _sound(one)):
                    self._alike[key].add((code, one))

    def _add(self, spelling: Spelling) -> None:
        if len(spelling.words) >= _SHORTEST:
            self._spelled[spelling.words][spelling.code, spelling.how] = spelling
            self._longest = max(self._longest, len(spelling.words))


def grid_names(name: str) -> Mapping[str, None]:
    """How a grid is written: 第3网格, 第三网格, 3网格, 三网格. The longest first."""
    said = {name: None, name.removeprefix("第"): None}
    for number, numeral in enumerate(_NUMERALS, 1):
        if name == f"第{number}网格":
            said |= {f"第{numeral}网格": None, f"{numeral}网格": None}
    return said


def _stands_alone(found: Spelling, text: str, end: int) -> bool:
    """Whether a name without its ending ends there: of two characters only where no other follows."""
    if ends_otherwise(text, end):
        return False
    sure = len(found.words) >= _SURE or level(found.code) not in _SMALL
    return sure or not is_han(text, end)


def _sound(word: str) -> str:
    return "#" + search_key(word).partition(" ")[0]
