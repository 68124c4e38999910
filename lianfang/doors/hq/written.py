"""Forms of a row of paper, typed with the keyboard alone: the vehicle, and each of its people. What is odd costs a flag, never the row."""

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import choices, words
from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.doors.hq.mending.fields import date_input
from lianfang.kernel.days import SHANGHAI

SAME_AS_ABOVE = re.compile(r'[同"″〃“”]上?|same|ditto', re.IGNORECASE).fullmatch
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：.时点]?([0-5]\d)分?").fullmatch
_READING = re.compile(r"(\d{2})[.。,，]?(\d)?").fullmatch
_LOW, _NOT_TAKEN = re.compile(r"过?低|L|LOW", re.IGNORECASE).fullmatch, re.compile(r"未测?|无|-|—").fullmatch
_NOTHING = re.compile(r"无|没有|否|正常|none|no|-|—|/", re.IGNORECASE).fullmatch
LONGEST = 200


def select(label: Any, options: words.Words, **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=list(options.items()), widget=forms.Select({"class": "input"}), **given
    )


class RowForm(forms.Form):
    """A form in which the row of the page, and the moment that stands on it, are typed."""

    row = forms.IntegerField(label=_("行号"), min_value=1, widget=text(inputmode="numeric", maxlength=4))
    day = forms.DateField(label=_("日期"), widget=date_input())
    clock = forms.CharField(
        label=_("时间"), max_length=8, widget=text(inputmode="numeric", placeholder="0830")
    )
    plate = forms.CharField(
        label=_("车牌"),
        required=False,
        max_length=20,
        help_text=_("同一辆车写在下一行的，填“同上”"),
        widget=text(**{"data-check": "plate"}),
    )

    def clean_clock(self) -> time:
        found = _CLOCK(self.cleaned_data["clock"].strip())
        if not found:
            raise forms.ValidationError(_("时间写成 0830 或 8:30。"))
        return time(int(found[1]), int(found[2]))

    @property
    def occurred_at(self) -> datetime:
        day: date = self.cleaned_data["day"]
        return datetime.combine(day, self.cleaned_data["clock"], SHANGHAI)

    @property
    def is_same_as_above(self) -> bool:
        return bool(SAME_AS_ABOVE(self.cleaned_data["plate"].strip()))


class PilotRow(RowForm):
    """A row of a pilot pad: nothing that says who was in the vehicle."""

    people = forms.IntegerField(
        label=_("人数"), min_value=0, max_value=500, widget=text(inputmode="numeric", maxlength=3)
    )


class VehicleRow(RowForm):
    """What is the same for everybody in the vehicle."""

    direction = select(_("方向"), words.DIRECTIONS)
    transport = select(_("交通方式"), words.TRANSPORTS)
    purpose = select(_("事由"), {"": "—", **words.PURPOSES}, required=False)
    officer = forms.CharField(label=_("登记人签名"), required=False, max_length=60, widget=text())

    @property
    def header(self) -> dict[str, Any]:
        """As the contract names it. Without a plate it says so, as the paper does."""
        given = self.cleaned_data
        said = {name: given[name] for name in ("direction", "transport", "purpose", "officer") if given[name]}
        return said if given["plate"] else {**said, "vehicle_note": "纸质登记未写车牌"}


class WrittenPlace(PlaceForm):
    """A place as it was written: where it is not found, the words are kept and the row is to be completed."""

    needed = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.found:
            self.errors.pop("place", None)
        return cleaned

    @property
    def code(self) -> str | None:
        return self.cleaned_data.get("division") or None

    @property
    def as_written(self) -> str:
        """What no division is known by."""
        return "" if self.code else self.data.get(self.add_prefix("place"), "").strip()


class PersonRow(forms.Form):
    """One of the people, with the row on which they stand; the first stands on the vehicle's."""

    row = forms.IntegerField(
        label=_("行号"), required=False, min_value=1, widget=text(inputmode="numeric", maxlength=4)
    )
    name = forms.CharField(label=_("姓名"), required=False, max_length=60, widget=text())
    type = select(_("证件"), words.DOCUMENTS)
    number = forms.CharField(
        label=_("证件号码"), required=False, max_length=40, widget=text(**{"data-check": "document"})
    )
    phone = forms.CharField(label=_("电话"), required=False, max_length=40, widget=text(inputmode="tel"))
    address = forms.CharField(
        label=_("详细地址（村组、门牌）"), required=False, max_length=LONGEST, widget=text()
    )
    celsius = forms.CharField(
        label=_("体温"),
        required=False,
        max_length=8,
        help_text=_("如 36.5，过低填“低”，没测留空"),
        widget=text(),
    )
    symptoms = forms.CharField(
        label=_("症状"),
        required=False,
        max_length=60,
        help_text=_("照写，如 发热 咳嗽；没有留空"),
        widget=text(),
    )
    contact = select(
        _("接触史"), {"": _("没写"), "NO": words.CONTACT["NO"], "YES": words.CONTACT["YES"]}, required=False
    )

    def __init__(self, data: Any = None, *, prefix: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=prefix, initial=initial)
        first = initial or {}
        self.origin = WrittenPlace(data, prefix=f"{prefix}-from", initial=first.get("from", {}))
        self.destination = WrittenPlace(data, prefix=f"{prefix}-to", initial=first.get("to", {}))

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.origin.is_valid(), self.destination.is_valid()])

    def clean_celsius(self) -> list[dict[str, Any]]:
        return temperatures(self.cleaned_data["celsius"])

    @property
    def person(self) -> dict[str, Any]:
        """As the contract names it; what stands under no name of it is kept, sealed, as it was written."""
        given = self.cleaned_data
        codes, rest = symptoms(given["symptoms"])
        document = {"type": given["type"]} | ({"number": given["number"]} if given["number"] else {})
        if not given["number"] and given["type"] == "RESIDENT_ID":
            document = {"type": "NONE"}
        written = {"from": self.origin.as_written, "to": self.destination.as_written, "symptoms": rest}
        to = {"code": self.destination.code, "address": given["address"] or self.destination.as_written}
        said = {
            "name": given["name"],
            "document": document,
            "phone": given["phone"],
            "from_code": self.origin.code,
            "destination": {name: value for name, value in to.items() if value},
            "temperatures": given["celsius"],
            "symptoms": codes,
            "case_contact": {"YES": True, "NO": False}.get(given["contact"]),
            "answers": {f"paper_{name}": value for name, value in written.items() if value},
        }
        return {name: value for name, value in said.items() if value not in ("", None, {}, [])} | {
            "symptoms": codes
        }


def temperatures(written: str) -> list[dict[str, Any]]:
    """36.5, 365, 低 or nothing: as the contract writes a reading."""
    written = written.strip()
    if not written or _NOT_TAKEN(written):
        return [{"state": "NOT_TAKEN"}] if written else []
    if _LOW(written):
        return [{"state": "LOW"}]
    found = _READING(written)
    if not found:
        raise forms.ValidationError(_("体温写成 36.5，过低填“低”，没测留空。"))
    return [{"celsius": float(f"{found[1]}.{found[2] or 0}"), "state": "READ"}]


def symptoms(written: str) -> tuple[list[str], str]:
    """The codes of the words that are known, and what was written if any of it is not."""
    written = written.strip()
    if not written or _NOTHING(written):
        return [], ""
    codes = [one.code for one in choices.SYMPTOMS if one.zh in written or one.en.lower() in written.lower()]
    codes += ["COUGH"] if "咳" in written and "COUGH" not in codes else []
    return (codes, "") if codes else (["OTHER"], written)
