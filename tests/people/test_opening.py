"""A file is opened when something calls for it, under a key of its own; whoever is known is found, and nobody is joined silently."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from lianfang.kernel.days import start_of
from lianfang.kernel.file_keys import FileKey, file_key
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.kernel.sealing import Unreadable
from lianfang.people.facts import Call, DocumentTold
from lianfang.people.models import Person, PersonCall
from lianfang.people.opening import FileState
from lianfang.people.queries import called_for, duplicates, find_people
from lianfang.people.services import amend, close_file, merge, open_files
from tests.noted import noted
from tests.people.town import GRID, MINUTE, NEXT_COUNTY, NOW, OTHER_GRID, TODAY, Town


def rows() -> list[Person]:
    return list(Person.objects.using("owner").order_by("id"))


def test_nothing_of_a_person_is_plain(town: Town) -> None:
    facts = town.facts(name="王某某", address="丰台路8号", note="邻居说他咳嗽")
    town.open(facts)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT p::text || c::text FROM person p JOIN person_call c ON c.person_id = p.id")
        ((said,),) = cursor.fetchall()
    for mark in ("王某某", "丰台路", "咳嗽", facts.document.number, facts.phone, facts.document.number[6:14]):
        assert mark not in said
        assert mark.encode().hex() not in said


def test_every_file_has_a_key_of_its_own_wrapped_by_the_days(town: Town) -> None:
    town.open(), town.open()
    one, other = rows()
    assert town.keys.files_days() == [TODAY]
    assert bytes(one.wrapped_key) != bytes(other.wrapped_key)
    key = file_key(town.keys, one.opened_on, one.id, bytes(one.wrapped_key))
    assert b"name" in key.unseal(bytes(one.sealed))
    with pytest.raises(Unreadable):
        key.unseal(bytes(other.sealed))
    with pytest.raises(Unreadable):
        FileKey.unwrapped(town.keys.files(TODAY), one.id, bytes(other.wrapped_key))


def test_the_same_document_is_the_same_person_however_it_was_typed(town: Town) -> None:
    number = town.made.resident_id()
    first = town.open(town.facts(number=number))
    for typed in (
        number.lower(),
        f" {number[:6]} {number[6:]}",
        number.translate(str.maketrans("0123", "０１２３")),
    ):
        again = town.open(town.facts(number=typed), division=OTHER_GRID)
        assert (again.id, again.is_new) == (first.id, False)
    assert len(rows()) == 1
    assert len(town.file(first.id).calls) == 4


def test_the_same_document_months_later_is_still_the_same_person(town: Town) -> None:
    facts = town.facts()
    first = town.open(facts)
    assert town.open(facts, at=NOW + timedelta(days=40)).id == first.id
    assert town.open(facts, at=NOW + timedelta(days=400)).id == first.id


def test_the_same_telephone_is_proposed_and_never_joined(town: Town) -> None:
    one = town.open(town.facts(name="王小明", phone="13900001234", number=None))
    other = town.open(town.facts(name="王小民", phone="139 0000 1234"), at=NOW + timedelta(days=40))
    town.open(town.facts(name="李四", phone="13900001234"))  # of the same family: no name like it
    assert len({row.id for row in rows()}) == 3
    with reach(town.desk) as seen:
        (pair,) = duplicates(seen, at=NOW).pairs
    assert (pair.why, pair.one.id, pair.other.id) == ("PHONE", one.id, other.id)
    assert other.is_new


def test_nobody_needs_a_document_and_two_without_one_are_two(town: Town) -> None:
    town.open(town.facts(number=None, name="老张")), town.open(town.facts(number=None, name="老张"))
    assert len(rows()) == 2
    with pytest.raises(Refusal, match="NOBODY_NAMED"):
        town.open(town.facts(number=None, name="  "))


def test_the_same_call_is_answered_the_same_also_without_a_document(town: Town) -> None:
    wanted = [town.wanted(town.facts(number=None)), town.wanted()]
    first = town.opened(*wanted)
    again = town.opened(*wanted)
    assert [one.id for one in first] == [one.id for one in again]
    assert [one.is_new for one in (*first, *again)] == [True, True, False, False]
    with reach(town.desk) as seen:
        asked = [one.call.reference for one in wanted]
        assert called_for(seen, "REFERRAL", asked) == {r: o.id for r, o in zip(asked, first, strict=True)}
    assert len(rows()) == 2


def test_a_document_twice_in_one_slice_is_one_person(town: Town) -> None:
    number = town.made.resident_id()
    one, other, third = town.opened(
        town.wanted(town.facts(number=number)), town.wanted(), town.wanted(town.facts(number=number))
    )
    assert one.id == third.id != other.id
    assert [one.is_new, other.is_new, third.is_new] == [True, True, False]
    assert len(town.file(one.id).calls) == 2


def test_hundreds_are_opened_in_as_many_statements_as_one(town: Town) -> None:
    def statements(number: int) -> int:
        wanted = [town.wanted() for _ in range(number)]
        with CaptureQueriesContext(connection) as asked:
            town.opened(*wanted)
        return len(asked)

    town.opened(town.wanted())
    assert statements(1) == statements(300)


def test_a_merged_file_answers_with_the_one_that_was_kept(town: Town) -> None:
    lost, kept, last = town.facts(), town.facts(), town.facts()
    ids = [town.open(facts).id for facts in (lost, kept, last)]
    merge(by=town.desk, at=NOW + MINUTE, kept=ids[1], merged=ids[0], reason="同一人")
    merge(by=town.desk, at=NOW + 2 * MINUTE, kept=ids[2], merged=ids[1], reason="同一人")
    assert town.open(lost).id == ids[2]


def test_a_person_with_a_file_in_the_next_county_gets_no_second_one(town: Town) -> None:
    facts = town.facts()
    town.open(facts, by=town.stranger, division=NEXT_COUNTY)
    with pytest.raises(Refusal, match="FILE_ELSEWHERE"):
        town.open(facts)
    (found,) = town.opened(town.wanted(facts))
    assert (found.is_new, found.jurisdiction) == (False, 210323101001001000)
    assert len(rows()) == 1


def test_who_may_open_and_where(town: Town) -> None:
    with pytest.raises(Forbidden):
        town.open(division=NEXT_COUNTY)
    with pytest.raises(Forbidden):
        town.open(by=town.township, division="210381102001001")
    assert town.open(by=town.township).is_new
    with pytest.raises(Forbidden):
        open_files(worker=town.desk, at=NOW, wanted=[town.wanted()])
    with pytest.raises(Refusal, match="DIVISION_UNKNOWN"):
        town.open(division="海城")


def test_a_closed_file_is_open_again_when_it_is_called_for(town: Town) -> None:
    facts = town.facts()
    id = town.open(facts).id
    close_file(by=town.desk, at=NOW + MINUTE, id=id)
    assert town.file(id).person.closed
    town.open(facts, at=NOW + timedelta(days=3))
    assert not town.file(id).person.closed


def test_strange_texts_are_kept_as_they_were_told(town: Town) -> None:
    facts = town.facts(name='王"小\\明{,}', note="'; DROP TABLE person; --", number=None)
    call = Call("IMPORT", 'a "quoted\\ {ref},NULL', None, None)
    (opened,) = town.opened(town.wanted(facts, call=call))
    file = town.file(opened.id)
    assert (file.person.name, file.person.note) == (facts.name, facts.note)
    assert PersonCall.objects.using("owner").get().reference == call.reference


def test_a_destroyed_days_key_leaves_a_file_that_says_so(town: Town) -> None:
    facts = town.facts()
    id = town.open(facts).id
    town.keys.destroy([f"files-{TODAY}.key"])
    file = town.file(id)
    assert (file.person.state, file.person.name) == (FileState.DESTROYED, "")
    with pytest.raises(Refusal, match="FILE_DESTROYED"):
        amend(by=town.desk, at=NOW, id=id, fields={"name": "王"}, reason="补")


def test_finding_exactly_and_masked(town: Town) -> None:
    facts = town.facts(name="欧阳明明")
    id = town.open(facts).id
    with reach(town.desk) as seen:
        by_document = find_people(seen, kind="DOCUMENT", value=facts.document.number, at=NOW)
        by_phone = find_people(seen, kind="PHONE", value=f"+86 {facts.phone}", at=NOW)
        assert find_people(seen, kind="PHONE", value="13900009999", at=NOW) == []
    assert [one.id for one in by_document] == [one.id for one in by_phone] == [id]
    assert by_phone[0].name == "欧阳**"
    assert facts.phone not in repr(by_phone)
    with reach(town.stranger) as seen:
        assert find_people(seen, kind="PHONE", value=facts.phone, at=NOW) == []


def test_amending_keeps_what_stood_sealed_in_the_file(town: Town) -> None:
    facts = town.facts(name="王小明", phone="13900001111")
    id = town.open(facts).id
    amend(
        by=town.desk,
        at=NOW + MINUTE,
        id=id,
        reason="电话换了",
        fields={"phone": "13900002222", "note": "独居"},
    )
    with reach(town.desk) as seen:
        assert [one.id for one in find_people(seen, kind="PHONE", value="13900002222", at=NOW)] == [id]
        assert find_people(seen, kind="PHONE", value="13900001111", at=NOW) == []
    happened = [(one.what, one.details) for one in town.file(id).time_line]
    assert ("AMENDED", ("phone",)) in happened
    assert "13900001111" not in repr(noted())
    for fields, code in (({}, "NOTHING_AMENDED"), ({"earlier": []}, "UNKNOWN_FIELD"), ({"name": 3}, "FIELD_ODD"),
                         ({"name": None, "document": None}, "NOBODY_NAMED")):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            amend(by=town.desk, at=NOW, id=id, fields=fields, reason="x")


def test_an_amended_document_that_is_anothers_is_proposed(town: Town) -> None:
    one, number = town.open(town.facts(number=None)).id, town.made.resident_id()
    other = town.open(town.facts(number=number), at=NOW + MINUTE).id
    amend(
        by=town.desk,
        at=NOW,
        id=one,
        fields={"document": {"type": "RESIDENT_ID", "number": number}},
        reason="补证件",
    )
    with reach(town.desk) as seen:
        (pair,) = duplicates(seen, at=NOW).pairs
    assert (pair.why, {pair.one.id, pair.other.id}) == ("DOCUMENT", {one, other})
    assert town.open(town.facts(number=number)).id == one  # the older of the two


def test_the_stranger_sees_no_file_and_changes_none(town: Town) -> None:
    id = town.open().id
    assert town.file(id, by=town.stranger) is None
    with pytest.raises(Refusal, match="FILE_UNKNOWN"):
        amend(by=town.stranger, at=NOW, id=id, fields={"name": "王"}, reason="x")
    with reach(town.stranger), connection.cursor() as cursor:
        for table in ("person", "person_call"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE person SET closed_at = now()")
        assert cursor.rowcount == 0


def test_what_opens_is_noted_without_names(town: Town) -> None:
    facts = town.facts()
    id = town.open(facts).id
    (entry,) = noted("FILE_OPENED")
    assert (entry.subject, entry.details) == (f"PERSON {id}", {"new": True, "kind": "REFERRAL"})
    town.opened(*(town.wanted() for _ in range(3)))
    assert noted("FILE_OPENED")[-1].count == 3


def test_documents_of_several_kinds_are_read(town: Town) -> None:
    passport = town.facts(number=None, document=DocumentTold("PASSPORT", "e12345678"))
    first = town.open(passport).id
    assert town.open(town.facts(document=DocumentTold("PASSPORT", "E 1234 5678"))).id == first
    assert isinstance(first, UUID)
    assert GRID.startswith("210381")


def found_by(town: Town, phone: str, *, by: Reach | None = None) -> list[UUID]:
    with reach(by or town.desk) as seen:
        return [one.id for one in find_people(seen, kind="PHONE", value=phone, at=NOW)]


def test_every_telephone_finds_somebody_and_the_stranger_nobody(town: Town) -> None:
    first, second, third, unknown = (town.made.phone() for _ in range(4))
    told = town.facts(phone=first, other_phones=(second, f"+86 {third}", first, "不详"))
    one = town.open(told).id
    (bulk,) = town.opened(town.wanted(town.facts(other_phones=(second,))))
    assert found_by(town, first) == found_by(town, third) == [one]
    assert set(found_by(town, second)) == {one, bulk.id}
    assert found_by(town, unknown) == found_by(town, second, by=town.stranger) == []


def test_an_amended_telephone_finds_and_one_taken_away_does_not(town: Town) -> None:
    first, second, third = (town.made.phone() for _ in range(3))
    id = town.open(town.facts(phone=first, other_phones=(second,))).id
    amend(by=town.desk, at=NOW, id=id, fields={"phone": third, "other_phones": [first]}, reason="换了电话")
    assert found_by(town, first) == found_by(town, third) == [id]
    assert found_by(town, second) == []


def test_another_telephone_is_under_the_key_of_the_month_in_which_the_file_was_opened(town: Town) -> None:
    second = town.made.phone()
    before = start_of(date(2019, 12, 20))
    id = town.open(town.facts(other_phones=(second,)), at=before).id
    town.keys.month(TODAY)
    assert found_by(town, second) == [id]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT q::text FROM person_phone q")
        assert second not in cursor.fetchone()[0]


@pytest.mark.parametrize("turned", [False, True])
def test_a_second_telephone_proposes_a_pair(town: Town, turned: bool) -> None:
    shared = town.made.phone()
    told = [
        town.facts(name="王小明", phone=shared, number=None),
        town.facts(name="王小明", other_phones=(shared,), number=None),
    ]
    one, other = (town.open(facts).id for facts in (reversed(told) if turned else told))
    town.open(town.facts(name="李四", other_phones=(shared,)))
    with reach(town.desk) as seen:
        pairs = duplicates(seen, at=NOW).pairs
    assert [(pair.why, {pair.one.id, pair.other.id}) for pair in pairs] == [("PHONE", {one, other})]
