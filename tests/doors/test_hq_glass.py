"""Breaking the glass at the desk: the form, the red bar on every page, reading there and doing nothing, who is told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import Glass, Officer, OfficerNotice
from lianfang.command.queries import session_reach
from lianfang.command.services import break_glass
from lianfang.kernel.reach import Reach
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG, XIUYAN, Json

REASON = "邻县移交的密接车辆，需核对通行时间"
GIVEN = {"place": "", "division": HAICHENG, "reason": REASON}


@pytest.fixture
def car(city: City) -> Json:
    return city.register(people=2)


def breaks(client: Client, **changes: str) -> None:
    response = client.post("/desk/glass", GIVEN | changes)
    assert (response.status_code, response["Location"]) == (302, "/desk/passages"), text(response)


def bar(client: Client, page: str = "/desk") -> bool:
    return "glass-bar" in text(client.get(page))


class TestLooking:
    def test_the_form_says_what_will_happen(self, city: City) -> None:
        page = text(city.xiuyan.get("/desk/glass"))
        for said in (
            "三小时",
            "只能看",
            "马上知道",
            "审计记录",
            "同时最多 2 处，24 小时内最多 5 次",
            "还没有破过窗",
        ):
            assert said in page

    def test_lists_files_and_searches_of_the_place_open_at_once(self, city: City, car: Json) -> None:
        file, plate = f"/desk/passages/{car['id']}", car["plate"]
        assert city.xiuyan.get(file).status_code == 404
        breaks(city.xiuyan)
        assert plate in text(city.xiuyan.get("/desk/passages"))
        assert plate in text(city.xiuyan.get(file))
        assert plate in text(city.xiuyan.post("/desk/search", {"kind": "PLATE", "value": plate}))

    def test_nothing_there_can_be_done(self, city: City, car: Json) -> None:
        breaks(city.xiuyan)
        page = text(city.xiuyan.get(f"/desk/passages/{car['id']}"))
        assert "/correct" not in page
        assert "/correct" in text(city.haicheng.get(f"/desk/passages/{car['id']}"))
        person = f"/desk/passages/{car['id']}/people/{car['people'][0]['id']}/correct?field=name"
        for address in (f"/desk/passages/{car['id']}/correct?field=plate", person):
            for response in (city.xiuyan.get(address), city.xiuyan.post(address, {"plate": "辽C00000"})):
                assert response.status_code == 403
                assert "破窗查看只能看，不能办理" in text(response)
        assert "一号机" not in text(city.xiuyan.get("/desk/devices"))
        for shut in ("/desk/closing", "/desk/checkpoints", "/desk/paper", "/desk/devices/new"):
            assert "GATE卡口" not in text(city.xiuyan.get(shut)), shut
        assert city.xiuyan.get("/desk/checkpoints/GATE").status_code == 404

    def test_another_officer_of_the_same_desk_sees_nothing(self, city: City, car: Json) -> None:
        breaks(city.xiuyan)
        beside = at_desk(factories.officer("COUNTY_DESK", XIUYAN))
        assert beside.get(f"/desk/passages/{car['id']}").status_code == 404
        assert not bar(beside)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"reason": "查一下"}, "至少 10 个字"),
            ({"reason": ""}, "必填"),
            ({"division": "210300"}, "最大到一个县区"),
            ({"division": XIUYAN}, "本来就在您的辖区内"),
            ({"division": "999999"}, "没有找到这个地名"),
            ({"division": ""}, "没有找到这个地名"),
            ({"reason": "查 13900001234 什么时候来的"}, "不要写证件号"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_broken(
        self, city: City, changes: dict[str, str], said: str
    ) -> None:
        response = city.xiuyan.post("/desk/glass", GIVEN | changes)
        assert response.status_code == 400
        assert said in text(response)
        assert not Glass.objects.exists()

    def test_what_was_typed_is_shown_as_text(self, city: City) -> None:
        breaks(city.xiuyan, reason="<script>alert(1)</script>{{ 7|add:7 }}")
        for page in (
            city.xiuyan.get("/desk/glass"),
            city.haicheng.get("/desk/notices"),
            city.haicheng.get("/desk"),
        ):
            assert "&lt;script&gt;" in text(page)
            assert "{{ 7|add:7 }}" in text(page)


class TestTheBar:
    def test_it_stands_on_every_page_with_the_time_left_and_one_tap_ends_it(
        self, city: City, car: Json
    ) -> None:
        assert not bar(city.xiuyan)
        breaks(city.xiuyan)
        for page in ("/desk", "/desk/passages", "/desk/search", "/desk/devices", "/tables", "/desk/notices"):
            assert bar(city.xiuyan, page), page
        page = text(city.xiuyan.get("/desk"))
        assert "破窗查看：辽宁省鞍山市海城市" in page
        assert re.search(r'data-seconds="10[78]\d\d"', page)
        assert "2 小时 59 分" in page
        ended = city.xiuyan.post(ending(page))
        assert (ended.status_code, ended["Location"]) == (302, "/desk/glass")
        assert not bar(city.xiuyan)
        assert city.xiuyan.get(f"/desk/passages/{car['id']}").status_code == 404
        assert "提前结束" in text(city.xiuyan.get("/desk/glass"))

    def test_it_goes_when_the_time_is_over(self, city: City, car: Json) -> None:
        breaks(city.xiuyan)
        ago = datetime.now(UTC) - timedelta(hours=3, seconds=1)
        Glass.objects.update(broken_at=ago, ends_at=ago + timedelta(hours=3))
        assert not bar(city.xiuyan)
        assert city.xiuyan.get(f"/desk/passages/{car['id']}").status_code == 404
        assert "到时结束" in text(city.xiuyan.get("/desk/glass"))

    def test_a_stranger_does_not_end_it(self, city: City) -> None:
        breaks(city.xiuyan)
        address = ending(text(city.xiuyan.get("/desk")))
        for stranger in (
            at_desk(factories.officer("COUNTY_DESK", XIUYAN)),
            city.township,
            city.administrator,
        ):
            assert stranger.post(address).status_code == 404
        assert Client().post(address).status_code == 302
        assert bar(city.xiuyan)
        assert city.xiuyan.get(address).status_code == 405


class TestWhoIsTold:
    def test_the_desk_of_the_place_and_headquarters_read_it_on_their_next_page(self, city: City) -> None:
        breaks(city.xiuyan)
        for client in (city.haicheng, city.headquarters):
            for page in ("/desk", "/desk/devices"):
                shown = text(client.get(page))
                assert "值班员 破窗查看 辽宁省鞍山市海城市" in shown
                assert REASON in shown
        for client in (city.xiuyan, city.township, city.administrator):
            assert REASON not in text(client.get("/desk/notices"))

    def test_read_it_stands_on_the_page_of_notices_only(self, city: City) -> None:
        breaks(city.xiuyan)
        notice = OfficerNotice.objects.get(officer=officer_at(city.haicheng))
        answer = city.haicheng.post(f"/desk/notices/{notice.id}/read", {"next": "/desk/devices"})
        assert answer["Location"] == "/desk/devices"
        assert REASON not in text(city.haicheng.get("/desk"))
        assert REASON in text(city.haicheng.get("/desk/notices"))
        assert REASON in text(city.headquarters.get("/desk"))

    @pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
    def test_reading_leads_nowhere_else(self, city: City, wanted: str) -> None:
        breaks(city.xiuyan)
        notice = OfficerNotice.objects.get(officer=officer_at(city.haicheng))
        answer = city.haicheng.post(f"/desk/notices/{notice.id}/read", {"next": wanted})
        assert answer["Location"] == "/desk/notices"

    def test_nobody_reads_another_s_notice(self, city: City) -> None:
        breaks(city.xiuyan)
        notice = OfficerNotice.objects.get(officer=officer_at(city.haicheng))
        assert city.xiuyan.post(f"/desk/notices/{notice.id}/read").status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_who_answers_for_the_place_ends_it_at_once(self, city: City, car: Json) -> None:
        breaks(city.xiuyan)
        page = text(city.haicheng.get("/desk/notices"))
        assert "马上结束" in page
        assert city.haicheng.post(ending(page))["Location"] == "/desk/notices"
        assert city.xiuyan.get(f"/desk/passages/{car['id']}").status_code == 404
        assert not bar(city.xiuyan)
        assert "马上结束" not in text(city.haicheng.get("/desk/notices"))

    def test_more_than_three_are_counted(self, city: City) -> None:
        for number in range(5):
            factories.officer("COUNTY_DESK", f"21030{number + 2}")
        for reach in officers_elsewhere(4):
            break_glass(by=reach, division=HAICHENG, reason=REASON, at=datetime.now(UTC))
        page = text(city.haicheng.get("/desk"))
        assert page.count("知道了") == 3
        assert "还有 1 条没有看" in page

    def test_the_auditor_lists_every_time(self, city: City) -> None:
        auditor = at_desk(factories.officer("AUDITOR", factories.ANSHAN))
        assert "还没有人破过窗" in text(auditor.get("/desk/glass/all"))
        breaks(city.xiuyan)
        page = text(auditor.get("/desk/glass/all"))
        assert REASON in page
        assert "2 人，看过 0 人" in page
        for client in (city.headquarters, city.haicheng, city.administrator):
            assert client.get("/desk/glass/all").status_code == 403


class TestCost:
    def questions(self, client: Client, page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    def test_three_notices_cost_as_many_questions_as_one(self, city: City) -> None:
        counts = []
        for reach in officers_elsewhere(3):
            break_glass(by=reach, division=HAICHENG, reason=REASON, at=datetime.now(UTC))
            counts.append(
                [self.questions(city.haicheng, page) for page in ("/desk/devices", "/desk/notices")]
            )
        assert counts[0] == counts[1] == counts[2]

    def test_where_there_is_nothing_to_tell_one_question_is_asked(self, city: City) -> None:
        quiet = self.questions(city.haicheng, "/desk/devices")
        (reach,) = officers_elsewhere(1)
        break_glass(by=reach, division=HAICHENG, reason=REASON, at=datetime.now(UTC))
        assert self.questions(city.haicheng, "/desk/devices") == quiet + 1, "the names of places"

    def test_two_panes_cost_as_many_as_one(self, city: City) -> None:
        counts = []
        for division in (HAICHENG, "210321"):
            break_glass(by=reach_at(city.xiuyan), division=division, reason=REASON, at=datetime.now(UTC))
            counts.append([self.questions(city.xiuyan, page) for page in ("/desk/devices", "/desk/glass")])
        assert counts[0] == counts[1]


def ending(page: str) -> str:
    found = re.search(r'action="(/desk/glass/[\w-]+/close)"', page)
    assert found
    return found[1]


def reach_at(client: Client) -> Reach:
    found = session_reach(client.cookies["lianfang_session"].value)
    assert found is not None
    return found


def officer_at(client: Client) -> Officer:
    return Officer.objects.get(pk=reach_at(client).officer_id)


def officers_elsewhere(count: int) -> list[Reach]:
    return [
        factories.officer("COUNTY_DESK", f"21030{number + 2}", name="别县值班员") for number in range(count)
    ]
