"""The JSON addresses that scripts and screens ask: the board, and the description of the API."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse

from lianfang.doors.guard import permitted, public
from lianfang.doors.methods import answers
from lianfang.doors.openapi import description
from lianfang.kernel.clock import now
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.situation.board import board as the_board


@permitted("VIEW_BOARD")
@answers("GET")
def board(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/board?as_of=iso"""
    as_of = moment_asked(request.GET.get("as_of"))
    with reach(request.reach) as seen:  # type: ignore[attr-defined]
        answer = the_board(seen, at=now(), as_of=as_of)
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def moment_asked(text: str | None) -> datetime | None:
    """A moment from the query string; without an offset it is Asia/Shanghai time. A '+' may have become a space."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal(
            "AS_OF_UNREADABLE",
            "as_of 应为时刻，如 2020-02-13T18:00:00+08:00。",
            "as_of is a moment such as 2020-02-13T18:00:00+08:00.",
        ) from None


@public
@answers("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/openapi.json"""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})
