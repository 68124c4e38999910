"""Addresses, methods and headers bent out of shape: other hosts, other sites, other files, other methods."""

import logging

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, reverse

from lianfang.doors.guesses import place_of
from tests.attacks.conftest import street
from tests.attacks.doors import House, house
from tests.attacks.pages import PASSWORD, Town, asked
from tests.doors.desk import City
from tests.doors.test_default_deny import EVERY

__all__ = ["house"]

METHODS = ("head", "options", "put", "patch", "delete", "trace")
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://localhost@evil.example/",
    "https://evil.example\\@testserver/",
    "\thttps://evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "https://testserver.evil.example/",
]


def test_no_method_breaks_or_opens_an_address(town: Town) -> None:
    """What GET does not show to somebody, no other method shows him."""
    wrong = []
    for pattern, address, role in street(town.live):
        for method in METHODS:
            for client in (town.clients[role], Client()):
                answer = asked(client, method, address)
                if answer.status_code >= 500:
                    wrong.append((pattern.name, method, answer.status_code))
                if method not in ("head", "put") and answer.status_code < 300:
                    wrong.append((pattern.name, method, "opens"))
            if (
                method == "head"
                and asked(Client(), "head", address).status_code
                != asked(Client(), "get", address).status_code
            ):
                wrong.append((pattern.name, method, "is not GET's"))
    assert wrong == []


def test_a_method_in_disguise_is_the_method_it_came_as(town: Town) -> None:
    disguises = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "PUT", "X-HTTP-Method": "POST"}
    client = town.clients["HEADQUARTERS"]
    plain, disguised = client.get("/desk"), client.get("/desk", {"_method": "DELETE"}, headers=disguises)
    assert plain.status_code == disguised.status_code == 200


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "FROBNICATE", "get"]
)
@pytest.mark.parametrize(
    "path",
    ["/api/v1/parcels", "/api/v1/board/stream", "/api/v1/village-check-in", "/api/v1/village-check-in/page"],
)
async def test_the_doors_without_a_framework_take_their_own_method_only(
    house: House, method: str, path: str
) -> None:
    answer = await house.ask(method, path)
    assert answer.status == 405
    assert answer.json["error"]["code"] == "METHOD"
    assert answer.headers["allow"] in ("POST", "GET")


def test_no_desk_address_takes_a_post_from_another_site(town: Town) -> None:
    """Every address that takes a form, without the form's token: 403, whoever is signed in."""
    taken = []
    for pattern, address, role in street(town.live):
        if exempt(pattern) or "POST" not in town.clients[role].options(address).get("Allow", ""):
            continue
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = town.clients[role].cookies
        wrong = {"csrfmiddlewaretoken": "x" * 32}
        answers = [
            strict.post(address, {}),
            strict.post(address, wrong),
            strict.post(address, wrong, headers={"Origin": "https://evil.example"}),
            strict.post(address, {}, headers={"X-CSRFToken": "x" * 64}),
        ]
        assert [answer.status_code for answer in answers] == [403] * 4, pattern.name
        taken.append(pattern.name)
    assert len(taken) > 15


def exempt(pattern: URLPattern) -> bool:
    return getattr(pattern.callback, "csrf_exempt", False)


@pytest.mark.parametrize("pattern", EVERY)
def test_only_doors_that_know_nobody_by_a_cookie_go_without_a_forms_token(pattern: URLPattern) -> None:
    """A JSON door for phones and travellers: public, or by a bearer's token, which no other site can send."""
    if exempt(pattern):
        assert pattern.callback.access == "public"
        assert str(pattern.pattern).startswith("api/v1/")


def test_no_json_door_knows_anybody_by_a_cookie(town: Town) -> None:
    for pattern, address, _ in street(town.live):
        if exempt(pattern):
            there, nobody = (
                asked(town.clients["HEADQUARTERS"], "get", address),
                asked(Client(), "get", address),
            )
            assert there.status_code == nobody.status_code, pattern.name


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_to_another_site(city: City, wanted: str) -> None:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    from lianfang.command import services  # noqa: PLC0415

    at = datetime.now(UTC) - timedelta(seconds=1)
    made = services.appoint(sign_in_name="haicheng", name="值班员", password=PASSWORD, at=at)
    services.post(officer=made, role="COUNTY_DESK", division="210381", at=at)
    answers = [
        Client().post("/sign-in", {"name": "haicheng", "password": PASSWORD, "next": wanted}),
        Client().post("/language", {"language": "en", "next": wanted}),
        Client().post("/language", {"language": "en"}, headers={"Referer": wanted.strip()}),
    ]
    for answer in answers:
        location = answer.get("Location", "/")
        assert location.startswith("/"), location
        assert not location.startswith(("//", "/\\")), location


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:443", "localhost:x", "[::1", "a b", "", "localhost/x", "@localhost"],
)  # fmt: skip
async def test_a_host_that_is_not_ours_is_not_answered_as_one(house: House, host: str) -> None:
    answer = await house.ask("GET", "/privacy", host=host)
    assert answer.status == 400
    assert "evil" not in answer.body.decode()


