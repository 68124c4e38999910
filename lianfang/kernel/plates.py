"""Number plates (GA 36 and its neighbours): a key to find a vehicle again by, and a kind. A plate never blocks a gate.

What fits no pattern is kept under its own key and flagged PLATE_ODD. A slip of the finger (O for 0, I for 1) is only
ever suggested. An ordinary plate whose serial is D or F and four digits may be an old plate, and far more often is a
new-energy plate with a digit left out, so it asks for a second look too.
"""

import re
from typing import NamedTuple

from lianfang.kernel.as_typed import plain_number

ORDINARY = "ORDINARY"
NEW_ENERGY = "NEW_ENERGY"
POLICE = "POLICE"
ARMY = "ARMY"
ARMED_POLICE = "ARMED_POLICE"
EMBASSY = "EMBASSY"
EMERGENCY = "EMERGENCY"
LEARNER = "LEARNER"
TRAILER = "TRAILER"
HK_MACAO = "HK_MACAO"
TEMPORARY = "TEMPORARY"
OTHER = "OTHER"

ODD = "PLATE_ODD"

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_CITY = f"[{PROVINCES}][A-HJ-NP-Z]"  # province and city; plates use neither I nor O
_X = "[A-HJ-NP-Z0-9]"

# By frequency: the first that fits decides. Each group is named after its kind.
_KINDS = re.compile(
    f"""
    (?P<ORDINARY>{_CITY}{_X}{{5}})
  | (?P<NEW_ENERGY>{_CITY}(?:[A-HJK]{_X}[0-9]{{4}} | [0-9]{{5}}[A-HJK]))
  | (?P<TRAILER>{_CITY}{_X}{{4}}挂)
  | (?P<POLICE>{_CITY}{_X}{{4}}警)
  | (?P<LEARNER>{_CITY}{_X}{{4}}学)
  | (?P<TEMPORARY>{_CITY}{_X}{{4,6}}临 | 临{_CITY}{_X}{{4,6}})
  | (?P<HK_MACAO>粤Z{_X}{{4}}[港澳])
  | (?P<EMERGENCY>[{PROVINCES}][A-Z]{_X}{{3,5}}应急)
  | (?P<EMBASSY>[使领][0-9]{{6}} | [0-9]{{6}}[使领] | {_CITY}{_X}{{4}}[使领])
  | (?P<ARMED_POLICE>WJ[{PROVINCES}]?[0-9A-Z消边通森金警电水交]{{4,8}})
  | (?P<ARMY>[VKHBSLJNGCZE][A-Z][0-9]{{5}} | [军空海北沈兰济南广成][A-Z][0-9]{{4,5}})
  | (?P<OTHER>{_CITY}{_X}{{4}}[试超]        # on trial; oversized
            | [{PROVINCES}][0-9]{{7}}       # tractors: two digits of the city, five of the serial
            | 民航[0-9A-Z]{{4,6}})
    """,
    re.VERBOSE,
).fullmatch
_SHORT_OF_A_DIGIT = re.compile(f"{_CITY}[DF][0-9]{{4}}").fullmatch
_ORDINARY_AS_IS = re.compile(f"{_CITY}[A-CEGHJ-NP-Z0-9]{_X}{{4}}").fullmatch

_MARKS = str.maketrans(dict.fromkeys("·•・‧∙⋅●.。．,，:：'\"()[]【】", None))
_SLIPS = str.maketrans("OI", "01")
# Words written in place of a plate: no key, or every unmarked vehicle would be the same vehicle.
_NO_PLATE = re.compile(
    "无(?:车|号)?牌?照?|没(?:有|上)?(?:车|号)?牌?照?|未上牌|未挂牌|暂无|不详|未知|不明|NONE|NO|NOPLATE|N/?A|NULL"
).fullmatch


class Plate(NamedTuple):
    """A plate as it was read. `key` is "" when there is none; `suggestion` is a key the typist may have meant."""

    key: str
    kind: str
    flags: tuple[str, ...] = ()
    suggestion: str | None = None


def read(text: str) -> Plate:
    """Read a typed plate. Never raises."""
    if _ORDINARY_AS_IS(text):
        return Plate(text, ORDINARY)
    key = plain_number(text).translate(_MARKS)
    if not key or _NO_PLATE(key):
        return Plate("", OTHER)
    kind = _kind(key)
    if kind is not None and not _SHORT_OF_A_DIGIT(key):
        return Plate(key, kind)
    return Plate(key, kind or OTHER, (ODD,), _suggestion(key))


def _kind(key: str) -> str | None:
    match = _KINDS(key)
    return match.lastgroup if match else None


def _suggestion(key: str) -> str | None:
    """The key with O and I in the serial read as digits, where that makes a plate of it."""
    mended = key[:2] + key[2:].translate(_SLIPS)
    return mended if mended != key and _kind(mended) else None
