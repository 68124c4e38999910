"""A community's own spreadsheet of its households, as communities keep them: every row is accounted for, and none is lost."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page

from tests.stories.conftest import Site
from tests.stories.handed_over import Picture, ReferralDesk, Visit, masked, number

pytestmark = pytest.mark.story

HEADINGS = ("序号", "门牌", "姓名", "与户主关系", "身份证号", "出生日期", "联系电话", "备注")
Row = Sequence[object]


@dataclass(frozen=True)
class Village:
    """Whose table it is, and in which form it comes."""

    code: str
    form: str

    def number(self, who: str, born_on: date) -> str:
        return number(f"{self.code} {who}", born_on)

    def table(self) -> list[Row]:
        """Ten rows and an empty one, as somebody keeps them who merges cells and copies rows."""
        head, wife = self.number("head", date(1968, 2, 3)), self.number("wife", date(1970, 8, 9))
        return [
            (1, "1组1号", "亓德山", "户主", head, "1968/2/3", "15400008501", ""),
            (2, "", "郗玉珍", "妻", wife, "", "15400008502", ""),  # one cell over two rows
            (3, "1组1号", "麴小宝", "孙子", "", "2020/2/3", "", ""),
            (4, "1组2号", "殳长林", "户主", wrong(self.number("odd", date(1975, 4, 5))), "", "", ""),
            (5, "1组2号", "仝桂芝", "妻", "", 27_000, "", "腿脚不便"),  # a date that lost its form
            (),
            (6, "", "", "", "", "", "", ""),
            (7, "", "逄老三", "户主", self.number("no door", date(1960, 1, 9)), "", "", "出门打工"),
            (8, "1组3号", "亓德山", "户主", head, "", "", ""),  # the head of 1组1号 again
            (9, "1组1号", "郗玉珍", "妻", wife, "", "15400008502", ""),
            (10, "", "", "", "", "", "15400008510", ""),  # a telephone that slipped into a row of its own
        ]


def wrong(document: str) -> str:
    """Its check character is another one."""
    return document[:-1] + ("1" if document[-1] != "1" else "2")


def kept(
    village: Village, folder: Path, rows: Sequence[Row], *, headings: Row = HEADINGS, title: str = ""
) -> Path:
    """The table as a file of the village's form: a workbook with merged cells, or what an older program saves in GB18030."""
    file = folder / f"住户-{village.code}.{village.form}"
    lines: list[Row] = [*([(title,)] if title else []), headings, *rows]
    if village.form == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows(lines)
        file.write_bytes(text.getvalue().encode("gb18030"))
        return file
    book = Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append([cell if cell != "" else None for cell in line])
    if title:
        sheet.merge_cells("A1:H1")
        sheet.merge_cells("B3:B4")
    book.save(file)
    return file


def read_back(file: Path) -> list[list[str]]:
    if file.suffix == ".csv":
        return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"))))
    rows = load_workbook(file).worksheets[0].iter_rows(values_only=True)
    return [[str(cell or "") for cell in row] for row in rows]


def load(desk: ReferralDesk, village: Village, file: Path) -> dict[str, str]:
    """Imports the file; what the page says became of it."""
    desk.goto("/desk/households/import")
    form = desk.page.locator("form[enctype]")
    form.locator("[name=place]").fill(village.code)
    form.locator(f"[name=division][value='{village.code}']").check()
    form.locator("[name=sheet]").set_input_files(file)
    form.locator("[name=way][value=LOAD]").check()
    form.get_by_role("button", name="导入").click()
    facts = desk.page.get_by_test_id("imported").locator("dl.facts > div")
    facts.first.wait_for()
    return {one.locator("dt").inner_text(): one.locator("dd").inner_text() for one in facts.all()}


def given_back(page: Page, folder: Path) -> list[list[str]]:
    """The rows that somebody must look at again, downloaded; its form is that of the file that came."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载要核对的行").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return read_back(file)


def doors(desk: ReferralDesk, village: Village) -> dict[str, str]:
    """Address → who is behind the door, as the tiles of the roster say it."""
    desk.goto(f"/desk/households?division={village.code}")
    tiles = desk.page.get_by_test_id("doors").locator("li").all()
    return {
        one.locator(".door__address").inner_text(): one.locator(".door__who").inner_text() for one in tiles
    }


@pytest.mark.parametrize(
    "village", [Village("210381112209", "xlsx"), Village("210381112210", "csv")], ids=["xlsx", "csv"]
)
def test_a_handover_of_a_communitys_dirty_spreadsheet_loses_no_row(
    site: Site, visit: Visit, tmp_path: Path, picture: Picture, village: Village
) -> None:
    desk = ReferralDesk(site, visit, "xiliu")
    file = kept(village, tmp_path, village.table(), title="2020年2月住户台账")

    # When the community's table is loaded as it is
    said = load(desk, village, file)
    picture(desk.page, f"handover-spreadsheet-{village.form}")

    # Then every row is accounted for, and those to be looked at again come back with the reason
    assert said["读到"] == "10 行"
    headings, *rows = given_back(desk.page, tmp_path)
    assert headings == [*HEADINGS, "核对原因"]
    reasons = {row[0]: row[-1] for row in rows}
    # A workbook says itself over which rows a merged cell lies; in a text file the rest of it is blank.
    carried = {} if village.form == "xlsx" else {"2": "门牌空着，按上一行"}
    assert reasons == carried | {
        "4": "证件号不合规，请核对",
        "5": "出生日期看不懂，写进了备注",
        "6": "没有姓名、证件和门牌",
        "7": "没有门牌，上一行也没有",
        "8": "此人已在另一户登记在家，这里记为外出",
        "9": "这一户里同一人写了两次，只记一次",
        "10": "没有姓名、证件和门牌",
    }
    counts = [said[name] for name in ("已入台账", "已入台账，请核对", "没有入台账")]
    assert counts == [f"{2 + (not carried)} 行", f"{4 + len(carried)} 行", "3 行"]

    # And the roster shows the doors, with everybody once at home
    roster = doors(desk, village)
    assert list(roster) == ["1组1号", "1组2号", "1组3号"]
    picture(desk.page, f"handover-roster-{village.form}")

    # When the same table is loaded a second time, nothing changes
    assert load(desk, village, file)["新住户、新档案"] == "0 · 0"
    assert doors(desk, village) == roster

    # When what came back is mended and loaded again, with the column of reasons still in it
    mended = [_mended(village, row) for row in rows if row[0] in ("2", "4", "5", "7")]
    said = load(desk, village, kept(village, tmp_path, mended, headings=headings))
    picture(desk.page, f"handover-spreadsheet-mended-{village.form}")

    # Then the door that was missing is there, and nobody is there twice
    assert said["新住户、新档案"] == "1 · 1"
    assert doors(desk, village) == {**roster, "1组5号": masked("逄老三")}


def _mended(village: Village, row: list[str]) -> list[str]:
    """As the community mends its rows: the door where it was missing, the right number, the date as a date."""
    line = dict(zip((*HEADINGS, "核对原因"), row, strict=True))
    line["门牌"] = line["门牌"] or {"2": "1组1号", "7": "1组5号"}[row[0]]
    if row[0] == "4":
        line["身份证号"] = village.number("odd", date(1975, 4, 5))
    if row[0] == "5":
        line["出生日期"] = "1973/12/2"
    return list(line.values())
