"""Findings about phones and twice-told passages: present, just below the threshold, other days, the next county."""

from datetime import timedelta
from typing import Any

import pytest

from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.command.services import worker_session
from lianfang.kernel.ids import uuid7
from lianfang.situation.fold import catch_up
from lianfang.situation.quality import Days
from lianfang.situation.quality.thresholds import (
    AHEAD,
    NEVER_SENT_AFTER,
    PEOPLE_A_MINUTE,
    SAME_CAR_WITHIN,
    UNSENT_AFTER,
    VEHICLES_A_MINUTE,
)
from tests import factories
from tests.factories import XIUYAN, Json
from tests.situation.town import DAY, HOUR, MINUTE, NOON, SECOND, YESTERDAY, Town

BEFORE = Days(DAY - timedelta(days=1), 7)


class TestImpossibleRate:
    def burst(self, town: Town, cars: int, **changes: Any) -> list[Json]:
        """So many cars in one minute, their people's forms opened long before."""
        made = []
        for n in range(cars):
            person = town.at(NOON - HOUR - n * MINUTE).person()
            made.append(town.at(NOON + n * SECOND).passage(people=[person], **changes))
        town.send(*made)
        return made

    def test_more_cars_in_a_minute_than_hands_can_type(self, town: Town) -> None:
        made = self.burst(town, VEHICLES_A_MINUTE + 1)
        town.send(town.passage(NOON + 5 * MINUTE))
        (found,) = town.found("IMPOSSIBLE_RATE")
        assert (found.about, found.count, found.of, found.further) == ("一号机", len(made), 1, 0)
        assert found.at == NOON
        assert set(town.behind("IMPOSSIBLE_RATE", found.key)) == {passage["id"] for passage in made}

    def test_the_quickest_hands_are_no_finding(self, town: Town) -> None:
        self.burst(town, VEHICLES_A_MINUTE)
        assert town.found("IMPOSSIBLE_RATE") == []

    def test_more_people_in_a_minute_than_hands_can_type(self, town: Town) -> None:
        made = town.at()
        passage = made.passage(people=[made.person() for _ in range(PEOPLE_A_MINUTE + 1)], transport="COACH")
        town.send(passage)
        (found,) = town.found("IMPOSSIBLE_RATE")
        assert (found.count, found.further) == (0, PEOPLE_A_MINUTE + 1)
        assert town.behind("IMPOSSIBLE_RATE", found.key) == [passage["id"]]

    def test_a_coach_that_took_its_time_is_saved_at_once_and_is_no_finding(self, town: Town) -> None:
        people = [town.at(NOON - (n + 1) * 15 * SECOND).person() for n in range(2 * PEOPLE_A_MINUTE)]
        town.send(town.at().passage(people=people, transport="COACH"))
        assert town.found("IMPOSSIBLE_RATE") == []

    @pytest.mark.parametrize("source", ["PAPER", "IMPORT"])
    def test_what_was_typed_in_later_has_the_hours_of_the_paper(self, town: Town, source: str) -> None:
        self.burst(town, VEHICLES_A_MINUTE + 9, source=source)
        assert town.found("IMPOSSIBLE_RATE") == []

    def test_two_phones_are_two_pairs_of_hands(self, town: Town) -> None:
        self.burst(town, VEHICLES_A_MINUTE)
        other = factories.device("GATE", name="二号机")
        town.send(*(town.passage(NOON + n * SECOND) for n in range(VEHICLES_A_MINUTE)), device=other)
        assert town.found("IMPOSSIBLE_RATE") == []

    def test_other_days_and_other_counties_have_none(self, town: Town) -> None:
        self.burst(town, VEHICLES_A_MINUTE + 1)
        (found,) = town.found("IMPOSSIBLE_RATE")
        assert town.found("IMPOSSIBLE_RATE", BEFORE) == town.found("IMPOSSIBLE_RATE", by=town.stranger) == []
        assert town.behind("IMPOSSIBLE_RATE", found.key, by=town.stranger) == []


