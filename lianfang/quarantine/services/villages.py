"""A village's voluntary check-in: opening it with a poster, printing a new poster, closing it, forgetting what was said.

It asks for no document and no name, is kept for fourteen days, and comes to figures alone.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import as_integer, canonical, is_code, level
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.kernel.tokens import hashed, new_token
from lianfang.quarantine.models import VillageCheckIn

LONGEST = timedelta(days=30)


@transaction.atomic
def open_village_check_in(*, by: Reach, at: datetime, division: str, lasts: timedelta) -> str:
    """The token of the poster, answered here, once, and kept as a hash. Again, it ends the poster before."""
    by.require("KEEP_QUARANTINE")
    if not is_code(division) or level(division) != "VILLAGE":
        raise Refusal("VILLAGE_UNKNOWN", "请选择一个村或社区。", "Choose a village or a community.")
    by.require_cover(division)
    if not timedelta(0) < lasts <= LONGEST:
        raise Refusal(
            "VILLAGE_LASTS",
            f"自愿打卡一次最长开 {LONGEST.days} 天。",
            f"A voluntary check-in lasts for {LONGEST.days} days at most.",
        )
    token = new_token("v")
    with reach(by):
        made = VillageCheckIn(
            division=canonical(division), jurisdiction=as_integer(division), token_hash=hashed(token),
            opened_by=by.officer_id, opened_at=at, until=at + lasts,
        )  # fmt: skip
        _hung_up(made)
        note(
            Act.VILLAGE_CHECK_IN_OPENED,
            by=by,
            subject=_subject(made.id),
            jurisdiction=made.jurisdiction,
            details={"division": made.division, "until": made.until.isoformat()},
        )
    return token


def close_village_check_in(*, by: Reach, at: datetime, id: UUID) -> VillageCheckIn:
    """The poster is good no more, from the next report on. Again: nothing changes."""
    by.require("KEEP_QUARANTINE")
    with reach(by):
        found = VillageCheckIn.objects.filter(pk=id).first()
        if found is None:
            raise NotFound(
                "VILLAGE_CHECK_IN_UNKNOWN",
                "辖区内没有这项自愿打卡。",
                "There is no such check-in in your area.",
            )
        by.require_own(found.jurisdiction)
        if VillageCheckIn.objects.filter(pk=id, closed_at=None).update(closed_at=at):
            note(
                Act.VILLAGE_CHECK_IN_CLOSED,
                by=by,
                subject=_subject(id),
                jurisdiction=found.jurisdiction,
                details={"division": found.division},
            )
        return found


def forget_village_reports(worker: Reach, *, at: datetime) -> int:
    """What was said fourteen days ago and is held no longer. Nobody is in it, so nobody signs."""
    with reach(worker), connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_forget_village_reports(%s)", [day_of(at)])
        (gone,) = cursor.fetchone()
        return int(gone)


def _hung_up(made: VillageCheckIn) -> None:
    """In the place of the poster that hangs there, if one does. Two officers at once: the second one is told."""
    VillageCheckIn.objects.filter(division=made.division, closed_at=None).update(closed_at=made.opened_at)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(
            "VILLAGE_JUST_OPENED",
            "刚刚有人给这个村出了海报，请刷新后再看。",
            "Somebody has just made a poster for this village: reload and look again.",
            status=409,
        ) from error


def _subject(id: UUID) -> str:
    return f"VILLAGE_CHECK_IN {id}"
