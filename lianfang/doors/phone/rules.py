"""The rules in force as data: with them a phone without network decides what the server would."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse

from lianfang.doors.guard import public
from lianfang.doors.methods import answers
from lianfang.doors.phone.views import kept
from lianfang.screening.rules import IN_FORCE, RuleSet


@public
@answers("GET")
def rules(request: HttpRequest) -> HttpResponse:
    """{hash, thresholds, affected_areas, rows, sentences}: nobody's data, so nobody has to say who he is."""
    return kept(request, _document(IN_FORCE))


@cache
def _document(rule_set: RuleSet) -> bytes:
    return json.dumps({"hash": rule_set.hash, **rule_set.content()}, ensure_ascii=False).encode()
