"""What somebody may do who has not signed in, and how often: a new address that takes something is added here."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from lianfang.command.services.lockout import A_NAME
from lianfang.doors.guesses import PER_MINUTE, Guesses
from lianfang.doors.phone.declarations import MISSES
from lianfang.doors.public.declaring import DECLARATIONS, ROSTER_CODES, ROSTERS
from tests.attacks.conftest import street
from tests.attacks.pages import PASSWORD, Town
from tests.doors.conftest import make_device
from tests.doors.desk import City
from tests.doors.test_declaring import declaration
from tests.doors.test_default_deny import PUBLIC
from tests.house.sources import ROOT

# Every public address that takes something, and what keeps it from being flooded; docs/security.md has the same list.
BUDGETS = {
    "sign-in": "5 failures at a name, 20 from a place, then nobody is heard for a minute, two, four … an hour",
    "sign-in-code": "the same count",
    "sign-in-factor": "the same count",
    "activate": "a link of 256 bits, once, 72 hours; the same count",
    "open-wall": "a token of 256 bits",
    "set-up": "a link of 256 bits, once, 24 hours",
    "sign-out": "closes one's own session only",
    "set-language": "sets a cookie",
    "api-enrolments": "10 failures a minute and place",
    "api-roster-enrolments": "10 failures a minute and place",
    "api-grid-roster": "a token of 256 bits; 10 failures a minute and place, 5 wrong PINs in a row end it",
    "api-grid-doors": "the same",
    "api-grid-households": "the same",
    "api-grid-observed": "the same",
    "api-grid-answers": "a token of 256 bits; 10 unknown ones a minute and place",
    "api-declarations": "120 an hour and place",
    "api-rosters": "20 an hour and place",
    "api-device-state": "a device's token",
    "api-parcels": "a device's token, items a second",
    "api-village-check-in": "a poster's token; 300 an hour and place, 6 a phone and half-day, two phones a household",
    "api-village-page": "a poster's token; 30 misses a minute and place, 1200 an hour",
}
# These stand in doors/site.py.
BEFORE_DJANGO = {"api-parcels", "api-village-check-in", "api-village-page"}
# Public questions that compare a secret somebody could guess.
ASKED = {
    "api-roster": "30 misses a minute and place",
    "api-device-declaration": "30 misses a minute and device",
    "api-device-roster": "30 misses a minute and device",
}


def test_every_public_address_that_takes_something_has_a_budget(town: Town) -> None:
    takes = {
        str(pattern.name)
        for pattern, address, _ in street(town.live)
        if pattern.name in PUBLIC
        and {"POST", "PUT"} & set(Client().options(address).get("Allow", "").split(", "))
    }
    assert takes | BEFORE_DJANGO == set(BUDGETS)


def test_the_budgets_stand_in_the_papers() -> None:
    papers = (ROOT / "docs" / "security.md").read_text()
    for name in BUDGETS.keys() | ASKED.keys():
        assert f"`{name}`" in papers, name


def test_what_the_papers_name_is_there() -> None:
    papers = (ROOT / "docs" / "security.md").read_text()
    named = set(re.findall(r"`((?:lianfang|tests|scripts)/[\w/.-]+)`", papers))
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []
    decided = {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
    assert set(re.findall(r"\b(00\d\d)\b", papers)) <= decided


def post(path: str, body: Any, **more: Any) -> HttpResponse:
    return Client().post(path, body, **more)


def tried(ask: Callable[[], HttpResponse], times: int) -> list[int]:
    return [ask().status_code for _ in range(times)]


@pytest.mark.parametrize(
    ("ask", "allowed"),
    [
        (lambda: post("/sign-in", {"name": "nobody", "password": PASSWORD}), A_NAME.failures),
        (lambda: post("/api/v1/enrolments", {"code": "WRONGCODE1"}, content_type="application/json"), PER_MINUTE),
        (lambda: post("/api/v1/declarations", declaration(), content_type="application/json"), 120),
        (lambda: post("/api/v1/rosters", {"checkpoint": "GATE", "expected": 4}, content_type="application/json"), 20),
        (lambda: Client().get("/api/v1/rosters/ABCDEF"), 30),
    ],
    ids=["sign-in", "enrolments", "declarations", "rosters", "roster codes"],
)  # fmt: skip
def test_whoever_goes_on_is_not_heard_any_more(
    city: City, ask: Callable[[], HttpResponse], allowed: int
) -> None:
    statuses = tried(ask, allowed + 2)
    assert 429 not in statuses[:allowed]
    assert statuses[allowed:] == [429, 429]


def test_a_device_that_guesses_short_codes_is_not_heard_any_more(city: City) -> None:
    client = Client(headers={"Authorization": f"Bearer {make_device(city.intake.device.checkpoint)}"})
    statuses = tried(lambda: client.get("/api/v1/device/declarations/000000"), 32)
    assert statuses == [404] * 30 + [429] * 2


def test_what_is_remembered_of_guesses_stays_small() -> None:
    """A flood of places, or of names as long as a book, fills no memory."""
    guesses = Guesses()
    for n in range(11_000):
        guesses.failed(f"{n}")
    guesses.failed("x" * 1_000_000)
    assert len(guesses._failures) <= 10_000
    assert max(map(len, guesses._failures)) < 300
    assert len({id(kept) for kept in (DECLARATIONS, ROSTERS, ROSTER_CODES, MISSES)}) == 4
