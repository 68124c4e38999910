"""A table as a bureau's sheet: title, what it covers, the figures, and what each figure counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from lianfang.doors import words
from lianfang.doors.hq.table_shown import CrossShown, FigureShown, LineShown, ListShown
from lianfang.doors.hq.table_words import DEFINITIONS
from lianfang.doors.sheets import Sheet, Value


def sheet_of(
    table: ListShown | CrossShown, *, title: str, known: Mapping[str, Any], at: datetime, mark: str
) -> Sheet:
    """`known` as the page shows it: as_of, watermark, final. `mark`: who takes it."""
    until = known["as_of"] or known["watermark"]
    said = gettext("数据截至 %(at)s") % {"at": _moment(until)} if until else gettext("还没有数据")
    if known["final"]:
        said += gettext("（定稿，不再变化）")
    headings, rows, totals = _crossed(table) if isinstance(table, CrossShown) else _listed(table)
    return Sheet(
        name=gettext("分类汇总"),
        title=title,
        headings=headings,
        rows=rows,
        totals=totals,
        subtitle=[said, gettext("制表时间 %(at)s") % {"at": _moment(at)}],
        notes=[f"{name}：{what}" for name, what in DEFINITIONS],
        mark=mark,
    )


def _moment(at: datetime) -> str:
    return date_format(localtime(at), gettext("Y年n月j日 H:i"))


def _value(shown: FigureShown) -> Value:
    """An empty box where nothing was reported: it is not 0."""
    return shown.value if shown.value is not None else gettext("没有报告")


def _crossed(table: CrossShown) -> tuple[list[str], list[list[Value]], list[Value]]:
    figure = str(words.FIGURES[table.figure])
    headings = [figure, *table.columns, gettext("合计")]
    rows: list[list[Value]] = [
        [line.name, *(cell.value for cell in line.cells), line.total.value] for line in table.lines
    ]
    return headings, rows, [gettext("合计"), *(total.value for total in table.totals), table.total.value]


def _listed(table: ListShown) -> tuple[list[str], list[list[Value]], list[Value]]:
    today = [gettext("当日台次"), gettext("较昨日"), gettext("当日人次"), gettext("较昨日")]
    headings = [
        "",
        *([] if table.by_day else today),
        gettext("累计台次"),
        gettext("累计人次"),
        gettext("占比%"),
    ]
    if table.of_people:
        headings = ["", gettext("当日人次"), gettext("较昨日"), gettext("累计人次"), gettext("占比%")]
    elif table.by_day:
        headings = ["", gettext("台次"), gettext("人次"), gettext("占比%")]
    rows = [[line.name, *_figures(line, table)] for line in table.lines]
    return headings, rows, [gettext("合计"), *_figures(table.total, table)]


def _figures(line: LineShown, table: ListShown) -> list[Value]:
    share = round(line.share, 1)
    if table.of_people:
        return [_value(line.today_people), line.people_more, _value(line.all_people), share]
    if table.by_day:
        return [_value(line.all_vehicles), _value(line.all_people), share]
    return [
        _value(line.today_vehicles), line.vehicles_more, _value(line.today_people), line.people_more,
        _value(line.all_vehicles), _value(line.all_people), share,
    ]  # fmt: skip
