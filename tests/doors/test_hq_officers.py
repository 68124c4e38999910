"""The system administrator's page: accounts are listed, appointed, reset and let leave; links are shown once."""

import html
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import ActivationLink, Officer, Posting
from lianfang.kernel.reach import Reach
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import ANSHAN, HAICHENG, XIUYAN

PAGE, NEW = "/desk/officers", "/desk/officers/new"
GIVEN = {"name": "王芳", "sign_in_name": "wangfang"}


@pytest.fixture
def system(city: City) -> Client:
    return at_desk(factories.officer("ADMINISTRATOR", ANSHAN, name="市系统管理员"))


def link_on(response: HttpResponse) -> str:
    found = re.search(r'invitation__link">([^<]+)<', text(response))
    assert found
    return html.unescape(found[1])


def row_of(name: str, page: str) -> str:
    (row,) = (row for row in rows(page) if f">{name}</td>" in row)
    return row


def rows(page: str) -> list[str]:
    return page.split("</table>")[0].split("<tr>")[2:]


def named(name: str) -> Officer:
    return Officer.objects.get(name=name)


class TestTheList:
    def test_says_of_each_officer_what_they_are_and_where(self, city: City, system: Client) -> None:
        Officer.objects.filter(name="海城值班员").update(
            password_set_at=datetime.now(UTC), totp_confirmed_at=datetime.now(UTC)
        )
        Officer.objects.create(
            sign_in_name="demo", name="演示", password="!", made_at=datetime.now(UTC), second_factor=False
        )
        page = text(system.get(PAGE))
        row = row_of("海城值班员", page)
        for said in ("县区值班员", "辽宁省鞍山市海城市", "已激活", "已设", "确认海城值班员离任"):
            assert said in row
        row = row_of("演示", page)
        for said in ("未授岗", "未激活", "演示，不用"):
            assert said in row
        own = row_of("市系统管理员", page)
        assert "本人" in own
        assert "<form" not in own
        assert "后台程序" not in page
        assert "system:work" not in page

    def test_shows_a_posting_that_ends_with_its_last_day(self, city: City, system: Client) -> None:
        officer = named("海城值班员")
        until = datetime(
            datetime.now(UTC).year + 1, 3, 1, 16, tzinfo=UTC
        )  # midnight after 1 March in Shanghai
        Posting.objects.filter(officer=officer).update(until_at=until)
        assert "到 3月1日" in row_of("海城值班员", text(system.get(PAGE)))

    def test_shows_nobody_of_the_next_county_or_of_the_city_above(self, city: City) -> None:
        Officer.objects.filter(postings__division=XIUYAN).update(name="岫岩值班员")
        page = text(city.administrator.get(PAGE))
        assert "海城值班员" in page
        assert "岫岩值班员" not in page
        assert "指挥部值班员" not in page

    def test_finds_a_part_of_a_name_which_stands_in_no_address(self, city: City, system: Client) -> None:
        (row,) = rows(text(system.post(PAGE, {"name": "海城"})))
        assert "海城值班员" in row
        assert "没有找到" in text(system.post(PAGE, {"name": "无此人"}))
        assert system.post(PAGE, {"name": "x" * 41}).status_code == 400
        assert system.post(PAGE, {"name": "a\0b"}).status_code == 400
        assert system.post(PAGE, {"before": "x"}).status_code == 400

    def test_is_turned_page_by_page(
        self, city: City, system: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lianfang.command.queries.officers.OFFICERS_A_PAGE", 3)
        before = re.search(r'name="before" value="([^"]+)"', text(system.get(PAGE)))
        assert before
        first = rows(text(system.get(PAGE)))
        second = rows(text(system.post(PAGE, {"before": before[1]})))
        assert "市系统管理员" in first[0]
        assert (len(first), len(second)) == (3, 3)
        assert not set(first) & set(second)

    def test_asks_the_database_as_often_for_one_as_for_many(self, city: City, system: Client) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                system.get(PAGE)
            return len(queries)

        asked()
        one = asked()
        for _ in range(3):
            factories.officer("COUNTY_DESK", HAICHENG)
        assert asked() == one

    def test_what_was_typed_as_a_name_runs_nowhere(self, city: City, system: Client) -> None:
        Officer.objects.filter(name="海城值班员").update(name="<script>alert(1)</script>{{ 7|add:7 }}")
        page = text(system.get(PAGE))
        assert "<script>alert" not in page
        assert "{{ 7|add:7 }}" in page
        assert "&lt;script&gt;" in text(system.post(PAGE, {"name": "<script>"}))


class TestAppointing:
    def test_makes_an_account_and_shows_its_link_once(self, city: City, system: Client) -> None:
        assert "用户名" in text(system.get(NEW))
        response = system.post(NEW, GIVEN)
        link = link_on(response)
        assert "no-store" in response["Cache-Control"]
        assert re.fullmatch(r"https://\S+/activate/activate_[\w-]{43}", link)
        assert "72 小时" in text(response)
        token = link.rpartition("/")[2]
        assert token not in text(system.get(PAGE))
        assert "未授岗" in row_of("王芳", text(system.get(PAGE)))
        assert system.get(f"/activate/{token}").status_code == 200

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": ""}, "这个字段是必填项"),
            ({"name": "\u200b"}, "请填写姓名"),
            ({"sign_in_name": "Wang Fang"}, "小写字母"),
            ({"sign_in_name": "system:x"}, "小写字母"),
            ({"sign_in_name": "x" * 41}, "40"),
        ],
    )
    def test_says_what_is_wrong(self, city: City, system: Client, wrong: dict[str, str], said: str) -> None:
        response = system.post(NEW, GIVEN | wrong)
        assert response.status_code == 400
        assert said in text(response)
        assert not Officer.objects.filter(sign_in_name=(GIVEN | wrong)["sign_in_name"]).exists()

    def test_a_name_that_is_taken_is_said_and_makes_no_link(self, city: City, system: Client) -> None:
        system.post(NEW, GIVEN)
        response = system.post(NEW, GIVEN | {"name": "另一人"})
        assert response.status_code == 400
        assert "已经有人用了" in text(response)
        assert ActivationLink.objects.count() == 1


