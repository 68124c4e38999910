"""What the wall's tiles answer, as structs."""

from typing import Any, Literal

from msgspec import Struct

from lianfang.doors.shapes import (
    CheckpointFigures,
    Day,
    Figures,
    Hour,
    MeasureFigures,
    Today,
)


class WallAnswer(Struct, kw_only=True):
    """What every tile says beside its data: when it was answered, up to when it counts, and which state of the cells."""

    tile: str
    as_of: str
    watermark: str | None
    version: int


class Comparison(Struct):
    """Both days up to `hour` o'clock."""

    hour: int
    today: Figures
    yesterday: Figures


class LargeFigures(Struct):
    totals: Figures
    today: Today
    by_now: Comparison | None


class FiguresTile(WallAnswer, kw_only=True):
    data: LargeFigures


class CheckpointList(Struct):
    checkpoints: list[CheckpointFigures]


class CheckpointsTile(WallAnswer, kw_only=True):
    data: CheckpointList


class TwoDays(Struct):
    hour: int
    today: list[Hour]
    yesterday: list[Hour]


class HoursTile(WallAnswer, kw_only=True):
    data: TwoDays


class Fortnight(Struct):
    today: str
    days: list[Day]


class DaysTile(WallAnswer, kw_only=True):
    data: Fortnight


class NamedPlace(Struct):
    code: str
    name: str | None


class CheckpointOnMap(Struct):
    code: str
    name: str
    today: Figures
    last_record_at: str | None
    open_now: bool
    at: tuple[float, float]


class ProvinceFigures(Struct):
    code: str
    name: str | None
    people: int
    today: int


class Flow(ProvinceFigures):
    is_affected: bool


class CityMap(Struct):
    city: NamedPlace | None
    checkpoints: list[CheckpointOnMap]
    flows: list[Flow]


class MapTile(WallAnswer, kw_only=True):
    data: CityMap


class CountyOfOrigin(Struct):
    code: str
    name: str | None
    province: str | None
    people: int


class Origins(Struct):
    people: int
    unknown: int
    provinces: list[ProvinceFigures]
    counties: list[CountyOfOrigin]


class OriginsTile(WallAnswer, kw_only=True):
    data: Origins


class MeasuresToday(Struct):
    arrived: int
    measures: list[MeasureFigures]


class MeasuresTile(WallAnswer, kw_only=True):
    data: MeasuresToday


class PurposeToday(Figures, kw_only=True):
    purpose: str | None


class PurposesToday(Struct):
    purposes: list[PurposeToday]


class PurposesTile(WallAnswer, kw_only=True):
    data: PurposesToday


class TransportToday(Figures, kw_only=True):
    transport: str | None


class TransportsToday(Struct):
    transports: list[TransportToday]


class TransportsTile(WallAnswer, kw_only=True):
    data: TransportsToday


class PlaceOfDestination(NamedPlace):
    people: int


class Destinations(Struct):
    level: Literal["COUNTY", "TOWNSHIP"]
    people: int
    inside: int
    unknown: int
    places: list[PlaceOfDestination]


class DestinationsTile(WallAnswer, kw_only=True):
    data: Destinations


class Step(Struct):
    """`few`: one to four, which the wall does not tell."""

    step: Literal["ARRIVED", "AFFECTED_AREA", "FEVER_CLINIC", "UNDER_OBSERVATION", "RELEASED"]
    people: int | None
    few: bool


class Funnel(Struct):
    steps: list[Step]


class FunnelTile(WallAnswer, kw_only=True):
    data: Funnel


class HolderShown(Struct):
    program: str
    role: str
    database: str


class Freshness(Struct):
    age: float | None
    is_late: bool
    held_by: HolderShown | None


class WatermarkTile(WallAnswer, kw_only=True):
    data: Freshness


class OnDuty(Struct):
    """Somebody by name, as LEAD or DUTY; PLANNED: not signed in."""

    name: str
    role: Literal["LEAD", "DUTY"]
    state: Literal["PLANNED", "ON_DUTY", "HANDED_OVER", "ABSENT"]
    begins_at: str
    ends_at: str


class GroupOnDuty(Struct):
    code: str
    zh: str
    en: str
    now: list[OnDuty]
    next: list[OnDuty]


class DutyToday(Struct):
    headquarters: str | None
    due: int
    there: int
    groups: list[GroupOnDuty]


class DutyTile(WallAnswer, kw_only=True):
    data: DutyToday


class FigureOrFew(Struct):
    """`n` null: nobody counts, or nothing was reported; or `few`: of one to four people nothing more is told."""

    n: int | None
    few: bool


class DefenceFigure(FigureOrFew):
    figure: str


class DefenceLine(Struct):
    line: Literal["TOWNSHIPS", "VILLAGES", "ENTERPRISES", "MEDICAL"]
    figures: list[DefenceFigure]


class Defence(Struct):
    lines: list[DefenceLine]


class DefenceTile(WallAnswer, kw_only=True):
    data: Defence


class CheckInsToday(Struct):
    """Of the whole city. `called_for`: of how many a report of this half-day is asked; `due_tomorrow`: whose last day is today."""

    day: str
    half: Literal["MORNING", "EVENING"]
    observed: FigureOrFew
    called_for: FigureOrFew
    checked_in: FigureOrFew
    symptomatic: FigureOrFew
    released_today: FigureOrFew
    due_tomorrow: FigureOrFew


class CheckInsTile(WallAnswer, kw_only=True):
    data: CheckInsToday


class Outlines(Struct):
    """GeoJSON FeatureCollections."""

    provinces: dict[str, Any]
    counties: dict[str, Any]


TILE_SHAPES: dict[str, tuple[str, type[WallAnswer]]] = {
    "figures": ("大数字 / the large figures", FiguresTile),
    "checkpoints": ("卡口 / the checkpoints", CheckpointsTile),
    "hours": ("今日各时和昨日 / today by the hour beside yesterday", HoursTile),
    "days": ("近十四天 / the last fortnight", DaysTile),
    "map": ("地图 / checkpoints on the map, flows from the provinces", MapTile),
    "origins": ("来源地 / places of origin", OriginsTile),
    "measures": ("处置 / measures", MeasuresTile),
    "purposes": ("今日来由 / purposes today", PurposesTile),
    "transports": ("今日交通工具 / means of transport today", TransportsTile),
    "destinations": ("去向 / counties or townships of destination", DestinationsTile),
    "funnel": ("从登记到解除观察 / from arrival to release from observation", FunnelTile),
    "duty": ("今日值班 / who is on duty now and next, by group", DutyTile),
    "defence": ("四道防线 / the four lines of defence", DefenceTile),
    "check_ins": ("隔离观察和打卡 / people under observation, and who reported", CheckInsTile),
    "watermark": ("数据时间 / how old the figures are, and who holds them back", WatermarkTile),
}
