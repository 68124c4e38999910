"""Findings about what was typed: present, just below the threshold, outside the days, in the next county, corrected."""

from datetime import timedelta

import pytest

from lianfang.kernel.reach import reach
from lianfang.situation.quality import Days, one
from lianfang.situation.quality.thresholds import (
    BAD_PERCENT,
    DOCUMENTS_AT_LEAST,
    DOCUMENTS_OF_A_PHONE,
)
from tests import factories
from tests.factories import XIUYAN, Json
from tests.situation.town import DAY, MINUTE, NOON, WEEK, WRONG, YESTERDAY, Town

BAD = {"document": {"type": "RESIDENT_ID", "number": WRONG}}


def documents(town: Town, *, good: int, bad: int, **changes: str) -> list[Json]:
    """Passages of one person each, `bad` of them with a number that does not check; sent."""
    changes = {"officer": "007", **changes}
    made = [town.passage(**changes) for _ in range(good)]
    made += [town.passage(person=BAD, **changes) for _ in range(bad)]
    assert all(receipt["status"] == "ACCEPTED" for receipt in town.send(*made))
    return made[good:]


class TestBadChecksum:
    LEAST = DOCUMENTS_AT_LEAST * BAD_PERCENT // 100  # of so many documents, so many are bad enough

    def test_an_officer_whose_documents_do_not_check_is_found_and_opens_to_them(self, town: Town) -> None:
        bad = documents(town, good=DOCUMENTS_AT_LEAST - self.LEAST, bad=self.LEAST)
        (found,) = town.found("BAD_CHECKSUM")
        assert (found.checkpoint, found.about) == ("GATE", "007")
        assert (found.count, found.of) == (self.LEAST, DOCUMENTS_AT_LEAST)
        assert town.behind("BAD_CHECKSUM", found.key) == [passage["id"] for passage in bad]

    def test_of_too_few_documents_nothing_is_said(self, town: Town) -> None:
        documents(town, good=0, bad=DOCUMENTS_AT_LEAST - 1)
        assert town.found("BAD_CHECKSUM") == []

    def test_fewer_than_one_in_twenty_are_slips(self, town: Town) -> None:
        documents(town, good=DOCUMENTS_AT_LEAST, bad=self.LEAST)
        assert town.found("BAD_CHECKSUM") == []

    def test_whoever_has_no_document_is_not_counted(self, town: Town) -> None:
        documents(town, good=DOCUMENTS_AT_LEAST - 2, bad=1)
        town.send(town.passage(person={"document": None}, officer="007"))
        assert town.found("BAD_CHECKSUM") == []

    def test_officers_are_told_apart_and_the_worst_comes_first(self, town: Town) -> None:
        documents(town, good=18, bad=2)
        documents(town, good=10, bad=10, officer="009")
        documents(town, good=40, bad=0, officer="011")
        assert [(row.about, row.count, row.of) for row in town.found("BAD_CHECKSUM")] == [
            ("009", 10, 20),
            ("007", 2, 20),
        ]

    def test_a_number_that_was_corrected_does_not_count_unless_it_is_wrong_again(self, town: Town) -> None:
        first, second, *_ = documents(town, good=17, bad=3)
        right = {"type": "RESIDENT_ID", "number": town.at().resident_id()}
        changes = ((first, right), (second, right), (second, BAD["document"]))
        for minutes, (passage, document) in enumerate(changes):
            later = town.at(NOON + minutes * MINUTE)
            town.send(later.correction(passage["people"][0]["id"], {"document": document}))
        (found,) = town.found("BAD_CHECKSUM")
        assert (found.count, found.of) == (2, 20)
        assert first["id"] not in town.behind("BAD_CHECKSUM", found.key)

    def test_a_correction_of_something_else_changes_nothing(self, town: Town) -> None:
        bad, *_ = documents(town, good=18, bad=2)
        town.send(town.at(NOON + MINUTE).correction(bad["people"][0]["id"], {"name": "王芳"}))
        assert town.found("BAD_CHECKSUM")[0].count == 2

    def test_it_is_a_matter_of_its_day_and_its_county(self, town: Town) -> None:
        documents(town, good=10, bad=10)
        (found,) = town.found("BAD_CHECKSUM")
        assert town.found("BAD_CHECKSUM", Days(DAY - timedelta(days=1))) == []
        assert town.found("BAD_CHECKSUM", Days(DAY + timedelta(days=1))) == []
        assert town.found("BAD_CHECKSUM", WEEK) == [found]
        assert town.found("BAD_CHECKSUM", Days(DAY + timedelta(days=6), 7)) == [found]
        assert town.found("BAD_CHECKSUM", Days(DAY + timedelta(days=7), 7)) == []
        assert town.found("BAD_CHECKSUM", by=town.stranger) == []
        assert town.behind("BAD_CHECKSUM", found.key, by=town.stranger) == []

    def test_what_an_officer_calls_himself_stands_in_no_key(self, town: Town) -> None:
        documents(town, good=10, bad=10, officer="王伟 13900001234")
        (found,) = town.found("BAD_CHECKSUM")
        assert found.about == "王伟 13900001234"
        assert "王伟" not in found.key
        assert "1390000" not in found.key


