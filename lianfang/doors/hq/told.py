"""What stands above every page of the desk: the glass its officer looks through, and what he was told and has not read."""

from typing import Any

from lianfang.command.queries import my_open_glass, unread_notices
from lianfang.doors.hq.request import OfficerRequest
from lianfang.kernel.clock import machine_now

SHOWN = 3


def told(request: OfficerRequest) -> dict[str, Any]:
    """One question where there is nothing to show. Sessions and glass keep the machine's clock."""
    at = machine_now()
    glass = my_open_glass(request.reach, at=at)
    here = request.resolver_match
    listed = here is not None and here.url_name == "notices"  # the page itself shows them
    notices, unread = ([], 0) if listed else unread_notices(request.reach, at=at, limit=SHOWN)
    return {
        "glass": [(line, max(0, int((line.ends_at - at).total_seconds()))) for line in glass],
        "notices": notices,
        "more": unread - len(notices),
        "at": at,
        "next": request.get_full_path() if request.method == "GET" else "",
    }
