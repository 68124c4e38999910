"""A draft that is not fit yet, in the shape the sheet is written from: an officer takes it home half done."""

from collections.abc import Mapping, Sequence
from typing import Any

from lianfang.screening.compiling.texts import LARGEST_SHOWN, is_unseen
from lianfang.screening.sheets.conditions import Reader, condition_cell
from lianfang.screening.sheets.paper import NotRead
from lianfang.screening.sheets.reading import answers_to
from lianfang.screening.sheets.several import InWords


def shaped(content: object) -> dict[str, Any]:
    """Every field that is written, as a text where it is no text; what is no part of a rule set is left out."""
    draft = _fields(content)
    title = _fields(draft.get("title"))
    return {
        "title": _texts(title, "zh", "en"),
        "source": _text(draft.get("source")),
        "areas": [
            _texts(one, "code", "level", "from", "to", "source") for one in _several(draft.get("areas"))
        ],
        "questions": [_question(one) for one in _several(draft.get("questions"))],
        "rows": [_row(one) for one in _several(draft.get("rows"))],
    }


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_texts(question, "key", "kind", "zh", "en"),
        "directions": _list(question.get("directions")),
        "choices": [_texts(one, "code", "zh", "en") for one in _several(question.get("choices"))],
    }


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    then = _fields(row.get("then"))
    return {
        **_texts(row, "row", "from", "to"),
        "when": _several(row.get("when")),
        "unless": _several(row.get("unless")),
        "then": {**_texts(then, "kind", "place", "days"), "lifts": _list(then.get("lifts"))},
        "say": _texts(_fields(row.get("say")), "zh", "en"),
    }


def said_again(questions: list[dict[str, Any]]) -> InWords:
    """Whether a condition in words is read back as it is."""
    reader = Reader(answers_to(questions))

    def in_words(one: Mapping[str, Any]) -> bool:
        try:
            return reader.conditions(one["fact"], condition_cell(one)) == [one]
        except (
            NotRead,
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            IndexError,
        ):  # a draft may hold anything
            return False

    return in_words


def _fields(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _several(raw: object) -> list[Mapping[str, Any]]:
    return [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, Sequence) else []


def _list(raw: object) -> list[str]:
    return [_text(one) for one in raw] if isinstance(raw, list | tuple) else []


def _texts(fields: Mapping[str, Any], *names: str) -> dict[str, str]:
    return {name: _text(fields.get(name)) for name in names}


def _text(raw: object) -> str:
    is_number = isinstance(raw, int | float) and abs(raw) < LARGEST_SHOWN
    said = raw if isinstance(raw, str) else str(raw) if is_number else ""
    return "".join(letter for letter in said if letter == "\n" or not is_unseen(letter))
