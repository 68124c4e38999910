"""Re-screening at the desk: from the numbers to the lists, as every role, and what stands where nobody is."""

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
from lianfang.screening.models import Rescreening, RulePeriod
from lianfang.screening.queries import book
from lianfang.screening.services import keep, lay_shipped
from lianfang.screening.shipped import shipped
from tests import factories
from tests.conftest import WINTER
from tests.doors.desk import City, at_desk, text
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
    assert "要增加或加严措施，涉及 2 个乡镇街道" in page
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
