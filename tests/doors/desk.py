"""Around the tests of pages: a small city with officers at desks, and what no page may hold."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from lianfang.doors.guard import SECURE_SESSION_COOKIE, SESSION_COOKIE
from lianfang.kernel.divisions import level, lineage, span
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from lianfang.regions.models import Region
from tests import factories
from tests.factories import HAICHENG, XIUYAN, Generated, Intake, Json

PLACES = {
    "210000": "辽宁省",
    "210100": "沈阳市",
    "210103": "沈河区",
    "210300": "鞍山市",
    "210381": "海城市",
    "210381101": "孤山镇",
    "210381101200": "大孤山村民委员会",
    "210381101201": "小孤山村民委员会",
    "210323": "岫岩满族自治县",
    "420000": "湖北省",
    "420100": "武汉市",
}

# A name, a value, and whatever a browser would run or draw that the content security policy forbids.
_STYLE = re.compile(r"<[^>]+\sstyle\s*=|<style|<[^>]+\son[a-z]+\s*=|javascript:", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE)


def at_desk(officer: Reach, **headers: str) -> Client:
    """A browser in which the officer is signed in."""
    client = Client(headers=headers or None)
    for cookie in (SESSION_COOKIE, SECURE_SESSION_COOKIE):  # in the clear and over TLS
        client.cookies[cookie] = officer.session
    return client


@dataclass
class City:
    """One checkpoint of 海城 with a phone, its officers, and a desk in the next county."""

    intake: Intake
    generated: Generated
    headquarters: Client
    haicheng: Client
    xiuyan: Client
    township: Client
    screen: Client
    administrator: Client

    def register(self, *, people: int | list[Json] = 1, **changes: Any) -> Json:
        """A passage that the phone sent and the server acknowledged."""
        passage = self.generated.passage(people=people, **changes)
        answer = self.intake.send(self.generated.parcel(passage))
        assert answer["receipts"][0]["status"] == "ACCEPTED", answer
        return passage


@pytest.fixture
def city(clean: Database) -> City:
    factories.checkpoint("GATE")
    make_places()
    return City(
        intake=Intake(clean, factories.device("GATE")),
        generated=Generated(seed=1),
        headquarters=at_desk(factories.officer()),
        haicheng=at_desk(factories.officer("COUNTY_DESK", HAICHENG, name="海城值班员")),
        xiuyan=at_desk(factories.officer("COUNTY_DESK", XIUYAN)),
        township=at_desk(factories.officer("TOWNSHIP_DESK", "210381101")),
        screen=at_desk(factories.officer("WALL", HAICHENG)),
        administrator=at_desk(factories.officer("ADMINISTRATOR", HAICHENG)),
    )


def make_places() -> None:
    """A few divisions, as the register holds them."""
    for code, name in PLACES.items():
        lo, hi = span(code)
        above = lineage(code)
        Region.objects.using("owner").create(
            code=code,
            level=level(code),
            name=name,
            short_name=name.replace("村民委员会", "村").replace("满族自治县", "县"),
            pinyin="",
            parent_code=above[-2] if len(above) > 1 else None,
            lo=lo,
            hi=hi,
            valid_from=date(2019, 10, 31),
            edition="test",
        )


def text(response: HttpResponse) -> str:
    """The page; checked on the way for anything that the content security policy would stop."""
    page = response.content.decode()
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert not _STYLE.search(page), _STYLE.search(page)
    assert not _SCRIPT.search(page), _SCRIPT.search(page)
    return page
