"""What Django answers when no page does: a page in both languages, or JSON where programs ask."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from lianfang.doors.guard import wants_json

_SAID = {
    400: ("UNREADABLE_REQUEST", "这个请求读不懂。", "This request cannot be read."),
    403: ("FORBIDDEN", "没有权限。", "This is not permitted."),
    404: ("NO_SUCH_ADDRESS", "没有这个地址。", "There is no such address."),
    500: (
        "SERVER_ERROR",
        "服务器出了差错，请稍后重试。",
        "Something went wrong on the server. Please retry later.",
    ),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _json(request, 400) or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _json(request, 403) or defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _json(request, 404) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    return _json(request, 500) or defaults.server_error(request)


def _json(request: HttpRequest, status: int) -> HttpResponse | None:
    if not wants_json(request):
        return None
    code, zh, en = _SAID[status]
    return JsonResponse({"error": {"code": code, "zh": zh, "en": en}}, status=status)
