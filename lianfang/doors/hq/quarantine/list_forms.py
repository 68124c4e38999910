"""Forms of the work lists: what came of a follow-up, and a report told on the telephone."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.hq.forms import text
from lianfang.doors.hq.referral_forms import ActForm
from lianfang.doors.tags import day
from lianfang.doors.words import FOLLOW_UP_OUTCOMES, HALVES, SYMPTOMS
from lianfang.quarantine.rules import Half, HalfDay, Thresholds
from lianfang.quarantine.services import WrittenBeside
from lianfang.quarantine.services.writing import LONGEST


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=list(FOLLOW_UP_OUTCOMES.items()),
        error_messages={"required": _("请选择结果。"), "invalid_choice": _("请选择结果。")},
    )
    note = forms.CharField(required=False, max_length=LONGEST)

    @property
    def refused(self) -> str:
        return " ".join(str(error) for errors in self.errors.values() for error in errors)

    @property
    def written(self) -> WrittenBeside:
        return WrittenBeside(self.cleaned_data["note"].strip())


class CheckInForm(ActForm):
    """A report told on the telephone: of this half-day or the one before it."""

    half = forms.ChoiceField(label=_("哪半天"), widget=forms.RadioSelect)
    celsius = forms.DecimalField(
        label=_("体温（℃）"), required=False, min_value=Decimal(20), max_value=Decimal(50), decimal_places=1,
        help_text=_("如 36.5；没有量可以不填"), widget=text(inputmode="decimal"),
    )  # fmt: skip
    symptoms = forms.MultipleChoiceField(label=_("症状"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, halves: tuple[HalfDay, ...], asked: Thresholds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.halves = {_code(half): half for half in halves}
        which: Any = self.fields["half"]
        which.choices = [(code, f"{day(half.day)} {HALVES[half.half]}") for code, half in self.halves.items()]
        which.initial = next(iter(self.halves))
        symptoms: Any = self.fields["symptoms"]
        symptoms.choices = [(code, SYMPTOMS[code]) for code in asked.symptoms]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and given.get("celsius") is None and not given.get("symptoms"):
            raise forms.ValidationError(_("请填体温，或选症状。"))
        return given

    @property
    def half_day(self) -> HalfDay:
        return self.halves[self.cleaned_data["half"]]


def _code(half: HalfDay) -> str:
    return f"{half.day.isoformat()}-{Half(half.half)}"
