"""A community's dirty spreadsheet: every row is accounted for, and whatever was written in it is found again somewhere."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from lianfang.journeys.rosters import Imported, import_roster, leftover
from lianfang.journeys.rosters.reading import read_roster
from lianfang.kernel.divisions import span
from lianfang.kernel.masking import UNMASKED
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.people.models import Household, Person
from lianfang.people.queries import HouseholdShown, roster
from lianfang.people.services import open_file
from lianfang.regions.models import Region
from tests.noted import noted
from tests.people.town import GRID, NEXT_COUNTY, NOW, OTHER_GRID, Town

HEADINGS = [
    "序号",
    "门牌号",
    "姓名",
    "与户主关系",
    "身份证号码",
    "性别",
    "年龄",
    "联系电话",
    "居住情况",
    "人员状态",
    "备注",
]
# What the table says in words and the roster in codes, or as an age; and a remark on a file that there was already.
READ_AS_CODES = {"两处都住", "自住", "男", "女", "户主", "妻", "长子", "上学", "30岁"}
Row = list[Any]


def workbook(
    *rows: Row, headings: Row = HEADINGS, title: str = "大孤山社区住户台账", merged: tuple[str, ...] = ()
) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([title])
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def csv_of(*rows: Row, encoding: str = "utf-8", headings: Row = HEADINGS) -> bytes:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in (headings, *rows)]
    return "\r\n".join(lines).encode(encoding)


@pytest.fixture
def load(town: Town) -> Callable[..., Imported]:
    def load(data: bytes, **said: Any) -> Imported:
        kept = {"by": town.desk, "at": NOW, "division": GRID, "name": "台账.xlsx", **said}
        imported = import_roster(data=data, **kept)
        assert sum(imported.counts.values()) == len(imported.rows) == len(imported.sheet.lines)
        return imported

    return load


def doors(town: Town) -> list[HouseholdShown]:
    with reach(town.desk) as seen:
        return roster(seen, GRID, at=NOW, sight=UNMASKED)


def results(imported: Imported) -> dict[int, tuple[str, tuple[str, ...]]]:
    return {row.number: (row.result, row.reasons) for row in imported.rows}


def test_a_clean_table_becomes_a_roster_in_its_order(town: Town, load: Callable[..., Imported]) -> None:
    numbers = [town.made.resident_id() for _ in range(3)]
    imported = load(
        workbook(
            [
                1,
                "丰台路8号3单元201",
                "王建国",
                "户主",
                numbers[0],
                "男",
                None,
                "13900001111",
                "自住",
                "在家",
                "低保户",
            ],
            [2, "丰台路8号3单元201", "李秀英", "配偶", numbers[1], "女", None, None, "自住", "外出", None],
            [
                3,
                "丰台路8号3单元202",
                "赵明",
                "租客",
                numbers[2],
                "男",
                None,
                "13900002222",
                "出租",
                None,
                None,
            ],
            [4, "丰台路8号3单元203", None, None, None, None, None, None, "空置", None, "门上贴封条"],
        )
    )
    assert imported.counts == {"ACCEPTED": 4, "FLAGGED": 0, "REFUSED": 0}
    assert (imported.households, imported.people) == (3, 3)
    first, second, third = doors(town)
    assert [(one.person.name, one.relation, one.state) for one in first.members] == [
        ("王建国", "HEAD", "PRESENT"), ("李秀英", "SPOUSE", "AWAY"),
    ]  # fmt: skip
    assert first.members[0].person.document == numbers[0]
    assert first.members[0].person.note == "低保户"
    assert (second.state, third.state, third.door.note) == (
        "RENTED",
        "VACANT",
        "备注：门上贴封条".removeprefix("备注："),
    )


def test_a_dirty_table_loses_nothing_silently(town: Town, load: Callable[..., Imported]) -> None:
    good, shared, twice = (town.made.resident_id() for _ in range(3))
    headings = [*HEADINGS, "车牌"]
    rows: list[Row] = [
        [1, "8-201", "王建国", "户主", good, "男", 52, "13900001111、13900002222", "自住", None, None, "辽C12345"],  # 3
        [2, None, "王小明", "长子", 2.10381198001011e17, "男", "30岁", "139 0000 3333", None, "上学", None, None],  # 4
        [3, "8-202", "李雷", "户主", shared, "男", None, None, None, None, None, None],  # 5, merged below
        [4, "8-202", "韩梅梅", "妻", None, "女", None, None, None, None, None, None],  # 6, under the merged number
        [5, "8-203", "周二", "户主", twice, None, None, "1390000", "自住", None, None, None],  # 7
        [6, "8-204", "周二", "户主", twice, None, None, None, "自住", None, "两处都住", None],  # 8
        [7, "8-204", "周二", "户主", twice, None, None, None, "自住", None, None, None],  # 9
        [8, "8-205", "吴三", "干爹", good[:17], "其他", 200, None, "半空", "出差", None, None],  # 10
        [9, "8-206", None, None, None, None, None, None, None, None, "常锁门", None],  # 11
        [10, "8-207", "郑四", "户主", None, "男", "=1+51", None, None, None, None, None],  # 12
        ["合计", None, None, None, None, None, None, None, None, None, "共 8 户", None],  # 13
    ]  # fmt: skip
    imported = load(workbook(*rows, headings=headings, merged=("E5:E6",)))
    assert results(imported) == {
        3: ("FLAGGED", ("PHONES_SEVERAL",)),
        4: ("FLAGGED", ("DOCUMENT_SCIENTIFIC", "AGE_ONLY", "DOOR_CARRIED")),
        5: ("ACCEPTED", ()),
        6: ("FLAGGED", ("DOCUMENT_SHARED",)),
        7: ("FLAGGED", ("PHONE_ODD",)),
        8: ("FLAGGED", ("DIFFERS", "PRESENT_ELSEWHERE")),  # his remark
        9: ("FLAGGED", ("ROW_TWICE",)),
        10: ("FLAGGED", ("OCCUPANCY_UNKNOWN", "DOCUMENT_ODD", "RELATION_UNKNOWN", "STATE_UNKNOWN")),
        11: ("FLAGGED", ("DOOR_ONLY",)),
        12: ("REFUSED", ("FORMULA",)),
        13: ("REFUSED", ("EMPTY_ROW",)),
    }
    assert imported.counts == {"ACCEPTED": 1, "FLAGGED": 8, "REFUSED": 2}
    kept = repr(doors(town))
    parts = (
        part for row in rows[:9] for cell in row[1:] for part in str(cell or "").replace("、", " ").split()
    )
    assert not [part for part in parts if part not in kept and part not in READ_AS_CODES]
    people = {one.person.name: (one, door) for door in doors(town) for one in door.members}
    king, prince = people["王建国"][0].person, people["王小明"][0].person
    assert (king.phone, king.other_phones) == ("13900001111", ("13900002222",))
    assert "车牌：辽C12345" in king.note
    assert (prince.age, prince.phone, prince.document, people["王小明"][1].door.address) == (
        30,
        "139 0000 3333",
        "",
        "8-201",
    )
    assert prince.note == "身份证号码：2.10381198001011e+17"
    assert f"表格里的证件号：{shared}" in people["韩梅梅"][0].person.note
    assert people["李雷"][0].person.document == shared
    assert [(door.door.address, one.state) for door in doors(town) for one in door.members if one.person.name == "周二"] == [
        ("8-203", "PRESENT"), ("8-204", "AWAY"),
    ]  # fmt: skip
    for lost in ("居住情况：半空", "与户主关系：干爹", "人员状态：出差", "性别：其他", "年龄：200"):
        assert lost in people["吴三"][0].person.note
    assert next(door for door in doors(town) if door.door.address == "8-206").door.note == "常锁门"


def test_the_rows_to_look_at_come_back_as_the_same_table_with_their_reasons(
    load: Callable[..., Imported],
) -> None:
    imported = load(workbook([1, "8-201", "王一", "户主", "123", None, None, None, None, None, "=备注"],
                             [2, "8-202", "王二", "户主", None, None, 40, None, None, None, None],
                             [3, "8-203", "王三", "户主", None, None, None, None, None, None, None]))  # fmt: skip
    sheet = load_workbook(
        BytesIO(leftover(imported, reason="原因", say=lambda code: f"<{code}>"))
    ).worksheets[0]
    back = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert back[0] == [*HEADINGS, "原因"]
    assert [(row[2], row[-1]) for row in back[1:]] == [("王一", "<FORMULA>"), ("王二", "<AGE_ONLY>")]
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value is not None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_of_any_of_the_usual_kinds_is_read_and_given_back_as_one(
    town: Town, load: Callable[..., Imported], encoding: str
) -> None:  # fmt: skip
    number = town.made.resident_id()
    imported = load(csv_of([1, "8-201", "王一", "户主", number], [2, "8-202", "王二", "户主", "2.10381E+17"], encoding=encoding), name="台账.csv")  # fmt: skip
    assert results(imported) == {2: ("ACCEPTED", ()), 3: ("FLAGGED", ("DOCUMENT_SCIENTIFIC",))}
    text = leftover(imported, reason="原因", say=str).decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join([*HEADINGS, "原因"])
    assert "2.10381E+17" in text


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "  =", "　@"])
def test_a_csv_that_is_given_back_holds_no_formula(load: Callable[..., Imported], first: str) -> None:
    imported = load(csv_of([1, "8-201", f"{first}1+2", "户主", "123"]), name="台账.csv")
    text = leftover(imported, reason="原因", say=str).decode("utf-8-sig")
    assert f",'{first.strip()}1+2," in text


def test_a_telephone_that_is_given_back_is_the_same_when_it_is_loaded_again(
    town: Town, load: Callable[..., Imported]
) -> None:
    row = [1, "8-201", "王一", "户主", "123", None, None, "+8613900001111"]
    back = leftover(load(csv_of(row), name="台账.csv", try_only=True), reason="原因", say=str)
    assert b",'+86" in back
    load(back, name="台账.csv")
    assert doors(town)[0].members[0].person.phone == "+8613900001111"


def test_columns_may_stand_in_any_order_under_other_names(town: Town, load: Callable[..., Imported]) -> None:
    number = town.made.resident_id()
    data = workbook(
        ["13900001111", "男", number, "1985.3.2", "王一", "丰台路8号", "王一"],
        ["13900001112", "女", None, "1990年12月", "王二", "丰台路8号", "王一"],
        [None, "女", None, date(2001, 2, 3), "王三", "丰台路9号", None],
        headings=["手机（本人）", "性别", "公民身份号码", "出生年月", "成员姓名", "现住址", "户主姓名"],
    )
    imported = load(data)
    assert results(imported)[4] == ("FLAGGED", ("BORN_ODD",))
    (first, second), (third,) = (door.members for door in doors(town))
    assert (first.relation, first.person.born_on, first.person.phone) == ("HEAD", "1985-03-02", "13900001111")
    assert "出生年月：1990年12月" in second.person.note
    assert "户主姓名：王一" in second.person.note
    assert third.person.born_on == "2001-02-03"


def test_loaded_again_nobody_is_doubled_and_files_do_not_change(
    town: Town, load: Callable[..., Imported]
) -> None:
    number = town.made.resident_id()
    rows = [[1, "8号201室", "王一", "户主", number, None, None, "13900001111"], [2, "8号201", "老张", "父亲"]]
    load(workbook(*rows))
    rows[0][7] = "13900009999"
    again = load(workbook(*rows, [3, " 8号 201室", "小李", "租客"]))
    assert (again.households, again.people) == (0, 1)
    assert results(again)[3] == ("FLAGGED", ("DIFFERS",))
    (door,) = doors(town)
    assert sorted(one.person.name for one in door.members) == ["小李", "王一", "老张"]
    assert {one.person.phone for one in door.members} == {"13900001111", ""}
    assert Person.objects.using("owner").count() == 3


def test_one_address_in_two_grids_is_two_doors(town: Town, load: Callable[..., Imported]) -> None:
    village, headings = "210381101001", ["网格", *HEADINGS[1:4]]
    for code, name in ((GRID, "第1网格"), (OTHER_GRID, "第2网格")):
        lo, hi = span(code)
        Region.objects.using("owner").create(
            code=code, level="GRID", name=name, short_name=name, pinyin=code, parent_code=village, lo=lo, hi=hi,
            valid_from=date(2019, 1, 1), edition="2020",
        )  # fmt: skip
    rows = [
        ["第1网格", "1号", "王一", "户主"],
        [OTHER_GRID, "1号", "王二", "户主"],
        ["第2网格", "2号", "王三", "户主"],
    ]

    def behind(grid: str) -> list[tuple[str, list[str]]]:
        with reach(town.desk) as seen:
            found = roster(seen, grid, at=NOW, sight=UNMASKED)
        return [(one.door.address, [who.person.name for who in one.members]) for one in found]

    imported = load(workbook(*rows, headings=headings), division=village)
    assert (imported.households, imported.people) == (3, 3)
    again = load(workbook(*rows, headings=headings), division=village)
    assert (again.households, again.people) == (0, 0)
    assert again.counts["ACCEPTED"] == 3
    assert (behind(GRID), behind(OTHER_GRID)) == (
        [("1号", ["王一"])],
        [("1号", ["王二"]), ("2号", ["王三"])],
    )
    without = load(workbook(["2号", "小李", "租客"], headings=HEADINGS[1:4]), division=village)
    assert without.households == 0  # there is one such door
    other = load(workbook(["1号", "小张", "租客"], headings=HEADINGS[1:4]), division=village)
    assert other.households == 1  # whose it is of the two nobody says


def test_a_mended_number_is_the_same_man_and_why_the_row_came_back_is_nothing_he_said(
    town: Town, load: Callable[..., Imported]
) -> None:
    number = town.made.resident_id()
    odd = number[:-1] + ("1" if number[-1] != "1" else "2")
    headings = [*HEADINGS[:5], "核对原因"]
    load(
        workbook([1, "8-201", "王一", "户主", odd], [2, "8-201", "王二", "子"], [3, "8-202", "王一", "户主"])
    )
    mended = [
        [1, "8-201", "王一", "户主", number, "证件号不合规，请核对"],
        [2, "8-201", "王二", "子", town.made.resident_id(), "只有年龄"],
        [3, "8-201", "王三", "女", town.made.resident_id(), "没有门牌"],
    ]
    again = load(workbook(*mended, headings=headings))
    assert (again.households, again.people) == (0, 1)
    assert [row.reasons for row in again.rows] == [("DIFFERS",), ("DIFFERS",), ()]
    first = doors(town)[0]
    assert sorted(one.person.name for one in first.members) == ["王一", "王三", "王二"]
    assert {one.person.note for one in first.members} == {""}


def test_a_trial_leaves_nothing(town: Town, load: Callable[..., Imported]) -> None:
    imported = load(workbook([1, "8-201", "王一", "户主", town.made.resident_id()]), try_only=True)
    assert (imported.done, imported.households, imported.people) == (False, 1, 1)
    assert doors(town) == []
    assert Person.objects.using("owner").count() == Household.objects.using("owner").count() == 0
    (entry,) = noted("ROSTER_IMPORTED")
    assert (entry.count, entry.details["trial"], entry.details["ACCEPTED"]) == (1, True, 1)


def test_whoever_has_a_file_in_the_next_county_is_refused_by_row(
    town: Town, load: Callable[..., Imported]
) -> None:
    facts = town.facts()
    open_file(by=town.stranger, at=NOW, call=town.call(), facts=facts, division=NEXT_COUNTY)
    imported = load(workbook([1, "8-201", "王一", "户主", facts.document.number], [2, "8-201", "王二", "子"]))
    assert results(imported) == {3: ("REFUSED", ("FILE_ELSEWHERE",)), 4: ("ACCEPTED", ())}
    (entry,) = noted("ROSTER_IMPORTED")
    assert "trial" not in entry.details


def test_a_trial_says_nothing_of_files_in_other_counties_and_is_noted(
    town: Town, load: Callable[..., Imported]
) -> None:
    facts = town.facts()
    open_file(by=town.stranger, at=NOW, call=town.call(), facts=facts, division=NEXT_COUNTY)
    numbers = [facts.document.number, town.made.resident_id()]
    rows = [[n, f"8-{n}", f"王{n}", "户主", number] for n, number in enumerate(numbers)]
    tried = load(workbook(*rows), try_only=True)
    assert {row.result for row in tried.rows} == {"ACCEPTED"}  # the one as the other
    assert [entry.details["trial"] for entry in noted("ROSTER_IMPORTED")] == [True]
    assert facts.document.number not in repr(noted())


def test_a_large_table_takes_as_many_questions_as_a_small_one(
    town: Town, load: Callable[..., Imported]
) -> None:
    def statements(number: int, door: str) -> int:
        rows = [
            [n, f"{door}-{n // 3}", f"{town.made.name()}{n}", "户主", town.made.resident_id()]
            for n in range(number)
        ]
        with CaptureQueriesContext(connection) as asked:
            load(workbook(*rows))
        return len(asked)

    load(workbook([1, "1-1", "王一", "户主"]))
    assert statements(3, "2") == statements(300, "3")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "NO_HEADINGS"), (b"PK\x03\x04 broken", "NOT_A_WORKBOOK"), (b"\xff\xfe\x00\xd8\x00", "NOT_A_TEXT"),
        (csv_of(["x"], headings=["姓名", "电话"]), "NO_HEADINGS"), (b"x" * 2_100_000, "FILE_TOO_LARGE"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_whole(load: Callable[..., Imported], data: bytes, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        load(data)


def test_several_written_sheets_are_refused_so_that_none_is_passed_over(
    load: Callable[..., Imported],
) -> None:
    book = Workbook()
    book.worksheets[0].append(HEADINGS)
    book.create_sheet("二号楼").append(["8-201"])
    file = BytesIO()
    book.save(file)
    with pytest.raises(Refusal, match="SEVERAL_SHEETS"):
        load(file.getvalue())


def test_who_may_load_and_where(town: Town, load: Callable[..., Imported]) -> None:
    data = workbook([1, "8-201", "王一", "户主"])
    with pytest.raises(Forbidden):
        load(data, division=NEXT_COUNTY)
    with pytest.raises(Refusal, match="DIVISION_UNKNOWN"):
        load(data, division="210381")
    load(data, by=town.township)
    (entry,) = noted("ROSTER_IMPORTED")
    assert (entry.count, entry.details["ACCEPTED"]) == (1, 1)
    assert "王一" not in repr(noted())


def test_a_large_communitys_table_is_read_whole_and_a_larger_one_refused() -> None:
    rows = [[n, f"{n}号", "王小明", *[""] * 8] for n in range(10_000)]
    assert len(read_roster(csv_of(*rows), "x.csv").lines) == 10_000
    assert len(read_roster(workbook(*rows), "x.xlsx").lines) == 10_000
    with pytest.raises(Refusal, match="SHEET_TOO_LARGE"):
        read_roster(csv_of(*rows, *rows[:2_000]), "x.csv")


def test_formulas_in_every_cell_are_each_told_once_and_cost_no_more_than_they_are() -> None:
    rows = [[f"={n}"] * 11 for n in range(9_000)]
    assert len(read_roster(csv_of(*rows), "x.csv").broken) == 9_000
