"""What is written is read again, and whatever a bureau sends is read or refused at its row and column."""

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lianfang.screening.compiling import compiled
from lianfang.screening.rules import hash_of
from lianfang.screening.sheets import SheetRead, compiled_sheet, read_sheet, write_sheet
from lianfang.screening.sheets.columns import RULE_COLUMNS
from lianfang.screening.sheets.paper import LARGEST_FILE
from lianfang.screening.shipped import SHIPPED, shipped
from tests.screening.written import anything, condition, row, rule_sets, written

HEADINGS = [column.names[0] for column in RULE_COLUMNS]
LETTERS = {column.key: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n] for n, column in enumerate(RULE_COLUMNS)}
ARRIVAL = {
    "row": "arrival",
    "direction": "入",
    "kind": "登记放行",
    "zh": "请登记。",
    "en": "Please register.",
}
GOODS = {"row": "goods", "purpose": "货运", "kind": "通知网格", "zh": "请登记。", "en": "Please register."}


def book(*rows: dict[str, Any], change: Callable[[Worksheet], object] | None = None, **sheets: Any) -> bytes:
    """A workbook as somebody fills it in: rows of the rules from row 6 on, and further sheets as lists."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "规则"
    for line in (["名称", "规则"], ["英文名称", "Rules"], ["依据", "令"], [], HEADINGS):
        sheet.append(line)
    for one in (*rows, ARRIVAL):
        sheet.append([one.get(column.key) for column in RULE_COLUMNS])
    if change:
        change(sheet)
    for title, lines in sheets.items():
        other = made.create_sheet(title)
        for line in lines:
            other.append(line)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def text(*rows: dict[str, Any], separator: str = ",") -> str:
    file = StringIO()
    lines = csv.writer(file, delimiter=separator)
    lines.writerows([["名称", "规则"], ["英文名称", "Rules"], HEADINGS])
    lines.writerows([one.get(column.key, "") for column in RULE_COLUMNS] for one in (*rows, ARRIVAL))
    return file.getvalue()


def read(data: bytes, name: str = "规则.xlsx", **options: Any) -> SheetRead:
    return read_sheet(data, name=name, **options)


def content(data: bytes, name: str = "规则.xlsx", **options: Any) -> dict[str, Any]:
    found = compiled_sheet(read(data, name, **options))
    assert found.content is not None, found.findings
    return found.content


def told(data: bytes, name: str = "规则.xlsx", **options: Any) -> list[tuple[str, str, str]]:
    found = compiled_sheet(read(data, name, **options))
    assert (found.content is None) == any(one.severity == "ERROR" for one in found.findings)
    return [(one.row, one.column, one.code) for one in found.findings]


def when(data: bytes, **options: Any) -> list[dict[str, Any]]:
    conditions: list[dict[str, Any]] = content(data, **options)["rows"][0]["when"]
    return conditions


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("code", SHIPPED)
def test_what_comes_with_the_program_is_the_same_after_a_sheet(code: str) -> None:
    there = shipped(code).content
    back = compiled_sheet(read(write_sheet(there, names={"42": "湖北省"})))
    assert back.content is not None
    assert hash_of(back.content) == hash_of(there)


@given(rule_sets())
@settings(max_examples=60, deadline=None)
def test_any_rule_set_is_the_same_after_a_sheet(raw: dict[str, Any]) -> None:
    there = compiled(raw).content
    assert there is not None
    back = compiled_sheet(read(write_sheet(there)))
    assert back.content == there
    assert hash_of(back.content or {}) == hash_of(there)


def test_texts_that_look_like_something_else_stay_texts() -> None:
    odd = [
        "=1+1",
        "@x",
        "-5",
        "+8",
        "42",
        "TRUE",
        "2020-02-05",
        "37.3",
        "#N/A",
        "#备注",
        "'x",
        "a|b；c：d、e",
        "除非",
        "名称",
    ]
    for said in odd:
        there = compiled(
            written(
                row("1", condition("age", "BELOW", 3), say={"zh": said, "en": said}),
                title={"zh": said, "en": said},
                source=said,
                questions=[{"key": "q", "kind": "CHOICE", "zh": said, "en": said, "choices": [{"code": c, "zh": said, "en": said} for c in ("A", "B")]}],
            )
        ).content  # fmt: skip
        assert there is not None
        assert content(write_sheet(there)) == there


def test_a_draft_that_is_not_fit_is_taken_home_and_brought_back_as_it_was() -> None:
    draft = written(
        row(
            "odd",
            condition("celcius", "AT_LEAST", 373),
            condition("purpose", "ONE_OF", ["FRIEGHT"]),
            condition("age", "BELOW", 14),
            unless=[condition("stays", "UNDER", ["42"]), {"op": 3}],
            then={"kind": "QUARANTIN", "days": "两周"},
        )
    )
    raw = read(write_sheet(draft)).raw
    assert raw is not None
    (odd, _) = raw["rows"]
    assert all(one in odd["when"] for one in draft["rows"][0]["when"])
    assert odd["unless"] == draft["rows"][0]["unless"]
    assert odd["then"] == draft["rows"][0]["then"]
    assert compiled(raw).content is None


@given(anything, rule_sets(), st.data())
@settings(max_examples=100, deadline=None)
def test_whatever_a_draft_holds_a_sheet_is_written(
    raw: Any, content: dict[str, Any], data: st.DataObject
) -> None:
    assert read(write_sheet(raw)).raw
    place: Any = data.draw(
        st.sampled_from([content, *content["rows"], *(one["then"] for one in content["rows"])])
    )
    place[data.draw(st.sampled_from(sorted(place)))] = raw
    compiled_sheet(read(write_sheet(content)))


def test_the_guide_names_every_column_and_nothing_is_a_formula() -> None:
    made = load_workbook(BytesIO(write_sheet(shipped("jinzhou-2020").content)))
    assert made.sheetnames == ["规则", "重点地区", "提问", "说明"]
    said = {str(cell.value) for line in made["说明"] for cell in line}
    assert set(HEADINGS) <= said
    assert not [cell for sheet in made for line in sheet for cell in line if cell.data_type == "f"]


# ---------------------------------------------------------------- cells in people's words


CELLS: list[tuple[str, Any, list[dict[str, Any]]]] = [
    ("celsius_tenths", "≥37.3", [condition("celsius_tenths", "AT_LEAST", 373)]),
    ("celsius_tenths", "＞＝３７．３", [condition("celsius_tenths", "AT_LEAST", 373)]),
    ("celsius_tenths", "》=37.3℃", [condition("celsius_tenths", "AT_LEAST", 373)]),
    ("celsius_tenths", " => 37.3 度", [condition("celsius_tenths", "AT_LEAST", 373)]),
    ("celsius_tenths", "37.3以上", [condition("celsius_tenths", "AT_LEAST", 373)]),
    ("celsius_tenths", "＞３７．３", [condition("celsius_tenths", "ABOVE", 373)]),
    ("celsius_tenths", "》37.3", [condition("celsius_tenths", "ABOVE", 373)]),
    ("celsius_tenths", "超过37.3", [condition("celsius_tenths", "ABOVE", 373)]),
    ("celsius_tenths", "<35", [condition("celsius_tenths", "BELOW", 350)]),
    ("celsius_tenths", "<35.0", [condition("celsius_tenths", "BELOW", 350)]),
    ("celsius_tenths", "≦37.2°C", [condition("celsius_tenths", "AT_MOST", 372)]),
    ("celsius_tenths", "≥37.3，＜38", [condition("celsius_tenths", "AT_LEAST", 373), condition("celsius_tenths", "BELOW", 380)]),
    ("celsius_tenths", "37.3～38", [condition("celsius_tenths", "AT_LEAST", 373), condition("celsius_tenths", "AT_MOST", 380)]),
    ("celsius_tenths", "未说明", [condition("celsius_tenths", "MISSING")]),
    ("age", "不满14岁", [condition("age", "BELOW", 14)]),
    ("age", "60周岁以上", [condition("age", "AT_LEAST", 60)]),
    ("purpose", "货运、保供", [condition("purpose", "ONE_OF", ["FREIGHT", "SUPPLIES"])]),
    ("purpose", "货运；SUPPLIES\n就医", [condition("purpose", "ONE_OF", ["FREIGHT", "SUPPLIES", "MEDICAL"])]),
    ("purpose", "非 返乡，通勤", [condition("purpose", "NONE_OF", ["RESIDENT_RETURN", "COMMUTE"])]),
    ("transport", "truck", [condition("transport", "ONE_OF", ["TRUCK"])]),
    ("document_type", "护照/台胞证", [condition("document_type", "ONE_OF", ["TW_PASS", "PASSPORT"])]),
    ("temperature_state", "过低", [condition("temperature_state", "ONE_OF", ["LOW"])]),
    ("symptoms", "有", [condition("symptoms", "ANY")]),
    ("symptoms", "发烧、干咳", [condition("symptoms", "ANY_OF", ["FEVER", "COUGH"])]),
    ("case_contact", "有", [condition("case_contact", "IS", True)]),
    ("case_contact", True, [condition("case_contact", "IS", True)]),
    ("resident", "否", [condition("resident", "IS", False)]),
    ("resident", "未填", [condition("resident", "MISSING")]),
    ("from_code", 420106, [condition("from_code", "UNDER", ["420106"])]),
    ("from_code", 42.0, [condition("from_code", "UNDER", ["42"])]),
    ("from_code", "４２、3100", [condition("from_code", "UNDER", ["31", "42"])]),
    ("from_code", "非 2103、2107", [condition("from_code", "OUTSIDE", ["2103", "2107"])]),
    ("from_code", "除2103外", [condition("from_code", "OUTSIDE", ["2103"])]),
    ("from_code", "2103以外", [condition("from_code", "OUTSIDE", ["2103"])]),
    ("stays", "42、31（14天内）", [condition("stays", "UNDER", ["31", "42"], 14)]),
    ("stays", "近14天到过42", [condition("stays", "UNDER", ["42"], 14)]),
    ("stays", "非21（7天）", [condition("stays", "OUTSIDE", ["21"], 7)]),
    ("stays", "没有说明", [condition("stays", "MISSING")]),
    ("areas", "高、中（14天内）", [condition("areas", "LEVEL", ["HIGH", "MEDIUM"], 14)]),
    ("areas", "14日内 高风险", [condition("areas", "LEVEL", ["HIGH"], 14)]),
    ("more", "事由：货运、保供\n年龄：≥60", [condition("purpose", "ONE_OF", ["FREIGHT", "SUPPLIES"]), condition("age", "AT_LEAST", 60)]),
    ("more", "事由:货运；保供；体温:≥37.3", [condition("purpose", "ONE_OF", ["FREIGHT", "SUPPLIES"]), condition("celsius_tenths", "AT_LEAST", 373)]),
    ("more", "提问 cold_chain：否", [condition("answers.cold_chain", "IS", False)]),
    ("more", "answers.cold_chain：未说明", [condition("answers.cold_chain", "MISSING")]),
    ("more", "提问 came_by：非 轮渡、BUS", [condition("answers.came_by", "NONE_OF", ["FERRY", "BUS"])]),
    ("more", '[{"fact": "age", "op": "BELOW", "value": 14}]', [condition("age", "BELOW", 14)]),
]  # fmt: skip
QUESTIONS = [
    ["代码", "类型", "问题中文", "问题英文", "选项代码", "选项中文", "选项英文", "方向"],
    ["cold_chain", "是否", "冷链？", "Cold chain?", None, None, None, "入"],
    ["came_by", "选择", "怎么来？", "How?", "FERRY", "轮渡", "Ferry"],
    [None, None, None, None, "BUS", "客车", "Bus"],
]


@pytest.mark.parametrize(("key", "cell", "conditions"), CELLS)
def test_a_cell_is_read_as_people_mean_it(key: str, cell: Any, conditions: list[dict[str, Any]]) -> None:
    data = book({**GOODS, "purpose": None, key: cell}, 提问=QUESTIONS)
    meant = compiled(written(row("goods", *conditions), questions=asked())).content
    assert meant is not None
    assert when(data) == meant["rows"][0]["when"]


def asked() -> list[dict[str, Any]]:
    raw = read(book(提问=QUESTIONS)).raw
    assert raw is not None
    questions: list[dict[str, Any]] = raw["questions"]
    return questions


UNREADABLE: list[tuple[str, Any, str]] = [
    ("celsius_tenths", "37.3", "NOT_A_COMPARISON"),
    ("celsius_tenths", 37.3, "NOT_A_COMPARISON"),
    ("celsius_tenths", "=37.3", "FORMULA"),
    ("celsius_tenths", "≥373", "NOT_DEGREES"),
    ("celsius_tenths", "≥37.35", "TOO_EXACT"),
    ("celsius_tenths", "≥37.3以上", "NOT_A_COMPARISON"),
    ("celsius_tenths", "发热", "NOT_A_COMPARISON"),
    ("celsius_tenths", "、", "NOT_A_COMPARISON"),
    ("age", "≥1.5", "TOO_EXACT"),
    ("age", "≥1e9", "NOT_A_COMPARISON"),
    ("purpose", "货云", "UNKNOWN_WORD"),
    ("purpose", "非", "EMPTY_LIST"),
    ("from_code", "武汉", "UNKNOWN_NAME"),
    ("from_code", "4201x", "UNKNOWN_NAME"),
    ("from_code", "420", "NOT_A_PLACE"),
    ("stays", "42", "FIELD_MISSING"),
    ("stays", "42（99天内）", "OUT_OF_RANGE"),
    ("stays", "42（99999天内）", "TOO_MANY_DAYS"),
    ("areas", "没有高风险（14天内）", "UNKNOWN_WORD"),
    ("areas", "非 高风险（14天内）", "WRITE_UNLESS"),
    ("symptoms", "无", "WRITE_UNLESS"),
    ("symptoms", "非 干咳", "WRITE_UNLESS"),
    ("resident", "大概", "NOT_YES_OR_NO"),
    ("unless", "就医", "NO_HEADING"),
    ("unless", "事由：", "NO_HEADING"),
    ("unless", "身份证前六位：42", "UNKNOWN_HEADING"),
    ("unless", "提问 cold：是", "NOT_ASKED"),
    ("more", "{", "NOT_JSON"),
    ("more", "[" * 100_000, "NOT_JSON"),
    ("more", '{"fact": "age", "op": "BELOW", "value": NaN}', "NOT_JSON"),
    ("more", "[1]", "WRONG_TYPE"),
    ("kind", "隔离观查", "UNKNOWN_WORD"),
    ("kind", None, "UNKNOWN_CODE"),
    ("place", "居家", "FIELD_TOO_MANY"),
    ("lifts", "arrival", "FIELD_TOO_MANY"),
    ("row", "two words", "NOT_A_ROW_ID"),
    ("from", "2月5日", "NOT_A_DAY"),
    ("from", "2020-02-30", "NOT_A_DAY"),
    ("from", 43866, "NOT_A_DAY"),
    ("from", datetime.combine(date(2020, 2, 5), time(18)), "NOT_A_DAY"),
    ("en", None, "TEXT_MISSING"),
    ("zh", "请" * 400, "TEXT_TOO_LONG"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "cell", "code"), UNREADABLE)
def test_a_cell_that_cannot_be_read_is_refused_once_at_its_row_and_column(
    key: str, cell: Any, code: str
) -> None:
    data = book({**GOODS, key: cell[:32_000] if isinstance(cell, str) else cell})
    assert told(data) == [("规则 6", LETTERS[key], code)]


def test_the_word_that_was_meant_is_named() -> None:
    for key, cell, meant in (
        ("purpose", "货云", "货运"),
        ("kind", "隔离观查", "隔离观察"),
        ("symptoms", "乏立", "乏力"),
    ):
        (finding,) = read(book({**GOODS, key: cell})).findings
        assert f"您要的是 {meant} 吗" in finding.zh


def test_a_condition_that_cannot_be_read_never_drops_out_of_its_row() -> None:
    """Loaded into a draft all the same, the rule set may not decide until it is mended."""
    for key in ("celsius_tenths", "purpose", "from_code", "resident", "symptoms", "unless", "more"):
        raw = read(book({**GOODS, key: "???"})).raw
        assert raw is not None
        assert compiled(raw).content is None
        assert json.dumps(raw, allow_nan=False)


# ---------------------------------------------------------------- rows, dates, sheets


@pytest.mark.parametrize(
    "cell",
    [
        "2020-02-05",
        "2020年2月5日",
        "2020.2.5",
        "2020/2/5",
        "２０２０－２－５",
        "20200205",
        20200205,
        date(2020, 2, 5),
    ],
)
def test_days_are_read_as_they_are_written(cell: Any) -> None:
    row = content(book({**GOODS, "from": cell, "to": "2020-03-01"}))["rows"][0]
    assert (row["from"], row["to"]) == ("2020-02-05", "2020-03-01")


def test_a_measure_its_place_its_days_and_what_is_lifted() -> None:
    home = {**GOODS, "row": "home", "kind": "隔离", "place": "集中隔离", "days": "14天"}
    free = {**GOODS, "row": "free", "purpose": "保供", "kind": "豁免", "lifts": "home、goods"}
    rows = content(book(home, GOODS, free))["rows"]
    assert rows[0]["then"] == {"kind": "QUARANTINE", "place": "FACILITY", "days": 14}
    assert rows[2]["then"] == {"kind": "EXEMPT", "lifts": ["goods", "home"]}
    assert told(book({**home, "days": 140}))[0] == ("规则 6", LETTERS["days"], "OUT_OF_RANGE")
    assert told(book({**home, "days": "两周"}))[0] == ("规则 6", LETTERS["days"], "WRONG_TYPE")
    assert told(book({**free, "lifts": "hom"}, home))[0] == ("规则 6", LETTERS["lifts"], "UNKNOWN_ROW")


def test_blank_rows_and_comments_are_skipped_and_rows_without_an_id_are_not() -> None:
    data = book({}, {"row": "# 下面是货运"}, GOODS, {"row": "备注：完"}, {})
    assert [one["row"] for one in content(data)["rows"]] == ["goods", "arrival"]
    assert told(book({**GOODS, "row": None})) == [("规则 6", "A", "NOT_A_ROW_ID")]
    assert told(book(GOODS, {**GOODS, "transport": "货车"})) == [("规则 7", "A", "TWICE")]


def test_merged_cells_count_for_each_of_them_and_are_told() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells(f"{LETTERS['purpose']}6:{LETTERS['purpose']}7")

    second = {**GOODS, "row": "second", "purpose": None, "transport": "货车"}
    data = book(GOODS, second, change=merge)
    rows = content(data)["rows"]
    assert rows[0]["when"][0] in rows[1]["when"]
    assert told(data) == [("规则 6", LETTERS["purpose"], "MERGED")]


def test_formulas_are_refused_where_they_stand_and_never_evaluated() -> None:
    data = book({**GOODS, "zh": '="请"&"登记"', "days": "=7*2", "kind": "隔离观察", "place": "居家"})
    assert told(data) == [("规则 6", LETTERS["days"], "FORMULA"), ("规则 6", LETTERS["zh"], "FORMULA")]
    assert told(book({**GOODS, "age": "#REF!"}))[0][1:] == (LETTERS["age"], "BROKEN_VALUE")


def test_a_column_nobody_knows_is_told_and_refused_when_something_stands_in_it() -> None:
    def column(name: str, cell: str | None) -> Callable[[Worksheet], None]:
        def change(sheet: Worksheet) -> None:
            sheet.cell(5, 27, name)
            sheet.cell(6, 27, cell)

        return change

    assert told(book(GOODS, change=column("体问", "≥37.3"))) == [("规则 5", "AA", "UNKNOWN_COLUMN")]
    assert told(book(GOODS, change=column("事由", "保供"))) == [("规则 5", "AA", "UNKNOWN_COLUMN")]
    assert content(book(GOODS, change=column("体问", None)))
    assert told(book(GOODS, change=column("备注2", "想一想"))) == []
    assert told(book(GOODS, change=column("", "≥37.3"))) == [("规则 6", "AA", "NO_COLUMN")]


def test_headings_are_known_by_other_names_too() -> None:
    def rename(sheet: Worksheet) -> None:
        for key, name in (
            ("celsius_tenths", "体 温（°C）"),
            ("kind", "措施："),
            ("zh", "告知"),
            ("en", "英文"),
            ("row", "行号"),
        ):
            sheet[f"{LETTERS[key]}5"] = name

    assert when(book({**GOODS, "celsius_tenths": ">37.3"}, change=rename))[1]["value"] == 373


def test_hidden_sheets_are_not_read_hidden_rows_are() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[6].hidden = True
        sheet.column_dimensions["D"].hidden = True

    data = book(GOODS, change=hide)
    assert told(data) == [("规则 6", "", "ROW_HIDDEN"), ("规则", "", "COLUMN_HIDDEN")]
    made = load_workbook(BytesIO(book(GOODS, 重点地区=[["地区", "级别"], ["42", "高"]], 草稿=[["x"]])))
    made["重点地区"].sheet_state = "hidden"
    file = BytesIO()
    made.save(file)
    assert told(file.getvalue()) == [("重点地区", "", "SHEET_HIDDEN"), ("草稿", "", "SHEET_UNKNOWN")]
    assert content(file.getvalue())["areas"] == []


def test_areas_by_code_or_by_a_name_that_somebody_knows() -> None:
    lines = [
        ["地区", "名称", "级别", "起", "止", "来源"],
        ["湖北省", None, "高", None, None, "令"],
        [None, "武汉", "中"],
        [42, "湖北", "低"],
    ]
    asks = {**GOODS, "areas": "高、中、低（14天内）"}
    data = book(asks, 重点地区=lines)
    assert told(data) == [("重点地区 2", "A", "UNKNOWN_NAME"), ("重点地区 3", "A", "UNKNOWN_NAME")]
    known = {"湖北省": "420000", "武汉": "4201"}
    areas = content(data, resolve=known.get)["areas"]
    assert [(one["code"], one["level"]) for one in areas] == [
        ("42", "HIGH"),
        ("42", "LOW"),
        ("4201", "MEDIUM"),
    ]
    assert when(book({**GOODS, "stays": "武汉、31（14天内）"}), resolve=known.get)[1]["value"] == [
        "31",
        "4201",
    ]
    dated = [lines[0], ["42", None, "高", "2020-02-05", None, None]]
    assert told(book(asks, 重点地区=dated)) == [("重点地区 2", "E", "HALF_DATED")]


def test_what_the_compiler_finds_is_told_at_the_cell() -> None:
    assert told(book({**GOODS, "to": "2020-02-01", "from": "2020-02-05"})) == [
        ("规则 6", "C", "DATES_INVERTED")
    ]
    assert told(book({**GOODS, "celsius_tenths": "≥38、<37"})) == [("规则 6", "A", "NEVER_FIRES")]

    def untitled(sheet: Worksheet) -> None:
        sheet["B2"] = "x" * 200

    assert told(book(change=untitled)) == [("规则 2", "B", "TEXT_TOO_LONG")]
    wrong = [QUESTIONS[0], ["Cold", "是否", "冷链？", "Cold chain?"]]
    assert told(book(提问=wrong)) == [("提问 2", "A", "NOT_A_KEY")]


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_csv_file_is_the_sheet_of_rules_in_any_encoding_a_bureau_uses(
    encoding: str, separator: str
) -> None:
    fever = {**GOODS, "purpose": "", "celsius_tenths": "＞＝３７．３", "unless": "年龄：<3\n事由：急救"}
    data = text(fever, separator=separator).encode(encoding)
    found = compiled_sheet(read(data, "规则.csv"))
    assert [one.code for one in found.findings] == ["RULES_ALONE"]
    assert found.content is not None
    assert found.content["rows"][0]["when"] == [condition("celsius_tenths", "AT_LEAST", 373)]
    assert len(found.content["rows"][0]["unless"]) == 2
    assert found.content["title"] == {"zh": "规则", "en": "Rules"}


def test_a_csv_file_is_refused_where_it_is_wrong() -> None:
    data = text({**GOODS, "age": "=60", "from": "2020-02-05"}).encode("gb18030")
    assert told(data, "规则.csv") == [("", "", "RULES_ALONE"), ("规则 4", LETTERS["age"], "FORMULA")]


def zipped(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return file.getvalue()


def with_part(data: bytes, ending: str, change: Callable[[bytes], bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name.endswith(ending) else part)
    return file.getvalue()


NO_SHEETS: list[tuple[str, bytes, str]] = [
    ("a.xlsx", b"", "NOT_A_WORKBOOK"),
    ("a.xlsx", b"hello", "NOT_A_WORKBOOK"),
    ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "NOT_A_WORKBOOK"),
    ("a.xlsx", zipped(**{"a.txt": b"x"}), "NOT_A_WORKBOOK"),
    ("a.xlsx", book()[:-200], "NOT_A_WORKBOOK"),
    ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 512, "OLD_OR_LOCKED"),
    ("a.xlsx", b"PK" + b"\0" * LARGEST_FILE, "TOO_LARGE"),
    ("a.xlsx", zipped(**{"xl/worksheets/sheet1.xml": b"\0" * 40_000_000}), "TOO_LARGE"),
    ("a.xlsx", zipped(**{f"x{n}": b"" for n in range(400)}), "TOO_LARGE"),
    ("a.csv", b"", "NO_HEADINGS"),
    ("a.csv", b"\0" * 100, "NOT_A_TEXT"),
    ("a.csv", b"\xff\xfe\x00", "NOT_A_TEXT"),
    ("a.csv", "编号,措施\n".encode() + b'"' + b"x" * 200_000, "NOT_A_TEXT"),
    ("a.json", b'{"form": 2}', "NO_HEADINGS"),
    ("a.xlsx", book(change=lambda sheet: sheet.delete_rows(5)), "NO_HEADINGS"),
    ("a.xlsx", book(change=lambda sheet: setattr(sheet, "title", "别的"), 草稿=[["x"]]), "SHEET_UNKNOWN"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "code"), NO_SHEETS)
def test_what_is_no_sheet_of_ours_is_refused(name: str, data: bytes, code: str) -> None:
    found = read(data, name)
    assert found.raw is None
    assert code in [one.code for one in found.findings]
    assert compiled_sheet(found).content is None


def test_bombs_do_not_go_off() -> None:
    merged = with_part(
        book(), "sheet1.xml", lambda part: part.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="&#65;1:XFD1048576"/></mergeCells>')
    )  # fmt: skip
    assert told(merged) == [("", "", "TOO_MUCH_MERGED")]
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        f'<!ENTITY a{n} "{f"&a{n - 1 if n else str()};" * 10}">'.encode() for n in range(12)
    )
    bomb = with_part(book(), "sheet1.xml", lambda part: laughs + b"]><worksheet>&a11;</worksheet>")
    assert told(bomb) == [("", "", "NOT_A_WORKBOOK")]

    def corner(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "x"

    found = told(book(change=corner))
    assert ("规则 1048576", "XFD", "OUT_OF_SHEET") in found


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.txt"]))
@settings(max_examples=200, deadline=None)
def test_no_file_makes_it_raise(data: bytes, name: str) -> None:
    for prefix in (b"", b"PK\x03\x04", "编号,措施,体温\n".encode()):
        read(prefix + data, name)


@given(
    st.dictionaries(
        st.sampled_from(sorted(LETTERS)),
        st.text(max_size=30) | st.sampled_from([cell for _, cell, _ in CELLS]).map(str),
    )
)
@settings(max_examples=200, deadline=None)
def test_no_cell_makes_it_raise(cells: dict[str, str]) -> None:
    data = text(cells).encode("utf-8", "surrogatepass")
    compiled_sheet(read(data, "a.csv"))
