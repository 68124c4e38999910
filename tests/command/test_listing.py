"""Lists of responsible persons and grid staff: every row read is accepted, flagged or refused, and no place is guessed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import GridStaff, Overlay, ResponsiblePerson
from lianfang.command.queries.responsibility import answering_for
from lianfang.command.rules.listed import ACCEPTED, FLAGGED, REFUSED, Accounted, ListedPerson
from lianfang.command.services import Official, assign_responsible, take_list
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.machine.postgres import Database
from lianfang.regions.models import Region, RegionAlias
from tests import factories
from tests.command.answerable import (
    DAY,
    GRID,
    HOUR,
    NEXT_GRID,
    NEXT_TOWNSHIP,
    NEXT_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    place,
    register_places,
    stands,
    waits,
)
from tests.factories import ANSHAN, HAICHENG
from tests.noted import noted

NOON = datetime(2020, 2, 13, 12, tzinfo=SHANGHAI)


@pytest.fixture
def county(clean: Database) -> Reach:
    register_places()
    # A village of the same name as the grid's village in another township, with a grid of the same number.
    Region.objects.using("owner").bulk_create(
        [
            place("210381102", "岔沟镇"),
            place("210381102200", "大孤山村民委员会"),
            place("210381102200001", "第1网格"),
        ]
    )
    return factories.officer("COUNTY_DESK", HAICHENG)


def row(where: str = VILLAGE, kind: str = "PRINCIPAL", name: str = "王书记", **said: Any) -> ListedPerson:
    return ListedPerson(
        **{"line": 5, "place": where, "kind": kind, "name": name, "phone": "13900001234", **said}
    )


def take(by: Reach, *rows: ListedPerson, at: datetime = NOON, **how: Any) -> Accounted:
    return take_list(by=by, at=at, listed=rows, **how)


def states(accounted: Accounted) -> Sequence[tuple[str, str]]:
    return [(one.state, one.reason.code if one.reason else "") for one in accounted.rows]


@pytest.mark.parametrize(
    ("said", "division"),
    [
        ("210381101200", VILLAGE),
        ("210381101200000000", VILLAGE),
        ("小孤山村", NEXT_VILLAGE),
        ("小孤山村民委员会", NEXT_VILLAGE),
        ("孤山镇大孤山村", VILLAGE),
        ("海城市孤山镇大孤山村", VILLAGE),
        ("辽宁省鞍山市海城市孤山镇大孤山村第1网格", GRID),
        (" 孤山镇　大孤山村 第2网格 ", NEXT_GRID),
        ("第2网格", NEXT_GRID),  # the only one within reach
        ("孤山镇", TOWNSHIP),
        ("海城", HAICHENG),
    ],
)
def test_a_place_is_read_by_code_name_or_path(county: Reach, said: str, division: str) -> None:
    assert states(take(county, row(said))) == [(ACCEPTED, "")]
    assert ResponsiblePerson.objects.get().division == division


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("大孤山村", "PLACE_AMBIGUOUS"),
        ("第1网格", "PLACE_AMBIGUOUS"),
        ("大孤山村第1网格", "PLACE_AMBIGUOUS"),
        ("孤山", "PLACE_UNKNOWN"),
        ("", "PLACE_UNKNOWN"),
        ("无此村", "PLACE_UNKNOWN"),
        ("2103811019", "PLACE_UNKNOWN"),
        (NEXT_TOWNSHIP, "PLACE_UNKNOWN"),  # of the next county: not among those that are read
        ("辽宁省", "OUT_OF_REACH"),
        ("鞍山市", "OUT_OF_REACH"),
        ("村" * 200, "PLACE_UNKNOWN"),
    ],
)
def test_a_place_that_is_nowhere_elsewhere_or_twice_is_refused_and_never_guessed(
    county: Reach, said: str, code: str
) -> None:
    assert states(take(county, row(said))) == [(REFUSED, code)]
    assert not ResponsiblePerson.objects.exists()


def test_an_ambiguous_place_is_told_with_the_places_it_may_be(county: Reach) -> None:
    (one,) = take(county, row("大孤山村")).rows
    assert one.reason is not None
    assert "海城市孤山镇大孤山村民委员会" in one.reason.zh
    assert "海城市岔沟镇大孤山村民委员会" in one.reason.zh


def test_an_alias_names_a_place_and_one_of_two_places_names_none(county: Reach) -> None:
    aliases = [("王家屯", NEXT_VILLAGE), ("老街", VILLAGE), ("老街", NEXT_VILLAGE)]
    RegionAlias.objects.using("owner").bulk_create(
        [
            RegionAlias(code=code, alias=alias, kind="HAMLET", source="test", valid_from=date(2019, 10, 31))
            for alias, code in aliases
        ]
    )
    assert states(take(county, row("王家屯"), row("老街", name="李"))) == [
        (ACCEPTED, ""),
        (REFUSED, "PLACE_AMBIGUOUS"),
    ]


def test_every_row_read_is_accounted_for(county: Reach) -> None:
    rows = [
        row(VILLAGE),
        row(VILLAGE, line=6),
        row(VILLAGE, "DEPUTY", "张副", line=7),
        row(VILLAGE, "DEPUTY", "张副", line=8),
        row(VILLAGE, "DEPUTY", "刘副", phone="内线 8", line=9),
        row(NEXT_VILLAGE, name="", line=10),
        row(NEXT_VILLAGE, phone="", line=11),
        row("大孤山村", line=12),
        row(GRID, "VOLUNTEER", "周志愿", line=13, duties=("CIVIL_ERRANDS",)),
        row(TOWNSHIP, "VOLUNTEER", "吴志愿", line=14),
        row(VILLAGE, "PARTY_AREA", "赵党员", line=15, title="第一责任区"),
        row(VILLAGE, "PARTY_AREA", "赵党员", line=16),
        row(VILLAGE, line=17, problem=Refusal("KIND_UNKNOWN", "不认识类别。", "Unknown kind.")),
    ]
    found = take(county, *rows)
    assert states(found) == [
        (ACCEPTED, ""),
        (REFUSED, "ROW_TWICE"),
        (ACCEPTED, ""),
        (REFUSED, "ROW_TWICE"),
        (FLAGGED, "PHONE_ODD"),
        (REFUSED, "NAME_MISSING"),
        (REFUSED, "PHONE_MISSING"),
        (REFUSED, "PLACE_AMBIGUOUS"),
        (ACCEPTED, ""),
        (REFUSED, "GRID_UNKNOWN"),
        (ACCEPTED, ""),
        (REFUSED, "NAME_MISSING"),
        (REFUSED, "KIND_UNKNOWN"),
    ]
    counts = found.counts()
    assert counts["accepted"] + counts["flagged"] + counts["refused"] == counts["read"] == len(rows)
    assert [one.line for one in found.rows] == [one.line for one in rows]
    assert (ResponsiblePerson.objects.count(), Overlay.objects.count(), GridStaff.objects.count()) == (
        3,
        1,
        1,
    )
    (entry,) = noted("RESPONSIBILITY_IMPORTED")
    assert (entry.count, entry.details["read"], entry.details["refused"]) == (5, 13, 8)
    assert "王书记" not in str(entry)


def test_taken_again_nothing_changes_and_who_has_said_yes_meanwhile_is_acknowledged(county: Reach) -> None:
    rows = (row(VILLAGE, unit="村书记"), row(GRID, "GRID_WORKER", "周", duties=("LEGAL_GUIDANCE",)))
    take(county, *rows)
    assert answering_for([VILLAGE], at=NOON) == {}
    assert states(take(county, *rows, at=NOON + HOUR)) == [(ACCEPTED, "")] * 2
    take(county, row(VILLAGE, unit="村书记", taken=True), at=NOON + DAY)
    person = ResponsiblePerson.objects.get()
    assert (person.from_at, person.acknowledged_at) == (NOON, NOON + DAY)
    take(county, row(VILLAGE, unit="村书记", taken=True), at=NOON + 2 * DAY)
    assert ResponsiblePerson.objects.get().acknowledged_at == NOON + DAY
    assert GridStaff.objects.count() == 1


def test_another_name_replaces_and_another_telephone_too_and_the_record_of_before_stays(
    county: Reach,
) -> None:
    stands(county, VILLAGE, "王书记", at=NOON - DAY)
    found = take(county, row(VILLAGE, name="李书记", taken=True))
    assert states(found) == [(FLAGGED, "REPLACED")]
    assert found.rows[0].reason is not None
    assert "王书记" in found.rows[0].reason.zh
    old, new = ResponsiblePerson.objects.order_by("from_at")
    assert (old.until_at, old.ended_as, old.ended_by) == (NOON, "REPLACED", county.officer_id)
    assert (new.name, new.from_at, new.acknowledged_at) == ("李书记", NOON, NOON)
    changed = row(VILLAGE, name="李书记", phone="13900009999", taken=True)
    assert states(take(county, changed, at=NOON + HOUR)) == [(FLAGGED, "CHANGED")]
    assert ResponsiblePerson.objects.count() == 3


def test_nobody_is_ended_because_a_list_does_not_name_him(county: Reach) -> None:
    stands(county, NEXT_VILLAGE, "李书记", at=NOON - DAY)
    stands(county, VILLAGE, "张副", at=NOON - DAY, kind="DEPUTY")
    take(county, row(VILLAGE))
    assert ResponsiblePerson.objects.filter(until_at=None).count() == 3


def test_only_read_says_what_would_become_of_each_row_and_does_nothing(county: Reach) -> None:
    waits(county, VILLAGE, "王书记", at=NOON - DAY)
    found = take(county, row(VILLAGE, name="李书记"), row("大孤山村"), only_read=True)
    assert states(found) == [(FLAGGED, "REPLACED"), (REFUSED, "PLACE_AMBIGUOUS")]
    assert ResponsiblePerson.objects.get().until_at is None
    assert noted("RESPONSIBILITY_IMPORTED") == []


def test_a_list_of_hundreds_asks_the_database_as_often_as_one_of_one(county: Reach) -> None:
    Region.objects.using("owner").bulk_create(
        [place(f"210381101201{number:03d}", f"第{number}网格") for number in range(1, 300)]
    )
    with CaptureQueriesContext(connection) as one:
        take(county, row(GRID, taken=True))
    many = [row(f"小孤山村第{n}网格", name=f"王{n}", line=n) for n in range(1, 300)]
    with CaptureQueriesContext(connection) as hundreds:
        found = take(county, *many, at=NOON + HOUR)
    assert found.counts() == {"read": 299, "accepted": 299, "flagged": 0, "refused": 0}
    assert len(hundreds) == len(one)


def test_a_list_is_taken_by_those_who_keep_responsibility_and_by_nobody_else(county: Reach) -> None:
    for role in ("CHECKPOINT_LEAD", "WALL", "AUDITOR"):
        with pytest.raises(Forbidden):
            take(factories.officer(role, ANSHAN), row(VILLAGE))


def test_whose_telephone_alone_changed_goes_on_answering_under_his_account(county: Reach) -> None:
    own = factories.officer("TOWNSHIP_DESK", TOWNSHIP, name="王书记")
    official = Official("王书记", "村书记", "13900001234", own.officer_id)
    assign_responsible(
        by=county, at=NOON, division=VILLAGE, kind="PRINCIPAL", official=official, acknowledged=True
    )
    said = [row(phone="13900005678", unit="村书记")]
    assert take_list(by=county, at=NOON + HOUR, listed=said).counts()["flagged"] == 1
    now = ResponsiblePerson.objects.get(until_at=None)
    assert (now.phone, now.officer_id, now.acknowledged_at) == ("13900005678", own.officer_id, NOON + HOUR)
    assert answering_for([VILLAGE], at=NOON + HOUR)[VILLAGE].vacant_below == ()


def test_whoever_replaces_him_has_to_say_yes_himself(county: Reach) -> None:
    stands(county, VILLAGE, "王书记", at=NOON)
    take_list(by=county, at=NOON + HOUR, listed=[row(name="李书记")])
    assert ResponsiblePerson.objects.get(until_at=None).acknowledged_at is None
