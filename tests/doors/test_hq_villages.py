"""The desk's page of villages that count themselves: posters, figures, bars, and red where somebody is unwell."""

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from lianfang.kernel.clock import now
from lianfang.kernel.tokens import hashed
from lianfang.quarantine.models import VillageCheckIn
from lianfang.quarantine.rules import half_day
from tests.doors.desk import City, at_desk, text

LIST, NEW = "/desk/check-in/villages", "/desk/check-in/villages/new"
FIVE = ">5 户 <span"
VILLAGE, OTHER = "210381101200", "210381101201"


def opened(client: Client, village: str = VILLAGE) -> str:
    """The poster's token, off the paper."""
    page = text(client.post(NEW, {"division": village, "days": "14"}))
    (token,) = re.findall(r"/v/#(v_[\w-]+)</p>", page)
    return token


def say(token: str, households: int, *, unwell: int = 0) -> None:
    at = now()
    with connections["owner"].cursor() as cursor:
        for n in range(households):
            values = [
                hashed(token),
                uuid4(),
                half_day(at).day,
                half_day(at).half,
                str(n).encode(),
                3,
                unwell,
                at,
            ]
            cursor.execute("SELECT lianfang_village_report(%s, %s, %s, %s, %s, %s, %s, %s)", values)


def test_an_empty_page_says_why_and_offers_the_next_act(city: City) -> None:
    page = text(city.haicheng.get(LIST))
    assert "还没有村开自愿打卡" in page
    assert NEW in page


def test_a_poster_names_the_village_and_stands_on_this_page_only(city: City) -> None:
    page = text(city.haicheng.post(NEW, {"division": VILLAGE, "days": "14"}))
    assert "大孤山村" in page
    assert f":{settings.HTTPS_PORT}/v/#v_" in page
    assert 'src="data:image/svg+xml' in page
    assert "No name, no telephone, no document" in page
    (token,) = re.findall(r"/v/#(v_[\w-]+)</p>", page)
    assert token not in text(city.haicheng.get(LIST))
    assert VillageCheckIn.objects.using("owner").get().until - now() > timedelta(days=13)


def test_a_township_chooses_among_its_villages(city: City) -> None:
    page = text(city.township.get(NEW))
    assert "大孤山村" in page
    assert "小孤山村" in page
    assert 'value="210381101"' not in page


@pytest.mark.parametrize(
    "given", [{"days": "7"}, {"division": VILLAGE, "days": "31"}, {"division": "210381101", "days": "7"}]
)
def test_what_is_no_village_or_too_long_opens_nothing(city: City, given: dict[str, str]) -> None:
    assert city.haicheng.post(NEW, given).status_code == 400
    assert not VillageCheckIn.objects.using("owner").exists()


def test_the_next_countys_desk_opens_closes_and_sees_none_of_it(city: City) -> None:
    assert city.xiuyan.post(NEW, {"division": VILLAGE, "days": "7"}).status_code == 400
    opened(city.haicheng)
    one = VillageCheckIn.objects.using("owner").get()
    assert city.xiuyan.post(f"{LIST}/{one.id}/close").status_code == 404
    assert "大孤山" not in text(city.xiuyan.get(LIST))


def test_figures_of_five_households_are_shown_with_a_bar_for_the_half_day(city: City) -> None:
    say(opened(city.haicheng), 5)
    page = text(city.headquarters.get(LIST))
    assert "大孤山村" in page
    assert FIVE in page
    assert "15 人" in page
    assert page.count("<rect") == 1
    assert "village-bar--shown" in page
    assert "有人不舒服，请乡镇派人" not in page


def test_fewer_than_five_are_hidden_and_a_village_with_somebody_unwell_is_red_and_first(city: City) -> None:
    say(opened(city.haicheng), 5)
    say(opened(city.haicheng, OTHER), 2, unwell=1)
    page = text(city.township.get(LIST))
    assert page.index("小孤山村") < page.index("大孤山村")
    row = page[page.index("village-unwell-row") : page.index("大孤山村")]
    assert "不足5户不显示" in row
    assert "有人不舒服，请乡镇派人去村里问问" in row
    assert ">2 户" not in row
    assert "village-bar--unwell" in row


def test_a_full_village_says_so_to_the_desk(city: City) -> None:
    token = opened(city.haicheng)
    at = now()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO village_report SELECT gen_random_uuid(), v.id, %s, %s, 1, 0, %s, convert_to(n::text, 'UTF8') "
            "FROM village_check_in v, generate_series(1, 2000) n",
            [half_day(at).day, half_day(at).half, at],
        )
    assert token
    assert "已满" in text(city.haicheng.get(LIST))


def test_a_posters_token_opens_no_other_door(city: City) -> None:
    token = opened(city.haicheng)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/v1/board").status_code == 401
    assert client.get("/api/v1/device").status_code == 401
    assert client.get(LIST).status_code == 302
    asked = client.post("/api/v1/roster", {"pin": "2580"}, content_type="application/json")
    assert asked.status_code in (401, 403)
    assert at_desk(SimpleNamespace(session=token)).get(LIST).status_code == 302  # type: ignore[arg-type]


def test_closing_ends_the_poster_and_a_new_one_may_be_printed(city: City) -> None:
    token = opened(city.haicheng)
    one = VillageCheckIn.objects.using("owner").get()
    page = text(city.haicheng.post(f"{LIST}/{one.id}/close", follow=True))
    assert "已停止" in page
    say(token, 5)
    assert FIVE not in text(city.haicheng.get(LIST))
    assert opened(city.haicheng) != token
    assert "正在打卡" in text(city.haicheng.get(LIST))


def test_who_only_looks_finds_no_form(city: City) -> None:
    opened(city.haicheng)
    assert "打印新海报" in text(city.township.get(LIST))
    assert city.screen.get(LIST).status_code == 403
    assert city.administrator.post(NEW).status_code == 403


def test_many_villages_come_page_by_page(city: City) -> None:
    at = now()
    VillageCheckIn.objects.using("owner").bulk_create(
        VillageCheckIn(
            division=f"210381101{n}", jurisdiction=int(f"210381101{n}000000"), token_hash=str(n).encode(), opened_at=at,
            until=at + timedelta(days=1),
        )
        for n in range(300, 360)
    )  # fmt: skip
    first = text(city.haicheng.get(LIST))
    assert first.count("<tr") == 1 + 50
    assert "?after=50" in first
    assert text(city.haicheng.get(f"{LIST}?after=50")).count("<tr") == 1 + 10


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "今天在家几个人"), ("en", "How many are at home today")]
)
def test_the_households_page_knows_no_village_and_speaks_both_languages(
    city: City, language: str, words: str
) -> None:
    response = Client().get("/v/", HTTP_ACCEPT_LANGUAGE=language)
    page = text(response)
    assert words in page
    assert "大孤山" not in page
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"].startswith("max-age=0") or "no-store" in response["Cache-Control"]
