"""Document numbers, telephones and plates of people who do not exist.

Identity numbers: a number is given at birth and kept for life, so a division code that came into force in 2013 or
later was never put into the number of anybody born before 2010, and one that was abolished by 2016 into none of anybody
born since 2018. Only such pairs of a real code and a birth date are made; with a right check character they pass every
check, and they belong to nobody. Whoever was born between has no document here: children of that age travel on a
household booklet.

Telephones begin with 154, which no operator has been given. Plates are drawn within their province's and city's letters.
"""

from datetime import date
from random import Random

from lianfang.demo.chance import Weighted, pick
from lianfang.kernel.resident_id import check_digit

_NEW_UNTIL = date(2010, 1, 1)
_OLD_FROM = date(2018, 1, 1)
# In force since 2013 or later, by province; in the register that comes with the product.
NEW_CODES = {
    "11": ("110118", "110119"),
    "12": ("120117", "120118", "120119"),
    "13": ("130109", "130407", "130408", "130609", "130708"),
    "21": ("210115", "211104", "210214"),
    "22": ("220113",),
    "23": ("230113",),
    "31": ("310151",),
    "32": ("320413",),
    "33": ("330111", "330112"),
    "37": ("370114", "370115", "370116", "370215", "371403", "371703"),
    "41": ("410212",),
    "42": ("420304",),
    "44": ("440117", "440118", "440309", "440310"),
    "50": ("500152", "500154"),
    "51": ("510116", "510117"),
}
# Abolished by 2016: counties and county-level cities that became districts.
OLD_CODES = ("210122", "211121", "210282", "110228", "120223", "220181", "230182")

LETTERS = {
    "11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉", "23": "黑", "31": "沪",
    "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫", "42": "鄂", "43": "湘",
    "44": "粤", "45": "桂", "46": "琼", "50": "渝", "51": "川", "52": "贵", "53": "云", "54": "藏", "61": "陕",
    "62": "甘", "63": "青", "64": "宁", "65": "新",
}  # fmt: skip
LOCAL = "辽C"
_CITIES = {f"21{n:02d}": letter for n, letter in enumerate("ABCDEFGHJKLMNP", 1)}
SERIAL = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_OF_SERIAL = Weighted(zip(SERIAL, (8,) * 10 + (1,) * 24, strict=True))


def resident_id(chance: Random, *, born_on: date, male: bool, origin: str) -> str | None:
    """A number that belongs to nobody, of the province of `origin` where it has a new code; None for births between."""
    if born_on < _NEW_UNTIL:
        codes = NEW_CODES.get(origin[:2], NEW_CODES["21"])
    elif born_on >= _OLD_FROM:
        codes = OLD_CODES
    else:
        return None
    sequence = int(chance.random() * 500) * 2 + male
    body = f"{pick(chance, codes)}{born_on.year}{born_on.month:02d}{born_on.day:02d}{sequence:03d}"
    return body + check_digit(body)


def telephone(chance: Random) -> str:
    return f"154{int(chance.random() * 100_000_000):08d}"


def plate(chance: Random, *, origin: str, local: float) -> str:
    """A plate of where the party comes from, or with the chance `local` one of this city; a few are electric."""
    stem = LOCAL if chance.random() < local else _stem(chance, origin)
    if chance.random() < 0.03:
        return f"{stem}D{int(chance.random() * 100_000):05d}"
    draw = _OF_SERIAL.draw
    first = draw(chance)
    # D and F in front of four digits would be asked about: it is mostly an electric car's plate short of a digit.
    return f"{stem}{'A' if first in 'DF' else first}{draw(chance)}{draw(chance)}{draw(chance)}{draw(chance)}"


def _stem(chance: Random, origin: str) -> str:
    if origin[:2] == "21":
        return "辽" + _CITIES.get(origin[:4], "C")
    return f"{LETTERS.get(origin[:2], '辽')}{pick(chance, 'AABBCDEFG')}"
