"""The wall: figures for a room, without a name, a plate or an address. Its numbers come from /api/v1/board."""

from django.http import HttpResponse
from django.shortcuts import render

from lianfang.checkpoints.queries.city import city_code
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.regions.queries import find

# Strongest first; the rule set in force decides these, others show themselves when they have a figure.
ALWAYS_SHOWN = frozenset({"FEVER_CLINIC", "QUARANTINE", "RE_MEASURE", "REGISTER"})


@permitted("VIEW_WALL")
@answers("GET")
def wall(request: OfficerRequest) -> HttpResponse:
    with reach(request.reach) as seen:
        code = city_code(seen)
        city = find(code, day_of(now())) if code else None
    measures = [(kind, kind in ALWAYS_SHOWN) for kind in reversed(list(words.MEASURES))]
    return render(request, "hq/wall.html", {"city": city.name if city else "", "measures": measures})
