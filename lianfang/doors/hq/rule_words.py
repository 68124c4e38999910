"""A rule set in words: what a condition asks, what a row decides. In the language of the page.

Nothing is asked of the database: whoever wants places by name hands in `names`, by the codes of `places_of`. What a draft
says that nobody understands yet stands there as it was written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.screening.form import ANSWERS, CODE, EXEMPT, FACTS, NUMBER, PLACE, QUESTION_KINDS, YES_NO

Condition = Mapping[str, Any]
Content = Mapping[str, Any]
Names = Mapping[str, str]
NO_NAMES: Names = MappingProxyType({})

CODES_OF: Mapping[str, words.Words] = {
    "direction": words.DIRECTIONS,
    "transport": words.TRANSPORTS,
    "purpose": words.PURPOSES,
    "document_type": words.DOCUMENTS,
    "temperature_state": words.READINGS,
    "symptoms": words.SYMPTOMS,
    "areas": words.AREA_LEVELS,
}
_SIGNS = {"AT_LEAST": "≥", "ABOVE": ">", "AT_MOST": "≤", "BELOW": "<"}


def condition_words(condition: Condition, content: Content, names: Names = NO_NAMES) -> str:
    """近14天到过高风险地区; 体温 ≥ 37.3 °C; 事由是 货运、保供."""
    fact, op = str(condition.get("fact", "")), str(condition.get("op", ""))
    question = question_of(fact, content)
    kind = QUESTION_KINDS.get(str(question.get("kind"))) if question else _kind(fact)
    told = _TOLD.get((str(kind), op))
    return told(condition, content, names) if told else _as_written(condition)


def measure_words(then: Mapping[str, Any]) -> str:
    """隔离观察（居家，14 天）; 豁免 affected-area."""
    kind = str(then.get("kind", ""))
    if kind == EXEMPT:
        return gettext("豁免 %(rows)s") % {"rows": listed(map(str, _many(then.get("lifts"))))}
    word, details = str(words.MEASURES.get(kind, kind)), manner_words(then)
    return f"{word}{gettext('（%s）') % details}" if details else word


def manner_words(then: Mapping[str, Any]) -> str:
    """居家，14 天: where and how long; "" for a measure that has neither."""
    place, days = then.get("place"), then.get("days")
    said = [
        *([str(words.PLACES.get(str(place), place))] if place else []),
        *([gettext("%(days)s 天") % {"days": days}] if days else []),
    ]
    return gettext("，").join(said)


def said_in(say: Any) -> str:
    """A sentence or title {zh, en} in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return str(say.get(language, "")) if isinstance(say, Mapping) else ""


def places_of(content: Content) -> set[str]:
    """Every division code that areas and conditions name, as they are written there."""
    areas = {str(area.get("code")) for area in mappings(content.get("areas"))}
    return areas | {code for row in mappings(content.get("rows")) for code in _codes_of(row)}


def _codes_of(row: Mapping[str, Any]) -> Iterator[str]:
    for condition in (*mappings(row.get("when")), *mappings(row.get("unless"))):
        if condition.get("op") in ("UNDER", "OUTSIDE"):
            yield from map(str, _many(condition.get("value")))


def _kind(fact: str) -> str | None:
    known = FACTS.get(fact)
    return known.kind if known else None


def question_of(fact: str, content: Content) -> Mapping[str, Any] | None:
    """The question that a fact is the answer to; None for a fact of its own."""
    key = fact.removeprefix(ANSWERS) if fact.startswith(ANSWERS) else None
    return next((one for one in mappings(content.get("questions")) if key and one.get("key") == key), None)


def _as_written(condition: Condition) -> str:
    return " ".join(str(condition[part]) for part in ("fact", "op", "value", "days") if part in condition)


Told = Callable[[Condition, Content, Names], str]


