"""Why somebody was treated so at the barrier: the decision explained in words, with the facts it was made from."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.person_files import measure_of, phone_told
from lianfang.doors.guard import permitted
from lianfang.doors.hq.explained_words import facts_told, measures_told, names_of, told_of
from lianfang.doors.hq.later import LaterTold
from lianfang.doors.hq.questions import question
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_words import Names, measure_words, said_in
from lianfang.doors.methods import answers
from lianfang.doors.reading import file_read
from lianfang.journeys.deciding import DecisionFile, decision_file
from lianfang.journeys.rescreening.queries import LaterDecision, later_decisions, standing_kinds
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound
from lianfang.screening.rules import RuleSet


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def decision(request: OfficerRequest, registration_id: UUID) -> HttpResponse:
    with reach(request.reach) as seen:
        file = decision_file(seen, registration_id, at=now())
        if file is None:
            raise NotFound(
                "PERSON_UNKNOWN", "辖区内没有这个人的登记。", "There is no such person in your area."
            )
        file_read(seen, file.record.passage.row.id, page="decision")
        later = later_decisions(seen, [registration_id]).get(registration_id, ())
        shown = _shown(file, later)
    return render(request, "hq/decision.html", {"file": file, "record": file.record, **shown})


def _shown(file: DecisionFile, later: Sequence[LaterDecision]) -> dict[str, Any]:
    """Places by name are asked for once: those of the rules, of the facts and of the facts as corrected."""
    content = _content(file)
    people = [facts for facts in (file.facts, file.corrected_facts) if facts is not None]
    names = names_of(content, people, file.facts.on)
    place = file.record.person.row.place_in_party + 1
    gate = [measure_of(one) for one in file.record.measures]
    return {
        "title": said_in(content.get("title")),
        "place": place,
        "kinds": standing_kinds(gate, later),
        "later": [LaterTold.of(one, place) for one in later],
        "told": told_of(file.explanation, content, file.facts, names) if file.explanation else None,
        "facts": list(facts_told(file.facts, content, names)),
        "measures": [
            (one["kind"], measure_words(one), _sentence(file.rule_set, one)) for one in file.record.measures
        ],
        "phone": phone_told(file.record.shown),
        "changes": _changes(file, content, names),
        "corrected": None if file.corrected is None else measures_told(file.corrected),
        "today": None if file.today is None else measures_told(file.today),
    }


def _content(file: DecisionFile) -> dict[str, Any]:
    """The rule set that decided. What is asked may be an older one's or a newer one's: a phone asked by what it had."""
    content = file.rule_set.content() if file.rule_set else {}
    known = {str(one["key"]) for one in content.get("questions", ())}
    asked = {**file.facts.answers, **(file.corrected_facts.answers if file.corrected_facts else {})}
    others = (question(key, file.record.person.row.rule_set) for key in asked if key not in known)
    return {**content, "questions": [*content.get("questions", ()), *filter(None, others)]}


def _sentence(rule_set: RuleSet | None, measure: Mapping[str, Any]) -> str:
    try:
        return said_in(rule_set.say(measure["row"])) if rule_set else ""
    except KeyError:
        return ""


def _changes(file: DecisionFile, content: Mapping[str, Any], names: Names) -> list[tuple[str, str, str]]:
    """Facts that corrections changed: name, before, after."""
    if file.corrected_facts is None:
        return []
    before = dict(facts_told(file.facts, content, names))
    after = dict(facts_told(file.corrected_facts, content, names))
    listed = dict.fromkeys((*before, *after))
    return [
        (name, before.get(name, ""), after.get(name, ""))
        for name in listed
        if before.get(name) != after.get(name)
    ]
