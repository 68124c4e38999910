"""The tables of a workbook as a rule set, as it was written: what is odd about it beyond a cell is the compiler's to say.

What cannot be read stays in the rule set as it stands in the cell, with an operator that is none: a condition that was left out
would make its row reach further.
"""

from collections.abc import Mapping
from typing import Any

from lianfang.screening import words
from lianfang.screening.form import FORM, QUESTION_KINDS, AskedFact
from lianfang.screening.sheets.columns import FACT_COLUMNS
from lianfang.screening.sheets.conditions import Answers, Condition, Reader, Resolver, code, codes, split
from lianfang.screening.sheets.paper import NotRead
from lianfang.screening.sheets.several import several_conditions
from lianfang.screening.sheets.table import SheetRow, SheetTable
from lianfang.screening.sheets.whereabouts import Whereabouts

AS_WRITTEN = "?"  # the operator of a condition nobody understands


def rule_set(
    rules: SheetTable,
    areas: SheetTable | None,
    questions: SheetTable | None,
    places: Whereabouts,
    resolve: Resolver | None,
) -> dict[str, Any]:
    asked = _questions(questions.entries if questions else [], places)
    reader = Reader(answers_to(asked), resolve)
    said = {name: text for name, (_, text) in rules.above.items()}
    for name, (place, _) in rules.above.items():
        places.note(("",), "source" if name == "source" else f"title.{name}", *place)
    return {
        "form": FORM,
        "title": {"zh": said.get("zh", ""), "en": said.get("en", "")},
        "source": said.get("source", ""),
        "areas": [_area(one, n, reader, places) for n, one in enumerate(areas.entries if areas else [], 1)],
        "questions": asked,
        "rows": [_row(one, n, reader, places) for n, one in enumerate(rules.entries, 1)],
    }


def _row(entry: SheetRow, number: int, reader: Reader, places: Whereabouts) -> dict[str, Any]:
    names = (entry.text("row"), f"#{number}")
    for way, key in _WAYS:
        entry.note(places, names, way, key)
    return {
        "row": entry.text("row"),
        **_dates(entry),
        "when": _conditions(entry, names, "when", reader, places),
        "unless": _conditions(entry, names, "unless", reader, places),
        "then": _then(entry),
        "say": {"zh": entry.text("zh"), "en": entry.text("en")},
    }


# Where a finding about a row is told: the column of its field, else of its id.
_WAYS = (
    ("", "row"), ("row", "row"), ("from", "from"), ("to", "to"), ("when", "row"), ("unless", "unless"), ("then", "kind"),
    ("then.place", "place"), ("then.days", "days"), ("then.lifts", "lifts"), ("say", "zh"), ("say.zh", "zh"), ("say.en", "en"),
)  # fmt: skip
_COLUMNS = {"when": (*(column.key for column in FACT_COLUMNS), "more"), "unless": ("unless",)}


def _conditions(
    entry: SheetRow, names: tuple[str, ...], way: str, reader: Reader, places: Whereabouts
) -> list[Condition]:
    read: list[Condition] = []
    for key in _COLUMNS[way]:
        if entry.text(key):
            for one in _cell(entry, key, reader):
                read.append(one)
                entry.note(places, names, f"{way}.{len(read)}", key)
    return read


def _cell(entry: SheetRow, key: str, reader: Reader) -> list[Condition]:
    try:
        if key in ("more", "unless"):
            return several_conditions(reader, entry.whole_cell(key))
        return reader.conditions(key, entry.whole_cell(key))
    except NotRead as what:
        entry.refuse(key, what)
        return [{"fact": key, "op": AS_WRITTEN, "value": entry.text(key)}]


def _dates(entry: SheetRow) -> dict[str, str]:
    days = {key: entry.day(key) for key in ("from", "to")}
    return {key: day for key, day in days.items() if day is not None}


