"""A rule set, a draft and their differences as pages show them: rows in words, findings beside the row they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lianfang.doors import words
from lianfang.doors.hq.rule_findings import WHOLE, About, FindingShown, beside
from lianfang.doors.hq.rule_words import (
    condition_words,
    listed,
    manner_words,
    mappings,
    measure_words,
    places_of,
    said_in,
)
from lianfang.kernel.days import day_of
from lianfang.regions.queries import paths
from lianfang.screening.compiling import Finding
from lianfang.screening.differences import RuleDifference, differences

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleRowTold:
    """A row of the table. `place` counts from 0; `kind` is the code of its measure."""

    place: int
    name: str
    days: tuple[str, str]
    when: tuple[str, ...]
    unless: tuple[str, ...]
    kind: str
    measure: str
    rest: str
    zh: str
    en: str
    say: str
    findings: tuple[FindingShown, ...] = ()

    @property
    def dated(self) -> bool:
        return any(self.days)

    @property
    def has_error(self) -> bool:
        return any(finding.is_error for finding in self.findings)

    def about(self, column: str) -> list[FindingShown]:
        return [finding for finding in self.findings if finding.column == column]

    @property
    def about_name(self) -> list[FindingShown]:
        return self.about("row")

    @property
    def about_when(self) -> list[FindingShown]:
        return self.about("when")

    @property
    def about_then(self) -> list[FindingShown]:
        return self.about("then")

    @property
    def about_say(self) -> list[FindingShown]:
        return self.about("say")


@dataclass(frozen=True, slots=True)
class AreaShown:
    code: str
    name: str
    level: str
    first: str
    last: str
    source: str
    graded: str


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question that the form asks: `answered` says how, `choices` are in words."""

    key: str
    kind: str
    asked: str
    choices: tuple[str, ...]
    answered: str
    findings: tuple[FindingShown, ...] = ()

    @property
    def choices_in_a_line(self) -> str:
        return listed(self.choices)


@dataclass(frozen=True, slots=True)
class SetShown:
    """The whole table in words. `findings` are about the set itself, its areas and its heading."""

    title: str
    titles: Mapping[str, str]
    source: str
    rows: tuple[RuleRowTold, ...]
    areas: tuple[AreaShown, ...]
    questions: tuple[QuestionShown, ...]
    findings: tuple[FindingShown, ...]
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """One row, area or question as it was and as it is; None where there was none or is none any more."""

    kind: str
    name: str
    was: Any
    is_kept: Any


@dataclass(frozen=True, slots=True)
class DifferencesShown:
    heading: tuple[tuple[str, str, str], ...]
    rows: tuple[DifferenceShown, ...]
    areas: tuple[DifferenceShown, ...]
    questions: tuple[DifferenceShown, ...]
    reordered: bool
    any: bool


def set_shown(
    content: Content,
    *,
    at: datetime,
    findings: Sequence[Finding] = (),
    names: Mapping[str, str] | None = None,
) -> SetShown:
    """One question, for the names of places, unless they are at hand."""
    names = paths(places_of(content), day_of(at)) if names is None else names
    rows, questions, areas = (mappings(content.get(part)) for part in ("rows", "questions", "areas"))
    about = beside(findings, [str(row.get("row") or "") for row in rows], len(questions), len(areas))
    return SetShown(
        title=said_in(content.get("title")),
        titles={language: _text(content.get("title"), language) for language in ("zh", "en")},
        source=str(content.get("source") or ""),
        rows=tuple(
            row_shown(row, place, content, names, about.get(("rows", place), ()))
            for place, row in enumerate(rows)
        ),
        areas=tuple(area_shown(area, names) for area in areas),
        questions=tuple(
            question_shown(one, about.get(("questions", place), ())) for place, one in enumerate(questions)
        ),
        findings=(*about.get(WHOLE, ()), *about_areas(about, areas, names)),
        errors=sum(finding.severity == "ERROR" for finding in findings),
        warnings=sum(finding.severity != "ERROR" for finding in findings),
    )


def row_shown(
    row: Content,
    place: int,
    content: Content,
    names: Mapping[str, str],
    findings: Sequence[FindingShown] = (),
) -> RuleRowTold:
    then = row.get("then")
    then = then if isinstance(then, Mapping) else {}
    return RuleRowTold(
        place=place,
        name=str(row.get("row") or ""),
        days=(str(row.get("from") or ""), str(row.get("to") or "")),
        when=tuple(condition_words(one, content, names) for one in mappings(row.get("when"))),
        unless=tuple(condition_words(one, content, names) for one in mappings(row.get("unless"))),
        kind=str(then.get("kind") or ""),
        measure=measure_words(then),
        rest=manner_words(then),
        zh=_text(row.get("say"), "zh"),
        en=_text(row.get("say"), "en"),
        say=said_in(row.get("say")),
        findings=tuple(findings),
    )


def about_areas(
    about: Mapping[About, Sequence[FindingShown]], areas: Sequence[Content], names: Mapping[str, str]
) -> list[FindingShown]:
    """Each with the name of the area it is about."""
    return [
        replace(one, where=names.get(code, code))
        for place, area in enumerate(areas)
        for one in about.get(("areas", place), ())
        for code in [str(area.get("code") or "")]
    ]


def area_shown(area: Content, names: Mapping[str, str]) -> AreaShown:
    code = str(area.get("code") or "")
    level, source = str(area.get("level") or ""), str(area.get("source") or "")
    return AreaShown(
        code, names.get(code, code), level, str(area.get("from") or ""), str(area.get("to") or ""), source,
        graded=str(words.AREA_LEVELS.get(level, level)),
    )  # fmt: skip


def question_shown(question: Content, findings: Sequence[FindingShown] = ()) -> QuestionShown:
    kind = str(question.get("kind") or "")
    return QuestionShown(
        key=str(question.get("key") or ""),
        kind=kind,
        asked=said_in(question),
        choices=tuple(said_in(choice) for choice in mappings(question.get("choices"))),
        answered=str(words.QUESTION_KINDS.get(kind, kind)),
        findings=tuple(findings),
    )


def differences_shown(old: Content, new: Content, *, at: datetime) -> DifferencesShown:
    """What is different, each side in the words of its own set."""
    found = differences(old, new)
    names = paths(places_of(old) | places_of(new), day_of(at))
    return DifferencesShown(
        heading=tuple((field, _heading(was), _heading(is_)) for field, was, is_ in found.heading),
        rows=_sides(found.rows, lambda one, whole: row_shown(one, 0, whole, names), old, new),
        areas=_sides(found.areas, lambda one, whole: area_shown(one, names), old, new),
        questions=_sides(found.questions, lambda one, whole: question_shown(one), old, new),
        reordered=found.reordered,
        any=bool(found),
    )


def _sides(
    found: Sequence[RuleDifference], show: Any, old: Content, new: Content
) -> tuple[DifferenceShown, ...]:
    return tuple(
        DifferenceShown(
            one.kind,
            one.name,
            None if one.was is None else show(one.was, old),
            None if one.is_ is None else show(one.is_, new),
        )
        for one in found
    )


def _heading(told: Any) -> str:
    return said_in(told) if isinstance(told, Mapping) else str(told or "")


def _text(say: Any, language: str) -> str:
    return str(say.get(language) or "") if isinstance(say, Mapping) else ""
