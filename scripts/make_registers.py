"""Make the committed registers from the folder of reference data: python scripts/make_registers.py FOLDER.

Divisions: the columns that are facts (code, parent, level, name); everything else is derived when a register is loaded.
Counties: the outlines of two cities as they are, compact. Provinces: simplified for a map of the country, with shared
borders simplified once, so that neighbours still meet.
"""

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

TARGET = Path(__file__).parent.parent / "lianfang" / "regions" / "registers"
DIVISIONS = ("divisions_china_county_2019-10-31.csv", "divisions_jinzhou_anshan_2019-10-31.csv")
FACTS = ("code", "parent", "level", "name")
TOLERANCE = 0.03  # degrees, about 3 km: a province on a wall, not a boundary to argue about
DECIMALS = 2

Point = tuple[float, float]
Line = list[Point]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reference", type=Path, help="the folder of reference data")
    parser.add_argument("--target", type=Path, default=TARGET)
    args = parser.parse_args()
    for name in DIVISIONS:
        write_divisions(args.reference / name, args.target / name)
    counties = read_features(args.reference / "geo" / "jinzhou_anshan_counties_cgcs2000.geojson")
    write_features(counties, args.target / "outlines_jinzhou_anshan_counties.geojson")
    provinces = read_features(args.reference / "geo" / "china_provinces_cgcs2000.geojson")
    write_features(simplified(provinces), args.target / "outlines_china_provinces.geojson")


def write_divisions(source: Path, target: Path) -> None:
    with (
        source.open(encoding="utf-8", newline="") as file,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        facts = csv.writer(out, lineterminator="\n")
        facts.writerow(FACTS)
        facts.writerows([row[column] for column in FACTS] for row in csv.DictReader(file))


def read_features(path: Path) -> list[dict]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return sorted(
        features, key=lambda feature: (feature["properties"]["code"], feature["properties"]["label"])
    )


def write_features(features: list[dict], target: Path) -> None:
    """`cp` is where map libraries put the name."""
    compact = [
        {
            "type": "Feature",
            "properties": {
                "code": feature["properties"]["code"],
                "name": feature["properties"]["name"],
                "cp": feature["properties"]["label"],
            },
            "geometry": feature["geometry"],
        }
        for feature in features
    ]
    document = {"type": "FeatureCollection", "features": compact}
    target.write_text(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )


def simplified(features: list[dict]) -> list[dict]:
    corners = corners_of([list(lines(feature["geometry"])) for feature in features])
    return [feature | {"geometry": each_line(feature["geometry"], corners)} for feature in features]


def corners_of(features: list[list[Line]]) -> set[Point]:
    """Points that every neighbour keeps: where a line starts, and where the set of neighbours changes."""
    owners: dict[Point, set[int]] = defaultdict(set)
    for number, feature in enumerate(features):
        for line in feature:
            for x, y in line:
                owners[x, y].add(number)
    corners = set()
    for feature in features:
        for line in feature:
            points = [(x, y) for x, y in line]
            corners.add(points[0])
            for one, next_one in pairwise(points):
                if owners[one] != owners[next_one]:
                    corners |= {one, next_one}
    return corners


def lines(geometry: dict) -> Iterator[Line]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "LineString":
        yield coordinates
    elif kind in ("MultiLineString", "Polygon"):
        yield from coordinates
    else:
        for polygon in coordinates:
            yield from polygon


def each_line(geometry: dict, corners: set[Point]) -> dict:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "LineString":
        return {"type": kind, "coordinates": simple_line(coordinates, corners)}
    if kind in ("MultiLineString", "Polygon"):
        return {"type": kind, "coordinates": [simple_line(line, corners) for line in coordinates]}
    polygons = [[simple_line(ring, corners) for ring in polygon] for polygon in coordinates]
    return {"type": kind, "coordinates": polygons}


def simple_line(line: Line, corners: set[Point]) -> Line:
    """Simplify between corners; an islet that would lose its shape stays as it is."""
    points = [(x, y) for x, y in line]
    kept: Line = []
    start = 0
    for end in range(1, len(points)):
        if end == len(points) - 1 or points[end] in corners:
            kept += simple_arc(points[start : end + 1])[:-1]
            start = end
    short = rounded([*kept, points[-1]], DECIMALS)
    return short if len(short) >= min(5, len(points)) else rounded(points, 4)


def simple_arc(arc: Line) -> Line:
    """The same result whichever neighbour's direction it is walked in."""
    if arc[0] == arc[-1]:
        middle = len(arc) // 2
        return simple_arc(arc[: middle + 1])[:-1] + simple_arc(arc[middle:]) if len(arc) > 3 else arc
    forward = arc[0] < arc[-1]
    kept = douglas_peucker(arc if forward else arc[::-1])
    return kept if forward else kept[::-1]


def douglas_peucker(arc: Line) -> Line:
    keep, stack = {0, len(arc) - 1}, [(0, len(arc) - 1)]
    while stack:
        first, last = stack.pop()
        distance, farthest = max(
            ((off_line(arc[i], arc[first], arc[last]), i) for i in range(first + 1, last)),
            default=(0.0, first),
        )
        if distance > TOLERANCE:
            keep.add(farthest)
            stack += [(first, farthest), (farthest, last)]
    return [arc[i] for i in sorted(keep)]


def off_line(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if not length:
        return ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


def rounded(line: Line, decimals: int) -> Line:
    short: Line = []
    for x, y in line:
        point = (round(x, decimals), round(y, decimals))
        if not short or short[-1] != point:
            short.append(point)
    return short


if __name__ == "__main__":
    main()
