"""A week's duty on paper and as xlsx: what hangs on the wall beside the telephone."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianfang.command.queries.duty import DutyWeek, SlotLine, WeekRow, duty_week
from lianfang.command.queries.headquarters import HeadquartersLine
from lianfang.doors.duty_tags import gap_told, group_name
from lianfang.doors.guard import permitted
from lianfang.doors.hq.duty_chosen import Chosen
from lianfang.doors.hq.duty_week import week_asked
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.sheets import Sheet, Value, as_download, workbook
from lianfang.doors.tags import clock, moment_to_the_second, word
from lianfang.doors.watermarks import Watermark, exported
from lianfang.kernel.clock import now


@permitted("VIEW_DUTY")
@never_cache
@answers("GET")
def printed(request: OfficerRequest) -> HttpResponse:
    chosen = Chosen(request)
    if chosen.one is None:
        return redirect("duty")
    week = duty_week(request.reach, chosen.one, day=week_asked(request))
    phones = [(row.group, _phones(row)) for row in week.rows]
    shown = {"one": chosen.one, "week": week, "phones": [pair for pair in phones if pair[1]]}
    shown["mark"] = _mark(request, chosen.one, week)
    return render(request, "hq/duty_week_sheet.html", shown)


@permitted("VIEW_DUTY")
@never_cache
@answers("GET")
def as_xlsx(request: OfficerRequest) -> HttpResponse:
    """A line for every slot, and one for every gap."""
    chosen = Chosen(request)
    if chosen.one is None:
        return redirect("duty")
    week = duty_week(request.reach, chosen.one, day=week_asked(request))
    sheet = Sheet(
        name=_("值班表"),
        title=_("%(name)s值班表") % {"name": chosen.one.name},
        headings=[_("工作组"), _("日期"), _("时段"), _("从"), _("到"), _("身份"), _("姓名"), _("电话"), _("原定"), _("状态")],
        rows=[line for row in week.rows for line in _rows(row)],
        subtitle=[
            _("%(first)s 至 %(last)s，每天 08:00 到次日 08:00")
            % {"first": week.days[0].isoformat(), "last": week.days[-1].isoformat()},
            _("导出于 %(at)s") % {"at": moment_to_the_second(now())},
        ],
        notes=[_("“缺”是没有人带班或值班的时间。原定是最早排的人，换班、顶班以后仍写在这里。")],
        mark=str(_mark(request, chosen.one, week)),
    )  # fmt: skip
    return as_download(f"{chosen.one.name} {_('值班表')} {week.monday.isoformat()}", workbook([sheet]))


def _phones(row: WeekRow) -> list[tuple[str, str]]:
    """Everybody of the group who has duty in the week, once."""
    return sorted({(slot.name, slot.phone) for cell in row.cells for slot in cell.slots})


def _mark(request: OfficerRequest, one: HeadquartersLine, week: DutyWeek) -> Watermark:
    what = f"DUTY {one.division} {week.monday.isoformat()}"
    return exported(request.reach, what=what, count=week.slots, purpose=_("值班"), at=now())


def _rows(row: WeekRow) -> list[list[Value]]:
    name = group_name(row.group)
    lines: list[list[Value]] = []
    for cell in row.cells:
        lines += [[name, *_row(one)] for one in cell.slots]
        lines += [[name, cell.day, gap_told(gap), *[""] * 7] for gap in cell.gaps]
    return lines


def _row(one: SlotLine) -> list[Value]:
    return [
        one.on, word(one.part, "DUTY_PARTS"), clock(one.begins_at), clock(one.ends_at), word(one.role, "DUTY_ROLES"), one.name,
        one.phone, one.planned, word(one.state, "DUTY_STATES"),
    ]  # fmt: skip
