"""Correcting one field of a passage or of a person: the new value and the reason, beside the record, never over it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries import PassageFile, PersonFile, checkpoints, passage_file
from lianfang.checkpoints.services import correct
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.mending.fields import Mend
from lianfang.doors.hq.mending.passage import forms_of_passage, masked_of_passage, standing_of_passage
from lianfang.doors.hq.mending.person import forms_of_person, masked_of_person, standing_of_person
from lianfang.doors.hq.passages import no_such_passage
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.telling import FIELDS, Telling
from lianfang.doors.methods import answers
from lianfang.doors.reading import file_read
from lianfang.kernel.audit import Purpose
from lianfang.kernel.clock import now
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, ReadsOnly, reach
from lianfang.kernel.refusals import Refusal

LONGEST_REASON = 200


class Why(forms.Form):
    """The reason, and the id of the correction: minted with the page, so that sending it twice corrects once."""

    reason = forms.CharField(
        label=_("更正的原因"),
        max_length=LONGEST_REASON,
        help_text=_("必填，如 录入时看错一位、旅客来电更正"),
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )
    id = forms.UUIDField(widget=forms.HiddenInput)


@permitted("CORRECT_RECORDS")
@never_cache
@answers("GET", "POST")
def correct_passage(request: OfficerRequest, passage_id: UUID) -> HttpResponse:
    with reach(request.reach) as seen:
        file = _file(request, seen, passage_id)
        posts = {post.code: post.name for post in checkpoints(seen, at=now())}
    if file is None:
        raise no_such_passage()
    return _mend(request, file, None, forms_of_passage(posts), standing_of_passage(file))


@permitted("CORRECT_RECORDS")
@never_cache
@answers("GET", "POST")
def correct_person(request: OfficerRequest, passage_id: UUID, person_id: UUID) -> HttpResponse:
    with reach(request.reach) as seen:
        file = _file(request, seen, passage_id)
    person = next((one for one in file.people if one.id == person_id), None) if file else None
    if file is None or person is None:
        raise no_such_passage()
    return _mend(request, file, person, forms_of_person(file, person), standing_of_person(person))


def _file(request: OfficerRequest, seen: Reach, passage_id: UUID) -> PassageFile | None:
    """The passage to be corrected. What is sent in changes it, and that is noted as a correction."""
    file = passage_file(seen, passage_id)
    if file is not None and request.method != "POST":
        file_read(seen, file.id, purpose=Purpose.CORRECTION)
    return file


def _mend(
    request: OfficerRequest,
    file: PassageFile,
    person: PersonFile | None,
    by_field: Mapping[str, type[Mend]],
    stands: Mapping[str, Any],
) -> HttpResponse:
    if not file.own:
        raise ReadsOnly
    field = request.GET.get("field", "")
    form = by_field[field](request.POST or None, initial=stands.get(field, {})) if field in by_field else None
    why = Why(request.POST or None, initial={"id": uuid7(at=now())})
    # Both are asked, so that all that is missing is said at once.
    if form is not None and all([form.is_valid(), why.is_valid()]):
        try:
            return _corrected(request, file, person, field, form, why)
        except Refusal as refusal:
            why.add_error(None, said(refusal))
    asked = {"field": field if form is not None else "", "form": form, "why": why}
    shown: dict[str, Any] = {
        "file": file,
        "person": person,
        "fields": {name: FIELDS[name] for name in by_field},
    }
    masked = masked_of_person(person, field) if person else masked_of_passage(file, field)
    shown |= asked | {"present": Telling.of(file).value(field, masked)}
    return render(request, "hq/correct.html", shown, status=400 if request.method == "POST" else 200)


def _corrected(
    request: OfficerRequest, file: PassageFile, person: PersonFile | None, field: str, form: Mend, why: Why
) -> HttpResponse:
    if not any(part.has_changed() for part in form.parts):
        messages.info(request, gettext("记录已经是这样，没有改动。"))
        return redirect("passage", passage_id=file.id)
    given = why.cleaned_data
    correct(
        by=request.reach, of=(person or file).id, fields={field: form.value()}, kept={field: form.kept},
        reason=given["reason"], at=now(), id=given["id"],
    )  # fmt: skip
    messages.success(request, gettext("已更正。原来的内容留在经过里。"))
    return redirect("passage", passage_id=file.id)
