"""Who sees what becomes of somebody, and until when a place reads his file: not for ever, and of a merged one the kept one."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.kernel.clock import now
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, grid_reach, reach
from lianfang.people.facts import Call, PersonTold
from lianfang.people.models import Person
from lianfang.people.queries.at_doors import people_at_doors
from lianfang.people.services import merge, open_file, undo_merge
from lianfang.referrals import queries
from lianfang.referrals.models import Referral
from lianfang.referrals.of_people import of_person
from lianfang.referrals.services import ReferralNote, answer, move_on, withdraw
from lianfang.referrals.told import told
from lianfang.referrals.who import people_of
from tests import factories
from tests.journeys.conftest import NOW, gate  # noqa: F401 -- a fixture
from tests.referrals.test_acts import Town
from tests.referrals.test_away import CITY, HOUR, NEXT_COUNTY, VILLAGE, Desks, desks, stands  # noqa: F401 -- fixtures

FURTHER = "210323102201"


def moved(by: Reach, one: Referral, to: str) -> Referral:
    with reach(by) as seen:
        move_on(by=seen, at=NOW, id=uuid7(), referral=one.id, destination=to, city=CITY)
    return Referral.objects.using("owner").get(previous_id=one.id)


def reads(by: Reach, one: Referral) -> bool:
    with reach(by):
        return Person.objects.filter(pk=one.person_id).exists()


def settled(one: Referral, at: datetime) -> None:
    Referral.objects.using("owner").filter(pk=one.id).update(settled_at=at)


def lies_in(one: Referral, division: str) -> None:
    Person.objects.using("owner").filter(pk=one.person_id).update(jurisdiction=span(division)[0])


def test_where_he_was_registered_sees_him_through_every_place_he_moves_on_to(desks: Desks) -> None:  # noqa: F811
    first = desks.referred(NEXT_COUNTY)
    second = moved(desks.next_county, first, FURTHER)
    third = moved(desks.next_county, second, NEXT_COUNTY)
    with reach(desks.next_county) as by:
        answer(
            by=by,
            at=NOW + HOUR,
            id=uuid7(),
            referral=third.id,
            kind="ARRIVED",
            written=ReferralNote(note="东门"),
        )
    with reach(desks.county) as seen:
        assert [queries.referral(seen, one.id) for one in (first, second, third)] == [
            stands(one) for one in (first, second, third)
        ]
        assert (
            queries.of_registrations(seen, [first.registration_id])[first.registration_id].state == "ARRIVED"
        )
        said = queries.history(seen, stands(third))
        assert said[-1].event.kind == "ARRIVED"
        assert said[-1].written is None
        assert {one.id for one in of_person(seen, first.person_id)} == {first.id, second.id, third.id}  # type: ignore[arg-type]
        assert len(told(seen, registrations=[first.registration_id], people=[])) == 3
    stranger = factories.officer("COUNTY_DESK", "210311")
    with reach(stranger) as seen:
        assert not Referral.objects.exists()
        assert queries.referral(seen, third.id) is None


def test_a_place_reads_the_file_while_its_referral_is_open_and_a_fortnight_longer(desks: Desks) -> None:  # noqa: F811
    first = desks.referred()
    second = moved(desks.township, first, NEXT_COUNTY)
    third = moved(desks.next_county, second, "210323102201")
    with reach(desks.next_county) as by:
        answer(by=by, at=NOW, id=uuid7(), referral=third.id, kind="ACCEPTED")
    assert reads(desks.next_county, third)
    with reach(desks.next_county) as by:
        answer(by=by, at=now(), id=uuid7(), referral=third.id, kind="ARRIVED")
    assert reads(desks.next_county, third)
    settled(third, now() - timedelta(days=13))
    assert reads(desks.next_county, third)
    for one in (second, third):
        settled(one, now() - timedelta(days=15))
    assert not reads(desks.next_county, third)
    assert reads(desks.county, third)  # where the file lies


def test_whence_somebody_moved_on_does_not_read_his_file_for_ever(desks: Desks) -> None:  # noqa: F811
    first = desks.referred()
    second = moved(desks.township, first, NEXT_COUNTY)
    lies_in(first, NEXT_COUNTY)
    assert reads(desks.township, first)  # until he is taken over there
    settled(first, now() - timedelta(days=15))
    settled(second, now() - timedelta(days=13))
    assert reads(desks.township, first)
    settled(second, now() - timedelta(days=15))
    assert not reads(desks.township, first)
    assert not reads(desks.county, first)
    with reach(desks.county) as seen:  # it sees how he stands, and not who he is
        assert people_of(seen, [stands(second)], at=NOW) == {}


def test_whoever_was_withdrawn_is_read_for_a_fortnight(desks: Desks) -> None:  # noqa: F811
    one = desks.referred(NEXT_COUNTY)
    lies_in(one, "210311")
    with reach(desks.next_county) as by:
        withdraw(by=by, at=now(), id=uuid7(), referral=one.id, written=ReferralNote(note="重复"))
    assert reads(desks.next_county, one)
    settled(one, now() - timedelta(days=15))
    assert not reads(desks.next_county, one)
    assert not reads(desks.county, one)


@pytest.fixture
def merged(desks: Desks) -> tuple[Referral, UUID, UUID]:  # noqa: F811
    """Somebody who is handed over under a file that was merged twice; the kept one lies in another township."""
    one = desks.referred()
    between, kept = (
        open_file(by=desks.county, at=NOW, call=Call("DESK", f"m{n}"), facts=PersonTold(name=name, phone="13900001111"),
                  division="210381112201").id
        for n, name in enumerate(("中间人", "留下人"))
    )  # fmt: skip
    last = merge(by=desks.county, at=NOW, kept=between, merged=one.person_id, reason="同一人")  # type: ignore[arg-type]
    merge(by=desks.county, at=NOW, kept=kept, merged=between, reason="同一人")
    return one, kept, last


def test_of_a_merged_file_the_kept_one_is_shown(desks: Desks, merged: tuple[Referral, UUID, UUID]) -> None:  # noqa: F811
    one, kept, last = merged
    for by in (desks.township, desks.county):
        with reach(by) as seen, CaptureQueriesContext(connection) as asked:
            shown = people_of(seen, [one], at=NOW)
        assert [(id, who.id, who.name) for id, who in shown.items()] == [(one.person_id, kept, "留**")]
        assert len([said for said in asked if "SELECT" in said["sql"]]) == 1
    assert not Person.objects.exists()
    with reach(desks.next_county):
        assert not Person.objects.exists()
    undo_merge(by=desks.county, at=NOW + HOUR, id=last)
    with reach(desks.township) as seen:
        assert people_of(seen, [one], at=NOW)[one.person_id].id == one.person_id  # type: ignore[index]
        assert not Person.objects.filter(pk=kept).exists()


def test_the_grids_phone_is_shown_the_kept_one_too(
    desks: Desks,  # noqa: F811
    merged: tuple[Referral, UUID, UUID],
) -> None:
    one, kept, _ = merged
    phone = Town.phone(desks, VILLAGE, at=NOW)  # type: ignore[arg-type]
    with grid_reach(phone):
        assert people_at_doors(phone, {one.person_id}, at=NOW)[one.person_id].id == kept  # type: ignore[arg-type,index]
