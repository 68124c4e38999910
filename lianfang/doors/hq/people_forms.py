"""Forms about people and doors. Names and numbers travel in the body of a POST, never in an address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.people.facts import DocumentTold, PersonTold
from lianfang.people.services.keeping import LONGEST_REASON

_SELECT = {"class": "input"}
LONGEST = {"name": 60, "number": 60, "phone": 40, "address": 200, "note": 500}


class ToldForm(forms.Form):
    """What is said about a person. Everything may stay blank: what is needed is said where the form is used."""

    name = forms.CharField(label=_("姓名"), required=False, max_length=LONGEST["name"], widget=text())
    sex = forms.ChoiceField(
        label=_("性别"),
        required=False,
        choices=[("", "—"), *words.SEXES.items()],
        widget=forms.Select(_SELECT),
    )
    born_on = forms.DateField(
        label=_("出生日期"), required=False, help_text=_("如 1985-03-02"), widget=text(inputmode="numeric")
    )
    document_type = forms.ChoiceField(
        label=_("证件"), required=False, choices=list(words.DOCUMENTS.items()), widget=forms.Select(_SELECT)
    )
    number = forms.CharField(label=_("证件号码"), required=False, max_length=LONGEST["number"], widget=text())
    phone = forms.CharField(label=_("电话"), required=False, max_length=LONGEST["phone"], widget=text())
    address = forms.CharField(label=_("住址"), required=False, max_length=LONGEST["address"], widget=text())
    remarks = forms.MultipleChoiceField(
        label=_("特殊情况"),
        required=False,
        choices=list(words.REMARKS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=LONGEST["note"], widget=text())

    def told(self) -> PersonTold:
        given = self.cleaned_data
        return PersonTold(
            name=given["name"].strip(),
            sex=given["sex"] or None,
            born_on=given["born_on"].isoformat() if given["born_on"] else None,
            document=DocumentTold(given["document_type"] or "OTHER", given["number"])
            if given["number"]
            else None,
            phone=given["phone"].strip(),
            address=given["address"].strip(),
            remarks=tuple(given["remarks"]),
            note=given["note"].strip(),
        )


class NewPersonForm(PlaceForm, ToldForm):
    """Somebody's file, opened at the desk."""

    field_order = ("place", "name", "document_type", "number", "phone")


class AmendForm(ToldForm):
    """What is left blank stays as it stands: whoever amends sees numbers masked and cannot type them again."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=LONGEST_REASON,
        help_text=_("写工作上的原因，不写姓名和号码"),
        widget=text(),
    )

    def fields_told(self) -> dict[str, Any]:
        given = self.cleaned_data
        told: dict[str, Any] = {
            name: given[name].strip() for name in ("name", "sex", "phone", "address", "note") if given[name]
        }
        if given["born_on"]:
            told["born_on"] = given["born_on"].isoformat()
        if given["number"]:
            told["document"] = {"type": given["document_type"] or "OTHER", "number": given["number"]}
        if given["remarks"]:
            told["remarks"] = given["remarks"]
        return told


class MoveForm(forms.Form):
    code = forms.CharField(
        label=_("迁到哪一户"),
        max_length=30,
        help_text=_("住户编号，如 210381101001001-0007"),
        widget=text(autofocus=True),
    )
    relation = forms.ChoiceField(
        label=_("与户主的关系"), choices=list(words.RELATIONS.items()), widget=forms.Select(_SELECT)
    )


class MemberForm(ToldForm):
    """Somebody of a household: found by document, else a new file."""

    relation = forms.ChoiceField(
        label=_("与户主的关系"), choices=list(words.RELATIONS.items()), widget=forms.Select(_SELECT)
    )
    state = forms.ChoiceField(
        label=_("现在"),
        choices=[(code, word) for code, word in words.STAY_STATES.items() if code != "MOVED_OUT"],
        widget=forms.Select(_SELECT),
    )
    field_order = ("name", "document_type", "number", "relation", "state", "phone", "sex", "born_on", "note")


class DoorForm(forms.Form):
    """A door: its address, what becomes of it, a note."""

    address = forms.CharField(
        label=_("门牌"), max_length=LONGEST["address"], help_text=_("如 丰台路8号3单元201"), widget=text()
    )
    occupancy = forms.ChoiceField(
        label=_("居住情况"), choices=list(words.OCCUPANCIES.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=LONGEST["note"], widget=text())


class NewDoorForm(PlaceForm, DoorForm):
    field_order = ("place", "address", "occupancy", "note")


class JoinForm(forms.Form):
    """The other door that is this one, and why."""

    code = forms.CharField(
        label=_("并入哪一户"),
        max_length=30,
        help_text=_("另一户的编号，如 210381101001001-0007"),
        widget=text(),
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=LONGEST_REASON,
        help_text=_("如 同一户登记了两次；不写姓名和号码"),
        widget=text(),
    )