def _then(entry: SheetRow) -> dict[str, Any]:
    days = entry.text("days").removesuffix("天")
    then: dict[str, Any] = {"kind": _code(entry, "kind", words.MEASURES)}
    if entry.text("place"):
        then["place"] = _code(entry, "place", words.PLACES)
    if days:
        then["days"] = _whole(days)
    if entry.text("lifts"):
        then["lifts"] = split(entry.text("lifts"))
    return then


def _code(entry: SheetRow, key: str, known: words.Words) -> str:
    """The code of a word; a word that is none stays, refused. A blank cell is the compiler's to refuse."""
    said = entry.text(key)
    try:
        return code(said, known) if said else ""
    except NotRead as what:
        entry.refuse(key, what)
        return said


def _codes(entry: SheetRow, key: str, known: words.Words) -> list[str]:
    try:
        return codes(words.plain(entry.text(key)), known)
    except NotRead as what:
        entry.refuse(key, what)
        return [entry.text(key)]


def _whole(said: str) -> int | str:
    plain = words.plain(said)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else said


def _area(entry: SheetRow, number: int, reader: Reader, places: Whereabouts) -> dict[str, Any]:
    names = (f"areas #{number}",)
    for key in ("code", "level", "from", "to", "source"):
        entry.note(places, names, key, key)
    entry.note(places, names, "", "code")
    return {
        "code": _place(entry, reader),
        "level": _code(entry, "level", words.LEVELS),
        "source": entry.text("source"),
        **_dates(entry),
    }


def _place(entry: SheetRow, reader: Reader) -> str:
    said = words.plain(entry.text("code") or entry.text("name"))
    try:
        return reader.place(said) if said else ""
    except NotRead as what:
        entry.refuse("code", what)
        return said


def _questions(entries: list[SheetRow], places: Whereabouts) -> list[dict[str, Any]]:
    """A row without a key, or with that of the row above (merged), is one more choice of the question above."""
    read: list[dict[str, Any]] = []
    for entry in entries:
        key = entry.text("key")
        if not read or key not in ("", read[-1]["key"]):
            read.append(_question(entry, len(read) + 1, places))
        if entry.text("choice") or entry.text("choice_zh"):
            _choice(entry, read[-1], len(read), places)
    return read


def _question(entry: SheetRow, number: int, places: Whereabouts) -> dict[str, Any]:
    names = (f"questions #{number}",)
    for key in ("key", "kind", "zh", "en", "directions"):
        entry.note(places, names, key, key)
    entry.note(places, names, "choices", "choice")
    entry.note(places, names, "", "key")
    question: dict[str, Any] = {
        "key": entry.text("key"),
        "kind": _code(entry, "kind", words.QUESTION_KINDS),
        "zh": entry.text("zh"),
        "en": entry.text("en"),
    }
    if entry.text("directions"):
        question["directions"] = _codes(entry, "directions", words.DIRECTIONS)
    return question


def _choice(entry: SheetRow, question: dict[str, Any], number: int, places: Whereabouts) -> None:
    several = question.setdefault("choices", [])
    for way, key in (("code", "choice"), ("zh", "choice_zh"), ("en", "choice_en")):
        entry.note(places, (f"questions #{number}",), f"choices.{len(several) + 1}.{way}", key)
    several.append(
        {"code": entry.text("choice"), "zh": entry.text("choice_zh"), "en": entry.text("choice_en")}
    )


def answers_to(questions: list[dict[str, Any]]) -> Mapping[str, Answers]:
    """What each question may be answered; of one whose kind nobody knows nothing can be asked."""
    return {
        one["key"]: Answers(
            AskedFact(
                QUESTION_KINDS[one["kind"]], tuple(choice["code"] for choice in one.get("choices", ()))
            ),
            {
                choice["code"]: (choice["code"], choice["zh"], choice["en"])
                for choice in one.get("choices", ())
            },
        )
        for one in questions
        if one["kind"] in QUESTION_KINDS
    }