def _about(sentence: Promise | str) -> Told:
    """A sentence about one fact: %(fact)s, %(values)s, %(days)s and the sign are filled in."""

    def told(condition: Condition, content: Content, names: Names) -> str:
        fact = str(condition["fact"])
        values = (answer_words(fact, value, content, names) for value in _many(condition.get("value")))
        return str(sentence) % {
            "fact": fact_words(fact, content),
            "values": listed(values),
            "days": condition.get("days", ""),
            "sign": _SIGNS.get(str(condition.get("op")), ""),
        }

    return told


def _yes_or_no(condition: Condition, content: Content, names: Names) -> str:
    fact, yes = str(condition["fact"]), condition.get("value") is True
    if fact == "case_contact":
        return str(words.CONTACT[str(yes)])
    if fact == "resident":
        return gettext("是本市居民") if yes else gettext("不是本市居民")
    answer = gettext("是") if yes else gettext("否")
    return gettext("%(question)s答%(answer)s") % {"question": fact_words(fact, content), "answer": answer}


def fact_words(fact: str, content: Content) -> str:
    """体温; of an answer its question: “近期是否发热”."""
    if fact.startswith(ANSWERS):
        asked = said_in(question_of(fact, content)) or fact.removeprefix(ANSWERS)
        return gettext("“%(question)s”") % {"question": asked}
    return str(words.RULE_FACTS.get(fact, fact))


def answer_words(fact: str, value: Any, content: Content, names: Names = NO_NAMES) -> str:
    """One value of a fact: 货运; 湖北省武汉市; 37.3 °C; 是."""
    if fact == "case_contact":
        return str(words.CONTACT.get(str(value), value))
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, int):
        return _number(fact, value)
    return str(_words_of(fact, content, names).get(str(value), value))


def _words_of(fact: str, content: Content, names: Names) -> Mapping[str, object]:
    if fact.startswith(ANSWERS):
        question = question_of(fact, content) or {}
        return {str(one.get("code")): said_in(one) for one in mappings(question.get("choices"))}
    return CODES_OF.get(fact, names)


def _number(fact: str, value: int) -> str:
    if fact == "celsius_tenths":
        return f"{value // 10}.{value % 10} °C"
    return gettext("%s 岁") % value if fact == "age" else str(value)


def _many(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None else [value]


def mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in _many(value) if isinstance(one, Mapping)]


def listed(values: Iterable[str]) -> str:
    """货运、保供: several words as the page's language lists them."""
    return gettext("、").join(values)


_TOLD: dict[tuple[str, str], Told] = {
    (CODE, "ONE_OF"): _about(_("%(fact)s是 %(values)s")),
    (CODE, "NONE_OF"): _about(_("%(fact)s不是 %(values)s")),
    (CODE, "MISSING"): _about(_("没有填%(fact)s")),
    **{(NUMBER, sign): _about("%(fact)s %(sign)s %(values)s") for sign in _SIGNS},
    (NUMBER, "MISSING"): _about(_("没有填%(fact)s")),
    (PLACE, "UNDER"): _about(_("%(fact)s在 %(values)s")),
    (PLACE, "OUTSIDE"): _about(_("%(fact)s在 %(values)s 以外")),
    (PLACE, "MISSING"): _about(_("没有填%(fact)s")),
    ("STAYS", "UNDER"): _about(_("近%(days)s天到过 %(values)s")),
    ("STAYS", "OUTSIDE"): _about(_("近%(days)s天到过 %(values)s 以外的地方")),
    ("STAYS", "MISSING"): _about(_("没有说从哪来、到过哪里")),
    ("AREAS", "LEVEL"): _about(_("近%(days)s天到过%(values)s地区")),
    ("SYMPTOMS", "ANY"): _about(_("有症状")),
    ("SYMPTOMS", "ANY_OF"): _about(_("症状有 %(values)s")),
    (YES_NO, "IS"): _yes_or_no,
    (YES_NO, "MISSING"): _about(_("没有填%(fact)s")),
}
