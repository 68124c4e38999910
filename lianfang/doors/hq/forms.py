"""Forms of the desk. Numbers and names travel in the body of a POST, never in an address."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import children, find, path
from lianfang.regions.search import Found, search
from lianfang.screening.compiling import Finding

LISTED = 8
LONGEST_SEARCH = 60


def text(**attrs: Any) -> forms.TextInput:
    return forms.TextInput({"class": "input", "autocomplete": "off", **attrs})


def said(refusal: Refusal | Finding) -> str:
    """A refusal, or what the compiler found, in the reader's language."""
    return refusal.en if (get_language() or "").startswith("en") else refusal.zh


class PlaceForm(forms.Form):
    """A division, searched by name or code: what is found stands below the box, one of it is chosen."""

    needed = True
    place = forms.CharField(label=_("地名"), required=False, max_length=LONGEST_SEARCH, widget=text())
    division = forms.CharField(required=False, max_length=18)

    def __init__(self, *args: Any, under: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.under = under
        self.today = day_of(now())
        self.found: list[Found] = self._first_choices()

    def _first_choices(self) -> list[Found]:
        """What is chosen already; where the area is a township, its villages without a search."""
        now_chosen = find(self.initial["division"], self.today) if self.initial.get("division") else None
        if now_chosen is not None:
            return [Found(now_chosen, path(now_chosen.code, self.today), None, None)]
        if self.under is None or len(self.under) < 9:
            return []
        own = find(self.under, self.today)
        near = [*([own] if own else []), *children(self.under, self.today)]
        return [Found(division, division.short_name, None, None) for division in near]

    @property
    def into(self) -> str:
        return f"found-{self.prefix or 'place'}"

    @property
    def chosen(self) -> str:
        given = self.data.get(self.add_prefix("division"), self.initial.get("division"))
        return str(given or "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        place, code = cleaned.get("place", ""), cleaned.get("division", "")
        self.found = search(place, self.today, self.under, limit=LISTED) if place else self.found
        known = find(code, self.today) if code.isdigit() else None
        if known is not None:
            cleaned["division"] = known.code
        elif len(self.found) == 1 and place:
            cleaned["division"] = self.found[0].division.code
        elif self.needed or place:
            self.add_error("place", _("请在找到的地名里选一个。") if self.found else _("没有找到这个地名。"))
        return cleaned


class SearchForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("按什么查"),
        choices=[("PLATE", _("车牌")), ("DOCUMENT", _("证件号")), ("PHONE", _("电话"))],
        initial="PLATE",
        widget=forms.RadioSelect,
    )
    value = forms.CharField(
        label=_("号码"),
        max_length=60,
        help_text=_("要输全，空格、横线、大小写不影响"),
        widget=text(autofocus=True, **{"data-search": True}),
    )
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)


class InviteForm(forms.Form):
    checkpoint = forms.ChoiceField(label=_("卡口或卡点"), widget=forms.Select({"class": "input"}))

    def __init__(self, *args: Any, checkpoints: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["checkpoint"]
        field.choices = [(post.code, f"{post.name}（{post.code}）") for post in checkpoints]


class WipeForm(forms.Form):
    """What a phone that erases itself does with records it has not sent. `sure`: asked once more, and meant."""

    outbox = forms.ChoiceField(
        label=_("未发的记录"),
        choices=list(words.OUTBOXES.items()),
        initial="KEEP",
        help_text=_("未发的记录是加密的，拿到手机的人也打不开。留着，发完才清。"),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("原因"),
        required=False,
        max_length=200,
        help_text=_("连未发记录一起清除时必须写，如 手机被盗，记录已在纸上补齐"),
        widget=text(),
    )
    sure = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outbox") == "DROP" and not cleaned.get("reason"):
            self.add_error("reason", _("连未发记录一起清除，要写明原因。"))
        return cleaned


class PostForm(PlaceForm):
    name = forms.CharField(
        label=_("卡点名称"), max_length=60, help_text=_("如 全善堡村东口"), widget=text(autofocus=True)
    )
    kind = forms.ChoiceField(
        label=_("种类"),
        choices=[
            (kind, words.KINDS[kind]) for kind in ("VILLAGE", "QUARTER_GATE", "CROSSING", "ROAD", "STATION")
        ],
        initial="VILLAGE",
        widget=forms.RadioSelect,
    )
