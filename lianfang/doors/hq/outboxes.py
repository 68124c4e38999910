"""Outboxes brought to the desk as files, from phones that do not get back online: uploaded, taken, and counted."""

from collections.abc import Iterator

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors.choices import Choice
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.journeys.outboxes import Delivery, Received, deliver, outbox_delivery
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal

SENTENCES = {
    "ACCEPTED": _("新收下的"),
    "DUPLICATE": _("早已收到过"),
    "CONFLICT": _("编号相同、内容不同，已封存"),
    "SET_ASIDE": _("没有收下"),
}
MOST_REASONS = 20
HERE = "<!-- what was received -->"


class OutboxForm(forms.Form):
    file = forms.FileField(
        label=_("待发箱文件"),
        help_text=_("手机上导出的 lianfang-outbox-….json，最大 64 MB"),
        widget=forms.ClearableFileInput({"class": "input", "accept": ".json,application/json"}),
        error_messages={"empty": _("文件是空的，请从手机重新导出。")},
    )


@permitted("RECEIVE_OUTBOXES")
@never_cache
@answers("GET", "POST")
def outboxes(request: OfficerRequest) -> HttpResponse:
    form = OutboxForm(request.POST, request.FILES) if request.method == "POST" else OutboxForm()
    status = 400 if form.errors else 200
    if form.is_valid():
        file = form.cleaned_data["file"].read()
        try:
            delivery = outbox_delivery(by=request.reach, file=file, at=now())
        except Refusal as refusal:
            form.add_error("file", said(refusal))
            status = refusal.status
        else:
            return received(request, delivery)  # type: ignore[return-value]
    return render(request, "hq/outboxes.html", {"form": form}, status=status)


def received(request: OfficerRequest, delivery: Delivery) -> StreamingHttpResponse:
    """The page of the result, sent while it comes about: after each slice how far it is, at the end what became of all."""
    shown = {"device": delivery.device, "items": len(delivery.items), "here": HERE}
    before, _here, after = render_to_string("hq/outbox_received.html", shown, request).partition(HERE)

    def page() -> Iterator[str]:
        yield before
        for tally in deliver(delivery):
            yield render_to_string("hq/pieces/outbox_progress.html", {"tally": tally})
            last = tally
        yield render_to_string("hq/pieces/outbox_result.html", result_of(last))
        yield after

    # A proxy in front would keep it all back until the end.
    return StreamingHttpResponse(page(), headers={"X-Accel-Buffering": "no"})


def result_of(tally: Received) -> dict[str, object]:
    return {
        "tally": tally,
        "lines": [
            (code, sentence, tally.records[code], tally.people[code]) for code, sentence in SENTENCES.items()
        ],
        "reasons": [
            (Choice(why.code, why.zh, why.en), n) for why, n in tally.reasons.most_common(MOST_REASONS)
        ],
        "further": max(0, len(tally.reasons) - MOST_REASONS),
    }
