"""The wall's addresses: each tile for itself, by permission, unchanged ones without a body, nobody's data."""

import gzip
import json
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.roles import ROLES
from lianfang.command.services import worker_session
from lianfang.doors import wall_api
from lianfang.doors.wall_shapes import TILE_SHAPES, Outlines
from lianfang.situation.fold import catch_up
from lianfang.situation.wall.tiles import TILES
from tests import factories
from tests.doors.desk import City, at_desk

MARK = "私密MARK"
EVERY_TILE = pytest.mark.parametrize("name", TILES)


def asked(client: Client, name: str, **headers: str) -> Any:
    return client.get(f"/api/v1/wall/{name}", headers=headers)


def answered(client: Client, name: str) -> dict[str, Any]:
    response = asked(client, name)
    assert response.status_code == 200
    return response.json()


@EVERY_TILE
def test_a_tile_is_answered_in_the_shape_that_is_described(name: str, city: City) -> None:
    city.register(people=2)
    catch_up(worker_session())
    answer = answered(city.screen, name)
    assert answer["tile"] == name
    assert msgspec.to_builtins(msgspec.convert(answer, TILE_SHAPES[name][1])) == answer
    assert msgspec.json.schema(TILE_SHAPES[name][1])


def test_every_tile_has_its_shape() -> None:
    assert set(TILE_SHAPES) == set(TILES) == set(wall_api.TILE_VIEWS)


@EVERY_TILE
def test_whoever_is_signed_out_or_may_not_see_the_wall_gets_no_figure(name: str, city: City) -> None:
    assert asked(Client(), name).status_code == 401
    for role, permitted in ((code, "VIEW_WALL" in role.permissions) for code, role in ROLES.items()):
        if role != "WORKER":
            response = asked(at_desk(factories.officer(role, factories.HAICHENG)), name)
            assert response.status_code == (200 if permitted else 403), role
            assert permitted or "data" not in response.json()


def test_the_wall_of_the_next_county_shows_the_same_city(city: City) -> None:
    """Figures of the whole city are for every wall; only records have a reach."""
    city.register(people=3)
    catch_up(worker_session())
    assert answered(city.xiuyan, "figures")["data"] == answered(city.screen, "figures")["data"]


@EVERY_TILE
def test_an_unchanged_tile_is_not_sent_again(name: str, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    at = wall_api.now()
    monkeypatch.setattr(wall_api, "now", lambda: at)
    first = asked(city.screen, name)
    again = asked(city.screen, name, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "no-store" in again["Cache-Control"]
    city.register()
    catch_up(worker_session())
    changed = asked(city.screen, name, **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@EVERY_TILE
def test_three_records_ask_the_database_no_more_than_one(name: str, city: City) -> None:
    def questions() -> int:
        catch_up(worker_session())
        with CaptureQueriesContext(connection) as captured:
            answered(city.screen, name)
        return len(captured)

    city.register(people=[city.generated.person(from_code="210103") for _ in range(6)])
    one = questions()
    for origin, code in (("420106", "NEXT"), ("110105", "LAST")):
        factories.checkpoint(code, division=factories.XIUYAN)
        city.register(people=[city.generated.person(from_code=origin)], checkpoint=code, purpose="VISIT")
    assert questions() == one


def test_nothing_that_is_said_about_a_person_is_on_the_wall(city: City) -> None:
    person = city.generated.person(
        name=f"{MARK}名", destination={"code": "210381101", "address": f"{MARK}号"}, occupation=f"{MARK}业"
    )
    passage = city.register(people=[person], plate="辽CMARK1", vehicle_note=f"{MARK}车", officer="MARK7")
    catch_up(worker_session())
    private = {
        MARK, "MARK", passage["id"], passage["plate"], person["id"], person["phone"], person["document"]["number"],
    }  # fmt: skip
    for name in TILES:
        answer = json.dumps(answered(city.screen, name), ensure_ascii=False)
        assert not [one for one in private if one in answer], name


def test_no_answer_tells_of_a_county_of_whom_few_came(city: City) -> None:
    city.register(people=[city.generated.person(from_code="420106")])
    city.register(people=[city.generated.person(from_code="210103") for _ in range(9)])
    catch_up(worker_session())
    for name in TILES:
        assert "420106" not in asked(city.screen, name).content.decode(), name
    origins = answered(city.screen, "origins")["data"]
    assert [row["code"] for row in origins["counties"]] == ["210103"]
    assert [row["people"] for row in origins["provinces"]] == [9, 1]


def test_a_tile_that_fails_takes_no_other_with_it(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(what: object) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setitem(TILES, "origins", broken)
    screen = city.screen
    screen.raise_request_exception = False
    assert asked(screen, "origins").status_code == 500
    assert asked(screen, "figures").status_code == 200


def test_a_read_only_token_reads_the_tiles(city: City) -> None:
    made = factories.officer("WALL", factories.HAICHENG)
    token = factories.session_of(factories.Officer.objects.get(pk=made.officer_id), kind="TOKEN").session
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert asked(client, "figures").status_code == 200
    assert client.post("/api/v1/wall/figures").status_code == 401, "it changes nothing, so it posts nothing"


@pytest.mark.django_db
def test_outlines_are_kept_for_ever_under_their_edition() -> None:
    edition = wall_api.outlines_edition()
    plain = Client().get("/api/v1/wall/outlines", {"edition": edition})
    assert "immutable" in plain["Cache-Control"]
    packed = Client().get("/api/v1/wall/outlines", headers={"Accept-Encoding": "gzip"})
    assert packed["Cache-Control"] == "no-cache", "without its edition the address may change"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < 100_000
    again = Client().get("/api/v1/wall/outlines", headers={"If-None-Match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_the_outlines_hold_all_provinces_and_every_boundary_line() -> None:
    shown = msgspec.json.decode(Client().get("/api/v1/wall/outlines").content, type=Outlines)
    provinces = shown.provinces["features"]
    assert len([feature for feature in provinces if feature["properties"]["code"]]) == 34
    lines = [feature for feature in provinces if not feature["properties"]["code"]]
    assert all("LineString" in feature["geometry"]["type"] for feature in lines)
    southernmost = min(
        latitude for feature in lines for part in feature["geometry"]["coordinates"]
        for _, latitude in (part if isinstance(part[0], list) else [part])
    )  # fmt: skip
    assert southernmost < 5, "the boundary line in the South China Sea"
    assert len(shown.counties["features"]) == 14