class TestSharedPhone:
    PHONE = "13900001234"

    def sent(self, town: Town, people: int, **changes: str) -> list[Json]:
        """So many people with one telephone, each in a car of their own."""
        made = [
            town.passage(NOON + n * MINUTE, person={"phone": self.PHONE}, **changes) for n in range(people)
        ]
        town.send(*made)
        return made

    def test_one_number_on_many_documents_is_known_by_its_first_registration(self, town: Town) -> None:
        made = self.sent(town, DOCUMENTS_OF_A_PHONE)
        (found,) = town.found("SHARED_PHONE")
        assert found.key == made[0]["people"][0]["id"]
        assert (found.count, found.of, found.further) == (DOCUMENTS_OF_A_PHONE, DOCUMENTS_OF_A_PHONE, 1)
        assert sorted(town.behind("SHARED_PHONE", found.key)) == sorted(passage["id"] for passage in made)
        assert self.PHONE not in str(found)

    def test_a_family_may_have_one_telephone(self, town: Town) -> None:
        self.sent(town, DOCUMENTS_OF_A_PHONE - 1)
        assert town.found("SHARED_PHONE") == []

    def test_the_same_person_again_and_again_is_one_document(self, town: Town) -> None:
        who = {"phone": self.PHONE, "document": {"type": "RESIDENT_ID", "number": town.at().resident_id()}}
        town.send(*(town.passage(NOON + n * MINUTE, person=who) for n in range(DOCUMENTS_OF_A_PHONE)))
        self.sent(town, DOCUMENTS_OF_A_PHONE - 2)
        assert town.found("SHARED_PHONE") == []

    def test_a_corrected_number_is_not_counted_any_more(self, town: Town) -> None:
        made = self.sent(town, DOCUMENTS_OF_A_PHONE)
        person = made[2]["people"][0]["id"]
        town.send(town.at(NOON + 9 * MINUTE).correction(person, {"phone": "13900009999"}))
        assert town.found("SHARED_PHONE") == []

    def test_days_add_up_and_the_next_county_sees_none_of_it(self, town: Town) -> None:
        earlier = town.passage(NOON - timedelta(days=1), person={"phone": self.PHONE})
        town.send(earlier)
        made = self.sent(town, DOCUMENTS_OF_A_PHONE - 1)
        assert town.found("SHARED_PHONE", YESTERDAY) == []
        two = Days(DAY, 2)
        expected = [] if earlier["occurred_at"][:7] != made[0]["occurred_at"][:7] else [5]
        assert [row.count for row in town.found("SHARED_PHONE", two)] == expected  # an index lasts a month
        assert town.found("SHARED_PHONE", two, by=town.stranger) == []
        key = earlier["people"][0]["id"]
        assert town.behind("SHARED_PHONE", key, two, by=town.stranger) == []

    def test_each_county_counts_only_what_it_may_see(self, town: Town) -> None:
        factories.checkpoint("NEXT", division=XIUYAN)
        elsewhere = factories.device("NEXT")
        made = [town.passage(person={"phone": self.PHONE}, checkpoint="NEXT") for _ in range(2)]
        town.send(*made, device=elsewhere)
        self.sent(town, DOCUMENTS_OF_A_PHONE - 1)
        assert town.found("SHARED_PHONE") == town.found("SHARED_PHONE", by=town.stranger) == []
        (found,) = town.found("SHARED_PHONE", by=town.headquarters)
        assert (found.count, found.further) == (DOCUMENTS_OF_A_PHONE + 1, 2)


