"""Forms for the fields of a person."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.checkpoints.queries import PassageFile, PersonFile
from lianfang.doors import words
from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.doors.hq.mending.answers import MendAnswers, asked_of, standing_answers
from lianfang.doors.hq.mending.fields import (
    EMPTY_STAYS,
    LONGEST,
    Mend,
    chosen,
    date_input,
    none_of_it,
    unmasked,
    written,
)
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of

STAYS = 3
OLDEST = date(1890, 1, 1)


class MendBirth(Mend):
    new = forms.DateField(
        label=_("出生日期"),
        required=False,
        help_text=EMPTY_STAYS,
        widget=date_input(),
        input_formats=["%Y-%m-%d", "%Y%m%d"],
    )
    none = none_of_it(_("没有出生日期"))

    def clean_new(self) -> date | None:
        born_on: date | None = self.cleaned_data["new"]
        if born_on and not OLDEST <= born_on <= day_of(now()):
            raise forms.ValidationError(_("没有这样的出生日期。"))
        return born_on

    def value(self) -> str | None:
        born_on = self.cleaned_data["new"]
        return born_on.isoformat() if born_on else None


class MendDocument(Mend):
    type = forms.ChoiceField(
        label=_("证件种类"), choices=list(words.DOCUMENTS.items()), widget=forms.Select({"class": "input"})
    )
    number = forms.CharField(
        label=_("证件号码"),
        required=False,
        max_length=40,
        help_text=EMPTY_STAYS,
        widget=text(inputmode="text"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stands = self.initial.get("masked")
        if cleaned.get("type") != "NONE" and not (cleaned.get("number") or stands):
            self.add_error("number", _("请填写号码；没有证件就选“无证件”。"))
        return cleaned

    @property
    def kept(self) -> tuple[str, ...]:
        given = self.cleaned_data
        return () if given["number"] or given["type"] == "NONE" else ("number",)

    def value(self) -> dict[str, str]:
        given = self.cleaned_data
        return {"type": given["type"]} | ({"number": given["number"]} if given["number"] else {})


class MendPhone(Mend):
    new = forms.CharField(
        label=_("正确的电话"),
        required=False,
        max_length=LONGEST,
        help_text=EMPTY_STAYS,
        widget=text(inputmode="tel"),
    )
    none = none_of_it(_("没有电话"))


class MendOrigin(PlaceForm, Mend):
    def value(self) -> str:
        return str(self.cleaned_data["division"])


class MendDestination(PlaceForm, Mend):
    address = forms.CharField(
        label=_("详细地址（村组、门牌）"),
        required=False,
        max_length=LONGEST,
        help_text=EMPTY_STAYS,
        widget=text(),
    )
    none = none_of_it(_("没有详细地址"))

    @property
    def kept(self) -> tuple[str, ...]:
        given = self.cleaned_data
        return () if given["address"] or given["none"] else ("address",)

    def value(self) -> dict[str, str]:
        given = self.cleaned_data
        return {"code": given["division"]} | ({"address": given["address"]} if given["address"] else {})


class MendStay(PlaceForm, Mend):
    needed = False
    since = forms.DateField(label=_("从哪天"), required=False, widget=date_input())
    until = forms.DateField(label=_("到哪天"), required=False, widget=date_input())

    def value(self) -> dict[str, str] | None:
        given = self.cleaned_data
        days = {"from": given["since"], "to": given["until"]}
        written_days = {name: day.isoformat() for name, day in days.items() if day}
        return {"code": given["division"]} | written_days if given["division"] else None


class MendStays(Mend):
    """The whole list: a correction replaces it, so what stands there now is filled in."""

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data)
        stays = [
            {"division": stay.code, "since": stay.from_on, "until": stay.to_on} for stay in initial["stays"]
        ]
        rows = [*stays, *({} for _ in range(max(1, STAYS - len(stays))))]
        self._rows = [MendStay(data, prefix=f"stay{n}", initial=row) for n, row in enumerate(rows, 1)]

    @property
    def parts(self) -> list[Mend]:
        return [*self._rows]

    def is_valid(self) -> bool:
        return self.is_bound and all([row.is_valid() for row in self._rows])

    def value(self) -> list[dict[str, str]]:
        return [stay for row in self._rows if (stay := row.value()) is not None]


class MendTemperature(Mend):
    state = forms.ChoiceField(
        label=_("结果"), choices=list(words.READINGS.items()), widget=forms.RadioSelect, initial="READ"
    )
    celsius = forms.DecimalField(
        label=_("体温"),
        required=False,
        min_value=20,
        max_value=45,
        decimal_places=1,
        widget=forms.NumberInput({"class": "input", "step": "0.1"}),
    )
    site = forms.ChoiceField(
        label=_("部位"), choices=list(words.SITES.items()), widget=forms.RadioSelect, initial="FOREHEAD"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == "READ" and cleaned.get("celsius") is None:
            self.add_error("celsius", _("请填写读数，或选“过低”“未测”。"))
        return cleaned

    def value(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        read = float(given["celsius"]) if given["state"] == "READ" else None
        return [{"celsius": read, "site": given["site"], "state": given["state"]}]


class MendSymptoms(Mend):
    new = forms.MultipleChoiceField(
        label=_("症状"),
        required=False,
        choices=list(words.SYMPTOMS.items()),
        help_text=_("都不选表示没有症状"),
        widget=forms.CheckboxSelectMultiple,
    )

    def value(self) -> list[str]:
        return list(self.cleaned_data["new"])


class MendContact(Mend):
    new = forms.ChoiceField(
        label=_("接触史"),
        required=False,
        choices=[("True", _("接触过病例")), ("False", _("无接触")), ("", _("不清楚"))],
        widget=forms.RadioSelect,
    )

    def value(self) -> bool | None:
        return {"True": True, "False": False}.get(self.cleaned_data["new"])


class MendResident(Mend):
    new = forms.ChoiceField(
        label=_("本市居住"),
        required=False,
        choices=[("True", _("住在本市")), ("False", _("不住在本市")), ("", _("没有说"))],
        widget=forms.RadioSelect,
    )

    def value(self) -> bool | None:
        return {"True": True, "False": False}.get(self.cleaned_data["new"])


OF_PERSON: Mapping[str, type[Mend]] = {
    "name": written(_("正确的姓名")),
    "document": MendDocument,
    "phone": MendPhone,
    "from_code": MendOrigin,
    "stays": MendStays,
    "destination": MendDestination,
    "temperatures": MendTemperature,
    "symptoms": MendSymptoms,
    "case_contact": MendContact,
    "resident": MendResident,
    "sex": chosen(_("性别"), words.SEXES, may_be_empty=True),
    "born_on": MendBirth,
    "nationality": written(_("国籍")),
    "occupation": written(_("职业")),
}


def forms_of_person(file: PassageFile, person: PersonFile) -> Mapping[str, type[Mend]]:
    """Field → form. A guardian is one of the others of the party; answers are to questions that some rules ask."""
    others = {str(one.id): one.name or str(one.place) for one in file.people if one.id != person.id}
    guardian = {"guardian_id": chosen(_("监护人"), others, may_be_empty=True)} if others else {}
    answers = {"answers": MendAnswers} if asked_of(person) else {}
    return {**OF_PERSON, **guardian, **answers}


def standing_of_person(person: PersonFile) -> dict[str, Any]:
    """The same about a person. What is masked is left empty and stands beside the box."""
    plain = ("name", "sex", "nationality", "occupation", "symptoms", "case_contact", "resident")
    return {
        **{field: {"new": unmasked(getattr(person, field))} for field in plain},
        "document": {"type": person.document_type, "masked": person.document},
        "from_code": {"division": person.from_code or ""},
        "stays": {"stays": person.stays},
        "destination": {"division": person.destination_code or ""},
        "answers": standing_answers(person),
    }


def masked_of_person(person: PersonFile, field: str) -> str:
    """What stands there now, where the form cannot be filled with it: masked, or readings of which there are many."""
    stands = {
        "document": f"{person.document_type} {person.document}",
        "phone": person.phone,
        "born_on": person.born_on,
        "destination": person.address,
        "occupation": "" if unmasked(person.occupation) else person.occupation,
        "temperatures": person.temperatures,
    }
    return stands.get(field) or ""
