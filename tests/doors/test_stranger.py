"""The stranger of the next county, at every address that takes an id: 404, the same as for nothing, and not a word more."""

import re
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern

from lianfang.command.roles import ROLES
from lianfang.situation.wall.tiles import TILES
from tests.doors.desk import City
from tests.doors.stranger import (
    LED_BACK,
    NARROWED_LISTS,
    OF_A_COUNTY,
    OF_NO_COUNTY,
    OF_ONE_OFFICER,
    Sample,
    desks,
    sample_of,
)
from tests.doors.test_default_deny import PUBLIC, SAMPLES, addresses
from tests.factories import HAICHENG, XIUYAN

WITH_ID = {str(one.name): one for one in addresses() if one.pattern.converters}
ASKED = [WITH_ID[name] for name in OF_A_COUNTY if name in WITH_ID]
_TOKEN = re.compile(r'name="(?:csrfmiddlewaretoken|next)" value="[^"]+"')
# Figures of the whole city by checkpoint, for whoever may see the board: names of places, nobody's.
# (The auditor reads what all officers of the platform did; of travellers there is nothing in it.)
WHOLE_CITY = {"tables", "tables-sheet", "board", "wall", *(f"wall-{tile}" for tile in TILES)}
TOWNSHIP = "210381102"  # another township of the same county: the checkpoint's officers stand above it


@pytest.fixture
def sample(city: City) -> Sample:
    return sample_of(city)


def test_the_table_knows_every_address_that_takes_an_id() -> None:
    assert set(OF_A_COUNTY) | NARROWED_LISTS | set(OF_NO_COUNTY) == set(WITH_ID)
    assert not set(OF_A_COUNTY) & (NARROWED_LISTS | set(OF_NO_COUNTY))
    assert not set(OF_A_COUNTY) & PUBLIC


def methods(pattern: URLPattern) -> set[str]:
    return set(pattern.callback.methods) - {"HEAD"}


def test_the_table_posts_to_every_address_that_takes_a_form() -> None:
    assert {str(one.name) for one in ASKED if "POST" in methods(one)} == {
        name for name, form in OF_A_COUNTY.items() if form is not None
    }


def said(response: HttpResponse) -> str:
    """What an answer says, but for the form's token and the way back, which differ each time. Of a sheet, every string in it."""
    body = response.content
    if body[:2] == b"PK":
        return "".join(
            ZipFile(BytesIO(body)).read(name).decode() for name in ZipFile(BytesIO(body)).namelist()
        )
    return _TOKEN.sub("", body.decode())


def ask(client: Client, pattern: URLPattern, address: str) -> list[HttpResponse]:
    """Every method it takes, as far as it leads."""
    answers = []
    if "GET" in methods(pattern) and pattern.name not in LED_BACK:
        answers.append(client.get(address, follow=True))
    if "POST" in methods(pattern):
        answers.append(client.post(address, OF_A_COUNTY[str(pattern.name)], follow=True))
    return answers


@pytest.mark.parametrize("division", [XIUYAN, TOWNSHIP])
def test_nobody_elsewhere_learns_that_it_exists(city: City, sample: Sample, division: str) -> None:
    @cache
    def those_who_may(access: str) -> dict[str, Client]:
        return desks(access, ROLES, division)

    wrong = []
    for pattern in ASKED:
        address = sample.address(pattern)
        for role, client in those_who_may(pattern.callback.access).items():
            for response in ask(client, pattern, address):
                leaked = [word for word in sample.words if word in said(response)]
                if response.status_code != 404 or leaked:
                    wrong.append(
                        (pattern.name, role, response.request["REQUEST_METHOD"], response.status_code, leaked)
                    )
    assert wrong == []


def test_what_does_not_exist_is_answered_in_the_same_words(city: City, sample: Sample) -> None:
    """Otherwise the difference would tell."""
    nothing = Sample({**SAMPLES, "checkpoint": "NOWHERE", "pad": 99_999_999, "finding": "INCOMPLETE"})
    for pattern in ASKED:
        for client in desks(pattern.callback.access, ROLES, XIUYAN).values():
            theirs, none = (
                [said(one) for one in ask(client, pattern, of.address(pattern))] for of in (sample, nothing)
            )
            assert theirs == none, pattern.name


def test_its_own_officers_open_what_the_table_asks_for(city: City, sample: Sample) -> None:
    """A sample that nobody could open would prove nothing. Acts that end something come last."""
    ends = ("end-posting", "officer-link", "officer-leaves", "revoke-device")
    for pattern in sorted(
        ASKED, key=lambda one: (one.name in ends, ends.index(str(one.name)) if one.name in ends else 0)
    ):
        if pattern.name in ("end-posting", "end-responsible", "close-household", "close-person"):
            continue  # officer-leaves and replace-responsible end them; and people live there
        clients = desks(pattern.callback.access, ROLES, HAICHENG)
        client = next(iter(clients.values()))
        if pattern.name in OF_ONE_OFFICER:
            client = city.haicheng
        method = client.get if "GET" in methods(pattern) else client.post
        response = method(
            sample.address(pattern), OF_A_COUNTY[str(pattern.name)] or {} if method == client.post else None
        )
        assert response.status_code in (200, 302), (pattern.name, response.status_code)


def test_lists_narrowed_by_the_address_hold_nothing_of_it(city: City, sample: Sample) -> None:
    for name in sorted(NARROWED_LISTS):
        pattern = WITH_ID[name]
        own = said(city.haicheng.get(sample.address(pattern)))
        assert any(word in own for word in sample.words), name
        for division in (XIUYAN, TOWNSHIP):
            for client in desks(pattern.callback.access, ROLES, division).values():
                response = client.get(sample.address(pattern))
                assert response.status_code == 200
                assert not [word for word in sample.words if word in said(response)], name


def test_no_page_that_takes_no_id_shows_anything_of_the_next_county(city: City, sample: Sample) -> None:
    wrong = []
    for pattern in (one for one in addresses() if not one.pattern.converters and "GET" in methods(one)):
        if pattern.name in PUBLIC:
            continue
        for role, client in desks(pattern.callback.access, ROLES, XIUYAN).items():
            response = client.get(f"/{pattern.pattern}")
            leaked = {word for word in sample.words if word in said(response)}
            if pattern.name in WHOLE_CITY:
                leaked -= {"GATE卡口"}
            if pattern.callback.access == "READ_AUDIT":
                leaked &= set(sample.travellers)
            # 400: a sheet that wants to be told what for.
            if response.status_code not in (200, 302, 400) or leaked:
                wrong.append((pattern.name, role, response.status_code, leaked))
    assert wrong == []
