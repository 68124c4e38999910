"""What no page can look up or keep is refused before a page sees it: a NUL character, a number beyond the database's."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from lianfang.doors.guard import View, denied
from lianfang.kernel.refusals import Refusal

LARGEST = 2**31 - 1  # no row has a number beyond PostgreSQL's integer


def only_legible(get_response: View) -> View:
    """Looks at the address, its query and a form's fields; a JSON door (no form, no token of one) reads its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if any(isinstance(value, int) and value > LARGEST for value in kwargs.values()):
            raise Http404
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
