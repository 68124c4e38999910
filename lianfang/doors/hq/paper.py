"""Register pads (登记簿): made with a number of their own, printed in sheets of twenty rows, and how far each is typed in."""

from typing import Any

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.paper import MOST_ROWS, ROWS_A_PAGE, label, pages
from lianfang.checkpoints.queries.paper import pad_checkpoints, pads
from lianfang.checkpoints.services.paper import make_pad, pad_within
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import seen_from_outside
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal


class PadForm(forms.Form):
    checkpoint = forms.ChoiceField(label=_("卡口或卡点"), widget=forms.Select({"class": "input"}))
    purpose = forms.ChoiceField(
        label=_("用途"), choices=list(words.PAD_PURPOSES.items()), initial="ENTRY", widget=forms.RadioSelect
    )
    rows = forms.IntegerField(
        label=_("行数"),
        initial=100,
        min_value=ROWS_A_PAGE,
        max_value=MOST_ROWS,
        help_text=_("20 的倍数，一页 20 行，最多 1000 行"),
        widget=forms.NumberInput({"class": "input", "step": ROWS_A_PAGE}),
    )

    def __init__(self, *args: Any, posts: list[Checkpoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["checkpoint"]
        field.choices = [(post.code, f"{post.name}（{post.code}）") for post in posts]


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET", "POST")
def pad_list(request: OfficerRequest) -> HttpResponse:
    with reach(request.reach) as seen:
        posts, listed = pad_checkpoints(seen), pads(seen)
    form = PadForm(request.POST or None, posts=posts, initial=request.GET.dict())
    if form.is_valid():
        try:
            made = make_pad(by=request.reach, at=now(), **form.cleaned_data)
            return redirect("print-pad", pad=made.number)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    shown = {
        "form": form,
        "pads": listed,
        "posts": posts,
        "typed": sum(len(pad.typed) for pad in listed),
        "checked": sum(pad.checked for pad in listed),
    }
    return render(request, "hq/paper.html", shown, status=400 if form.errors else 200)


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET")
def print_pad(request: OfficerRequest, pad: int) -> HttpResponse:
    """A4 landscape. The code on a sheet opens the page on which its rows are typed in."""
    found = pad_within(request.reach, pad)
    sheets = [_sheet(request, found.number, rows) for rows in pages(found.rows)]
    shown = {"pad": found, "label": label(found.number), "sheets": sheets}
    return render(request, "hq/pad_sheets.html", shown)


def _sheet(request: HttpRequest, pad: int, rows: range) -> dict[str, Any]:
    address = f"{seen_from_outside(request)}{reverse('transcribe-pad', args=[pad])}?row={rows[0]}"
    return {
        "rows": [(row, label(pad, row)) for row in rows],
        "qr": segno.make(address, error="m", micro=False).svg_data_uri(border=2),
    }
