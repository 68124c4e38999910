"""What every act on a file asks first: who may, and which row, held until the transaction ends."""

from uuid import UUID

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import GridReach, Hand, Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.kernel.within import within
from lianfang.people.models import Household, Person, PersonMerge, StayInHousehold, StayState
from lianfang.people.opening import FileState, open_person

LONGEST_REASON = 200


def require_keeping(by: Hand) -> None:
    """Officers who keep people; the background program, for what a room above decided; and for the few acts that take one a
    grid worker's phone, which PostgreSQL keeps to its own grid.
    """
    if isinstance(by, Reach) and by.kind != "WORK":
        by.require("KEEP_PEOPLE")


def own_person(by: Reach, id: UUID) -> Person:
    """The file within the officer's own area, locked. What was merged or forgotten is not kept any more."""
    row = Person.objects.select_for_update().filter(within(by), pk=id).first()
    if row is None:
        raise NotFound("FILE_UNKNOWN", "辖区内没有这份档案。", "There is no such file in your area.")
    by.require_own(row.jurisdiction)
    if row.sealed is None or open_person(row).state != FileState.OPEN:
        raise forgotten()
    if PersonMerge.objects.filter(merged=row, undone_at=None).exists():
        raise Refusal(
            "FILE_MERGED",
            "这份档案已并入另一份，请在保留的那份上办理。",
            "This file was merged into another: act on the one that was kept.",
            status=409,
        )
    return row


def forgotten() -> Refusal:
    return Refusal(
        "FILE_DESTROYED", "这份档案已按期销毁。", "This file was destroyed on schedule.", status=409
    )


def own_household(by: Hand, id: UUID) -> Household:
    row = Household.objects.select_for_update().filter(within(by), pk=id).first()
    if row is None:
        raise NotFound("HOUSEHOLD_UNKNOWN", "辖区内没有这一户。", "There is no such household in your area.")
    if isinstance(by, Reach):
        by.require_own(row.jurisdiction)
    if row.closed_at is not None:
        raise Refusal("HOUSEHOLD_CLOSED", "这一户已经注销。", "This household was closed.", status=409)
    return row


def lived_in(row: Person) -> bool:
    """Whether the person belongs to a household, at home or away."""
    stays = StayInHousehold.objects.filter(person=row, until_at=None, household__closed_at=None)
    return stays.exclude(state=StayState.MOVED_OUT).exists()


def given(reason: str) -> str:
    """On one line, without characters nobody sees."""
    said = "".join(mark for mark in reason if mark.isprintable()).strip()
    if not said:
        raise Refusal("REASON_MISSING", "请写明原因。", "Say why.")
    return said[:LONGEST_REASON]


def noted(by: Hand, act: Act, subject: str, *, jurisdiction: int, **details: object) -> None:
    """An act of an officer, or of a grid worker, whose phone is named."""
    if isinstance(by, GridReach):
        note(
            act,
            by=None,
            subject=subject,
            jurisdiction=jurisdiction,
            details={**details, "roster": str(by.roster_id)},
        )
    else:
        note(act, by=by, subject=subject, jurisdiction=jurisdiction, details=details)
