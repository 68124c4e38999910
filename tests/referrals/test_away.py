"""Beyond one's own area: placed elsewhere, asked of others by letter, sent back. Nobody is lost on the way."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from lianfang.journeys.referring import refer_all
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, Reach, ReadsOnly, grid_reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.referrals import queries
from lianfang.referrals.models import Referral, ReferralEvent, WaitingFact
from lianfang.referrals.services import ReferralNote, answer, move_on, place, withdraw, write_letter
from lianfang.referrals.who import people_of
from tests import factories
from tests.factories import HAICHENG, XIUYAN
from tests.journeys.conftest import NOW, TODAY, Gate, gate  # noqa: F401 -- a fixture

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CITY = "210300"
TOWNSHIP, VILLAGE, NEXT_COUNTY, BEYOND = "210381101", "210381101200", "210323101200", "210782106253"


@dataclass
class Desks:
    gate: Gate
    township: Reach
    county: Reach
    next_county: Reach

    def referred(self, destination: str = VILLAGE, **person: Any) -> Referral:
        (id,) = self.gate.register(
            {"from_code": "420100", "destination": {"code": destination}, **person}, on=TODAY - DAY
        )
        refer_all(self.gate.worker, at=NOW)
        return Referral.objects.using("owner").get(registration_id=id)


@pytest.fixture
def desks(gate: Gate) -> Desks:  # noqa: F811
    factories.checkpoint("OTHER", division=XIUYAN)  # the city has two counties with borders
    return Desks(
        gate,
        factories.officer("TOWNSHIP_DESK", TOWNSHIP),
        factories.officer("COUNTY_DESK", HAICHENG),
        factories.officer("COUNTY_DESK", XIUYAN),
    )


def stands(one: Referral) -> Referral:
    return Referral.objects.using("owner").get(pk=one.pk)


def listed(by: Reach, which: str = "UNACCEPTED", *, sent: bool = False) -> list[UUID]:
    with reach(by) as seen:
        page = queries.referrals(seen, which=which, at=NOW + HOUR, level="COUNTY", sent=sent)
    return [one.id for one in page.referrals]


def test_a_township_places_somebody_in_the_next_county_and_still_sees_him(desks: Desks) -> None:
    one = desks.referred()
    with reach(desks.township) as by:
        place(by=by, at=NOW, id=uuid7(), referral=one.id, destination=NEXT_COUNTY, city=CITY)
    now = stands(one)
    assert (now.state, now.destination, now.placed_from) == ("SENT", NEXT_COUNTY, span(VILLAGE)[0])
    assert listed(desks.next_county) == [one.id]
    assert listed(desks.township) == []
    assert listed(desks.township, sent=True) == [one.id]
    with reach(desks.township) as seen:
        assert one.person_id in people_of(seen, [now], at=NOW)
        assert [told.event.kind for told in queries.history(seen, now)] == ["SENT", "PLACED"]


def test_who_moved_on_to_the_next_county_shows_here_until_he_is_taken_over(desks: Desks) -> None:
    one = desks.referred()
    with reach(desks.township) as by:
        move_on(by=by, at=NOW, id=uuid7(), referral=one.id, destination=NEXT_COUNTY, city=CITY)
    (next_one,) = listed(desks.township, sent=True)
    made = Referral.objects.using("owner").get(pk=next_one)
    assert (made.checkpoint, made.registered_at) == (one.checkpoint, one.registered_at) != (None, None)
    with reach(desks.next_county) as by:
        answer(by=by, at=NOW, id=uuid7(), referral=next_one, kind="ACCEPTED")
    assert listed(desks.township, sent=True) == []
    assert listed(desks.township, "ACCEPTED", sent=True) == [next_one]


class TestLetters:
    def written(self, desks: Desks, one: Referral, kind: str, *, by: Reach | None = None) -> str:
        with reach(by or desks.county) as seen:
            return write_letter(by=seen, at=NOW, id=uuid7(), referral=one.id, kind=kind).state

    def test_whoever_sent_him_writes_and_notes_the_answer(self, desks: Desks) -> None:
        one = desks.referred(BEYOND)
        assert listed(desks.county, "OUTSIDE", sent=True) == [one.id]
        assert self.written(desks, one, "LETTER_SENT") == "OUTSIDE"
        assert self.written(desks, one, "LETTER_ANSWERED") == "ACCEPTED"
        assert stands(one).accepted_at == NOW
        with reach(desks.county) as seen:
            assert answer(by=seen, at=NOW, id=uuid7(), referral=one.id, kind="ARRIVED").state == "ARRIVED"
        places = ReferralEvent.objects.using("owner").filter(officer_id__isnull=False)
        assert set(places.values_list("jurisdiction", flat=True)) == {one.origin}

    def test_sent_back_he_is_the_senders_to_place_again(self, desks: Desks) -> None:
        one = desks.referred(BEYOND)
        self.written(desks, one, "LETTER_SENT")
        assert self.written(desks, one, "LETTER_RETURNED") == "SENT"
        now = stands(one)
        assert (now.jurisdiction, now.outside, now.destination) == (one.origin, False, HAICHENG)
        assert now.due_at > NOW
        assert listed(desks.county) == [one.id]

    def test_the_sender_places_and_withdraws_too(self, desks: Desks) -> None:
        one, other = desks.referred(BEYOND), desks.referred(BEYOND)
        with reach(desks.county) as by:
            place(by=by, at=NOW, id=uuid7(), referral=one.id, destination=VILLAGE, city=CITY)
            withdraw(by=by, at=NOW, id=uuid7(), referral=other.id, written=ReferralNote(note="没有进城"))
        assert (stands(one).state, stands(one).jurisdiction) == ("SENT", span(VILLAGE)[0])
        assert stands(other).state == "WITHDRAWN"

    def test_nobody_else_does(self, desks: Desks) -> None:
        one = desks.referred(BEYOND)
        for by in (desks.next_county, desks.township):
            with pytest.raises(NotFound):
                self.written(desks, one, "LETTER_SENT", by=by)

    def test_the_same_letter_again_is_one(self, desks: Desks) -> None:
        one, id = desks.referred(BEYOND), uuid7()
        with reach(desks.county) as by:
            first, again = (
                write_letter(by=by, at=NOW, id=id, referral=one.id, kind="LETTER_SENT") for _ in "12"
            )
        assert (first.repeated, again.repeated) == (False, True)

    def test_within_the_city_no_letter_is_written(self, desks: Desks) -> None:
        one = desks.referred()
        with pytest.raises(Refusal, match="REFERRAL_STATE"):
            self.written(desks, one, "LETTER_SENT", by=desks.township)

    def test_fever_headed_beyond_waits_where_he_was_registered(self, desks: Desks) -> None:
        one = desks.referred(BEYOND, temperatures=[{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}])
        assert WaitingFact.objects.using("owner").get().jurisdiction == one.origin


def test_through_broken_glass_nothing_is_answered(desks: Desks) -> None:
    one = desks.referred()
    seen = Reach(**{
        **{name: getattr(desks.next_county, name) for name in Reach.__dataclass_fields__},
        "session": desks.county.session, "glass": (span(HAICHENG),),
    })  # fmt: skip
    with pytest.raises(ReadsOnly), reach(seen) as by:
        answer(by=by, at=NOW, id=uuid7(), referral=one.id, kind="ACCEPTED")


def test_a_connection_that_served_a_phone_serves_a_desk_afterwards(desks: Desks) -> None:
    """What was set for one transaction only is an empty text in the next, which PostgreSQL reads when it plans anew."""
    connection.close()
    with grid_reach(GridReach(uuid7(), b"0" * 32, 1, 2, NOW)):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT isempty(lianfang_roster_reach())")
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(("destination", "state"), [(NEXT_COUNTY, "SENT"), (BEYOND, "OUTSIDE")])
def test_the_next_county_is_asked_by_letter_only_where_nobody_has_a_desk(
    gate: Gate,  # noqa: F811
    destination: str,
    state: str,
) -> None:
    """All checkpoints lie in one county, as in a county-level city; whoever has a desk here needs no letter."""
    factories.officer("TOWNSHIP_DESK", "210323101")
    (id,) = gate.register({"from_code": "420100", "destination": {"code": destination}}, on=TODAY - DAY)
    refer_all(gate.worker, at=NOW)
    assert Referral.objects.using("owner").get(registration_id=id).state == state
