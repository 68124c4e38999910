"""A list that was walked on paper, typed back in one pass: one row for each number, four marks, everything in one POST."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.city import answering_city
from lianfang.command.queries.responsibility import vacant_places
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import LONGEST_SEARCH, said
from lianfang.doors.hq.referral_shown import rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.doors.typed import as_number
from lianfang.doors.words import REFERRAL_KINDS
from lianfang.kernel.clock import now
from lianfang.kernel.days import SHANGHAI, day_of
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.referrals.models import ReferralSheet
from lianfang.referrals.queries import referrals_by_id
from lianfang.referrals.services import Mark, TypedMark, type_in
from lianfang.referrals.services.sheets import A_MINUTE
from lianfang.referrals.services.writing import LONGEST_NOTE
from lianfang.referrals.sheets import sheet_of, typed_rows
from lianfang.referrals.states import ANSWERS, Kind
from lianfang.regions.queries import find, paths
from lianfang.regions.search import search

SEVERAL = 2  # more than one place of that name: which one is asked on the person's own page


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of the form: what is marked in it now, what was typed from it before, and what hinders."""

    number: int
    name: str
    state: str
    referral: Any
    before: str
    kind: str
    note: str
    to: str
    refused: str


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def type_in_sheet(request: OfficerRequest) -> HttpResponse:
    """`?number=` which list."""
    given = request.POST if request.method == "POST" else request.GET
    number = as_number(given.get("number", ""), longest=9)
    if number is None:
        return render(request, "hq/referral_type_in.html", {"sheet": None, "asked": "number" in given})
    with reach(request.reach) as seen:
        sheet = sheet_of(seen, number)
    if request.method != "POST":
        return _page(request, sheet, QueryDict())
    at = now()
    walked_at = _walked_at(given.get("time", ""), sheet)
    marks = _marks(given, sheet, at)
    missing = _missing(walked_at, marks)
    if missing or walked_at is None:
        return _page(request, sheet, given, refused=missing, status=400)
    try:
        with reach(request.reach) as by:
            done = type_in(
                by=by, at=at, sheet=sheet, walked_at=walked_at, marks=marks, city=answering_city(by)
            )
    except Refusal as refusal:
        return _page(request, sheet, given, refused=said(refusal), status=refusal.status)
    left = {one.row: said(one.refusal) for one in done if one.refusal}
    return _page(request, sheet, given, rows_refused=left, done=_told(done), status=409 if left else 200)


def _missing(walked_at: datetime | None, marks: list[Mark]) -> str:
    if walked_at is None:
        return _("请填写上门的时间，如 14:30。")
    return "" if marks else _("还没有勾选任何一行。")


def _walked_at(text: str, sheet: ReferralSheet) -> datetime | None:
    """On the day the list was printed; a time before it was printed is of the next morning."""
    try:
        hour = datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 -- a time of the day, combined with it below
    except ValueError:
        return None
    walked = datetime.combine(day_of(sheet.printed_at), hour, tzinfo=SHANGHAI)
    return walked if walked > sheet.printed_at - A_MINUTE else walked + timedelta(days=1)


def _marks(given: QueryDict, sheet: ReferralSheet, at: datetime) -> list[Mark]:
    """The rows that are marked. A place is found by its code or its name, if it is the only one."""
    marks = [
        Mark(row, kind, note=given.get(f"note-{row}", "")[:LONGEST_NOTE].strip())
        for row in range(1, len(sheet.referrals) + 1)
        if (kind := given.get(f"kind-{row}", "")) in ANSWERS
    ]
    to = {one.row: _place(given.get(f"to-{one.row}", ""), at) for one in marks if one.kind == Kind.MOVED_ON}
    vacant = vacant_places({code for code in to.values() if code}, at=at)

    def placed(one: Mark) -> Mark:
        code = to.get(one.row, "")
        return replace(one, destination=code, vacant=code in vacant)

    return [placed(one) for one in marks]


def _place(text: str, at: datetime) -> str:
    asked, day = text.strip()[:LONGEST_SEARCH], day_of(at)
    if not asked:
        return ""
    known = find(asked, day) if asked.isdigit() else None
    if known is not None:
        return known.code
    found = search(asked, day, None, limit=SEVERAL)
    return found[0].division.code if len(found) == 1 else ""


def _told(done: list[TypedMark]) -> str:
    """What became of the whole, in one sentence."""
    new = sum(one.acted is not None and not one.acted.repeated and not one.acted.late for one in done)
    late = sum(one.acted is not None and one.acted.late for one in done)
    again = sum(one.acted is not None and one.acted.repeated for one in done)
    parts = [ngettext("录入 %(n)d 行", "录入 %(n)d 行", new) % {"n": new}]
    if late:
        parts.append(_("%(n)d 行之后已有别的答复，只记下不改") % {"n": late})
    if again:
        parts.append(_("%(n)d 行早已录过") % {"n": again})
    return "，".join(parts)


def _page(
    request: OfficerRequest,
    sheet: ReferralSheet,
    given: QueryDict,
    *,
    refused: str = "",
    rows_refused: dict[int, str] | None = None,
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    at, left = now(), rows_refused or {}
    with reach(request.reach) as seen:
        known = referrals_by_id(seen, sheet.referrals)
        rows = {row.one.id: row for row in rows_of(seen, [*known.values()], at=at)}
        before = typed_rows(seen, sheet)
        list_read(seen, "referral-sheet", count=len(rows), number=sheet.number)

    def shown(number: int) -> MarkedRow:
        row = rows.get(sheet.referrals[number - 1])
        unsent = not done or number in left
        return MarkedRow(
            number=number,
            name=row.name if row else "",
            state=row.one.state if row else "",
            referral=row.one.id if row else None,
            before=before.get(number, ""),
            kind=given.get(f"kind-{number}", "") if unsent else "",
            note=given.get(f"note-{number}", "") if unsent else "",
            to=given.get(f"to-{number}", "") if unsent else "",
            refused=left.get(number, ""),
        )

    context = {
        "sheet": sheet, "rows": [shown(n) for n in range(1, len(sheet.referrals) + 1)], "refused": refused, "done": done,
        "left": len(left), "time": given.get("time", ""), "kinds": [(kind, REFERRAL_KINDS[kind]) for kind in ANSWERS],
        "place": paths([sheet.division], day_of(at)).get(sheet.division, sheet.division), "typed": len(before),
    }  # fmt: skip
    return render(request, "hq/referral_type_in.html", context, status=status)
