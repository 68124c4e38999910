"""Names of divisions held in memory, so that a whole list of them is read without asking for each. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

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
_SHORTEST, _LONGEST, LONGEST_PATH = 2, 40, 80


class Gazetteer:
    """Divisions by their names: whole, as people say them, and by alias.

    A name that several divisions share reads as all of them: which is meant must be asked.
    """

    def __init__(
        self,
        rows: Iterable[tuple[str, str, str, str]],
        aliases: Iterable[tuple[str, str]],
        *,
        longest: int = _LONGEST,
    ) -> None:
        """Rows are (code, name, short name, kind), aliases (code, alias); what is `longest` is no name."""
        self._longest = longest
        self._names: dict[str, str] = {}
        whole: dict[str, set[str]] = defaultdict(set)
        by_mouth: dict[str, set[str]] = defaultdict(set)
        for code, name, short_name, kind in rows:
            self._names[code] = "" if kind == PLACEHOLDER else name
            if kind != PLACEHOLDER:
                whole[name].add(code)
                for said in (short_name, _stem(short_name), _stem(name)):
                    by_mouth[said].add(code)
        for code, alias in aliases:
            if code in self._names:
                by_mouth[alias].add(code)
        self._whole = {name: sorted(codes) for name, codes in whole.items()}
        self._said = {name: sorted(codes) for name, codes in by_mouth.items()}

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
        return tuple(sorted(self._within(text, ""))) if len(text) <= self._longest else ()

    def only(self, text: str) -> str | None:
        """The code of the one division that a text means; None where none or several are called so."""
        found = self.read(text)
        return found[0] if len(found) == 1 else None

    def _within(self, text: str, under: str) -> set[str]:
        """Whole names come before those that people say: 吉林市 is the city, 吉林 may be the province as well."""
        for named in (self._whole, self._said):
            found = set(_beginning(named.get(text, ()), under))
            if found:
                return found
        for length in range(len(text) - _SHORTEST, _SHORTEST - 1, -1):
            head, rest = text[:length], text[length:]
            heads = {
                *_beginning(self._whole.get(head, ()), under),
                *_beginning(self._said.get(head, ()), under),
            }
            reached = {code for one in heads for code in self._within(rest, prefix(one)) if code != one}
            if reached:
                return reached
        return set()


def _beginning(codes: Sequence[str], under: str) -> Sequence[str]:
    """Those of the sorted codes that lie under a prefix: a grid's name is shared by a thousand villages."""
    return codes[bisect_left(codes, under) : bisect_left(codes, under + ":")]


def _stem(name: str) -> str:
    ending = next((one for one in _ENDINGS if name.endswith(one) and len(name) - len(one) >= _SHORTEST), "")
    return name.removesuffix(ending)
