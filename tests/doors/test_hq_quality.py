"""The pages on data quality: right, private, for every role, for the next county, and at a steady cost."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Device
from lianfang.doors import words
from lianfang.doors.hq import quality_telling
from lianfang.kernel.days import start_of
from lianfang.situation import quality
from lianfang.situation.models import QualityTask
from lianfang.situation.quality.thresholds import DOCUMENTS_OF_A_PHONE
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG, Generated, Json

YESTERDAY = factories.today() - timedelta(days=1)
NOON = start_of(YESTERDAY) + timedelta(hours=12)
DAYS = f"day={YESTERDAY}&days=1"
PHONE = "13900001234"
ROLES_THAT_SEE = ("HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK")


@pytest.fixture
def noon(city: City) -> Iterator[City]:
    """The city, in which everything happens round noon yesterday; its phone was enrolled just now."""
    Device.objects.update(enrolled_at=datetime.now(UTC) - timedelta(hours=1))
    city.generated = Generated(seed=5, at=NOON)
    city.intake.received_at = NOON + timedelta(seconds=10)
    yield city
    city.intake.received_at = None


def incomplete(city: City, officer: str = "007", **person: object) -> Json:
    return city.register(people=[city.generated.person(name=None, **person)], officer=officer)


def everything(city: City) -> list[Json]:
    """At least one finding of most kinds, on one telephone and one plate."""
    made = [
        city.register(
            people=[city.generated.person(phone=PHONE)], plate="辽C12345", checkpoint="NOWHERE", officer="007"
        )
        for _ in range(DOCUMENTS_OF_A_PHONE + 8)
    ]
    return [*made, incomplete(city)]


def only_row(client: Client, code: str) -> str:
    """The address of the passages behind the only finding of a kind."""
    page = text(client.get(f"/desk/quality/{code}?{DAYS}"))
    assert page.count("data-row") == 1
    return f"/desk/quality/{code}/rows?" + page.split(f"/desk/quality/{code}/rows?")[1].split('"')[0].replace(
        "&amp;", "&"
    )


def assign_address(rows: str) -> str:
    return rows.replace("/rows?", "/assign?")


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


class TestOverview:
    def test_every_kind_has_a_card_with_its_count_and_its_worst(self, noon: City) -> None:
        for officer in ("001", "002", "003", "004", "004"):
            incomplete(noon, officer)
        page = text(noon.haicheng.get(f"/desk/quality?{DAYS}"))
        for word in words.FINDINGS.values():
            assert f"<h2>{word}</h2>" in page
        assert "全部 4 处" in page
        assert page.count("data-row") == 3
        assert page.index("004") < page.index("001")
        assert not re.search(r"(?<![\w-])003(?![\w-])", page)  # not in the form's token, which holds anything

    def test_nothing_found_is_not_the_same_as_nothing_reported(self, noon: City) -> None:
        page = text(noon.haicheng.get(f"/desk/quality?{DAYS}"))
        assert (
            page.count("没有报告") == 9
        )  # eight cards and the head; phones that are silent are known anyway
        noon.register()
        page = text(noon.haicheng.get(f"/desk/quality?{DAYS}"))
        assert "没有报告" not in page
        assert page.count("没有发现问题") == 9
        assert '<div class="headline__number">0<' in page

    def test_no_page_of_findings_tells_a_number_a_plate_or_a_name(self, noon: City) -> None:
        made = everything(noon)
        addresses = [f"/desk/quality?{DAYS}", *(f"/desk/quality/{code}?{DAYS}" for code in words.FINDINGS)]
        pages = "".join(text(noon.haicheng.get(address)) for address in addresses)
        for code in ("SHARED_PHONE", "DUPLICATE", "IMPOSSIBLE_RATE", "UNKNOWN_CHECKPOINT", "INCOMPLETE"):
            assert f"/desk/quality/{code}/rows?" in pages
        with connection.cursor() as cursor:
            cursor.execute("SET lianfang.session = ''")
        for passage in made:
            person = passage["people"][0]
            said = (passage["plate"], person.get("name"), person["document"]["number"], person["phone"])
            assert not [one for one in said if one and (one in pages or one[:6] in pages.split("<main")[1])]
        assert not any(index in pages for index in _indexes(noon))

    def test_days_are_links_and_what_cannot_be_read_is_today(self, noon: City) -> None:
        incomplete(noon)
        page = text(noon.haicheng.get("/desk/quality"))
        assert f"?day={factories.today() - timedelta(days=1)}&amp;days=1" in page
        shown = {
            f"?{DAYS}": True,
            f"?day={factories.today()}&days=7": True,
            f"?day={YESTERDAY}&days=999": True,
            f"?day={YESTERDAY - timedelta(days=1)}&days=7": False,
            "": False,
            "?day=nonsense&days=-1": False,
            f"?day={YESTERDAY}&days=²": True,
            "?day=0001-01-01&days=7": True,
        }
        for asked, expected in shown.items():
            assert ("INCOMPLETE/rows" in text(noon.haicheng.get(f"/desk/quality{asked}"))) == expected, asked

    def test_the_next_county_and_a_township_see_none_of_it(self, noon: City) -> None:
        everything(noon)
        for client in (noon.xiuyan, noon.township):
            assert "data-row" not in text(client.get(f"/desk/quality?{DAYS}"))
            for code in words.FINDINGS:
                assert "data-row" not in text(client.get(f"/desk/quality/{code}?{DAYS}"))

    def test_it_stands_in_the_menu(self, noon: City) -> None:
        assert 'href="/desk/quality"' in text(noon.township.get("/desk"))


def _indexes(city: City) -> list[str]:
    month = city.intake.keys.month(YESTERDAY)
    indexes = [month.index(f"PHONE:{PHONE}"), month.index("PLATE:辽C12345")]
    return [form for index in indexes for form in (index.hex(), str(index), quote(index))]


class TestList:
    @pytest.mark.parametrize("code", words.FINDINGS)
    def test_each_kind_says_what_is_counted_and_when_there_is_none(self, noon: City, code: str) -> None:
        page = text(noon.haicheng.get(f"/desk/quality/{code}?{DAYS}"))
        assert quality_telling.definition(code) in page
        assert "没有发现问题" in page

    def test_fifty_to_a_page(self, noon: City) -> None:
        for n in range(53):
            incomplete(noon, f"{n:03}")
        first = text(noon.haicheng.get(f"/desk/quality/INCOMPLETE?{DAYS}"))
        assert first.count("data-row") == 50
        assert "第 1–50 处，共 53 处" in first
        second = text(noon.haicheng.get(f"/desk/quality/INCOMPLETE?{DAYS}&from=51"))
        assert second.count("data-row") == 3
        assert "回到开头" in second

    @pytest.mark.parametrize("ending", ["", "/rows?key=x", "/assign?key=x"])
    def test_an_unknown_kind_is_not_there(self, noon: City, ending: str) -> None:
        assert noon.haicheng.get(f"/desk/quality/NOTHING{ending}").status_code == 404

    def test_what_an_officer_calls_himself_is_shown_as_text(self, noon: City) -> None:
        incomplete(noon, "<b>007</b>")
        page = text(noon.haicheng.get(f"/desk/quality/INCOMPLETE?{DAYS}"))
        assert "&lt;b&gt;007" in page
        assert "<b>007" not in page


class TestRows:
    def test_a_row_opens_to_its_passages_masked(self, noon: City) -> None:
        made = everything(noon)
        page = text(noon.haicheng.get(only_row(noon.haicheng, "SHARED_PHONE")))
        for passage in made[:-1]:
            assert f"/desk/passages/{passage['id']}" in page
            assert f"{passage['people'][0]['name'][0]}**" in page
            assert passage["people"][0]["name"] not in page
        assert f"/desk/passages/{made[-1]['id']}" not in page
        assert PHONE not in page

    def test_the_stranger_opens_an_empty_page(self, noon: City) -> None:
        officer = "警号7904007"  # so long that it stands in no id and no token by chance
        passage = incomplete(noon, officer=officer)
        rows = only_row(noon.haicheng, "INCOMPLETE")
        page = text(noon.xiuyan.get(rows))
        assert "已不在清单里" in page
        assert passage["id"] not in page
        assert officer.removeprefix("警号") not in page

    def test_a_key_that_is_none_is_not_there(self, noon: City) -> None:
        for code in words.FINDINGS:
            assert noon.haicheng.get(f"/desk/quality/{code}/rows?key=nonsense&{DAYS}").status_code == 404

    def test_at_most_two_hundred_and_says_so(self, noon: City, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quality.queries, "SHOWN", 2)
        monkeypatch.setattr(quality, "SHOWN", 2)
        for _ in range(3):
            incomplete(noon)
        page = text(noon.haicheng.get(only_row(noon.haicheng, "INCOMPLETE")))
        assert page.count("/desk/passages/") == 2
        assert "只列最新的 2 条" in page


class TestTasks:
    def asked(self, noon: City) -> tuple[str, Client, QualityTask]:
        """A finding given to another officer of the county: its rows, who was asked, the task."""
        incomplete(noon)
        other = factories.officer("COUNTY_DESK", HAICHENG, name="海城夜班")
        rows = only_row(noon.haicheng, "INCOMPLETE")
        given = {"to": str(other.officer_id), "note": "请补上姓名"}
        response = noon.haicheng.post(assign_address(rows), given, follow=True)
        assert "已交办给海城夜班" in text(response)
        return rows, at_desk(other), QualityTask.objects.get()

    def test_a_row_is_given_and_lands_on_the_desk_of_who_was_asked(self, noon: City) -> None:
        rows, other, _ = self.asked(noon)
        landing = text(other.get("/desk"))
        assert "交办给我的" in landing
        assert "请补上姓名" in landing
        assert "交办给我的" not in text(noon.haicheng.get("/desk"))
        assert "已交办" in text(noon.haicheng.get(f"/desk/quality/INCOMPLETE?{DAYS}"))
        page = text(noon.haicheng.get(rows))
        assert "海城夜班" in page
        assert "/assign?" not in page
        assert "我交办的" in text(noon.haicheng.get("/desk/quality/tasks"))

    def test_it_is_overdue_after_a_day(self, noon: City) -> None:
        _, other, _ = self.asked(noon)
        assert "超过一天" not in text(other.get("/desk"))
        QualityTask.objects.update(assigned_at=NOON - timedelta(days=2))
        assert "超过一天" in text(other.get("/desk"))
        assert "超过一天" in text(other.get("/desk/quality/tasks"))

    def test_who_was_asked_says_what_came_of_it(self, noon: City) -> None:
        rows, other, task = self.asked(noon)
        page = text(other.post(f"/desk/quality/tasks/{task.id}/done", {"outcome": "都补上了"}, follow=True))
        assert "已办结" in page
        assert "没有等您办的" in page
        assert "都补上了" in page
        assert "都补上了" in text(noon.haicheng.get(rows))
        assert "再次交办" in text(noon.haicheng.get(rows))
        assert "都补上了" not in text(noon.xiuyan.get("/desk/quality/tasks"))

    def test_without_a_word_it_stays_open_and_the_field_says_why(self, noon: City) -> None:
        _, other, task = self.asked(noon)
        response = other.post(f"/desk/quality/tasks/{task.id}/done", {"outcome": " "})
        assert response.status_code == 400
        page = text(response)
        assert "请写一句处理结果" in page
        assert "<details" in page
        assert " open>" in page

    def test_nobody_else_ends_it(self, noon: City) -> None:
        _, _, task = self.asked(noon)
        address = f"/desk/quality/tasks/{task.id}/done"
        assert noon.haicheng.post(address, {"outcome": "好"}).status_code == 403
        assert noon.xiuyan.post(address, {"outcome": "好"}).status_code == 404
        assert Client().post(address, {"outcome": "好"}).status_code == 302
        assert QualityTask.objects.get().done_at is None

    def test_twice_is_refused_in_words(self, noon: City) -> None:
        rows, other, task = self.asked(noon)
        again = noon.haicheng.post(assign_address(rows), {"to": str(task.assigned_to), "note": ""})
        assert again.status_code == 400
        assert "这个问题已经交办" in text(again)
        done = f"/desk/quality/tasks/{task.id}/done"
        assert other.post(done, {"outcome": "好"}).status_code == 302
        assert other.post(done, {"outcome": "好"}).status_code == 409

    def test_only_officers_of_the_gate_can_be_chosen_by_name(self, noon: City) -> None:
        incomplete(noon)
        stranger = factories.officer("COUNTY_DESK", factories.XIUYAN, name="岫岩夜班")
        address = assign_address(only_row(noon.haicheng, "INCOMPLETE"))
        page = text(noon.haicheng.get(address))
        assert "海城值班员</option>" in page
        assert "岫岩" not in page
        response = noon.haicheng.post(address, {"to": str(stranger.officer_id)})
        assert response.status_code == 400
        assert QualityTask.objects.count() == 0
        assert noon.xiuyan.get(address).status_code == 404
        assert noon.xiuyan.post(address, {"to": str(stranger.officer_id)}).status_code == 404
        assert noon.township.get(address).status_code == 403
        assert "/assign?" not in text(noon.township.get(f"/desk/quality/INCOMPLETE?{DAYS}"))


@pytest.mark.parametrize("role", ["HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK", "WALL", "ADMINISTRATOR"])
def test_each_role_opens_the_room_or_does_not(noon: City, role: str) -> None:
    client = at_desk(factories.officer(role, HAICHENG))
    expected = 200 if role in ROLES_THAT_SEE else 403
    for address in ("/desk/quality", "/desk/quality/tasks", "/desk/quality/INCOMPLETE"):
        assert client.get(address).status_code == expected
        assert "no-store" in client.get(address).headers.get("Cache-Control", "no-store")
    assert Client().get("/desk/quality").status_code == 302


@pytest.mark.parametrize("address", ["/desk/quality", "/desk/quality/INCOMPLETE"])
def test_three_findings_cost_as_many_questions_as_one(noon: City, address: str) -> None:
    incomplete(noon, "001")
    one = queries(noon.haicheng, f"{address}?{DAYS}")
    for officer in ("002", "003"):
        incomplete(noon, officer)
    assert queries(noon.haicheng, f"{address}?{DAYS}") == one


def test_three_passages_and_three_tasks_cost_as_many_questions_as_one(noon: City) -> None:
    incomplete(noon)
    rows = only_row(noon.haicheng, "INCOMPLETE")
    one = queries(noon.haicheng, rows)
    incomplete(noon)
    incomplete(noon)
    assert queries(noon.haicheng, rows) == one
    counts = []
    me = QualityTask(finding="INCOMPLETE", day=YESTERDAY, first_day=YESTERDAY, jurisdiction=210381 * 10**12)
    officer = factories.Officer.objects.get(name="海城值班员").id
    for n in range(3):
        QualityTask.objects.create(
            finding=me.finding, key=f"GATE.{n}", day=me.day, first_day=me.first_day, jurisdiction=me.jurisdiction,
            checkpoint="GATE", assigned_to=officer, assigned_by=officer, assigned_at=NOON,
        )  # fmt: skip
        counts.append([queries(noon.haicheng, a) for a in ("/desk", "/desk/quality/tasks")])
    assert counts[0] == counts[2]


def test_the_definitions_tell_the_thresholds_that_are_asked() -> None:
    told = "".join(quality_telling.definition(code) for code in words.FINDINGS)
    for figure in (
        "20 个以上证件",
        "5% 以上",
        "5 个以上不同证件",
        "12 辆车或 20 人",
        "10 分钟之内",
        "12 小时没有上报",
    ):
        assert figure in told
