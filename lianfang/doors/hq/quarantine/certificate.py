"""The certificate at the end (解除隔离证明), for whoever was released. A4, stamped by hand."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.on_paper import on_paper, wants_pdf
from lianfang.doors.hq.quarantine.page import page
from lianfang.doors.hq.quarantine.shown import lines_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.watermarks import Watermark
from lianfang.doors.words import ACTS
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.services.printing import print_certificate


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def certificate(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    """By POST it is printed and noted."""
    if request.method != "POST":
        return redirect("order", order_id)
    at = now()
    try:
        pdf = wants_pdf(request)
        found = print_certificate(by=request.reach, at=at, order=order_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return page(request, order_id, refused=said(refusal), status=refusal.status)
    people = {found.order.person_id: found.person} if found.person else {}
    with reach(request.reach) as seen:
        (row,) = lines_of(seen, [found.order], people, at=at)
    mark = Watermark(request.reach.officer_name, at, str(ACTS["CERTIFICATE_PRINTED"]), found.reference)
    shown = {"row": row, "one": found.order, "at": at, "mark": mark}
    called = gettext("解除隔离医学观察证明") + f" {found.order.shown_number}"
    return on_paper(request, "hq/quarantine/certificate.html", shown, called=called, pdf=pdf)
