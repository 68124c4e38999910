"""A checkpoint's day on paper and as xlsx, and the county's overview as xlsx: what is signed and filed."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries import PostDay, ShiftLine
from lianfang.checkpoints.shifts import Tally
from lianfang.doors.guard import permitted
from lianfang.doors.hq.closing import day_asked, known_or_none, overview_of, post_day
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.sheets import Sheet, Value, as_download, workbook
from lianfang.doors.tags import moment_to_the_second, word
from lianfang.doors.watermarks import Watermark, exported
from lianfang.kernel.clock import now
from lianfang.situation.cells import known
from lianfang.situation.shifts import DaySheet, day_sheet


@dataclass(frozen=True, slots=True)
class HourRow:
    """The same place in each of the three shifts: (hour, figures) side by side, so that a shift is a column."""

    cells: tuple[tuple[int, Tally | None], ...]


def hour_rows(post: PostDay, sheet: DaySheet) -> list[HourRow]:
    columns = [[(hour, sheet.hours.get(hour)) for hour in line.shift.hours] for line in post.shifts]
    return [HourRow(tuple(cells)) for cells in zip(*columns, strict=True)]


@permitted("CLOSE_SHIFTS")
@never_cache
@answers("GET")
def printed(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    post, sheet = _asked(request, checkpoint)
    mark = _mark(request, post.code, post.day, len(post.shifts))
    shown = {"post": post, "day": post.day, "sheet": sheet, "rows": hour_rows(post, sheet), "mark": mark}
    return render(request, "hq/closing_sheet.html", shown)


@permitted("CLOSE_SHIFTS")
@never_cache
@answers("GET")
def as_xlsx(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    post, sheet = _asked(request, checkpoint)
    made = [_shifts_sheet(post, sheet), _hours_sheet(post, sheet), _kinds_sheet(post, sheet)]
    mark = str(_mark(request, post.code, post.day, len(post.shifts)))
    sheets = [replace(one, mark=mark) for one in made]
    return as_download(f"{post.name} {_('日清日结')} {post.day.isoformat()}", workbook(sheets))


@permitted("CLOSE_SHIFTS")
@never_cache
@answers("GET")
def overview_as_xlsx(request: OfficerRequest) -> HttpResponse:
    at = now()
    found, as_of = overview_of(request, day_asked(request, at), at)
    posts = sorted(found.posts, key=lambda post: (post.tier, post.code))
    sheet = Sheet(
        name=_("日清日结"),
        title=_("日清日结总表"),
        headings=[_("卡口"), _("代码"), _("层级"), *_shift_headings()],
        rows=[
            [post.name, post.code, word(post.tier, "TIERS"), *_shift_row(line)]
            for post in posts
            for line in post.shifts
        ],
        subtitle=[
            *_covering(found.day, as_of),
            _("已结 %(closed)d / 应结 %(due)d") % {"closed": found.closed, "due": found.due},
        ],
        notes=_notes(),
        mark=str(_mark(request, "ALL", found.day, len(posts))),
    )
    return as_download(f"{_('日清日结')} {found.day.isoformat()}", workbook([sheet]))


def _mark(request: OfficerRequest, of: str, day: date, count: int) -> Watermark:
    what = f"CLOSING {of} {day.isoformat()}"
    return exported(request.reach, what=what, count=count, purpose=_("日清日结"), at=now())


def _asked(request: OfficerRequest, checkpoint: str) -> tuple[PostDay, DaySheet]:
    at = now()
    post, _as_of = post_day(request, checkpoint, day_asked(request, at), at)
    return post, day_sheet(known(None), checkpoint, day=post.day)


def _shifts_sheet(post: PostDay, sheet: DaySheet) -> Sheet:
    return Sheet(
        name=_("日清日结"),
        title=_("%(name)s日清日结表") % {"name": post.name},
        headings=_shift_headings(),
        rows=[_shift_row(line) for line in post.shifts],
        subtitle=_covering(post.day, sheet.as_of),
        notes=[*_notes(), _("值班负责人：　　　　　　　　复核：")],
    )


def _hours_sheet(post: PostDay, sheet: DaySheet) -> Sheet:
    return Sheet(
        name=_("各时"),
        title=_("%(name)s各时通行") % {"name": post.name},
        headings=[_("班次"), _("时"), _("台次"), _("人次")],
        rows=[
            [word(line.shift.code, "SHIFTS"), span(hour), *known_or_none(sheet.hours.get(hour))]
            for line in post.shifts
            for hour in line.shift.hours
        ],
        totals=[_("合计"), "", *known_or_none(sheet.total)],
        subtitle=_covering(post.day, sheet.as_of),
        notes=_notes(),
        landscape=False,
    )


def _kinds_sheet(post: PostDay, sheet: DaySheet) -> Sheet:
    kinds: list[list[Value]] = [
        [_("处置"), word(code, "MEASURES"), None, n] for code, n in sheet.measures.items()
    ]
    for name, words, table in (
        (_("事由"), "PURPOSES", sheet.purposes),
        (_("交通方式"), "TRANSPORTS", sheet.transports),
    ):
        kinds += [[name, word(code, words) if code else _("未填"), *tally] for code, tally in table.items()]
    return Sheet(
        name=_("分类"),
        title=_("%(name)s分类通行") % {"name": post.name},
        headings=[_("分类"), _("项目"), _("台次"), _("人次")],
        rows=kinds,
        subtitle=_covering(post.day, sheet.as_of),
        notes=[*_notes(), *([behind()] if sheet.behind else [])],
        landscape=False,
    )


def span(hour: int) -> str:
    return f"{hour:02d}:00–{hour + 1:02d}:00"


def behind() -> str:
    return _("分类的汇总正在赶上，过一会儿再取就与各时一致。")


def _covering(day: date, as_of: datetime | None) -> list[str]:
    return [
        _("日期 %(day)s") % {"day": day.isoformat()},
        _("数据截至 %(as_of)s　导出于 %(at)s")
        % {"as_of": moment_to_the_second(as_of), "at": moment_to_the_second(now())},
    ]


def _notes() -> list[str]:
    return [_("台次：入向的机动车。人次：入向登记的人。空格表示没有报告，不是 0。")]


def _shift_headings() -> list[str]:
    return [
        _("班次"),
        _("状态"),
        _("手工台次"),
        _("手工人次"),
        _("结时记录台次"),
        _("结时记录人次"),
        _("差额台次"),
        _("差额人次"),
        _("现在记录台次"),
        _("现在记录人次"),
        _("原因"),
        _("结班人"),
        _("结班时间"),
    ]


def _shift_row(line: ShiftLine) -> list[Value]:
    closing = line.closing
    state: list[Value] = [word(line.shift.code, "SHIFTS"), word(line.state, "CLOSING_STATES")]
    if closing is None:
        return [*state, *[None] * 6, *known_or_none(line.recorded), None, None, None]
    return [
        *state,
        *closing.hand,
        *closing.recorded,
        *closing.difference,
        *known_or_none(line.recorded),
        closing.explanation,
        closing.closed_by,
        closing.closed_at,
    ]
