"""Questions about lists on paper: those printed lately, one by its number, and what was typed from it already."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import held
from lianfang.referrals.models import ReferralEvent, ReferralSheet
from lianfang.referrals.services.sheets import act_of, unknown_sheet
from lianfang.referrals.states import ANSWERS

LISTED = 10
LATELY = timedelta(days=3)


class PrintedSheet(NamedTuple):
    """A list on paper; `typed` how many of its rows were typed back."""

    sheet: ReferralSheet
    typed: int

    @property
    def rows(self) -> int:
        return len(self.sheet.referrals)


def sheets(reach: Reach, *, division: str | None, at: datetime) -> list[PrintedSheet]:
    """The newest first, within the officer's own postings."""
    reach.require("ANSWER_REFERRALS")
    rows = ReferralSheet.objects.filter(held(reach), printed_at__gt=at - LATELY)
    if division is not None:
        lo, hi = span(division)
        rows = rows.filter(jurisdiction__gte=lo, jurisdiction__lte=hi)
    found = list(rows.order_by("-number")[:LISTED])
    done = _typed(found)
    return [PrintedSheet(sheet, len({row for row, _ in done.get(sheet.id, ())})) for sheet in found]


def sheet_of(reach: Reach, number: int) -> ReferralSheet:
    reach.require("ANSWER_REFERRALS")
    found = ReferralSheet.objects.filter(held(reach), number=number).first()
    if found is None:
        raise unknown_sheet()
    return found


def typed_rows(reach: Reach, sheet: ReferralSheet) -> Mapping[int, str]:
    """Row → the mark that was typed from it last."""
    reach.require("ANSWER_REFERRALS")
    return dict(_typed([sheet]).get(sheet.id, ()))


def _typed(found: list[ReferralSheet]) -> dict[UUID, list[tuple[int, str]]]:
    """Sheet → (row, mark) in the order they were typed: the acts whose ids are made from the sheet's."""
    asked = {
        act_of(sheet.id, row, kind): (sheet.id, row, str(kind))
        for sheet in found
        for row in range(1, len(sheet.referrals) + 1)
        for kind in ANSWERS
    }
    done: dict[UUID, list[tuple[int, str]]] = {}
    events = ReferralEvent.objects.filter(pk__in=[*asked]).order_by("received_at", "id")
    for id in events.values_list("id", flat=True):
        sheet, row, kind = asked[id]
        done.setdefault(sheet, []).append((row, kind))
    return done
