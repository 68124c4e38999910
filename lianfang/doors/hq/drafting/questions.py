"""A question that phones will ask, as a form: its wording, its kind, and of a choice one line a choice.

Whoever writes an order at 18:00 thinks of words. Keys and codes that are left out are made here, and then stay.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import count
from string import ascii_uppercase
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.doors.hq.drafting.conditions import many
from lianfang.doors.hq.forms import text
from lianfang.doors.hq.rule_words import mappings
from lianfang.screening.compiling.limits import LONGEST_QUESTION, is_choice
from lianfang.screening.form import DIRECTIONS

Content = Mapping[str, Any]
LONGEST_CHOICES = 4_000


class QuestionForm(forms.Form):
    """`choices`: 中文 | English, one a line, before it a code where there is one."""

    key = forms.CharField(
        label=_("代码"),
        required=False,
        max_length=40,
        help_text=_("不填就自动编，如 q1；要自己编，用小写字母、数字、下划线"),
        widget=text(),
    )
    kind = forms.ChoiceField(
        label=_("怎么答"),
        choices=list(words.QUESTION_KINDS.items()),
        widget=forms.Select({"class": "input", "data-question-kind": True}),
    )
    zh = forms.CharField(label=_("问题（中文）"), required=False, max_length=LONGEST_QUESTION, widget=text())
    en = forms.CharField(
        label=_("问题（英文）"), required=False, max_length=LONGEST_QUESTION, widget=text(lang="en")
    )
    choices = forms.CharField(
        label=_("选项"),
        required=False,
        max_length=LONGEST_CHOICES,
        help_text=_(
            "一行一个：中文 | English，如 海鲜 | Seafood。前面的大写代码不用自己写，已经有的请留着。"
        ),
        widget=forms.Textarea({"class": "input", "rows": 4}),
    )
    directions = many(words.DIRECTIONS.items())

    def __init__(self, *args: Any, taken: Iterable[str], **kwargs: Any) -> None:
        """`taken`: the keys of the other questions."""
        super().__init__(*args, **kwargs)
        self.taken = set(taken)
        self.fields["directions"].label = _("什么时候问")

    def question(self) -> dict[str, Any]:
        given = self.cleaned_data
        key = given["key"].strip() or _free((f"q{n}" for n in count(1)), self.taken)
        asked = {"key": key, "kind": given["kind"], "zh": given["zh"], "en": given["en"]}
        if given["kind"] == "CHOICE":
            asked["choices"] = _choices(given["choices"])
        return asked | {"directions": given["directions"] or list(DIRECTIONS)}


def _free(names: Iterable[str], taken: Collection[str]) -> str:
    return next(name for name in names if name not in taken)


def _choices(typed: str) -> list[dict[str, str]]:
    """海鲜 | Seafood gets the first free of A, B, C …; SEAFOOD 海鲜 | Seafood keeps its own."""
    lines = [_choice(line) for line in typed.splitlines() if line.strip()]
    taken = {one["code"] for one in lines}
    for one in lines:
        if not one["code"]:
            one["code"] = _free((*ascii_uppercase, *(f"Z{n}" for n in range(len(lines) + 1))), taken)
            taken.add(one["code"])
    return lines


def _choice(line: str) -> dict[str, str]:
    told, _bar, en = line.partition("|")
    code, _space, zh = told.strip().partition(" ")
    if not (is_choice(code) and zh):
        code, zh = "", told
    return {"code": code, "zh": zh.strip(), "en": en.strip()}


def question_form(stands: Content, *, taken: Iterable[str], data: Any = None) -> QuestionForm:
    typed = "\n".join(
        f"{one.get('code', '')} {one.get('zh', '')} | {one.get('en', '')}"
        for one in mappings(stands.get("choices"))
    )
    initial = {"directions": list(DIRECTIONS), **stands, "choices": typed}
    return QuestionForm(data, initial=initial, taken=taken)
