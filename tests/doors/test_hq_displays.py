"""Displays: a link is made and shown once, opens the wall on a machine nobody signs in at and nothing else, and ends."""

import html
import logging
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from lianfang.command.models import DisplayToken
from lianfang.command.services import issue_display_token
from lianfang.doors.guard import DISPLAY_COOKIE, SESSION_COOKIE
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.doors.test_default_deny import DESK_ROLES, address, addresses

DAY = timedelta(days=1)
GIVEN = {"name": "一楼大厅", "days": "7"}


def link_on(response: HttpResponse) -> str:
    found = re.search(r'invitation__link">([^<]+)<', text(response))
    assert found
    return html.unescape(found[1])


def issued(*, name: str = "一楼大厅", made: datetime | None = None, lasts: timedelta = DAY) -> str:
    """A token, made now unless told otherwise."""
    return issue_display_token(name=name, lasts=lasts, at=made or datetime.now(UTC))[0]


def revoke(client: Client, token_number: int = 0) -> HttpResponse:
    display = DisplayToken.objects.order_by("made_at")[token_number]
    return client.post(f"/desk/displays/{display.id}/revoke")


def screen(token: str) -> Client:
    """A browser of a projector that holds the cookie."""
    client = Client()
    client.cookies[DISPLAY_COOKIE] = token
    return client


def opened_by(token: str) -> Client:
    """The same by the way a browser goes."""
    client = Client()
    assert client.post("/wall/open", {"token": token})["Location"] == "/wall"
    return client


class TestTheDeskPage:
    def test_without_displays_it_says_what_to_do(self, city: City) -> None:
        page = text(city.headquarters.get("/desk/displays"))
        assert "还没有大屏令牌" in page
        assert 'href="/desk/displays/new"' in page

    def test_a_display_is_made_and_its_link_shown_once(self, city: City) -> None:
        assert 'value="90"' in text(city.headquarters.get("/desk/displays/new"))
        response = city.headquarters.post("/desk/displays/new", GIVEN)
        link = link_on(response)
        assert "no-store" in response["Cache-Control"]
        assert 'src="data:image/svg+xml' in text(response)
        display = DisplayToken.objects.get()
        assert (display.name, display.expires_at - display.made_at) == ("一楼大厅", 7 * DAY)
        page = text(city.headquarters.get("/desk/displays"))
        assert "一楼大厅" in page
        assert "服务器命令行" not in page
        assert urlsplit(link).fragment not in page
        assert urlsplit(link).fragment not in text(city.headquarters.get("/desk/displays/new"))

    def test_the_token_stands_behind_the_hash_of_an_address_others_reach(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lianfang.doors.hq.devices.lan_addresses", lambda: ["192.168.1.20"])
        link = urlsplit(
            link_on(city.headquarters.post("/desk/displays/new", GIVEN, headers={"Host": "localhost:8000"}))
        )
        assert (link.scheme, link.netloc, link.path, link.query) == (
            "https",
            "192.168.1.20:8443",
            "/wall/open",
            "",
        )
        assert link.fragment.startswith("display_")
        named = city.headquarters.post(
            "/desk/displays/new", GIVEN, secure=True, headers={"Host": "lianfang.lan:8443"}
        )
        assert link_on(named).startswith("https://lianfang.lan:8443/wall/open#display_")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"name": " "},
            {"days": "91"},
            {"days": "0"},
            {"days": "x"},
            {"days": ""},
            {"name": "\u200b"},
        ],
    )
    def test_what_is_missing_or_not_on_offer_is_said(self, city: City, wrong: dict[str, str]) -> None:
        response = city.headquarters.post("/desk/displays/new", GIVEN | wrong)
        assert response.status_code == 400
        assert 'role="alert"' in text(response)
        assert not DisplayToken.objects.exists()

    def test_it_tells_good_expired_and_revoked_apart_and_offers_an_end_to_the_good_only(
        self, city: City
    ) -> None:
        issued(name="旧屏", made=datetime.now(UTC) - 2 * DAY)
        issued(name="撤走的屏", made=datetime.now(UTC) - DAY / 2)
        issued(name="在用的屏")
        assert revoke(city.headquarters, 1)["Location"] == "/desk/displays"
        page = text(city.headquarters.get("/desk/displays"))
        assert page.count("服务器命令行") == 3  # as `lianfang token --display` makes them
        assert "十秒内不再显示新的数字" in page
        assert re.search(r'headline__number">1<', page)
        rows = re.findall(r"<tr>\s*<td>(.+?)</td>.*?badge[^>]*>(.+?)<.*?</tr>", page, flags=re.DOTALL)
        assert rows == [("在用的屏", "有效"), ("撤走的屏", "已停用"), ("旧屏", "已过期")]
        assert len(re.findall(r'action="/desk/displays/[^"]+/revoke"', page)) == 1

    def test_revoking_takes_a_deliberate_post(self, city: City) -> None:
        issued()
        path = f"/desk/displays/{DisplayToken.objects.get().id}/revoke"
        assert city.headquarters.get(path).status_code == 405
        strict = Client(enforce_csrf_checks=True)
        strict.cookies[SESSION_COOKIE] = city.headquarters.cookies[SESSION_COOKIE].value
        assert strict.post(path).status_code == 403
        assert DisplayToken.objects.get().revoked_at is None

    def test_what_a_display_is_called_is_never_markup(self, city: City) -> None:
        city.headquarters.post("/desk/displays/new", GIVEN | {"name": "<script>alert(1)</script>"})
        assert "&lt;script&gt;" in text(city.headquarters.get("/desk/displays"))

    @pytest.mark.parametrize("role", [role for role in DESK_ROLES if role != "HEADQUARTERS"])
    def test_nobody_but_headquarters_sees_makes_or_revokes(self, city: City, role: str) -> None:
        token = issued()
        client = at_desk(factories.officer(role, factories.HAICHENG))
        assert client.get("/desk/displays").status_code == 403
        assert client.post("/desk/displays/new", GIVEN).status_code == 403
        assert revoke(client).status_code == 403
        assert "/desk/displays" not in text(client.get("/desk", follow=True))
        assert DisplayToken.objects.count() == 1
        assert screen(token).get("/wall").status_code == 200

    def test_headquarters_finds_it_in_the_menu(self, city: City) -> None:
        assert 'href="/desk/displays"' in text(city.headquarters.get("/desk"))

    def test_three_displays_cost_as_many_questions_as_one(self, city: City) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as questions:
                city.headquarters.get("/desk/displays")
            return len(questions)

        issued()
        one = asked()
        issued(name="会议室")
        issued(name="三楼")
        assert asked() == one


