"""Which methods a page answers; any other is refused in words, with the header that names the right ones."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lianfang.doors.guard import View, wants_json


def answers(*methods: str) -> Callable[[View], View]:
    """Stands under `public` or `permitted`, so that who may come in is asked first. HEAD goes wherever GET does."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in allowed:
                return view(request, *args, **kwargs)
            response = _refused(request)
            response.headers["Allow"] = ", ".join(allowed)
            return response

        inner.methods = allowed  # type: ignore[attr-defined]
        return inner

    return decorate


def _refused(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        error = {
            "code": "METHOD",
            "zh": "这个地址不接受这种请求方法。",
            "en": "This address does not take this method.",
        }
        return JsonResponse({"error": error}, status=405)
    return render(request, "405.html", status=405)
