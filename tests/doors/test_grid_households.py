"""The households of a grid on its worker's phone: as they are walked, verified at the door, and nobody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import RosterToken
from lianfang.doors.roster_shapes import GridHouseholdsShown
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.people.models import Household, StayInHousehold
from lianfang.people.queries import at_doors
from lianfang.people.services import close_household, verify_household
from tests.doors.doorstep import Doorstep, Json, ago, enrolled, handed, sealed, step
from tests.doors.handed import OTHER_VILLAGE

__all__ = ["handed", "step"]
DAY = timedelta(days=1)


def item(kind: str, **said: Any) -> Json:
    given = {"kind": kind, "id": str(uuid7()), "occurred_at": ago(1)}
    return {
        **given,
        **{name: str(value) if isinstance(value, UUID) else value for name, value in said.items()},
    }


def verified(home: Household, **said: Any) -> Json:
    return item("HOUSEHOLD", household=home.id, act="VERIFIED", **said)


def occupied(home: Household, occupancy: str | None, **said: Any) -> Json:
    return item("HOUSEHOLD", household=home.id, act="OCCUPANCY", occupancy=occupancy, **said)


def moved_out(home: Household, **said: Any) -> Json:
    return occupied(home, "MOVED", **said)


def stay(home: Household, person: UUID, state: str = "AWAY", **said: Any) -> Json:
    return item("STAY", household=home.id, person=person, state=state, **said)


def now_of(home: Household) -> Household:
    return Household.objects.using("owner").get(pk=home.pk)


def stays(home: Household) -> list[str]:
    rows = StayInHousehold.objects.using("owner").filter(household_id=home.pk).order_by("from_at")
    return list(rows.values_list("state", flat=True))


def codes(receipts: list[Json]) -> list[str]:
    return [receipt.get("code", receipt["status"]) for receipt in receipts]


class TestThePage:
    def test_says_whole_what_a_worker_needs(self, step: Doorstep) -> None:
        person = step.resident(sex="F", age_told=81, told_on=day_of(datetime.now(UTC)).isoformat())
        first, second = step.home(2, people=[person])
        response = step.households()
        shown = msgspec.json.decode(response.content, type=GridHouseholdsShown)
        assert [one.code for one in shown.households] == [first.code, second.code]
        one = shown.households[0]
        assert (one.id, one.address, one.occupancy, one.verified_on, one.stale) == (
            first.id, "丰台路1号3单元201", "OCCUPIED", None, True,
        )  # fmt: skip
        (lives_here,) = one.residents
        assert (lives_here.person, lives_here.name, lives_here.phone) == (person, "沈平安", "13900001234")
        assert (lives_here.sex, lives_here.age, lives_here.relation) == ("F", 81, "HEAD")
        assert (lives_here.state, lives_here.remarks) == ("PRESENT", ["LIVES_ALONE"])
        assert shown.after is None
        assert "no-store" in response["Cache-Control"]
        entry = AuditEntry.objects.using("owner").filter(act="ROSTER_READ").latest("number")
        assert (entry.subject, entry.count) == (f"ROSTER {step.phone.id}", 1)

    def test_pages_follow_each_other_and_leave_nobody_out(
        self, step: Doorstep, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(at_doors, "PAGE", 2)
        made = step.home(5)
        Household.objects.using("owner").filter(pk__in=[made[1].pk, made[2].pk]).update(walking_order=25)
        seen, after = [], None
        while after or not seen:
            page = step.households(**({"after": after} if after else {})).json()
            seen += [one["code"] for one in page["households"]]
            after = page["after"]
        assert seen == [one.code for one in made]

    @pytest.mark.parametrize(
        "after", ["", "x", "1_2", "1_2_\0", "9" * 40 + "_1_1", "1_99999999999_1", "1_1_';--"]
    )
    def test_a_place_that_is_none_is_refused_in_words(self, step: Doorstep, after: str) -> None:
        response = step.households(after=after)
        assert (response.status_code, response.json()["error"]["code"]) == (400, "CURSOR_UNREADABLE")

    def test_closed_doors_and_the_neighbour_s_are_not_there(self, step: Doorstep) -> None:
        mine, closed = step.home(2)
        (neighbour,) = step.home(division=OTHER_VILLAGE)
        close_household(by=step.keeper, at=datetime.now(UTC), id=closed.id)
        assert [one["code"] for one in step.households().json()["households"]] == [mine.code]
        token, _ = enrolled(step.keeper.officer_id, OTHER_VILLAGE)
        assert [one["code"] for one in step.households(token).json()["households"]] == [neighbour.code]

    def test_three_households_cost_as_many_questions_as_one(self, step: Doorstep) -> None:
        counts = []
        for _ in range(3):
            step.home(people=[step.resident()])
            with CaptureQueriesContext(connection) as asked:
                assert step.households().status_code == 200
            counts.append(len(asked))
        assert len(set(counts)) == 1, counts


class TestAnswers:
    def test_a_door_is_verified_by_the_phone_and_once(self, step: Doorstep) -> None:
        (home,) = step.home()
        sent = verified(home)
        assert codes(step.send(sealed(sent), sent)) == ["ACCEPTED", "DUPLICATE"]
        assert (now_of(home).verified_on, now_of(home).verified_by) == (
            day_of(datetime.now(UTC)),
            step.phone.id,
        )
        (shown,) = step.households().json()["households"]
        assert shown["stale"] is False
        assert "王网格" in step.handed.city.haicheng.get(f"/desk/households/{home.id}").content.decode()

    def test_what_becomes_of_a_door(self, step: Doorstep) -> None:
        person = step.resident()
        empty, lived_in = step.home()[0], step.home(people=[person])[0]
        receipts = step.send(
            occupied(empty, "VACANT"), occupied(lived_in, "VACANT"), occupied(lived_in, "RENTED"),
            occupied(lived_in, None), occupied(lived_in, "BURNT"),
        )  # fmt: skip
        assert codes(receipts) == [
            "ACCEPTED",
            "HOUSEHOLD_LIVED_IN",
            "ACCEPTED",
            "OCCUPANCY_UNKNOWN",
            "UNREADABLE",
        ]
        assert (now_of(empty).occupancy, now_of(lived_in).occupancy) == ("VACANT", "RENTED")

    def test_where_somebody_is(self, step: Doorstep) -> None:
        person = step.resident()
        (home,) = step.home(people=[person])
        StayInHousehold.objects.using("owner").update(from_at=datetime.now(UTC) - 3 * DAY)
        assert (
            codes(step.send(stay(home, person), stay(home, person, occurred_at=ago(0)))) == ["ACCEPTED"] * 2
        )
        assert stays(home) == ["PRESENT", "AWAY"]
        told = StayInHousehold.objects.using("owner").get(until_at=None)
        assert told.told_by == step.phone.id
        page = step.handed.city.haicheng.get(f"/desk/people/{person}").content.decode()
        assert "王网格" in page

    def test_of_somebody_who_is_not_of_the_household_nothing_is_told(self, step: Doorstep) -> None:
        (referred,) = step.over()
        person = step.resident()
        one, other = step.home(people=[person])[0], step.home()[0]
        receipts = step.send(stay(other, person), stay(one, referred.person_id), stay(one, uuid4()))
        assert codes(receipts) == ["NOT_OF_HOUSEHOLD"] * 3

    def test_the_neighbour_s_doors_are_unknown(self, step: Doorstep) -> None:
        (home,) = step.home(people=[person := step.resident()])
        token, _ = enrolled(step.keeper.officer_id, OTHER_VILLAGE)
        receipts = step.send(verified(home), occupied(home, "RENTED"), stay(home, person), token=token)
        assert codes(receipts) == ["HOUSEHOLD_UNKNOWN"] * 3
        assert (now_of(home).verified_on, stays(home)) == (None, ["PRESENT"])

    def test_late_ones_do_not_undo_what_was_seen_later(self, step: Doorstep) -> None:
        person = step.resident()
        (home,) = step.home(people=[person])
        seen = ago(10)
        rented = occupied(home, "RENTED", occurred_at=seen)
        assert codes(step.send(rented, stay(home, person))) == ["ACCEPTED"] * 2
        receipts = step.send(
            occupied(home, "OCCUPIED", occurred_at=ago(20)),
            verified(home, occurred_at=ago(3 * 24 * 60)),
            stay(home, person, "HOSPITALISED", occurred_at=ago(1_000)),
        )
        assert [(one["status"], one["late"], one["code"]) for one in receipts] == [
            ("ACCEPTED", True, "ANSWERED_LATER")
        ] * 3
        assert (now_of(home).occupancy, now_of(home).verified_on) == (
            "RENTED",
            day_of(datetime.fromisoformat(seen)),
        )
        assert stays(home) == ["PRESENT", "AWAY"]

    def test_a_door_that_the_desk_looked_at_later_stays_as_it_is(self, step: Doorstep) -> None:
        (home,) = step.home()
        verify_household(by=step.keeper, at=datetime.now(UTC), id=home.id)
        receipts = step.send(*(made(home, occurred_at=ago(2 * 24 * 60)) for made in (verified, moved_out)))
        assert codes(receipts) == ["ANSWERED_LATER"] * 2
        stands = now_of(home)
        assert (stands.verified_on, stands.verified_by) == (day_of(datetime.now(UTC)), step.keeper.officer_id)
        assert stands.occupancy == "OCCUPIED"

    def test_after_its_end_nothing_that_happened_since(self, step: Doorstep) -> None:
        (home,) = step.home()
        RosterToken.objects.update(expires_at=datetime.now(UTC) - DAY)
        receipts = step.send(verified(home), verified(home, occurred_at=ago(2 * 24 * 60)))
        assert codes(receipts) == ["AFTER_EXPIRY", "ACCEPTED"]
        assert now_of(home).verified_on == day_of(datetime.now(UTC) - 2 * DAY)
