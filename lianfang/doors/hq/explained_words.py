"""An explained decision in words: each row with its conditions and the fact that met them, or why it did not apply."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from lianfang.doors import tags
from lianfang.doors.hq.rule_words import (
    NO_NAMES,
    Names,
    answer_words,
    condition_words,
    fact_words,
    measure_words,
    places_of,
    said_in,
)
from lianfang.regions.queries import paths
from lianfang.screening.conditions import Condition
from lianfang.screening.explaining import ConditionAsked, Content, Explanation, Failure, RowExplained
from lianfang.screening.facts import Facts, Measure, Stay
from lianfang.screening.form import ANSWERS


@dataclass(frozen=True, slots=True)
class ConditionTold:
    """What was asked, and what was said."""

    asked: str
    said: str


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row in words. `kind` is its measure's, EXEMPT too; `why` says why it did not apply, or what lifted it."""

    row: str
    kind: str
    decides: str
    say: str
    conditions: tuple[ConditionTold, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class ExplanationTold:
    """Rows that applied, that an exemption lifted, and that did not apply; the facts used as (name, value)."""

    applied: tuple[RowTold, ...]
    lifted: tuple[RowTold, ...]
    missed: tuple[RowTold, ...]
    facts: tuple[tuple[str, str], ...]


def told_of(
    explained: Explanation, content: Content, facts: Facts, names: Names | None = None
) -> ExplanationTold:
    """Places by name as the register had them on the day, in one question; in none where `names` are handed in."""
    names = names_of(content, [facts], facts.on) if names is None else names
    return ExplanationTold(
        applied=tuple(_row(one, content, facts, names) for one in explained.applied),
        lifted=tuple(_row(one, content, facts, names, _lifted(one)) for one in explained.lifted),
        missed=tuple(_row(one, content, facts, names, _missed(one, content, facts, names)) for one in explained.missed),
        facts=tuple(facts_told(facts, content, names)),
    )  # fmt: skip


def names_of(content: Content, people: Iterable[Facts], on: date) -> Names:
    """The places that rules and people speak of, as the register had them on that day."""
    codes = places_of(content)
    for facts in people:
        codes.update(code for code, _, _ in facts.stays)
        codes.update(code for code in (facts.from_code, facts.destination_code) if code)
    return paths(codes, on)


def measures_told(measures: Iterable[Measure]) -> list[str]:
    return [measure_words({"kind": one.kind, "place": one.place, "days": one.days}) for one in measures]


def _row(one: RowExplained, content: Content, facts: Facts, names: Names, why: str = "") -> RowTold:
    return RowTold(
        row=one.row["row"],
        kind=one.row["then"]["kind"],
        decides=measure_words(one.row["then"]),
        say=said_in(one.row["say"]),
        conditions=tuple(
            ConditionTold(
                condition_words(asked.condition, content, names),
                "" if _says_it_all(asked.condition) else _said(asked, content, facts, names),
            )
            for asked in one.met
        ),
        why=why,
    )


def _says_it_all(condition: Condition) -> bool:
    """Whether the condition, being met, leaves nothing to say about the fact."""
    return condition["op"] in ("IS", "MISSING") or (
        condition["op"] == "ONE_OF" and len(condition["value"]) == 1
    )


def _lifted(one: RowExplained) -> str:
    return gettext("被 %(rows)s 豁免") % {"rows": gettext("、").join(one.lifted_by)}


def _missed(one: RowExplained, content: Content, facts: Facts, names: Names) -> str:
    if one.failure == Failure.BEFORE:
        return gettext("%(day)s才开始") % {"day": _day(one.row["from"], facts.on)}
    if one.failure == Failure.AFTER:
        return gettext("只到%(day)s") % {"day": _day(one.row["to"], facts.on)}
    if one.failure == Failure.LAPSED or one.because is None:
        return gettext("规则当时已停，限制措施不适用")
    asked = condition_words(one.because.condition, content, names)
    said = _said(one.because, content, facts, names)
    if one.failure == Failure.UNLESS:
        return gettext("属于“除非”：%(asked)s（%(said)s）") % {"asked": asked, "said": said}
    return gettext("不符合：%(asked)s（%(said)s）") % {"asked": asked, "said": said}


def _said(asked: ConditionAsked, content: Content, facts: Facts, names: Names) -> str:
    fact, said = str(asked.condition["fact"]), asked.said
    if fact == "symptoms":
        return _symptoms(facts)
    if fact in ("stays", "areas"):
        return _stay(asked, facts, names)
    return gettext("没有说") if said is None else answer_words(fact, said, content, names)


def _symptoms(facts: Facts) -> str:
    listed = [answer_words("symptoms", one, {}) for one in facts.symptoms]
    return gettext("、").join(listed) if listed else gettext("没有症状")


def _stay(asked: ConditionAsked, facts: Facts, names: Names) -> str:
    if asked.stay is None:
        told = facts.stays or facts.from_code
        return gettext("没有这样的停留") if told else gettext("没有说")
    place = stay_words(asked.stay, facts, names)
    if asked.area is None:
        return place
    return gettext("%(stay)s；%(area)s") % {"stay": place, "area": _area(asked.area, names, facts.on)}


def stay_words(stay: Stay, facts: Facts, names: Names) -> str:
    """从 湖北省武汉市 来; 到过 湖北省武汉市（2月3日离开，7 天前）."""
    code, first, last = stay
    place = names.get(code, code)
    if last is None:
        if first is None and code == facts.from_code:
            return gettext("从 %(place)s 来") % {"place": place}
        return gettext("到过 %(place)s（没有说何时离开）") % {"place": place}
    ago = (facts.on - last).days
    said = {"place": place, "day": tags.day(last), "n": ago}
    if ago == 0:
        return gettext("到过 %(place)s（当天离开）") % said
    if ago < 0:
        return gettext("到过 %(place)s（至 %(day)s）") % said
    return (
        ngettext(
            "到过 %(place)s（%(day)s离开，%(n)d 天前）", "到过 %(place)s（%(day)s离开，%(n)d 天前）", ago
        )
        % said
    )


def _area(area: Mapping[str, Any], names: Names, on: date) -> str:
    place = names.get(str(area["code"]), str(area["code"]))
    level = answer_words("areas", area["level"], {})
    first, last = area.get("from"), area.get("to")
    if not (first or last):
        return gettext("%(place)s是%(level)s地区") % {"place": place, "level": level}
    days = {"place": place, "level": level, "first": _day(first, on), "last": _day(last, on)}
    return gettext("%(place)s是%(level)s地区（%(first)s 至 %(last)s）") % days


def _day(iso: str | None, on: date) -> str:
    """2月3日; with its year where that is not the year of `on`."""
    if not iso:
        return "…"
    day = date.fromisoformat(iso)
    return tags.day(day) if day.year == on.year else date_format(day, gettext("Y年n月j日"))


_PLAIN = (
    "direction", "transport", "purpose", "from_code", "destination_code", "document_type", "age", "resident",
    "case_contact",
)  # fmt: skip


def facts_told(facts: Facts, content: Content, names: Names = NO_NAMES) -> Iterator[tuple[str, str]]:
    """Every fact that rules may ask about, by name; "" for what nobody said."""
    yield gettext("日期"), date_format(facts.on, gettext("Y年n月j日"))
    for fact in _PLAIN:
        value = getattr(facts, fact)
        yield fact_words(fact, content), "" if value is None else answer_words(fact, value, content, names)
    yield fact_words("stays", content), _stays(facts, names)
    yield fact_words("celsius_tenths", content), _temperature(facts)
    yield fact_words("symptoms", content), _symptoms(facts)
    for key, answer in facts.answers.items():
        yield fact_words(ANSWERS + key, content), answer_words(ANSWERS + key, answer, content, names)


def _stays(facts: Facts, names: Names) -> str:
    return gettext("；").join(stay_words(stay, facts, names) for stay in facts.stays)


def _temperature(facts: Facts) -> str:
    if facts.celsius_tenths is not None:
        return answer_words("celsius_tenths", facts.celsius_tenths, {})
    return tags.word(facts.temperature_state, "READINGS") if facts.temperature_state else ""
