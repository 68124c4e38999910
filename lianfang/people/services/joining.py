"""Two doors that are one: joined with a trail, and parted again as merges of files are. No code is ever given again."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.audit import Act, note
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people.models import Household, HouseholdJoin, StayInHousehold
from lianfang.people.rules import PRESENT
from lianfang.people.services.keeping import given, own_household, require_keeping


class _Begun(NamedTuple):
    """A stretch that begins with a join, or with its undoing."""

    person: UUID
    home: Household
    relation: str
    state: str


def join_households(*, by: Reach, at: datetime, kept: UUID, joined: UUID, reason: str) -> UUID:
    """One door was written down twice: everybody goes on in the kept one, the other is closed. Answers the join.

    Who stands in both goes on as he is in the kept one, unless he is present in the joined one only.
    """
    require_keeping(by)
    said = given(reason)
    if kept == joined:
        raise Refusal("SAME_HOUSEHOLD", "这是同一户。", "This is one household.")
    with reach(by) as seen:
        rows = {id: own_household(seen, id) for id in sorted((kept, joined))}
        home, double = rows[kept], rows[joined]
        made = HouseholdJoin.objects.create(
            id=uuid7(at=at), kept=home, joined=double, kept_jurisdiction=home.jurisdiction,
            joined_jurisdiction=double.jurisdiction, joined_by=seen.officer_id, joined_at=at, reason=said,
        )  # fmt: skip
        there = {one.person_id: one for one in _open(home)}
        coming = [
            one for one in _open(double)
            if (stands := there.get(one.person_id)) is None
            or (one.state in PRESENT and stands.state not in PRESENT)
        ]  # fmt: skip
        ended = [*_open(double), *(there[one.person_id] for one in coming if one.person_id in there)]
        _end(ended, at)
        _begin(seen, at, (_Begun(one.person_id, home, one.relation, one.state) for one in coming))
        Household.objects.filter(pk=joined).update(closed_at=at)
        _note(seen, Act.HOUSEHOLDS_JOINED, made, home, double)
    return made.id


def part_households(*, by: Reach, at: datetime, id: UUID) -> UUID:
    """The joined door stands on its own again, with those it had, each in the state he is in now. Answers the kept one."""
    require_keeping(by)
    with reach(by) as seen:
        made = HouseholdJoin.objects.select_for_update().filter(pk=id).first()
        if made is None:
            raise NotFound("JOIN_UNKNOWN", "辖区内没有这次合并。", "There is no such joining in your area.")
        for jurisdiction in (made.kept_jurisdiction, made.joined_jurisdiction):
            seen.require_own(jurisdiction)
        _require_undoable(made)
        double = Household.objects.select_for_update().get(pk=made.joined_id)
        home = own_household(seen, made.kept_id)
        if double.sealed is None:
            raise Refusal(
                "FILE_DESTROYED", "并入的那一户已按期销毁，分不开了。", "The joined one was destroyed on schedule.", status=409
            )  # fmt: skip
        HouseholdJoin.objects.filter(pk=id).update(undone_by=seen.officer_id, undone_at=at)
        Household.objects.filter(pk=double.pk).update(closed_at=None)
        _give_back(seen, at, made, home, double)
        _note(seen, Act.HOUSEHOLDS_PARTED, made, home, double)
    return home.pk


def _require_undoable(made: HouseholdJoin) -> None:
    if made.undone_at is not None:
        raise Refusal("JOIN_UNDONE", "这次合并已经撤销。", "It was undone already.", status=409)
    if HouseholdJoin.objects.filter(joined_id=made.kept_id, undone_at=None).exists():
        raise Refusal(
            "JOINED_AGAIN", "保留的那一户后来又并入了别的户，请先撤销那一次。",
            "The kept one was joined to another since: undo that first.", status=409,
        )  # fmt: skip


def _give_back(by: Reach, at: datetime, made: HouseholdJoin, home: Household, double: Household) -> None:
    """Who came over with the join goes back as he is now; who stood in the kept one as well stays there too."""
    had = {
        one.person_id: one
        for one in StayInHousehold.objects.filter(household=double, until_at=made.joined_at)
    }
    now = {one.person_id: one for one in _open(home) if one.person_id in had}
    before = StayInHousehold.objects.filter(household=home, from_at__lt=made.joined_at).order_by("from_at")
    own = {one.person_id: one for one in before if one.until_at is None or one.until_at >= made.joined_at}
    back, ended = [], []
    for person, one in had.items():
        stands, was = now.get(person), own.get(person)
        if was is not None and was.until_at != made.joined_at:
            back.append(_Begun(person, double, one.relation, one.state))
        elif stands is not None:  # else his file was merged into another since, and goes on there
            ended.append(stands)
            back.append(_Begun(person, double, one.relation, stands.state))
            if was is not None:
                back.append(_Begun(person, home, was.relation, was.state))
    _end(ended, at)
    _begin(by, at, back)


def _open(home: Household) -> list[StayInHousehold]:
    return list(StayInHousehold.objects.filter(household=home, until_at=None).order_by("from_at", "id"))


def _end(stays: Iterable[StayInHousehold], at: datetime) -> None:
    StayInHousehold.objects.filter(pk__in=[one.pk for one in stays]).update(until_at=at)


def _begin(by: Reach, at: datetime, begun: Iterable[_Begun]) -> None:
    StayInHousehold.objects.bulk_create(
        StayInHousehold(
            id=uuid7(at=at), person_id=one.person, household=one.home, jurisdiction=one.home.jurisdiction,
            relation=one.relation, state=one.state, from_at=at, told_by=by.officer_id,
        )
        for one in begun
    )  # fmt: skip


def _note(by: Reach, act: Act, made: HouseholdJoin, home: Household, double: Household) -> None:
    note(
        act, by=by, subject=f"HOUSEHOLD {home.pk}", jurisdiction=home.jurisdiction,
        details={"join": str(made.id), "kept": home.code, "joined": double.code},
    )  # fmt: skip
