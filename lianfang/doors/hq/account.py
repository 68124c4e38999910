"""An officer's own account: open sessions and an end to them, a new password, a new phone, new recovery codes."""

from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now  # noqa: TID251 -- sign-in keeps the real clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.models import Officer
from lianfang.command.queries import SessionLine, open_sessions, own_account
from lianfang.command.services import Proof
from lianfang.doors.guard import signed_in
from lianfang.doors.guesses import place_of
from lianfang.doors.hq.browsers import in_words
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.signing_factor import recovery_codes, secret_sent, to_scan
from lianfang.doors.hq.signing_forms import ChangePasswordForm, ProofForm, RenewFactorForm, refused
from lianfang.doors.methods import answers
from lianfang.kernel.refusals import Refusal


class ShownSession(NamedTuple):
    line: SessionLine
    browser: str


@signed_in
@never_cache
@answers("GET")
def account(request: OfficerRequest) -> HttpResponse:
    shown = {
        "account": own_account(request.reach),
        "sessions": [ShownSession(line, in_words(line.agent)) for line in open_sessions(request.reach)],
        "at": now(),
    }
    return render(request, "hq/account.html", shown)


@signed_in
@answers("POST")
def revoke_sessions(request: OfficerRequest) -> HttpResponse:
    """The one whose reference is sent, or all but this one."""
    closed = services.revoke_sessions(by=request.reach, ref=request.POST.get("ref") or None)
    messages.success(request, _("已结束 %(n)s 处登录。") % {"n": closed})
    return redirect("account")


@signed_in
@never_cache
@answers("GET", "POST")
def change_password(request: OfficerRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, with_code=_has_factor(request))
    if not form.is_valid():
        return _shown(request, "hq/account_password.html", form)
    password = form.cleaned_data["password"]
    try:
        closed = services.change_password(
            by=request.reach, proof=_proof(request, form), password=password, at=now()
        )
    except Refusal as refusal:
        return refused(request, "hq/account_password.html", form, refusal)
    messages.success(request, _("密码已改。另有 %(n)s 处登录已结束。") % {"n": closed})
    return redirect("account")


@signed_in
@never_cache
@answers("GET", "POST")
def renew_factor(request: OfficerRequest) -> HttpResponse:
    officer = Officer.objects.get(pk=request.reach.officer_id)
    secret = secret_sent(request, officer) or services.new_secret()
    form = RenewFactorForm(request.POST or None, with_code=officer.totp_confirmed_at is not None)
    if not form.is_valid():
        return _shown(request, "hq/account_factor.html", form, **to_scan(officer, secret))
    code = form.cleaned_data["code"]
    try:
        codes = services.renew_second_factor(
            by=request.reach, proof=_proof(request, form), secret=secret, code=code, at=now()
        )
    except Refusal as refusal:
        return refused(request, "hq/account_factor.html", form, refusal, **to_scan(officer, secret))
    return recovery_codes(request, officer, codes, then=reverse("account"))


@signed_in
@never_cache
@answers("GET", "POST")
def renew_codes(request: OfficerRequest) -> HttpResponse:
    form = ProofForm(request.POST or None, with_code=_has_factor(request))
    if not form.is_valid():
        return _shown(request, "hq/account_codes.html", form)
    try:
        codes = services.renew_recovery_codes(by=request.reach, proof=_proof(request, form), at=now())
    except Refusal as refusal:
        return refused(request, "hq/account_codes.html", form, refusal)
    officer = Officer.objects.get(pk=request.reach.officer_id)
    return recovery_codes(request, officer, codes, then=reverse("account"))


def _shown(request: OfficerRequest, template: str, form: forms.Form, **more: object) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=400 if form.errors else 200)


def _has_factor(request: OfficerRequest) -> bool:
    return own_account(request.reach).second_factor_since is not None


def _proof(request: OfficerRequest, form: forms.Form) -> Proof:
    given = form.cleaned_data
    return Proof(given["present"], given.get("proof_code", ""), place_of(request))
