"""The wall's tiles say what the board says, to the last figure, and leave out what would tell of single people."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from lianfang.checkpoints.models import Checkpoint
from lianfang.command.services import worker_session
from lianfang.kernel.days import SHANGHAI, day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden
from lianfang.screening import services
from lianfang.screening.book import HEARD_AFTER
from lianfang.screening.queries import book
from lianfang.situation.board import board
from lianfang.situation.cells import Rebuilding
from lianfang.situation.fold import catch_up
from lianfang.situation.models import ClerkPosition
from lianfang.situation.wall import freshness
from lianfang.situation.wall.asking import asked
from lianfang.situation.wall.tiles import TILES, mark, tile
from tests import factories
from tests.doors.desk import City

Json = dict[str, Any]
# The wall's "now" is noon of the day before: hours before and after it lie in the past whenever the tests run.
NOON = datetime.now(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


@pytest.fixture
def screen(city: City) -> Reach:
    return factories.officer("WALL", factories.ANSHAN)


def shown(screen: Reach, name: str, *, at: datetime = NOON) -> Json:
    """A tile's data after a fold."""
    catch_up(worker_session())
    with reach(screen) as seen:
        return tile(name, asked(seen, at=at))["data"]


def the_board(screen: Reach, *, at: datetime = NOON) -> Json:
    catch_up(worker_session())
    with reach(screen) as seen:
        return board(seen, at=at)


def come(
    city: City, *, at: datetime = NOON, times: int = 1, origin: str | None = "210103", **changes: Any
) -> None:
    """`times` cars with one person each."""
    for _ in range(times):
        person = city.generated.person(from_code=origin, **changes.get("person", {}))
        further = {name: value for name, value in changes.items() if name != "person"}
        city.register(people=[person], occurred_at=at.isoformat(), **further)


def some_traffic(city: City) -> None:
    come(city, times=3, at=NOON - timedelta(minutes=30))
    come(city, times=2, at=NOON - timedelta(hours=2), origin="420106", purpose="VISIT")
    come(city, at=NOON - timedelta(hours=3), transport="FOOT", plate=None)
    come(city, at=NOON - timedelta(hours=3), direction="OUT")
    come(city, times=4, at=NOON - timedelta(days=1, hours=1))
    come(city, times=2, at=NOON - timedelta(days=1) + timedelta(hours=2))
    come(city, at=NOON - timedelta(days=20))


def test_the_large_figures_are_the_boards(city: City, screen: Reach) -> None:
    some_traffic(city)
    figures, whole = shown(screen, "figures"), the_board(screen)
    assert figures["totals"] == whole["totals"] == {"passages": 14, "vehicles": 12, "people": 13}
    assert figures["today"] == whole["today"]


def test_today_is_compared_with_yesterday_up_to_the_last_full_hour(city: City, screen: Reach) -> None:
    some_traffic(city)
    compared = shown(screen, "figures", at=NOON - timedelta(minutes=15))["by_now"]
    # At 11:45 the three cars of 11:30 do not count yet, and of yesterday only what came before 11.
    assert compared is None
    come(city, at=NOON - timedelta(days=1, hours=4))
    compared = shown(screen, "figures", at=NOON - timedelta(minutes=15))["by_now"]
    assert (compared["hour"], compared["today"]["people"], compared["yesterday"]["people"]) == (11, 3, 1)
    compared = shown(screen, "figures")["by_now"]
    assert (compared["hour"], compared["today"]["people"], compared["yesterday"]["people"]) == (12, 6, 5)


def test_a_day_without_a_report_is_not_compared(city: City, screen: Reach) -> None:
    come(city, at=NOON - timedelta(hours=1))
    assert shown(screen, "figures")["by_now"] is None
    assert shown(screen, "figures", at=NOON.replace(hour=0, minute=20))["by_now"] is None


def test_hours_and_days_are_the_boards(city: City, screen: Reach) -> None:
    some_traffic(city)
    hours, days, whole = shown(screen, "hours"), shown(screen, "days"), the_board(screen)
    assert hours["today"] == whole["by_hour"]
    assert hours["hour"] == 12
    assert {row["hour"]: row["people"] for row in hours["yesterday"] if row["people"]} == {11: 4, 14: 2}
    assert days["today"] == day_of(NOON).isoformat()
    assert days["days"] == whole["by_day"][1:], "twenty days ago is not within the fortnight"
    assert len(days["days"]) == 2


