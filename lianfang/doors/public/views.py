"""Pages for everybody: how a phone gets in, what this city holds, whether the house stands, the phone's program."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.i18n import set_language as django_set_language

from lianfang.doors import words
from lianfang.doors.guard import database_is_there, public, reach_of
from lianfang.doors.methods import answers
from lianfang.doors.public import phone_app
from lianfang.doors.public.authority import authority_or_refuse, the_authority
from lianfang.doors.public.holdings import holdings
from lianfang.machine.mobileconfig import mobileconfig

# Where whoever holds a permission begins; the first that fits.
WORK = (
    ("VIEW_PASSAGES", "/desk"),
    ("LEAD_CHECKPOINTS", "/desk/checkpoints"),
    ("READ_AUDIT", "/desk/audit"),
    ("VIEW_WALL", "/wall"),
    ("MANAGE_OFFICERS", "/desk/officers"),
    ("GRANT_POSTINGS", "/desk/postings"),
)

set_language = public(answers("POST")(django_set_language))


@public
@answers("GET")
def home(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in goes where their work is; everybody else reads what this is."""
    officer = reach_of(request)
    for permission, work in WORK:
        if officer is not None and officer.may(permission):
            return HttpResponseRedirect(work)
    return render(request, "public/home.html", {"officer": officer})


@public
@answers("GET")
def start(request: HttpRequest) -> HttpResponse:
    shown = {"authority": the_authority(), "https_port": settings.HTTPS_PORT}
    return render(request, "public/start.html", shown)


@public
@answers("GET")
def start_check(request: HttpRequest) -> HttpResponse:
    """A service worker that does nothing: a browser takes it only from a server whose certificate it trusts."""
    return HttpResponse("// registered and removed at once by /start\n", content_type="text/javascript")


@public
@answers("GET")
def authority_certificate(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(authority_or_refuse().der, content_type="application/x-x509-ca-cert")
    response["Content-Disposition"] = 'attachment; filename="lianfang.crt"'
    return response


@public
@answers("GET")
def authority_profile(request: HttpRequest) -> HttpResponse:
    profile = mobileconfig(authority_or_refuse().der)
    response = HttpResponse(profile, content_type="application/x-apple-aspen-config")
    response["Content-Disposition"] = 'attachment; filename="lianfang.mobileconfig"'
    return response


@public
@answers("GET")
def privacy(request: HttpRequest) -> HttpResponse:
    told = {"holdings": holdings(), "measures": words.MEASURES.values(), "facts": words.RULE_FACTS.values()}
    return render(request, "public/privacy.html", told)


@public
@answers("GET")
def healthz(request: HttpRequest) -> HttpResponse:
    there = database_is_there()
    return JsonResponse({"ok": there, "database": there}, status=200 if there else 503)


@public
@answers("GET")
def phone(request: HttpRequest, path: str = "") -> HttpResponse:
    return phone_app.serve(request, path)
