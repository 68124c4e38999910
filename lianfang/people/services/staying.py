"""Who is in which household, and in what state. Every change ends a stretch and begins the next at the same moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, Hand, Reach, hand_id, hand_reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.kernel.within import within
from lianfang.people.models import Household, Person, StayInHousehold, StayState
from lianfang.people.rules import PRESENT, RELATIONS
from lianfang.people.services.keeping import forgotten, noted, own_household, own_person, require_keeping

_END = """
UPDATE stay_in_household SET until_at = %(at)s WHERE person_id = %(person)s AND household_id = %(household)s
AND until_at IS NULL RETURNING relation, from_at
"""


def join(
    *, by: Reach, at: datetime, person: UUID, household: UUID, relation: str, state: str = StayState.PRESENT
) -> None:
    """The person belongs to this household too. Whoever is present elsewhere is moved (`move`), not joined."""
    require_keeping(by)
    _require_known(relation, state)
    with reach(by) as seen:
        row, home = own_person(seen, person), own_household(seen, household)
        _begin(seen, row, home.id, home.jurisdiction, relation, state, at)
        _note(seen, Act.STAY_MARKED, row, state)


class Joining(NamedTuple):
    """Somebody who belongs to a household from now on."""

    person: UUID
    household: UUID
    relation: str
    state: str = StayState.PRESENT


def join_all(*, by: Reach, at: datetime, joining: Sequence[Joining]) -> None:
    """The same for many in one insert, for whoever has looked where they are: all of them or, where one is told already or
    present elsewhere, none.
    """
    require_keeping(by)
    with reach(by) as seen:
        homes = Household.objects.filter(within(seen), pk__in={one.household for one in joining})
        jurisdictions = dict(homes.values_list("pk", "jurisdiction"))
        stays = [
            StayInHousehold(
                id=uuid7(at=at), person_id=one.person, household_id=one.household, from_at=at,
                jurisdiction=jurisdictions[one.household], relation=one.relation, state=one.state,
                told_by=seen.officer_id,
            )
            for one in joining
        ]  # fmt: skip
        try:
            with transaction.atomic():
                StayInHousehold.objects.bulk_create(stays, batch_size=1_000)
        except IntegrityError as error:
            raise _refused(error) from None
        _open_again(one.person for one in joining)
        note(Act.STAY_MARKED, by=seen, subject="PERSON", count=len(stays))


def move(*, by: Reach, at: datetime, person: UUID, household: UUID, relation: str) -> None:
    """Out of wherever the person is present and into this household, in one transaction; the file goes along.

    Where somebody moved from he stays on the list as moved out.
    """
    require_keeping(by)
    _require_known(relation, StayState.PRESENT)
    with reach(by) as seen:
        row, home = own_person(seen, person), own_household(seen, household)
        left = StayInHousehold.objects.filter(person=row, until_at=None, state__in=PRESENT)
        for one in list(left.exclude(household=home)):
            _begin(seen, row, one.household_id, one.jurisdiction, one.relation, StayState.MOVED_OUT, at)
        _begin(seen, row, home.id, home.jurisdiction, relation, StayState.PRESENT, at)
        Person.objects.filter(pk=row.pk).update(jurisdiction=home.jurisdiction)
        note(
            Act.PERSON_MOVED, by=seen, subject=f"PERSON {person}", jurisdiction=home.jurisdiction,
            details={"household": home.code, "from": row.jurisdiction},
        )  # fmt: skip


def mark_state(*, by: Hand, at: datetime, person: UUID, household: UUID, state: str) -> bool:
    """Away, back, quarantined, in hospital, moved out: of somebody of this household, since `at`. The same again changes
    nothing. False where a grid worker tells of a moment after which something else was told.
    """
    require_keeping(by)
    _require_known("UNKNOWN", state)
    with hand_reach(by) as seen:
        if isinstance(seen, GridReach):
            home, row = own_household(seen, household), _at_the_door(person)
        else:
            row, home = own_person(seen, person), own_household(seen, household)
        stands = StayInHousehold.objects.filter(person=row, household=home, until_at=None).first()
        if stands is None:
            raise _not_of_household()
        if stands.state == state:
            return True
        late = isinstance(seen, GridReach) and stands.from_at >= at
        if not late:
            _begin(seen, row, home.id, home.jurisdiction, stands.relation, state, at)
        noted(
            seen, Act.STAY_MARKED, f"PERSON {row.pk}", jurisdiction=row.jurisdiction, state=state,
            **({"late": True} if late else {}),
        )  # fmt: skip
    return not late


def _at_the_door(id: UUID) -> Person:
    """Whose file a grid phone sees, since he lives in its grid. It changes nothing in the file, which may lie elsewhere."""
    row = Person.objects.filter(pk=id).first()
    if row is None:
        raise _not_of_household()
    if row.sealed is None:
        raise forgotten()
    return row


def _not_of_household() -> NotFound:
    return NotFound("NOT_OF_HOUSEHOLD", "此人不在这一户。", "This person does not belong to the household.")


def _begin(
    by: Hand, person: Person, household: UUID, jurisdiction: int, relation: str, state: str, at: datetime
) -> None:
    """Ends what stands in this household and begins the next stretch; the database refuses to be in two at once."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(_END, {"at": at, "person": person.pk, "household": household})
                StayInHousehold.objects.create(
                    id=uuid7(at=at), person=person, household_id=household, jurisdiction=jurisdiction,
                    relation=relation, state=state, from_at=at, told_by=hand_id(by),
                )  # fmt: skip
        except IntegrityError as error:
            raise _refused(error) from None
    if state != StayState.MOVED_OUT:
        _open_again([person.pk])


def _open_again(people: Iterable[UUID]) -> None:
    """Whoever belongs to a household is not about to be forgotten."""
    Person.objects.filter(pk__in=list(people), closed_at__isnull=False).update(closed_at=None)


def _refused(error: IntegrityError) -> Refusal:
    if "person_is_present_in_one_household_at_a_time" in str(error):
        return Refusal(
            "PRESENT_ELSEWHERE",
            "此人现在登记在另一户，请用“迁移”，或先把那一户改为外出。",
            "This person is present in another household: move him, or mark him away there first.",
            status=409,
        )
    return Refusal(
        "TOLD_EARLIER",
        "这一时刻已有另一条登记，请刷新后重试。",
        "Something else was told for this moment: reload and try again.",
        status=409,
    )


def _require_known(relation: str, state: str) -> None:
    if relation not in RELATIONS:
        raise Refusal("RELATION_UNKNOWN", "请选择与户主的关系。", "Choose the relation to the head.")
    if state not in StayState.values:
        raise Refusal("STATE_UNKNOWN", "没有这种状态。", "There is no such state.")


def _note(by: Reach, act: Act, row: Person, state: str) -> None:
    note(act, by=by, subject=f"PERSON {row.pk}", jurisdiction=row.jurisdiction, details={"state": state})
