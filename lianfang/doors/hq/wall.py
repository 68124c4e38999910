"""The wall: figures for a room, without a name, a plate or an address. Each tile's figures come from doors/wall_api.py."""

from django.http import HttpResponse
from django.shortcuts import render

from lianfang.checkpoints.queries.city import city_code
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.wall_api import outlines_edition
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.regions.queries import find

# Strongest first; the rule set in force decides these, others show themselves when they have a figure.
ALWAYS_SHOWN = frozenset({"FEVER_CLINIC", "QUARANTINE", "RE_MEASURE", "REGISTER"})
# Closed lists whose words the script needs.
LISTS = ("PURPOSES", "TRANSPORTS", "FUNNEL", "DUTY_ROLES", "DEFENCE_LINES", "DEFENCE_FIGURES", "HALVES")


@permitted("VIEW_WALL")
@answers("GET")
def wall(request: OfficerRequest) -> HttpResponse:
    with reach(request.reach) as seen:
        code = city_code(seen)
        city = find(code, day_of(now())) if code else None
    shown = {
        "city": city.name if city else "",
        "measures": [(kind, kind in ALWAYS_SHOWN) for kind in reversed(list(words.MEASURES))],
        "lists": [(name, list(getattr(words, name).items())) for name in LISTS],
        "outlines": outlines_edition(),
    }
    return render(request, "hq/wall.html", shown)
