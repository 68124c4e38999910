"""Re-screening at the desk: from the numbers to the lists, as every role, and what stands where nobody is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianfang.command.services import worker_session
from lianfang.journeys.rescreening.carrying_on import carry_all
from lianfang.journeys.rescreening.queries import changed_lately
from lianfang.screening.models import Rescreening, RulePeriod
from lianfang.screening.queries import book
from lianfang.screening.services import keep, lay_shipped
from lianfang.screening.shipped import shipped
from tests import factories
from tests.conftest import WINTER
from tests.doors.desk import City, at_desk, text
from tests.doors.orders import ASKING
from tests.factories import Json
from tests.noted import noted

WENZHOU = {"code": "3303", "level": "HIGH", "source": "test"}
_CUT = "UPDATE rule_period SET during = tstzrange(lower(during), %(at)s) WHERE during @> %(at)s::timestamptz"
NOBODY = "01a20000-0000-7000-8000-00000000000a"


@dataclass
class Desks:
    city: City
    second: Client
    now: datetime

    @property
    def first(self) -> Client:
        return self.city.headquarters

    def arrive(self, **person: Any) -> Json:
        given = {"from_code": "330302", **person}
        found: Json = self.city.register(people=[self.city.generated.person(**given)])["people"][0]
        return found

    def counted(self) -> str:
        """The address of a re-screening that is counted."""
        day = factories.today()
        said = {"since": str(day - timedelta(days=7)), "until": str(day)}
        address = self.first.post("/desk/rescreenings", said)["Location"]
        self.work()
        return str(address)

    def done(self) -> str:
        address = self.counted()
        self.first.post(f"{address}/propose", {"reason": "温州列为重点地区"})
        self.second.post(f"{address}/approve")
        self.work()
        return address

    def work(self) -> None:
        carry_all(worker_session(), at=datetime.now(UTC))


@pytest.fixture
def desks(city: City) -> Iterator[Desks]:
    """The area was added a moment ago, after everybody of the test is thought to have come."""
    now = datetime.now(UTC)
    yield Desks(city, at_desk(factories.officer(name="复核员")), now)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM rule_period")
    lay_shipped("affected-areas", since=WINTER, until=now + timedelta(days=60), reason="tests")
    book(anew=True)


def add_area() -> None:
    at, content = datetime.now(UTC), shipped("affected-areas").content
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM rule_period WHERE lower(during) > %(at)s", {"at": at})
        cursor.execute(_CUT, {"at": at})
    kept = keep({**content, "areas": [*content["areas"], WENZHOU]}, at=at)
    RulePeriod.objects.create(
        rule_set=kept, during=DateTimeTZRange(at, at + timedelta(days=30)), approved_at=at, reason="test"
    )
    book(anew=True)


def test_from_the_numbers_to_the_list_of_a_township(desks: Desks) -> None:
    for _ in range(2):
        desks.arrive()
    desks.arrive(destination=None)
    add_area()
    page = text(desks.first.get("/desk/rescreenings"))
    assert "比上一份多出或改动的重点地区" in page
    assert "还没有重新筛查过" in page
    address = desks.counted()
    page = text(desks.first.get(address))
    assert "已算好" in page
    assert "要增加或加严措施，涉及 1 个乡镇街道" in page
    assert "另有 1 人次没有说到哪个乡镇街道" in page
    assert "只改了这些重点地区：3303。" in page  # which the register of these tests does not know by name
    assert "孤山镇" in page
    assert "没有说去哪里" in page
    assert desks.first.post(f"{address}/propose", {"reason": ""}).status_code == 400
    assert desks.first.post(f"{address}/propose", {"reason": "指挥部 2 号令"}).status_code == 302
    assert "批准，给" not in text(desks.first.get(address))
    assert "批准，给 3 人次增加或加严措施" in text(desks.second.get(address))
    assert desks.first.post(f"{address}/approve").status_code == 403
    assert desks.second.post(f"{address}/approve").status_code == 302
    going = desks.second.get(address)
    assert going["Refresh"] == "2"
    assert "?stop#stop" in text(going)
    stopping = desks.second.get(f"{address}?stop")  # whoever writes why is not interrupted
    assert "Refresh" not in stopping
    assert "现在停止" in text(stopping)
    desks.work()
    done = desks.first.get(address)
    assert "Refresh" not in done
    page = text(done)
    for words in ("已完成", "指挥部 2 号令", "复核员", "?township=210381101", "?township=-"):
        assert words in page
    people = text(desks.first.get(f"{address}/people?township=210381101"))
    assert people.count("隔离观察（居家，14 天）") == 2
    assert "导出这份名单" in people
    assert text(desks.first.get(f"{address}/people?township=-")).count("隔离观察（居家，14 天）") == 1
    assert "没有人" in text(desks.first.get(f"{address}/people?township=210381102"))


def test_once_it_is_done_every_township_with_a_list_has_a_link_and_its_own_figures(desks: Desks) -> None:
    """Whoever was corrected to another township meanwhile is on a list that the count did not have."""
    _stays, moves = desks.arrive(), desks.arrive()
    desks.arrive(destination={"code": "210381"})
    add_area()
    address = desks.counted()
    city = desks.city
    elsewhere = city.generated.correction(moves["id"], {"destination": {"code": "210381105200"}})
    city.intake.send(city.generated.parcel(elsewhere))
    desks.first.post(f"{address}/propose", {"reason": "x"})
    desks.second.post(f"{address}/approve")
    desks.work()
    page = text(desks.first.get(address))
    for township in ("210381101", "210381105", "210381000"):
        assert f"?township={township}" in page
    rows = {row[0]: row[1:] for row in _rows_of(page, "rescreening-townships")}
    assert [
        rows[name][:2] for name in ("辽宁省鞍山市海城市孤山镇", "辽宁省鞍山市海城市，没有说乡镇街道")
    ] == [
        ["2", "1"],
        ["1", "1"],
    ]
    assert "涉及 1 个乡镇街道" in page
    assert "海城市，没有说乡镇街道" in text(desks.first.get(f"{address}/people?township=210381000"))


def _rows_of(page: str, table: str) -> list[list[str]]:
    body = page.split(f'data-testid="{table}"')[1].split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")[:-1]]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_numbers_that_are_good_for_nothing_any_more_say_so_before_anybody_tries(desks: Desks) -> None:
    desks.arrive()
    add_area()
    address = desks.counted()
    desks.first.post(f"{address}/propose", {"reason": "x"})
    Rescreening.objects.update(counted_at=datetime.now(UTC) - timedelta(hours=25))
    page = text(desks.second.get(address))
    assert "这些数字已经过时，请重新算一次。" in page
    assert "rescreening-approve" not in page
    again = re.search(r'name="since" value="([^"]+)"><input type="hidden" name="until" value="([^"]+)"', page)
    assert again
    one = desks.second.post("/desk/rescreenings", {"since": again[1], "until": again[2]})
    assert one.status_code == 302
    assert one["Location"] != address


def test_an_approval_that_fails_is_told_on_the_page(desks: Desks) -> None:
    desks.arrive()
    add_area()
    address = desks.counted()
    desks.first.post(f"{address}/propose", {"reason": "x"})
    Rescreening.objects.update(counted_at=datetime.now(UTC) - timedelta(hours=25))
    answer = desks.second.post(f"{address}/approve")
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = text(desks.second.get(address))
    assert page.count("这些数字已经过时，请重新算一次。") == 2
    assert "经过" in page


def test_a_background_program_that_is_silent_is_told(desks: Desks) -> None:
    add_area()
    day = str(factories.today())
    address = desks.first.post("/desk/rescreenings", {"since": day, "until": day})["Location"]
    going = desks.first.get(address)
    assert "后台程序半分钟没有动静" not in text(going)
    assert going["Refresh"] == "2"
    Rescreening.objects.update(asked_at=datetime.now(UTC) - timedelta(seconds=31))
    silent = desks.first.get(address)
    assert "后台程序半分钟没有动静" in text(silent)
    assert silent["Refresh"] == "10"
    taking_back = desks.first.get(f"{address}?stop")
    assert "Refresh" not in taking_back
    assert desks.first.post(f"{address}/refuse", {"reason": "日期选错了"}).status_code == 302
    page = text(desks.first.get(address))
    assert "已收回" in page
    assert "已退回" not in page


def test_taking_back_and_refusing_are_told_apart(desks: Desks) -> None:
    desks.arrive()
    add_area()
    mine, yours = desks.counted(), desks.counted()
    for address in (mine, yours):
        desks.first.post(f"{address}/propose", {"reason": "x"})
    desks.first.post(f"{mine}/refuse", {"reason": "x"})
    assert "已收回，没有改变任何人的处置。" in text(desks.first.get(mine))
    desks.second.post(f"{yours}/refuse", {"reason": "x"})
    assert "已退回，没有改变任何人的处置。" in text(desks.second.get(yours))
    page = text(desks.first.get("/desk/rescreenings"))
    assert (page.count("已收回"), page.count("已退回")) == (1, 1)


def test_while_another_is_written_it_says_what_it_waits_for(desks: Desks) -> None:
    desks.arrive()
    add_area()
    first, other = desks.counted(), desks.counted()
    for address in (first, other):
        desks.first.post(f"{address}/propose", {"reason": "x"})
    desks.second.post(f"{first}/approve")
    assert "等它完成再批准" in text(desks.second.get(other))
    day = str(factories.today())
    counting = desks.first.post("/desk/rescreenings", {"since": day, "until": day})["Location"]
    assert "等它完成就接着算" in text(desks.first.get(counting))


def test_people_are_masked_on_the_list_and_on_the_sheet_which_says_what_for(desks: Desks) -> None:
    person = desks.arrive(name="王小明", phone="13900001234")
    add_area()
    address = desks.done()
    page = text(desks.first.get(f"{address}/people?township=210381101"))
    sheet = desks.first.post(f"{address}/people.xlsx", {"township": "210381101", "purpose": "INVESTIGATION"})
    book_ = load_workbook(BytesIO(sheet.content))
    cells = [str(cell.value) for row in book_.worksheets[0].iter_rows() for cell in row if cell.value]
    for shown in (page, "\n".join(cells)):
        assert "王**" in shown
        assert "139****1234" in shown
        for secret in ("王小明", "13900001234", person["document"]["number"]):
            assert secret not in shown
    assert any("用途 疫情处置" in cell for cell in cells)
    (entry,) = noted("EXPORTED")
    assert (entry.count, entry.details["township"], entry.details["purpose_code"]) == (
        1,
        "210381101",
        "INVESTIGATION",
    )
    assert entry.subject == f"RESCREENING {address.rsplit('/', 1)[1]}"
    (read,) = [one for one in noted("LIST_READ") if one.details["page"] == "rescreening"]
    assert read.count == 1


def test_a_sheet_that_is_cut_says_so(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        desks.arrive()
    add_area()
    address = desks.done()

    def words() -> str:
        asked = {"township": "210381101", "purpose": "INVESTIGATION"}
        sheet = desks.first.post(f"{address}/people.xlsx", asked)
        rows = load_workbook(BytesIO(sheet.content)).worksheets[0].iter_rows()
        return "\n".join(str(cell.value) for row in rows for cell in row if cell.value)

    assert "共 3 人次" in words()
    monkeypatch.setattr("lianfang.doors.hq.rescreened_people.MOST_LISTED", 2)
    assert "只列前 2 人次" in words()


def test_the_sheet_carries_what_was_answered_in_the_words_of_who_asked(desks: Desks) -> None:
    at = desks.now
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM rule_period WHERE lower(during) > %(at)s", {"at": at})
        cursor.execute(_CUT, {"at": at - timedelta(days=1)})
    during = DateTimeTZRange(at - timedelta(days=1), at + timedelta(days=20))
    RulePeriod.objects.create(rule_set=keep(ASKING, at=at), during=during, approved_at=at, reason="test")
    book(anew=True)
    desks.arrive(answers={"sealed_train": True, "place": "SEAFOOD", "SEAT": "4A"}, resident=False)
    desks.arrive(answers={"nights": 3, "place": "去过好几个，记不清"})
    desks.arrive()
    add_area()
    address = desks.done()
    sheet = desks.first.post(f"{address}/people.xlsx", {"township": "210381101", "purpose": "INVESTIGATION"})
    table = [list(row) for row in load_workbook(BytesIO(sheet.content)).worksheets[0].values]
    (head,) = (place for place, row in enumerate(table) if row[0] == "姓名")
    columns = table[head].index("本市居民")
    assert table[head][columns:] == ["本市居民", "坐过密闭列车吗", "去过哪个市场", "住了几晚"]
    answered = [["" if value is None else value for value in row[columns:]] for row in table[head + 1 :][:3]]
    assert sorted(answered) == [["", "", "", ""], ["", "", "见登记记录", "3"], ["否", "是", "海鲜市场", ""]]


def test_a_sheet_without_a_purpose_is_none(desks: Desks) -> None:
    desks.arrive()
    add_area()
    address = desks.done()
    assert (
        desks.first.post(f"{address}/people.xlsx", {"township": "210381101", "purpose": "x"}).status_code
        == 400
    )
    assert desks.first.get(f"{address}/people.xlsx").status_code == 302
    assert noted("EXPORTED") == []


def test_only_headquarters_opens_any_of_it(desks: Desks) -> None:
    desks.arrive()
    add_area()
    address = desks.done()
    for client in (desks.city.haicheng, desks.city.township, desks.city.screen, desks.city.administrator):
        for page in ("/desk/rescreenings", address, f"{address}/people?township=210381101"):
            assert client.get(page).status_code == 403
    assert Client().get(address).status_code == 302
    assert desks.first.get(f"/desk/rescreenings/{NOBODY}").status_code == 404
    assert desks.first.get(f"/desk/rescreenings/{NOBODY}/people").status_code == 404


def test_who_sits_over_one_county_sees_what_there_is_and_starts_nothing(desks: Desks) -> None:
    """A role of headquarters over the next county: no person of ours, and no act."""
    desks.arrive()
    add_area()
    address = desks.done()
    stranger = at_desk(factories.officer("HEADQUARTERS", factories.XIUYAN))
    assert "没有人" in text(stranger.get(f"{address}/people?township=210381101"))
    day = str(factories.today())
    refused = stranger.post("/desk/rescreenings", {"since": day, "until": day})
    assert refused.status_code == 400
    assert "任职范围是全市" in text(refused)


def test_days_that_are_none_and_days_too_old_are_told_at_the_form(desks: Desks) -> None:
    add_area()
    day = factories.today()
    for since, until in (
        ("", str(day)),
        ("x", "y"),
        (str(day - timedelta(days=90)), str(day)),
        (str(day), "2020-01-01"),
    ):
        answer = desks.first.post("/desk/rescreenings", {"since": since, "until": until})
        assert answer.status_code == 400
        assert "notice--bad" in text(answer) or "field__error" in text(answer)
    assert not Rescreening.objects.exists()


def test_without_rules_in_force_it_says_what_to_do_first(desks: Desks) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM rule_period")
    book(anew=True)
    page = text(desks.first.get("/desk/rescreenings"))
    assert "现在没有生效的规则" in page
    assert "先批准或续期规则" in page


def test_an_empty_result_is_no_proposal(desks: Desks) -> None:
    desks.arrive(from_code="210103")
    add_area()
    page = text(desks.first.get(desks.counted()))
    assert "没有人的措施会改变" in page
    assert "提请批准" not in page


def test_stopping_asks_why_and_tells_it(desks: Desks) -> None:
    desks.arrive()
    add_area()
    address = desks.counted()
    desks.first.post(f"{address}/propose", {"reason": "x"})
    desks.second.post(f"{address}/approve")
    refused = desks.first.post(f"{address}/stop", {"reason": " "})
    assert refused.status_code == 400
    assert "现在停止" in text(refused)
    assert desks.first.post(f"{address}/stop", {"reason": "名单有误"}).status_code == 302
    page = text(desks.first.get(address))
    assert "名单有误" in page
    assert "已停止" in page


def test_rules_that_gained_an_area_suggest_to_look_until_somebody_did(desks: Desks) -> None:
    desks.arrive()
    suggestion = "以前登记的人不会自动改判"
    assert suggestion not in text(desks.first.get("/desk/rules"))
    add_area()
    assert suggestion in text(desks.first.get("/desk/rules"))
    assert suggestion not in text(desks.city.haicheng.get("/desk/rules")), "a county cannot screen again"
    desks.done()
    assert suggestion not in text(desks.first.get("/desk/rules"))


def test_numbers_that_find_nobody_settle_the_suggestion(desks: Desks) -> None:
    """There is nothing to propose, so nothing else could ever settle it."""
    suggestion = "以前登记的人不会自动改判"
    desks.arrive(from_code="210103")
    add_area()
    desks.counted()
    assert suggestion in text(desks.first.get("/desk/rules")), "of the last seven days, not of the fourteen"
    change = changed_lately(factories.officer(), at=datetime.now(UTC))
    assert change is not None
    days = {"since": str(change.since), "until": str(factories.today())}
    desks.first.post("/desk/rescreenings", days)
    assert suggestion in text(desks.first.get("/desk/rules")), "it is not counted yet"
    desks.work()
    assert suggestion not in text(desks.first.get("/desk/rules"))


@pytest.mark.parametrize("page", ["list", "one", "people"])
def test_one_and_three_take_the_same_questions(desks: Desks, page: str) -> None:
    def asked() -> int:
        address = {
            "list": "/desk/rescreenings", "one": desks_address[0], "people": f"{desks_address[0]}/people?township=210381101"
        }[page]  # fmt: skip
        desks.first.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert desks.first.get(address).status_code == 200
        return len(queries)

    desks.arrive()
    add_area()
    desks_address = [desks.done()]
    one = asked()
    for _ in range(2):
        desks.city.generated.at = desks.now  # before the area was added
        desks.arrive()
    desks_address[0] = desks.done()
    assert Rescreening.objects.count() == 2
    assert asked() == one


def test_in_english_too(desks: Desks) -> None:
    desks.arrive()
    add_area()
    address = desks.done()
    client = desks.first
    client.cookies["django_language"] = "en"
    for page in ("/desk/rescreenings", address, f"{address}/people?township=210381101"):
        shown = client.get(page, headers={"Accept-Language": "en"})
        assert shown.status_code == 200


def test_the_id_of_somebody_as_the_next_page_is_taken_and_nonsense_is_not_asked_for(desks: Desks) -> None:
    desks.arrive()
    add_area()
    address = desks.done()
    for after in ("x", str(UUID(int=2**128 - 1)), "'; DROP TABLE rescreened --"):
        for township in ("210381101", "x", "999999999", ""):
            assert (
                desks.first.get(f"{address}/people", {"township": township, "after": after}).status_code
                == 200
            )
