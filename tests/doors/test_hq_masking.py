"""Masked on every page and in every file of the desk; unmasked by one tap on a purpose, which is noted."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from lianfang.checkpoints.models import PaperPad, Registration
from lianfang.command.services import worker_session
from lianfang.doors.hq.mending.passage import OF_PASSAGE
from lianfang.doors.hq.mending.person import OF_PERSON
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.doors.test_default_deny import PUBLIC, SAMPLES, addresses
from tests.factories import HAICHENG, SHANGHAI, Generated, Json

NUMBER = Generated(71).resident_id()
WRONG_NUMBER = Generated(72).resident_id()
PHONE, WRONG_PHONE = "13900004321", "13900008765"
NAME, PLATE = "欧阳小满", "辽C54321"
ADDRESS = "幸福小区 37 号楼 7904 室"
SECRETS = {
    "document": NUMBER,
    "birthday": NUMBER[6:14],
    "corrected document": WRONG_NUMBER,
    "phone": PHONE,
    "corrected phone": WRONG_PHONE,
    "house": "37 号楼",
    "room": "7904",  # stands in no date and no hour, however they are written
}
# What a page carries that chance makes: four digits may stand anywhere in it.
MADE_BY_CHANCE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|name=\"csrfmiddlewaretoken\" value=\"\w+\""
)

MOST_PAGES = 300


@dataclass
class Traveller:
    """Somebody known by everything that can be known, registered by phone and once more from paper."""

    passage: Json
    pad: int
    row: int


def typed(row: int) -> Json:
    earlier = datetime.now(SHANGHAI) - timedelta(hours=3)
    return {
        "row": row, "day": earlier.date().isoformat(), "clock": f"{earlier:%H%M}", "plate": PLATE, "direction": "IN",
        "transport": "CAR", "purpose": "COMMUTE", "officer": "王警官", "people_typed": 1, "p1-name": NAME,
        "p1-type": "RESIDENT_ID", "p1-number": NUMBER, "p1-phone": PHONE, "p1-from-place": "武汉", "p1-to-place": "孤山镇",
        "p1-address": ADDRESS, "p1-celsius": "36.5", "p1-symptoms": "", "p1-contact": "NO",
    }  # fmt: skip


@pytest.fixture
def traveller(city: City) -> Traveller:
    person = city.generated.person(
        name=NAME,
        document={"type": "RESIDENT_ID", "number": WRONG_NUMBER},
        phone=WRONG_PHONE,
        destination={"code": "210381101200", "address": ADDRESS},
        answers={"question": f"家里电话 {PHONE}", "paper_to": ADDRESS},
        occupation=f"司机 {PHONE}",
    )
    passage = city.register(people=[person], plate=PLATE, vehicle_note=f"车主 {PHONE}")
    for field, given in (
        ("document", {"type": "RESIDENT_ID", "number": NUMBER}),
        ("phone", {"new": PHONE}),
        ("destination", {"place": "", "division": "210381101201", "address": ADDRESS}),
    ):
        corrected = city.haicheng.post(
            f"/desk/passages/{passage['id']}/people/{person['id']}/correct?field={field}",
            {"reason": f"来电 {PHONE} 说是 {NUMBER}", "id": str(uuid7()), **given},
        )
        assert corrected.status_code == 302, text(corrected)
    city.haicheng.post("/desk/paper", {"checkpoint": "GATE", "purpose": "ENTRY", "rows": 40})
    pad = PaperPad.objects.get().number
    saved = city.haicheng.post(f"/desk/transcribe/{pad}", typed(3), follow=True)
    assert "已保存" in text(saved)
    return Traveller(passage, pad, 3)


def everywhere(traveller: Traveller) -> Iterator[str]:
    """Every address that a desk can open, about this very traveller where it is about somebody."""
    known = {
        **SAMPLES, "passage_id": traveller.passage["id"], "person_id": traveller.passage["people"][0]["id"],
        "pad": traveller.pad, "row": traveller.row,
    }  # fmt: skip
    for pattern in addresses():
        if pattern.name not in PUBLIC:
            yield reverse(str(pattern.name), kwargs=_wanted(pattern, known))
    passage, person = known["passage_id"], known["person_id"]
    for field in (*OF_PASSAGE, "checkpoint"):
        yield f"/desk/passages/{passage}/correct?field={field}"
    for field in (*OF_PERSON, "guardian_id"):
        yield f"/desk/passages/{passage}/people/{person}/correct?field={field}"
    for finding in ("BAD_CHECKSUM", "INCOMPLETE", "SHARED_PHONE", "DUPLICATE", "IMPOSSIBLE_RATE"):
        yield f"/desk/quality/{finding}"
    yield from (
        "/desk/passages?direction=IN",
        "/desk/passages?from=all",
        f"/desk/transcribe/{traveller.pad}/rows?open=1",
    )


def _wanted(pattern: URLPattern, known: dict[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in pattern.pattern.converters}


def said(response: HttpResponse) -> str:
    """All that an answer carries: a page, or every part of a sheet."""
    if response.streaming:
        return b"".join(response).decode()
    if response.content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(response.content)) as file:
            return "".join(file.read(name).decode() for name in file.namelist())
    return response.content.decode()


def shown(page: str) -> set[str]:
    """Which secrets stand in it, whatever is written between their characters; the lines that a code's picture is drawn by are
    numbers too, and nobody reads them.
    """
    page = MADE_BY_CHANCE.sub("", re.sub(r"data:image/svg\+xml[^\"]*", "", page))
    bare = re.sub(r"[\s\u3000-]", "", page)
    return {name for name, secret in SECRETS.items() if secret in page or secret.replace(" ", "") in bare}


def entries(act: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.using("owner").filter(act=act).order_by("number"))


@pytest.mark.parametrize("role", ["HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK", "CHECKPOINT_LEAD"])
def test_no_page_and_no_sheet_shows_a_number_or_an_address(
    city: City, traveller: Traveller, role: str
) -> None:
    """Every address there is, and whatever these pages link to."""
    client, pages = at_desk(factories.officer(role, HAICHENG)), 0
    todo, seen = [*everywhere(traveller)], set[str]()
    while todo:
        address = todo.pop()
        seen.add(address)
        response = client.get(address)
        page = said(response)
        assert not shown(page), (address, shown(page))
        if PLATE in page:
            pages += 1
            assert NAME not in page or re.match(r"/desk/(passages/[0-9a-f]|transcribe/)", address), address
        linked = {unescape(link) for link in re.findall(r'href="(/(?:desk|tables)[^"#]*)"', page)}
        todo += sorted(linked - seen - {*todo}) if len(seen) < MOST_PAGES else []
    assert pages >= (1 if role == "CHECKPOINT_LEAD" else 5)


@pytest.mark.parametrize(("kind", "value"), [("DOCUMENT", NUMBER), ("PHONE", PHONE), ("PLATE", PLATE)])
def test_what_was_searched_for_stands_in_its_box_and_nowhere_else(
    city: City, traveller: Traveller, kind: str, value: str
) -> None:
    page = text(city.haicheng.post("/desk/search", {"kind": kind, "value": value}))
    assert page.count("data-row") == 2
    assert "欧阳**" in page
    assert NAME not in page
    assert not shown(page.replace(f'value="{value}"', ""))


def test_the_opened_file_says_the_name_and_masks_the_rest_the_past_too(
    city: City, traveller: Traveller
) -> None:
    page = text(city.haicheng.get(f"/desk/passages/{traveller.passage['id']}"))
    for word in (NAME, f"{NUMBER[:6]}********{NUMBER[-4:]}", f"{WRONG_NUMBER[:6]}********{WRONG_NUMBER[-4:]}",
                 "139****4321", "139****8765", "幸福小区**", "来电 13*******21 说是"):  # fmt: skip
        assert word in page, word


class TestUnmasking:
    def test_one_tap_from_the_file_shows_all_of_it_and_says_so(
        self, city: City, traveller: Traveller
    ) -> None:
        address = f"/desk/passages/{traveller.passage['id']}"
        page = text(city.haicheng.get(address))
        assert re.findall(r'name="purpose" value="(\w+)"', page) == [
            "INVESTIGATION", "SUBJECT_ASKED", "CORRECTION", "INSPECTION",
        ]  # fmt: skip
        response = city.haicheng.post(f"{address}/unmask", {"purpose": "INVESTIGATION"})
        page = text(response)
        assert shown(page) == {*SECRETS}
        assert "no-store" in response["Cache-Control"]
        assert response["Refresh"].endswith(f"url={address}")
        (entry,) = entries("UNMASKED")
        assert (entry.subject, entry.count, entry.purpose) == (
            f"PASSAGE {traveller.passage['id']}", 1, "INVESTIGATION",
        )  # fmt: skip
        assert entry.jurisdiction == 210381000000000000
        assert "已记录：海城值班员" in page
        assert "为疫情处置查看" in page
        assert page.count(entry.details["reference"]) == 2  # on the screen, and on what is printed

    def test_opened_again_it_is_masked(self, city: City, traveller: Traveller) -> None:
        address = f"/desk/passages/{traveller.passage['id']}"
        city.haicheng.post(f"{address}/unmask", {"purpose": "INSPECTION"})
        again = city.haicheng.get(f"{address}/unmask")
        assert again.status_code == 302
        assert again["Location"] == address
        assert not shown(text(city.haicheng.get(address)))
        assert len(entries("UNMASKED")) == 1

    @pytest.mark.parametrize("purpose", ["", "CURIOSITY", "investigation", "疫情处置"])
    def test_without_a_purpose_of_the_list_nothing_is_shown(
        self, city: City, traveller: Traveller, purpose: str
    ) -> None:
        response = city.haicheng.post(
            f"/desk/passages/{traveller.passage['id']}/unmask", {"purpose": purpose}
        )
        assert response.status_code == 400
        assert not shown(text(response))
        assert entries("UNMASKED") == []

    def test_the_next_county_sees_nothing_and_nothing_is_noted(
        self, city: City, traveller: Traveller
    ) -> None:
        for id in (traveller.passage["id"], uuid7()):
            response = city.xiuyan.post(f"/desk/passages/{id}/unmask", {"purpose": "INVESTIGATION"})
            assert response.status_code == 404
            assert not shown(text(response))
        assert entries("UNMASKED") == []

    @pytest.mark.parametrize("role", ["TOWNSHIP_DESK", "CHECKPOINT_LEAD", "WALL", "ADMINISTRATOR", "AUDITOR"])
    def test_whoever_may_not_is_not_offered_it_and_refused(
        self, city: City, traveller: Traveller, role: str
    ) -> None:
        client = at_desk(factories.officer(role, HAICHENG))
        address = f"/desk/passages/{traveller.passage['id']}"
        assert 'name="purpose"' not in client.get(address).content.decode()
        refused = client.post(f"{address}/unmask", {"purpose": "INVESTIGATION"})
        assert refused.status_code == 403
        assert not shown(text(refused))
        signed_out = Client().post(f"{address}/unmask", {"purpose": "INVESTIGATION"})
        assert signed_out.status_code == 302
        assert entries("UNMASKED") == []

    def test_three_people_cost_as_many_questions_as_one(self, city: City) -> None:
        def asked(people: int) -> int:
            address = f"/desk/passages/{city.register(people=people)['id']}/unmask"
            with CaptureQueriesContext(connection) as questions:
                assert city.haicheng.post(address, {"purpose": "INSPECTION"}).status_code == 200
            return len(questions)

        assert asked(1) == asked(3)


class TestSecondLook:
    def look(self, city: City, traveller: Traveller, number: str) -> HttpResponse:
        client = at_desk(factories.officer("COUNTY_DESK", HAICHENG, name="核对员"))
        given = {"plate": PLATE, "people_typed": 1, "s1-number": number, "s1-celsius": "36.5", "save": "1"}
        return client.post(f"/desk/transcribe/{traveller.pad}/{traveller.row}/look", given)

    def test_the_number_of_the_first_look_is_shown_where_they_differ_and_that_is_noted(
        self, city: City, traveller: Traveller
    ) -> None:
        page = text(self.look(city, traveller, WRONG_NUMBER))
        assert NUMBER in page
        (entry,) = entries("UNMASKED")
        assert (entry.subject, entry.count, entry.purpose) == (
            f"PAPER_LINE P{traveller.pad}-003", 1, "CORRECTION",
        )  # fmt: skip

    def test_where_they_agree_nothing_is_shown_or_noted(self, city: City, traveller: Traveller) -> None:
        assert self.look(city, traveller, NUMBER).status_code == 302
        assert entries("UNMASKED") == []


def test_what_the_log_says_of_it_names_nobody(city: City, traveller: Traveller) -> None:
    city.haicheng.post(f"/desk/passages/{traveller.passage['id']}/unmask", {"purpose": "CORRECTION"})
    for entry in AuditEntry.objects.using("owner").all():
        kept = f"{entry.subject} {entry.purpose} {entry.details}"
        assert not shown(kept)
        assert NAME not in kept
    with reach(worker_session()):
        assert Registration.objects.count() == 2
