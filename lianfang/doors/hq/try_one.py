"""Somebody who is nobody, tried on a rule set: plain facts in, the decision explained. No name and no number is asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.draft_shown import draft_asked
from lianfang.doors.hq.explained_words import measures_told, told_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.hq.trying_forms import TryForms
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.screening.drafts import checked, known
from lianfang.screening.explaining import explain
from lianfang.screening.facts import Facts
from lianfang.screening.queries import book
from lianfang.screening.services.drafting import unknown_draft
from lianfang.screening.shipped import SHIPPED, shipped

DRAFT = "draft:"


class RulesAsked(NamedTuple):
    """Which rules somebody is tried on. `of` names them in the address: "", a shipped set's code, a hash, draft:ID."""

    of: str
    content: Mapping[str, Any]
    lapsed: bool = False

    @property
    def title(self) -> str:
        return said_in(self.content["title"])

    @property
    def called(self) -> str:
        return gettext("草稿：%(title)s") % {"title": self.title} if self.draft else self.title

    @property
    def draft(self) -> str:
        """The id of the draft; "" for a rule set."""
        return self.of.removeprefix(DRAFT) if self.of.startswith(DRAFT) else ""


@permitted("VIEW_RULES")
@never_cache
@answers("GET", "POST")
def try_one(request: OfficerRequest) -> HttpResponse:
    """?of= names the rules; without it those in force now."""
    at = now()
    asked = _asked(request.reach, request.GET.get("of", ""), at)
    forms = TryForms(asked.content["questions"], request.POST, today=day_of(at))
    shown: dict[str, Any] = {"rules": asked, "forms": forms, "sets": _sets(asked)}
    if request.method == "POST" and forms.is_valid():
        shown |= _decided(asked, forms.facts())
    failed = request.method == "POST" and "told" not in shown
    return render(request, "hq/try_one.html", shown, status=400 if failed else 200)


def _decided(asked: RulesAsked, facts: Facts) -> dict[str, Any]:
    explained = explain(asked.content, facts, asked.lapsed)
    measures = zip((m.kind for m in explained.measures), measures_told(explained.measures), strict=True)
    return {"told": told_of(explained, asked.content, facts), "measures": list(measures)}


def _sets(asked: RulesAsked) -> list[tuple[str, str]]:
    """What somebody may be tried on; what is chosen is always among it."""
    usual = [
        ("", gettext("现行规则")),
        *((code, said_in(shipped(code).content["title"])) for code in SHIPPED),
    ]
    return usual if asked.of in dict(usual) else [(asked.of, asked.called), *usual]


def _asked(by: Reach, of: str, at: datetime) -> RulesAsked:
    if of in SHIPPED:
        return RulesAsked(of, shipped(of).content)
    if of.startswith(DRAFT):
        return RulesAsked(of, _draft(by, of.removeprefix(DRAFT), at))
    if of:
        return RulesAsked(of, known(of).content())
    in_force = book().at(at)
    return RulesAsked(of, in_force.rule_set.content(), in_force.lapsed)


def _draft(by: Reach, id: str, at: datetime) -> Mapping[str, Any]:
    try:
        content = draft_asked(by, UUID(id)).content
    except ValueError:
        raise unknown_draft() from None
    read = checked(content, at=at)
    if read.content is None:
        zh, en = "草稿还有错误，先改好再试。", "The draft has errors: mend them first."
        raise Refusal("DRAFT_HAS_ERRORS", zh, en)
    return read.content
