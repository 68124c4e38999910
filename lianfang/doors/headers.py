"""What every answer carries, whoever made it: a page, a file, a refusal, or a door that knows no framework.

An answer that says nothing about being kept is kept by nobody. HSTS stands in the settings: only behind a proxy.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from lianfang.doors.bodies import Message
from lianfang.doors.bridge import Send

# The scanner's decoder is WebAssembly, and only the officer's phone has a use for a camera.
_PROGRAM = "/phone/"
_POLICY = (
    "default-src 'self'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data: blob:; worker-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FEATURES = (
    "camera={camera}, geolocation=(), microphone=(), display-capture=(), payment=(), usb=(), serial=(), "
    "bluetooth=(), midi=()"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def _carried(*, program: bool) -> dict[str, str]:
    wasm, camera = (" 'wasm-unsafe-eval'", "(self)") if program else ("", "()")
    return {
        "Content-Security-Policy": _POLICY.format(wasm=wasm),
        "Permissions-Policy": _FEATURES.format(camera=camera),
        **_ALWAYS,
    }


_EVERYWHERE, _IN_THE_PROGRAM = _carried(program=False), _carried(program=True)


def carried(path: str) -> Mapping[str, str]:
    """The headers of an answer at this address, but for those it sets itself."""
    return _IN_THE_PROGRAM if path.startswith(_PROGRAM) else _EVERYWHERE


def on_every_answer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Outermost of Django's: refusals and files pass here too. No script reads a cookie; over TLS they stay on TLS."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in carried(request.path).items():
            response.headers.setdefault(name, value)
        for cookie in response.cookies.values():
            cookie["httponly"], cookie["samesite"] = True, "Lax"
            cookie["secure"] = cookie["secure"] or request.is_secure()
        return response

    return middleware


def carrying(path: str, send: Send) -> Send:
    """The same around an ASGI door: whatever it has not said itself is added to its answer's head."""
    wanted = _RAW[carried(path) is _IN_THE_PROGRAM]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = {name for name, _ in message["headers"]}
            missing = [(name, value) for name, value in wanted if name not in said]
            message = {**message, "headers": [*message["headers"], *missing]}
        await send(message)

    return sending


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_RAW = (_raw(_EVERYWHERE), _raw(_IN_THE_PROGRAM))
