"""Forms of how an order ends, lasts and moves. Each carries an id made with it: sent twice it is one act."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.doors.hq.referral_forms import ActForm
from lianfang.doors.quarantine_words import CORRECTION_VERDICTS, ORDER_KINDS, REASON_KINDS
from lianfang.doors.tags import day
from lianfang.quarantine.models import QuarantineReason
from lianfang.quarantine.queries.facilities import FacilityBeds
from lianfang.quarantine.services import Bed, WrittenBeside
from lianfang.quarantine.services.writing import LONGEST

FACILITY = "FACILITY"
_BETWEEN = "|"


class WhyForm(ActForm):
    """An act that says why."""

    note = forms.CharField(
        label=_("理由"), max_length=LONGEST, widget=text(), error_messages={"required": _("请写明理由。")}
    )

    @property
    def written(self) -> WrittenBeside:
        return WrittenBeside(self.cleaned_data["note"].strip())


class ExtendForm(WhyForm):
    until = forms.DateField(
        label=_("新的最后一天"), help_text=_("如 2020-03-15，到这天 24 时"), widget=text(inputmode="numeric")
    )


class TransferForm(WhyForm, PlaceForm):
    """To a home, which is found by its place, or to a bed that is free."""

    kind = forms.ChoiceField(label=_("转到"), choices=list(ORDER_KINDS.items()), widget=forms.RadioSelect)
    bed = forms.ChoiceField(label=_("房间"), required=False, widget=forms.Select({"class": "input"}))

    def __init__(self, data: Any = None, *, facilities: Sequence[FacilityBeds] = (), **kwargs: Any) -> None:
        super().__init__(data, prefix="to", **kwargs)
        self.needed = data is None or data.get("to-kind") != FACILITY
        beds: Any = self.fields["bed"]
        beds.choices = [("", _("请选择有空床的房间")), *map(_rooms, filter(_has_room, facilities))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == FACILITY and not cleaned.get("bed"):
            self.add_error("bed", _("请选择有空床的房间。"))
        return cleaned

    @property
    def to(self) -> str | Bed:
        if self.cleaned_data["kind"] != FACILITY:
            return str(self.cleaned_data["division"])
        facility, room = self.cleaned_data["bed"].split(_BETWEEN, 1)
        return Bed(UUID(facility), room)


class HandOverForm(WhyForm, PlaceForm):
    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, prefix="city", **kwargs)


class AdmittedForm(ActForm):
    where = forms.CharField(
        label=_("收治的医院"),
        max_length=60,
        widget=text(),
        error_messages={"required": _("请写明收治的医院。")},
    )
    note = forms.CharField(
        label=_("说明"), required=False, max_length=100, help_text=_("可以不写"), widget=text()
    )


class TakeBackForm(WhyForm):
    reason = forms.ChoiceField(label=_("撤回哪一条事由"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, reasons: Sequence[QuarantineReason] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        chosen: Any = self.fields["reason"]
        chosen.choices = [(str(one.id), _said(one)) for one in reasons]


class CorrectionForm(WhyForm):
    verdict = forms.ChoiceField(
        label=_("结果"), choices=list(CORRECTION_VERDICTS.items()), widget=forms.RadioSelect
    )


def _said(one: QuarantineReason) -> str:
    since = gettext("%(day)s 起 %(n)s 天") % {"day": day(one.day0_on), "n": one.days}
    return f"{REASON_KINDS[one.kind]} · {since}"


def _has_room(one: FacilityBeds) -> bool:
    return one.free > 0


def _rooms(one: FacilityBeds) -> tuple[str, list[tuple[str, str]]]:
    free = [room for room in one.rooms if room.free]
    return one.name, [(f"{one.id}{_BETWEEN}{room.room}", f"{room.room}（{room.free}）") for room in free]
