"""Forms of signing in and of what one signs in with. Secrets travel in the body of a POST and are never shown again."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lianfang.command.services import LockedOut
from lianfang.doors.hq.forms import PlaceForm, said, text
from lianfang.kernel.refusals import Refusal

LONGEST_PASSWORD = 200


def secret_field(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput({"class": "input", "autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **more)


def code_field(label: Any, **more: Any) -> forms.CharField:
    widget = text(autocomplete="one-time-code", spellcheck="false")
    return forms.CharField(label=label, max_length=20, widget=widget, **more)


class SignInForm(forms.Form):
    name = forms.CharField(
        label=_("用户名"), max_length=60, widget=text(autocomplete="username", autofocus=True)
    )
    password = secret_field(_("密码"), "current-password")


class CodeForm(forms.Form):
    code = code_field(_("验证码"))


class NewPasswordForm(forms.Form):
    """A new password, twice. The rule itself is the service's."""

    password = secret_field(
        _("新密码"),
        "new-password",
        help_text=_("至少 10 位，大写、小写、数字、符号至少两种，不能和用户名一样"),
    )
    again = secret_field(_("新密码再输一遍"), "new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned and cleaned["password"] != cleaned.get("again"):
            self.add_error("again", _("两次输入的密码不一样。"))
        return cleaned


class SetUpForm(PlaceForm, NewPasswordForm):
    sign_in_name = forms.CharField(
        label=_("用户名"),
        max_length=60,
        help_text=_("登录时用，字母或数字"),
        widget=text(autocomplete="username"),
    )
    name = forms.CharField(label=_("姓名"), max_length=60, widget=text(autocomplete="name"))
    security_administrator = forms.CharField(
        label=_("安全管理员的姓名"), max_length=60, required=False, widget=text()
    )
    auditor = forms.CharField(label=_("审计管理员的姓名"), max_length=60, required=False, widget=text())
    headquarters = forms.CharField(
        label=_("指挥部值班员的姓名"), max_length=60, required=False, widget=text()
    )


class ProofForm(forms.Form):
    """Who an officer is, proved once more; a code only where there is a second factor."""

    present = secret_field(_("现在的密码"), "current-password")
    proof_code = code_field(_("现在的验证码"), help_text=_("手机上的 6 位验证码；手机不在时用一个备用码"))

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_code:
            del self.fields["proof_code"]


class ChangePasswordForm(ProofForm, NewPasswordForm):
    pass


class RenewFactorForm(ProofForm):
    code = code_field(_("新验证码"), help_text=_("扫码以后，验证器里显示的 6 位数字"))


def refused(
    request: HttpRequest, template: str, form: forms.Form, refusal: Refusal, **shown: Any
) -> HttpResponse:
    """The form again with what was refused; whoever is locked out is told for how long."""
    form.add_error(None, said(refusal))
    response = render(request, template, {"form": form, **shown}, status=refusal.status)
    if isinstance(refusal, LockedOut):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response
