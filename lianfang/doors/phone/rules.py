"""The rules in force as data: with them a phone without network decides what the server would."""

import json
from functools import lru_cache

from django.http import HttpRequest, HttpResponse

from lianfang.doors.guard import public
from lianfang.doors.methods import answers
from lianfang.doors.phone.views import kept
from lianfang.kernel.clock import now
from lianfang.screening.book import RulesInForce
from lianfang.screening.queries import book


@public
@answers("GET")
def rules(request: HttpRequest) -> HttpResponse:
    """{hash, valid: {from, to} | null, and the content}: nobody's data, so nobody has to say who he is.

    `hash` is of the content alone. When `to` is over, what restricts anybody no longer applies (docs/rule-sets.md).
    """
    return kept(request, _document(book().at(now())))


@lru_cache(maxsize=8)
def _document(in_force: RulesInForce) -> bytes:
    since, until = in_force.since, in_force.until
    valid = {"from": since.isoformat(), "to": until.isoformat()} if since and until else None
    shown = {"hash": in_force.rule_set.hash, "valid": valid, **in_force.rule_set.content()}
    return json.dumps(shown, ensure_ascii=False).encode()
