"""The doors of a grid at the desk: tiles, one tap, who is behind a door, and a community's own table."""

import base64
import re
import zlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach
from lianfang.people.models import Household, Person
from lianfang.regions.models import Region
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.doors.test_hq_people import GRID, NAME, NUMBER, PHONE, at_home, opened
from tests.factories import HAICHENG

SHEET = "\n".join(
    [
        "序号,门牌,姓名,关系,身份证号,年龄",
        f"1,8-201,{NAME},户主,{NUMBER},",
        "2,8-202,王二,户主,2.1E+17,40",
        "合计,,,,,",
    ]
)


@pytest.fixture
def keeper(city: City) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="台账员")


def load(client: Client, sheet: str = SHEET, way: str = "LOAD", division: str = GRID) -> HttpResponse:
    file = SimpleUploadedFile("台账.csv", sheet.encode("gb18030"))
    return client.post("/desk/households/import", {"division": division, "sheet": file, "way": way})


def test_tiles_show_how_a_door_stands_and_who_is_there_masked(city: City, keeper: Reach) -> None:
    at_home(keeper, opened(keeper))
    page = text(city.township.get(f"/desk/households?division={GRID}"))
    for word in ("丰台路8号3单元201", "door--unverified", "未核实", "欧阳**", "无变化", "大孤山村"):
        assert word in page, word
    assert NAME not in page
    assert PHONE not in page
    (entry,) = AuditEntry.objects.using("owner").filter(act="LIST_READ")
    assert (entry.details["page"], entry.count) == ("households", 1)


def test_nothing_changed_is_one_tap_and_back_to_the_same_tile(city: City, keeper: Reach) -> None:
    home = at_home(keeper)
    answer = city.township.post(f"/desk/households/{home.id}/verify", {"division": GRID})
    assert answer["Location"] == f"/desk/households?division={GRID}#door-{home.id}"
    page = text(city.township.get(f"/desk/households?division={GRID}"))
    assert "door--verified" in page
    assert f"/desk/households/{home.id}/verify" not in page


def test_doors_are_chosen_by_how_they_stand_and_the_tap_comes_back_to_that_page(
    city: City, keeper: Reach
) -> None:
    seen, unseen = at_home(keeper), at_home(keeper)
    city.township.post(f"/desk/households/{seen.id}/verify")
    page = text(city.township.get(f"/desk/households?division={GRID}&state=UNVERIFIED"))
    assert f"door-{unseen.id}" in page
    assert f"door-{seen.id}" not in page
    assert f"door-{seen.id}" in text(
        city.township.get(f"/desk/households?division={GRID}&state=NONSENSE&after=x")
    )
    told = {"division": GRID, "state": "UNVERIFIED", "after": str(seen.id)}
    answer = city.township.post(f"/desk/households/{unseen.id}/verify", told)
    assert answer["Location"] == (
        f"/desk/households?division={GRID}&state=UNVERIFIED&after={seen.id}#door-{unseen.id}"
    )
    assert "没有这样的住户" in text(city.township.get(f"/desk/households?division={GRID}&state=UNVERIFIED"))


def test_counts_by_grid_say_both_figures(city: City, keeper: Reach) -> None:
    homes = [at_home(keeper) for _ in range(3)]
    city.haicheng.post(f"/desk/households/{homes[0].id}/verify")
    for client in (city.haicheng, city.headquarters, city.township):
        page = re.sub(r"\s+", " ", text(client.get("/desk/households")))
        assert re.search(r'headline__number">1<span class="headline__unit">/ 3 户', page)
        assert "33.3%" in page
    lo, hi = span("210381112")
    Region.objects.using("owner").create(
        code="210381112", level="TOWNSHIP", name="西柳镇", short_name="西柳镇", pinyin="", parent_code="210381", lo=lo,
        hi=hi, valid_from=date(2019, 10, 31), edition="test",
    )  # fmt: skip
    page = text(city.haicheng.get("/desk/households?division=210381"))
    assert "西柳镇" in page
    assert "还没有台账" in page, "the neighbours have none, which is not 0"
    assert "还没有住户台账" in text(city.xiuyan.get("/desk/households"))
    assert "还没有住户台账" in text(city.haicheng.get("/desk/households?division=210323"))
    assert "这里还没有住户" in text(city.xiuyan.get(f"/desk/households?division={GRID}"))


