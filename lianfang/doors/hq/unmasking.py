"""The whole of an opened file: one tap on what it is read for, and it stands there with a line that says it was noted."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.services.unmasking import unmask
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.later import passage_shown
from lianfang.doors.hq.passages import no_such_passage
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.watermarks import Watermark
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach

SHOWN_FOR = timedelta(minutes=5)  # a desk is left; what stands on it is masked again


@permitted("UNMASK")
@never_cache
@answers("GET", "POST")
def unmask_passage(request: OfficerRequest, passage_id: UUID) -> HttpResponse:
    """By POST only, so that nothing shows it again: an address that is opened anew shows the masked file."""
    if request.method != "POST":
        return redirect("passage", passage_id=passage_id)
    purpose = request.POST.get("purpose", "")
    found = unmask(by=request.reach, id=passage_id, purpose=purpose)
    if found is None:
        raise no_such_passage()
    why = str(words.PURPOSES_OF_READING[purpose])
    mark = Watermark(request.reach.officer_name, now(), why, found.reference)
    with reach(request.reach) as seen:
        shown = passage_shown(seen, found.file)
    response = render(request, "hq/passage.html", {**shown, "mark": mark})
    masked = reverse("passage", args=[passage_id])
    response.headers["Refresh"] = f"{int(SHOWN_FOR.total_seconds())}; url={masked}"
    return response