def test_checkpoints_are_the_boards_with_their_ages_and_opening(city: City, screen: Reach) -> None:
    some_traffic(city)
    factories.checkpoint("SILENT")
    Checkpoint.objects.filter(code="SILENT").update(opens_at="20:00", closes_at="21:00")
    listed = shown(screen, "checkpoints")["checkpoints"]
    assert listed == the_board(screen)["by_checkpoint"]
    silent = next(row for row in listed if row["code"] == "SILENT")
    assert (silent["last_record_at"], silent["open_now"]) == (None, False)


def test_the_map_shows_checkpoints_that_have_a_place_and_flows_by_province(city: City, screen: Reach) -> None:
    some_traffic(city)
    factories.checkpoint("NOWHERE")
    Checkpoint.objects.filter(code="GATE").update(longitude=122.7, latitude=40.8)
    drawn = shown(screen, "map")
    assert drawn["city"] == {"code": "210381", "name": "海城市"}
    assert [(row["code"], row["at"]) for row in drawn["checkpoints"]] == [("GATE", [122.7, 40.8])]
    assert drawn["flows"] == [
        {"code": "210000", "name": "辽宁省", "people": 11, "today": 4, "is_affected": False},
        {"code": "420000", "name": "湖北省", "people": 2, "today": 2, "is_affected": True},
    ]


@pytest.mark.parametrize(
    ("days", "is_affected"),
    [
        ({}, True),
        ({"from": -3, "to": 0}, True),
        ({"from": -9, "to": -1}, False),
        ({"from": 1, "to": 5}, False),
    ],
)
def test_a_flow_is_marked_while_a_place_of_its_province_is_affected(
    city: City, screen: Reach, days: dict[str, int], is_affected: bool
) -> None:
    come(city, origin="420106")
    dated = {name: str(day_of(NOON) + timedelta(days=n)) for name, n in days.items()}
    put_in_force(NOON - timedelta(minutes=5), {"code": "4201", "level": "LOW", **dated})
    flows = shown(screen, "map")["flows"]
    assert {flow["code"]: flow["is_affected"] for flow in flows}["420000"] is is_affected


def test_nothing_is_marked_once_the_rules_have_lapsed(city: City, screen: Reach) -> None:
    come(city, origin="420106")
    put_in_force(NOON - timedelta(days=2), {"code": "4201", "level": "LOW"}, days=1)
    assert not any(flow["is_affected"] for flow in shown(screen, "map")["flows"])


def put_in_force(at: datetime, area: Json, *, days: int = 14) -> None:
    """A rule set with this one area, from a moment on."""
    draft = services.begin(by=factories.officer(), at=at, from_="affected-areas")
    content = {**draft.content, "areas": [area]}
    services.change(by=factories.officer(), at=at, id=draft.id, revision=1, content=content)
    services.propose(by=factories.officer(), at=at, id=draft.id, days=days, reason="试")
    services.approve(by=factories.officer(), at=at - HEARD_AFTER, id=draft.id)
    book(anew=True)


def test_origins_are_exact_by_province_and_without_small_cells_below(city: City, screen: Reach) -> None:
    come(city, times=7, origin="210103")
    come(city, times=6, origin="210381")
    come(city, times=5, origin="210323")
    come(city, times=2, origin="420106")
    come(city, times=3, origin="210100")  # no county said
    come(city, origin=None)
    origins = shown(screen, "origins")
    assert (origins["people"], origins["unknown"]) == (24, 1)
    assert [(row["code"], row["people"]) for row in origins["provinces"]] == [("210000", 21), ("420000", 2)]
    # 3 from an unknown county would be what is left of 21: the smallest county goes with them.
    assert [(row["code"], row["people"]) for row in origins["counties"]] == [("210103", 7), ("210381", 6)]
    assert origins["counties"][0] == {"code": "210103", "name": "沈河区", "province": "辽宁省", "people": 7}
    by_origin = {row["code"]: row["people"] for row in the_board(screen)["by_origin"]}
    assert by_origin["210103"] == 7


def test_destinations_are_the_townships_of_a_county_or_the_counties_of_a_city(
    city: City, screen: Reach
) -> None:
    def to(code: str | None) -> Json:
        return {"person": {"destination": {"code": code, "address": "1号"} if code else None}}

    come(city, times=6, **to("210381101"))
    come(city, times=5, **to("210381102"))
    come(city, times=2, **to("210381103"))
    come(city, times=2, **to("210103"))
    come(city, **to(None))
    went = shown(screen, "destinations")
    assert (went["level"], went["people"], went["inside"], went["unknown"]) == ("TOWNSHIP", 16, 13, 1)
    assert went["places"] == [{"code": "210381101", "name": "孤山镇", "people": 6}]
    factories.checkpoint("NEXT", division=factories.XIUYAN)
    went = shown(screen, "destinations")
    assert (went["level"], went["inside"]) == ("COUNTY", 13)
    assert went["places"] == [{"code": "210381", "name": "海城市", "people": 13}]


