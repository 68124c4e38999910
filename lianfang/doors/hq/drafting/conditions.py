"""One condition as a form: how it asks, and about what, with a widget for each kind of fact."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.doors.hq.drafting.places import PlacesField, PlacesInput
from lianfang.doors.hq.forms import text
from lianfang.doors.hq.rule_findings import FindingShown
from lianfang.doors.hq.rule_words import CODES_OF, condition_words, mappings, question_of, said_in
from lianfang.screening.compiling.conditions import NUMBERS
from lianfang.screening.compiling.limits import LARGEST_ANSWER
from lianfang.screening.form import ANSWERS, AREA_LEVELS, FACTS, QUESTION_KINDS

Condition = Mapping[str, Any]
Content = Mapping[str, Any]
_NOBODY_SAID = ("MISSING", _("没有填"))
_DIGITS = 4
LONGEST_NUMBER = 12  # digits


def select(choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=list(choices), widget=forms.Select({"class": "input"}))


def many(choices: Iterable[tuple[str, Any]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple
    )


class DaysField(forms.CharField):
    """Days to look back: a whole number as somebody typed it."""

    def __init__(self) -> None:
        box = text(inputmode="numeric", size=3)
        super().__init__(required=False, max_length=_DIGITS, widget=box)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value).strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit()):
            raise forms.ValidationError(_("请填整数。"))
        return int(typed)


class NumberField(forms.CharField):
    """A whole number, or a temperature in °C of one decimal, which is kept in tenths. Within what the compiler takes."""

    def __init__(self, fact: str) -> None:
        self.celsius = fact == "celsius_tenths"
        self.range = NUMBERS.get(fact, (-LARGEST_ANSWER, LARGEST_ANSWER))
        unit = "°C" if self.celsius else ""
        super().__init__(label=unit, required=False, max_length=12, widget=text(inputmode="decimal", size=8))

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value).replace("℃", "").replace("°C", "").strip()
        if not typed:
            return None
        try:
            number = Decimal(typed)
        except InvalidOperation:
            raise forms.ValidationError(_("请填数字，如 37.3。")) from None
        if not number.is_finite() or number.adjusted() > LONGEST_NUMBER:
            raise forms.ValidationError(_("请填数字，如 37.3。"))
        scaled = number * 10 if self.celsius else number
        if scaled != scaled.to_integral_value():
            raise forms.ValidationError(_("请填到一位小数，如 37.3。") if self.celsius else _("请填整数。"))
        first, last = self.range
        if not first <= scaled <= last:
            said = {"first": self.prepare_value(first), "last": self.prepare_value(last)}
            raise forms.ValidationError(_("要在 %(first)s 到 %(last)s 之间。"), params=said)
        return int(scaled)

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 10}.{value % 10}" if self.celsius and isinstance(value, int) else value


class ConditionForm(forms.Form):
    """A condition about one fact. `says` is it in words as it stands; `asks` names the fact."""

    fact = forms.CharField(widget=forms.HiddenInput, max_length=60)
    asks: Any = ""
    says: str = ""
    stands: Condition = {}
    found: list[FindingShown]
    readable = True

    def condition(self) -> dict[str, Any]:
        """As the rule set writes it; what was left empty is left out, and the compiler says so."""
        given = self.cleaned_data
        if not self.readable:
            return dict(self.stands)
        asked = {"fact": given["fact"], "op": given["op"]}
        if given["op"] in ("MISSING", "ANY"):
            return asked
        rest = {name: given.get(name) for name in ("value", "days") if name in self.fields}
        return asked | {name: told for name, told in rest.items() if told not in (None, [], "")}

    @property
    def is_list(self) -> bool:
        return isinstance(self.fields.get("value"), forms.MultipleChoiceField)

    @property
    def unit(self) -> Any:
        return (self.fields["value"].label or "") if "value" in self.fields else ""


def condition_form(
    stands: Condition, content: Content, names: Mapping[str, str], *, prefix: str, data: Any = None
) -> ConditionForm:
    """The form for the condition's fact. A fact that nobody knows can only be read and removed."""
    fact = str(stands.get("fact") or "")
    question = question_of(fact, content) or {}
    kind = QUESTION_KINDS.get(str(question.get("kind"))) if question else None
    kind = kind or (FACTS[fact].kind if fact in FACTS else None)
    fields = _FIELDS[kind](fact, question, names) if kind else {}
    initial = {"fact": fact, **_initial(stands)}
    form = type("ConditionOf", (ConditionForm,), fields)(data, prefix=prefix, initial=initial)
    form.asks = said_in(question) if question else words.RULE_FACTS.get(fact, fact)
    form.says = condition_words(stands, content, names)
    form.stands, form.readable, form.found = stands, kind is not None, []
    return form


