"""Who answers for a division: exactly one principal at any instant, acknowledged or vacant, and never rewritten."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import GridStaff, Officer, ResponsiblePerson
from lianfang.command.queries.responsibility import (
    answering_for,
    coverage,
    my_responsibilities,
    responsible_on,
    vacancies,
    vacant_places,
)
from lianfang.command.services import (
    Laid,
    Official,
    Worker,
    acknowledge_responsible,
    assign_responsible,
    end_overlay,
    end_responsible,
    end_staff,
    place_overlay,
    place_staff,
    replace_responsible,
)
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.machine.postgres import Database
from tests import factories
from tests.command.answerable import (
    DAY,
    GRID,
    HOUR,
    MICRO,
    NEXT_GRID,
    NEXT_TOWNSHIP,
    NEXT_VILLAGE,
    PHONE,
    TOWNSHIP,
    VILLAGE,
    official,
    place,
    register_places,
    stands,
    waits,
)
from tests.factories import ANSHAN, HAICHENG, XIUYAN
from tests.noted import noted

NOON = datetime(2020, 2, 13, 12, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(clean: Database) -> Reach:
    register_places()
    return factories.officer("HEADQUARTERS", ANSHAN)


@pytest.fixture
def county(city: Reach) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


# --- assigning, acknowledging, replacing, ending ---


def test_whoever_is_assigned_counts_once_he_is_acknowledged(county: Reach) -> None:
    made = waits(county, VILLAGE, "王书记", at=NOON)
    assert answering_for([VILLAGE], at=NOON + HOUR) == {}
    assert coverage(VILLAGE, NOON + HOUR).acknowledged == 0
    acknowledge_responsible(by=county, at=NOON + HOUR, id=made.id)
    assert answering_for([VILLAGE], at=NOON + HOUR)[VILLAGE].name == "王书记"
    assert answering_for([VILLAGE], at=NOON + MINUTE) == {}  # what was so then stays so


def test_acknowledged_again_nothing_changes(county: Reach) -> None:
    made = waits(county, VILLAGE, "王书记", at=NOON)
    acknowledge_responsible(by=county, at=NOON + MINUTE, id=made.id)
    acknowledge_responsible(by=county, at=NOON + HOUR, id=made.id)
    assert ResponsiblePerson.objects.get().acknowledged_at == NOON + MINUTE
    assert len(noted("RESPONSIBLE_ACKNOWLEDGED")) == 1


def test_a_second_principal_is_refused_and_a_second_deputy_is_not(county: Reach) -> None:
    stands(county, VILLAGE, "王书记", at=NOON)
    assert refused(lambda: waits(county, VILLAGE, "李主任", at=NOON + HOUR)) == "PRINCIPAL_STANDS"
    for name in ("张副", "刘副"):
        waits(county, VILLAGE, name, at=NOON + HOUR, kind="DEPUTY")
    assert refused(lambda: waits(county, VILLAGE, "张副", at=NOON + DAY, kind="DEPUTY")) == "DEPUTY_STANDS"


def test_the_database_lets_no_two_principals_stand_at_any_instant(city: Reach) -> None:
    """Whatever a program forgets to ask: past, present and open ends alike."""
    stands(city, VILLAGE, "王书记", at=NOON)
    row = ResponsiblePerson.objects.get()
    for from_at, until_at in ((NOON - DAY, NOON + MINUTE), (NOON + DAY, None), (NOON - DAY, None)):
        row.pk, row.from_at, row.until_at = uuid4(), from_at, until_at
        row.acknowledged_at, row.ended_as = None, "ENDED" if until_at else ""
        with (
            pytest.raises(IntegrityError, match="division_has_one_principal_at_a_time"),
            transaction.atomic(),
        ):
            row.save(force_insert=True)
    row.pk, row.from_at, row.until_at, row.ended_as = uuid4(), NOON - DAY, NOON, "ENDED"
    row.save(force_insert=True)  # ended at the very instant the next began


def test_two_desks_at_once_make_one_principal(city: Reach) -> None:
    codes: list[str] = []
    begin = threading.Barrier(2)

    def at_a_desk(name: str) -> None:
        begin.wait()
        try:
            waits(city, VILLAGE, name, at=NOON)
        except Refusal as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    desks = [threading.Thread(target=at_a_desk, args=(name,)) for name in ("王", "李")]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert ResponsiblePerson.objects.count() == 1
    assert codes in (["CHANGED_MEANWHILE"], ["PRINCIPAL_STANDS"])


def test_replacing_ends_one_and_begins_another_in_one_act_and_rewrites_nothing(county: Reach) -> None:
    first = stands(county, VILLAGE, "王书记", at=NOON)
    second = replace_responsible(
        by=county, at=NOON + DAY, id=first.id, official=official("李书记"), acknowledged=True
    )
    old, new = ResponsiblePerson.objects.order_by("from_at")
    assert (old.name, old.until_at, old.ended_as, old.ended_by) == (
        "王书记", NOON + DAY, "REPLACED", county.officer_id,
    )  # fmt: skip
    assert (new.id, new.from_at, new.until_at) == (second.id, NOON + DAY, None)
    assert answering_for([VILLAGE], at=NOON + HOUR)[VILLAGE].name == "王书记"
    assert answering_for([VILLAGE], at=NOON + DAY)[VILLAGE].name == "李书记"


def test_a_replacement_that_is_refused_leaves_the_one_there_was(county: Reach) -> None:
    first = stands(county, VILLAGE, "王书记", at=NOON)
    assert (
        refused(lambda: replace_responsible(by=county, at=NOON + HOUR, id=first.id, official=official("  ")))
        == "NAME_MISSING"
    )
    assert answering_for([VILLAGE], at=NOON + DAY)[VILLAGE].name == "王书记"


def test_the_second_of_two_desks_that_replace_the_same_one_is_told(county: Reach) -> None:
    first = stands(county, VILLAGE, "王书记", at=NOON)
    replace_responsible(by=county, at=NOON + HOUR, id=first.id, official=official("李书记"))
    for act in (
        lambda: replace_responsible(by=county, at=NOON + HOUR, id=first.id, official=official("赵书记")),
        lambda: end_responsible(by=county, at=NOON + HOUR, id=first.id),
        lambda: acknowledge_responsible(by=county, at=NOON + HOUR, id=first.id),
    ):
        assert refused(act) == "CHANGED_MEANWHILE"


def test_ended_the_division_is_vacant_since_then(county: Reach) -> None:
    made = stands(county, GRID, "王网格", at=NOON)
    end_responsible(by=county, at=NOON + HOUR, id=made.id)
    (line,) = [one for one in vacancies(county, GRID, NOON + 2 * HOUR).lines if one.division == GRID]
    assert (line.since, line.was_held, line.assigned) == (NOON + HOUR, True, "")


def test_the_pages_role_changes_no_name_telephone_or_beginning(city: Reach) -> None:
    stands(city, VILLAGE, "王书记", at=NOON)
    for column in ("name", "phone", "from_at", "division", "kind"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            ResponsiblePerson.objects.update(**{column: getattr(ResponsiblePerson.objects.get(), column)})
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        ResponsiblePerson.objects.all().delete()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"division": "210381101999"}, "DIVISION_UNKNOWN"),
        ({"division": "210000"}, "DIVISION_UNKNOWN"),
        ({"division": "村"}, "DIVISION_UNKNOWN"),
        ({"division": NEXT_TOWNSHIP}, "OUT_OF_REACH"),
        ({"division": ANSHAN}, "OUT_OF_REACH"),
        ({"kind": "BOSS"}, "KIND_UNKNOWN"),
        ({"official": Official("", "镇长", PHONE)}, "NAME_MISSING"),
        ({"official": Official("\u200b\x00 ", "镇长", PHONE)}, "NAME_MISSING"),
        ({"official": Official("王", "镇长", "")}, "PHONE_MISSING"),
        ({"official": Official("王", "镇长", "没有")}, "PHONE_MISSING"),
        ({"official": Official("王", "镇长", PHONE, uuid4())}, "OFFICER_UNKNOWN"),
    ],
)
def test_what_cannot_be_assigned_is_refused(county: Reach, change: dict, code: str) -> None:
    given = {"division": VILLAGE, "kind": "PRINCIPAL", "official": official(), **change}
    assert refused(lambda: assign_responsible(by=county, at=NOON, **given)) == code
    assert not ResponsiblePerson.objects.exists()


def test_a_system_account_and_whoever_left_are_nobody_to_link(county: Reach) -> None:
    gone = factories.officer("TOWNSHIP_DESK", TOWNSHIP)
    Officer.objects.filter(pk=gone.officer_id).update(left_at=NOON)
    system = Officer.objects.get(sign_in_name="system:work")
    for id in (gone.officer_id, system.id):
        act = lambda: assign_responsible(  # noqa: E731 -- run by `refused`
            by=county,
            at=NOON,
            division=VILLAGE,
            kind="PRINCIPAL",
            official=official(officer_id=id),  # noqa: B023 -- at once
        )
        assert refused(act) == "OFFICER_UNKNOWN"


def test_the_next_county_assigns_replaces_acknowledges_and_ends_nothing_here(county: Reach) -> None:
    made = waits(county, VILLAGE, "王书记", at=NOON)
    stranger = factories.officer("COUNTY_DESK", XIUYAN)
    assert refused(lambda: stands(stranger, NEXT_VILLAGE, "张", at=NOON)) == "OUT_OF_REACH"
    at = NOON + HOUR
    for act in (
        lambda: acknowledge_responsible(by=stranger, at=at, id=made.id),
        lambda: replace_responsible(by=stranger, at=at, id=made.id, official=official()),
        lambda: end_responsible(by=stranger, at=at, id=made.id),
        lambda: end_responsible(by=county, at=at, id=uuid4()),
    ):
        assert refused(act) == "RESPONSIBLE_UNKNOWN"
    assert refused(lambda: vacancies(stranger, VILLAGE, at)) == "DIVISION_OUT_OF_REACH"


@pytest.mark.parametrize(
    "role", ["CHECKPOINT_LEAD", "WALL", "ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "AUDITOR"]
)
def test_other_roles_see_and_keep_nothing(city: Reach, role: str) -> None:
    other = factories.officer(role, ANSHAN)
    made = waits(city, VILLAGE, "王书记", at=NOON)
    for act in (
        lambda: waits(other, NEXT_VILLAGE, "张", at=NOON),
        lambda: acknowledge_responsible(by=other, at=NOON + HOUR, id=made.id),
        lambda: end_responsible(by=other, at=NOON + HOUR, id=made.id),
        lambda: vacancies(other, ANSHAN, NOON),
    ):
        with pytest.raises(Forbidden):
            act()


def test_an_officer_acknowledges_for_himself_and_sees_his_own_areas(county: Reach) -> None:
    himself = factories.officer("CHECKPOINT_LEAD", HAICHENG, name="王书记")
    made = assign_responsible(
        by=county, at=NOON, division=VILLAGE, kind="PRINCIPAL", official=official(officer_id=himself.officer_id)
    )  # fmt: skip
    stands(county, NEXT_VILLAGE, "别人", at=NOON)
    assert [one.division for one in my_responsibilities(himself, at=NOON + HOUR)] == [VILLAGE]
    acknowledge_responsible(by=himself, at=NOON + HOUR, id=made.id)
    found = answering_for([VILLAGE], at=NOON + HOUR)[VILLAGE]
    assert (found.officer_id, ResponsiblePerson.objects.get(pk=made.id).acknowledged_by) == (
        himself.officer_id, himself.officer_id,
    )  # fmt: skip


def test_every_act_is_noted_with_division_and_kind_and_never_a_name(county: Reach) -> None:
    first = waits(county, VILLAGE, "王书记", at=NOON)
    acknowledge_responsible(by=county, at=NOON + MINUTE, id=first.id)
    second = replace_responsible(by=county, at=NOON + HOUR, id=first.id, official=official("李书记"))
    end_responsible(by=county, at=NOON + DAY, id=second.id)
    entries = noted(
        "RESPONSIBLE_ASSIGNED", "RESPONSIBLE_ACKNOWLEDGED", "RESPONSIBLE_REPLACED", "RESPONSIBLE_ENDED"
    )
    assert [entry.act for entry in entries] == [
        "RESPONSIBLE_ASSIGNED", "RESPONSIBLE_ACKNOWLEDGED", "RESPONSIBLE_REPLACED", "RESPONSIBLE_ENDED",
    ]  # fmt: skip
    assert all(
        entry.details["division"] == VILLAGE and entry.officer_id == county.officer_id for entry in entries
    )
    assert entries[2].details["before"] == str(first.id)
    assert not any("书记" in str(entry) or "3220120" in str(entry) for entry in entries)


# --- who answers ---


def test_a_deputy_answers_where_the_principal_is_vacant_and_then_the_one_above(
    county: Reach, city: Reach
) -> None:
    stands(city, HAICHENG, "县长", at=NOON)
    stands(city, TOWNSHIP, "镇长", at=NOON)
    stands(city, VILLAGE, "村副", at=NOON, kind="DEPUTY")
    waits(city, VILLAGE, "村主任", at=NOON)
    found = answering_for([VILLAGE, GRID, NEXT_VILLAGE, NEXT_TOWNSHIP, HAICHENG], at=NOON)
    assert (found[VILLAGE].name, found[VILLAGE].kind, found[VILLAGE].vacant_below) == ("村副", "DEPUTY", ())
    assert (found[GRID].holder_division, found[GRID].vacant_below) == (VILLAGE, (GRID,))
    assert (found[NEXT_VILLAGE].name, found[NEXT_VILLAGE].vacant_below) == ("镇长", (NEXT_VILLAGE,))
    assert found[HAICHENG].division == found[HAICHENG].holder_division == HAICHENG
    assert NEXT_TOWNSHIP not in found  # neither it nor its county nor the city has anybody


def test_a_place_is_vacant_where_nobody_of_its_own_answers_also_where_nobody_does_up_to_the_city(
    county: Reach,
) -> None:
    asked = [VILLAGE, NEXT_VILLAGE, NEXT_TOWNSHIP, "420103001"]
    assert vacant_places(asked, at=NOON) == set()  # a city that keeps no list knows of no vacancy
    stands(county, VILLAGE, "村主任", at=NOON)
    waits(county, NEXT_VILLAGE, "没有答应的人", at=NOON)
    assert vacant_places(asked, at=NOON) == {NEXT_VILLAGE, NEXT_TOWNSHIP}  # and Wuhan's are its own affair
    assert vacant_places(asked, at=NOON - HOUR) == set()


def test_the_principal_comes_before_a_deputy_who_was_there_first(county: Reach) -> None:
    stands(county, VILLAGE, "村副", at=NOON - DAY, kind="DEPUTY")
    stands(county, VILLAGE, "村主任", at=NOON)
    assert answering_for([VILLAGE], at=NOON)[VILLAGE].name == "村主任"
    assert answering_for([VILLAGE], at=NOON - HOUR)[VILLAGE].name == "村副"


def test_who_answers_is_one_question_for_any_number_of_divisions(city: Reach) -> None:
    stands(city, ANSHAN, "市长", at=NOON)
    many = [f"210381101{number:03d}" for number in range(1, 900)]
    with CaptureQueriesContext(connection) as asked:
        found = answering_for(many, at=NOON)
    assert len(asked) == 1
    assert {one.name for one in found.values()} == {"市长"}
    assert found[many[0]].vacant_below == (many[0], TOWNSHIP, HAICHENG)
    with CaptureQueriesContext(connection) as asked:
        assert answering_for([], at=NOON) == {}
    assert len(asked) == 0


def test_codes_are_answered_as_they_were_asked(city: Reach) -> None:
    stands(city, VILLAGE, "村主任", at=NOON)
    assert answering_for([VILLAGE + "000"], at=NOON)[VILLAGE + "000"].holder_division == VILLAGE
    assert answering_for(["210000"], at=NOON) == {}


def test_who_was_responsible_on_3_february(county: Reach) -> None:
    then = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI)
    old = stands(county, VILLAGE, "王书记", at=then - DAY)
    stands(county, VILLAGE, "张副", at=then - DAY, kind="DEPUTY")
    worker = place_staff(
        by=county, at=then - DAY, division=VILLAGE,
        worker=Worker("SECONDED_OFFICER", "刘干部", "13900001234", "市文化局", ("LEGAL_GUIDANCE", "EPIDEMIC_PUBLICITY")),
    )  # fmt: skip
    laid = place_overlay(
        by=county, at=then - DAY, division=VILLAGE, laid=Laid("PARTY_AREA", "第一党员责任区", "赵党员", PHONE)
    )
    replace_responsible(by=county, at=then + DAY, id=old.id, official=official("李书记"))
    end_staff(by=county, at=then + DAY, id=worker.id)
    end_overlay(by=county, at=then + DAY, id=laid.id)
    on = responsible_on(VILLAGE, then)
    assert on.principal is not None
    assert (on.principal.name, on.is_vacant, [one.name for one in on.deputies]) == ("王书记", False, ["张副"])
    assert [one.duties for one in on.staff] == [["EPIDEMIC_PUBLICITY", "LEGAL_GUIDANCE"]]
    assert [one.title for one in on.overlays] == ["第一党员责任区"]
    later = responsible_on(VILLAGE, then + 2 * DAY)
    assert later.principal is not None
    assert (later.principal.name, later.is_vacant, later.staff, later.overlays) == ("李书记", True, (), ())


# --- vacancies and coverage ---


def test_only_the_lowest_registered_divisions_are_leaves(city: Reach) -> None:
    """海城 has two villages: one with two grids, of which one has a micro-grid; leaves are MICRO, NEXT_GRID, NEXT_VILLAGE."""
    assert coverage(HAICHENG, NOON) == (0, 3)
    for division in (MICRO, NEXT_VILLAGE, GRID, VILLAGE):
        stands(city, division, "某", at=NOON)
    waits(city, NEXT_GRID, "待确认", at=NOON)
    assert coverage(HAICHENG, NOON) == (2, 3)
    assert coverage(VILLAGE, NOON) == (1, 2)
    assert coverage(XIUYAN, NOON) == (0, 0)


def test_a_grid_counts_from_the_day_it_is_registered(city: Reach) -> None:
    place(NEXT_VILLAGE + "001", "第1网格", since=date(2020, 2, 13)).save(using="owner")
    assert coverage(NEXT_VILLAGE, NOON - DAY) == (0, 1)
    stands(city, NEXT_VILLAGE, "村主任", at=NOON - 2 * DAY)
    assert coverage(NEXT_VILLAGE, NOON - DAY) == (1, 1)
    assert coverage(NEXT_VILLAGE, NOON) == (0, 1)  # the grid is the leaf now


def test_a_vacancy_climbs_a_level_every_two_hours_of_the_day(city: Reach) -> None:
    for division in (
        ANSHAN,
        HAICHENG,
        XIUYAN,
        TOWNSHIP,
        NEXT_TOWNSHIP,
        VILLAGE,
        NEXT_VILLAGE,
        NEXT_GRID,
        MICRO,
    ):
        stands(city, division, "某", at=NOON - DAY)
    made = stands(city, GRID, "网格长", at=NOON - DAY)
    end_responsible(by=city, at=NOON, id=made.id)

    def red(under: str, at: datetime) -> bool:
        (line,) = vacancies(city, under, at).lines
        assert line.division == GRID
        return line.is_red

    lists = (VILLAGE, TOWNSHIP, HAICHENG, ANSHAN)
    assert [red(one, NOON + 2 * HOUR - MINUTE) for one in lists] == [False] * 4
    assert [red(one, NOON + 2 * HOUR) for one in lists] == [True, False, False, False]
    assert [red(one, NOON + 4 * HOUR) for one in lists] == [True, True, False, False]
    assert [red(one, NOON + 8 * HOUR) for one in lists] == [True] * 4
    assert vacancies(city, ANSHAN, NOON + HOUR, after=timedelta(minutes=15)).red == 1
    assert vacancies(city, ANSHAN, NOON - HOUR).total == 0


def test_a_vacancy_of_the_night_sleeps_until_seven(city: Reach) -> None:
    late = datetime(2020, 2, 13, 21, tzinfo=SHANGHAI)
    made = stands(city, GRID, "网格长", at=NOON)
    end_responsible(by=city, at=late, id=made.id)

    def is_red(at: datetime) -> bool:
        return next(one.is_red for one in vacancies(city, VILLAGE, at).lines if one.division == GRID)

    assert not is_red(late + 5 * HOUR)  # two in the morning
    morning = datetime(2020, 2, 14, 7, tzinfo=SHANGHAI)
    assert not is_red(morning + HOUR - MINUTE)
    assert is_red(morning + HOUR)  # one hour of the evening and one of the morning


def test_whoever_waits_to_be_acknowledged_is_named_on_the_list_of_vacancies(county: Reach) -> None:
    waits(county, NEXT_VILLAGE, "李主任", at=NOON)
    (line,) = vacancies(county, NEXT_VILLAGE, NOON + HOUR).lines
    assert (line.assigned, line.assigned_at, line.was_held) == ("李主任", NOON, False)
    assert line.since == datetime(2019, 10, 31, tzinfo=SHANGHAI)  # since it stands in the register


def test_red_vacancies_come_first_and_pages_keep_the_counts(city: Reach) -> None:
    made = stands(city, GRID, "网格长", at=NOON)
    end_responsible(by=city, at=NOON + HOUR, id=made.id)
    found = vacancies(city, HAICHENG, NOON + 2 * HOUR)
    assert [one.division for one in found.lines][-1] == GRID
    assert (found.total, found.red) == (7, 6)
    assert len(vacancies(city, HAICHENG, NOON + 2 * HOUR, only_red=True).lines) == 6
    beyond = vacancies(city, HAICHENG, NOON + 2 * HOUR, skip=50)
    assert (beyond.lines, beyond.total, beyond.red) == ((), 7, 6)


# --- grid staff and overlays ---


def test_staff_and_overlays_are_placed_and_ended_once(county: Reach) -> None:
    made = place_staff(by=county, at=NOON, division=GRID, worker=Worker("VOLUNTEER", "周志愿", PHONE))
    with pytest.raises(Refusal, match="STANDS_ALREADY"):  # a form sent twice
        place_staff(by=county, at=NOON, division=GRID, worker=Worker("VOLUNTEER", "周志愿", PHONE))
    laid = place_overlay(
        by=county, at=NOON, division=TOWNSHIP, laid=Laid("VANGUARD_POST", "东岗", "吴", PHONE)
    )
    for _ in range(2):
        end_staff(by=county, at=NOON + HOUR, id=made.id)
        end_overlay(by=county, at=NOON + HOUR, id=laid.id)
    acts = ("STAFF_PLACED", "OVERLAY_PLACED", "STAFF_ENDED", "OVERLAY_ENDED")
    assert [entry.act for entry in noted(*acts)] == list(acts)
    stranger = factories.officer("COUNTY_DESK", XIUYAN)
    assert refused(lambda: end_staff(by=stranger, at=NOON, id=made.id)) == "STAFF_UNKNOWN"
    assert refused(lambda: end_overlay(by=stranger, at=NOON, id=laid.id)) == "OVERLAY_UNKNOWN"


@pytest.mark.parametrize(
    ("division", "worker", "code"),
    [
        (TOWNSHIP, Worker("VOLUNTEER", "周", PHONE), "GRID_UNKNOWN"),
        (NEXT_TOWNSHIP, Worker("VOLUNTEER", "周", PHONE), "OUT_OF_REACH"),
        (GRID, Worker("DOCTOR", "周", PHONE), "KIND_UNKNOWN"),
        (GRID, Worker("VOLUNTEER", "周", PHONE, duties=("COOKING",)), "DUTY_UNKNOWN"),
        (GRID, Worker("VOLUNTEER", " ", PHONE), "NAME_MISSING"),
        (GRID, Worker("VOLUNTEER", "周", "无"), "PHONE_MISSING"),
    ],
)
def test_staff_that_cannot_be_placed_is_refused(
    county: Reach, division: str, worker: Worker, code: str
) -> None:
    assert refused(lambda: place_staff(by=county, at=NOON, division=division, worker=worker)) == code
    assert not GridStaff.objects.exists()


def test_the_database_knows_the_five_duties_and_no_other(county: Reach, clean: Database) -> None:
    made = place_staff(by=county, at=NOON, division=GRID, worker=Worker("VOLUNTEER", "周", PHONE))
    place_of = clean.parameters("owner")
    with psycopg.connect(**place_of) as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("UPDATE grid_staff SET duties = '{COOKING}' WHERE id = %s", [made.id])
