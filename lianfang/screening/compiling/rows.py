"""Rows: an id, the days they count, conditions, a measure and the sentence people read."""

from collections.abc import Mapping
from typing import Any

from lianfang.screening.compiling.asking import Questions
from lianfang.screening.compiling.conditions import conditions, in_order
from lianfang.screening.compiling.dates import dates
from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.limits import LONGEST_SENTENCE, MAX_ROWS, is_row_id
from lianfang.screening.compiling.questions import wordings
from lianfang.screening.compiling.texts import meant, nearest, shown
from lianfang.screening.compiling.values import Register, code, fields, listed, whole
from lianfang.screening.form import EXEMPT, MAX_QUARANTINE, MEASURES, PLACES, TURN_BACK_UNLESS
from lianfang.screening.words import MEASURES as MEASURES_SAID
from lianfang.screening.words import both

Row = dict[str, Any]
FIELDS = ("row", "from", "to", "when", "unless", "then", "say")
KINDS = (*MEASURES, EXEMPT)
_NAMES = {
    "place": ("隔离地点", "a place"),
    "days": ("隔离天数", "days"),
    "lifts": ("豁免的行", "the rows it lifts"),
}


def rows(spot: Spot, raw: object, questions: Questions, register: Register) -> list[tuple[Spot, Row]]:
    """The rows in their order, which breaks ties and is what people read; each with where it stands."""
    entries = listed(spot, raw, most=MAX_ROWS)
    seen: set[str] = set()
    read = []
    for n, one in enumerate(entries, 1):
        place = spot.of(_called(one, n, seen))
        row = _row(place, one, questions, register, is_new=place.row != f"#{n}", seen=seen)
        if row is not None:
            read.append((place, row))
    return read


def _called(raw: object, number: int, seen: set[str]) -> str:
    """The id of a row, or its number where the id is none or taken."""
    name = raw.get("row") if isinstance(raw, Mapping) else None
    fit = isinstance(name, str) and is_row_id(name) and name not in seen
    return str(name) if fit else f"#{number}"


def _row(
    spot: Spot, raw: object, questions: Questions, register: Register, *, is_new: bool, seen: set[str]
) -> Row | None:
    entry = fields(spot, raw, FIELDS)
    if entry is None:
        return None
    if is_new:
        seen.add(entry["row"])
    else:
        _refuse_id(spot.at("row"), entry.get("row"), seen)
    say = fields(spot.at("say"), entry.get("say"), ("zh", "en"))
    row: Row = {
        "row": entry.get("row"),
        **dates(spot, entry, both=False),
        "when": conditions(spot.at("when"), entry.get("when"), questions, register),
        "unless": conditions(spot.at("unless"), entry.get("unless"), questions, register, optional=True),
        "then": _then(spot.at("then"), entry.get("then")),
        "say": {} if say is None else wordings(spot.at("say"), say, longest=LONGEST_SENTENCE),
    }
    if row["then"] and row["then"]["kind"] == "TURN_BACK_PROPOSED":
        row["unless"] = in_order([*row["unless"], *(dict(one) for one in TURN_BACK_UNLESS)])
    return row


def _refuse_id(spot: Spot, name: object, seen: set[str]) -> None:
    if isinstance(name, str) and name in seen:
        spot.refuse(
            "TWICE",
            f"编号 {name} 已经用过了，请换一个。",
            f"There is a row {name} already; choose another id.",
        )
        return
    spot.refuse(
        "NOT_A_ROW_ID",
        f"{shown(name)} 不能作行的编号：用字母、数字、汉字和 - _ .，不超过 40 个，如 hubei-14。",
        f"{shown(name)} cannot be a row's id: letters, digits, Chinese characters and - _ . only, at most 40: hubei-14.",
    )


def _then(spot: Spot, raw: object) -> dict[str, Any] | None:
    entry = fields(spot, raw, ("kind", "place", "days", "lifts"))
    kind = None if entry is None else code(spot.at("kind"), entry.get("kind"), KINDS)
    if entry is None or kind is None:
        return None
    then: dict[str, Any] = {"kind": kind}
    if _belongs(spot, entry, "place", kind, "QUARANTINE"):
        then["place"] = code(spot.at("place"), entry["place"], PLACES)
    if _belongs(spot, entry, "days", kind, "QUARANTINE"):
        then["days"] = whole(spot.at("days"), entry["days"], 1, MAX_QUARANTINE)
    if _belongs(spot, entry, "lifts", kind, EXEMPT):
        then["lifts"] = _lifts(spot.at("lifts"), entry["lifts"])
    return then


def _belongs(spot: Spot, entry: Mapping[str, Any], field: str, kind: str, of: str) -> bool:
    """Whether the field is there and belongs to the measure; refused when it is only one of the two."""
    given = entry.get(field) not in (None, [], "")
    (zh, en), (name, named) = both(of, MEASURES_SAID), _NAMES[field]
    if kind == of and not given:
        spot.at(field).refuse(
            "FIELD_MISSING", f"{zh}要写{name}（{field}）。", f"{en} needs {named} ({field})."
        )
    if given and kind != of:
        spot.at(field).refuse(
            "FIELD_TOO_MANY",
            f"只有{zh}才写{name}（{field}）。",
            f"Only {en.lower()} takes {named} ({field}).",
        )
    return kind == of and given


def _lifts(spot: Spot, raw: object) -> list[str]:
    """Ids of rows; whether there are such rows is seen once all have been read."""
    named = listed(spot, raw, most=MAX_ROWS)
    for n, one in enumerate(named, 1):
        if not isinstance(one, str):
            spot.at(n).refuse(
                "WRONG_TYPE",
                f"这里应是行的编号，不是{shown(one)}。",
                f"A row's id belongs here, not {shown(one)}.",
            )
    return sorted({one for one in named if isinstance(one, str)})


def unknown_row(name: str, ids: list[str]) -> tuple[str, str]:
    """The refusal of a row that is not there."""
    zh, en = meant(nearest(name, ids), ids)
    return f"没有 {shown(name)} 这一行。{zh}", f"There is no row {shown(name)}. {en}"
