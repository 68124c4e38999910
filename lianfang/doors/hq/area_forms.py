"""Forms of the affected areas of a draft: one by its name, many as they are pasted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.doors.typed import FIRST_YEAR, LAST_YEAR
from lianfang.kernel.divisions import prefix
from lianfang.screening.areas import AffectedArea, areas_of, dated, overlaps
from lianfang.screening.areas.pasting import LONGEST, Pasted
from lianfang.screening.compiling.limits import LONGEST_SOURCE

NONE = "NONE"  # chosen where a place is meant to be left out


class DatesForm(forms.Form):
    """What an area has besides its place."""

    level = forms.ChoiceField(
        label=_("级别"), choices=list(words.AREA_LEVELS.items()), initial="HIGH", widget=forms.RadioSelect
    )
    since = forms.DateField(
        label=_("从"),
        required=False,
        widget=forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("到（含）"),
        required=False,
        help_text=_("最长 30 天，到期可以续。两个日期都不填，就和整套规则一起有效。"),
        widget=forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(
        label=_("依据"),
        required=False,
        max_length=LONGEST_SOURCE,
        help_text=_("哪个机关、哪天、哪份通告"),
        widget=text(),
    )

    def clean_since(self) -> date | None:
        return within_reason(self.cleaned_data["since"])

    def clean_until(self) -> date | None:
        return within_reason(self.cleaned_data["until"])

    def area(
        self, code: str, *, level: str = "", since: date | None = None, until: date | None = None
    ) -> AffectedArea:
        """What is not said of this place is as the form says; days count as said as soon as one of them is."""
        given = self.cleaned_data
        days = (since, until) if since or until else (given["since"], given["until"])
        return AffectedArea(prefix(code), level or given["level"], *dated(*days), given["source"].strip())


class AreaForm(PlaceForm, DatesForm):
    """One area, found by its name or code; of several of that name one is chosen."""


class PasteForm(DatesForm):
    pasted = forms.CharField(
        label=_("名单"),
        max_length=LONGEST,
        help_text=_(
            "从通告、短信、表格里粘贴：地名或代码，一行一个或用顿号隔开；可以带级别（高、中、低）和日期。"
        ),
        widget=forms.Textarea({"class": "input", "rows": 6}),
    )


@dataclass(frozen=True, slots=True)
class PastedShown:
    """A place of the list as it was read, and what becomes of it. `field` is the name of its choice."""

    field: str
    read: Pasted
    choices: Sequence[tuple[str, str]]  # (code, path)
    area: AffectedArea | None  # as it would be added, where the place is known
    is_known: bool  # the draft has it on some of these days
    taken: str  # the code that is chosen; NONE, or "" where nobody chose yet

    @property
    def state(self) -> str:
        if not self.choices:
            return "NOT_FOUND"
        return "READ" if len(self.choices) == 1 else "AMBIGUOUS"


def pasted_shown(
    found: Sequence[Pasted], form: PasteForm, *, content: Mapping[str, Any], paths: Mapping[str, str], posted: Mapping[str, Any]
) -> list[PastedShown]:  # fmt: skip
    """Each place with what was chosen for it; before anybody could choose, those that are plain and new are."""
    return [_shown(n, one, form, areas_of(content), paths, posted) for n, one in enumerate(found)]


def _shown(
    n: int, read: Pasted, form: PasteForm, held: Sequence[AffectedArea], paths: Mapping[str, str], posted: Mapping[str, Any]
) -> PastedShown:  # fmt: skip
    field = f"take-{n}"
    chosen = str(posted.get(field, ""))
    code = read.codes[0] if len(read.codes) == 1 else chosen if chosen in read.codes else ""
    area = form.area(code, level=read.level, since=read.since, until=read.until) if code else None
    is_known = area is not None and _is_held(area, held)
    if "add" not in posted:
        chosen = code if area is not None and not is_known else ""
    elif len(read.codes) == 1 and not chosen:
        chosen = NONE
    choices = [(one, paths.get(one, one)) for one in read.codes]
    return PastedShown(field, read, choices, area, is_known, chosen if chosen in (*read.codes, NONE) else "")


def _is_held(area: AffectedArea, held: Sequence[AffectedArea]) -> bool:
    same = [one for one in held if one.code == area.code and one.level == area.level]
    return len(same) in overlaps([*same, area])


def within_reason(day: date | None) -> date | None:
    """Refuses days of another age: nothing is reckoned from them."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("这个日期太远了。"))
    return day
