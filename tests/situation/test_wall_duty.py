"""The wall's duty and lines of defence: staff by name and without telephones, no small cell, null where nobody counts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lianfang.checkpoints.models import Checkpoint
from lianfang.command.models import RosterToken
from lianfang.command.queries import display_of_token
from lianfang.command.services import issue_display_token, worker_session
from lianfang.command.services.duty_slots import mark_absent, sign_in_for_duty
from lianfang.journeys.referring import refer_all
from lianfang.kernel.reach import Reach, reach
from lianfang.referrals.models import Referral
from lianfang.situation.clerk import count_all_tables
from lianfang.situation.fold import catch_up
from lianfang.situation.wall.asking import asked
from lianfang.situation.wall.tiles import mark, tile
from tests import factories
from tests.doors.desk import City
from tests.factories import ANSHAN, HAICHENG, XIUYAN
from tests.staffed import Staffed, noon, staffed

Json = dict[str, Any]
NOON = noon(datetime.now(UTC))


@pytest.fixture
def screen(city: City) -> Reach:
    """A display: it has no session, and no span."""
    token, _ = issue_display_token(name="大厅", lasts=timedelta(days=1), at=datetime.now(UTC))
    found = display_of_token(token, at=datetime.now(UTC))
    assert found is not None
    return found


def shown(screen: Reach, name: str, *, at: datetime = NOON) -> Json:
    worker = worker_session()
    catch_up(worker)
    count_all_tables(worker)
    with reach(screen) as seen:
        return tile(name, asked(seen, at=at))["data"]


def figures(screen: Reach, line: str) -> dict[str, int | None]:
    lines = {one["line"]: one["figures"] for one in shown(screen, "defence")["lines"]}
    return {one["figure"]: "few" if one["few"] else one["n"] for one in lines[line]}


class TestDuty:
    @pytest.fixture
    def hq(self, city: City) -> Staffed:
        return staffed(at=NOON)

    def test_a_display_names_who_is_there_who_is_not_and_who_comes_next(
        self, hq: Staffed, screen: Reach
    ) -> None:
        there, absent = hq.slot(hq.member("王一"), role="LEAD"), hq.slot(hq.member("李二"))
        hq.slot(hq.member("张三"), on=hq.today + timedelta(days=1))
        sign_in_for_duty(by=hq.keeper, id=there.id, at=NOON)
        mark_absent(by=hq.keeper, id=absent.id, reason="发热", at=NOON)
        told = shown(screen, "duty")
        assert (told["headquarters"], told["there"], told["due"]) == (hq.headquarters.name, 1, 2)
        (group,) = (one for one in told["groups"] if one["code"] == "STATISTICS")
        assert [(one["name"], one["role"], one["state"]) for one in group["now"]] == [
            ("王一", "LEAD", "ON_DUTY"), ("李二", "DUTY", "ABSENT"),
        ]  # fmt: skip
        assert [one["name"] for one in group["next"]] == ["张三"]
        assert len(told["groups"]) == 10

    def test_no_telephone_and_no_reason_is_on_the_wall(self, hq: Staffed, screen: Reach) -> None:
        slot = hq.slot(hq.member("王一", phone="13900000077"))
        mark_absent(by=hq.keeper, id=slot.id, reason="发热在家", at=NOON)
        said = json.dumps(shown(screen, "duty"), ensure_ascii=False)
        assert "13900000077" not in said
        assert "发热" not in said

    def test_the_wall_shows_the_headquarters_that_answer_for_its_city(
        self, hq: Staffed, screen: Reach
    ) -> None:
        staffed(ANSHAN, at=NOON, role="HEADQUARTERS", name="鞍山市指挥部")
        assert shown(screen, "duty")["headquarters"] == hq.headquarters.name
        factories.checkpoint("FAR", division=XIUYAN)
        assert shown(screen, "duty")["headquarters"] == "鞍山市指挥部"

    def test_without_headquarters_there_is_nothing_to_count(self, city: City, screen: Reach) -> None:
        assert shown(screen, "duty") == {"headquarters": None, "due": 0, "there": 0, "groups": []}
        Checkpoint.objects.update(closed_at=NOON)
        assert shown(screen, "duty")["headquarters"] is None

    def test_the_tile_is_another_as_soon_as_somebody_signs_in(self, hq: Staffed, screen: Reach) -> None:
        slot = hq.slot(hq.member("王一"))
        catch_up(worker_session())

        def marks() -> tuple[str, str]:
            with reach(screen) as seen:
                what = asked(seen, at=NOON)
            return mark("duty", what), mark("hours", what)

        before = marks()
        assert marks() == before
        sign_in_for_duty(by=hq.keeper, id=slot.id, at=NOON + timedelta(seconds=1))
        duty, hours = marks()
        assert duty != before[0]
        assert hours == before[1]


class TestDefence:
    def come(self, city: City, n: int, *, to: str = "210381101", **person: Any) -> None:
        for _ in range(n):
            one = city.generated.person(destination={"code": to, "address": "1号"}, **person)
            city.register(people=[one], occurred_at=(NOON - timedelta(minutes=30)).isoformat())

    def test_before_anybody_came_nothing_is_a_nought(self, city: City, screen: Reach) -> None:
        assert set(figures(screen, "TOWNSHIPS").values()) == {None}

    def test_who_came_with_a_measure_into_the_city_and_no_small_cell(self, city: City, screen: Reach) -> None:
        self.come(city, 6, from_code="420106")
        self.come(city, 2, from_code="420106", to="110105")
        fever = [{"celsius": 38.2, "site": "FOREHEAD", "state": "READ"}]
        self.come(city, 3, temperatures=fever)
        told = figures(screen, "TOWNSHIPS")
        assert (told["QUARANTINE"], told["FEVER_CLINIC"], told["NOTIFY_GRID"]) == (6, "few", 0)
        assert (told["HANDED_OVER"], told["WAITING"]) == (0, 0)
        assert "210381101" not in json.dumps(shown(screen, "defence"))

    def test_who_was_handed_over_and_who_waits_to_be_taken_over_and_no_small_cell(
        self, city: City, screen: Reach
    ) -> None:
        self.come(city, 7, from_code="420106")
        self.come(city, 2, from_code="420106", to="110105")  # beyond the city: not of its townships
        refer_all(worker_session(), at=NOON)
        assert self.handed(screen) == (7, 7)
        Referral.objects.using("owner").filter(
            pk__in=[one.pk for one in Referral.objects.using("owner").filter(outside=False)[:3]]
        ).update(state="ARRIVED")
        assert self.handed(screen) == (7, "few")
        Referral.objects.using("owner").update(state="WITHDRAWN")
        assert self.handed(screen) == (0, 0)

    def test_whoever_came_yesterday_waits_today_and_was_handed_over_yesterday(
        self, city: City, screen: Reach
    ) -> None:
        self.come(city, 6, from_code="420106")
        refer_all(worker_session(), at=NOON)
        told = {one["figure"]: one["n"] for one in self.strip(screen, NOON + timedelta(days=1))}
        assert (told["HANDED_OVER"], told["WAITING"]) == (None, 6)

    def handed(self, screen: Reach) -> tuple[object, object]:
        told = figures(screen, "TOWNSHIPS")
        return told["HANDED_OVER"], told["WAITING"]

    def strip(self, screen: Reach, at: datetime) -> list[Json]:
        (line,) = (one for one in shown(screen, "defence", at=at)["lines"] if one["line"] == "TOWNSHIPS")
        figures: list[Json] = line["figures"]
        return figures

    def test_of_villages_posts_and_grid_phones_are_counted(self, city: City, screen: Reach) -> None:
        assert figures(screen, "VILLAGES") == {"POSTS": 0, "POSTS_REPORTING": None, "GRID_PHONES": 0}
        for code in ("POST1", "POST2"):
            factories.checkpoint(code)
        Checkpoint.objects.filter(code__startswith="POST").update(tier="LOCAL")
        city.register(checkpoint="POST1")
        officer = factories.officer("COUNTY_DESK", HAICHENG)
        good = {
            "enrolled_at": NOON - timedelta(hours=1),
            "expires_at": NOON + timedelta(hours=23),
            "revoked_at": None,
        }
        for n, changes in enumerate(({}, {"revoked_at": NOON}, {"expires_at": NOON}, {"enrolled_at": None})):
            RosterToken.objects.create(
                name="网格员", division="210381101200", lo=1, hi=2, code_expires_at=NOON, token_hash=bytes([n]),
                invited_by_id=officer.officer_id, invited_at=NOON, **(good | changes),
            )  # fmt: skip
        assert figures(screen, "VILLAGES") == {"POSTS": 2, "POSTS_REPORTING": 1, "GRID_PHONES": 1}

    def test_lines_whose_rooms_are_not_built_say_that_nobody_counts(self, city: City, screen: Reach) -> None:
        assert figures(screen, "ENTERPRISES") == {}
        assert figures(screen, "MEDICAL") == {}
