"""Comparisons as people write them: ≥37.3, >＝37.3, 》=37.3, 37.3以上, 60岁以下, 36-37.2."""

import re
from decimal import Decimal

from lianfang.screening.sheets.paper import NotRead

# 以上 and 以下 include the number, 超过 and 不满 do not (Civil Code, article 1259).
_SIGNS: dict[str, tuple[str, ...]] = {
    "AT_LEAST": (">=", "=>", "≥", "≧", "⩾", "》=", "不低于", "不少于", "不小于", "至少"),
    "ABOVE": (">", "》", "高于", "超过", "大于"),
    "AT_MOST": ("<=", "=<", "≤", "≦", "⩽", "《=", "不高于", "不超过", "不大于", "至多"),
    "BELOW": ("<", "《", "低于", "不到", "不满", "小于"),
}
_AFTER: dict[str, tuple[str, ...]] = {"AT_LEAST": ("及以上", "以上"), "AT_MOST": ("及以下", "以下")}
_OP = {sign: op for table in (_SIGNS, _AFTER) for op, signs in table.items() for sign in signs}
_WRITTEN = {"AT_LEAST": "≥", "ABOVE": ">", "AT_MOST": "≤", "BELOW": "<"}


def _any(table: dict[str, tuple[str, ...]]) -> str:
    signs = sorted((sign for several in table.values() for sign in several), key=len, reverse=True)
    return "|".join(map(re.escape, signs))


_NUMBER = r"(-?\d{1,9}(?:\.\d{1,9})?)(?:°c|℃|c|度|摄氏度|岁|周岁)?"
_COMPARISON = re.compile(rf"({_any(_SIGNS)})?{_NUMBER}({_any(_AFTER)})?", re.IGNORECASE)
_RANGE = re.compile(rf"{_NUMBER}[-~—–至到]{_NUMBER}", re.IGNORECASE)
_BETWEEN = re.compile(r"[、,;\n]+|且|并且|和|与")
IN_TENTHS = frozenset({"celsius_tenths"})
DEGREES = (20, 45)


def comparisons(fact: str, said: str) -> list[tuple[str, int]]:
    """Operators and whole numbers. Raises NotRead."""
    read: list[tuple[str, int]] = []
    for part in _BETWEEN.split(said):
        part = re.sub(r"\s+", "", part)
        if not part:
            continue
        if between := _RANGE.fullmatch(part):
            read += [("AT_LEAST", _whole(fact, between[1])), ("AT_MOST", _whole(fact, between[2]))]
            continue
        match = _COMPARISON.fullmatch(part)
        if match is None or bool(match[1]) == bool(match[3]):
            raise _no_comparison(fact, part)
        read.append((_OP[match[1] or match[3]], _whole(fact, match[2])))
    if not read:
        raise _no_comparison(fact, said)
    return read


def _no_comparison(fact: str, said: str) -> NotRead:
    example = "37.3" if fact in IN_TENTHS else "60"
    return NotRead(
        "NOT_A_COMPARISON",
        f"“{said[:30]}”看不出是多于还是少于，请写成 ≥{example}、>{example}、<{example}。",
        f"“{said[:30]}” does not say more or less; write ≥{example}, >{example} or <{example}.",
    )


def _whole(fact: str, digits: str) -> int:
    number = Decimal(digits)
    if fact in IN_TENTHS:
        if not DEGREES[0] <= number <= DEGREES[1]:
            raise NotRead(
                "NOT_DEGREES",
                f"体温写摄氏度，{DEGREES[0]} 到 {DEGREES[1]}，如 37.3，不是 {digits}。",
                f"Temperatures are in degrees, {DEGREES[0]} to {DEGREES[1]}: 37.3, not {digits}.",
            )
        number *= 10
    if number != number.to_integral_value():
        zh, en = (
            ("最多一位小数", "one decimal at most")
            if fact in IN_TENTHS
            else ("要整数", "a whole number is needed")
        )
        raise NotRead("TOO_EXACT", f"{digits}：{zh}。", f"{digits}: {en}.")
    return int(number)


def number_words(fact: str, op: str, value: int) -> str:
    number = f"{Decimal(value) / 10:.1f}" if fact in IN_TENTHS else str(value)
    return f"{_WRITTEN[op]}{number}"
