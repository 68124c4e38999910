"""Outlines on a sheet: where they lie, how they are thinned, and that nothing of the country is missing."""

import math
import re

import pytest

from lianfang.regions.outlines import county_outlines, province_outlines
from lianfang.regions.projection import albers, box, plain, scaled, shapes

FEATURES = province_outlines()["features"]


def test_north_is_up_and_east_is_right() -> None:
    harbin, wuhan, urumqi = albers(126.6, 45.8), albers(114.3, 30.6), albers(87.6, 43.8)
    assert harbin[1] < wuhan[1]
    assert urumqi[0] < wuhan[0] < harbin[0]


def test_areas_are_as_large_as_they_are() -> None:
    def square(longitude: float, latitude: float) -> float:
        """A thousandth of the earth's surface or so, by its projected corners."""
        (x1, y1), (x2, y2) = albers(longitude, latitude), albers(longitude + 0.1, latitude + 0.1)
        (x3, y3), (x4, y4) = albers(longitude, latitude + 0.1), albers(longitude + 0.1, latitude)
        return abs((x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3)) / 2

    south, north = square(110, 20), square(125, 50)
    ratio = math.cos(math.radians(50.05)) / math.cos(math.radians(20.05))
    assert north / south == pytest.approx(ratio, rel=0.01)


def test_every_province_and_boundary_line_is_drawn() -> None:
    project = scaled(albers, corner=box(FEATURES, albers)[0], scale=800)
    drawn = shapes(FEATURES, project, thinned=0.9)
    assert len([one for one in drawn if one.code]) == 34
    assert len([one for one in drawn if not one.code]) == 8
    assert all(
        re.fullmatch(r"(M-?[\d.]+,-?[\d.]+(L-?[\d.]+,-?[\d.]+)*(Z|h\.1)?)+", one.path) for one in drawn
    )
    hainan = next(one for one in drawn if one.code == "460000")
    assert hainan.path.count("M") > 100  # every islet
    assert sum(len(one.path) for one in drawn) < 100_000


def test_thinning_keeps_the_corners_and_drops_what_lies_on_the_line() -> None:
    square = {
        "properties": {"code": "1", "name": "x", "cp": [5, 5]},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[0, 0], [5, 0.1], [10, 0], [10, 10], [0, 10], [0, 0]]],
        },
    }
    (drawn,) = shapes([square], lambda x, y: (x, y), thinned=0.5)
    assert drawn.path == "M0.0,0.0L10.0,0.0L10.0,10.0L0.0,10.0Z"
    (whole,) = shapes([square], lambda x, y: (x, y), thinned=0)
    assert whole.path.count("L") == 4
    (dot,) = shapes([square], lambda x, y: (x / 1000, y / 1000), thinned=0.5)
    assert dot.path == "M0.0,0.0h.1"


def test_counties_lie_within_their_box() -> None:
    features = county_outlines()["features"]
    (left, top), (right, bottom) = box(features, plain(41))
    assert left < right
    assert top < bottom
    for one in shapes(features, plain(41), thinned=0):
        assert one.code