class TestIncomplete:
    def test_what_is_missing_waits_with_its_officer(self, town: Town) -> None:
        without_name = town.passage(person={"name": None}, officer="007")
        without_plate = town.passage(plate=None, officer="007")
        town.send(without_name, without_plate, town.passage(officer="007"), town.passage(officer="009"))
        (found,) = town.found("INCOMPLETE")
        assert (found.checkpoint, found.about, found.count, found.of) == ("GATE", "007", 2, 3)
        assert set(town.behind("INCOMPLETE", found.key)) == {without_name["id"], without_plate["id"]}

    def test_what_is_complete_is_none(self, town: Town) -> None:
        town.send(town.passage())
        assert town.found("INCOMPLETE") == []

    def test_without_an_officers_number_it_is_the_gates(self, town: Town) -> None:
        town.send(town.passage(person={"name": None}))
        (found,) = town.found("INCOMPLETE")
        assert found.about == ""
        assert len(town.behind("INCOMPLETE", found.key)) == 1

    def test_a_car_of_three_counts_once_and_until_the_last_is_mended(self, town: Town) -> None:
        made = town.at()
        people = [made.person(name=None), made.person(name=None), made.person()]
        passage = made.passage(people=people)
        town.send(passage)
        assert [row.count for row in town.found("INCOMPLETE")] == [1]
        for person, left in ((people[0], [1]), (people[1], [])):
            town.send(town.at(NOON + MINUTE).correction(person["id"], {"name": "王芳"}))
            assert [row.count for row in town.found("INCOMPLETE")] == left

    def test_other_days_and_other_counties_have_none(self, town: Town) -> None:
        town.send(town.passage(person={"name": None}))
        assert town.found("INCOMPLETE", Days(DAY - timedelta(days=1), 7)) == []
        assert town.found("INCOMPLETE", by=town.stranger) == []


@pytest.mark.parametrize("key", ["", "GATE", "nonsense", "GATE.", "conflict-", "a.b.c", "x" * 300])
@pytest.mark.parametrize("code", ["BAD_CHECKSUM", "SHARED_PHONE", "INCOMPLETE"])
def test_a_made_up_key_is_nothing(town: Town, code: str, key: str) -> None:
    with reach(town.desk) as seen:
        assert one(seen, code, key, YESTERDAY, at=NOON) is None


class TestToldOtherwise:
    def told(self, town: Town, *measures: str, **person: object) -> Json:
        shown = {"rule_set": "0123456789abcdef", "rows": [], "measures": list(measures)}
        return town.passage(person={"shown": shown, **person})

    def test_a_phone_that_told_something_else_is_found_and_opens_to_those_it_told(self, town: Town) -> None:
        passed = self.told(town, "REGISTER", from_code="420106")  # decided: quarantine
        stricter = self.told(town, "REGISTER", "QUARANTINE")  # decided: may pass
        same = self.told(town, "QUARANTINE", "REGISTER", from_code="420106")
        silent = town.passage()
        town.send(passed, stricter, same, silent)
        (found,) = town.found("TOLD_OTHERWISE")
        assert (found.checkpoint, found.count, found.further) == ("GATE", 2, 1)
        assert found.about
        assert set(town.behind("TOLD_OTHERWISE", found.key)) == {passed["id"], stricter["id"]}

    def test_phones_are_told_apart_and_whose_people_are_bound_come_first(self, town: Town) -> None:
        town.send(*(self.told(town, "REGISTER", "QUARANTINE") for _ in range(3)))
        second = factories.device("GATE", name="二号机")
        town.send(self.told(town, "REGISTER", from_code="420106"), device=second)
        assert [(row.count, row.further) for row in town.found("TOLD_OTHERWISE")] == [(1, 1), (3, 0)]

    def test_it_is_a_matter_of_its_day_and_its_county(self, town: Town) -> None:
        town.send(self.told(town, "FEVER_CLINIC"))
        (found,) = town.found("TOLD_OTHERWISE")
        assert town.found("TOLD_OTHERWISE", Days(DAY - timedelta(days=1))) == []
        assert town.found("TOLD_OTHERWISE", WEEK) == [found]
        assert town.found("TOLD_OTHERWISE", by=town.stranger) == []
        assert town.behind("TOLD_OTHERWISE", found.key, by=town.stranger) == []

    def test_an_empty_list_of_measures_is_told_as_well(self, town: Town) -> None:
        town.send(self.told(town))
        assert town.found("TOLD_OTHERWISE")[0].count == 1