class TestOpeningTheWall:
    def test_the_token_becomes_a_cookie_no_script_reads_and_the_wall_opens(self, city: City) -> None:
        client = Client()
        response = client.post("/wall/open", {"token": issued(lasts=7 * DAY)})
        cookie = response.cookies[DISPLAY_COOKIE]
        assert (response.status_code, response["Location"]) == (302, "/wall")
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["secure"]
        assert 7 * 86_400 - 60 < cookie["max-age"] <= 7 * 86_400
        assert "疫情联防联控" in text(client.get("/wall"))

    def test_over_tls_the_cookie_stays_there(self, city: City) -> None:
        response = Client().post("/wall/open", {"token": issued()}, secure=True)
        assert response.cookies[DISPLAY_COOKIE]["secure"]

    @pytest.mark.parametrize("around", ["{}", "  {} ", "https://192.168.1.20:8443/wall/open#{}", "#{}"])
    def test_the_whole_link_may_be_pasted(self, city: City, around: str) -> None:
        token = issued()
        response = Client().post("/wall/open", {"token": around.format(token)})
        assert response.cookies[DISPLAY_COOKIE].value == token

    def test_without_a_script_the_page_takes_the_token_in_its_form(self, city: City) -> None:
        client = Client(enforce_csrf_checks=True)
        page = text(client.get("/wall/open"))
        form = re.search(r'<form[^>]*action="/wall/open"[^>]*>.*?</form>', page, flags=re.DOTALL)
        assert form
        assert 'name="token"' in form[0]
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form[0])
        assert found
        token = issued()
        assert client.post("/wall/open", {"token": token}).status_code == 403
        response = client.post("/wall/open", {"token": token, "csrfmiddlewaretoken": found[1]})
        assert response["Location"] == "/wall"

    def test_forged_expired_and_revoked_are_answered_alike(self, city: City) -> None:
        old, gone = issued(made=datetime.now(UTC) - 2 * DAY), issued()
        revoke(city.headquarters, 1)
        pages = set()
        for token in ("display_" + "x" * 43, "nonsense", "‮", "x" * 400, old, gone):
            response = Client().post("/wall/open", {"token": token})
            assert response.status_code == 403
            assert DISPLAY_COOKIE not in response.cookies
            page = text(response)
            assert "这个令牌打不开大屏" in page
            page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
            pages.add(page.replace(html.escape(token), ""))
        assert len(pages) == 1

    @pytest.mark.parametrize("token", ["", "   ", "x" * 401])
    def test_what_cannot_be_a_token_is_said_at_the_field(self, city: City, token: str) -> None:
        response = Client().post("/wall/open", {"token": token})
        assert response.status_code == 400
        assert "field__error" in text(response)

    def test_the_page_is_not_kept_and_sends_no_address_on(self, city: City) -> None:
        response = Client().get("/wall/open")
        assert "no-store" in response["Cache-Control"]
        assert response["X-Frame-Options" if "X-Frame-Options" in response else "Content-Security-Policy"]
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert response["Referrer-Policy"] == "same-origin"


