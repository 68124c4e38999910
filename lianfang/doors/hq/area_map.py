"""Affected areas on maps: the provinces of the country, the counties of the city. What is affected in part is told by a
mark and a count, since outlines below the province are on file for the city alone."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext

from lianfang.doors import words
from lianfang.kernel.divisions import at_level, prefix
from lianfang.regions.outlines import outlines, province_outlines
from lianfang.regions.projection import Frame, Shape, albers, box, plain, scaled, shapes
from lianfang.regions.rules import short_name
from lianfang.screening.areas import AffectedArea, strongest

_WIDE = 1000  # units of the country's sheet from west to east
_COUNTRY = Frame(-10, -10, 1140, 900)
_SOUTH_SEA = Frame(596, 726, 336, 474)  # shown again, smaller, in the corner, as on printed maps
_CITY = Frame(-20, -20, 640, 520)
_THIN = 0.9
# Where a name would stand on its neighbour's: how far it is moved (units of the sheet).
_MOVED = {
    "110000": (4, -8),
    "120000": (38, 8),
    "130000": (-2, 76),
    "310000": (34, 2),
    "810000": (46, 14),
    "820000": (-2, 34),
    "150000": (-60, 40),
    "620000": (-40, -46),
    "440000": (-16, -18),
    "640000": (8, -4),
}

People = Callable[[str], int | None]


class ShapeShown(NamedTuple):
    """An outline with what is said of it. `level`: of the whole of it; `parts`: places within it, at `part_level`."""

    shape: Shape
    name: str
    level: str
    parts: int
    part_level: str
    people: int | None
    x: int
    y: int

    @property
    def told(self) -> str:
        """湖北：高风险，近14天 1,185 人次."""
        said = []
        if self.level:
            said.append(str(words.AREA_LEVELS.get(self.level, self.level)))
        if self.parts:
            level = str(words.AREA_LEVELS.get(self.part_level, self.part_level))
            said.append(gettext("其中 %(n)s 处%(level)s") % {"n": self.parts, "level": level})
        if self.people is not None and said:
            said.append(gettext("近14天来 %(n)s 人次") % {"n": f"{self.people:,}"})
        return f"{self.name}{gettext('：')}{gettext('，').join(said) or gettext('不在重点地区之列')}"

    @property
    def is_affected(self) -> bool:
        return bool(self.level or self.parts)


class AreaMap(NamedTuple):
    """A sheet: what is shown of it, the outlines, and what is shown again in the corner."""

    frame: Frame
    shapes: Sequence[ShapeShown]
    lines: Sequence[Shape]
    corner: Frame | None

    @property
    def affected(self) -> list[ShapeShown]:
        return [one for one in self.shapes if one.is_affected]

    @property
    def named(self) -> list[ShapeShown]:
        """The others whose names stand in nobody's way."""
        told = self.affected
        return [
            one
            for one in self.shapes
            if not one.is_affected
            and not any(abs(one.x - other.x) < 80 and -20 < one.y - other.y < 76 for other in told)
        ]


def country(areas: Sequence[AffectedArea], people: People) -> AreaMap:
    """Every province, and the boundary lines, which a map of the country must show."""
    drawn = _provinces()
    lines = [one for one in drawn if not one.code]
    return AreaMap(_COUNTRY, _shown((one for one in drawn if one.code), areas, people), lines, _SOUTH_SEA)


def city_counties(city: str | None, areas: Sequence[AffectedArea], people: People) -> AreaMap | None:
    """The counties of the city, of a county those beside it; nothing where no outline of them is on file."""
    whole = at_level(city, "CITY") if city else None
    drawn = _counties(whole) if whole else ()
    return AreaMap(_CITY, _shown(drawn, areas, people), (), None) if drawn else None


def _shown(drawn: Iterable[Shape], areas: Sequence[AffectedArea], people: People) -> list[ShapeShown]:
    return [_one(shape, areas, people) for shape in drawn]


def _one(shape: Shape, areas: Sequence[AffectedArea], people: People) -> ShapeShown:
    code = prefix(shape.code)
    around = [area.level for area in areas if code.startswith(area.code)]
    within = [area for area in areas if area.code != code and area.code.startswith(code)]
    name = short_name(code=shape.code, name=shape.name)
    x, y = _MOVED.get(shape.code, (0, 0))
    return ShapeShown(
        shape=shape,
        name=name,
        level=strongest(around) if around else "",
        parts=len({area.code for area in within}),
        part_level=strongest(area.level for area in within) if within else "",
        people=people(code) if around else altogether((area.code for area in within), people),
        x=shape.x + x,
        y=shape.y + y,
    )


def altogether(codes: Iterable[str], people: People) -> int | None:
    """People from any of these places, each once: of places within others only the outer one counts. None if of none
    of them anything is known."""
    every = set(codes)
    outer = [code for code in every if not any(code[:n] in every for n in range(2, len(code)))]
    counts = [count for code in outer if (count := people(code)) is not None]
    return sum(counts) if counts else None


@lru_cache(maxsize=1)
def _provinces() -> tuple[Shape, ...]:
    features = province_outlines()["features"]
    (left, top), (right, _) = box((one for one in features if one["properties"]["code"]), albers)
    project = scaled(albers, corner=(left, top), scale=_WIDE / (right - left))
    return tuple(shapes(features, project, thinned=_THIN))


@lru_cache(maxsize=4)
def _counties(city: str) -> tuple[Shape, ...]:
    features: list[dict[str, Any]] = outlines([city])["features"]
    if not features:
        return ()
    middle = plain(features[0]["properties"]["cp"][1])
    (left, top), (right, bottom) = box(features, middle)
    scale = min(
        (_CITY.width + 2 * _CITY.left) / (right - left), (_CITY.height + 2 * _CITY.top) / (bottom - top)
    )
    return tuple(shapes(features, scaled(middle, corner=(left, top), scale=scale), thinned=_THIN))
