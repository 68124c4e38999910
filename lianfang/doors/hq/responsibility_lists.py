"""The two sheets of who answers: responsible persons with overlays, and grid staff. Columns, what a row says, sheets to fill in."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import NamedTuple

from django.utils import translation
from django.utils.functional import Promise

from lianfang.command.rules.listed import ListedPerson
from lianfang.doors import words
from lianfang.doors.read_sheet import ReadRow
from lianfang.doors.sheets import Sheet, workbook
from lianfang.kernel.formulas import harmless
from lianfang.kernel.refusals import Refusal

PLACE, KIND, NAME, UNIT, PHONE, TITLE, TAKEN = (
    "地方",
    "类别",
    "姓名",
    "单位职务",
    "电话",
    "责任区名称",
    "本人已答应",
)
HOME_UNIT, DUTIES, REASON = "原单位", "职责", "原因"
YES, NO = ("是", "已", "已确认", "√", "Y", "y"), ("", "否", "未", "N", "n")


class ListKind(NamedTuple):
    """One of the two lists: what it is called, its columns in order, and the words of its kinds."""

    code: str
    title: str
    headings: tuple[str, ...]
    kinds: Mapping[str, Promise]
    notes: tuple[str, ...]


_PLACES = "地方：写村、网格的名称，重名的写上级加名称（如 刘龙台镇全善堡村第3网格），或写区划代码。"
LISTS = {
    one.code: one
    for one in (
        ListKind(
            "PEOPLE",
            "责任人名单",
            (PLACE, KIND, NAME, UNIT, PHONE, TITLE, TAKEN),
            {**words.RESPONSIBLE_KINDS, **words.OVERLAY_KINDS},
            (
                _PLACES,
                "类别：责任人、副责任人、党员责任区、先锋岗；不写就是责任人。",
                "本人已答应：是、否；否的算空缺。",
            ),
        ),
        ListKind(
            "STAFF",
            "网格人员名单",
            (PLACE, KIND, NAME, PHONE, HOME_UNIT, DUTIES),
            words.STAFF_KINDS,
            (
                _PLACES,
                "类别：网格员、下沉干部、党员、志愿者；不写就是网格员。",
                "职责：五大员的职责，用顿号隔开。",
            ),
        ),
    )
}


def listed(kind: ListKind, row: ReadRow) -> ListedPerson:
    """What a row says, in the codes of the closed lists; what no list knows is its problem."""
    said = row.said
    try:
        _require_values(row)
        code = _code(said.get(KIND, ""), kind.kinds)
        duties, taken, problem = _duties(said.get(DUTIES, "")), _taken(said.get(TAKEN, "")), None
    except Refusal as refusal:
        code, duties, taken, problem = "", (), False, refusal
    return ListedPerson(
        line=row.number,
        place=said.get(PLACE, ""),
        kind=code,
        name=said.get(NAME, ""),
        phone=said.get(PHONE, ""),
        unit=said.get(UNIT, "") or said.get(HOME_UNIT, ""),
        title=said.get(TITLE, ""),
        duties=duties,
        taken=taken,
        problem=problem,
    )


def blank(kind: ListKind) -> bytes:
    """The sheet to be filled in; how to stands above the headings, where it is not taken for a row."""
    return _sheet(kind, kind.headings, [[""] * len(kind.headings) for _ in range(20)])


def refused_rows(kind: ListKind, rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows that were not taken, in the same columns, each with the reason: mended, it is read as it is."""
    return _sheet(kind, (*kind.headings, REASON), _cells(kind, rows))


def refused_rows_as_csv(kind: ListKind, rows: Iterable[Mapping[str, str]]) -> bytes:
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow((*kind.headings, REASON))
    writer.writerows([harmless(cell) for cell in row] for row in _cells(kind, rows))
    return file.getvalue().encode("utf-8-sig")


def _cells(kind: ListKind, rows: Iterable[Mapping[str, str]]) -> list[list[str]]:
    return [[str(row.get(heading, "")) for heading in (*kind.headings, REASON)] for row in rows]


def _sheet(kind: ListKind, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    return workbook(
        [Sheet(name=kind.title, title=kind.title, headings=headings, rows=rows, subtitle=kind.notes)]
    )


def _require_values(row: ReadRow) -> None:
    if row.has_formula:
        raise Refusal(
            "FORMULA",
            "这一行有公式，不计算；请写成文字（复制，选择性粘贴为“值”）。",
            "This row holds a formula, which is never evaluated: write the value.",
        )


def _code(said: str, kinds: Mapping[str, Promise]) -> str:
    """The first kind of the list where nothing is said."""
    if not said:
        return next(iter(kinds))
    for code, word in kinds.items():
        if said in (code, str(word), _in_chinese(word)):
            return code
    raise Refusal("KIND_UNKNOWN", f"不认识类别“{said}”。", f"There is no kind called “{said}”.")


def _in_chinese(word: Promise) -> str:
    """The sheets are Chinese, whatever the reader's language."""
    with translation.override("zh-hans"):
        return str(word)


def _duties(said: str) -> tuple[str, ...]:
    found = []
    for one in (
        part for part in said.replace(",", "、").replace("，", "、").replace(" ", "、").split("、") if part
    ):
        stem = one.removesuffix("员")
        code = next((code for code, word in words.DUTIES.items() if stem in (code, _in_chinese(word))), None)
        if code is None:
            raise Refusal("DUTY_UNKNOWN", f"不认识职责“{one}”。", f"There is no duty called “{one}”.")
        found.append(code)
    return tuple(found)


def _taken(said: str) -> bool:
    if said in YES:
        return True
    if said in NO:
        return False
    raise Refusal(
        "TAKEN_UNKNOWN", f"“本人已答应”写是或否，不认识“{said}”。", f"Say 是 or 否, and not “{said}”."
    )
