"""Writing a notice for a place: it waits for a second officer, and cannot be changed afterwards."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.area_forms import within_reason
from lianfang.doors.hq.forms import PlaceForm, said, text
from lianfang.doors.hq.referral_shown import area
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.refusals import Refusal
from lianfang.notices.rules import (
    LONGEST_BODY,
    LONGEST_BODY_EN,
    LONGEST_TITLE,
    LONGEST_TITLE_EN,
    NoticeText,
)
from lianfang.notices.services import write

_A_WEEK = timedelta(days=6)  # the first day counts


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea({"class": "input", "rows": rows})


class NoticeForm(PlaceForm):
    title = forms.CharField(
        label=_("标题"), max_length=LONGEST_TITLE, help_text=_("一句话说明白，最多 40 个字"), widget=text()
    )
    body = forms.CharField(
        label=_("内容"),
        max_length=LONGEST_BODY,
        help_text=_("最多 500 个字。人人可看：请勿写个人的姓名、证件号、手机号"),
        widget=_lines(6),
    )
    title_en = forms.CharField(
        label=_("英文标题"),
        required=False,
        max_length=LONGEST_TITLE_EN,
        help_text=_("可以不写，不写就只有中文"),
        widget=text(),
    )
    body_en = forms.CharField(
        label=_("英文内容"), required=False, max_length=LONGEST_BODY_EN, widget=_lines(4)
    )
    since = _day(_("从"))
    until = _day(_("到（含）"), _("最长 30 天，到期自动不再显示"))

    def clean_since(self) -> date | None:
        return within_reason(self.cleaned_data["since"])

    def clean_until(self) -> date | None:
        return within_reason(self.cleaned_data["until"])

    @property
    def written(self) -> NoticeText:
        return NoticeText(
            **{name: self.cleaned_data[name] for name in ("title", "body", "title_en", "body_en")}
        )


@permitted("KEEP_NOTICES")
@never_cache
@answers("GET", "POST")
def write_notice(request: OfficerRequest) -> HttpResponse:
    at = now()
    first = day_of(at)
    form = NoticeForm(
        request.POST or None, under=area(request.reach), initial={"since": first, "until": first + _A_WEEK}
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            write(
                by=request.reach, at=at, division=given["division"], text=form.written, valid_from=start_of(given["since"]),
                valid_until=start_of(given["until"] + timedelta(days=1)),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已写好，等另一位值班员批准。批准以后才显示。"))
            return redirect(f"{reverse('place-notices')}?state=WAITING")
    return render(request, "hq/write_place_notice.html", {"form": form}, status=400 if form.errors else 200)