def test_a_forwarded_host_is_not_believed(city: City) -> None:
    """Links that pages show carry the name the request came by."""
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Server": "evil.example",
        "Forwarded": "host=evil.example",
    }
    page = city.headquarters.post("/desk/devices/new", {"checkpoint": "GATE"}, headers=headers)
    assert page.status_code == 200
    assert "evil.example" not in page.content.decode()


SPOOFED = {"X-Forwarded-For": "203.0.113.7", "X-Real-IP": "203.0.113.7", "Forwarded": "for=203.0.113.7"}


def test_where_a_request_comes_from_is_what_the_connection_says() -> None:
    request = RequestFactory(headers=SPOOFED).get("/", REMOTE_ADDR="192.168.1.5")
    assert place_of(request) == "192.168.1.5"
    with override_settings(BEHIND_PROXY=True):
        several = RequestFactory(headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.7"}).get(
            "/", REMOTE_ADDR="127.0.0.1"
        )
        assert place_of(several) == "203.0.113.7"  # the one the proxy added, not the one that was sent


def test_another_address_at_every_guess_does_not_open_another_budget(city: City) -> None:
    statuses = [
        Client(headers={"X-Forwarded-For": f"203.0.113.{n}"}).post(
            "/api/v1/enrolments", {"code": "WRONGCODE1"}, content_type="application/json"
        ).status_code
        for n in range(14)
    ]  # fmt: skip
    assert statuses[-1] == 429


def test_https_is_not_believed_from_a_stranger(city: City) -> None:
    answer = Client(headers={"X-Forwarded-Proto": "https"}).get("/sign-in")
    assert not answer.wsgi_request.is_secure()


@pytest.mark.parametrize("folder", ["/static/", "/phone/"])
@pytest.mark.parametrize(
    "path",
    [
        "../settings.py",
        "../../lianfang/project/settings.py",
        "..%2f..%2fetc/passwd",
        "%2e%2e/%2e%2e/README.md",
        "%252e%252e/README.md",
        "....//README.md",
        "..\\..\\README.md",
        "/etc/passwd",
        "%00",
        "index.html%00.png",
        "./././../../pyproject.toml",
        ".vite/manifest.json/../../package.json",
    ],
)
async def test_no_file_outside_is_reached(house: House, folder: str, path: str) -> None:
    from urllib.parse import unquote  # noqa: PLC0415

    for written in {folder + path, folder + unquote(path)}:
        answer = await house.ask("GET", written)
        assert answer.status in (400, 404), written
        assert b"SECRET" not in answer.body
        assert b"root:" not in answer.body


@pytest.mark.parametrize(
    "path",
    ["//evil.example/desk", "/desk//passages", "/DESK", "/desk/", "/./desk", "/desk;x=1", "/desk%2fpassages"],
)
async def test_an_address_written_otherwise_is_no_way_around_the_guard(house: House, path: str) -> None:
    answer = await house.ask("GET", path)
    assert answer.status in (302, 303, 301, 404, 400)
    location = answer.headers.get("location", "/")
    assert not location.startswith(("//", "http")), location


def test_no_header_is_made_of_a_file_name(town: Town) -> None:
    """Exports are named by what the city calls its checkpoints, and a lead may call one what he likes."""
    from lianfang.checkpoints.models import Checkpoint  # noqa: PLC0415

    Checkpoint.objects.using("owner").filter(code="GATE").update(name='西"柳\r\nSet-Cookie: x=1; /../卡口')
    exports = [
        a for _, a, _ in street(town.live) if "xlsx" in a or "print" in a or "poster" in a or "sheet" in a
    ]
    exports += ["/tables.xlsx?rows=CHECKPOINT", f"{reverse('closing-sheet-xlsx', args=['GATE'])}?shift=DAY"]
    for address in exports:
        answer = town.clients["HEADQUARTERS"].get(address)
        assert answer.status_code < 500, address
        assert "Set-Cookie: x" not in "".join(f"{k}: {v}" for k, v in answer.headers.items())
        assert "\n" not in answer.get("Content-Disposition", "")


def test_no_line_of_the_log_is_written_by_a_visitor(city: City, caplog: pytest.LogCaptureFixture) -> None:
    from lianfang.machine.logs import Discreet  # noqa: PLC0415

    caplog.set_level(logging.DEBUG)
    forged = "x\r\n2020-02-13 08:00:00 INFO lianfang signed in: admin\x1b[31m"
    Client().post("/sign-in", {"name": forged, "password": forged})
    Client().get("/no/such/page\r\nforged", {"q": forged})
    Client(headers={"User-Agent": forged.replace("\r\n", " "), "Referer": "x"}).get("/desk")
    record = logging.makeLogRecord({"msg": "%s", "args": (forged,), "levelname": "INFO", "name": "x"})
    line = Discreet("%(asctime)s %(levelname)s %(message)s").format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    assert r"\r\n2020-02-13" in line
    assert "signed in: admin" not in caplog.text