class TestWhatADisplayOpens:
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_the_wall_and_nothing_else_of_all_addresses(self, city: City, method: str) -> None:
        city.register()
        client = opened_by(issued())
        for pattern in (p for p in addresses() if p.callback.access != "public"):
            response = getattr(client, method)(address(pattern))
            if pattern.callback.access == "VIEW_WALL":
                assert response.status_code == 200, pattern.name
            else:
                self._is_sent_to_the_sign_in(pattern, response)

    @staticmethod
    def _is_sent_to_the_sign_in(pattern: URLPattern, response: HttpResponse) -> None:
        if address(pattern).startswith("/api/"):
            assert response.status_code == 401, pattern.name
        else:
            assert response.status_code == 302, pattern.name
            assert response["Location"].startswith("/sign-in?next="), pattern.name

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
    def test_it_changes_nothing_anywhere(self, city: City, method: str) -> None:
        client = opened_by(issued())
        for pattern in (p for p in addresses() if p.callback.access != "public"):
            assert getattr(client, method)(address(pattern)).status_code in (302, 401), pattern.name

    def test_a_token_shown_as_an_officer_s_is_nobody_s(self, city: City) -> None:
        token = issued()
        assert Client(headers={"Authorization": f"Bearer {token}"}).get("/wall").status_code == 302
        client = Client()
        client.cookies[SESSION_COOKIE] = token
        assert client.get("/wall").status_code == 302

    def test_an_officer_s_session_shown_as_a_display_is_nobody_s(self, city: City) -> None:
        assert screen(factories.officer().session).get("/wall")["Location"] == "/wall/open"

    def test_who_is_signed_in_at_the_same_machine_is_that_officer(self, city: City) -> None:
        client = opened_by(issued())
        client.cookies[SESSION_COOKIE] = city.haicheng.cookies[SESSION_COOKIE].value
        assert "海城值班员" in text(client.get("/desk"))
        assert client.get("/api/v1/board").status_code == 200
        client.post("/sign-out")
        assert client.get("/desk").status_code == 302
        assert client.get("/wall").status_code == 200

    def test_the_home_page_leads_a_display_to_its_wall(self, city: City) -> None:
        assert opened_by(issued()).get("/")["Location"] == "/wall"


class TestItsEnd:
    @pytest.fixture(params=["forged", "expired", "revoked"])
    def ended(self, request: pytest.FixtureRequest, city: City) -> Client:
        """A screen whose token is good no more, or never was."""
        if request.param == "forged":
            return screen("display_" + "x" * 43)
        made = datetime.now(UTC) - (2 * DAY if request.param == "expired" else DAY / 2)
        client = screen(issued(made=made))
        if request.param == "revoked":
            assert client.get("/wall").status_code == 200
            revoke(city.headquarters)
        return client

    def test_the_wall_leads_to_the_page_that_says_so(self, ended: Client) -> None:
        assert ended.get("/wall")["Location"] == "/wall/open"
        assert "此大屏已停用或已过期" in text(ended.get("/wall/open"))

    def test_the_api_says_that_the_display_has_ended(self, ended: Client) -> None:
        for pattern in (p for p in addresses() if address(p).startswith("/api/")):
            if pattern.callback.access != "public":
                response = ended.get(address(pattern))
                assert response.status_code == 401
                assert response.json()["error"]["code"] == "DISPLAY_ENDED"

    def test_the_desk_only_asks_to_sign_in(self, ended: Client) -> None:
        assert ended.get("/desk")["Location"] == "/sign-in?next=%2Fdesk"

    def test_a_new_token_opens_it_again(self, ended: Client) -> None:
        ended.post("/wall/open", {"token": issued(name="新屏")})
        assert ended.get("/wall").status_code == 200

    def test_whoever_shows_no_token_is_only_asked_to_sign_in(self, city: City) -> None:
        assert Client().get("/api/v1/board").json()["error"]["code"] == "NOT_SIGNED_IN"
        assert Client().get("/wall")["Location"] == "/sign-in?next=%2Fwall"
        assert "已停用" not in text(Client().get("/wall/open"))
        good = opened_by(issued())
        assert good.get("/api/v1/board").json()["error"]["code"] == "NOT_SIGNED_IN"
        assert "已停用" not in text(good.get("/wall/open"))


def test_no_token_stands_in_a_log_or_in_an_address(city: City, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = city.headquarters.post("/desk/displays/new", GIVEN)
    token = urlsplit(link_on(made)).fragment
    client = Client()
    responses = [client.post("/wall/open", {"token": token}), client.get("/wall")]
    revoke(city.headquarters)
    responses += [
        client.get("/wall"),
        client.get("/api/v1/board"),
        client.post("/wall/open", {"token": token}),
    ]
    assert [response.status_code for response in responses] == [302, 200, 302, 401, 403]
    secret = token.removeprefix("display_")
    assert secret not in "".join(response.get("Location", "") for response in responses)
    assert secret not in "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    assert secret not in caplog.text
