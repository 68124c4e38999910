"""The second look at a row (第二遍核对): the key fields typed blind, and where they differ, the right one chosen."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.paper import label
from lianfang.checkpoints.queries.paper import RowLine, pad_line, rows_of_pad
from lianfang.checkpoints.services.second_look import (
    LONGEST_REASON,
    TEMPERATURE,
    Disagreement,
    SeenAgain,
    SeenPerson,
    look_again,
    not_typed,
)
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.transcribing import MOST_AT_ONCE
from lianfang.doors.hq.written import temperatures
from lianfang.doors.methods import answers
from lianfang.doors.tags import celsius
from lianfang.doors.typed import as_number
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal


class SeenVehicle(forms.Form):
    plate = forms.CharField(
        label=_("车牌"), required=False, max_length=20, widget=text(autofocus=True, **{"data-check": "plate"})
    )
    reason = forms.CharField(
        label=_("为什么由录入人自己核对"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("只有您一人在场时填写，如 夜班一人值守"),
        widget=text(),
    )


class SeenOne(forms.Form):
    """A person's key fields, as they are read on paper."""

    number = forms.CharField(
        label=_("证件号码"), required=False, max_length=40, widget=text(**{"data-check": "document"})
    )
    celsius = forms.CharField(
        label=_("体温"),
        required=False,
        max_length=8,
        help_text=_("如 36.5，过低填“低”，没测留空"),
        widget=text(),
    )

    def clean_celsius(self) -> int | str:
        readings = temperatures(self.cleaned_data["celsius"])
        if not readings:
            return "NOT_TAKEN"
        return (
            round(readings[0]["celsius"] * 10)
            if readings[0]["state"] == "READ"
            else str(readings[0]["state"])
        )

    @property
    def seen(self) -> SeenPerson:
        return SeenPerson(self.cleaned_data["number"].strip(), self.cleaned_data["celsius"])


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET", "POST")
def second_look(request: OfficerRequest, pad: int, row: int) -> HttpResponse:
    found = _row(request, pad, row)
    given = request.POST
    if request.method != "POST":
        return _page(request, pad, found, SeenVehicle(), [SeenOne(prefix="s1")])
    if "more" in given:
        typed = _people(given, bound=False)
        return _page(request, pad, found, SeenVehicle(initial=given.dict()), typed)
    vehicle, people = SeenVehicle(given), _people(given)
    if not all([vehicle.is_valid(), *(person.is_valid() for person in people)]):
        return _page(request, pad, found, vehicle, people, status=400)
    seen = SeenAgain(vehicle.cleaned_data["plate"].strip(), tuple(person.seen for person in people))
    try:
        differ = look_again(
            by=request.reach, at=now(), pad=pad, row=row, seen=seen,
            reason=vehicle.cleaned_data["reason"], chosen=_chosen(given),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        vehicle.add_error(None, said(refusal))
        return _page(request, pad, found, vehicle, people, status=400)
    if differ:
        return _page(request, pad, found, vehicle, people, differ=[_told(one) for one in differ])
    messages.success(request, gettext("%(row)s 已核对。") % {"row": label(pad, row)})
    return redirect("transcribed-row", pad=pad, row=row)


def _row(request: OfficerRequest, pad: int, row: int) -> RowLine:
    with reach(request.reach) as seen:
        line = pad_line(seen, pad)
        rows = rows_of_pad(seen, pad)
    found = next((one for one in rows if one.row == row and one.stored), None)
    if line is None or line.purpose != "ENTRY" or found is None:
        raise not_typed()
    return found


def _people(given: QueryDict, *, bound: bool = True) -> list[SeenOne]:
    """The people that were typed; one more, empty, where another was asked for."""
    count = min(max(as_number(given.get("people_typed", "")) or 1, 1), MOST_AT_ONCE)
    if bound:
        return [SeenOne(given, prefix=f"s{n}") for n in range(1, count + 1)]
    typed = [
        {name: given.get(f"s{n}-{name}", "") for name in SeenOne.base_fields} for n in range(1, count + 1)
    ]
    return [SeenOne(prefix=f"s{n}", initial=first) for n, first in enumerate([*typed, {}], 1)]


def _chosen(given: QueryDict) -> Mapping[str, str]:
    return {
        name.removeprefix("choose-"): str(value)
        for name, value in given.items()
        if name.startswith("choose-")
    }


def _told(one: Disagreement) -> dict[str, Any]:
    """Both readings in words, side by side."""
    return {
        "name": one.name,
        "what": words.SECOND_LOOK[one.what],
        "place": one.place,
        "first": _reading(one.first) if one.what == TEMPERATURE else one.first,
        "second": _reading(one.second) if one.what == TEMPERATURE else one.second,
    }


def _reading(value: str) -> str:
    return celsius(int(value)) if value.isdigit() else str(words.READINGS.get(value, value))


def _page(
    request: OfficerRequest,
    pad: int,
    row: RowLine,
    vehicle: SeenVehicle,
    people: list[SeenOne],
    *,
    differ: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "pad": pad,
        "row": row,
        "label": label(pad, row.row),
        "vehicle": vehicle,
        "people": people,
        "differ": differ,
        "flag_words": words.FLAG_SENTENCES,
    }
    return render(request, "hq/second_look.html", shown, status=status)
