"""What may be said about somebody who is nobody: the plain facts that rules ask about, and answers to a set's own questions."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.doors.hq.area_forms import within_reason
from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.doors.hq.mending.fields import date_input
from lianfang.doors.hq.mending.person import MendStay
from lianfang.doors.hq.rule_words import said_in
from lianfang.screening.facts import Answer, Facts, Stay

STAYS = 2
NOT_SAID = ("", _("没有说"))
YES, NO = "YES", "NO"


def _choice(label: Any, listed: words.Words, **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[NOT_SAID, *listed.items()],
        required=False,
        widget=forms.Select({"class": "input"}),
        **given,
    )


def _yes_or_no(label: Any) -> forms.ChoiceField:
    return _choice(label, {YES: _("是"), NO: _("否")})


class Plain(forms.Form):
    """The facts that are one value each."""

    on = forms.DateField(label=_("日期"), widget=date_input())
    direction = forms.ChoiceField(
        label=_("方向"), choices=list(words.DIRECTIONS.items()), widget=forms.Select({"class": "input"})
    )
    transport = _choice(_("交通方式"), words.TRANSPORTS)
    purpose = _choice(_("事由"), words.PURPOSES)
    resident = _yes_or_no(_("本市居民"))
    case_contact = _yes_or_no(_("接触过病例"))
    document_type = _choice(_("证件"), words.DOCUMENTS)
    age = forms.IntegerField(
        label=_("年龄"), required=False, min_value=0, max_value=130, widget=text(inputmode="numeric")
    )
    celsius = forms.DecimalField(
        label=_("体温（°C）"),
        required=False,
        min_value=20,
        max_value=45,
        decimal_places=1,
        widget=text(inputmode="decimal"),
    )
    temperature_state = _choice(_("体温读数"), words.READINGS)
    symptoms = forms.MultipleChoiceField(
        label=_("症状"),
        choices=list(words.SYMPTOMS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_on(self) -> date | None:
        return within_reason(self.cleaned_data["on"])


class TriedOrigin(PlaceForm):
    needed = False


class Questions(forms.Form):
    """The questions of a rule set, as the officer at the barrier is asked them."""

    def __init__(self, questions: list[Mapping[str, Any]], data: Any = None) -> None:
        super().__init__(data, prefix="answers")
        for question in questions:
            self.fields[question["key"]] = _asked(question)

    def answers(self) -> dict[str, Answer]:
        return {key: _answer(value) for key, value in self.cleaned_data.items() if value not in ("", None)}


def _asked(question: Mapping[str, Any]) -> forms.Field:
    label = said_in(question)
    if question["kind"] == "YES_NO":
        return _yes_or_no(label)
    if question["kind"] == "CHOICE":
        return _choice(label, {one["code"]: said_in(one) for one in question["choices"]})
    return forms.IntegerField(label=label, required=False, widget=text(inputmode="numeric"))


def _answer(value: Any) -> Answer:
    return {YES: True, NO: False}.get(value, value)


class TryForms:
    """All of it together: valid when every part is."""

    def __init__(self, questions: list[Mapping[str, Any]], data: Any, *, today: date) -> None:
        given = data or None
        self.plain = Plain(given, initial={"on": today, "direction": "IN", "temperature_state": "READ"})
        self.origin = TriedOrigin(given, prefix="from")
        self.stays = [MendStay(given, prefix=f"stay{n}") for n in range(1, STAYS + 1)]
        self.questions = Questions(questions, given)

    @property
    def parts(self) -> tuple[forms.Form, ...]:
        return self.plain, self.origin, *self.stays, self.questions

    def is_valid(self) -> bool:
        return all([part.is_valid() for part in self.parts])

    def facts(self) -> Facts:
        """As the intake would have read them."""
        said = self.plain.cleaned_data
        celsius = said["celsius"]
        return Facts(
            on=said["on"],
            direction=said["direction"],
            stays=list(self._stays()),
            celsius_tenths=None if celsius is None else round(celsius * 10),
            temperature_state="READ" if celsius is not None else _not_read(said["temperature_state"]),
            symptoms=said["symptoms"],
            transport=said["transport"] or None,
            purpose=said["purpose"] or None,
            from_code=self.origin.cleaned_data["division"] or None,
            document_type=said["document_type"] or None,
            age=said["age"],
            case_contact=_said(said["case_contact"]),
            resident=_said(said["resident"]),
            answers=self.questions.answers(),
        )

    def _stays(self) -> Iterator[Stay]:
        for stay in self.stays:
            said = stay.cleaned_data
            if said["division"]:
                yield said["division"], said["since"], said["until"]


def _said(answer: str) -> bool | None:
    return {YES: True, NO: False}.get(answer)


def _not_read(state: str) -> str | None:
    """READ without a reading is none, as at the intake."""
    return {"READ": "NOT_TAKEN", "": None}.get(state, state)
