"""Duty: nobody in two places, every minute looked at, nothing handed over unread, no name lost; the database agrees."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from lianfang.command.groups import GROUPS
from lianfang.command.models import DutyHandover, DutySlot, DutySwap, Membership, WorkGroup
from lianfang.command.queries.duty import duty_now, duty_week, my_slots
from lianfang.command.queries.headquarters import headquarters_in_sight, members_of
from lianfang.command.rules.duty import duty_day, gaps, hours_of, monday_of
from lianfang.command.services.duty_handovers import accept_duty, hand_duty_over
from lianfang.command.services.duty_plan import copy_week, plan_slot, withdraw_slot
from lianfang.command.services.duty_slots import mark_absent, replace_absent, sign_in_for_duty
from lianfang.command.services.duty_swaps import ask_for_swap, decide_swap
from lianfang.command.services.headquarters import (
    add_group,
    add_member,
    end_membership,
    open_headquarters,
)
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import ANSHAN, HAICHENG, XIUYAN
from tests.staffed import Staffed, members, noon, staffed

NOON = noon(datetime.now(UTC))
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Item(NamedTuple):
    kind: str
    about: str = ""
    amount: int = 1

    @property
    def key(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def as_json(self) -> dict[str, Any]:
        return self._asdict()


@pytest.fixture
def hq(clean: Database) -> Staffed:
    return staffed(at=NOON)


@pytest.fixture
def other_desk(hq: Staffed) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="另一名值班员")


class Planned(NamedTuple):
    role: str
    begins_at: datetime
    ends_at: datetime
    state: str = "PLANNED"


def of(part: str, role: str = "DUTY", state: str = "PLANNED", *, on: date = date(2020, 2, 13)) -> Planned:
    return Planned(role, *hours_of(on, part), state)


def told(slots: Sequence[Planned], *, on: date = date(2020, 2, 13)) -> list[tuple[str, str, tuple[str, ...]]]:
    hours = hours_of(on, "FULL")
    found = gaps(slots, since=hours.begins_at, until=hours.ends_at)
    clock = [(one.begins_at.astimezone(SHANGHAI), one.ends_at.astimezone(SHANGHAI)) for one in found]
    return [(f"{a:%H:%M}", f"{b:%H:%M}", one.missing) for (a, b), one in zip(clock, found, strict=True)]


class TestTheHours:
    def test_a_duty_day_runs_from_eight_to_eight_in_the_city(self) -> None:
        for at, day in (
            ("2020-02-13T08:00+08:00", 13),
            ("2020-02-14T07:59+08:00", 13),
            ("2020-02-13T02:00+08:00", 12),
        ):
            assert duty_day(datetime.fromisoformat(at)) == date(2020, 2, day)

    def test_three_parts_fill_the_day(self) -> None:
        parts = [hours_of(date(2020, 2, 13), part) for part in ("EARLY", "MIDDLE", "LATE")]
        whole = hours_of(date(2020, 2, 13), "FULL")
        assert (parts[0].begins_at, parts[-1].ends_at) == whole
        assert all(one.ends_at == other.begins_at for one, other in pairwise(parts))

    @pytest.mark.parametrize(
        ("slots", "expected"),
        [
            ([], [("08:00", "08:00", ("LEAD", "DUTY"))]),
            ([of("FULL", "LEAD")], [("08:00", "08:00", ("DUTY",))]),
            ([of("FULL", "LEAD"), of("FULL")], []),
            ([of("FULL", "LEAD"), of("EARLY"), of("LATE")], [("16:00", "00:00", ("DUTY",))]),
            ([of("EARLY", "LEAD"), of("EARLY")], [("16:00", "08:00", ("LEAD", "DUTY"))]),
            ([of("FULL", "LEAD"), of("FULL", state="ABSENT")], [("08:00", "08:00", ("DUTY",))]),
            ([of("FULL", "LEAD"), of("FULL", state="REPLACED"), of("FULL")], []),
            (
                [of("EARLY", "LEAD"), of("MIDDLE"), of("LATE", "LEAD"), of("LATE")],
                [("08:00", "16:00", ("DUTY",)), ("16:00", "00:00", ("LEAD",))],
            ),
        ],
    )
    def test_every_minute_without_a_lead_or_without_duty_is_found(
        self, slots: list[Planned], expected: list[Any]
    ) -> None:
        assert told(slots) == expected

    def test_a_slot_has_the_hours_of_its_part_whatever_a_program_writes(self, hq: Staffed) -> None:
        slot = hq.slot(hq.member("王一"))
        for wrong in (
            {"ends_at": F("ends_at") + HOUR},
            {"begins_at": F("begins_at") - HOUR},
            {"part": "EARLY"},
            {"part": "NIGHT"},
            {"on_date": slot.on_date + DAY},
        ):
            with pytest.raises(IntegrityError, match="hours_of_its_part"), transaction.atomic():
                DutySlot.objects.filter(pk=slot.pk).update(**wrong)


class TestHeadquarters:
    def test_groups_are_those_the_source_names_and_no_others(self, hq: Staffed) -> None:
        rows = WorkGroup.objects.filter(headquarters=hq.headquarters).order_by("position")
        assert [row.name_zh for row in rows] == [
            "指挥部办公室", "秘书组", "文电组", "诉求举报组", "数据统计组", "督办组", "法制保障组", "党群动员组",
            "企业和工商业户组", "综合信息组",
        ]  # fmt: skip
        office = rows[0]
        assert [row.parent_id for row in rows] == [None, *[office.id] * 6, None, None, None]

    def test_a_city_adds_its_own_once(self, hq: Staffed) -> None:
        office = hq.group("OFFICE")
        made = add_group(
            by=hq.keeper, headquarters=hq.headquarters.id, zh="后勤组", en="", parent=office.id, at=NOON
        )
        assert (made.code, made.name_en, made.parent_id) == (f"OWN_{len(GROUPS)}", "后勤组", office.id)
        with pytest.raises(Refusal, match="GROUP_THERE"):
            add_group(by=hq.keeper, headquarters=hq.headquarters.id, zh=" 后勤组", en="", at=NOON)
        with pytest.raises(NotFound):
            add_group(by=hq.keeper, headquarters=hq.headquarters.id, zh="下", en="", parent=made.id, at=NOON)

    def test_there_is_one_of_a_division_and_none_of_a_village_or_elsewhere(self, hq: Staffed) -> None:
        for division, code in ((HAICHENG, "HEADQUARTERS_THERE"), ("210381101200", "DIVISION_UNKNOWN"),
                               (XIUYAN, "OUT_OF_REACH"), ("21038x", "DIVISION_UNKNOWN")):  # fmt: skip
            with pytest.raises(Refusal, match=code):
                open_headquarters(by=hq.keeper, division=division, name="指挥部", at=NOON)

    def test_whom_an_officer_sees_his_own_and_those_above(self, hq: Staffed) -> None:
        city = staffed(ANSHAN, at=NOON, role="HEADQUARTERS", name="鞍山市指挥部")
        town = staffed("210381101", at=NOON, name="孤山镇指挥部")

        def seen(role: str, division: str) -> list[str]:
            return [line.name for line in headquarters_in_sight(factories.officer(role, division))]

        assert seen("HEADQUARTERS", ANSHAN) == ["鞍山市指挥部", hq.headquarters.name, "孤山镇指挥部"]
        assert seen("COUNTY_DESK", HAICHENG) == [hq.headquarters.name, "鞍山市指挥部", "孤山镇指挥部"]
        assert seen("TOWNSHIP_DESK", "210381101") == ["孤山镇指挥部", hq.headquarters.name, "鞍山市指挥部"]
        assert seen("TOWNSHIP_DESK", "210381102") == [hq.headquarters.name, "鞍山市指挥部"]
        assert seen("COUNTY_DESK", XIUYAN) == ["鞍山市指挥部"]
        with pytest.raises(Forbidden, match="HEADQUARTERS_OF_OTHERS"):
            add_group(by=hq.keeper, headquarters=city.headquarters.id, zh="组", en="", at=NOON)
        stranger = factories.officer("COUNTY_DESK", XIUYAN)
        with pytest.raises(NotFound):
            add_group(by=stranger, headquarters=town.headquarters.id, zh="组", en="", at=NOON)

    def test_somebody_is_in_a_group_once_at_a_time_and_may_come_back(self, hq: Staffed) -> None:
        hq.member("王一")
        with pytest.raises(Refusal, match="MEMBER_THERE"):
            hq.member("王一")
        hq.member("王一", group="LEGAL")
        first = Membership.objects.get(group=hq.group())
        end_membership(by=hq.keeper, id=first.id, at=NOON + HOUR)
        with pytest.raises(NotFound):
            end_membership(by=hq.keeper, id=first.id, at=NOON + 2 * HOUR)
        hq.at = NOON + 2 * HOUR
        hq.member("王一")
        assert members(hq) == ["王一", "王一"]
        assert len(members_of(hq.keeper, hq.headquarters.id, at=NOON + HOUR)) == 1

    @pytest.mark.parametrize("phone", ["", "12", "电话", "3222345", "139000"])
    def test_whoever_cannot_be_called_is_not_in_a_group(self, hq: Staffed, phone: str) -> None:
        with pytest.raises(Refusal, match="PHONE_MISSING"):
            add_member(by=hq.keeper, group=hq.group().id, role="MEMBER", name="王一", phone=phone, at=NOON)

    def test_an_officer_of_elsewhere_is_not_found(self, hq: Staffed) -> None:
        for stranger in (factories.officer("COUNTY_DESK", XIUYAN).officer_id, uuid4()):
            with pytest.raises(NotFound, match="OFFICER_UNKNOWN"):
                add_member(
                    by=hq.keeper, group=hq.group().id, role="MEMBER", officer=stranger, phone="13900001234", at=NOON
                )  # fmt: skip

    def test_who_has_slots_to_come_stays_in_the_group(self, hq: Staffed) -> None:
        slot = hq.slot(hq.member("王一"), on=hq.today + DAY)
        membership = Membership.objects.get()
        with pytest.raises(Refusal, match="MEMBER_ON_DUTY"):
            end_membership(by=hq.keeper, id=membership.id, at=NOON + HOUR)
        withdraw_slot(by=hq.keeper, id=slot.id, at=NOON)
        end_membership(by=hq.keeper, id=membership.id, at=NOON + HOUR)
        with pytest.raises(Refusal, match="NOT_A_MEMBER"):
            plan_slot(
                by=hq.keeper, group=hq.group().id, person=membership.person_id, on=hq.today, part="FULL", role="DUTY",
                at=NOON + 2 * HOUR,
            )  # fmt: skip


class TestThePlan:
    def test_nobody_is_in_two_places_at_once(self, hq: Staffed) -> None:
        person = hq.member("王一")
        hq.member("王一", group="LEGAL")
        hq.slot(person, part="EARLY")
        for part, group in (("FULL", "LEGAL"), ("EARLY", "LEGAL"), ("EARLY", "STATISTICS")):
            with pytest.raises(Refusal, match="DUTY_OVERLAPS"):
                hq.slot(person, part=part, group=group)
        hq.slot(person, part="MIDDLE", group="LEGAL")
        assert DutySlot.objects.count() == 2

    def test_the_night_of_yesterday_touches_this_morning_and_does_not_overlap(self, hq: Staffed) -> None:
        person = hq.member("王一")
        hq.slot(person, part="LATE")
        hq.slot(person, on=hq.today + DAY, part="EARLY")

    def test_the_database_keeps_them_apart_by_itself(self, hq: Staffed) -> None:
        person = hq.member("王一")
        first, second = hq.slot(person, part="EARLY"), hq.slot(person, part="MIDDLE")
        with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
            DutySlot.objects.filter(pk=second.pk).update(
                part="EARLY", begins_at=first.begins_at, ends_at=first.ends_at
            )

    @pytest.mark.parametrize(("days", "part"), [(-1, "FULL"), (0, "NIGHT"), (200, "FULL")])
    def test_what_is_over_or_far_off_is_not_planned(self, hq: Staffed, days: int, part: str) -> None:
        person = hq.member("王一")
        with pytest.raises(Refusal):
            hq.slot(person, on=hq.today + days * DAY, part=part)

    def test_who_only_looks_plans_nothing(self, hq: Staffed) -> None:
        officer, person = hq.officer("李二")
        with pytest.raises(Forbidden):
            plan_slot(
                by=officer, group=hq.group().id, person=person, on=hq.today, part="FULL", role="DUTY", at=NOON
            )

    def test_what_was_taken_back_frees_its_hours_and_stays_as_a_row(self, hq: Staffed) -> None:
        person = hq.member("王一")
        slot = hq.slot(person)
        withdraw_slot(by=hq.keeper, id=slot.id, at=NOON)
        hq.slot(person)
        assert DutySlot.objects.count() == 2
        with pytest.raises(NotFound):
            withdraw_slot(by=hq.keeper, id=slot.id, at=NOON)

    def test_a_week_is_copied_as_it_was_planned_and_what_would_overlap_is_left_out(
        self, hq: Staffed, other_desk: Reach
    ) -> None:
        monday = monday_of(hq.today) + 7 * DAY
        one, two, three = hq.member("王一"), hq.member("李二"), hq.member("张三")
        swapped = hq.slot(one, on=monday, part="EARLY")
        hq.slot(two, on=monday + DAY)
        hq.slot(three, on=monday + 2 * DAY)
        asked = ask_for_swap(by=hq.keeper, id=swapped.id, person=two, reason="家里有事", at=NOON)
        decide_swap(by=other_desk, id=asked.id, granted=True, at=NOON)
        hq.slot(
            one, on=monday, part="EARLY", group="STATISTICS"
        )  # free by the swap: planned twice in the week
        hq.slot(three, on=monday + 9 * DAY, part="LATE")  # there already
        done = copy_week(
            by=hq.keeper,
            headquarters=hq.headquarters.id,
            from_=monday + 3 * DAY,
            to=monday + 7 * DAY,
            at=NOON,
        )
        assert done == (2, 2)
        new = DutySlot.objects.filter(on_date__gte=monday + 7 * DAY).order_by("begins_at")
        assert [(row.on_date - monday, row.person_id, row.part) for row in new] == [
            (7 * DAY, one, "EARLY"), (8 * DAY, two, "FULL"), (9 * DAY, three, "LATE"),
        ]  # fmt: skip
        again = copy_week(
            by=hq.keeper, headquarters=hq.headquarters.id, from_=monday, to=monday + 7 * DAY, at=NOON
        )
        assert again == (0, 4)

    def test_who_left_the_group_is_not_copied(self, hq: Staffed) -> None:
        monday = monday_of(hq.today)
        hq.at = NOON - 8 * DAY
        person = hq.member("王一")
        hq.slot(person, on=monday - 7 * DAY + 6 * DAY)
        end_membership(by=hq.keeper, id=Membership.objects.get().id, at=NOON)
        done = copy_week(
            by=hq.keeper,
            headquarters=hq.headquarters.id,
            from_=monday - 7 * DAY,
            to=monday + 7 * DAY,
            at=NOON + HOUR,
        )
        assert done == (0, 1)

    @pytest.mark.parametrize("weeks", [0, -1, 9])
    def test_a_week_is_copied_forward_and_not_far(self, hq: Staffed, weeks: int) -> None:
        with pytest.raises(Refusal, match="WEEK_ODD"):
            copy_week(
                by=hq.keeper, headquarters=hq.headquarters.id, from_=hq.today, to=hq.today + weeks * 7 * DAY, at=NOON
            )  # fmt: skip

    def test_the_week_shows_what_is_missing(self, hq: Staffed) -> None:
        hq.slot(hq.member("王一"), role="LEAD")
        hq.slot(hq.member("李二"), part="EARLY")
        (line,) = headquarters_in_sight(hq.keeper)
        week = duty_week(hq.keeper, line, day=hq.today)
        row = next(row for row in week.rows if row.group.code == "STATISTICS")
        cell = next(cell for cell in row.cells if cell.day == hq.today)
        assert ([one.name for one in cell.slots], [one.missing for one in cell.gaps]) == (
            ["王一", "李二"],
            [("DUTY",)],
        )
        assert (week.slots, week.gaps) == (2, 70)


class TestOnDuty:
    def test_the_rate_counts_who_signed_in_of_those_due_and_names_the_others(self, hq: Staffed) -> None:
        there, absent, silent = (hq.slot(hq.member(name)) for name in ("王一", "李二", "张三"))
        hq.slot(hq.member("赵四"), on=hq.today + DAY)
        sign_in_for_duty(by=hq.keeper, id=there.id, at=NOON)
        mark_absent(by=hq.keeper, id=absent.id, reason="发热", at=NOON)
        (line,) = headquarters_in_sight(hq.keeper)
        now = duty_now(hq.keeper, line, at=NOON)
        assert (now.there, now.due, sorted(one.name for one in now.empty)) == (1, 3, ["张三", "李二"])
        group = next(one for one in now.groups if one.group.code == "STATISTICS")
        assert [one.name for one in group.next] == ["赵四"]
        assert silent.state == "PLANNED"

    def test_one_signs_in_from_an_hour_before_until_the_end_and_twice_is_once(self, hq: Staffed) -> None:
        officer, person = hq.officer("李二")
        slot = hq.slot(person, part="MIDDLE")
        with pytest.raises(Refusal, match="DUTY_NOT_YET"):
            sign_in_for_duty(by=officer, id=slot.id, at=slot.begins_at - HOUR - timedelta(seconds=1))
        with pytest.raises(Refusal, match="DUTY_OVER"):
            sign_in_for_duty(by=officer, id=slot.id, at=slot.ends_at)
        for minutes in (0, 5):
            sign_in_for_duty(by=officer, id=slot.id, at=slot.begins_at - HOUR + timedelta(minutes=minutes))
        assert DutySlot.objects.get().signed_in_at == slot.begins_at - HOUR
        assert AuditEntry.objects.using("owner").filter(act="DUTY_SIGNED_IN").count() == 1
        assert [one.state for one in my_slots(officer, at=NOON)] == ["ON_DUTY"]

    def test_nobody_signs_in_for_a_colleague_and_the_plan_s_desk_may(self, hq: Staffed) -> None:
        slot = hq.slot(hq.member("王一"))
        colleague, _ = hq.officer("李二")
        with pytest.raises(Forbidden, match="DUTY_OF_ANOTHER"):
            sign_in_for_duty(by=colleague, id=slot.id, at=NOON)
        with pytest.raises(NotFound):
            sign_in_for_duty(by=factories.officer("COUNTY_DESK", XIUYAN), id=slot.id, at=NOON)
        sign_in_for_duty(by=hq.keeper, id=slot.id, at=NOON)

    def test_who_is_absent_is_replaced_and_stays_written_down(self, hq: Staffed) -> None:
        slot, other = hq.slot(hq.member("王一")), hq.member("李二")
        with pytest.raises(Refusal, match="DUTY_STATE"):
            replace_absent(by=hq.keeper, id=slot.id, person=other, at=NOON)
        with pytest.raises(Refusal, match="REASON_MISSING"):
            mark_absent(by=hq.keeper, id=slot.id, reason=" ", at=NOON)
        mark_absent(by=hq.keeper, id=slot.id, reason="发热", at=NOON)
        made = replace_absent(by=hq.keeper, id=slot.id, person=other, at=NOON)
        assert (made.planned_person_id, made.instead_of_id) == (slot.person_id, slot.id)
        assert DutySlot.objects.get(pk=slot.pk).state == "REPLACED"
        (line,) = headquarters_in_sight(hq.keeper)
        (empty,) = duty_now(hq.keeper, line, at=NOON).empty
        assert (empty.name, empty.planned) == ("李二", "王一")
        with pytest.raises(Refusal, match="DUTY_IS_REPLACEMENT"):
            withdraw_slot(by=hq.keeper, id=made.id, at=NOON)
        with pytest.raises(Refusal, match="DUTY_STATE"):
            sign_in_for_duty(by=hq.keeper, id=slot.id, at=NOON)

    def test_who_came_after_all_signs_in_unless_he_is_elsewhere_by_then(self, hq: Staffed) -> None:
        person = hq.member("王一")
        hq.member("王一", group="LEGAL")
        slot = hq.slot(person)
        mark_absent(by=hq.keeper, id=slot.id, reason="没有联系上", at=NOON)
        elsewhere = hq.slot(person, group="LEGAL")
        with pytest.raises(Refusal, match="DUTY_OVERLAPS"):
            sign_in_for_duty(by=hq.keeper, id=slot.id, at=NOON)
        withdraw_slot(by=hq.keeper, id=elsewhere.id, at=NOON)
        sign_in_for_duty(by=hq.keeper, id=slot.id, at=NOON)
        assert DutySlot.objects.get(pk=slot.pk).absent_reason == ""


class TestHandingOver:
    FOUND = (Item("SILENT_CHECKPOINT", "HC02", 47), Item("FINDING_OPEN", "INCOMPLETE", 3))
    KEYS = tuple(item.key for item in FOUND)

    @pytest.fixture
    def slots(self, hq: Staffed) -> tuple[DutySlot, DutySlot]:
        """Two who follow each other, the first on duty."""
        one, two = hq.slot(hq.member("王一"), part="EARLY"), hq.slot(hq.member("李二"), part="MIDDLE")
        sign_in_for_duty(by=hq.keeper, id=one.id, at=NOON)
        return one, two

    def handed(self, hq: Staffed, slot: DutySlot, **changes: Any) -> DutyHandover:
        given = {
            "note": "夜里有雪",
            "open_items": self.FOUND,
            "listed": self.KEYS,
            "at": slot.ends_at,
        } | changes
        return hand_duty_over(by=hq.keeper, id=slot.id, **given)

    def test_nothing_that_is_open_may_be_missing(self, hq: Staffed, slots: tuple[DutySlot, DutySlot]) -> None:
        for listed in ((), self.KEYS[:1], ("FINDING_OPEN ",)):
            with pytest.raises(Refusal, match="OPEN_ITEMS_MISSING"):
                self.handed(hq, slots[0], listed=listed)
        made = self.handed(hq, slots[0])
        assert [item["about"] for item in made.open_items] == ["HC02", "INCOMPLETE"]
        assert made.note == "夜里有雪"

    def test_it_closes_only_when_the_successor_accepts(
        self, hq: Staffed, other_desk: Reach, slots: tuple[DutySlot, DutySlot]
    ) -> None:
        one, two = slots
        made = self.handed(hq, one)
        one.refresh_from_db()
        assert one.state == "ON_DUTY"
        (line,) = headquarters_in_sight(hq.keeper)
        now = duty_now(hq.keeper, line, at=two.begins_at + HOUR)
        assert [(one.name, one.is_late(now.at)) for one in now.groups[4].now] == [
            ("王一", True),
            ("李二", False),
        ]
        accepted = {"open_items": self.FOUND, "listed": (), "at": two.begins_at}
        for _ in range(2):
            accept_duty(by=other_desk, id=made.id, slot=two.id, **accepted)
        states = dict(DutySlot.objects.values_list("person__name", "state"))
        assert states == {"王一": "HANDED_OVER", "李二": "ON_DUTY"}
        acts = AuditEntry.objects.using("owner").filter(act__startswith="DUTY_").values_list("act", flat=True)
        assert sorted(acts)[-5:] == [
            "DUTY_PLANNED", "DUTY_PLANNED", "DUTY_SIGNED_IN", "DUTY_SIGNED_IN", "DUTY_TAKEN_OVER",
        ]  # fmt: skip

    def test_it_takes_two_officers(self, hq: Staffed, slots: tuple[DutySlot, DutySlot]) -> None:
        made = self.handed(hq, slots[0])
        with pytest.raises(Refusal, match="OWN_HANDOVER"):
            accept_duty(
                by=hq.keeper, id=made.id, slot=slots[1].id, open_items=(), listed=(), at=slots[1].begins_at
            )
        with pytest.raises(IntegrityError, match="another_officer"), transaction.atomic():
            DutyHandover.objects.update(accepted_by=F("handed_by"), accepted_at=NOON, accepted_slot=slots[1])

    def test_what_opened_meanwhile_is_read_before_it_is_accepted(
        self, hq: Staffed, other_desk: Reach, slots: tuple[DutySlot, DutySlot]
    ) -> None:
        made = self.handed(hq, slots[0])
        new = Item("TURN_BACK_OPEN", "", 2)
        given = {
            "id": made.id,
            "slot": slots[1].id,
            "open_items": (*self.FOUND, new),
            "at": slots[1].begins_at,
        }
        with pytest.raises(Refusal, match="OPEN_ITEMS_MISSING"):
            accept_duty(by=other_desk, listed=self.KEYS, **given)
        done = accept_duty(by=other_desk, listed=[new.key], **given)
        assert done.added_items == [new.as_json]
        assert len(DutyHandover.objects.get().open_items) == 2

    def test_the_successor_is_another_of_the_same_group_and_role_whose_hours_have_come(
        self, hq: Staffed, other_desk: Reach, slots: tuple[DutySlot, DutySlot]
    ) -> None:
        made = self.handed(hq, slots[0])
        wrong = [
            slots[0],
            hq.slot(slots[0].person_id, part="MIDDLE"),
            hq.slot(hq.member("张三"), part="MIDDLE", role="LEAD"),
            hq.slot(hq.member("赵四", group="LEGAL"), part="MIDDLE", group="LEGAL"),
            hq.slot(hq.member("钱五"), part="LATE"),
        ]
        for slot in wrong:
            with pytest.raises(Refusal, match="NOT_THE_SUCCESSOR"):
                accept_duty(
                    by=other_desk, id=made.id, slot=slot.id, open_items=(), listed=(), at=slots[1].begins_at
                )  # fmt: skip

    def test_one_who_has_not_signed_in_hands_nothing_over_and_nobody_twice(
        self, hq: Staffed, slots: tuple[DutySlot, DutySlot]
    ) -> None:
        with pytest.raises(Refusal, match="DUTY_STATE"):
            self.handed(hq, slots[1])
        self.handed(hq, slots[0])
        with pytest.raises(Refusal, match="DUTY_HANDED_ALREADY"):
            self.handed(hq, slots[0])

    def test_a_note_keeps_its_lines_and_loses_what_nobody_sees(
        self, hq: Staffed, slots: tuple[DutySlot, DutySlot]
    ) -> None:
        assert self.handed(hq, slots[0], note=" 一\x00\r\n二\u200b \n").note == "一\n二"


class TestSwaps:
    def test_a_swap_keeps_the_name_that_was_planned(self, hq: Staffed, other_desk: Reach) -> None:
        officer, mine = hq.officer("李二")
        slot, other = hq.slot(mine, on=hq.today + DAY), hq.member("王一")
        asked = ask_for_swap(by=officer, id=slot.id, person=other, reason="就医", at=NOON)
        with pytest.raises(Refusal, match="SWAP_ASKED"):
            ask_for_swap(by=officer, id=slot.id, person=other, reason="就医", at=NOON)
        decide_swap(by=other_desk, id=asked.id, granted=True, at=NOON)
        slot.refresh_from_db()
        assert (slot.person_id, slot.planned_person_id) == (other, mine)
        with pytest.raises(Refusal, match="SWAP_DECIDED"):
            decide_swap(by=other_desk, id=asked.id, granted=False, at=NOON)

    def test_two_at_the_same_hours_change_hands_in_one_go(self, hq: Staffed, other_desk: Reach) -> None:
        one, two = hq.member("王一"), hq.member("李二")
        lead, duty = hq.slot(one, role="LEAD", on=hq.today + DAY), hq.slot(two, on=hq.today + DAY)
        asked = ask_for_swap(by=hq.keeper, id=lead.id, person=two, in_return=duty.id, reason="互换", at=NOON)
        decide_swap(by=other_desk, id=asked.id, granted=True, at=NOON)
        assert dict(DutySlot.objects.values_list("role", "person_id")) == {"LEAD": two, "DUTY": one}

    def test_is_refused_though_what_was_to_be_given_for_it_was_taken_back(
        self, hq: Staffed, other_desk: Reach
    ) -> None:
        one, two = hq.member("王一"), hq.member("李二")
        slot, given = hq.slot(one, on=hq.today + DAY), hq.slot(two, on=hq.today + 2 * DAY)
        asked = ask_for_swap(by=hq.keeper, id=slot.id, person=two, in_return=given.id, reason="互换", at=NOON)
        withdraw_slot(by=hq.keeper, id=given.id, at=NOON)
        with pytest.raises(NotFound):
            decide_swap(by=other_desk, id=asked.id, granted=True, at=NOON)
        assert decide_swap(by=other_desk, id=asked.id, granted=False, at=NOON).state == "REFUSED"
        assert ask_for_swap(by=hq.keeper, id=slot.id, person=two, reason="有事", at=NOON).state == "ASKED"

    def test_nobody_is_swapped_into_two_places(self, hq: Staffed, other_desk: Reach) -> None:
        one, two = hq.member("王一"), hq.member("李二")
        slot = hq.slot(one, on=hq.today + DAY)
        hq.slot(two, on=hq.today + DAY, part="LATE")
        asked = ask_for_swap(by=hq.keeper, id=slot.id, person=two, reason="有事", at=NOON)
        with pytest.raises(Refusal, match="DUTY_OVERLAPS"):
            decide_swap(by=other_desk, id=asked.id, granted=True, at=NOON)
        assert DutySwap.objects.get().state == "ASKED"
        decide_swap(by=other_desk, id=asked.id, granted=False, at=NOON)
        assert DutySlot.objects.get(pk=slot.pk).person_id == one

    def test_nobody_grants_his_own_and_no_colleague_asks_for_another(
        self, hq: Staffed, other_desk: Reach
    ) -> None:
        slot, two = hq.slot(hq.member("王一"), on=hq.today + DAY), hq.member("李二")
        colleague, _ = hq.officer("张三")
        with pytest.raises(Forbidden, match="DUTY_OF_ANOTHER"):
            ask_for_swap(by=colleague, id=slot.id, person=two, reason="有事", at=NOON)
        asked = ask_for_swap(by=hq.keeper, id=slot.id, person=two, reason="有事", at=NOON)
        with pytest.raises(Forbidden, match="OWN_SWAP"):
            decide_swap(by=hq.keeper, id=asked.id, granted=True, at=NOON)
        with pytest.raises(NotFound):
            decide_swap(by=factories.officer("COUNTY_DESK", XIUYAN), id=asked.id, granted=True, at=NOON)

    def test_what_has_begun_does_not_change_hands(self, hq: Staffed, other_desk: Reach) -> None:
        slot, two = hq.slot(hq.member("王一")), hq.member("李二")
        asked = ask_for_swap(by=hq.keeper, id=slot.id, person=two, reason="有事", at=NOON)
        sign_in_for_duty(by=hq.keeper, id=slot.id, at=NOON)
        with pytest.raises(Refusal, match="DUTY_STATE"):
            decide_swap(by=other_desk, id=asked.id, granted=True, at=NOON)
        with pytest.raises(Refusal, match="SAME_PERSON"):
            ask_for_swap(by=hq.keeper, id=slot.id, person=slot.person_id, reason="有事", at=NOON)


def test_every_act_is_written_down_with_its_place(hq: Staffed) -> None:
    slot = hq.slot(hq.member("王一"))
    sign_in_for_duty(by=hq.keeper, id=slot.id, at=NOON)
    acts = {row.act: row for row in AuditEntry.objects.using("owner").all()}
    assert {"HEADQUARTERS_OPENED", "MEMBER_ADDED", "DUTY_PLANNED", "DUTY_SIGNED_IN"} <= set(acts)
    assert acts["DUTY_SIGNED_IN"].subject == f"DUTY_SLOT {slot.id}"
    assert acts["DUTY_SIGNED_IN"].jurisdiction == hq.headquarters.lo
    assert "王一" not in str([row.details for row in acts.values()])
    with reach(hq.keeper) as seen:
        assert seen.may("VIEW_DUTY")