def session_of(officer: Officer) -> Reach:
    return factories.session_of(officer)


class TestAnotherLinkAndLeaving:
    def test_another_link_signs_the_officer_out_and_is_shown_once(self, city: City, system: Client) -> None:
        officer = named("海城值班员")
        assert city.haicheng.get("/desk").status_code == 200
        response = system.post(f"{PAGE}/{officer.id}/link")
        assert "/activate/" in link_on(response)
        assert "no-store" in response["Cache-Control"]
        assert city.haicheng.get("/desk").status_code == 302
        assert system.get(f"{PAGE}/{officer.id}/link")["Location"] == PAGE

    def test_who_left_is_signed_out_and_stands_among_those_who_left(self, city: City, system: Client) -> None:
        officer = named("海城值班员")
        response = system.post(f"{PAGE}/{officer.id}/leave", follow=True)
        assert "海城值班员已离任" in text(response)
        assert city.haicheng.get("/desk").status_code == 302
        assert '<td class="short">海城值班员' not in text(system.get(PAGE))
        row = row_of("海城值班员", text(system.get(f"{PAGE}?left=1")))
        assert "已离任" in row
        assert "<form" not in row

    def test_the_security_administrators_account_takes_two(self, city: City, system: Client) -> None:
        security = factories.officer("SECURITY_ADMINISTRATOR", ANSHAN)
        Officer.objects.filter(pk=security.officer_id).update(password_set_at=datetime.now(UTC))
        response = system.post(f"{PAGE}/{security.officer_id}/link")
        assert response.status_code == 403
        assert "不能由系统管理员一人重设" in text(response)
        assert at_desk(security).get("/desk/postings").status_code == 200

    @pytest.mark.parametrize("act", ["link", "leave"])
    def test_nobody_does_it_to_himself_or_to_somebody_else_s(self, city: City, act: str) -> None:
        own = Officer.objects.get(postings__role="ADMINISTRATOR", postings__division=HAICHENG)
        response = city.administrator.post(f"{PAGE}/{own.id}/{act}")
        assert response.status_code == 403
        assert "不能给自己办" in text(response)
        stranger = Officer.objects.get(postings__division=XIUYAN)
        for who in (stranger.id, uuid4(), UUID("00000000-0000-7000-8000-000000000001")):
            response = city.administrator.post(f"{PAGE}/{who}/{act}")
            assert response.status_code == 404
            assert "辖区内没有这名工作人员" in text(response)
        assert city.administrator.get(PAGE).status_code == 200
        assert city.xiuyan.get("/desk").status_code == 200

    def test_a_form_without_its_token_changes_nothing(self, city: City, system: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = system.cookies
        officer = named("海城值班员")
        for address in (f"{PAGE}/{officer.id}/leave", f"{PAGE}/{officer.id}/link", NEW):
            assert strict.post(address, GIVEN).status_code == 403
        assert Officer.objects.get(pk=officer.id).left_at is None


def test_the_pages_are_in_english_too(city: City, system: Client) -> None:
    system.cookies["django_language"] = "en"
    page = text(system.get(PAGE))
    for said in ("Officers' accounts", "County duty officer", "Not activated", "in service"):
        assert said in page
    assert "The link is shown here once" in text(system.post(NEW, GIVEN))


def test_an_administrator_begins_at_the_list_and_its_line_stands_in_the_menu(
    city: City, system: Client
) -> None:
    assert system.get("/")["Location"] == PAGE
    assert 'href="/desk/officers" aria-current="page"' in text(system.get(PAGE))
    assert "/desk/postings" not in text(system.get(PAGE))
    assert "/desk/officers" not in text(city.headquarters.get("/desk"))


def test_sessions_end_an_hour_old_or_new(city: City, system: Client) -> None:
    officer = named("海城值班员")
    sessions = [session_of(officer) for _ in range(3)] + [
        factories.session_of(officer, kind="TOKEN", lasts=timedelta(hours=12))
    ]
    system.post(f"{PAGE}/{officer.id}/leave")
    for one in sessions:
        assert at_desk(one).get("/desk").status_code == 302
        script = Client(headers={"Authorization": f"Bearer {one.session}"})
        assert script.get("/api/v1/board").status_code == 401
