"""The wall's tiles by name. Each is answered alone, and a tile that fails takes no other with it. Figures of people come
from the cells only."""

from collections.abc import Callable
from typing import Any

from lianfang.command.queries.duty import duty_version
from lianfang.situation.wall import defence, duty, freshness, kinds, observed, places, posts, times
from lianfang.situation.wall.asking import Asked

TILES: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "figures": times.large_figures,
    "checkpoints": posts.checkpoints,
    "hours": times.hours,
    "days": times.days,
    "map": posts.map_of_the_city,
    "origins": places.origins,
    "measures": kinds.measures,
    "purposes": kinds.purposes,
    "transports": kinds.transports,
    "destinations": places.destinations,
    "funnel": kinds.funnel,
    "duty": duty.duty,
    "defence": defence.defence,
    "check_ins": observed.check_ins,
    "watermark": freshness.watermark,
}


def tile(name: str, asked: Asked) -> dict[str, Any]:
    """A tile's JSON: what it counts, up to when, and its data."""
    at = asked.what.watermark
    return {
        "tile": name,
        "as_of": asked.at.isoformat(),
        "watermark": at.isoformat() if at else None,
        "version": asked.version,
        "data": TILES[name](asked),
    }


def mark(name: str, asked: Asked) -> str:
    """The same as long as the tile is: the version of the cells, the minute (opening hours move on); what else changes it."""
    minute = int(asked.at.timestamp()) // 60
    return f"{asked.version}-{minute}{_further(name, asked)}"


def _further(name: str, asked: Asked) -> str:
    """The watermark's age, by the second; duty changes whenever somebody signs."""
    if name == "watermark":
        return f"-{asked.at.timestamp():.0f}"
    return f"-{duty_version(asked.seen)}" if name == "duty" else ""
