"""Who answers for what: the tree of responsibility a level at a time, and its vacancies. At any moment there was."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.command.queries.responsibility import VACANCIES_A_PAGE, vacancies
from lianfang.command.queries.responsibility_tree import Node, PersonLine, counted, node
from lianfang.command.rules.responsibility import upwards
from lianfang.doors.guard import permitted
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.responsibility_asked import ResponsibilityAsked, areas_of, asked_of, unknown_division
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_number
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import names, paths


@permitted("VIEW_RESPONSIBILITY")
@never_cache
@answers("GET")
def tree(request: OfficerRequest) -> HttpResponse:
    """?division= and ?at=; without them one's own area, now."""
    asked = asked_of(request)
    seen = seen_node(request.reach, asked)
    shown = {
        "asked": asked,
        "node": seen,
        "own": seen.own,
        "principal": seen.principal(seen.own.code),
        "deputies": seen.deputies(seen.own.code),
        "rows": [(one, seen.principal(one.code), seen.deputies(one.code)) for one in seen.branches],
        "above": above(seen, request.reach),
        "counted": counted(request.reach, asked.division, asked.at),
        "areas": areas_shown(request.reach, asked),
    }
    return render(request, "hq/responsibility.html", shown)


@permitted("VIEW_RESPONSIBILITY")
@never_cache
@answers("GET")
def vacancy_list(request: OfficerRequest) -> HttpResponse:
    """?division=, ?all=1 also those that have not climbed here yet, ?skip= further ones."""
    asked = asked_of(request)
    whole, skip = request.GET.get("all") == "1", as_number(request.GET.get("skip", "")) or 0
    found = vacancies(
        request.reach, asked.division, asked.at, after=settings.VACANCY_CLIMBS_AFTER, only_red=not whole, skip=skip
    )  # fmt: skip
    said = paths([asked.division, *(line.division for line in found.lines)], day_of(asked.at))
    listed = found.total if whole else found.red
    further = skip + VACANCIES_A_PAGE
    shown = {
        "asked": asked,
        "found": found,
        "lines": [(line, said.get(line.division, line.division)) for line in found.lines],
        "place": said.get(asked.division, asked.division),
        "whole": whole,
        "further": further if further < listed else None,
        "hours": f"{settings.VACANCY_CLIMBS_AFTER.total_seconds() / 3600:g}",
        "areas": areas_shown(request.reach, asked),
    }
    return render(request, "hq/vacancies.html", shown)


def seen_node(officer: Reach, asked: ResponsibilityAsked) -> Node:
    found = node(officer, asked.division, at=asked.at, after=settings.VACANCY_CLIMBS_AFTER)
    if found is None:
        raise unknown_division()
    return found


def above(seen: Node, officer: Reach) -> list[tuple[str, str, PersonLine | None, bool]]:
    """Those above, the city first: code, name, principal, and whether the officer may walk there."""
    line = [code for code in reversed(upwards(seen.own.code)) if code != seen.own.code]
    return [(code, seen.names.get(code, code), seen.principal(code), officer.covers(code)) for code in line]


def areas_shown(officer: Reach, asked: ResponsibilityAsked) -> list[tuple[str, str]]:
    """The areas to begin from, by code and name, where there are several."""
    areas = areas_of(officer)
    if len(areas) < 2:
        return []
    known = names(areas, day_of(asked.at))
    return [(code, known[code]) for code in areas if code in known]
