"""A report told on the telephone, written down at the desk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.quarantine.list_forms import CheckInForm
from lianfang.doors.hq.quarantine.shown import rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.quarantine_words import REPORT_VERDICTS
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.queries.orders import order_known
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import half_day
from lianfang.quarantine.services.reporting import check_in


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def tell_check_in(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        (row,) = rows_of(seen, [order_known(seen, order_id)], at=at)
    this = half_day(at)
    form = CheckInForm(request.POST or None, at=at, halves=(this, this.before), asked=thresholds_at(at))
    if form.is_valid():
        given = form.cleaned_data
        try:
            done = check_in(
                by=request.reach, at=at, id=given["id"], order=order_id, half_day=form.half_day, celsius=given["celsius"],
                symptoms=given["symptoms"], way="DESK", occurred_at=at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已登记：%(what)s。") % {"what": REPORT_VERDICTS[done.verdict]})
            return redirect("calls")
    status = 400 if form.is_bound else 200
    return render(
        request, "hq/quarantine/tell_check_in.html", {"row": row, "form": form, "at": at}, status=status
    )
