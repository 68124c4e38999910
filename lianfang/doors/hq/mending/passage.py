"""Forms for the fields of a passage."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.checkpoints.queries import PassageFile
from lianfang.doors import words
from lianfang.doors.hq.forms import text
from lianfang.doors.hq.mending.fields import Mend, chosen, unmasked, written
from lianfang.kernel.days import SHANGHAI


class MendRoster(Mend):
    new = forms.IntegerField(
        label=_("应到人数"),
        required=False,
        min_value=0,
        max_value=500,
        widget=forms.NumberInput({"class": "input"}),
    )

    def value(self) -> int | None:
        return self.cleaned_data["new"]


class MendMoment(Mend):
    new = forms.DateTimeField(
        label=_("实际时间"),
        widget=forms.DateTimeInput(
            {"class": "input", "type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        ),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def value(self) -> str:
        return self.cleaned_data["new"].astimezone(SHANGHAI).isoformat()


class MendTrip(Mend):
    number = forms.CharField(label=_("车次、班次"), required=False, max_length=20, widget=text())
    carriage = forms.CharField(label=_("车厢"), required=False, max_length=20, widget=text())
    seat = forms.CharField(label=_("座位"), required=False, max_length=20, widget=text())

    def value(self) -> dict[str, str] | None:
        return {name: given for name, given in self.cleaned_data.items() if given} or None


# Roughly how often each is mended: what is asked for most stands first.
OF_PASSAGE: Mapping[str, type[Mend]] = {
    "plate": written(_("正确的车牌")),
    "vehicle_note": written(_("车辆描述")),
    "transport": chosen(_("交通方式"), words.TRANSPORTS),
    "direction": chosen(_("方向"), words.DIRECTIONS),
    "purpose": chosen(_("事由"), words.PURPOSES, may_be_empty=True),
    "occurred_at": MendMoment,
    "lane": written(_("车道")),
    "trip": MendTrip,
    "roster_expected": MendRoster,
}


def forms_of_passage(posts: Mapping[str, str]) -> Mapping[str, type[Mend]]:
    """Field → form. `posts` are the checkpoints within the officer's reach, by code."""
    return {**OF_PASSAGE, "checkpoint": chosen(_("卡口"), posts)}


def standing_of_passage(file: PassageFile) -> dict[str, Any]:
    """What a form about the passage is filled with: the field as it stands, under the form's own names."""
    return {
        field: {"new": unmasked(getattr(file, field))}
        for field in (*OF_PASSAGE, "checkpoint")
        if field != "trip"
    }


def masked_of_passage(file: PassageFile, field: str) -> str:
    """What stands there now, where a number in it is masked."""
    return file.vehicle_note or "" if field == "vehicle_note" and not unmasked(file.vehicle_note) else ""