def fact_choices(content: Content) -> list[tuple[str, Any]]:
    """Everything a condition may ask about: the facts, then the questions of this very rule set."""
    asked = [one for one in mappings(content.get("questions")) if one.get("key")]
    return [
        *((fact, words.RULE_FACTS.get(fact, fact)) for fact in FACTS),
        *((f"{ANSWERS}{one['key']}", said_in(one) or one["key"]) for one in asked),
    ]


def begun(fact: str, content: Content) -> dict[str, Any]:
    """A new condition about a fact, as one most often asks."""
    question = question_of(fact, content) or {}
    kind = QUESTION_KINDS.get(str(question.get("kind"))) if question else FACTS[fact].kind
    op, rest = _FIRST.get(str(kind), ("MISSING", {}))
    return {"fact": fact, "op": op, **rest}


_FIRST: dict[str, tuple[str, dict[str, Any]]] = {
    "CODE": ("ONE_OF", {}),
    "NUMBER": ("AT_LEAST", {}),
    "PLACE": ("UNDER", {}),
    "STAYS": ("UNDER", {"days": 14}),
    "AREAS": ("LEVEL", {"value": ["HIGH"], "days": 14}),
    "SYMPTOMS": ("ANY", {}),
    "YES_NO": ("IS", {"value": True}),
}


def _initial(stands: Condition) -> dict[str, Any]:
    """`op` of a yes or no holds its value as well, since one list offers both."""
    op, value = stands.get("op"), stands.get("value")
    if op == "IS":
        return {"op": "YES" if value is True else "NO"}
    return {name: stands[name] for name in ("op", "value", "days") if name in stands}


def _codes(fact: str, question: Content, names: Mapping[str, str]) -> dict[str, Any]:
    listed: Iterable[tuple[str, Any]]
    if question:
        told = mappings(question.get("choices"))
        listed = [(str(one.get("code")), said_in(one) or one.get("code")) for one in told]
    else:
        listed = [(code, CODES_OF[fact].get(code, code)) for code in FACTS[fact].codes]
    ops = [("ONE_OF", _("是其中之一")), ("NONE_OF", _("都不是")), _NOBODY_SAID]
    return {"op": select(ops), "value": many(listed)}


def _number(fact: str, question: Content, names: Mapping[str, str]) -> dict[str, Any]:
    ops = [("AT_LEAST", "≥"), ("ABOVE", ">"), ("AT_MOST", "≤"), ("BELOW", "<"), _NOBODY_SAID]
    return {"op": select(ops), "value": NumberField(fact)}


def _place(fact: str, question: Content, names: Mapping[str, str]) -> dict[str, Any]:
    ops = [("UNDER", _("在")), ("OUTSIDE", _("不在")), _NOBODY_SAID]
    return {"op": select(ops), "value": PlacesField(widget=PlacesInput(names))}


def _stays(fact: str, question: Content, names: Mapping[str, str]) -> dict[str, Any]:
    ops = [("UNDER", _("到过")), ("OUTSIDE", _("到过以外的地方")), ("MISSING", _("都没有说"))]
    return {"op": select(ops), "value": PlacesField(widget=PlacesInput(names)), "days": DaysField()}


def _areas(fact: str, question: Content, names: Mapping[str, str]) -> dict[str, Any]:
    levels = [(level, words.AREA_LEVELS[level]) for level in AREA_LEVELS]
    return {"op": select([("LEVEL", _("到过"))]), "value": many(levels), "days": DaysField()}


def _symptoms(fact: str, question: Content, names: Mapping[str, str]) -> dict[str, Any]:
    ops = [("ANY", _("有任何症状")), ("ANY_OF", _("有其中之一"))]
    return {"op": select(ops), "value": many(words.SYMPTOMS.items())}


def _yes_no_condition(form: ConditionForm) -> dict[str, Any]:
    """`op` offers both answers; the condition says IS."""
    given = form.cleaned_data
    if given["op"] == "MISSING":
        return {"fact": given["fact"], "op": "MISSING"}
    return {"fact": given["fact"], "op": "IS", "value": given["op"] == "YES"}


def _yes_no(fact: str, question: Content, names: Mapping[str, str]) -> dict[str, Any]:
    ops = [("YES", _("是")), ("NO", _("否")), _NOBODY_SAID]
    return {"op": select(ops), "condition": _yes_no_condition}


_FIELDS: dict[str, Any] = {
    "CODE": _codes,
    "NUMBER": _number,
    "PLACE": _place,
    "STAYS": _stays,
    "AREAS": _areas,
    "SYMPTOMS": _symptoms,
    "YES_NO": _yes_no,
}
