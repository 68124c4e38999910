"""What a division's code and name say about it, and how grids are shared out. Pure: no database, no clock.

The third group of a code (县以下行政区划代码编制规则): 001-099 subdistricts, 100-199 towns, 200-399 townships, from 400
on farms, prisons, development zones. The fourth: 001-199 residents' committees, 200-399 village committees, the rest
special. Above the township the name's ending tells.
"""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import accumulate

from lianfang.kernel.divisions import county_of, is_code, level

# Cities that exist only in the code list, to hold counties without a city. People never say them.
PLACEHOLDER = "placeholder"
_PLACEHOLDERS = re.compile("市辖区|县|.*直辖县级行政区划").fullmatch

_ENDINGS = {
    "PROVINCE": (("自治区", "autonomous-region"), ("特别行政区", "special-region"), ("市", "municipality"), ("", "province")),
    "CITY": (("市", "city"), ("自治州", "autonomous-prefecture"), ("盟", "league"), ("", "prefecture")),
    "COUNTY": (("区", "district"), ("县", "county"), ("市", "county-city"), ("旗", "banner"), ("", "special")),
}  # fmt: skip
PEOPLES = (
    "蒙古族?|回族?|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|拉祜族|"
    "水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|普米族|塔吉克族?|怒族|鄂温克族|"
    "鄂伦春族?|保安族|裕固族|独龙族|各族"
)
_AUTONOMOUS = re.compile(f"(?P<name>.{{2,}}?)(?:{PEOPLES})*自治[区州县旗]").fullmatch
_VILLAGE_COMMITTEE = re.compile("(.+?)村?(?:村民委员会|村委会)").fullmatch
_RESIDENTS_COMMITTEE = re.compile("(.+?)(?:社区)?(?:居民委员会|居委会)").fullmatch
_LIVING_AREA = re.compile("(.+?)(?:虚拟社区|虚拟生活区|生活区)").fullmatch


def is_registered(code: str, known: Container[str], deeper: Container[str]) -> bool:
    """Whether a canonical code is a division: it is `known`, or lies in a known county that has nothing known below it.

    The whole country is registered down to its counties, and a few cities further: `deeper` are their counties.
    """
    county = county_of(code) if is_code(code) else None
    return code in known or (county is not None and county in known and county not in deeper)


def kind_of(code: str, name: str) -> str:
    """What sort of division it is within its level; "" for grids."""
    rank = level(code)
    if rank == "TOWNSHIP":
        return _by_number(int(code[6:9]), ("subdistrict", 100), ("town", 200), ("township", 400))
    if rank == "VILLAGE":
        return _by_number(int(code[9:12]), ("community", 200), ("village", 400))
    if rank == "CITY" and _PLACEHOLDERS(name):
        return PLACEHOLDER
    return next((kind for ending, kind in _ENDINGS.get(rank, ()) if name.endswith(ending)), "")


def _by_number(number: int, *kinds: tuple[str, int]) -> str:
    return next((kind for kind, below in kinds if number < below), "special")


def short_name(*, code: str, name: str, parent_name: str = "") -> str:
    """What people call it: 全善堡村民委员会 → 全善堡村, 岫岩满族自治县 → 岫岩县, 辽宁省 → 辽宁."""
    rank = level(code)
    if rank == "VILLAGE":
        return _short_village(name)
    if rank == "TOWNSHIP":
        return name.removeprefix(parent_name) if parent_name and name != parent_name else name
    if autonomous := _AUTONOMOUS(name):
        return autonomous["name"] + name[-1].replace("区", "")
    if rank == "PROVINCE":
        return name.removesuffix("省").removesuffix("市").removesuffix("特别行政区")
    return name


def _short_village(name: str) -> str:
    if match := _VILLAGE_COMMITTEE(name):
        return match[1] + "村"
    if match := _RESIDENTS_COMMITTEE(name):
        return match[1] + "社区"
    farm = _LIVING_AREA(name)
    return farm[1] if farm else name


def shares(*, weights: Sequence[int], count: int) -> Iterator[int]:
    """Share `count` out by weight, whole and complete: the same weights always give the same shares."""
    total, given = sum(weights), 0
    for reached in accumulate(weights):
        due = reached * count // total
        yield due - given
        given = due
