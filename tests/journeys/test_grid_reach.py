"""What PostgreSQL lets a grid worker's phone see and change: its own grid, while its token is good, and in its own name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from lianfang.command.models import RosterAnswer, RosterToken
from lianfang.journeys.grid_doors import hand_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, grid_reach
from lianfang.kernel.tokens import hashed
from lianfang.people.models import Household, Person, StayInHousehold
from lianfang.referrals.models import Referral, ReferralEvent
from tests.doors.desk import city
from tests.doors.doorstep import Doorstep, answer, enrolled, handed, step
from tests.doors.handed import NEXT_COUNTY, OTHER_VILLAGE, VILLAGE

__all__ = ["city", "handed", "step"]

SEEN = (Referral, ReferralEvent, Person, Household, StayInHousehold, RosterAnswer)
DAY = timedelta(days=1)
ASKED = "SELECT count(*) FROM lianfang_roster_records(%s, '{}')"


@dataclass
class Behind:
    """A resident behind a door of the village, and somebody handed over to it who answered once."""

    step: Doorstep
    home: Household
    person: UUID
    referral: Referral

    @property
    def hand(self) -> GridReach:
        return hand_of(self.step.phone, datetime.now(UTC))


@pytest.fixture
def behind(step: Doorstep) -> Behind:
    (referral,) = step.over()
    person = step.resident()
    (home,) = step.home(people=[person])
    step.send(answer(referral, "ACCEPTED"))
    return Behind(step, home, person, referral)


def of(token: str, division: str) -> GridReach:
    phone = RosterToken.objects.get(token_hash=hashed(token))
    assert phone.division == division
    return hand_of(phone, datetime.now(UTC))


def neighbour(behind: Behind) -> GridReach:
    return of(enrolled(behind.step.keeper.officer_id, OTHER_VILLAGE)[0], OTHER_VILLAGE)


def next_county(behind: Behind) -> GridReach:
    return of(enrolled(behind.step.keeper.officer_id, f"{NEXT_COUNTY}101201")[0], f"{NEXT_COUNTY}101201")


def expired(behind: Behind) -> GridReach:
    RosterToken.objects.update(expires_at=datetime.now(UTC) - DAY)
    return behind.hand


def revoked(behind: Behind) -> GridReach:
    RosterToken.objects.update(revoked_at=datetime.now(UTC))
    return behind.hand


def made_up(behind: Behind) -> GridReach:
    return GridReach(
        behind.step.phone.id, hashed("roster_made_up"), behind.hand.lo, behind.hand.hi, datetime.now(UTC)
    )


STRANGERS = [neighbour, next_county, expired, revoked, made_up]


class TestSeeing:
    def test_its_own_grid(self, behind: Behind) -> None:
        with grid_reach(behind.hand):
            assert Referral.objects.get().id == behind.referral.id
            assert {row.id for row in Person.objects.all()} == {behind.person, behind.referral.person_id}
            assert Household.objects.get().id == behind.home.id
            assert StayInHousehold.objects.get().person_id == behind.person
            assert RosterAnswer.objects.count() == 1
            assert asked(behind) == 1

    @pytest.mark.parametrize("stranger", STRANGERS)
    def test_nothing_for_whoever_has_no_good_token_of_it(
        self, behind: Behind, stranger: Callable[[Behind], GridReach]
    ) -> None:
        with grid_reach(stranger(behind)):
            assert {table.__name__: table.objects.count() for table in SEEN} == {
                table.__name__: 0 for table in SEEN
            }
            assert asked(behind) == 0
            assert had(behind) is None

    @pytest.mark.parametrize(
        "setting",
        [("", ""), ("zz", "x"), ("00", "2020-02-20"), ("00" * 32, "infinity"), ("' OR true --", "now")],
    )
    def test_a_forged_setting_shows_nothing(self, behind: Behind, setting: tuple[str, str]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lianfang.roster', %s, true), set_config('lianfang.roster_at', %s, true)",
                setting,
            )
            for table in SEEN:
                try:
                    with transaction.atomic():
                        assert table.objects.count() == 0
                except DatabaseError:
                    continue  # a setting that is none at all ends in an error, which shows nothing either

    def test_without_any_setting_nothing(self, behind: Behind) -> None:
        assert [table.objects.count() for table in SEEN] == [0] * len(SEEN)

    def test_somebody_who_moved_out_is_not_read_any_more(self, behind: Behind) -> None:
        StayInHousehold.objects.using("owner").update(until_at=datetime.now(UTC) + DAY)
        with grid_reach(behind.hand):
            assert not Person.objects.filter(pk=behind.person).exists()


class TestChanging:
    def verify(self, behind: Behind, by: UUID) -> int:
        return Household.objects.filter(pk=behind.home.id).update(
            verified_on=datetime.now(UTC).date(), verified_by=by
        )

    def mark(
        self, behind: Behind, by: UUID, *, household: UUID | None = None, jurisdiction: int | None = None
    ) -> None:
        StayInHousehold.objects.create(
            id=uuid7(), person_id=behind.person, household_id=household or behind.home.id, told_by=by, relation="HEAD",
            jurisdiction=jurisdiction or behind.home.jurisdiction, state="AWAY", from_at=datetime.now(UTC) + DAY,
        )  # fmt: skip

    def test_in_its_own_name_a_door_and_a_stay(self, behind: Behind) -> None:
        with grid_reach(behind.hand) as phone:
            assert self.verify(behind, phone.roster_id) == 1
            assert StayInHousehold.objects.update(until_at=datetime.now(UTC) + DAY) == 1
            self.mark(behind, phone.roster_id)

    @pytest.mark.parametrize("stranger", STRANGERS)
    def test_nothing_for_whoever_has_no_good_token_of_it(
        self, behind: Behind, stranger: Callable[[Behind], GridReach]
    ) -> None:
        with grid_reach(stranger(behind)) as phone:
            assert self.verify(behind, phone.roster_id) == 0
            assert StayInHousehold.objects.update(until_at=datetime.now(UTC)) == 0
            refused(lambda: self.mark(behind, phone.roster_id))
            refused(lambda: kept(phone))

    def test_not_in_another_s_name(self, behind: Behind) -> None:
        with grid_reach(behind.hand):
            StayInHousehold.objects.update(until_at=datetime.now(UTC) + DAY)
            refused(lambda: self.verify(behind, uuid4()))
            refused(lambda: self.mark(behind, behind.step.keeper.officer_id))
            refused(lambda: kept(behind.hand, by=uuid4()))

    def test_no_door_is_closed_and_no_file_changed(self, behind: Behind) -> None:
        now = datetime.now(UTC)
        with grid_reach(behind.hand) as phone:
            changes = {"verified_on": now.date(), "verified_by": phone.roster_id, "closed_at": now}
            refused(lambda: Household.objects.update(**changes))
            assert Person.objects.update(closed_at=now) == 0
            assert Referral.objects.filter(destination=OTHER_VILLAGE).update(state="ARRIVED") == 0

    def test_nobody_is_put_into_a_household_of_another_grid(self, behind: Behind) -> None:
        (elsewhere,) = behind.step.home(division=OTHER_VILLAGE)
        with grid_reach(behind.hand) as phone:
            refused(lambda: self.mark(behind, phone.roster_id, household=elsewhere.id))
            refused(
                lambda: self.mark(
                    behind, phone.roster_id, household=elsewhere.id, jurisdiction=elsewhere.jurisdiction
                )
            )


def refused(doing: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        doing()


def kept(phone: GridReach, *, by: UUID | None = None) -> None:
    village = RosterToken.objects.get(division=VILLAGE)
    now = datetime.now(UTC)
    RosterAnswer.objects.create(
        id=uuid7(), roster_id=by or phone.roster_id, jurisdiction=village.lo, digest=b"x", about=uuid7(), occurred_at=now,
        received_at=now, late=False, code="",
    )  # fmt: skip


def asked(behind: Behind) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [[behind.referral.id]])
        return int(cursor.fetchone()[0])


def had(behind: Behind) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_roster_had(%s, now())", [behind.referral.id])
        (state,) = cursor.fetchone()
        return None if state is None else str(state)
