"""The day's sheet on paper and as xlsx says what the board says; the county's overview can be filed."""

import re
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lianfang.command.services import worker_session
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import reach
from lianfang.situation.board import board
from lianfang.situation.clerk import count_all_tables
from lianfang.situation.fold import catch_up
from tests import factories
from tests.doors.desk import City, text
from tests.factories import Generated

YESTERDAY = factories.today() - timedelta(days=1)
ASKED = f"?day={YESTERDAY}"


def arrive(city: City, hour: int, **changes: Any) -> None:
    at = datetime.combine(YESTERDAY, time(hour, 30), SHANGHAI)
    traffic = Generated(seed=hour, at=at)
    changes = {"people": 2} | changes
    answer = city.intake.send(traffic.parcel(traffic.passage(**changes)))
    assert answer["receipts"][0]["status"] == "ACCEPTED", answer


@pytest.fixture
def counted(city: City) -> City:
    arrive(city, 9)
    arrive(city, 10, people=3, purpose="FREIGHT", transport="TRUCK")
    arrive(city, 17, people=1, transport="FOOT", plate=None, purpose=None)
    arrive(city, 18, direction="OUT")
    worker = worker_session()
    catch_up(worker)
    count_all_tables(worker)
    sent = {"day": YESTERDAY.isoformat(), "shift": "DAY", "report": "COUNTED", "vehicles": 3, "people": 6}
    sent["explanation"] = "=1+1 一辆车没登记"
    assert city.haicheng.post("/desk/closing/GATE/close", sent).status_code == 302
    zero = {"day": YESTERDAY.isoformat(), "shift": "NIGHT", "report": "ZERO"}
    assert city.haicheng.post("/desk/closing/GATE/close", zero).status_code == 302
    return city


def the_board() -> dict[str, Any]:
    with reach(worker_session()) as seen:
        return board(seen, at=datetime.combine(YESTERDAY, time(23, 59), SHANGHAI))


def sheets(response: HttpResponse) -> dict[str, Worksheet]:
    assert response.status_code == 200
    book = load_workbook(BytesIO(response.content))
    return {sheet.title: sheet for sheet in book.worksheets}


def rows_after(sheet: Worksheet, heading: str) -> list[tuple[Any, ...]]:
    """The rows below the one that begins with the heading."""
    rows = list(sheet.iter_rows(values_only=True))
    (at,) = (number for number, row in enumerate(rows) if row[0] == heading)
    return rows[at + 1 :]


def test_the_hours_of_the_sheet_are_the_boards(counted: City) -> None:
    table = rows_after(sheets(counted.haicheng.get(f"/desk/closing/GATE/sheet.xlsx{ASKED}"))["各时"], "班次")
    hours, total = table[:24], table[24]
    shown = the_board()
    assert [(row[2] or 0, row[3] or 0) for row in hours] == [
        (row["vehicles"], row["people"]) for row in shown["by_hour"]
    ]
    assert total[2:] == (shown["today"]["vehicles"], shown["today"]["people"]) == (2, 6)
    assert hours[9] == ("白班", "09:00–10:00", 1, 2)
    assert hours[0] == ("夜班", "00:00–01:00", None, None)  # no report, which is not 0
    assert hours[18][2:] == (0, 0)  # a car went out: a report, and nobody came in


def test_what_kinds_came_is_the_boards_too(counted: City) -> None:
    table = rows_after(sheets(counted.haicheng.get(f"/desk/closing/GATE/sheet.xlsx{ASKED}"))["分类"], "分类")
    kinds = {row[:2]: row[2:] for row in table if row[1] is not None}
    assert kinds["处置", "登记放行"] == (None, 6)
    assert kinds["事由", "通勤"] == (1, 2)
    assert kinds["事由", "货运"] == (1, 3)
    assert kinds["事由", "未填"] == (0, 1)
    assert kinds["交通方式", "步行"] == (0, 1)
    shown = the_board()
    for name, by, key in (("事由", "by_purpose", "people"), ("交通方式", "by_transport", "people")):
        told = sum(row[1] for kind, row in kinds.items() if kind[0] == name)
        assert told == sum(row["today"][key] for row in shown[by])
    assert "正在赶上" not in str(table)


def test_shifts_stand_with_both_counts_and_a_text_is_never_a_formula(counted: City) -> None:
    response = counted.haicheng.get(f"/desk/closing/GATE/sheet.xlsx{ASKED}")
    assert f"GATE卡口 日清日结 {YESTERDAY}.xlsx" in unquote(response["Content-Disposition"])
    sheet = sheets(response)["日清日结"]
    night, day, evening = rows_after(sheet, "班次")[:3]
    assert night[:10] == ("夜班", "零报告", 0, 0, 0, 0, 0, 0, None, None)
    assert day[:12] == ("白班", "已结", 3, 6, 2, 5, 1, 1, 2, 5, "=1+1 一辆车没登记", "海城值班员")
    assert evening == ("晚班", "未结", *[None] * 6, 0, 1, None, None, None)
    (cell,) = (c for row in sheet.iter_rows() for c in row if c.value == "=1+1 一辆车没登记")
    assert cell.data_type == "s"
    assert sheet.page_setup.paperSize == 9


