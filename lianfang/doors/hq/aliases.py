"""Other names of places (别名): what came with the register and what officers taught, by whom, and taking one back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_number
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.referrals.who import officer_names
from lianfang.regions.known_names import aliases
from lianfang.regions.teaching import take_back_alias


@permitted("VIEW_REFERRALS")
@never_cache
@answers("GET")
def alias_list(request: OfficerRequest) -> HttpResponse:
    """`?after=`: the newest first, of the officer's own area. Names of places are public facts."""
    at = now()
    with reach(request.reach) as seen:
        found = aliases(seen, day_of(at), after=as_number(request.GET.get("after", ""), longest=9))
    names = officer_names(one.alias.taught_by for one in found.aliases)
    shown = {
        "at": at, "next": found.after, "may": request.reach.may("ANSWER_REFERRALS"),
        "lines": [(one, names.get(one.alias.taught_by, "") if one.alias.taught_by else "") for one in found.aliases],
    }  # fmt: skip
    return render(request, "hq/aliases.html", shown)


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("POST")
def take_back(request: OfficerRequest, alias_id: int) -> HttpResponse:
    with reach(request.reach) as by:
        row = take_back_alias(by=by, at=now(), id=alias_id)
    messages.success(
        request, gettext("已收回别名“%(word)s”，以后地址里的这个词不再读作那里。") % {"word": row.alias}
    )
    return redirect("aliases")
