"""Whom a re-screening concerns, township by township: masked, page by page, and as a sheet to hand on."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.answer_columns import answer_columns
from lianfang.doors.hq.measure_words import terms_words
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rescreening_shown import line_shown
from lianfang.doors.hq.rescreening_townships import NOT_GIVEN, place_names, township_name
from lianfang.doors.hq.rescreenings import found
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.doors.sheets import Sheet, as_download, workbook
from lianfang.doors.tags import day as day_words
from lianfang.doors.watermarks import exported
from lianfang.doors.words import PURPOSES_OF_READING
from lianfang.journeys.rescreening.queries import MOST_LISTED, DecidedAgain, people_decided_again
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import is_code
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import paths

PAGE = 50


@permitted("RESCREEN")
@never_cache
@answers("GET")
def people(request: OfficerRequest, rescreening_id: UUID) -> HttpResponse:
    line, township = found(request, rescreening_id), _township(request.GET.get("township", ""))
    with reach(request.reach) as seen:
        listed = people_decided_again(
            seen, rescreening_id, township=township, after=_after(request.GET.get("after", "")), most=PAGE + 1
        )
        list_read(seen, "rescreening", count=len(listed[:PAGE]), township=township)
    told = {
        **line_shown(line), "township": township or NOT_GIVEN, "place": _place(township), "purposes": PURPOSES_OF_READING,
        "people": _rows(listed[:PAGE]), "next": listed[PAGE - 1].decision.registration_id if len(listed) > PAGE else None,
    }  # fmt: skip
    return render(request, "hq/rescreened_people.html", told)


@permitted("RESCREEN")
@never_cache
@answers("GET", "POST")
def people_sheet(request: OfficerRequest, rescreening_id: UUID) -> HttpResponse:
    """One township's list, with what it is taken for under it."""
    if request.method != "POST":
        return redirect("rescreened-people", rescreening_id)
    line, township = found(request, rescreening_id), _township(request.POST.get("township", ""))
    purpose = request.POST.get("purpose", "")
    if purpose not in PURPOSES_OF_READING:
        raise Refusal("PURPOSE_MISSING", "请先选用途。", "Say what it is for.")
    at, place = now(), _place(township)
    with reach(request.reach) as seen:
        listed = people_decided_again(seen, rescreening_id, township=township, most=MOST_LISTED + 1)
    has_more, listed = len(listed) > MOST_LISTED, listed[:MOST_LISTED]
    mark = exported(
        request.reach,
        what=f"RESCREENING {rescreening_id}",
        count=len(listed),
        purpose=str(PURPOSES_OF_READING[purpose]),
        at=at,
        township=township,
        purpose_code=purpose,
    )
    questions, answered = answer_columns([one.person for one in listed])
    sheet = Sheet(
        name=_("重新筛查名单"),
        title=_("%(place)s重新筛查名单") % {"place": place},
        headings=[_("姓名"), _("证件"), _("电话"), _("年龄"), _("从哪来"), _("到哪去"), _("卡口"), _("登记日期"), _("原来"), _("现在"), *questions],
        rows=[[*list(row.values())[1:], *said] for row, said in zip(_rows(listed), answered, strict=True)],
        subtitle=[
            _("规则 %(title)s（%(hash)s）") % {"title": line_shown(line)["title"], "hash": line.rescreening.rule_set},
            (_("只列前 %(n)d 人次，其余的请在页面上看") if has_more else _("共 %(n)d 人次")) % {"n": len(listed)},
        ],
        notes=[_("姓名和号码已遮盖；核对时请到登记记录里写明事由查看。")],
        mark=str(mark),
    )  # fmt: skip
    return as_download(f"{_('重新筛查名单')} {place} {day_of(at).isoformat()}", workbook([sheet]))


def _rows(listed: list[DecidedAgain]) -> list[dict[str, Any]]:
    on = day_of(now())
    codes = {code for one in listed for code in (one.person.from_code, one.person.destination_code) if code}
    names = paths(codes, on)
    return [
        {
            "passage": one.passage.id,
            "name": one.person.name,
            "document": one.person.document,
            "phone": one.person.phone,
            "age": one.person.age,
            "from": names.get(one.person.from_code or "", one.person.from_code or ""),
            "to": f"{names.get(one.person.destination_code or '', '')} {one.person.address or ''}".strip(),
            "checkpoint": one.passage.checkpoint_name,
            "on": day_words(one.decision.captured_on),
            "before": terms_words(one.decision.before),
            "now": terms_words(one.decision.stands),
        }
        for one in listed
    ]


def _township(text: str) -> str:
    """Nine digits; what is none of the kind, and a lone dash, are those who did not say."""
    return text if len(text) == 9 and is_code(text) else ""


def _after(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _place(township: str) -> str:
    return township_name(township, place_names([township] if township else [], day_of(now())))
