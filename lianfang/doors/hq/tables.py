"""Classified summary tables (分类汇总): on screen, on paper and as a sheet. Every figure opens to its records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.city import city_code
from lianfang.doors import words
from lianfang.doors.api import moment_asked
from lianfang.doors.guard import permitted
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.table_sheet import sheet_of
from lianfang.doors.hq.table_shown import CrossShown, ListShown, cross_shown, list_shown
from lianfang.doors.hq.table_words import DEFINITIONS
from lianfang.doors.methods import answers
from lianfang.doors.sheets import as_download, workbook
from lianfang.doors.typed import as_day
from lianfang.doors.watermarks import exported
from lianfang.kernel.clock import now
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach, reach
from lianfang.regions.queries import find
from lianfang.situation.cells import Known
from lianfang.situation.people import PeopleCounted, different_people
from lianfang.situation.tables import VIEWS, TableMoment, columns_for, crossed, listed

SPANS = ("today", "all")


@dataclass(frozen=True, slots=True)
class TableAsked:
    """What a table's address asks for; what cannot be read is not asked for."""

    rows: str
    columns: str
    span: str
    figure: str
    moment: TableMoment

    @classmethod
    def of(cls, request: HttpRequest, at: datetime) -> "TableAsked":
        given = request.GET
        rows = given["rows"] if given.get("rows") in VIEWS else "CHECKPOINT"
        columns = given["columns"] if given.get("columns") in columns_for(rows) else ""
        figures = figures_for(rows, columns)
        return cls(
            rows=rows,
            columns=columns,
            span=given["span"] if given.get("span") in SPANS else "today",
            figure=given["figure"] if given.get("figure") in figures else "people",
            moment=TableMoment.of(
                at=at, as_of=moment_asked(given.get("as_of")), day=as_day(given.get("day", ""))
            ),
        )

    @property
    def figures(self) -> list[str]:
        return figures_for(self.rows, self.columns)

    @property
    def column_choices(self) -> list[str]:
        return columns_for(self.rows)


def figures_for(rows: str, columns: str) -> list[str]:
    """The figures that a pair can tell: what belongs to a person counts people only."""
    of_people = any(VIEWS[name].of_people for name in (rows, columns) if name)
    return ["people"] if of_people else list(words.FIGURES)


@dataclass(frozen=True, slots=True)
class TablePage:
    """A table with all that stands round it."""

    city: str
    what: Known
    table: ListShown | CrossShown
    people: PeopleCounted | None


def page_of(seen: Reach, asked: TableAsked) -> TablePage:
    opens = seen.may("VIEW_PASSAGES")
    if asked.columns:
        cross = crossed(seen, rows=asked.rows, columns=asked.columns, span=asked.span, moment=asked.moment)
        what = cross.what
        table: ListShown | CrossShown = cross_shown(
            cross,
            rows=asked.rows,
            columns=asked.columns,
            figure=asked.figure,
            span=asked.span,
            day=asked.moment.day,
            opens=opens,
        )
    else:
        found = listed(seen, rows=asked.rows, moment=asked.moment)
        what = found.what
        table = list_shown(found, rows=asked.rows, day=asked.moment.day, opens=opens)
    code = city_code(seen)
    city = find(code, asked.moment.day) if code else None
    people = different_people(seen, day=asked.moment.day) if asked.moment.as_of is None else None
    return TablePage(city.name if city else "", what, table, people)


@permitted("VIEW_BOARD")
@never_cache
@answers("GET")
def tables(request: OfficerRequest) -> HttpResponse:
    asked = TableAsked.of(request, now())
    with reach(request.reach) as seen:
        page = page_of(seen, asked)
    return render(request, "hq/tables.html", _context(asked, page))


@permitted("VIEW_BOARD")
@never_cache
@answers("GET")
def tables_sheet(request: OfficerRequest) -> HttpResponse:
    """The same table as a bureau's sheet."""
    asked = TableAsked.of(request, now())
    with reach(request.reach) as seen:
        page = page_of(seen, asked)
    context = _context(asked, page)
    mark = exported(
        request.reach, what=f"TABLES {asked.rows} {asked.columns}".strip(), count=len(page.table.lines),
        purpose=gettext("分类汇总"), at=asked.moment.at, day=asked.moment.day.isoformat(),
    )  # fmt: skip
    sheet = sheet_of(
        page.table, title=context["title"], known=context["known"], at=asked.moment.at, mark=str(mark)
    )
    return as_download(f"{context['title']} {asked.moment.day:%Y-%m-%d}", workbook([sheet]))


def _context(asked: TableAsked, page: TablePage) -> dict[str, Any]:
    return {
        "asked": asked,
        "page": page,
        "table": page.table,
        "title": _title(asked, page.city),
        "known": _known(page.what, asked),
        "views": list(VIEWS),
        "moments": list(_moments(asked)),
        "definitions": DEFINITIONS,
    }


def _title(asked: TableAsked, city: str) -> str:
    names = [str(words.TABLES[name]) for name in (asked.rows, asked.columns) if name]
    if not asked.columns:
        return gettext("%(city)s卡口登记分类汇总（按%(rows)s）") % {"city": city, "rows": names[0]}
    what = {"city": city, "rows": names[0], "columns": names[1]}
    return gettext("%(city)s卡口登记分类汇总（%(rows)s×%(columns)s）") % what


def _known(what: Known, asked: TableAsked) -> dict[str, Any]:
    """How far the figures go, and whether they can still change."""
    final = what.tables_final if asked.columns else what.final
    return {"as_of": what.quarter, "watermark": what.watermark, "final": final}


def _moments(asked: TableAsked) -> Iterator[tuple[datetime | None, bool]]:
    """Moments one tap away: now, and the ends of the last quarters of the day that have passed."""
    yield None, asked.moment.as_of is None
    start = asked.moment.at.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    for hour in (8, 12, 18):
        moment = start.replace(hour=hour)
        if moment <= asked.moment.at:
            yield moment, asked.moment.as_of == moment
