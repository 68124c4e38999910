"""Texts: what may stand in one, how it is shown in a finding, and which right word lies nearest to a wrong one."""

import difflib
import unicodedata
from collections.abc import Iterable

from lianfang.screening.compiling.findings import Spot

LONGEST_SHOWN = 40
LARGEST_SHOWN = 10**15
FEW = 4  # words are all named; of more, the one that was meant
# Control, format (direction marks, zero width), surrogates, private use: nobody sees them, or everybody differently.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_NEVER_LETTERS = "\ufffe\uffff"


def text(spot: Spot, raw: object, *, longest: int, empty: bool = False) -> str:
    """The text in one line: any white space becomes one space. "" once refused."""
    if not isinstance(raw, str):
        if not (empty and raw is None):
            missing = raw is None
            spot.refuse(
                "TEXT_MISSING" if missing else "WRONG_TYPE",
                "缺少文字，请填写。" if missing else f"这里应是文字，不是{shown(raw)}。",
                "A text is missing; please write it."
                if missing
                else f"A text belongs here, not {shown(raw)}.",
            )
        return ""
    if len(raw) > 20 * longest:  # not worth cleaning
        return _too_long(spot, len(raw), longest)
    said = " ".join(raw.split())
    if unseen := next((letter for letter in said if is_unseen(letter)), None):
        spot.refuse(
            "UNSEEN_CHARACTER",
            f"文字里有看不见的字符 U+{ord(unseen):04X}，请删去重写。",
            f"The text holds a character nobody sees, U+{ord(unseen):04X}. Delete it and write again.",
        )
        return ""
    if not said and not empty:
        spot.refuse("TEXT_MISSING", "缺少文字，请填写。", "A text is missing; please write it.")
    return said if len(said) <= longest else _too_long(spot, len(said), longest)


def is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN or letter in _NEVER_LETTERS


def _too_long(spot: Spot, length: int, longest: int) -> str:
    spot.refuse(
        "TEXT_TOO_LONG",
        f"文字太长：{length} 个字，最多 {longest} 个。",
        f"The text is too long: {length} characters, at most {longest}.",
    )
    return ""


def shown(value: object) -> str:
    """A value as a finding may show it: short, one line, nothing unseen. Never raises."""
    if isinstance(value, str):
        seen = "".join("·" if is_unseen(letter) else letter for letter in value[: LONGEST_SHOWN + 1])
        return f"“{seen[:LONGEST_SHOWN]}…”" if len(value) > LONGEST_SHOWN else f"“{seen}”"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value) if abs(value) <= LARGEST_SHOWN else "[…]"
    if isinstance(value, float):
        return f"{value:g}"
    return "[…]" if isinstance(value, list | tuple) else "{…}" if isinstance(value, dict) else "?"


def nearest(word: object, known: Iterable[str]) -> str:
    """The right word somebody meant, "" when none is near."""
    if not isinstance(word, str) or len(word) > 2 * LONGEST_SHOWN:
        return ""
    by_plain = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(
        word.strip().casefold(), by_plain, n=1, cutoff=0.6 if word.isascii() else 0.5
    )
    return by_plain[near[0]] if near else ""


def meant(word: str, known: Iterable[str]) -> tuple[str, str]:
    """The end of a refusal in both languages: the word that was meant, or all that may stand there."""
    listed = list(known)
    if word and len(listed) > FEW:
        return f"您要的是 {word} 吗？", f"Did you mean {word}?"
    return f"可以用：{'、'.join(listed)}。", f"Allowed: {', '.join(listed)}."
