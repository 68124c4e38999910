"""Outlines for maps: counties of the cities we serve, provinces of the country. CGCS2000, as compact GeoJSON."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from lianfang.kernel.divisions import span

_FOLDER = Path(__file__).parent / "registers"
_COUNTIES = "outlines_jinzhou_anshan_counties.geojson"
_PROVINCES = "outlines_china_provinces.geojson"

GeoJson = dict[str, Any]


def outlines(city_codes: Iterable[str]) -> GeoJson:
    """The counties of these cities as a FeatureCollection; properties: code, name, cp (where the name goes).

    A city without an outline on file contributes none.
    """
    spans = [span(code) for code in city_codes]
    return _collection(
        feature
        for feature in _features(_COUNTIES)
        if any(lo <= span(feature["properties"]["code"])[0] <= hi for lo, hi in spans)
    )


def county_outlines() -> GeoJson:
    """Every county outline on file."""
    return _collection(_features(_COUNTIES))


def province_outlines() -> GeoJson:
    """All provinces; features with an empty code are boundary lines (境界线), which a map of the country must show."""
    return _collection(_features(_PROVINCES))


def _collection(features: Iterable[GeoJson]) -> GeoJson:
    return {"type": "FeatureCollection", "features": list(features)}


@cache
def _features(name: str) -> list[GeoJson]:
    features: list[GeoJson] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))["features"]
    return features
