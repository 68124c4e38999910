"""What every form of a corrected field shares: a value as the contract writes it, lines of text, lists to choose from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.hq.forms import text
from lianfang.doors.words import Words

EMPTY_TAKES_AWAY = _("留空表示没有")
EMPTY_STAYS = _("不改请留空")
LONGEST = 200


def date_input() -> forms.DateInput:
    return forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d")


class Mend(forms.Form):
    """A field's new value: a box named `new`, or the boxes of a kind that says its `value()` itself."""

    @property
    def parts(self) -> "list[Mend]":
        """The forms it is made of, each with its own fields."""
        return [self]

    @property
    def kept(self) -> tuple[str, ...]:
        """Parts of the value that stay as they stand: they were shown masked, and nothing else was typed."""
        return ()

    def value(self) -> Any:
        """Asked after the form was found valid; None takes the field away."""
        return self.cleaned_data["new"] or None


def written(label: Any, **attrs: Any) -> type[Mend]:
    """A line of text."""

    class Written(Mend):
        new = forms.CharField(
            label=label, required=False, max_length=LONGEST, help_text=EMPTY_TAKES_AWAY, widget=text(**attrs)
        )

    return Written


def unmasked(stands: Any) -> Any:
    """What a box may be filled with: nothing where a number in it is masked, or the stars would be saved."""
    return "" if isinstance(stands, str) and "*" in stands else stands


def none_of_it(label: Any) -> forms.BooleanField:
    """Takes away what an empty box leaves as it is."""
    return forms.BooleanField(label=label, required=False)


def chosen(label: Any, options: Words, *, may_be_empty: bool = False) -> type[Mend]:
    """One of a closed list."""
    empty = [("", _("没有"))] if may_be_empty else []

    class Chosen(Mend):
        new = forms.ChoiceField(
            label=label,
            required=not may_be_empty,
            choices=[*options.items(), *empty],
            widget=forms.RadioSelect,
        )

    return Chosen
