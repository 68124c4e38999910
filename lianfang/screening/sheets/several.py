"""Cells that hold several conditions about several facts: 其他条件 and 除非.

One a line, each as 体温：≥37.3, by the heading of its column; 提问 cold_chain：是 for an answer. Whoever prefers writes JSON.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lianfang.screening.form import ANSWERS
from lianfang.screening.sheets.columns import FACT_COLUMNS, column_of
from lianfang.screening.sheets.conditions import Condition, Reader, condition_cell
from lianfang.screening.sheets.paper import NotRead
from lianfang.screening.words import plain

InWords = Callable[[Mapping[str, Any]], bool]
_ANSWER = "提问"
# As headings without their unit: 体温, not 体温（℃）.
FACT_NAMES = {column.key: column.names[0].partition("（")[0] for column in FACT_COLUMNS}


def several_conditions(reader: Reader, cell: str) -> list[Condition]:
    """Raises NotRead."""
    said = plain(cell)
    if said.startswith(("{", "[")):
        return _as_json(said)
    return [one for name, rest in _parts(said) for one in reader.conditions(_fact(reader, name), rest)]


def _as_json(said: str) -> list[Condition]:
    try:
        read = json.loads(said, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NotRead(
            "NOT_JSON",
            "看不懂这段 JSON；也可以写成“事由：就医、急救”。",
            "This JSON cannot be read; 事由：就医、急救 is fine as well.",
        ) from None
    return read if isinstance(read, list) else [read]


def _no_number(said: str) -> None:
    raise ValueError(said)


def _parts(said: str) -> list[tuple[str, str]]:
    """(heading, cell); a piece without a heading goes on with the one before: 事由：就医；急救."""
    parts: list[tuple[str, str]] = []
    for piece in said.replace("\n", ";").split(";"):
        name, colon, rest = piece.partition(":")
        if colon and rest.strip():
            parts.append((name.strip(), rest.strip()))
        elif piece.strip() and parts and not colon:
            parts[-1] = (parts[-1][0], f"{parts[-1][1]}、{piece.strip()}")
        elif piece.strip():
            raise NotRead(
                "NO_HEADING",
                f"“{piece.strip()[:30]}”前面要写是哪一项，如“事由：就医”。",
                f"“{piece.strip()[:30]}” needs its heading before it: 事由：就医.",
            )
    return parts


def _fact(reader: Reader, name: str) -> str:
    key = name.removeprefix(_ANSWER).removeprefix(ANSWERS).strip()
    if key != name or key in reader.questions:
        if key in reader.questions:
            return f"{ANSWERS}{key}"
        raise NotRead(
            "NOT_ASKED", f"提问表里没有 {key[:40]} 这个问题。", f"The sheet of questions has no {key[:40]}."
        )
    column = column_of(name, FACT_COLUMNS)
    if column is None:
        names = "、".join(FACT_NAMES.values())
        raise NotRead(
            "UNKNOWN_HEADING",
            f"没有“{name[:30]}”这一项；可以写：{names}、提问 代码。",
            f"There is no “{name[:30]}”; allowed: {names}, 提问 KEY.",
        )
    return column.key


def several_cell(conditions: Sequence[Mapping[str, Any]], in_words: InWords) -> str:
    """In words; all of them as JSON when one of a draft is not to be said in words yet."""
    if all(map(in_words, conditions)):
        return "\n".join(f"{_name(one['fact'])}：{condition_cell(one)}" for one in conditions)
    return json.dumps(list(conditions), ensure_ascii=False)


def _name(fact: str) -> str:
    return f"{_ANSWER} {fact.removeprefix(ANSWERS)}" if fact.startswith(ANSWERS) else FACT_NAMES[fact]
