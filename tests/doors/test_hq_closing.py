"""Checkpoint day at the desk: who has not closed, closing a shift, what comes after; each role, and the next county."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Checkpoint, ShiftClosing
from lianfang.command.services import worker_session
from lianfang.kernel.days import SHANGHAI
from lianfang.situation.fold import catch_up
from lianfang.situation.models import Fold, FoldPosition
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG, Generated

YESTERDAY = factories.today() - timedelta(days=1)
PAGE = f"/desk/closing/GATE?day={YESTERDAY}"


def yesterday_at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(YESTERDAY, time(hour, minute), SHANGHAI)


def arrive(city: City, *hours: int, people: int = 2) -> None:
    """A car with so many people at each of yesterday's hours, counted on the board."""
    for hour in hours:
        traffic = Generated(seed=hour, at=yesterday_at(hour, len(ShiftClosing.objects.all())))
        answer = city.intake.send(traffic.parcel(traffic.passage(people=people)))
        assert answer["receipts"][0]["status"] == "ACCEPTED", answer
    catch_up(worker_session())


@pytest.fixture
def counted(city: City) -> City:
    """Two cars by day, one in the evening, none at night."""
    arrive(city, 9, 15, 17)
    return city


def close(client: Client, shift: str = "DAY", *, follow: bool = False, **given: object):
    sent = {
        "day": YESTERDAY.isoformat(),
        "shift": shift,
        "report": "COUNTED",
        "vehicles": 2,
        "people": 4,
    } | given
    return client.post("/desk/closing/GATE/close", sent, follow=follow)


def badges(page: str) -> list[str]:
    return re.findall(r'class="badge[^"]*">([^<]+)<', page)


def test_the_overview_says_who_has_not_closed(counted: City) -> None:
    page = text(counted.haicheng.get(f"/desk/closing?day={YESTERDAY}"))
    assert badges(page) == ["未结", "未结", "未结"]
    assert '<div class="headline__number">0<span class="headline__unit">/ 3</span>' in page
    assert f"/desk/closing/GATE?day={YESTERDAY}" in page
    assert close(counted.haicheng).status_code == 302
    page = text(counted.haicheng.get(f"/desk/closing?day={YESTERDAY}"))
    assert badges(page) == ["未结", "已结", "未结"]
    assert '<div class="headline__number">1<span' in page


def test_a_checkpoints_day_shows_records_beside_an_empty_hand_count(counted: City) -> None:
    page = text(counted.haicheng.get(PAGE))
    assert page.count("data-closing") == 3
    assert 'data-vehicles="2" data-people="4"' in page
    assert 'name="vehicles" value=' not in page  # nobody is led to copy the records
    assert "这个班次没有报告" in page  # at night


def test_no_report_is_a_dash_and_a_zero_report_says_so(counted: City) -> None:
    night = text(counted.haicheng.get(PAGE)).split('id="DAY"')[0]
    assert '<td class="number">—</td><td class="number">—</td>' in night
    assert '<td class="number">0</td>' not in night
    closed = close(counted.haicheng, "NIGHT", report="ZERO", vehicles="", people="", follow=True)
    assert "已结：夜班。" in text(closed)
    assert badges(text(closed))[0] == "零报告"
    overview = text(counted.haicheng.get(f"/desk/closing?day={YESTERDAY}"))
    assert badges(overview)[0] == "零报告"


