"""The security administrator's page: roles are granted over divisions, changed and ended, and hold from the next click."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import Officer, Posting
from lianfang.kernel.days import SHANGHAI, day_of
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import ANSHAN, HAICHENG, XIUYAN

PAGE = "/desk/postings"
DAY = timedelta(days=1)


@pytest.fixture
def security(city: City) -> Client:
    return at_desk(factories.officer("SECURITY_ADMINISTRATOR", ANSHAN, name="市安全管理员"))


def now() -> datetime:
    return datetime.now(UTC)


def somebody(name: str = "王芳") -> Officer:
    return Officer.objects.create(
        sign_in_name=f"wang{Officer.objects.count()}",
        name=name,
        password="!",
        made_at=now(),
        password_set_at=now(),
    )


def grant(client: Client, officer: Officer, **given: str) -> HttpResponse:
    filled = {"role": "COUNTY_DESK", "place": "海城市", "division": HAICHENG} | given
    return client.post(f"{PAGE}/{officer.id}", filled)


def end(client: Client, posting: Posting) -> HttpResponse:
    return client.post(f"{PAGE}/{posting.id}/end", follow=True)


class TestTheList:
    def test_says_who_is_posted_where_and_who_is_not(self, city: City, security: Client) -> None:
        somebody()
        page = text(security.get(PAGE))
        assert "未授岗" in page
        assert "辽宁省鞍山市海城市" in page
        assert "授岗</a>" in page
        (own,) = (row for row in page.split("</table>")[0].split("<tr>") if ">市安全管理员</td>" in row)
        assert "<a" not in own

    def test_asks_the_database_as_often_for_one_as_for_many(self, city: City, security: Client) -> None:
        def asked(address: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                assert security.get(address).status_code == 200
            return len(queries)

        officer = Officer.objects.get(name="海城值班员")
        for address in (PAGE, f"{PAGE}/{officer.id}"):
            asked(address)
            one = asked(address)
            for division in ("210381101", XIUYAN, ANSHAN):
                factories.officer("COUNTY_DESK", HAICHENG)
                Posting.objects.create(
                    officer=officer, role="COUNTY_DESK", division=division, lo=210381 * 10**12, hi=210381 * 10**12 + 9,
                    from_at=now() - DAY, until_at=now() if division == ANSHAN else None,
                )  # fmt: skip
            assert asked(address) == one


class TestGranting:
    def test_holds_from_the_officers_next_click(self, city: City, security: Client) -> None:
        officer = somebody()
        desk = at_desk(factories.session_of(officer))
        assert desk.get("/desk/passages").status_code == 403
        response = grant(security, officer)
        assert response["Location"] == f"{PAGE}/{officer.id}"
        assert desk.get("/desk/passages").status_code == 200
        page = text(security.get(f"{PAGE}/{officer.id}"))
        for said in ("已授予", "县区值班员", "辽宁省鞍山市海城市", "长期", "市安全管理员"):
            assert said in page

    def test_a_place_may_be_typed_and_a_wrong_one_is_said(self, city: City, security: Client) -> None:
        officer = somebody()
        assert grant(security, officer, place="海城市", division="").status_code == 302
        assert grant(security, somebody(), place="无此地", division="").status_code == 400
        assert grant(security, somebody(), place="", division="").status_code == 400
        response = grant(security, somebody(), place="武汉市", division="420100")
        assert response.status_code == 400
        assert "不在您的管辖范围内" in text(response)

    def test_the_last_day_counts_to_its_end(self, city: City, security: Client) -> None:
        officer, today = somebody(), day_of(now())
        assert grant(security, officer, until=today.isoformat()).status_code == 302
        until = officer.postings.get().until_at
        assert until is not None
        assert until.astimezone(SHANGHAI) == datetime.combine(today + DAY, datetime.min.time(), SHANGHAI)
        for wrong in ((today - DAY).isoformat(), "0001-01-01", "x", "9999-12-31"):
            assert grant(security, somebody(), until=wrong).status_code == 400, wrong

    @pytest.mark.parametrize("role", ["WORKER", "", "EMPEROR", "COUNTY_DESK' --"])
    def test_a_role_that_is_not_on_offer_is_not_granted(
        self, city: City, security: Client, role: str
    ) -> None:
        officer = somebody()
        assert grant(security, officer, role=role).status_code == 400
        assert "WORKER" not in text(security.get(f"{PAGE}/{officer.id}"))
        assert not officer.postings.exists()

    def test_another_role_is_refused_in_a_sentence_and_changed_on_wish(
        self, city: City, security: Client
    ) -> None:
        officer = somebody()
        grant(security, officer)
        held = officer.postings.get()
        page = text(security.get(f"{PAGE}/{officer.id}"))
        assert "结束 辽宁省鞍山市海城市 县区值班员，改任" in page
        response = grant(
            security, officer, role="TOWNSHIP_DESK", place="孤山镇", division="210381101", instead=""
        )
        assert response.status_code == 400
        assert "一人同时只任一个岗位" in text(response)
        wish = {"role": "TOWNSHIP_DESK", "place": "孤山镇", "division": "210381101", "instead": str(held.id)}
        assert grant(security, officer, **wish).status_code == 302
        assert officer.postings.get(until_at=None).role == "TOWNSHIP_DESK"
        page = text(security.get(f"{PAGE}/{officer.id}"))
        assert "市安全管理员结束" in page

    def test_only_a_posting_of_this_officer_is_changed(self, city: City, security: Client) -> None:
        officer, other = somebody(), Officer.objects.get(name="海城值班员")
        theirs = other.postings.get()
        for instead in (str(theirs.id), str(uuid4()), "x"):
            assert grant(security, officer, instead=instead).status_code == 400
        assert other.postings.get(until_at=None) == theirs

    def test_the_three_administrators_are_three_people(self, city: City, security: Client) -> None:
        officer = somebody()
        grant(security, officer, role="AUDITOR")
        factories.officer("AUDITOR", ANSHAN)
        Officer.objects.exclude(sign_in_name="system:work").update(password_set_at=now())
        end(security, officer.postings.get())
        response = grant(security, officer, role="ADMINISTRATOR")
        assert response.status_code == 400
        assert "三员由三个人分任" in text(response)


class TestEnding:
    def test_ends_what_the_officer_sees_from_the_next_click_on(self, city: City, security: Client) -> None:
        passage = city.register()
        address = f"/desk/passages/{passage['id']}"
        script_of = Officer.objects.get(name="海城值班员")
        script = factories.session_of(script_of, kind="TOKEN")
        bearer = Client(headers={"Authorization": f"Bearer {script.session}"})
        assert city.haicheng.get(address).status_code == 200
        assert bearer.get(address).status_code == 200
        page = end(security, script_of.postings.get())
        assert "已结束" in text(page)
        for client in (city.haicheng, bearer):
            for shut in (address, "/desk", "/desk/passages", "/desk/search", "/api/v1/board", "/wall"):
                response = client.get(shut)
                assert response.status_code == 403, shut
                assert passage["plate"] not in response.content.decode()

    def test_of_oneself_of_another_county_or_again_is_refused(self, city: City, security: Client) -> None:
        own = Posting.objects.get(role="SECURITY_ADMINISTRATOR")
        assert security.post(f"{PAGE}/{own.id}/end").status_code == 403
        county = at_desk(factories.officer("SECURITY_ADMINISTRATOR", HAICHENG))
        theirs = Posting.objects.get(division=XIUYAN)
        assert county.post(f"{PAGE}/{theirs.id}/end").status_code == 404
        assert county.get(f"{PAGE}/{theirs.officer_id}").status_code == 404
        ours = Posting.objects.get(division="210381101")
        assert county.post(f"{PAGE}/{ours.id}/end").status_code == 302
        assert county.post(f"{PAGE}/{ours.id}/end").status_code == 404

    def test_the_last_of_the_three_is_not_ended(self, city: City, security: Client) -> None:
        auditor = factories.officer("AUDITOR", ANSHAN)
        response = security.post(f"{PAGE}/{Posting.objects.get(role='AUDITOR').id}/end")
        assert response.status_code == 409
        assert "请先授给接任的人" in text(response)
        assert at_desk(auditor).get("/desk/audit").status_code == 200

    def test_a_form_without_its_token_changes_nothing(self, city: City, security: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = security.cookies
        posting = Posting.objects.get(division=XIUYAN)
        assert strict.post(f"{PAGE}/{posting.id}/end").status_code == 403
        assert grant(strict, somebody()).status_code == 403
        assert Posting.objects.get(pk=posting.pk).until_at is None


def test_the_pages_are_in_english_too(city: City, security: Client) -> None:
    security.cookies["django_language"] = "en"
    officer = somebody()
    grant(security, officer)
    page = text(security.get(f"{PAGE}/{officer.id}"))
    for said in ("Posted to", "County duty officer", "Grant, from now on", "End this posting"):
        assert said in page
    main = re.sub(r"辽宁省\S+|王芳|市安全管理员", "", page.split("<main")[1].split("</main>")[0])
    assert not re.search("[\u4e00-\u9fff]", main)


def test_a_security_administrator_begins_at_the_list(city: City, security: Client) -> None:
    assert security.get("/")["Location"] == PAGE
    assert "/desk/officers" not in text(security.get(PAGE))