class TestClockSkew:
    def test_a_clock_that_is_ahead(self, town: Town) -> None:
        wrong = [town.passage(NOON + n * MINUTE) for n in (4, 5, 9)]
        town.send(*wrong, town.passage(), received_at=NOON)
        (found,) = town.found("CLOCK_SKEW")
        assert (found.about, found.count, found.of, found.seconds) == ("一号机", 3, 4, 300)
        assert set(town.behind("CLOCK_SKEW", found.key)) == {passage["id"] for passage in wrong}

    def test_a_clock_that_is_a_year_behind_was_flagged(self, town: Town) -> None:
        town.send(town.passage(NOON - timedelta(days=365)), received_at=NOON)
        (found,) = town.found("CLOCK_SKEW")
        assert found.seconds == -365 * 86_400

    def test_two_minutes_are_the_way_here(self, town: Town) -> None:
        town.send(town.passage(NOON + AHEAD), received_at=NOON)
        assert town.found("CLOCK_SKEW") == []

    def test_a_phone_without_a_network_is_no_wrong_clock(self, town: Town) -> None:
        town.send(town.passage(), received_at=NOON + timedelta(days=2))
        assert town.found("CLOCK_SKEW") == []

    def test_paper_from_last_year_says_nothing_about_a_clock(self, town: Town) -> None:
        town.send(town.passage(NOON - timedelta(days=365), source="PAPER"), received_at=NOON)
        assert town.found("CLOCK_SKEW") == []

    def test_a_corrected_time_is_not_counted_any_more(self, town: Town) -> None:
        wrong = town.passage(NOON + 5 * MINUTE)
        town.send(wrong, received_at=NOON)
        town.send(town.at(NOON + 9 * MINUTE).correction(wrong["id"], {"occurred_at": NOON.isoformat()}))
        assert town.found("CLOCK_SKEW") == []

    def test_other_days_and_other_counties_have_none(self, town: Town) -> None:
        town.send(town.passage(NOON + 5 * MINUTE), received_at=NOON)
        assert town.found("CLOCK_SKEW", BEFORE) == town.found("CLOCK_SKEW", by=town.stranger) == []


class TestDuplicate:
    PLATE = "辽C12345"

    def passing(self, town: Town, *minutes: float, **changes: Any) -> list[Json]:
        made = [town.passage(NOON + n * MINUTE, plate=self.PLATE, **changes) for n in minutes]
        town.send(*made)
        return made

    def test_a_car_twice_within_minutes_is_one_run(self, town: Town) -> None:
        close = SAME_CAR_WITHIN / MINUTE
        made = self.passing(town, 0, close, 2 * close)
        self.passing(town, 4 * close)
        (found,) = town.found("DUPLICATE")
        assert (found.key, found.count, found.seconds) == (made[0]["id"], 3, 2 * close * 60)
        assert set(town.behind("DUPLICATE", found.key)) == {passage["id"] for passage in made}
        assert self.PLATE not in str(found)

    def test_a_little_longer_and_it_came_twice(self, town: Town) -> None:
        self.passing(town, 0, SAME_CAR_WITHIN / MINUTE + 0.1)
        assert town.found("DUPLICATE") == []

    def test_in_and_out_are_two_passages_and_so_are_two_gates(self, town: Town) -> None:
        factories.checkpoint("GATE2")
        self.passing(town, 0)
        self.passing(town, 1, direction="OUT")
        self.passing(town, 2, checkpoint="GATE2")
        assert town.found("DUPLICATE") == []

    def test_cars_without_a_plate_are_not_one_car(self, town: Town) -> None:
        town.send(*(town.passage(NOON + n * MINUTE, plate="无牌") for n in range(3)))
        assert town.found("DUPLICATE") == []

    def test_a_corrected_plate_is_another_car(self, town: Town) -> None:
        _, second = self.passing(town, 0, 1)
        town.send(town.at(NOON + 5 * MINUTE).correction(second["id"], {"plate": "辽C99999"}))
        assert town.found("DUPLICATE") == []

    @pytest.mark.parametrize("of", ["PASSAGE", "REGISTRATION"])
    def test_other_content_under_a_known_id_waits_for_the_desk(self, town: Town, of: str) -> None:
        passage = town.passage()
        person = {**passage["people"][0], "name": "另一人"}
        town.send(passage)
        change = {"purpose": "VISIT"} if of == "PASSAGE" else {"people": [person]}
        (receipt,) = town.send({**passage, **change})
        assert receipt["status"] == "CONFLICT" or of == "REGISTRATION"
        (found,) = town.found("DUPLICATE")
        assert (found.count, found.further) == (1, 1)
        assert found.key == f"conflict-{passage['id'] if of == 'PASSAGE' else person['id']}"
        assert town.behind("DUPLICATE", found.key) == [passage["id"]]
        assert town.behind("DUPLICATE", found.key, by=town.stranger) == []

    def test_a_conflict_of_a_correction_opens_to_what_it_corrects(self, town: Town) -> None:
        passage = town.passage()
        correction = town.at().correction(passage["people"][0]["id"], {"name": "王芳"})
        town.send(passage)
        town.send(correction)
        town.send({**correction, "reason": "另一个原因"})
        (found,) = town.found("DUPLICATE")
        assert town.behind("DUPLICATE", found.key) == [passage["id"]]

    def test_other_days_and_other_counties_have_none(self, town: Town) -> None:
        self.passing(town, 0, 1)
        assert town.found("DUPLICATE", BEFORE) == town.found("DUPLICATE", by=town.stranger) == []


