"""The affected areas of a draft: added by name or as a list, renewed, ended, removed. Every act is a change of the draft."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.area_forms import NONE, AreaForm, PastedShown, PasteForm, pasted_shown
from lianfang.doors.hq.areas import AreaLine, arrivals_of, lines_of, maps_of
from lianfang.doors.hq.draft_shown import DraftAsked, draft_asked, revision_sent
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_number
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import gazetteer
from lianfang.screening.areas import areas_of, in_force, last_day
from lianfang.screening.areas.pasting import MOST, read_pasted
from lianfang.screening.compiling import Finding
from lianfang.screening.drafts import checked
from lianfang.screening.form import AREA_LEVELS
from lianfang.screening.services import add_areas, end_area, remove_area, renew_area

ACTS: dict[str, Callable[..., Any]] = {"RENEW": renew_area, "END": end_area, "REMOVE": remove_area}


@permitted("DRAFT_RULES")
@never_cache
@answers("GET")
def draft_areas(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    return _page(request, draft_asked(request.reach, draft_id))


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def add_area(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    asked = draft_asked(request.reach, draft_id)
    form = AreaForm(request.POST, prefix="one")
    if form.is_valid():
        try:
            add_areas(
                by=request.reach, at=asked.at, id=draft_id, revision=revision_sent(request), areas=[form.area(form.cleaned_data["division"])],
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已加入草稿，还没有生效。"))
            return redirect("rule-areas", draft_id)
    return _page(request, asked, one=form)


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def change_area(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    """Renewed, ended or removed: by its place in the list of the revision that was seen."""
    act, place = ACTS.get(request.POST.get("act", "")), as_number(request.POST.get("place", ""))
    if act is None or place is None:
        raise Refusal(
            "UNREADABLE", "没有看懂要做什么，请重新打开这一页。", "This is no act; open the page again."
        )
    try:
        act(by=request.reach, at=now(), id=draft_id, revision=revision_sent(request), place=place)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return _page(request, draft_asked(request.reach, draft_id), conflict=said(refusal), status=409)
    messages.success(request, gettext("草稿已改，还没有生效。"))
    return redirect("rule-areas", draft_id)


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def paste_areas(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    """First as it was read, each place accounted for; added when everything is chosen."""
    asked = draft_asked(request.reach, draft_id)
    form = PasteForm(request.POST, prefix="many")
    if not form.is_valid():
        return _page(request, asked, many=form)
    names = gazetteer(asked.on)
    found, is_cut = read_pasted(form.cleaned_data["pasted"], names=names, on=asked.on)
    paths = {code: names.path(code) for one in found for code in one.codes}
    shown = pasted_shown(found, form, content=asked.content, paths=paths, posted=request.POST)
    if "add" in request.POST and (answer := _add_pasted(request, asked, form, shown)):
        return answer
    return render(request, "hq/draft_areas_pasted.html", _pasted_context(asked, form, shown, is_cut=is_cut))


def _add_pasted(
    request: OfficerRequest, asked: DraftAsked, form: PasteForm, shown: list[PastedShown]
) -> HttpResponse | None:
    """None when it stays on the page, which says why."""
    undecided = sum(one.state == "AMBIGUOUS" and not one.taken for one in shown)
    taken = [one.area for one in shown if one.area is not None and one.taken not in ("", NONE)]
    if undecided:
        form.add_error(
            None,
            ngettext("还有 %(n)s 处没有选是哪里。", "还有 %(n)s 处没有选是哪里。", undecided)
            % {"n": undecided},
        )
        return None
    if not taken:
        form.add_error(None, gettext("没有选中任何地区。"))
        return None
    try:
        add_areas(
            by=request.reach, at=asked.at, id=asked.line.id, revision=revision_sent(request), areas=taken
        )
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return None
    done = ngettext("已加入 %(n)s 个地区，还没有生效。", "已加入 %(n)s 个地区，还没有生效。", len(taken))
    messages.success(request, done % {"n": len(taken)})
    return redirect("rule-areas", asked.line.id)


def _pasted_context(
    asked: DraftAsked, form: PasteForm, shown: list[PastedShown], *, is_cut: bool
) -> dict[str, Any]:
    counts = {state: sum(one.state == state for one in shown) for state in ("READ", "AMBIGUOUS", "NOT_FOUND")}
    return {"draft": asked, "form": form, "shown": shown, "counts": counts, "is_cut": is_cut, "most": MOST}


def _page(
    request: OfficerRequest,
    asked: DraftAsked,
    *,
    one: AreaForm | None = None,
    many: PasteForm | None = None,
    conflict: str = "",
    status: int = 400,
) -> HttpResponse:
    """What was refused stands in its form; `conflict`: what somebody else did meanwhile, above the list as it is now."""
    areas, on = areas_of(asked.content), asked.on
    found = checked(asked.content, at=asked.at).findings
    with reach(request.reach) as seen:
        arrivals = arrivals_of(seen, asked.at)
        maps = maps_of(seen, in_force(areas, on), arrivals)
    initial = {"since": on, "until": last_day(on)}
    shown = {
        "draft": asked,
        "lines": [
            (line, _errors(found, line)) for line in lines_of(areas, on=on, arrivals=arrivals)
        ],
        "warnings": [said(one) for one in found if _is_warning(one)],
        "one": one or AreaForm(prefix="one", initial=initial),
        "many": many or PasteForm(prefix="many", initial=initial),
        "maps": maps,
        "levels": AREA_LEVELS,
        "may_count": request.reach.may("VIEW_BOARD"),
        "next_end": last_day(on),
        "conflict": conflict,
    }  # fmt: skip
    refused = one or many or conflict
    return render(request, "hq/draft_areas.html", shown, status=status if refused else 200)


def _errors(found: tuple[Finding, ...], line: AreaLine) -> list[str]:
    """What the compiler refuses about this line."""
    return [said(one) for one in found if one.severity == "ERROR" and one.row == f"areas #{line.place + 1}"]


def _is_warning(found: Finding) -> bool:
    """About the areas altogether: overlaps stand in their lines."""
    return found.severity == "WARNING" and found.row.startswith("areas") and found.code != "AREAS_OVERLAP"
