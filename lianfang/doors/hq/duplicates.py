"""Files that may be one person's: side by side, merged or parted by somebody who says why."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people import services
from lianfang.people.models import PersonMerge
from lianfang.people.queries import duplicates
from lianfang.people.services.keeping import LONGEST_REASON


class PairForm(forms.Form):
    kept = forms.UUIDField(widget=forms.HiddenInput)
    other = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("原因"),
        max_length=LONGEST_REASON,
        help_text=_("如 同一人，证件号抄错一位；不写姓名和号码"),
        widget=text(),
    )


@permitted("MERGE_PEOPLE")
@never_cache
@answers("GET")
def duplicate_list(request: OfficerRequest) -> HttpResponse:
    return _listed(request)


@permitted("MERGE_PEOPLE")
@never_cache
@answers("POST")
def merge_pair(request: OfficerRequest) -> HttpResponse:
    """The file that is kept is shown from now on; the other leads there and stays as it was."""
    form = PairForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.merge(
                by=request.reach, at=now(), kept=given["kept"], merged=given["other"], reason=given["reason"]
            )
        except Refusal as refusal:
            return _listed(request, refused=said(refusal))
        messages.success(request, gettext("已合并，随时可以撤销。"))
        return redirect("person", given["kept"])
    return _listed(request, refused=gettext("请写明原因。"))


@permitted("MERGE_PEOPLE")
@never_cache
@answers("POST")
def part_pair(request: OfficerRequest) -> HttpResponse:
    form = PairForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.not_the_same(
                by=request.reach, at=now(), one=given["kept"], other=given["other"], reason=given["reason"]
            )
        except Refusal as refusal:
            return _listed(request, refused=said(refusal))
        messages.success(request, gettext("已记下不是同一人，以后不再提示。"))
        return redirect("duplicates")
    return _listed(request, refused=gettext("请写明原因。"))


@permitted("MERGE_PEOPLE")
@never_cache
@answers("POST")
def undo(request: OfficerRequest, merge_id: UUID) -> HttpResponse:
    services.undo_merge(by=request.reach, at=now(), id=merge_id)
    messages.success(request, gettext("已撤销合并，两份档案各自独立。"))
    with reach(request.reach):
        kept = PersonMerge.objects.filter(pk=merge_id).values_list("kept_id", flat=True).first()
    if kept is None:
        raise NotFound("MERGE_UNKNOWN", "辖区内没有这次合并。", "There is no such merge in your area.")
    return redirect("person", kept)


def _listed(request: OfficerRequest, *, refused: str = "") -> HttpResponse:
    before = request.GET.get("before", "")
    with reach(request.reach) as seen:
        found = duplicates(seen, at=now(), before=UUID(before) if _is_id(before) else None)
        list_read(seen, "duplicates", count=2 * len(found.pairs))
    shown = {"found": found, "form": PairForm(), "refused": refused}
    return render(request, "hq/duplicates.html", shown, status=400 if refused else 200)


def _is_id(given: str) -> bool:
    try:
        return bool(UUID(given))
    except ValueError:
        return False
