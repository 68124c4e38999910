"""Words of an address: as they are compared, which of them look like names of places, which may be taught. Pure."""

import re
from functools import cache
from pathlib import Path

from lianfang.kernel.as_typed import plain
from lianfang.regions.rules import PEOPLES

LONGEST_ADDRESS, SHORTEST_WORD, LONGEST_WORD = 200, 2, 12
_TRADITIONAL = Path(__file__).parent.parent / "registers" / "traditional.txt"
_HAN = "一-鿿"
_ENDING = re.compile(
    "(?<=..)(?:村民委员会|社区居民委员会|居民委员会|村委会|居委会|街道办事处|街道|社区|市区|自治县|镇|乡|村|屯|市|县|区)$"
)
_TOWNSHIP_OF_A_PEOPLE = re.compile(f"(?<=..)(?:{PEOPLES})+(?=[乡镇]$)")
_ENDS_A_WORD = "屯堡沟村镇乡街社营庄寨洼"
_SMALLER = "街道|社区|小区|花园|家园|公寓|新村|镇|乡|村|屯|庄|寨|堡|营|沟|洼|胡同|市场"
# What looks like the name of a division, however small: the shortest words that end so.
_PLACE = re.compile(f"[{_HAN}]{{1,9}}?(?:{_SMALLER})(?!{_SMALLER})")
_ZONE = re.compile(
    "[^\\W\\d_a-zA-Z省市县区镇乡村道]{1,6}(?:新区|经济技术开发区|开发区|高新区|经济区|工业园区|产业园区|工业园|产业园|园区|保税区|度假区|示范区)"
)
# Before and between names, said of no place.
_IDLE = re.compile(
    "中华人民共和国|中国|东北|现住址?|家住|住在|住址|地址|目的地|前往|去往|返回|回到|回|到|去|住|在|的|省|市|县"
)
_IDLE_BEFORE = re.compile("^(?:中国|现住址?|家住|住在|住址|地址|目的地|前往|去往|返回|回到|回|到|去|住|在)+")
_IDLE_AFTER = re.compile("^(?:村?民?委员?会|居民?委员?会|街?道?办事处|村委会|居委会|办|境内|辖区)+")
_NOT_HAN = re.compile(f"[^{_HAN}]+")
# A number written out with what it counts: the beginning of a house number.
_COUNTED = re.compile("第?[一二三四五六七八九十百零]+(?:组|号|队|栋|幢|单元|楼|巷|户|委|网格)")
_TEACHABLE = re.compile(f"[{_HAN}]{{{SHORTEST_WORD},{LONGEST_WORD}}}").fullmatch
_NO_PLACE = re.compile("[家户号室层栋幢人某氏]$|先生|女士|同志|大哥|大姐|师傅").search


def folded(text: str) -> str:
    """Half-width, without white space, in simplified characters: how names and addresses are compared."""
    return plain(text[:LONGEST_ADDRESS]).translate(_simplified())


def stem(name: str) -> str:
    """What people say: 全善堡村 → 全善堡, 刘龙台镇 → 刘龙台. Never less than two characters."""
    return _ENDING.sub("", name)


def spoken(name: str) -> str:
    """地藏寺满族乡 → 地藏寺乡; others as they are."""
    return _TOWNSHIP_OF_A_PEOPLE.sub("", name)


def ends_otherwise(text: str, at: int) -> bool:
    """Whether a name without its ending goes on with another one: 全善堡 in 全善堡屯."""
    return text[at : at + 1] in _ENDS_A_WORD if at < len(text) else False


def is_han(text: str, at: int) -> bool:
    """Whether a Chinese character stands there."""
    return at < len(text) and "一" <= text[at] <= "鿿"


def unread(gap: str) -> str:
    """The words of a gap that somebody would have to understand: without what is said of no place."""
    return _NOT_HAN.sub("", _IDLE.sub("", gap)) if gap else ""


def zones(text: str) -> list[tuple[int, int]]:
    """Where words stand that look like the name of a functional zone."""
    return [found.span() for found in _ZONE.finditer(text)]


def place_word(rest: str) -> tuple[str, int]:
    """The first word that looks like a division's name at the beginning of what is left, and where it ends; "" for none."""
    start = _start(rest)
    found = _PLACE.match(rest, start)
    return (found[0], found.end()) if found and not _COUNTED.match(found[0]) else ("", start)


def hamlet(rest: str) -> str:
    """The place below the register that an address goes on with, and that may be taught: 王家屯 of 王家屯12号."""
    word, _ = place_word(rest)
    return word if is_teachable(word) else ""


def left_over(rest: str) -> str:
    """What follows the names, without the ending of the last one."""
    return rest[_start(rest) :]


def is_teachable(word: str) -> bool:
    """Only words of a place: no figures, no house, nobody's name or door, two to twelve characters."""
    return bool(_TEACHABLE(word)) and not _NO_PLACE(word) and not _COUNTED.search(word)


def _start(rest: str) -> int:
    """Past marks, the ending of the name before, and what is said of no place."""
    start = next((at for at in range(len(rest)) if is_han(rest, at) or rest[at].isalnum()), len(rest))
    for idle in (_IDLE_AFTER, _IDLE_BEFORE):
        found = idle.match(rest[start:])
        start += found.end() if found else 0
    return start


@cache
def _simplified() -> dict[int, str]:
    """Pairs of a traditional character and the simplified one."""
    marks = _TRADITIONAL.read_text(encoding="utf-8").replace("\n", "")
    return {ord(old): new for old, new in zip(marks[::2], marks[1::2], strict=True)}
