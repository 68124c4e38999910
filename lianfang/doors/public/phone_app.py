"""The phones' programs under /phone/ and /grid/: built files with the headers that let it work offline and update safely."""

from collections.abc import Callable
from functools import lru_cache
from wsgiref.headers import Headers

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from whitenoise import WhiteNoise
from whitenoise.middleware import WhiteNoiseFileResponse

View = Callable[[HttpRequest], HttpResponse]
BUILT = settings.BASE_DIR / "phone" / "dist"
PREFIX = "/phone/"
# Pages that the program's build brings: the officer's, and the grid worker's (doors/public/grid.py).
PAGES = (PREFIX, "/grid/")
# Vite names what it builds by content; everything else keeps its name and must be asked for again.
IMMUTABLE = r"^/phone/assets/"
WORKER = "sw.js"


@lru_cache(maxsize=1)
def _files(built_at: int) -> WhiteNoise:
    """The files of one build; a new build (other time) is read anew."""
    return WhiteNoise(
        None,
        root=str(BUILT),
        prefix=PREFIX,
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=IMMUTABLE,
        add_headers_function=_headers,
        mimetypes={".webmanifest": "application/manifest+json", ".wasm": "application/wasm"},
    )


def _headers(headers: Headers, path: str, url: str) -> None:
    if not url.startswith(f"{PREFIX}assets/"):
        headers["Cache-Control"] = "no-cache"
    if url == PREFIX + WORKER:
        headers["Service-Worker-Allowed"] = PREFIX


def same_in_every_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """The program says all it says itself. What a browser keeps of it for offline use is found again whatever language
    it asks in, which `Vary: Accept-Language` would forbid."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(PAGES) and "Vary" in response:
            kept = [name for name in response["Vary"].split(", ") if name != "Accept-Language"]
            del response["Vary"]
            if kept:
                response["Vary"] = ", ".join(kept)
        return response

    return middleware


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """A built file, compressed where the build left a compressed one beside it. Raises Http404."""
    index = BUILT / "index.html"
    if not index.exists():
        return render(request, "public/phone_missing.html", status=503)
    found = _files(index.stat().st_mtime_ns).files.get(PREFIX + (path or index.name))
    if found is None:
        raise Http404
    answer = found.get_response(request.method, request.META)
    response = WhiteNoiseFileResponse(answer.file or (), status=int(answer.status))
    del response["Content-Type"]
    for name, value in answer.headers:
        response[name] = value
    return response
