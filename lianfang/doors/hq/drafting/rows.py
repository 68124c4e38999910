"""One row of rules as forms: name and days, conditions, the measure, and the sentence in both languages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.doors.hq.drafting.conditions import (
    ConditionForm,
    DaysField,
    begun,
    condition_form,
    fact_choices,
    many,
)
from lianfang.doors.hq.forms import text
from lianfang.doors.hq.mending.fields import date_input
from lianfang.doors.hq.rule_findings import FindingShown
from lianfang.doors.hq.rule_words import mappings
from lianfang.screening.compiling.limits import LONGEST_SENTENCE, MAX_CONDITIONS
from lianfang.screening.form import EXEMPT, PLACES

Content = Mapping[str, Any]
Names = Mapping[str, str]
PARTS = ("when", "unless")
LONGEST_NAME = 40
MOST_SENT = (
    20 * MAX_CONDITIONS
)  # read from a page: what is too many is the compiler's to say, and nothing is dropped
_HAVE_DAYS = "QUARANTINE"


def sentence(label: Any, **attrs: Any) -> forms.CharField:
    box = forms.Textarea({"class": "input", "rows": 3, **attrs})
    return forms.CharField(label=label, required=False, max_length=LONGEST_SENTENCE, widget=box)


class RuleRowForm(forms.Form):
    """What a row says besides its conditions. `was`: the name it had when the page was made."""

    was = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("编号"),
        max_length=LONGEST_NAME,
        help_text=_("字母、数字、汉字，表里不重复"),
        widget=text(),
    )
    first = forms.DateField(label=_("起"), required=False, widget=date_input())
    last = forms.DateField(label=_("止"), required=False, widget=date_input())
    kind = forms.ChoiceField(
        label=_("措施"),
        choices=[*words.MEASURES.items(), (EXEMPT, _("豁免"))],
        widget=forms.Select({"class": "input"}),
    )
    place = forms.ChoiceField(
        label=_("在哪里"),
        required=False,
        choices=[("", "—"), *((place, words.PLACES[place]) for place in reversed(PLACES))],
        widget=forms.Select({"class": "input"}),
    )
    days = DaysField()
    lifts = many(())
    zh = sentence(_("对旅客说（中文）"), **{"data-say": "zh"})
    en = sentence(_("对旅客说（英文）"), **{"data-say": "en", "lang": "en"})

    def __init__(self, *args: Any, others: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lifts: Any = self.fields["lifts"]
        lifts.choices = [(name, name) for name in others]
        lifts.label = _("豁免哪几行")
        self.fields["days"].label = _("天数")

    def row(self, when: list[dict[str, Any]], unless: list[dict[str, Any]]) -> dict[str, Any]:
        given = self.cleaned_data
        dates = {"from": given["first"], "to": given["last"]}
        return {
            "row": given["name"].strip(),
            **{name: day.isoformat() for name, day in dates.items() if day},
            "when": when,
            "unless": unless,
            "then": self._then(given),
            "say": {"zh": given["zh"].strip(), "en": given["en"].strip()},
        }

    def _then(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A measure keeps what belongs to it: place and days of quarantine, the rows of an exemption."""
        then: dict[str, Any] = {"kind": given["kind"]}
        if given["kind"] == EXEMPT:
            return then | {"lifts": given["lifts"]}
        if given["kind"] == _HAVE_DAYS:
            then |= {name: given[name] for name in ("place", "days") if given[name]}
        return then


@dataclass(frozen=True, slots=True)
class RowEditor:
    """A row being edited: `place` counts from 0."""

    place: int
    form: RuleRowForm
    when: list[ConditionForm]
    unless: list[ConditionForm]
    facts: list[tuple[str, Any]]

    @property
    def parts(self) -> list[tuple[str, Any, Any, list[ConditionForm]]]:
        return [
            ("when", _("满足全部条件"), _("没有条件，对所有人都适用。"), self.when),
            ("unless", _("除非有其中一条"), "", self.unless),
        ]

    def findings_left(self, findings: Iterable[FindingShown]) -> list[FindingShown]:
        """Each finding about a condition goes to its form; the others are left."""
        left, forms = [], {"when": self.when, "unless": self.unless}
        for finding in findings:
            part, place, *_rest = (*finding.path, "")
            conditions = forms.get(part, [])
            if place.isdecimal() and 0 < int(place) <= len(conditions):
                conditions[int(place) - 1].found.append(finding)
            else:
                left.append(finding)
        return left

    def is_valid(self) -> bool:
        """All are asked, so that all that is missing is said at once."""
        return all([form.is_valid() for form in (self.form, *self.when, *self.unless)])

    def row(self) -> dict[str, Any]:
        return self.form.row(*([form.condition() for form in forms] for forms in (self.when, self.unless)))


def row_editor(content: Content, place: int, names: Names, *, data: Any = None) -> RowEditor:
    """The row at that place; one that is no more is edited as a new one. `data`: what was sent in."""
    rows = mappings(content.get("rows"))
    row = rows[place] if place < len(rows) else {}
    others = [str(one.get("row")) for number, one in enumerate(rows) if number != place]
    form = RuleRowForm(data, initial=_initial(row), others=[name for name in others if name])
    when, unless = (_conditions(row, part, content, names, data) for part in PARTS)
    return RowEditor(place, form, when, unless, fact_choices(content))


def _initial(row: Content) -> dict[str, Any]:
    then, say = (one if isinstance(one := row.get(name), Mapping) else {} for name in ("then", "say"))
    return {
        "was": row.get("row"), "name": row.get("row"), "first": row.get("from"), "last": row.get("to"),
        "kind": then.get("kind"), "place": then.get("place"), "days": then.get("days"), "lifts": then.get("lifts"),
        "zh": say.get("zh"), "en": say.get("en"),
    }  # fmt: skip


def _conditions(row: Content, part: str, content: Content, names: Names, data: Any) -> list[ConditionForm]:
    stand = mappings(row.get(part))
    if data is not None:
        stand = [_sent(data.get(f"{part}-{n}-fact"), n, stand, content) for n in _sent_places(data, part)]
    return [
        condition_form(one, content, names, prefix=f"{part}-{n}", data=data) for n, one in enumerate(stand)
    ]


def _sent_places(data: Any, part: str) -> list[int]:
    sent = 0
    while sent < MOST_SENT and f"{part}-{sent}-fact" in data:
        sent += 1
    return list(range(sent))


def _sent(fact: str, place: int, stand: list[Content], content: Content) -> Content:
    """What stands there when it is about that fact; else a condition that somebody else's page had."""
    if place < len(stand) and stand[place].get("fact") == fact:
        return stand[place]
    return begun(fact, content) if fact in dict(fact_choices(content)) else {"fact": fact}


def new_row(content: Content) -> dict[str, Any]:
    """A row as most begin: whoever comes in is registered."""
    return {
        "row": free_name(content, "row-1"),
        "when": [{"fact": "direction", "op": "ONE_OF", "value": ["IN"]}],
        "unless": [],
        "then": {"kind": "REGISTER"},
        "say": {"zh": "", "en": ""},
    }


def free_name(content: Content, wanted: str) -> str:
    """fever → fever-2 → fever-3: a name that no row bears yet."""
    taken = {str(row.get("row")) for row in mappings(content.get("rows"))}
    stem, dash, number = wanted.rpartition("-")
    if not (dash and number.isdecimal()):
        stem, number = wanted, "1"
    counted = int(number[:4])
    while wanted in taken:
        counted += 1
        wanted = f"{stem[: LONGEST_NAME - 5]}-{counted}"
    return wanted
