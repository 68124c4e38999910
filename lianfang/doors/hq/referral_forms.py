"""Forms about somebody who is handed over. Each carries an id made with it: sent twice it is one act."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors import words
from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import derived, uuid7
from lianfang.referrals.services import ReferralNote
from lianfang.referrals.services.writing import LONGEST_ADDRESS, LONGEST_NOTE
from lianfang.referrals.states import Kind
from lianfang.regions.queries import find

ANSWERED = (Kind.ACCEPTED, Kind.ARRIVED, Kind.NOT_HERE, Kind.WRONG_ADDRESS, Kind.CALLED)
MOVED = (Kind.PLACED, Kind.MOVED_ON)
WRITTEN = (Kind.LETTER_SENT, Kind.LETTER_ANSWERED, Kind.LETTER_RETURNED)
_ORDER = tuple(Kind)
_LAST_BITS = (1 << 62) - 1  # drawn at random in either id


def act_id(form: UUID, referral: UUID, kind: str) -> UUID:
    """Two buttons of one form are two acts, the same button twice is one; another referral's are others."""
    mixed = UUID(int=form.int ^ (referral.int & _LAST_BITS))
    return derived(mixed, _ORDER.index(Kind(kind)))


class ActForm(forms.Form):
    """`id` is given anew with each page."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _("请从页面上办理。")})

    def __init__(self, data: Any = None, *, at: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"id": uuid7(at=at or now())}, **kwargs)

    def clean_id(self) -> UUID:
        """One that is made with a page: of those alone more are derived."""
        given: UUID = self.cleaned_data["id"]
        if given.version != 7:
            raise forms.ValidationError(_("请从页面上办理。"))
        return given


def _written(given: dict[str, Any]) -> ReferralNote:
    return ReferralNote(given["note"].strip(), given["address"].strip())


def _note(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("可以不写"),
        widget=text(),
    )


def _address(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("问到的地址"), required=False, max_length=LONGEST_ADDRESS, help_text=help_text, widget=text()
    )


def _kinds(kinds: tuple[Kind, ...]) -> forms.ChoiceField:
    """Chosen by the button that is pressed."""
    return forms.ChoiceField(
        choices=[(kind, words.REFERRAL_KINDS[kind]) for kind in kinds],
        error_messages={"required": _("请选择一种答复。"), "invalid_choice": _("请选择一种答复。")},
    )


class AnswerForm(ActForm):
    kind = _kinds(ANSWERED)
    note = _note(_("说明"))
    address = _address(_("地址有误、又问到了正确的，写在这里"))

    @property
    def written(self) -> ReferralNote:
        return _written(self.cleaned_data)


class MoveOnForm(ActForm, PlaceForm):
    kind = _kinds(MOVED)
    address = _address(_("那里的门牌，写了就随人转去"))
    note = _note(_("说明"))

    @property
    def written(self) -> ReferralNote:
        return _written(self.cleaned_data)


class PlacedForm(ActForm):
    """Placed by a tap. `teach`: the word of his address that the page names is from now on a name of that place."""

    destination = forms.CharField(max_length=18)
    teach = forms.BooleanField(required=False)

    def clean_destination(self) -> str:
        found = find(self.cleaned_data["destination"], day_of(now()))
        if found is None:
            raise forms.ValidationError(_("没有找到这个地名。"))
        return found.code


class WithdrawForm(ActForm):
    note = forms.CharField(
        label=_("撤销的理由"),
        max_length=LONGEST_NOTE,
        help_text=_("一句话，如 登记时选错了去处，本人未入城"),
        widget=text(),
        error_messages={"required": _("请写明撤销的理由。")},
    )

    @property
    def written(self) -> ReferralNote:
        return ReferralNote(self.cleaned_data["note"].strip())


class LetterFileForm(forms.Form):
    event = forms.UUIDField(widget=forms.HiddenInput)


class LetterForm(ActForm):
    kind = _kinds(WRITTEN)
    note = _note(_("对方单位、答复人"))

    @property
    def written(self) -> ReferralNote:
        return ReferralNote(self.cleaned_data["note"].strip())
