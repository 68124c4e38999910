"""A draft at the desk: the table editor while it is written, the proposal once another officer decides."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.draft_shown import Draft, found_draft, revision_sent
from lianfang.doors.hq.drafting.editing import entries
from lianfang.doors.hq.drafting.questions import question_form
from lianfang.doors.hq.drafting.rows import row_editor
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_findings import findings_shown
from lianfang.doors.hq.rule_proposals import proposal_page
from lianfang.doors.hq.rule_shown import DifferencesShown, differences_shown
from lianfang.doors.hq.rule_words import mappings, said_in
from lianfang.doors.methods import answers
from lianfang.doors.sheets import as_download
from lianfang.doors.typed import as_number
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal
from lianfang.screening.compiling import Finding
from lianfang.screening.compiling.limits import LONGEST_SOURCE, LONGEST_TITLE
from lianfang.screening.drafts import content_before
from lianfang.screening.services import (
    RevisionChanged,
    SheetUnreadable,
    back,
    begin,
    begin_from_sheet,
    change,
    load_sheet,
)
from lianfang.screening.sheets import write_sheet

LARGEST_SHEET = 2_000_000  # bytes; the longest rule set as a workbook has a tenth of it


class HeadingForm(forms.Form):
    zh = forms.CharField(label=_("名称（中文）"), required=False, max_length=LONGEST_TITLE, widget=text())
    en = forms.CharField(
        label=_("名称（英文）"), required=False, max_length=LONGEST_TITLE, widget=text(lang="en")
    )
    source = forms.CharField(
        label=_("依据"),
        required=False,
        max_length=LONGEST_SOURCE,
        help_text=_("哪一级哪一天的什么文件"),
        widget=text(),
    )


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def begin_draft(request: OfficerRequest) -> HttpResponse:
    """From a file where one was sent, else from what `from` names. What is odd about a file stands on the page it opens."""
    sheet, found = request.FILES.get("sheet"), tuple[Finding, ...]()
    if sheet is None:
        draft = begin(by=request.reach, at=now(), from_=request.POST.get("from", ""))
    else:
        data = read_whole(sheet)
        draft, found = begin_from_sheet(by=request.reach, at=now(), data=data, name=sheet.name or "")
    messages.success(request, gettext("草稿已建好。改好以后提交，由另一位值班员批准。"))
    if found:
        return editor_page(request, found_draft(request, draft.id), sheet_found=findings_shown(found))
    return redirect("rule-draft", draft.id)


def read_whole(sheet: UploadedFile) -> bytes:
    if (sheet.size or 0) > LARGEST_SHEET:
        raise Refusal(
            "SHEET_TOO_LARGE", "表格太大，最多 2 MB。", "The sheet is too large: 2 MB at most.", status=413
        )
    return sheet.read()


@permitted("DRAFT_RULES")
@never_cache
@answers("GET")
def draft_page(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    """?row= and ?question= open one of them, counted from 0; ?before shows what it held one step back."""
    draft = found_draft(request, draft_id)
    if draft.line.state != "DRAFT":
        return proposal_page(request, draft)
    told: dict[str, Any] = {}
    row = as_number(request.GET.get("row", ""))
    if row is not None and row < len(entries(draft.content, "rows")):
        told["editor"] = row_editor(draft.content, row, draft.names)
    question = as_number(request.GET.get("question", ""))
    if question is not None and question <= len(draft.shown.questions):
        told |= {"question": question, "question_form": opened_question(draft, question)}
    if "before" in request.GET and draft.line.has_before:
        told["different"] = _since(request, draft)
    return editor_page(request, draft, **told)


def _since(request: OfficerRequest, draft: Draft) -> DifferencesShown:
    """What is different from what it held before a sheet was loaded or a row removed."""
    before = content_before(request.reach, draft.line.id)
    return differences_shown(before or {}, draft.content, at=draft.at)


def opened_question(draft: Draft, place: int, data: Any = None) -> Any:
    """The question at that place; beyond the last, a new one."""
    listed = entries(draft.content, "questions")
    others = mappings([one for n, one in enumerate(listed) if n != place])
    taken = [str(one.get("key")) for one in others]
    return question_form(listed[place] if place < len(listed) else {}, taken=taken, data=data)


def editor_page(request: OfficerRequest, draft: Draft, *, status: int = 200, **told: Any) -> HttpResponse:
    """The table. `editor`, `question_form`, `heading_form`: what is open or was refused; `conflict`: by whom it was changed."""
    known = {
        "draft": draft,
        "line": draft.line,
        "shown": draft.shown,
        "at": draft.at,
        "measures": tuple(words.MEASURES),
    }
    editor = told.get("editor")
    if editor is not None and editor.place < len(draft.shown.rows):
        known["open_findings"] = editor.findings_left(draft.shown.rows[editor.place].findings)
    heading = HeadingForm(initial={**draft.shown.titles, "source": draft.shown.source})
    return render(request, "hq/rule_draft.html", {"heading_form": heading, **known, **told}, status=status)


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def save_heading(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    draft, form = found_draft(request, draft_id), HeadingForm(request.POST)
    if not form.is_valid():
        return editor_page(request, draft, heading_form=form, status=400)
    given = form.cleaned_data
    title = {"zh": given["zh"].strip(), "en": given["en"].strip()}
    content = {**draft.content, "title": title, "source": given["source"].strip()}
    try:
        change(by=request.reach, at=now(), id=draft_id, revision=revision_sent(request), content=content)
    except RevisionChanged as refusal:
        return editor_page(request, draft, heading_form=form, conflict=said(refusal), status=409)
    messages.success(request, gettext("已保存。"))
    return redirect("rule-draft", draft_id)


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def load_file(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    """The whole table from a sheet; what is odd about the sheet is said first."""
    draft, sheet = found_draft(request, draft_id), request.FILES.get("sheet")
    if sheet is None:
        return editor_page(request, draft, sheet_said=gettext("请选一个文件。"), status=400)
    try:
        _changed, found = load_sheet(
            by=request.reach, at=now(), id=draft_id, revision=revision_sent(request),
            data=read_whole(sheet), name=sheet.name or "",
        )  # fmt: skip
    except SheetUnreadable as refusal:
        return editor_page(
            request, draft, sheet_said=said(refusal), sheet_found=findings_shown(refusal.findings), status=400
        )
    except RevisionChanged as refusal:
        return editor_page(request, draft, sheet_said=said(refusal), status=409)
    messages.success(request, gettext("已装入表格。和装入以前的不同列在下面，可以换回去。"))
    if not found:
        return redirect(f"{reverse('rule-draft', args=[draft_id])}?before")
    draft = found_draft(request, draft_id)
    return editor_page(request, draft, sheet_found=findings_shown(found), different=_since(request, draft))


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def take_back(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    """What the draft held one step back, in place of what it holds; once more, and it is as it was."""
    try:
        back(by=request.reach, at=now(), id=draft_id, revision=revision_sent(request))
    except RevisionChanged as refusal:
        return editor_page(request, found_draft(request, draft_id), conflict=said(refusal), status=409)
    messages.success(request, gettext("已换回以前的内容。再按一次，又换过来。"))
    return redirect("rule-draft", draft_id)


@permitted("DRAFT_RULES")
@never_cache
@answers("GET")
def draft_sheet(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    draft = found_draft(request, draft_id)
    name = f"{said_in(draft.content.get('title')) or gettext('规则草稿')} {draft.line.revision}"
    return as_download(name, write_sheet(draft.content))
