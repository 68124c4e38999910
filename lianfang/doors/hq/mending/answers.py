"""The form for answers to questions that headquarters added: one field a question, as the rules put it that decided."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.checkpoints.intake.people import LARGEST_ANSWER
from lianfang.checkpoints.queries import PersonFile
from lianfang.doors.hq.mending.fields import Mend
from lianfang.doors.hq.questions import question, questions_of
from lianfang.doors.hq.rule_words import said_in


class MendAnswers(Mend):
    """A correction replaces all answers: what no field of this form is about stays as it stands."""

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data)
        self._asked: Mapping[str, Mapping[str, Any]] = initial["asked"]
        self._kept = tuple(key for key in initial["keys"] if key not in self._asked)
        for key, asked in self._asked.items():
            self.fields[_name(key)] = _field(asked, initial["codes"].get(key))

    @property
    def kept(self) -> tuple[str, ...]:
        return self._kept

    def value(self) -> dict[str, Any]:
        given = {key: _answer(asked, self.cleaned_data[_name(key)]) for key, asked in self._asked.items()}
        return {key: answer for key, answer in given.items() if answer is not None}


def _name(key: str) -> str:
    """Apart from the names of every other field of the page."""
    return f"answer_{key}"


def _field(asked: Mapping[str, Any], stands: Any) -> forms.Field:
    label = said_in(asked)
    if asked["kind"] == "NUMBER":
        return forms.IntegerField(
            label=label,
            required=False,
            initial=stands,
            min_value=-LARGEST_ANSWER,
            max_value=LARGEST_ANSWER,
            widget=forms.NumberInput({"class": "input"}),
        )
    chosen = "" if stands is None else str(stands)
    options: dict[str, Any] = {"True": _("是"), "False": _("否")}
    if asked["kind"] == "CHOICE":
        options = {one["code"]: said_in(one) for one in asked["choices"]}
    options.setdefault(chosen, chosen)  # what an older question offered stays to be chosen
    options[""] = _("没有问")
    return forms.ChoiceField(
        label=label,
        required=False,
        initial=chosen,
        choices=list(options.items()),
        widget=forms.RadioSelect,
    )


def _answer(asked: Mapping[str, Any], given: Any) -> Any:
    if given in ("", None):
        return None
    return {"True": True, "False": False}.get(given, given) if asked["kind"] == "YES_NO" else given


def asked_of(person: PersonFile) -> dict[str, Mapping[str, Any]]:
    """The questions of the rules that decided, and those of other rules that were answered with a choice, by key."""
    others = ((key, question(key, person.rule_set)) for key in person.answer_codes)
    return {
        **questions_of(person.rule_set),
        **{key: asked for key, asked in others if asked is not None},
    }


def standing_answers(person: PersonFile) -> dict[str, Any]:
    """What a form of them is filled with."""
    return {
        "asked": asked_of(person),
        "codes": person.answer_codes,
        "keys": [one.key for one in person.answers],
    }
