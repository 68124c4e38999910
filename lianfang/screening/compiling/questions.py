"""Questions that phones ask from the moment the rule set is in force, and whose answers rows may use."""

from collections.abc import Mapping
from typing import Any

from lianfang.screening.compiling.asking import Questions, asks_the_identity_number, refuse_identity
from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.limits import (
    LONGEST_CHOICE,
    LONGEST_QUESTION,
    MAX_CHOICES,
    MAX_QUESTIONS,
    is_choice,
    is_key,
)
from lianfang.screening.compiling.texts import shown, text
from lianfang.screening.compiling.values import code, codes, fields, listed
from lianfang.screening.form import DIRECTIONS, QUESTION_KINDS, AskedFact

Question = dict[str, Any]
FIELDS = ("key", "kind", "zh", "en", "choices", "directions")


def questions(spot: Spot, raw: object) -> tuple[list[Question], Questions]:
    """The questions, in the order they are asked, and of which kind each answer is."""
    entries = listed(spot, raw, most=MAX_QUESTIONS, optional=True)
    seen: set[str] = set()
    read = [_question(spot.of(f"questions #{n}"), one, seen) for n, one in enumerate(entries, 1)]
    whole = [one for one in read if one is not None]
    return whole, {one["key"]: answered(one) for one in whole}


def answered(question: Question) -> AskedFact:
    """What rows may ask of the answer."""
    return AskedFact(
        QUESTION_KINDS[question["kind"]], tuple(one["code"] for one in question.get("choices", ()))
    )


def _question(spot: Spot, raw: object, seen: set[str]) -> Question | None:
    """The question as far as rows may ask for its answer; None when not even that."""
    entry = fields(spot, raw, FIELDS)
    if entry is None:
        return None
    key = _new_key(spot.at("key"), entry.get("key"), seen)
    kind = code(spot.at("kind"), entry.get("kind"), tuple(QUESTION_KINDS))
    read: Question = {
        "key": key,
        "kind": kind,
        **{name: _wording(spot.at(name), entry.get(name)) for name in ("zh", "en")},
        "directions": list(DIRECTIONS),
    }
    if entry.get("directions") is not None:
        read["directions"] = codes(spot.at("directions"), entry["directions"], DIRECTIONS)
    if kind == "CHOICE":
        read["choices"] = _choices(spot, entry.get("choices"))
    elif entry.get("choices"):
        spot.at("choices").refuse(
            "FIELD_TOO_MANY", "只有选一项（CHOICE）才有选项。", "Only a CHOICE has choices."
        )
    return read if key and kind else None


def _new_key(spot: Spot, raw: object, seen: set[str]) -> str | None:
    if not isinstance(raw, str) or not is_key(raw):
        spot.refuse(
            "NOT_A_KEY",
            f"{shown(raw)} 不能作提问的代码：用小写字母开头，只有小写字母、数字和下划线，最多 40 个，如 cold_chain。",
            f"{shown(raw)} cannot be a question's key: lower-case letters, digits and underscores, a letter first, at most 40: cold_chain.",
        )
        return None
    if asks_the_identity_number(raw):
        refuse_identity(spot, raw)
    if raw in seen:
        spot.refuse(
            "TWICE",
            f"提问 {raw} 已经有了，请换一个代码。",
            f"There is a question {raw} already; choose another key.",
        )
        return None
    seen.add(raw)
    return raw


def _wording(spot: Spot, raw: object) -> str:
    said = text(spot, raw, longest=LONGEST_QUESTION)
    if asks_the_identity_number(said):
        refuse_identity(spot, said)
    return said


def _choices(spot: Spot, raw: object) -> list[dict[str, str]]:
    entries = listed(spot.at("choices"), raw, most=MAX_CHOICES)
    read = [_choice(spot.at("choices", n), one) for n, one in enumerate(entries, 1)]
    several = [one for one in read if one is not None]
    names = [one["code"] for one in several]
    for n, name in enumerate(names):
        if name in names[:n]:
            spot.at("choices", n + 1, "code").refuse(
                "TWICE", f"选项 {name} 写了两次。", f"The choice {name} stands twice."
            )
    if isinstance(raw, list | tuple) and len(raw) < 2:
        spot.at("choices").refuse("TOO_FEW", "选择题至少要两个选项。", "A choice needs at least two choices.")
    return several


def _choice(spot: Spot, raw: object) -> dict[str, str] | None:
    entry = fields(spot, raw, ("code", "zh", "en"))
    if entry is None:
        return None
    name = entry.get("code")
    if not isinstance(name, str) or not is_choice(name):
        spot.at("code").refuse(
            "NOT_A_CHOICE",
            f"{shown(name)} 不能作选项代码：用大写字母开头，只有大写字母、数字和下划线，如 NO_SYMPTOM。",
            f"{shown(name)} cannot be a choice's code: capitals, digits and underscores, a letter first: NO_SYMPTOM.",
        )
        return None
    return {"code": name, **wordings(spot, entry, longest=LONGEST_CHOICE)}


def wordings(spot: Spot, entry: Mapping[str, Any], *, longest: int) -> dict[str, str]:
    """The same in Chinese and in English; both are needed."""
    return {name: text(spot.at(name), entry.get(name), longest=longest) for name in ("zh", "en")}
