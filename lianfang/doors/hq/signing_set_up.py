"""The first administrator of an empty platform, and the links of the three others, shown once."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now  # noqa: TID251 -- sign-in keeps the real clock
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.services import FirstLink
from lianfang.doors.guard import public
from lianfang.doors.hq.devices import seen_from_outside
from lianfang.doors.hq.halfway import remember
from lianfang.doors.hq.signing_forms import SetUpForm, refused
from lianfang.doors.methods import answers
from lianfang.kernel.refusals import Refusal

ROLES = {
    "SECURITY_ADMINISTRATOR": _("安全管理员"),
    "AUDITOR": _("审计管理员"),
    "HEADQUARTERS": _("指挥部值班员"),
}


class ShownLink(NamedTuple):
    """One of the others, the role in words, and the address that is handed to them."""

    first: FirstLink
    role: object
    address: str


@public
@never_cache
@answers("GET", "POST")
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        try:
            return _set_up(request, token, form)
        except Refusal as refusal:
            return refused(request, "hq/set_up.html", form, refusal)
    return render(request, "hq/set_up.html", {"form": form}, status=400 if form.errors else 200)


def _set_up(request: HttpRequest, token: str, form: SetUpForm) -> HttpResponse:
    given = form.cleaned_data
    officer, links = services.set_up(
        token=token,
        sign_in_name=given["sign_in_name"],
        name=given["name"],
        password=given["password"],
        division=given["division"],
        at=now(),
        others={role: given[role.lower()] for role in services.OTHERS},
    )
    here = seen_from_outside(request)
    shown = [
        ShownLink(first, ROLES[first.role], here + reverse("activate", args=[first.token])) for first in links
    ]
    response = render(request, "hq/set_up_done.html", {"links": shown, "officer": officer})
    remember(request, response, officer, "")
    return response
