"""Importing lists at the desk: blank sheets read back, csv in every coding, refused rows as a file that can be mended."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook, load_workbook

from lianfang.command.models import GridStaff, ResponsiblePerson
from lianfang.doors.hq.responsibility_lists import LISTS
from lianfang.doors.read_sheet import MOST_ROWS, read_sheet
from lianfang.kernel.refusals import Refusal
from tests.doors.desk import City, text

PAGE = "/desk/responsibility/import"
VILLAGE = "210381101200"
HEADINGS = ["地方", "类别", "姓名", "单位职务", "电话", "责任区名称", "本人已答应"]
GOOD = ["大孤山村", "责任人", "王书记", "村书记", "0412-3220120", "", "是"]


def as_csv(*rows: list[str], coding: str = "utf-8-sig", separator: str = ",") -> bytes:
    file = StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows([HEADINGS, *rows])
    return file.getvalue().encode(coding)


def as_xlsx(*rows: list, headings: list[str] = HEADINGS, above: int = 0) -> bytes:
    book = Workbook()
    for _ in range(above):
        book.active.append(["孤山镇责任人名单"])
    book.active.append(headings)
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def send(client: Client, data: bytes, name: str = "名单.xlsx", **more: str) -> HttpResponse:
    return client.post(PAGE, {"list": "PEOPLE", "file": SimpleUploadedFile(name, data), **more})


def back(response: HttpResponse) -> list[dict[str, str]]:
    """The refused rows that the page sends along."""
    return json.loads(response.context["back"])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (as_xlsx(GOOD), "a.xlsx"),
        (as_xlsx(GOOD, above=3), "a.xlsx"),
        (as_csv(GOOD), "a.csv"),
        (as_csv(GOOD, coding="utf-8"), "a.csv"),
        (as_csv(GOOD, coding="gb18030"), "a.csv"),
        (as_csv(GOOD, coding="utf-16"), "a.txt"),
        (as_csv(GOOD, separator="\t"), "a.txt"),
        (as_csv(GOOD, separator=";"), "a.csv"),
    ],
)
def test_a_sheet_is_read_whatever_wrote_it(city: City, data: bytes, name: str) -> None:
    response = send(city.haicheng, data, name)
    assert response.status_code == 200
    assert response.context["counts"] == {"read": 1, "accepted": 1, "flagged": 0, "refused": 0}
    person = ResponsiblePerson.objects.get()
    assert (person.division, person.name, person.unit, person.phone) == (
        VILLAGE,
        "王书记",
        "村书记",
        "04123220120",
    )
    assert person.acknowledged_at is not None


def test_numbers_in_cells_are_telephones_and_codes_as_they_were_typed(city: City) -> None:
    send(city.haicheng, as_xlsx([210381101200, "责任人", "王书记", None, 13900001234.0, None, None]))
    assert ResponsiblePerson.objects.get().phone == "13900001234"


def test_refused_rows_come_back_in_the_same_columns_with_the_reason_and_can_be_mended(city: City) -> None:
    wrong = ["无此村", "副责任人", "李主任", "主任", "13900001234", "", "否"]
    response = send(city.haicheng, as_xlsx(GOOD, wrong))
    assert response.context["counts"] == {"read": 2, "accepted": 1, "flagged": 0, "refused": 1}
    assert "没有找到“无此村”" in text(response)
    sent = {"list": "PEOPLE", "as": "xlsx", "rows": response.context["back"]}
    file = city.haicheng.post(f"{PAGE}/refused.xlsx", sent)
    sheet = load_workbook(BytesIO(file.content)).active
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert [*HEADINGS, "原因"] in rows
    assert rows[-1][:7] == wrong
    assert "没有找到“无此村”" in rows[-1][7]
    # The next morning: the place is written right, and the very file is sent.
    sheet.cell(sheet.max_row, 1).value = "小孤山村"
    mended = BytesIO()
    sheet.parent.save(mended)
    assert send(city.haicheng, mended.getvalue()).context["counts"]["accepted"] == 1


def test_refused_rows_of_a_csv_come_back_as_csv_in_which_nothing_is_a_formula(city: City) -> None:
    response = send(city.haicheng, as_csv(["无此村", "责任人", "+王", "@x", "1234", "", "是"]), "a.csv")
    sent = {"list": "PEOPLE", "as": response.context["as"], "rows": response.context["back"]}
    file = city.haicheng.post(f"{PAGE}/refused.xlsx", sent)
    assert file["Content-Type"].startswith("text/csv")
    (heads, row) = csv.reader(StringIO(file.content.decode("utf-8-sig")))
    assert heads == [*HEADINGS, "原因"]
    assert (row[0], row[2], row[3]) == ("无此村", "'+王", "'@x")


@pytest.mark.parametrize("rows", ["", "x", "{}", "[1]", "null", '[{"地方": {"a": 1}}]'])
def test_rows_that_are_none_are_refused_or_written_as_texts(city: City, rows: str) -> None:
    status = city.haicheng.post(f"{PAGE}/refused.xlsx", {"list": "PEOPLE", "rows": rows}).status_code
    assert status == (200 if "地方" in rows else 404)


@pytest.mark.parametrize("code", ["PEOPLE", "STAFF"])
def test_a_blank_sheet_filled_in_is_read_and_its_explanations_are_no_rows(city: City, code: str) -> None:
    answer = city.haicheng.get(f"{PAGE}/blank.xlsx", {"list": code})
    book = load_workbook(BytesIO(answer.content))
    assert read_sheet(answer.content, LISTS[code].headings) == []
    heads = next(n for n, row in enumerate(book.active.iter_rows(values_only=True), 1) if row[0] == "地方")
    row = (
        ["大孤山村", "", "周", "13900001234"]
        if code == "STAFF"
        else ["大孤山村", "", "周", "书记", "13900001234"]
    )
    for column, said in enumerate(row, 1):
        book.active.cell(heads + 1, column).value = said
    file = BytesIO()
    book.save(file)
    response = city.haicheng.post(PAGE, {"list": code, "file": SimpleUploadedFile("a.xlsx", file.getvalue())})
    assert response.context["counts"]["accepted"] == 1
    model = GridStaff if code == "STAFF" else ResponsiblePerson
    assert model.objects.get().division == VILLAGE


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({1: "书记"}, "不认识类别"),
        ({6: "也许"}, "不认识“也许”"),
        ({2: "=1+1"}, "有公式"),
        ({4: "=A1"}, "有公式"),
        ({1: "党员责任区", 5: ""}, "请填写名称和姓名"),
    ],
)
def test_what_a_row_says_wrongly_is_told_with_the_row(city: City, change: dict[int, str], told: str) -> None:
    wrong = [change.get(place, said) for place, said in enumerate(GOOD)]
    response = send(city.haicheng, as_csv(wrong, GOOD), "a.csv")
    assert response.context["counts"] == {"read": 2, "accepted": 1, "flagged": 0, "refused": 1}
    assert told in back(response)[0]["原因"]


def test_duties_are_read_with_and_without_their_last_character(city: City) -> None:
    rows = [["大孤山村", "下沉干部", "刘", "13900001234", "市文化局", "法治辅导员、民事代办"],
            ["大孤山村", "志愿者", "周", "13900001234", "", "做饭"]]  # fmt: skip
    data = as_xlsx(*rows, headings=["地方", "类别", "姓名", "电话", "原单位", "职责"])
    response = city.haicheng.post(PAGE, {"list": "STAFF", "file": SimpleUploadedFile("a.xlsx", data)})
    assert response.context["counts"] == {"read": 2, "accepted": 1, "flagged": 0, "refused": 1}
    worker = GridStaff.objects.get()
    assert (worker.duties, worker.home_unit) == (["LEGAL_GUIDANCE", "CIVIL_ERRANDS"], "市文化局")


def test_read_first_nothing_is_changed(city: City) -> None:
    response = send(city.haicheng, as_csv(GOOD), "a.csv", only_read="1")
    assert "什么也没有改" in text(response)
    assert response.context["counts"]["accepted"] == 1
    assert not ResponsiblePerson.objects.exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04 broken", "不是能打开的"),
        (b"\xff\xff\x00\xff\xfe", "读不出文字"),
        (b"a,b\n1,2\n", "没有找到表头"),
        (as_csv(), "一行也没有"),
        (b"x" * 2_000_001, "最多 2 MB"),
        (b'"' + b"x" * 200_000, "读不出文字"),
        (("地方,姓名\n" + "a,b\n" * (MOST_ROWS + 20)).encode(), "一次最多"),
    ],
)
def test_what_is_no_list_is_told_in_words(city: City, data: bytes, told: str) -> None:
    response = send(city.haicheng, data, "a.csv")
    assert response.status_code == 400
    assert told in text(response)


def test_a_sheet_that_says_it_is_enormous_costs_nothing() -> None:
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append(GOOD)
    book.active.cell(1_000_000, 30).value = "x"
    file = BytesIO()
    book.save(file)
    with pytest.raises(Refusal) as refused:
        read_sheet(file.getvalue(), HEADINGS)
    assert refused.value.code == "TOO_MANY_ROWS"


def test_the_next_county_and_a_checkpoint_lead_import_nothing_here(city: City) -> None:
    assert send(city.xiuyan, as_csv(GOOD), "a.csv").context["counts"]["refused"] == 1
    assert city.screen.post(PAGE, {}).status_code == 403
    assert not ResponsiblePerson.objects.exists()


def test_the_page_without_a_file_asks_for_one(city: City) -> None:
    assert city.haicheng.post(PAGE, {"list": "PEOPLE"}).status_code == 400
    assert "导入责任名单" in text(city.haicheng.get(PAGE))


@pytest.mark.parametrize("rows", ["[" * 100_000, "{}", "[1]", "nothing"])
def test_what_are_no_rows_come_back_as_no_file(city: City, rows: str) -> None:
    response = city.haicheng.post(
        "/desk/responsibility/import/refused.xlsx", {"list": "PEOPLE", "rows": rows}
    )
    assert response.status_code == 404


def test_a_whole_countys_rows_may_come_back(city: City) -> None:
    """Every grid of a county in one list, and every place misspelt: the form that carries the rows is taken."""
    wrong = [
        [
            "不知道叫什么的村第十二网格",
            "责任人",
            f"王书记{n}",
            "某某镇某某村党支部书记",
            "13900001234",
            "",
            "是",
        ]
        for n in range(5_478)
    ]
    response = send(city.haicheng, as_csv(*wrong))
    form = text(response)
    assert response.context["counts"]["refused"] == 5_478
    assert 'enctype="multipart/form-data"' in form[form.index("import/refused.xlsx") - 120 :][:120]
    given = {"list": "PEOPLE", "as": "csv", "rows": response.context["back"]}
    assert city.haicheng.post("/desk/responsibility/import/refused.xlsx", given).status_code == 200
