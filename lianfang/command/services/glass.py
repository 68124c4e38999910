"""Breaking the glass: an officer looks at a place beyond his reach, for a reason and three hours, and others are told.

It is in force by the database's clock, like postings and sessions; `at` is the machine's.
"""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from lianfang.command.models import Glass, Officer, OfficerNotice, Posting
from lianfang.command.rules import RESPONSIBLE_ROLES, Responsible, told_of_glass
from lianfang.command.services.notices import tell
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import canonical, from_integer, is_code, level, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal

GLASS_BROKEN = "GLASS_BROKEN"
GLASS_LASTS = timedelta(hours=3)
MOST_AT_ONCE = 2
MOST_A_DAY = 5
SHORTEST_REASON = 10
LONGEST_REASON = 200
_NUMBER = re.compile(r"\d{11}|\d{3,4}[\s-]?\d{4}[\s-]?\d{4}")  # of a document or a telephone


@transaction.atomic
def break_glass(*, by: Reach, division: str, reason: str, at: datetime) -> Glass:
    """Opens a division for reading, and tells who answers for it in the same breath.

    A second tap answers the glass that is broken already. Nobody breaks it for a city or a province, for a place of
    another city, for what he may see anyway, or unseen by anybody.
    """
    by.require("BREAK_GLASS")
    if by.kind != "DESK":
        raise Forbidden(
            "NOT_AT_A_DESK", "只有登录的值班员可以破窗查看。", "Only an officer at a desk breaks the glass."
        )
    lo, hi = _place(division, by)
    given = _given(reason)
    Officer.objects.select_for_update(no_key=True).get(pk=by.officer_id)  # two taps take turns
    mine = Glass.objects.filter(officer=by.officer_id)
    open_now = list(mine.filter(closed_at=None, ends_at__gt=at).order_by("broken_at"))
    again = next((glass for glass in open_now if glass.lo <= lo and hi <= glass.hi), None)
    if again is not None:
        return again
    _refuse_too_many(len(open_now), mine.filter(broken_at__gt=at - timedelta(hours=24)).count())
    glass = Glass.objects.create(
        officer_id=by.officer_id, division=canonical(division), lo=lo, hi=hi, reason=given, broken_at=at,
        ends_at=at + GLASS_LASTS,
    )  # fmt: skip
    told = _told(glass, by)
    tell(told, kind=GLASS_BROKEN, about=glass.id, at=at)
    note(Act.GLASS_BROKEN, by=by, subject=_subject(glass), jurisdiction=lo, details={"told": len(told)})
    return glass


@transaction.atomic
def close_glass(*, by: Reach, id: UUID, at: datetime) -> Glass:
    """Ends it before its time: by its officer, or by one who was told of it. Ended already: nothing changes."""
    glass = Glass.objects.select_for_update().filter(pk=id).first()
    if glass is None or not (glass.officer_id == by.officer_id or _was_told(by, glass)):
        raise NotFound("GLASS_UNKNOWN", "没有这次破窗查看。", "There is no such broken glass.")
    if glass.closed_at is None and glass.ends_at > at:
        glass.closed_at, glass.closed_by = at, by.officer_id
        glass.save(update_fields=["closed_at", "closed_by"])
        note(Act.GLASS_CLOSED, by=by, subject=_subject(glass), jurisdiction=glass.lo)
    return glass


def _subject(glass: Glass) -> str:
    return f"GLASS {glass.id}"


def _place(division: str, by: Reach) -> tuple[int, int]:
    if not is_code(division):
        raise Refusal("DIVISION_UNKNOWN", "请选择要查看的地方。", "Choose the place to look at.")
    if level(division) in ("PROVINCE", "CITY"):
        raise Refusal(
            "GLASS_TOO_WIDE",
            "破窗查看最大到一个县区，不能查看全市、全省。",
            "The glass is broken for a county at most, never for a whole city or province.",
        )
    if by.covers(division):
        raise Refusal(
            "GLASS_NOT_NEEDED",
            "这里本来就在您的辖区内，直接查看就行。",
            "This lies within your own area: you may look without breaking anything.",
        )
    lo, hi = span(division)
    if from_integer(lo)[:4] not in {from_integer(first)[:4] for first, _ in by.spans}:
        raise Refusal(
            "GLASS_OTHER_CITY",
            "这里不在本市，本平台没有那里的登记。",
            "This lies in another city, whose records are not here.",
        )
    return lo, hi


def _given(reason: str) -> str:
    reason = "".join(mark for mark in reason if mark.isprintable()).strip()[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise Refusal(
            "REASON_SHORT",
            f"请写明工作上的原因，至少 {SHORTEST_REASON} 个字。",
            f"Say what the work needs it for, in {SHORTEST_REASON} characters at least.",
        )
    if _NUMBER.search(reason):
        raise Refusal(
            "REASON_PERSONAL",
            "原因里不要写证件号、电话号码。",
            "Leave numbers of documents and telephones out of the reason.",
        )
    return reason


def _refuse_too_many(open_now: int, today: int) -> None:
    if open_now >= MOST_AT_ONCE:
        raise Refusal(
            "GLASS_AT_ONCE",
            f"同时最多破窗查看 {MOST_AT_ONCE} 处，请先结束一处。",
            f"No more than {MOST_AT_ONCE} places at once: end one first.",
            status=409,
        )
    if today >= MOST_A_DAY:
        raise Refusal(
            "GLASS_TOO_OFTEN",
            f"24 小时内最多破窗查看 {MOST_A_DAY} 次，已经用完。请直接联系当地值班员或指挥部。",
            f"{MOST_A_DAY} times in 24 hours are all there are. Call the desk of that place, or headquarters.",
            status=409,
        )


def _told(glass: Glass, by: Reach) -> list[UUID]:
    in_force = Q(from_at__lte=Now()) & (Q(until_at=None) | Q(until_at__gt=Now()))
    rows = Posting.objects.filter(in_force, role__in=RESPONSIBLE_ROLES, officer__left_at=None)
    desks = [Responsible(*row) for row in rows.values_list("officer_id", "role", "lo", "hi")]
    told = told_of_glass(
        (glass.lo, glass.hi), breaker=by.officer_id, roles=by.roles, spans=by.spans, desks=desks
    )
    if not told:
        raise Refusal(
            "NOBODY_TO_TELL",
            "县区和指挥部都没有可以告知的值班员，不能破窗查看。请先联系安全管理员安排岗位。",
            "Neither the county nor headquarters has an officer who could be told: the security administrator grants postings.",
            status=409,
        )
    return told


def _was_told(by: Reach, glass: Glass) -> bool:
    told = OfficerNotice.objects.filter(officer=by.officer_id, kind=GLASS_BROKEN, about=glass.id)
    return by.may("BREAK_GLASS") and told.exists()