def test_a_difference_asks_for_its_reason_and_keeps_what_was_typed(counted: City) -> None:
    refused = close(counted.haicheng, vehicles=3, people=7)
    page = text(refused)
    assert refused.status_code == 400
    assert "手工 3 台次 / 7 人次，记录 2 台次 / 4 人次，不一样。请写明原因。" in page
    assert 'value="3"' in page
    assert 'value="7"' in page
    assert not ShiftClosing.objects.exists()
    page = text(close(counted.haicheng, vehicles=3, people=7, explanation="一辆车<b>没登记</b>", follow=True))
    assert "一辆车&lt;b&gt;没登记&lt;/b&gt;" in page
    assert '<td class="number">+1</td><td class="number">+3</td>' in page
    assert "海城值班员" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"vehicles": ""}, "请填手工数"),
        ({"people": ""}, "请填手工数"),
        ({"vehicles": "许多"}, "输入整数"),
        ({"vehicles": "2.5"}, "输入整数"),
        ({"vehicles": "-2"}, "不能小于 0"),
        ({"vehicles": "9" * 30}, "没有这么多"),
        ({"report": "ZERO"}, "不能零报告"),
        ({"report": ""}, "必填"),
        ({"report": "NOTHING"}, "NOTHING"),
        ({"explanation": "长" * 201}, "200"),
        ({"day": (YESTERDAY + timedelta(days=40)).isoformat()}, "这一天还没有到"),
        ({"day": (YESTERDAY - timedelta(days=40)).isoformat()}, "最近 30 天"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(counted: City, given: dict[str, object], said: str) -> None:
    response = close(counted.haicheng, **given)
    assert response.status_code == 400
    assert said in text(response)
    assert not ShiftClosing.objects.exists()


@pytest.mark.parametrize("given", [{"shift": "TEATIME"}, {"shift": ""}, {"day": "gestern"}, {"day": ""}])
def test_a_form_without_its_day_or_shift_is_refused(counted: City, given: dict[str, object]) -> None:
    assert close(counted.haicheng, **given).status_code == 400
    assert not ShiftClosing.objects.exists()


def test_the_address_of_the_form_leads_back_to_the_page(counted: City) -> None:
    assert counted.haicheng.get("/desk/closing/GATE/close")["Location"] == "/desk/closing/GATE"


def test_records_that_come_late_are_shown_and_closed_again(counted: City) -> None:
    close(counted.haicheng)
    arrive(counted, 10, 11, people=3)
    page = text(counted.haicheng.get(PAGE))
    assert badges(page)[1] == "结后有变"
    assert "结后又有 2 台次 / 6 人次。" in page
    assert 'name="vehicles" value="2"' in page  # what was counted then, to be mended
    page = text(close(counted.haicheng, vehicles=4, people=10, follow=True))
    assert badges(page)[1] == "已结"
    assert "第 2 次" in page


def test_what_came_between_looking_and_signing_is_not_signed_for_unseen(counted: City) -> None:
    counted.haicheng.get(PAGE)
    arrive(counted, 10, people=3)
    assert "记录 3 台次 / 7 人次" in text(close(counted.haicheng))


def test_figures_that_are_behind_close_nothing(counted: City) -> None:
    FoldPosition.objects.update(watermark=yesterday_at(15))
    assert "汇总还没有赶上" in text(close(counted.haicheng))
    assert close(counted.haicheng, "NIGHT", report="ZERO", vehicles="", people="").status_code == 302


def test_while_figures_are_counted_anew_the_page_says_so(counted: City) -> None:
    FoldPosition.objects.update(next_tx=0)
    assert Fold.objects.exists()
    for address in (PAGE, "/desk/closing", "/desk/closing/GATE/sheet"):
        response = counted.haicheng.get(address)
        assert response.status_code == 503
        assert "重新汇总" in text(response)
    assert close(counted.haicheng).status_code == 503
    assert "未日清日结" in text(counted.haicheng.get("/desk"))


def test_a_day_ahead_owes_nothing_and_nonsense_is_today(city: City) -> None:
    tomorrow = factories.today() + timedelta(days=1)
    page = text(city.haicheng.get(f"/desk/closing/GATE?day={tomorrow}"))
    assert badges(page) == ["未到时间"] * 3
    assert "data-closing" not in page
    assert "还没有该结的班次" in page
    assert text(city.haicheng.get("/desk/closing?day=nonsense")).count('aria-current="true"') == 1


def test_a_shut_shift_says_so_and_has_no_form(city: City) -> None:
    catch_up(worker_session())
    Checkpoint.objects.update(opens_at=time(8), closes_at=time(16))
    page = text(city.haicheng.get(PAGE))
    assert badges(page) == ["未开放", "未结", "未开放"]
    assert page.count("data-closing") == 1
    assert "/ 1</span>" in page


def test_my_work_lists_what_is_owed_until_it_is_closed(counted: City) -> None:
    page = text(counted.haicheng.get("/desk"))
    assert "未日清日结" in page
    assert f"/desk/closing/GATE?day={YESTERDAY}" in page
    for shift, cars in (("DAY", 2), ("EVENING", 1)):
        close(counted.haicheng, shift, vehicles=cars, people=2 * cars)
    close(counted.haicheng, "NIGHT", report="ZERO", vehicles="", people="")
    assert f"/desk/closing/GATE?day={YESTERDAY}" not in text(counted.haicheng.get("/desk"))
    Checkpoint.objects.update(closed_at=yesterday_at(20))
    assert "没有欠结的班次" in text(counted.haicheng.get("/desk"))


class TestWhoMayComeIn:
    def test_the_next_county_sees_no_checkpoint_and_closes_none(self, counted: City) -> None:
        overview = text(counted.xiuyan.get(f"/desk/closing?day={YESTERDAY}"))
        assert "GATE卡口" not in overview
        assert "这一天辖区内没有卡口" in overview
        for address in (PAGE, "/desk/closing/GATE/sheet", "/desk/closing/GATE/sheet.xlsx"):
            stranger = counted.xiuyan.get(address)
            nothing = counted.xiuyan.get(address.replace("GATE", "NOWHERE"))
            assert stranger.status_code == nothing.status_code == 404
            assert "辖区内没有这个卡口" in text(stranger)
            assert "辖区内没有这个卡口" in text(nothing)
            assert "GATE卡口" not in text(stranger)
        assert close(counted.xiuyan).status_code == 404
        assert "GATE" not in text(counted.xiuyan.get("/desk"))
        assert not ShiftClosing.objects.exists()

    def test_a_township_closes_the_posts_of_its_own(self, counted: City) -> None:
        factories.checkpoint("POST", division="210381101")
        assert close(counted.township).status_code == 404
        sent = {"day": YESTERDAY.isoformat(), "shift": "DAY", "report": "ZERO"}
        assert counted.township.post("/desk/closing/POST/close", sent).status_code == 302
        page = text(counted.township.get(f"/desk/closing?day={YESTERDAY}"))
        assert "POST卡口" in page
        assert "GATE卡口" not in page

    def test_headquarters_closes_anywhere(self, counted: City) -> None:
        assert close(counted.headquarters).status_code == 302

    @pytest.mark.parametrize("who", ["screen", "administrator"])
    def test_wall_and_administrator_are_refused(self, counted: City, who: str) -> None:
        client: Client = getattr(counted, who)
        assert client.get("/desk/closing").status_code == 403
        assert client.get(PAGE).status_code == 403
        assert close(client).status_code == 403

    def test_whoever_is_signed_out_is_sent_to_the_sign_in(self, counted: City) -> None:
        assert close(Client()).status_code == 302
        assert "/sign-in" in Client().get(PAGE)["Location"]
        assert not ShiftClosing.objects.exists()

    def test_a_checkpoints_lead_closes_shifts_without_seeing_who_passed(self, counted: City) -> None:
        lead = at_desk(factories.officer("CHECKPOINT_LEAD", HAICHENG))
        page = text(lead.get(PAGE))
        assert badges(page) == ["未结"] * 3
        assert "/desk/passages" not in page
        assert close(lead).status_code == 302
        assert lead.get("/desk/passages").status_code == 403

    def test_whoever_may_only_look_at_passages_closes_nothing(self, counted: City, monkeypatch) -> None:
        monkeypatch.setattr(
            "lianfang.command.queries.sessions.permissions_of", lambda roles: frozenset({"VIEW_PASSAGES"})
        )
        viewer = at_desk(factories.officer("COUNTY_DESK", HAICHENG))
        assert viewer.get(PAGE).status_code == 403
        assert close(viewer).status_code == 403

    def test_a_form_without_its_token_closes_nothing(self, counted: City) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = counted.haicheng.cookies
        assert close(strict).status_code == 403
        assert not ShiftClosing.objects.exists()


@pytest.mark.parametrize(
    "address", ["/desk/closing", PAGE, "/desk/closing/GATE/sheet", "/desk/closing.xlsx", "/desk"]
)
def test_three_checkpoints_cost_as_many_questions_as_one(counted: City, address: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert counted.haicheng.get(address).status_code == 200
        return len(questions)

    close(counted.haicheng)
    one = asked()
    factories.checkpoint("A")
    factories.checkpoint("B")
    assert asked() == one


def test_the_pages_are_in_english_too(counted: City) -> None:
    close(counted.haicheng, vehicles=3, people=4, explanation="x")
    arrive(counted, 10)
    counted.haicheng.cookies["django_language"] = "en"
    page = text(counted.haicheng.get(PAGE))
    assert "1 vehicles / 2 people more since it was closed." in page
    assert "Changed since" in page
    assert "Night" in page
