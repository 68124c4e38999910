"""What every answer of the house carries: pages, files, JSON, refusals, and the doors that know no framework."""

import pytest
from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.test import Client, override_settings

from lianfang.kernel.reach import Reach
from tests.attacks.conftest import street
from tests.attacks.doors import House, house
from tests.attacks.pages import Town, asked
from tests.doors.asgi import Answer
from tests.doors.desk import City

__all__ = ["house"]

CARRIED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICIES = (
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
TELLS_TOO_MUCH = ("server", "x-powered-by", "access-control-allow-origin", "via")
# What is the same for everybody and about nobody may be kept.
KEPT = (
    "/static/",
    "/phone/",
    "/grid",
    "/api/v1/divisions",
    "/api/v1/rules",
    "/api/v1/wall/",
    "/api/v1/openapi.json",
)
ODD = [
    ("GET", "/no/such/page"),
    ("GET", "/api/v1/no-such-door"),
    ("GET", "/api/v1/parcels"),
    ("POST", "/api/v1/parcels"),
    ("POST", "/api/v1/village-check-in"),
    ("POST", "/api/v1/village-check-in/page"),
    ("GET", "/api/v1/board/stream"),
    ("HEAD", "/api/v1/board/stream"),
    ("GET", "/static/no-such.css"),
    ("GET", "/phone/no-such.js"),
    ("TRACE", "/"),
]


def lacking(path: str, headers: dict[str, str]) -> list[str]:
    """What the answer lacks, or says too much."""
    found = {name.lower(): value for name, value in headers.items()}
    wrong = [name for name, value in CARRIED.items() if found.get(name) != value]
    wrong += [part for part in POLICIES if part not in found.get("content-security-policy", "")]
    wrong += [name for name in TELLS_TOO_MUCH if name in found]
    camera = "camera=(self)" if path.startswith("/phone/") else "camera=()"
    wrong += [] if camera in found.get("permissions-policy", "") else [camera]
    kept = "no-store" not in found.get("cache-control", "") and not path.startswith(KEPT)
    return wrong + (["no-store"] if kept else [])


def headers_of(response: HttpResponse) -> dict[str, str]:
    return dict(response.headers)


def test_every_address_answers_with_all_of_them_whoever_asks_and_however(town: Town) -> None:
    wrong = []
    for pattern, address, role in street(town.live):
        for client in (town.clients[role], Client()):
            for method in ("get", "post", "options"):
                answer = asked(client, method, address)
                if missing := lacking(address, headers_of(answer)):
                    wrong.append((pattern.name, method, missing))
    assert wrong == []


@pytest.mark.parametrize(("method", "path"), ODD)
async def test_so_does_what_no_page_answers(house: House, method: str, path: str) -> None:
    answer = await house.ask(method, path)
    assert answer.status >= 400
    assert lacking(path, answer.headers) == []


async def test_so_does_what_is_refused_before_any_page_hears_of_it(house: House) -> None:
    answers: list[Answer] = [
        await house.ask("GET", "/desk", host="somewhere.example"),  # in the clear, from elsewhere
        await house.ask("GET", "/api/v1/board", host="somewhere.example"),
        await house.ask("GET", "/privacy", host="evil.example"),  # a host that is not ours
        await house.ask("POST", "/sign-in", body=b"x" * (4 << 20)),  # too long for any door
        await house.ask("POST", "/sign-in", body=b"name=x"),  # no token of a form
    ]
    assert [answer.status for answer in answers] == [303, 403, 400, 413, 403]
    assert [lacking("", answer.headers) for answer in answers] == [[]] * 5


async def test_no_header_stands_twice(house: House) -> None:
    """What Django has said is not said again by the house around it: two policies would both hold."""
    for path in ("/", "/privacy", "/phone/", "/api/v1/rules", "/static/no-such.css"):
        names: list[bytes] = []

        async def listening(scope: dict, receive: object, send: object, names: list[bytes] = names) -> None:
            async def heard(message: dict) -> None:
                names.extend(name for name, _ in message.get("headers", []))
                await send(message)  # type: ignore[operator]

            await house.app(scope, receive, heard)

        await House(listening).ask("GET", path)
        assert len(names) == len(set(names)), path


def test_what_is_kept_by_anybody_is_about_nobody(city: City, officers: dict[str, Reach]) -> None:
    """Signed in or not, an answer that may be kept is the same to the byte."""
    for address in ("/api/v1/divisions", "/api/v1/rules", "/api/v1/wall/outlines"):
        there, nobody = city.headquarters.get(address), Client().get(address)
        assert "no-store" not in nobody.get("Cache-Control", "")
        assert there.content == nobody.content
        assert not there.cookies


def test_nobody_elses_page_may_read_an_answer(city: City) -> None:
    for address in ("/desk", "/api/v1/board", "/api/v1/rules", "/static/", "/healthz"):
        for method in ("get", "options", "post"):
            answer = getattr(city.headquarters, method)(
                address, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
            )
            assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(("days", "said"), [(0, None), (365, "max-age=31536000")])
def test_browsers_are_told_to_insist_on_https_only_where_the_city_says_so(
    city: City, days: int, said: str | None
) -> None:
    with override_settings(SECURE_HSTS_SECONDS=days * 86_400):
        answer = Client().get("/privacy", secure=True)
        assert answer.get("Strict-Transport-Security") == said
        assert "Strict-Transport-Security" not in Client().get("/privacy")


async def test_a_break_in_a_page_tells_nothing_and_carries_them_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("辽C12345 is what somebody typed")

    monkeypatch.setattr("lianfang.doors.public.views.the_authority", broken)
    answer = await house.ask("GET", "/start")
    assert answer.status == 500
    assert "辽C12345" not in answer.body.decode()
    assert "Traceback" not in answer.body.decode()
    assert lacking("/start", answer.headers) == []
    await sync_to_async(lambda: None)()
