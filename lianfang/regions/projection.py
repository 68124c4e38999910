"""Outlines as paths on a sheet of paper: projected, thinned to what can be seen, written as SVG. Pure.

The country stands as on printed maps: equal areas on a cone (Albers, 25° and 47° north, 105° east).
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

Point = tuple[float, float]
Projection = Callable[[float, float], Point]


class Shape(NamedTuple):
    """An outline on the sheet: its path (SVG, absolute), and where its name goes. Boundary lines have no code."""

    code: str
    name: str
    path: str
    x: int
    y: int


class Frame(NamedTuple):
    """The part of the sheet that is shown."""

    left: int
    top: int
    width: int
    height: int


def albers(longitude: float, latitude: float) -> Point:
    """x to the east, y to the south, in radii of the earth."""
    angle = _CONE * math.radians(longitude - 105)
    distance = math.sqrt(_CONSTANT - 2 * _CONE * math.sin(math.radians(latitude))) / _CONE
    return distance * math.sin(angle), distance * math.cos(angle)


_CONE = (math.sin(math.radians(25)) + math.sin(math.radians(47))) / 2
_CONSTANT = math.cos(math.radians(25)) ** 2 + 2 * _CONE * math.sin(math.radians(25))


def plain(latitude: float) -> Projection:
    """For something as small as a city: degrees, shortened to the east as they are at this latitude."""
    shortened = math.cos(math.radians(latitude))
    return lambda longitude, north: (math.radians(longitude) * shortened, -math.radians(north))


def scaled(project: Projection, *, corner: Point, scale: float) -> Projection:
    """The projection in units of the sheet; `corner` is the projected point at its top left."""

    def onto(longitude: float, latitude: float) -> Point:
        x, y = project(longitude, latitude)
        return (x - corner[0]) * scale, (y - corner[1]) * scale

    return onto


def box(features: Iterable[dict[str, Any]], project: Projection) -> tuple[Point, Point]:
    """Top left and bottom right of all of them. Raises ValueError when there is none."""
    points = [project(*at) for feature in features for line in _lines(feature["geometry"]) for at in line]
    across, down = [x for x, _ in points], [y for _, y in points]
    return (min(across), min(down)), (max(across), max(down))


def shapes(features: Iterable[dict[str, Any]], project: Projection, *, thinned: float) -> list[Shape]:
    """`thinned`: what lies closer than this to the line, in units of the sheet, is left out of it."""
    made = []
    for feature in features:
        of, at = feature["properties"], project(*feature["properties"]["cp"])
        closed = feature["geometry"]["type"].endswith("Polygon")
        path = "".join(
            _written(_thin([project(*point) for point in line], thinned), closed=closed)
            for line in _lines(feature["geometry"])
        )
        made.append(Shape(of["code"], of["name"], path, round(at[0]), round(at[1])))
    return made


def _lines(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    """Every ring or line, whatever the geometry's kind."""
    nested = geometry["coordinates"]
    kind = geometry["type"]
    if kind == "LineString":
        yield nested
    elif kind in ("MultiLineString", "Polygon"):
        yield from nested
    else:
        for polygon in nested:
            yield from polygon


def _thin(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker: the ends stay, and whatever lies further from the line between them."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    if points[0] == points[-1]:  # a ring is cut at the point farthest from its beginning
        far = max(range(len(points)), key=lambda n: math.dist(points[0], points[n]))
        keep.add(far)
        spans = [(0, far), (far, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        away, at = max(
            ((_away(points[n], points[first], points[last]), n) for n in range(first + 1, last)),
            default=(0.0, first),
        )
        if away > tolerance:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [points[n] for n in sorted(keep)]


def _away(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = math.dist(start, end)
    if not length:
        return math.dist(point, start)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


def _written(points: Sequence[Point], *, closed: bool) -> str:
    """Whole tenths. A ring too small to be drawn is a dot: an islet is on the map as well."""
    rounded = [f"{x:.1f},{y:.1f}" for x, y in points]
    said = [one for n, one in enumerate(rounded) if n == 0 or one != rounded[n - 1]]
    if len(said) < 2:
        return f"M{said[0]}h.1"
    return f"M{'L'.join(said[:-1])}Z" if closed else f"M{'L'.join(said)}"
