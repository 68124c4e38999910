"""Forms about an order. Each carries an id made with it: sent twice it is one act."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.doors.hq.referral_forms import ActForm
from lianfang.doors.quarantine_words import CARE_KINDS, ORDER_ACTS, ORDER_KINDS, REASON_KINDS
from lianfang.kernel.ids import derived
from lianfang.quarantine.rules import DAYS, LONGEST
from lianfang.quarantine.services import CareAnswers, CareTold, OrderReason, WrittenBeside
from lianfang.quarantine.services.caring import KINDS
from lianfang.quarantine.services.writing import LONGEST as LONGEST_NOTE
from lianfang.quarantine.states import Done

ANSWERED = (Done.NOTIFIED, Done.BROKEN)
CARED = (Done.IN_PLACE, Done.CARE_ANSWERED)
GIVEN = ("OFFICER", "CONTACT")  # a rule speaks for itself
_ORDER = tuple(Done)
_LAST_BITS = (1 << 62) - 1  # drawn at random in either id


def act_id(form: UUID, order: UUID, kind: str) -> UUID:
    """Two buttons of one form are two acts, the same button twice is one; another order's are others."""
    mixed = UUID(int=form.int ^ (order.int & _LAST_BITS))
    return derived(mixed, _ORDER.index(Done(kind)))


def _kinds(kinds: tuple[Done, ...]) -> forms.ChoiceField:
    """Chosen by the button that is pressed."""
    return forms.ChoiceField(
        choices=[(kind, ORDER_ACTS[kind]) for kind in kinds],
        error_messages={"required": _("请选择一种答复。"), "invalid_choice": _("请选择一种答复。")},
    )


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("说明"), required=False, max_length=LONGEST_NOTE, help_text=_("可以不写"), widget=text()
    )


class OrderAnswerForm(ActForm):
    kind = _kinds(ANSWERED)
    note = _note()

    @property
    def written(self) -> WrittenBeside:
        return WrittenBeside(self.cleaned_data["note"].strip())


class CareForm(ActForm):
    """Four questions, each yes, no, or not asked yet. What is answered yes says what is needed, and who sees to it."""

    kind = _kinds(CARED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            self.fields[f"{kind}-answer"] = forms.ChoiceField(
                label=str(CARE_KINDS[kind]), required=False, choices=[("YES", _("有")), ("NO", _("没有"))],
                widget=forms.RadioSelect,
            )  # fmt: skip
            for part, label in (
                ("need", _("需要什么")),
                ("carer", _("谁来照料")),
                ("phone", _("照料人电话")),
            ):
                self.fields[f"{kind}-{part}"] = forms.CharField(
                    label=label, required=False, max_length=40 if part == "phone" else LONGEST_NOTE, widget=text()
                )  # fmt: skip

    @property
    def questions(self) -> list[dict[str, Any]]:
        """Kind by kind, for the page."""
        return [
            {part: self[f"{kind}-{part}"] for part in ("answer", "need", "carer", "phone")} for kind in KINDS
        ]

    @property
    def given(self) -> CareAnswers:
        said = self.cleaned_data
        needed = {
            kind: CareTold(*(said[f"{kind}-{part}"].strip() for part in ("need", "carer", "phone")))
            for kind in KINDS
            if said[f"{kind}-answer"] == "YES"
        }
        return CareAnswers(needed, tuple(kind for kind in KINDS if said[f"{kind}-answer"] == "NO"))


class SettleForm(ActForm):
    care = forms.ChoiceField(choices=list(CARE_KINDS.items()), widget=forms.HiddenInput)


class FurtherReasonForm(ActForm):
    """Why somebody is under observation. `day0_on`: the day of the last contact."""

    reason = forms.ChoiceField(
        label=_("事由"), choices=[(kind, REASON_KINDS[kind]) for kind in GIVEN], initial="OFFICER",
        widget=forms.RadioSelect,
    )  # fmt: skip
    day0_on = forms.DateField(
        label=_("最后接触（到达）日期"),
        help_text=_("如 2020-02-10；这一天是第 0 天"),
        widget=text(inputmode="numeric"),
        error_messages={"required": _("请填写日期。")},
    )
    days = forms.IntegerField(
        label=_("天数"), initial=DAYS, min_value=1, max_value=LONGEST, widget=text(inputmode="numeric")
    )
    note = _note()

    @property
    def why(self) -> OrderReason:
        given = self.cleaned_data
        return OrderReason(given["reason"], given["day0_on"], given["days"])

    @property
    def written(self) -> WrittenBeside:
        return WrittenBeside(self.cleaned_data["note"].strip())


class NewOrderForm(FurtherReasonForm, PlaceForm):
    kind = forms.ChoiceField(
        label=_("在哪里隔离"), choices=list(ORDER_KINDS.items()), initial="HOME", widget=forms.RadioSelect
    )
    field_order = ("place", "kind", "reason", "day0_on", "days", "note")


class SlipForm(ActForm):
    """Who stands on the slip, in this order."""

    orders = forms.TypedMultipleChoiceField(
        coerce=UUID, error_messages={"required": _("请选择告知书上写哪些人。")}
    )

    def __init__(self, *args: Any, offered: list[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["orders"]
        field.choices = [(str(one), str(one)) for one in offered]

    @property
    def listed(self) -> list[UUID]:
        field: Any = self.fields["orders"]
        chosen = set(self.cleaned_data["orders"])
        return [UUID(one) for one, _name in field.choices if UUID(one) in chosen]
