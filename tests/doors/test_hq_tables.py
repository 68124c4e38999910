"""The summary tables as pages and sheets: who sees them, what they say, where their figures lead."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianfang.command.services import worker_session
from lianfang.doors.sheets import Sheet, workbook
from lianfang.kernel.days import SHANGHAI, quarter_of
from lianfang.kernel.reach import reach
from lianfang.situation.board import board
from lianfang.situation.clerk import count_all_tables, count_different_people
from lianfang.situation.fold import catch_up
from lianfang.situation.models import FoldPosition
from lianfang.situation.tables import VIEWS, columns_for
from tests import factories
from tests.doors.desk import City, text

EVERY = [f"rows={rows}" for rows in VIEWS] + [
    f"rows={rows}&columns={columns}&span=all" for rows in VIEWS for columns in columns_for(rows)
]


def counted(at: datetime | None = None) -> None:
    worker = worker_session()
    catch_up(worker, at=at)
    count_all_tables(worker)


def sheet(client: Client, asked: str) -> list[tuple]:
    response = client.get(f"/tables.xlsx?{asked}")
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    return list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))


def test_every_table_answers_as_a_page_and_as_a_sheet_with_and_without_records(city: City) -> None:
    for asked in EVERY:
        page = text(city.headquarters.get(f"/tables?{asked}"))
        assert "没有可汇总的记录" in page or asked == "rows=CHECKPOINT", asked
    city.register(people=2)
    counted()
    for asked in EVERY:
        assert "合计" in text(city.headquarters.get(f"/tables?{asked}"))
        (total,) = [row for row in sheet(city.headquarters, asked) if row[0] == "合计"]
        assert 2 in total, asked


def test_headquarters_and_a_county_see_them_a_township_and_a_stranger_do_not(city: City) -> None:
    for address in ("/tables", "/tables.xlsx"):
        assert city.headquarters.get(address).status_code == 200
        assert city.haicheng.get(address).status_code == 200
        assert city.township.get(address).status_code == 403
        assert city.administrator.get(address).status_code == 403
        assert Client().get(address).status_code == 302
        assert city.headquarters.post(address).status_code == 405


def test_the_figures_are_the_board_s(city: City) -> None:
    for purpose in ("COMMUTE", "COMMUTE", "FREIGHT"):
        city.register(people=2, purpose=purpose)
    city.register(direction="OUT")
    counted()
    worker = worker_session()
    with reach(worker) as seen:
        shown = board(seen, at=datetime.now(SHANGHAI))
    rows = {row[0]: row[1:] for row in sheet(city.headquarters, "rows=PURPOSE")}
    for row in shown["by_purpose"]:
        name = {"COMMUTE": "通勤", "FREIGHT": "货运"}[row["purpose"]]
        assert rows[name][0] == row["today"]["vehicles"]
        assert rows[name][2] == row["today"]["people"]
        assert rows[name][4:6] == (row["vehicles"], row["people"])
    assert rows["合计"][4:6] == (shown["totals"]["vehicles"], shown["totals"]["people"]) == (3, 6)


def test_a_checkpoint_that_never_reported_stands_there_without_a_figure(city: City) -> None:
    factories.checkpoint("QUIET")
    city.register()
    counted()
    page = text(city.headquarters.get("/tables"))
    (row,) = re.findall(r"<tr><th scope=\"row\">QUIET卡口</th>.*?</tr>", page, re.DOTALL)
    assert row.count("没有报告") == 4
    assert not re.search(r">0<", row)
    assert [row[1] for row in sheet(city.headquarters, "") if row[0] == "QUIET卡口"] == ["没有报告"]


def test_a_figure_leads_to_the_records_it_counts(city: City) -> None:
    city.register(people=2)
    counted()
    page = text(city.headquarters.get("/tables?rows=ORIGIN&columns=PURPOSE&span=today"))
    addresses = [a.replace("&amp;", "&") for a in re.findall(r'href="(/desk/passages\?[^"]+)"', page)]
    asked = [{key: values[0] for key, values in parse_qs(urlsplit(a).query).items()} for a in addresses]
    today = factories.today().isoformat()
    assert {"day": today, "direction": "IN", "origin": "210000", "purpose": "COMMUTE"} in asked
    page = text(city.headquarters.get("/tables?rows=TRANSPORT"))
    assert f"/desk/passages?from=all&amp;to={today}&amp;direction=IN&amp;vehicles=1&amp;transport=CAR" in page


def test_a_screen_sees_figures_that_lead_nowhere(city: City) -> None:
    city.register()
    counted()
    assert "/desk/passages" not in text(city.screen.get("/tables"))


def test_a_past_moment_is_named_and_final_and_the_present_says_how_far_it_goes(city: City) -> None:
    city.register()
    counted()
    moment = quarter_of(datetime.now(SHANGHAI)).astimezone(SHANGHAI)
    assert "数据截至" in text(city.headquarters.get("/tables"))
    page = text(city.headquarters.get("/tables", {"as_of": moment.isoformat()}))
    assert "定稿，不再变化" in page
    later = (moment + timedelta(hours=2)).isoformat()
    assert "还会变化" in text(city.headquarters.get("/tables", {"as_of": later}))
    assert city.headquarters.get("/tables?as_of=yesterday").status_code == 400


def test_what_cannot_be_read_is_not_asked_for(city: City) -> None:
    city.register()
    counted()
    page = text(city.headquarters.get("/tables?rows=NAME&columns=PLATE&span=ever&figure=money&day=soon"))
    assert "按卡口" in page


def test_different_people_are_shown_with_the_time_they_were_counted_at(city: City) -> None:
    person = city.generated.person()
    city.register(people=[person])
    city.register(people=[{**person, "id": city.generated.id()}])
    counted()
    assert "按证件区分 ·" not in text(city.headquarters.get("/tables"))
    count_different_people(worker_session(), at=datetime.now(SHANGHAI))
    page = text(city.headquarters.get("/tables"))
    assert re.search(r'headline__number">1<span class="headline__unit">人</span>', page)


def test_while_the_cells_are_counted_anew_the_page_says_so(city: City) -> None:
    city.register()
    counted()
    FoldPosition.objects.update(next_tx=0)
    response = city.headquarters.get("/tables")
    assert response.status_code == 503
    assert "正在用原始记录重新汇总" in text(response)


@pytest.mark.parametrize(
    "asked", ["rows=PURPOSE", "rows=CHECKPOINT", "rows=ORIGIN_COUNTY", "rows=DAY&columns=PURPOSE"]
)
def test_a_longer_table_asks_no_more_often(city: City, asked: str) -> None:
    city.register(purpose="COMMUTE")
    counted()
    with CaptureQueriesContext(connection) as one:
        city.headquarters.get(f"/tables?{asked}")
    for purpose, origin in (("FREIGHT", "420106"), ("TRANSIT", "110105")):
        city.register(purpose=purpose, people=[city.generated.person(from_code=origin)])
    counted()
    with CaptureQueriesContext(connection) as three:
        city.headquarters.get(f"/tables?{asked}")
    assert len(three) == len(one)


def test_what_looks_like_a_formula_stays_a_text_in_a_sheet() -> None:
    content = workbook(
        [Sheet("表", "=1+1", ["=2+2", "数"], [["=HYPERLINK(1)", 3], ["\x07+cmd", None]], notes=["@note"])]
    )
    cells = [
        cell
        for row in load_workbook(BytesIO(content)).active.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [3]
    assert "+cmd" in [cell.value for cell in cells]
