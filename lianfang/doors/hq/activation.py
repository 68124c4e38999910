"""Where an activation link leads: whose account it is, a password, and on to the second factor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now  # noqa: TID251 -- sign-in keeps the real clock
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.doors.guard import public
from lianfang.doors.guesses import place_of
from lianfang.doors.hq.signing import onwards
from lianfang.doors.hq.signing_forms import NewPasswordForm, refused
from lianfang.doors.methods import answers
from lianfang.kernel.refusals import Refusal


@public
@never_cache
@answers("GET", "POST")
def activate(request: HttpRequest, token: str) -> HttpResponse:
    at = now()
    officer = services.whose_link(token=token, place=place_of(request), at=at)
    form = NewPasswordForm(request.POST or None)
    if not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "hq/activate.html", {"form": form, "officer": officer}, status=status)
    try:
        officer = services.activate(token=token, password=form.cleaned_data["password"], at=at)
    except Refusal as refusal:
        return refused(request, "hq/activate.html", form, refusal, officer=officer)
    return onwards(request, officer, "")
