"""Acts on referrals: by a desk and by a grid's phone, once each, within their own area and nowhere else."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from lianfang.command.models import RosterToken
from lianfang.command.services import worker_session
from lianfang.journeys.referring import refer_all
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, Reach, grid_reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.kernel.tokens import hashed
from lianfang.machine.postgres import Database
from lianfang.people.models import Person
from lianfang.referrals import services
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.queries import counted, history, referrals
from lianfang.referrals.services import ReferralNote
from tests import factories
from tests.factories import Generated, Intake

NOW = datetime(2020, 2, 20, 12, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
VILLAGE, GRID, NEXT = "210381101200", "210381101200001", "210381112201"
XIUYAN = "210323100"
ANSHAN = "210300"


class Town:
    """Two checkpoints, so that there is a city; one family headed for a village; its township and the next county."""

    def __init__(self, database: Database) -> None:
        self.database = database
        long_ago = NOW - timedelta(days=60)
        factories.checkpoint("GATE", at=long_ago)
        factories.checkpoint("OTHER", division="210323", at=long_ago)
        self.device = factories.device("GATE", at=long_ago)
        self.worker = worker_session()
        self.township = factories.officer("TOWNSHIP_DESK", VILLAGE[:9], name="西柳")
        self.county = factories.officer("COUNTY_DESK", "210381", name="海城")
        self.stranger = factories.officer("COUNTY_DESK", "210323", name="岫岩")
        self.lead = factories.officer("CHECKPOINT_LEAD", "210381", name="卡口")
        self.seed = 0

    def refer(self, **person: Any) -> Referral:
        self.seed += 1
        made = Generated(self.seed, at=NOW - 2 * HOUR)
        given: dict[str, Any] = {"from_code": "420100", "destination": {"code": VILLAGE, "address": "东区"}}
        passage = made.passage(people=[made.person(**given | person)])
        Intake(self.database, self.device, received_at=NOW - 2 * HOUR).send(made.parcel(passage))
        refer_all(self.worker, at=NOW)
        return Referral.objects.using("owner").get(registration_id=passage["people"][0]["id"])

    def phone(self, division: str = VILLAGE, *, at: datetime = NOW, token: str = "roster-token") -> GridReach:
        lo, hi = span(division)
        made = RosterToken.objects.create(
            name="网格员", division=division, lo=lo, hi=hi, token_hash=hashed(token), code_expires_at=at, invited_at=at,
            invited_by_id=self.county.officer_id, enrolled_at=at, expires_at=at + 24 * HOUR,
        )  # fmt: skip
        return GridReach(made.id, hashed(token), lo, hi, at)

    def answer(self, by: Reach | GridReach, one: Referral, kind: str, **said: Any) -> services.Acted:
        given: dict[str, Any] = {"at": NOW, "id": uuid7(), "referral": one.id, "kind": kind, **said}
        if isinstance(by, GridReach):
            with grid_reach(by):
                return services.answer(by=by, **given)
        with reach(by):
            return services.answer(by=by, **given)


@pytest.fixture
def town(clean: Database) -> Town:
    return Town(clean)


def now_of(one: Referral) -> Referral:
    return Referral.objects.using("owner").get(pk=one.pk)


def events(one: Referral) -> list[ReferralEvent]:
    return list(ReferralEvent.objects.using("owner").filter(referral_id=one.pk).order_by("occurred_at", "id"))


class TestADesk:
    def test_takes_over_and_answers(self, town: Town) -> None:
        one = town.refer()
        assert town.answer(town.township, one, "ACCEPTED").state == "ACCEPTED"
        assert town.answer(town.township, one, "ARRIVED").state == "ARRIVED"
        found = now_of(one)
        assert (found.accepted_at, found.settled_at) == (NOW, NOW)
        assert [event.kind for event in events(one)] == ["SENT", "ACCEPTED", "ARRIVED"]
        assert events(one)[-1].officer_id == town.township.officer_id

    def test_the_same_act_again_is_one_act(self, town: Town) -> None:
        one, id = town.refer(), uuid7()
        assert not town.answer(town.township, one, "ACCEPTED", id=id).repeated
        assert town.answer(town.township, one, "ACCEPTED", id=id).repeated
        assert len(events(one)) == 2

    def test_what_cannot_be_done_any_more_is_told(self, town: Town) -> None:
        one = town.refer()
        town.answer(town.county, one, "ARRIVED")
        with pytest.raises(Refusal) as refused:
            town.answer(town.township, one, "ACCEPTED")
        assert (refused.value.code, refused.value.status) == ("REFERRAL_STATE", 409)

    @pytest.mark.parametrize("kind", ["SENT", "MOVED_ON", "WITHDRAWN", "GONE", ""])
    def test_only_answers_are_answers(self, town: Town, kind: str) -> None:
        with pytest.raises(Refusal, match="ANSWER_UNKNOWN"):
            town.answer(town.township, town.refer(), kind)

    def test_the_next_county_neither_sees_nor_answers(self, town: Town) -> None:
        one = town.refer()
        with pytest.raises(NotFound):
            town.answer(town.stranger, one, "ACCEPTED")
        with reach(town.stranger) as seen:
            assert referrals(seen, which="UNACCEPTED", at=NOW, level="COUNTY").referrals == []
            assert not Referral.objects.exists()
            assert not ReferralEvent.objects.exists()
            assert not Person.objects.exists()

    def test_whoever_holds_no_office_for_it_is_refused(self, town: Town) -> None:
        with pytest.raises(Forbidden):
            town.answer(town.lead, town.refer(), "ACCEPTED")

    def test_where_he_was_registered_sees_what_becomes_of_him_but_not_what_was_written(
        self, town: Town
    ) -> None:
        one = town.refer(destination={"code": XIUYAN, "address": "兴隆街"})
        town.answer(town.stranger, one, "NOT_HERE", written=ReferralNote(note="门上贴了纸条"))
        with reach(town.county) as seen:
            told = history(seen, Referral.objects.get(pk=one.pk))
            assert [line.event.kind for line in told] == ["SENT", "NOT_HERE"]
            assert told[-1].written is None
        with reach(town.stranger) as seen:
            (*_, last) = history(seen, Referral.objects.get(pk=one.pk))
            assert last.written == ReferralNote(note="门上贴了纸条")

    def test_what_is_written_lies_sealed(self, town: Town) -> None:
        one = town.refer()
        town.answer(town.township, one, "WRONG_ADDRESS", written=ReferralNote(address="南区5号楼"))
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT r::text FROM referral_event r WHERE referral_id = %s", [one.pk])
            assert all("南区" not in row for (row,) in cursor.fetchall())


class TestAnotherPlace:
    def place(self, town: Town, by: Reach, one: Referral, code: str, **said: Any) -> services.Acted:
        with reach(by):
            return services.place(
                by=by, at=NOW + HOUR, id=uuid7(), referral=one.id, destination=code, city=ANSHAN, **said
            )

    def test_a_smaller_place_begins_the_clock_anew(self, town: Town) -> None:
        one = town.refer()
        self.place(town, town.township, one, GRID)
        found = now_of(one)
        assert (found.destination, found.state, found.due_at) == (GRID, "SENT", NOW + 3 * HOUR)

    def test_beyond_the_city_a_letter_is_needed(self, town: Town) -> None:
        one = town.refer()
        self.place(town, town.township, one, "210782106253")
        assert (now_of(one).state, now_of(one).outside) == ("OUTSIDE", True)

    def test_given_to_the_next_county_it_is_theirs(self, town: Town) -> None:
        one = town.refer()
        self.place(town, town.county, one, XIUYAN)
        assert town.answer(town.stranger, one, "ACCEPTED").state == "ACCEPTED"
        with pytest.raises(Refusal):
            town.answer(town.township, one, "ARRIVED")

    @pytest.mark.parametrize("code", ["", "abc", "99", VILLAGE])
    def test_no_place_and_the_same_place_are_refused(self, town: Town, code: str) -> None:
        with pytest.raises(Refusal):
            self.place(town, town.township, town.refer(), code)

    def test_moving_on_he_is_handed_over_again_and_shows_until_he_is_taken_over(self, town: Town) -> None:
        one, id = town.refer(), uuid7()
        town.answer(town.township, one, "ARRIVED")
        for _ in range(2):
            with reach(town.township):
                services.move_on(
                    by=town.township, at=NOW + HOUR, id=id, referral=one.id, destination=XIUYAN, city=ANSHAN
                )
        assert now_of(one).state == "MOVED_ON"
        (following,) = Referral.objects.using("owner").filter(previous_id=one.pk)
        assert (following.state, following.jurisdiction) == ("SENT", span(XIUYAN)[0])
        assert following.person_id == one.person_id
        with reach(town.township) as seen:
            gone = referrals(seen, which="UNACCEPTED", at=NOW, level="TOWNSHIP", sent=True).referrals
            assert [line.pk for line in gone] == [following.pk]
        assert town.answer(town.stranger, following, "ACCEPTED").state == "ACCEPTED"
        with reach(town.stranger) as seen:
            assert Person.objects.filter(pk=one.person_id).exists()

    def test_nobody_is_withdrawn_without_a_reason(self, town: Town) -> None:
        one = town.refer()
        with reach(town.township), pytest.raises(Refusal, match="REASON_MISSING"):
            services.withdraw(by=town.township, at=NOW, id=uuid7(), referral=one.id, written=ReferralNote())
        with reach(town.township):
            services.withdraw(
                by=town.township, at=NOW, id=uuid7(), referral=one.id, written=ReferralNote(note="重复登记")
            )
        assert now_of(one).state == "WITHDRAWN"


class TestAGridPhone:
    def test_answers_on_its_own_grid(self, town: Town) -> None:
        one, phone = town.refer(), town.phone()
        assert town.answer(phone, one, "ARRIVED", occurred_at=NOW - HOUR).state == "ARRIVED"
        assert now_of(one).settled_at == NOW - HOUR
        assert {event.roster_id for event in events(one)} == {None, phone.roster_id}

    def test_sees_no_other_grid_and_no_other_file(self, town: Town) -> None:
        mine, other = town.refer(), town.refer(destination={"code": NEXT})
        phone = town.phone()
        with grid_reach(phone):
            assert list(Referral.objects.values_list("pk", flat=True)) == [mine.pk]
            assert list(Person.objects.values_list("pk", flat=True)) == [mine.person_id]
        with pytest.raises(NotFound):
            town.answer(phone, other, "ARRIVED")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM referral")
            assert cursor.fetchone()[0] == 0

    @pytest.mark.parametrize("change", ["revoked_at", "expires_at"])
    def test_a_token_that_is_no_good_sees_nothing(self, town: Town, change: str) -> None:
        town.refer()
        phone = town.phone()
        RosterToken.objects.filter(pk=phone.roster_id).update(**{change: NOW})
        with grid_reach(phone):
            assert not Referral.objects.exists()

    def test_a_made_up_token_sees_nothing(self, town: Town) -> None:
        town.refer()
        lo, hi = span(VILLAGE)
        with grid_reach(GridReach(UUID(int=1), hashed("made up"), lo, hi, NOW)):
            assert not Referral.objects.exists()

    def test_an_answer_that_was_overtaken_is_kept_and_changes_nothing(self, town: Town) -> None:
        one, phone = town.refer(), town.phone()
        town.answer(town.township, one, "ARRIVED")
        acted = town.answer(phone, one, "NOT_HERE", occurred_at=NOW - HOUR, at=NOW + HOUR)
        assert (acted.state, acted.late) == ("ARRIVED", True)
        assert {event.kind for event in events(one)} == {"SENT", "ARRIVED", "NOT_HERE"}

    def test_a_clock_that_is_fast_is_no_later_than_now(self, town: Town) -> None:
        one, phone = town.refer(), town.phone()
        town.answer(phone, one, "NOT_HERE", occurred_at=NOW + 20 * HOUR)
        assert events(one)[-1].occurred_at == NOW

    def test_moves_somebody_on(self, town: Town) -> None:
        one, phone = town.refer(), town.phone()
        with grid_reach(phone):
            services.move_on(by=phone, at=NOW, id=uuid7(), referral=one.id, destination=NEXT, city=ANSHAN)
        (following,) = Referral.objects.using("owner").filter(previous_id=one.pk)
        assert (following.destination, following.state) == (NEXT, "SENT")


class TestLists:
    def test_each_level_has_a_clock_of_its_own(self, town: Town) -> None:
        town.refer()
        for hours, levels in (
            (1, ()),
            (2, ("TOWNSHIP",)),
            (4, ("TOWNSHIP", "COUNTY")),
            (6, ("TOWNSHIP", "COUNTY", "CITY")),
        ):
            with reach(town.county) as seen:
                late = tuple(
                    level
                    for level in ("TOWNSHIP", "COUNTY", "CITY")
                    if referrals(seen, which="LATE", at=NOW + hours * HOUR, level=level).referrals
                )
                assert late == levels, hours

    def test_counts_are_those_of_the_lists(self, town: Town) -> None:
        first, *_ = [town.refer() for _ in range(3)]
        town.answer(town.township, first, "NOT_HERE")
        with reach(town.township) as seen:
            at = NOW + 3 * HOUR
            counts = counted(seen, at=at, level="TOWNSHIP", since=NOW - HOUR)
            assert (counts.late, counts.unaccepted, counts.not_here) == (2, 2, 1)

    def test_pages_go_on_where_they_ended(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("lianfang.referrals.queries.PAGE", 2)
        made = {town.refer().pk for _ in range(5)}
        found, after = [], None
        while True:
            with reach(town.county) as seen:
                page = referrals(seen, which="UNACCEPTED", at=NOW, level="COUNTY", after=after)
            found += [line.pk for line in page.referrals]
            after = page.after
            if after is None:
                break
        assert len(found) == 5
        assert set(found) == made
