"""How long each class is held: the default, what this city has said, who said so and why."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.custody.queries import retention_lines
from lianfang.custody.retention import CLASSES, LONGEST_REASON, RetentionClass, set_retention
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal


def name_of(one: RetentionClass) -> str:
    """In the reader's language."""
    return one.en if (get_language() or "").startswith("en") else one.zh


class RetentionForm(forms.Form):
    code = forms.ChoiceField(
        label=_("哪一类"),
        choices=lambda: [(code, name_of(one)) for code, one in CLASSES.items() if one.may_change],
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=_("保存多少天"),
        min_value=1,
        max_value=36_500,
        widget=forms.NumberInput({"class": "input input--short"}),
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=LONGEST_REASON,
        help_text=_("如 市政府某号文件、律师意见"),
        widget=text(),
    )


@permitted("SET_RETENTION")
@never_cache
@answers("GET", "POST")
def retention(request: OfficerRequest) -> HttpResponse:
    form = RetentionForm(request.POST or None)
    if form.is_valid():
        try:
            set_retention(by=request.reach, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已调整，公示页同时更新。"))
            return redirect("retention")
    shown = {
        "lines": [(name_of(one.of), one, who) for one, who in retention_lines(request.reach)],
        "form": form,
    }
    return render(request, "hq/retention.html", shown, status=400 if form.errors else 200)
