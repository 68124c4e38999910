"""The rule sets that come with the program, in words, each with its worked cases and what the engine makes of them now."""

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.explained_words import ExplanationTold, facts_told, measures_told, names_of, told_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_shown import set_shown
from lianfang.doors.hq.rule_words import Names, fact_words, listed, said_in
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_number
from lianfang.journeys.worked import facts_of_case
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import NotFound
from lianfang.screening.explaining import Content, explain
from lianfang.screening.facts import Facts
from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import SHIPPED, Shipped, shipped


@dataclass(frozen=True, slots=True)
class CaseTold:
    """A worked case: who, what was said, which rows apply, what happens. `holds`: the engine comes to what is written."""

    number: int
    name: str
    said: str
    rows: str
    kinds: tuple[str, ...]
    measures: str
    holds: bool


@permitted("VIEW_RULES")
@never_cache
@answers("GET")
def shipped_list(request: OfficerRequest) -> HttpResponse:
    sets = [
        (one.code, said_in(one.content["title"]), one.content, one.cases) for one in map(shipped, SHIPPED)
    ]
    return render(request, "hq/shipped_list.html", {"sets": sets})


@permitted("VIEW_RULES")
@never_cache
@answers("GET")
def shipped_set(request: OfficerRequest, code: str) -> HttpResponse:
    """?case=3 explains the third case row by row."""
    if code not in SHIPPED:
        raise NotFound("RULE_SET_UNKNOWN", "没有这份规则。", "There is no such rule set.")
    one = shipped(code)
    people = [facts_of_case(case) for case in one.cases]
    names = names_of(one.content, people, day_of(now()))
    cases = _cases(one, people, names)
    chosen = as_number(request.GET.get("case", ""), longest=3) or 0
    explained = _explained(one, people[chosen - 1]) if 1 <= chosen <= len(people) else None
    shown = {
        "code": code,
        "shown": set_shown(one.content, at=now(), names=names),
        "hash": RuleSet(one.content).hash,
        "may_draft": request.reach.may("DRAFT_RULES"),
        "cases": cases,
        "held": sum(case.holds for case in cases),
        "chosen": cases[chosen - 1] if explained else None,
        "told": explained,
    }
    return render(request, "hq/shipped.html", shown)


def _cases(one: Shipped, people: list[Facts], names: Names) -> list[CaseTold]:
    rule_set = RuleSet(one.content)
    told = []
    for number, (case, facts) in enumerate(zip(one.cases, people, strict=True), 1):
        decision = rule_set.decide(facts)
        told.append(
            CaseTold(
                number=number,
                name=said_in(case["name"]),
                said=_said(facts, one.content, names),
                rows=listed(decision.rows),
                kinds=tuple(measure.kind for measure in decision.measures),
                measures=listed(measures_told(decision.measures)),
                holds=list(decision.rows) == list(case["rows"]),
            )
        )  # fmt: skip
    return told


def _said(facts: Facts, content: Content, names: Names) -> str:
    """What was said, without what was not, and without what nearly everybody says."""
    unusual = replace(
        facts,
        direction="" if facts.direction == "IN" else facts.direction,
        document_type=None if facts.document_type == "RESIDENT_ID" else facts.document_type,
    )
    well = None if facts.symptoms else fact_words("symptoms", content)
    told = facts_told(unusual, content, names)
    return gettext("；").join(f"{name} {value}" for name, value in told if value and name != well)


def _explained(one: Shipped, facts: Facts) -> ExplanationTold:
    return told_of(explain(one.content, facts), one.content, facts)
