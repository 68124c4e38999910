"""What leaves the desk says who took it, when, what for and under which number; and no cell of it is ever a formula."""

import re
import zipfile
from io import BytesIO

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lianfang.doors.sheets import Sheet, workbook
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.audit.references import new_reference
from tests import factories
from tests.doors.desk import City, at_desk, text

MARK = re.compile(
    r"导出人 海城值班员 · \d+月\d+日 \d\d:\d\d:\d\d · 用途 (\w+) · 编号 ([2-9A-Z]{4}-[2-9A-Z]{4})"
)
SHEETS = {
    "/tables.xlsx": ("分类汇总", "TABLES CHECKPOINT"),
    "/tables.xlsx?rows=PURPOSE&columns=HOUR": ("分类汇总", "TABLES PURPOSE HOUR"),
    "/desk/closing.xlsx": ("日清日结", "CLOSING ALL {today}"),
    "/desk/closing/GATE/sheet.xlsx": ("日清日结", "CLOSING GATE {today}"),
}
NASTY = ["=1+1", "+86 139", "-3", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "＝1+1", "=HYPERLINK(\"http://x\",\"王\")",
         "\ud83d=1", "'=1", "王\x00伟", "\ufffe=1", "=" * 40_000]  # fmt: skip


def cells(content: bytes) -> list:
    book = load_workbook(BytesIO(content))
    return [cell for paper in book for row in paper.iter_rows() for cell in row if cell.value is not None]


def noted() -> list[AuditEntry]:
    return list(AuditEntry.objects.using("owner").filter(act="EXPORTED").order_by("number"))


@pytest.mark.parametrize("address", SHEETS)
def test_every_sheet_ends_with_who_took_it_and_the_log_has_its_number(city: City, address: str) -> None:
    city.register()
    content = city.haicheng.get(address).content
    purpose, subject = SHEETS[address]
    marks = [found for cell in cells(content) if (found := MARK.fullmatch(str(cell.value)))]
    (entry,) = noted()
    assert {(mark[1], mark[2]) for mark in marks} == {(purpose, entry.details["reference"])}
    assert (entry.subject, entry.purpose) == (subject.format(today=factories.today()), "")
    with zipfile.ZipFile(BytesIO(content)) as file:
        papers = [file.read(name).decode() for name in file.namelist() if "worksheets/sheet" in name]
    assert len(papers) == len(marks)
    assert all(entry.details["reference"] in paper.split("oddFooter")[1] for paper in papers)


def test_the_sheet_that_is_signed_has_it_on_both_pages(city: City) -> None:
    page = text(city.haicheng.get("/desk/closing/GATE/sheet"))
    (entry,) = noted()
    assert [mark[2] for mark in MARK.finditer(page)] == [entry.details["reference"]] * 2


def test_whatever_is_printed_from_the_desk_says_by_whom(city: City) -> None:
    passage = city.register()
    for address in (
        "/desk",
        "/desk/passages",
        f"/desk/passages/{passage['id']}",
        "/tables",
        "/desk/closing",
        "/desk/search",
    ):
        assert "打印人 海城值班员 · " in text(city.haicheng.get(address)), address


def test_nothing_is_noted_of_a_sheet_that_was_refused(city: City) -> None:
    for client in (city.township, city.administrator, Client()):
        assert client.get("/tables.xlsx").status_code in (302, 403)
    assert city.xiuyan.get("/desk/closing/GATE/sheet.xlsx").status_code == 404
    assert noted() == []


def test_an_officer_whose_name_is_a_formula_takes_a_sheet_of_texts(city: City) -> None:
    client = at_desk(factories.officer("HEADQUARTERS", factories.ANSHAN, name="=1+1&P"))
    content = client.get("/tables.xlsx").content
    assert {cell.data_type for cell in cells(content)} <= {"s", "n"}
    with zipfile.ZipFile(BytesIO(content)) as file:
        assert "=1+1&amp;&amp;P" in file.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("nasty", NASTY)
def test_what_looks_like_a_formula_stays_a_text_also_when_its_cell_is_edited(nasty: str) -> None:
    content = workbook(
        [Sheet("表", nasty, [nasty, "数"], [[nasty, 3]], [nasty], [nasty, 3], [nasty], mark=nasty)]
    )
    texts = [cell for cell in cells(content) if cell.value not in (3, "数")]
    assert len(texts) == 7
    for cell in texts:
        assert cell.data_type == "s"
        looks_so = str(cell.value).lstrip()[:1] in "=+-@＝＋－＠"
        assert cell.quotePrefix == looks_so


@given(
    typed=st.text(max_size=30) | st.text(alphabet=st.characters(categories=("Cs", "Cc", "Cn")), max_size=8)
)
def test_no_text_whatever_breaks_a_sheet_or_is_more_than_a_text(typed: str) -> None:
    content = workbook([Sheet("表", "题", ["栏"], [[typed]], mark=typed)])
    assert {cell.data_type for cell in cells(content)} <= {"s"}


def test_references_do_not_repeat_and_are_read_aloud_without_mistakes() -> None:
    drawn = {new_reference() for _ in range(2_000)}
    assert len(drawn) == 2_000
    assert not set("".join(drawn)) & set("01ILOU")
