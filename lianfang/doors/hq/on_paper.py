"""A page made for paper: as the browser prints it, or the same as a PDF where `scripts/setup --pdf` was run."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from lianfang.kernel.refusals import Refusal

HERE = "https://page.invalid"  # what addresses of a page are relative to while it is drawn: a host that cannot be (RFC 2606)


@cache
def pdf_at_hand() -> bool:
    """Whether the extra is installed. What it leans on is loaded when it is first asked for."""
    return find_spec("weasyprint") is not None


def wants_pdf(request: HttpRequest) -> bool:
    """Which of the two buttons was pressed. Raises a Refusal, before anything is noted, where no PDF can be made."""
    if request.POST.get("as") != "pdf":
        return False
    try:
        import_module("weasyprint")
    except (ImportError, OSError) as error:  # OSError: the library it draws with is not there
        raise _no_pdf() from error
    return True


def on_paper(
    request: HttpRequest, template: str, shown: dict[str, Any], *, called: str, pdf: bool
) -> HttpResponse:
    """`called`: the file's name without its ending, in which nobody is named."""
    if not pdf:
        return render(request, template, shown)
    response = HttpResponse(_drawn(render_to_string(template, shown, request)), "application/pdf")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"page.pdf\"; filename*=UTF-8''{quote(called)}.pdf"
    )
    return response


def _drawn(page: str) -> bytes:
    """What stands in the page and what was built for it is read, and nothing else: no file, no network."""
    weasyprint, urls = import_module("weasyprint"), import_module("weasyprint.urls")

    class Ours(urls.URLFetcher):  # type: ignore[name-defined]  # known once it is asked for
        def fetch(self, url: str, headers: Any = None) -> Any:
            built = url.removeprefix(f"{HERE}{settings.STATIC_URL}")
            path = finders.find(built) if built != url and built.endswith(".css") else None
            if path is None:
                return super().fetch(url, headers)
            with open(path, "rb") as file:
                return urls.URLFetcherResponse(url, file.read(), {"Content-Type": "text/css"})

    ours = Ours(allowed_protocols=("data",))
    return weasyprint.HTML(string=page, base_url=HERE, url_fetcher=ours).write_pdf()


def _no_pdf() -> Refusal:
    return Refusal(
        "NO_PDF",
        "这台服务器没有装 PDF 组件：请用“打印”，或请管理员运行 scripts/setup --pdf。",
        "This server makes no PDFs: print the page, or ask its engineer to run scripts/setup --pdf.",
        status=501,
    )