def test_a_sheet_says_when_the_kinds_are_behind(counted: City) -> None:
    arrive(counted, 11)
    catch_up(worker_session())
    assert "正在赶上" in text(counted.haicheng.get(f"/desk/closing/GATE/sheet{ASKED}"))
    count_all_tables(worker_session())
    assert "正在赶上" not in text(counted.haicheng.get(f"/desk/closing/GATE/sheet{ASKED}"))


def test_the_printed_sheet_carries_the_same_figures_and_its_pages(counted: City) -> None:
    page = text(counted.haicheng.get(f"/desk/closing/GATE/sheet{ASKED}"))
    assert "GATE卡口日清日结表" in page
    assert "第 1 页，共 2 页" in page
    assert "第 2 页，共 2 页" in page
    assert page.count("数据截至") == page.count("导出人") == page.count('<article class="paper">') == 2
    assert "全日 2 台次，6 人次" in page
    hours = re.findall(
        r'<td class="hour">(\d\d)时</td><td class="number">([^<]+)</td><td class="number">([^<]+)</td>', page
    )
    by_hour = {int(hour): (vehicles, people) for hour, vehicles, people in hours}
    assert (len(hours), len(by_hour)) == (24, 24)
    for row in the_board()["by_hour"]:
        expected = (str(row["vehicles"]), str(row["people"])) if row["passages"] else ("—", "—")
        assert by_hour[row["hour"]] == expected
    assert "白班原因：=1+1 一辆车没登记" in page
    assert "值班负责人：" in page
    assert "复核：" in page


def test_an_empty_day_prints_no_zeros(city: City) -> None:
    catch_up(worker_session())
    page = text(city.haicheng.get(f"/desk/closing/GATE/sheet{ASKED}"))
    assert "全日没有报告" in page
    assert '<td class="number">0</td>' not in page
    hours = rows_after(sheets(city.haicheng.get(f"/desk/closing/GATE/sheet.xlsx{ASKED}"))["各时"], "班次")[
        :25
    ]
    assert {value for row in hours for value in row[2:]} == {None}


def test_the_overview_is_filed_with_a_line_for_every_shift(counted: City) -> None:
    factories.checkpoint("A")
    factories.checkpoint("STRANGER", division=factories.XIUYAN)
    response = counted.haicheng.get(f"/desk/closing.xlsx{ASKED}")
    assert f"日清日结 {YESTERDAY}.xlsx" in unquote(response["Content-Disposition"])
    (sheet,) = sheets(response).values()
    table = rows_after(sheet, "卡口")
    assert [row[1:5] for row in table[:6]] == [
        ("A", "卡口", "夜班", "未结"),
        ("A", "卡口", "白班", "未结"),
        ("A", "卡口", "晚班", "未结"),
        ("GATE", "卡口", "夜班", "零报告"),
        ("GATE", "卡口", "白班", "已结"),
        ("GATE", "卡口", "晚班", "未结"),
    ]
    assert "STRANGER" not in str(table)
    subtitle = [row[0] for row in sheet.iter_rows(max_row=4, values_only=True)]
    assert subtitle[0] == "日清日结总表"
    assert "已结 2 / 应结 6" in subtitle


def test_another_checkpoint_and_another_day_leave_the_sheet_as_it_is(counted: City) -> None:
    def told() -> list[list[tuple[Any, ...]]]:
        asked = sheets(counted.haicheng.get(f"/desk/closing/GATE/sheet.xlsx{ASKED}"))
        # The last row says who took it, under another number each time.
        return [rows_after(asked["各时"], "班次")[:-1], rows_after(asked["分类"], "分类")[:-1]]

    before = told()
    factories.checkpoint("A")
    traffic = Generated(seed=99, at=datetime.combine(YESTERDAY, time(9, 40), SHANGHAI))
    elsewhere = traffic.parcel(traffic.passage(checkpoint="A", people=3))
    counted.intake.send_from(factories.device("A", name="别处"), elsewhere)
    earlier = Generated(seed=98, at=datetime.combine(YESTERDAY - timedelta(days=1), time(9), SHANGHAI))
    counted.intake.send(earlier.parcel(earlier.passage(people=3)))
    catch_up(worker_session())
    count_all_tables(worker_session())
    assert told() == before
    assert the_board()["totals"]["people"] == 12


def test_a_record_that_was_moved_away_leaves_no_report_behind(city: City) -> None:
    factories.checkpoint("A")
    passage = city.register(occurred_at=datetime.combine(YESTERDAY, time(9), SHANGHAI).isoformat())
    catch_up(worker_session())
    assert "全日 1 台次，1 人次" in text(city.haicheng.get(f"/desk/closing/GATE/sheet{ASKED}"))
    city.intake.send(city.generated.parcel(city.generated.correction(passage["id"], {"checkpoint": "A"})))
    catch_up(worker_session())
    assert "全日没有报告" in text(city.haicheng.get(f"/desk/closing/GATE/sheet{ASKED}"))
    day = text(city.haicheng.get(f"/desk/closing/GATE{ASKED}"))
    assert day.count("这个班次没有报告") == 3
    assert "全日 1 台次，1 人次" in text(city.haicheng.get(f"/desk/closing/A/sheet{ASKED}"))
