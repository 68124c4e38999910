"""Forms about who answers for a division, what lies over it, and who works in it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.command.queries import Colleague
from lianfang.command.services import LONGEST_OFFICIAL, LONGEST_UNIT, Laid, Official, Worker
from lianfang.doors import words
from lianfang.doors.hq.forms import text


def _name() -> forms.CharField:
    return forms.CharField(label=_("姓名"), max_length=LONGEST_OFFICIAL, widget=text())


def _phone() -> forms.CharField:
    return forms.CharField(
        label=_("值班电话"),
        max_length=LONGEST_OFFICIAL,
        help_text=_("夜里也打得通的"),
        widget=text(inputmode="tel"),
    )


class OfficialForm(forms.Form):
    """Somebody who is to answer for a division. `taken`: he has said yes."""

    name = _name()
    unit = forms.CharField(label=_("单位和职务"), required=False, max_length=LONGEST_UNIT, widget=text())
    phone = _phone()
    officer = forms.ChoiceField(
        label=_("他的账号"),
        required=False,
        help_text=_("有账号的选上，他在“我的工作”里自己确认"),
        widget=forms.Select({"class": "input"}),
    )
    taken = forms.BooleanField(
        label=_("本人已经答应"), required=False, help_text=_("电话里或当面答应过；没有答应的，算空缺")
    )

    def __init__(self, *args: Any, accounts: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["officer"]
        field.choices = [("", _("没有账号")), *((str(one.id), one.name) for one in accounts)]

    @property
    def official(self) -> Official:
        given = self.cleaned_data
        officer = UUID(given["officer"]) if given["officer"] else None
        return Official(given["name"], given["unit"], given["phone"], officer)


class AssignResponsibleForm(OfficialForm):
    kind = forms.ChoiceField(
        label=_("作为"),
        choices=list(words.RESPONSIBLE_KINDS.items()),
        initial="PRINCIPAL",
        widget=forms.RadioSelect,
    )


class WorkerForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=list(words.STAFF_KINDS.items()),
        initial="GRID_WORKER",
        widget=forms.RadioSelect,
    )
    name = _name()
    phone = _phone()
    home_unit = forms.CharField(label=_("原单位"), required=False, max_length=LONGEST_UNIT, widget=text())
    duties = forms.MultipleChoiceField(
        label=_("职责"),
        choices=list(words.DUTIES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def worker(self) -> Worker:
        given = self.cleaned_data
        return Worker(given["kind"], given["name"], given["phone"], given["home_unit"], given["duties"])


class OverlayForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=list(words.OVERLAY_KINDS.items()),
        initial="PARTY_AREA",
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("名称"), max_length=LONGEST_UNIT, help_text=_("如 第一党员责任区"), widget=text()
    )
    name = _name()
    phone = _phone()

    @property
    def laid(self) -> Laid:
        given = self.cleaned_data
        return Laid(given["kind"], given["title"], given["name"], given["phone"])