class TestUnknownCheckpoint:
    @pytest.mark.parametrize("says", ["NOWHERE", "GATE2"])
    def test_a_phone_that_names_another_checkpoint(self, town: Town, says: str) -> None:
        factories.checkpoint("GATE2")
        wrong = town.passage(checkpoint=says)
        town.send(wrong, town.passage())
        (found,) = town.found("UNKNOWN_CHECKPOINT")
        assert (found.about, found.count, found.of) == ("一号机", 1, 2)
        assert town.behind("UNKNOWN_CHECKPOINT", found.key) == [wrong["id"]]

    def test_its_own_checkpoint_is_right(self, town: Town) -> None:
        town.send(town.passage())
        assert town.found("UNKNOWN_CHECKPOINT") == []

    def test_a_corrected_checkpoint_is_not_counted_any_more(self, town: Town) -> None:
        wrong = town.passage(checkpoint="NOWHERE")
        town.send(wrong)
        town.send(town.at(NOON + MINUTE).correction(wrong["id"], {"checkpoint": "GATE"}))
        assert town.found("UNKNOWN_CHECKPOINT") == []

    def test_a_phone_carried_into_the_next_county_is_found_there(self, town: Town) -> None:
        factories.checkpoint("NEXT", division=XIUYAN)
        town.send(town.passage(checkpoint="NEXT"))
        assert town.found("UNKNOWN_CHECKPOINT") == []
        (found,) = town.found("UNKNOWN_CHECKPOINT", by=town.stranger)
        assert found.checkpoint == "NEXT"

    def test_other_days_and_other_counties_have_none(self, town: Town) -> None:
        town.send(town.passage(checkpoint="NOWHERE"))
        assert (
            town.found("UNKNOWN_CHECKPOINT", BEFORE)
            == town.found("UNKNOWN_CHECKPOINT", by=town.stranger)
            == []
        )


class TestUnsent:
    def sent(self, town: Town, waited: timedelta = 10 * SECOND) -> Json:
        passage = town.passage()
        town.send(passage, received_at=NOON + waited)
        catch_up(worker_session())
        return passage

    def test_a_phone_not_heard_of_for_a_shift_and_how_long_its_last_record_had_waited(
        self, town: Town
    ) -> None:
        passage = self.sent(town, waited=HOUR)
        assert town.found("UNSENT", at=NOON + HOUR + UNSENT_AFTER - SECOND) == []
        (found,) = town.found("UNSENT", at=NOON + HOUR + UNSENT_AFTER)
        assert (found.about, found.checkpoint, found.seconds, found.further) == ("一号机", "GATE", 3600, 12)
        assert found.at == NOON + HOUR
        assert town.behind("UNSENT", found.key) == [passage["id"]]

    def test_a_phone_that_never_sent_anything(self, town: Town) -> None:
        Device.objects.all().update(enrolled_at=NOON)
        assert town.found("UNSENT", at=NOON + NEVER_SENT_AFTER - SECOND) == []
        (found,) = town.found("UNSENT", at=NOON + NEVER_SENT_AFTER)
        assert (found.at, found.seconds, found.further) == (None, None, 2)
        assert town.behind("UNSENT", found.key) == []

    def test_the_days_asked_for_make_no_difference(self, town: Town) -> None:
        self.sent(town)
        late = NOON + timedelta(days=1)
        assert town.found("UNSENT", BEFORE, at=late) == town.found("UNSENT", at=late) != []

    def test_a_phone_that_may_not_or_need_not_send_is_not_waited_for(self, town: Town) -> None:
        self.sent(town)
        late = NOON + timedelta(days=1)
        phone, gate = Device.objects.all(), Checkpoint.objects.all()
        for rows, change in (
            (phone, {"revoked_at": NOON}),
            (phone, {"wipe_asked_at": NOON, "wipe_outbox": "KEEP"}),
            (phone, {"expires_at": late}),
            (gate, {"closed_at": NOON}),
            (gate, {"opens_at": "08:00", "closes_at": "11:00"}),
        ):
            before = rows.values(*change).get()
            assert len(town.found("UNSENT", at=late)) == 1
            rows.update(**change)
            assert town.found("UNSENT", at=late) == [], change
            rows.update(**before)

    def test_the_next_county_has_none(self, town: Town) -> None:
        self.sent(town)
        late = NOON + timedelta(days=1)
        (found,) = town.found("UNSENT", at=late)
        assert town.found("UNSENT", by=town.stranger, at=late) == []
        assert town.behind("UNSENT", found.key, YESTERDAY, by=town.stranger) == []


@pytest.mark.parametrize(
    "code", ["IMPOSSIBLE_RATE", "CLOCK_SKEW", "DUPLICATE", "UNKNOWN_CHECKPOINT", "UNSENT"]
)
def test_a_key_of_nothing_opens_to_nothing(town: Town, code: str) -> None:
    ending = ".2020-02-13T08" if code == "IMPOSSIBLE_RATE" else ""
    assert town.behind(code, f"{uuid7()}{ending}") == []