def test_measures_purposes_and_transports_are_the_boards(city: City, screen: Reach) -> None:
    some_traffic(city)
    whole = the_board(screen)
    measures = shown(screen, "measures")
    assert measures["measures"] == whole["by_measure"]
    assert measures["arrived"] == whole["today"]["people"] == 6
    for name, listed in (("purpose", "purposes"), ("transport", "transports")):
        today = [{name: row[name], **row["today"]} for row in whole[f"by_{name}"] if row["today"]["passages"]]
        found = shown(screen, listed)[listed]
        assert sorted(found, key=lambda row: row[name]) == sorted(today, key=lambda row: row[name])
    assert [row["purpose"] for row in shown(screen, "purposes")["purposes"]] == ["COMMUTE", "VISIT"]


def test_the_funnel_shows_no_figure_before_anybody_came(city: City, screen: Reach) -> None:
    def steps() -> dict[str, int | None]:
        return {row["step"]: row["people"] for row in shown(screen, "funnel")["steps"]}

    assert set(steps().values()) == {None}
    fever = {"person": {"temperatures": [{"celsius": 38.2, "site": "FOREHEAD", "state": "READ"}]}}
    come(city, times=2, origin="420106")
    come(city, **fever)
    assert steps() == {
        "ARRIVED": 3, "AFFECTED_AREA": 2, "FEVER_CLINIC": 1, "UNDER_OBSERVATION": 0, "RELEASED": 0,
    }  # fmt: skip


def test_an_empty_city_has_every_tile(screen: Reach) -> None:
    Checkpoint.objects.update(closed_at=NOON)
    for name in TILES:
        assert shown(screen, name) is not None
    assert shown(screen, "map")["city"] is None
    assert shown(screen, "destinations")["places"] == []
    assert shown(screen, "purposes") == {"purposes": []}


def test_late_figures_say_who_holds_them_back(screen: Reach) -> None:
    at = datetime.now(UTC)
    fresh = shown(screen, "watermark", at=at)
    assert fresh["held_by"] is None
    assert not fresh["is_late"]
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_current_xact_id()")
        late = shown(screen, "watermark", at=at + timedelta(seconds=12))
        assert late["is_late"]
        assert 12 <= late["age"] < 13
        assert late["held_by"]["role"]
        assert set(late["held_by"]) == {"program", "role", "database"}
        cursor.execute("ROLLBACK")


def test_nobody_is_asked_about_while_the_figures_are_fresh(
    screen: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "holding_back", lambda: pytest.fail("asked"))
    assert not shown(screen, "watermark", at=datetime.now(UTC) + timedelta(seconds=4))["is_late"]


def test_a_tile_is_marked_by_version_and_minute(city: City, screen: Reach) -> None:
    def marks(at: datetime) -> str:
        catch_up(worker_session())
        with reach(screen) as seen:
            return mark("hours", asked(seen, at=at))

    first = marks(NOON)
    assert marks(NOON + timedelta(seconds=50)) == first
    assert marks(NOON + timedelta(seconds=60)) != first
    come(city)
    assert marks(NOON) != first


def test_who_may_not_see_the_wall_gets_no_tile(city: City) -> None:
    for role in ("ADMINISTRATOR", "TOWNSHIP_DESK"):
        with reach(factories.officer(role, factories.HAICHENG)) as seen, pytest.raises(Forbidden):
            asked(seen, at=NOON)


def test_no_figure_is_better_than_one_that_is_too_small(city: City, screen: Reach) -> None:
    come(city)
    shown(screen, "figures")
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE fold_position SET next_tx = next_tx - 1")
        with reach(screen) as seen, pytest.raises(Rebuilding):
            asked(seen, at=NOON)
        cursor.execute("UPDATE fold_position SET next_tx = next_tx + 1")


def test_a_fold_that_ends_while_a_tile_is_asked_for_is_no_rebuilding(
    city: City, screen: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ClerkPosition.objects.get

    def after_a_fold(**which: Any) -> ClerkPosition:
        catch_up(worker_session())
        return real(**which)

    shown(screen, "figures")
    come(city)
    monkeypatch.setattr(ClerkPosition.objects, "get", after_a_fold)
    with reach(screen) as seen:
        assert tile("figures", asked(seen, at=NOON))["data"]["totals"]["people"] == 1
