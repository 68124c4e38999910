"""Saving one row or one question of a draft, and moving rows about. Every act is a plain form and saves at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.draft_shown import Draft, found_draft, revision_sent
from lianfang.doors.hq.drafting.editing import act_of, entries, moved, with_condition, with_entry
from lianfang.doors.hq.drafting.rows import RowEditor, row_editor
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_drafts import editor_page, opened_question
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal
from lianfang.screening.services import RevisionChanged, change


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def change_rows(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    """`act`: add, or up, down, copy, remove with the row's place: up:3."""
    draft, act = found_draft(request, draft_id), act_of(request.POST.get("act", ""))
    try:
        content, place = moved(draft.content, "rows", act)
    except KeyError:
        raise unknown_act() from None
    try:
        change(
            by=request.reach, at=now(), id=draft_id, revision=revision_sent(request), content=content,
            keep=act[0] == "remove",
        )  # fmt: skip
    except RevisionChanged as refusal:
        return editor_page(request, draft, conflict=said(refusal), status=409)
    if act[0] == "remove":
        messages.success(request, gettext("已删去一行，可以换回去。"))
        return _at(draft_id, place, opened=False)
    return _at(draft_id, place, opened=act[0] in ("add", "copy"))


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def save_row(request: OfficerRequest, draft_id: UUID, row: int) -> HttpResponse:
    """`act`: save; or add-when, add-unless with the fact in `new-when`; or drop-when:2. All of them save the whole row."""
    draft = found_draft(request, draft_id)
    place = _place_of(draft, row, request.POST.get("was", ""))
    editor = row_editor(draft.content, place, draft.names, data=request.POST)
    if not editor.is_valid():
        return editor_page(request, draft, editor=editor, status=400)
    verb, number = act_of(request.POST.get("act", "save"))
    changed = with_condition(
        editor.row(), verb, request.POST.get(f"new-{verb.partition('-')[2]}", ""), number, draft.content
    )
    try:
        return _saved(request, draft, "rows", editor.place, changed, opened=verb != "save")
    except RevisionChanged as refusal:
        return _both(request, draft, editor, refusal)


def _both(request: OfficerRequest, draft: Draft, editor: RowEditor, refusal: RevisionChanged) -> HttpResponse:
    """What was typed stays in the form, the row as somebody else left it stands beside it; saving again is meant."""
    rows = draft.shown.rows
    theirs = rows[editor.place] if editor.place < len(rows) else None
    told = {"editor": editor, "conflict": said(refusal), "theirs": theirs, "row_gone": theirs is None}
    return editor_page(request, draft, **told, status=409)


def _place_of(draft: Draft, place: int, was: str) -> int:
    """Where the row stands now: somebody may have moved it meanwhile; beyond the end when it is no more."""
    names = [row.name for row in draft.shown.rows]
    if place < len(names) and (names[place] == was or not was):
        return place
    return names.index(was) if was in names else len(names)


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def save_question(request: OfficerRequest, draft_id: UUID, row: int) -> HttpResponse:
    """`act`: save or remove. A place beyond the last adds one."""
    draft = found_draft(request, draft_id)
    place = min(row, len(entries(draft.content, "questions")))
    form = opened_question(draft, place, data=request.POST)
    try:
        if request.POST.get("act") == "remove":
            return _without_question(request, draft, place)
        if form.is_valid():
            return _saved(request, draft, "questions", place, form.question(), opened=False)
    except RevisionChanged as refusal:
        told = {"question": place, "question_form": form, "conflict": said(refusal)}
        return editor_page(request, draft, **told, status=409)
    return editor_page(request, draft, question=place, question_form=form, status=400)


def _without_question(request: OfficerRequest, draft: Draft, place: int) -> HttpResponse:
    listed = entries(draft.content, "questions")
    content = {**draft.content, "questions": listed[:place] + listed[place + 1 :]}
    change(by=request.reach, at=now(), id=draft.line.id, revision=revision_sent(request), content=content)
    messages.success(request, gettext("已删去这个问题。"))
    return redirect(f"{reverse('rule-draft', args=[draft.line.id])}#questions")


def _saved(
    request: OfficerRequest, draft: Draft, part: str, place: int, entry: Any, *, opened: bool
) -> HttpResponse:
    content = with_entry(draft.content, part, place, entry)
    change(by=request.reach, at=now(), id=draft.line.id, revision=revision_sent(request), content=content)
    if part == "questions":
        messages.success(request, gettext("问题已保存。"))
        return redirect(f"{reverse('rule-draft', args=[draft.line.id])}#questions")
    if not opened:
        messages.success(request, gettext("已保存第 %(n)s 行。") % {"n": place + 1})
    return _at(draft.line.id, place, opened=opened)


def _at(draft_id: UUID, place: int, *, opened: bool) -> HttpResponse:
    asked = f"?row={place}" if opened else ""
    return redirect(f"{reverse('rule-draft', args=[draft_id])}{asked}#row-{place}")


def unknown_act() -> Refusal:
    return Refusal("ACT_UNKNOWN", "没有这一行，或没有这种操作。", "There is no such row, or no such act.")
