"""Names of divisions held in memory, so that a whole list of them is read without asking for each. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from lianfang.kernel.divisions import canonical, is_code, lineage, prefix
from lianfang.regions.rules import PLACEHOLDER

NAMED = ("PROVINCE", "CITY", "COUNTY", "TOWNSHIP")
# What people leave away when they speak: 武汉, 恩施, 锡林郭勒. Longest first.
_ENDINGS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "省",
    "市",
    "州",
    "盟",
    "区",
    "县",
    "旗",
)
_SHORTEST, _LONGEST = 2, 40


class Gazetteer:
    """Divisions down to the township by their names: whole, as people say them, and by alias.

    A name that several divisions share reads as all of them: which is meant must be asked.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str, str]], aliases: Iterable[tuple[str, str]]) -> None:
        """Rows are (code, name, short name, kind), aliases (code, alias)."""
        self._names: dict[str, str] = {}
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._said: dict[str, set[str]] = defaultdict(set)
        for code, name, short_name, kind in rows:
            self._names[code] = "" if kind == PLACEHOLDER else name
            if kind != PLACEHOLDER:
                self._whole[name].add(code)
                for said in (short_name, _stem(short_name), _stem(name)):
                    self._said[said].add(code)
        for code, alias in aliases:
            if code in self._names:
                self._said[alias].add(code)

    def __contains__(self, code: str) -> bool:
        return is_code(code) and canonical(code) in self._names

    def path(self, code: str) -> str:
        """湖北省武汉市江岸区; "" if nothing of it is registered."""
        return "".join(self._names.get(step, "") for step in lineage(code)) if is_code(code) else ""

    def read(self, text: str) -> tuple[str, ...]:
        """The codes of the divisions that a text may mean, in order; none if it is no name of one.

        A code, a name (湖北省, 湖北, 武汉), or names from the larger to the smaller (湖北武汉江岸).
        """
        if is_code(text):
            return (canonical(text),) if text in self else ()
        return tuple(sorted(self._within(text, ""))) if len(text) <= _LONGEST else ()

    def only(self, text: str) -> str | None:
        """The code of the one division that a text means; None where none or several are called so."""
        found = self.read(text)
        return found[0] if len(found) == 1 else None

    def _within(self, text: str, under: str) -> set[str]:
        """Whole names come before those that people say: 吉林市 is the city, 吉林 may be the province as well."""
        for named in (self._whole, self._said):
            found = {code for code in named.get(text, ()) if code.startswith(under)}
            if found:
                return found
        for length in range(len(text) - _SHORTEST, _SHORTEST - 1, -1):
            head, rest = text[:length], text[length:]
            heads = self._whole.get(head, set()) | self._said.get(head, set())
            reached = {
                code
                for one in heads
                if one.startswith(under)
                for code in self._within(rest, prefix(one))
                if code != one
            }
            if reached:
                return reached
        return set()


def _stem(name: str) -> str:
    ending = next((one for one in _ENDINGS if name.endswith(one) and len(name) - len(one) >= _SHORTEST), "")
    return name.removesuffix(ending)
