"""A question that phones will ask, as a form: its wording, its kind, and of a choice one line a choice."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.doors.hq.drafting.conditions import many
from lianfang.doors.hq.forms import text
from lianfang.screening.form import DIRECTIONS

Content = Mapping[str, Any]
LONGEST_CHOICES = 4_000


class QuestionForm(forms.Form):
    """`choices`: CODE 中文 | English, one a line."""

    key = forms.CharField(
        label=_("代码"), max_length=40, help_text=_("小写字母、数字、下划线，如 cold_chain"), widget=text()
    )
    kind = forms.ChoiceField(
        label=_("怎么答"),
        choices=list(words.QUESTION_KINDS.items()),
        widget=forms.Select({"class": "input", "data-question-kind": True}),
    )
    zh = forms.CharField(label=_("问题（中文）"), required=False, max_length=200, widget=text())
    en = forms.CharField(label=_("问题（英文）"), required=False, max_length=200, widget=text(lang="en"))
    choices = forms.CharField(
        label=_("选项"),
        required=False,
        max_length=LONGEST_CHOICES,
        help_text=_("一行一个：代码 中文 | English，如 SEAFOOD 海鲜 | Seafood"),
        widget=forms.Textarea({"class": "input", "rows": 4}),
    )
    directions = many(words.DIRECTIONS.items())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["directions"].label = _("什么时候问")

    def question(self) -> dict[str, Any]:
        given = self.cleaned_data
        asked = {"key": given["key"].strip(), "kind": given["kind"], "zh": given["zh"], "en": given["en"]}
        if given["kind"] == "CHOICE":
            asked["choices"] = [_choice(line) for line in given["choices"].splitlines() if line.strip()]
        return asked | {"directions": given["directions"] or list(DIRECTIONS)}


def _choice(line: str) -> dict[str, str]:
    told, _bar, en = line.partition("|")
    code, _space, zh = told.strip().partition(" ")
    return {"code": code, "zh": zh.strip(), "en": en.strip()}


def question_form(stands: Content, *, data: Any = None) -> QuestionForm:
    lines = [one for one in stands.get("choices") or [] if isinstance(one, Mapping)]
    typed = "\n".join(f"{one.get('code', '')} {one.get('zh', '')} | {one.get('en', '')}" for one in lines)
    initial = {"directions": list(DIRECTIONS), **stands, "choices": typed}
    return QuestionForm(data, initial=initial)