def test_a_door_is_made_changed_lived_in_and_closed(city: City) -> None:
    made = city.haicheng.post(
        "/desk/households/new", {"division": GRID, "address": "丰台路9号", "occupancy": "OCCUPIED"}
    )
    here = made["Location"]
    member = {
        "name": NAME,
        "document_type": "RESIDENT_ID",
        "number": NUMBER,
        "relation": "HEAD",
        "state": "PRESENT",
    }
    assert city.haicheng.post(f"{here}/members", member).status_code == 302
    page = text(city.haicheng.get(here))
    assert NAME in page
    assert NUMBER not in page
    vacant = {"address": "丰台路9号", "occupancy": "VACANT", "note": "等人来"}
    assert "这一户还登记着人" in text(city.haicheng.post(f"{here}/change", vacant))
    assert city.haicheng.post(f"{here}/close").status_code == 409
    rented = city.haicheng.post(f"{here}/change", {**vacant, "occupancy": "RENTED"})
    assert rented.status_code == 302
    page = text(city.haicheng.get(here))
    assert "出租" in page
    assert "等人来" in page
    assert city.haicheng.post(f"{here}/members", {**member, "name": "", "number": ""}).status_code == 400
    assert Person.objects.using("owner").count() == 1


def test_two_doors_are_joined_and_parted_again(city: City, keeper: Reach) -> None:
    double, here = at_home(keeper, opened(keeper)), at_home(keeper)
    told = {"code": double.code, "reason": "同一户登记了两次"}
    for wrong in ({**told, "code": "210381101200-9999"}, {**told, "reason": ""}, {**told, "code": here.code}):
        assert city.haicheng.post(f"/desk/households/{here.id}/join", wrong).status_code == 400
    assert city.xiuyan.post(f"/desk/households/{here.id}/join", told).status_code == 404
    assert city.township.post(f"/desk/households/{here.id}/join", told).status_code == 302
    assert "这一户已并入另一户" in text(city.haicheng.get(f"/desk/households/{double.id}"))
    page = text(city.haicheng.get(f"/desk/households/{here.id}"))
    (undo,) = re.findall(r"/desk/households/joins/[0-9a-f-]+/undo", page)
    for word in (NAME, double.code, "同一户登记了两次"):
        assert word in page, word
    assert city.xiuyan.post(undo).status_code == 404
    assert city.screen.post(undo).status_code == 403
    assert city.haicheng.post(undo)["Location"] == f"/desk/households/{here.id}"
    assert "已撤销" in text(city.haicheng.get(f"/desk/households/{here.id}"))
    assert NAME in text(city.haicheng.get(f"/desk/households/{double.id}"))


def test_a_member_that_cannot_join_leaves_no_file(city: City, keeper: Reach) -> None:
    elsewhere, here = at_home(keeper, opened(keeper)), at_home(keeper)
    member = {
        "name": NAME,
        "document_type": "RESIDENT_ID",
        "number": NUMBER,
        "relation": "HEAD",
        "state": "PRESENT",
    }
    assert "此人现在登记在另一户" in text(city.haicheng.post(f"/desk/households/{here.id}/members", member))
    assert NAME in text(city.haicheng.get(f"/desk/households/{elsewhere.id}"))


def test_a_table_is_tried_and_then_loaded_and_every_row_is_told(city: City) -> None:
    page = text(load(city.haicheng, way="TRY"))
    assert "试了一遍，没有入台账" in page
    assert Household.objects.using("owner").count() == 0
    page = text(load(city.haicheng))
    for word in ("已导入", "证件号是数值格式", "没有姓名、证件和门牌", "2 · 2"):
        assert word in page, word
    assert "data:text" not in page
    (rows,) = re.findall(r'name="rows" value="([^"]+)"', page)
    answer = city.haicheng.post("/desk/households/import/rows", {"rows": rows, "as": "csv"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"].startswith("no-store")
    back = answer.content.decode("utf-8-sig").splitlines()
    assert back[0] == "序号,门牌,姓名,关系,身份证号,年龄,核对原因"
    assert [line.split(",")[0] for line in back[1:]] == ["2", "合计"]
    assert NAME not in page
    page = text(city.haicheng.get(f"/desk/households?division={GRID}"))
    assert "欧阳**" in page


@pytest.mark.parametrize(
    "rows", ["", "ä", "AAAA", base64.b64encode(zlib.compress(b"\0" * 17_000_000)).decode()]
)
def test_rows_that_were_not_sent_along_are_gone(city: City, rows: str) -> None:
    answer = city.haicheng.post("/desk/households/import/rows", {"rows": rows, "as": "csv"})
    assert answer.status_code == 404


def test_a_table_of_another_county_or_none_is_refused_in_words(city: City) -> None:
    for client, sheet in ((city.xiuyan, SHEET), (city.haicheng, "姓名,电话")):
        answer = load(client, sheet)
        assert answer.status_code == 400
        assert Household.objects.using("owner").count() == 0
    assert "找不到标题行" in text(load(city.haicheng, "姓名,电话"))
    assert load(city.haicheng, "").status_code == 400


def test_whoever_keeps_no_people_loads_no_table(city: City) -> None:
    for client in (city.screen, city.administrator, at_desk(factories.officer("CHECKPOINT_LEAD", HAICHENG))):
        assert load(client).status_code == 403
