"""Text that no page can keep is refused in words before a page sees it: PostgreSQL stores no NUL character."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from lianfang.doors.guard import View, denied
from lianfang.kernel.refusals import Refusal


def without_nul(get_response: View) -> View:
    """Looks at the address, its query and a form's fields; a JSON door (no form, no token of one) reads its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        forms = [request.GET] if getattr(view, "csrf_exempt", False) else [request.GET, request.POST]
        texts = (text for form in forms for text in _texts(form))
        if not any("\0" in text for text in (*map(str, kwargs.values()), *texts)):
            return None
        zh, en = "内容里有无法保存的空字符（NUL）。", "This holds a NUL character, which cannot be kept."
        return denied(request, Refusal("NUL_CHARACTER", zh, en))

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _texts(form: QueryDict) -> Iterator[str]:
    for name, values in form.lists():
        yield name
        yield from map(str, values)
