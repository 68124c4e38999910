"""Tiles of the checkpoints: the list with its ages, and the map with the flows from the provinces."""

from typing import Any

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries.city import city_code
from lianfang.regions.queries import names
from lianfang.screening.queries import areas_in_force
from lianfang.situation.board import by_key, checkpoint_rows
from lianfang.situation.wall.asking import Asked
from lianfang.situation.wall.places import by_province

_ON_THE_MAP = ("code", "name", "today", "last_record_at", "open_now")


def checkpoints(asked: Asked) -> dict[str, Any]:
    return {"checkpoints": _rows(asked)}


def map_of_the_city(asked: Asked) -> dict[str, Any]:
    """Where the checkpoints stand, and how many people came in from which province. Outlines have their own address."""
    located = Checkpoint.objects.exclude(longitude=None).exclude(latitude=None)
    places = {code: at for code, *at in located.values_list("code", "longitude", "latitude")}
    provinces = by_province(by_key("ORIGIN", asked.what, asked.today))
    city = city_code(asked.seen)
    named = names([*provinces, *([city] if city else [])], asked.today)
    affected = _affected(asked)
    return {
        "city": {"code": city, "name": named.get(city)} if city else None,
        "checkpoints": [
            {**{name: row[name] for name in _ON_THE_MAP}, "at": places[row["code"]]}
            for row in _rows(asked)
            if row["code"] in places
        ],
        "flows": [
            {"code": code, "name": named.get(code), **people, "is_affected": code.startswith(affected)}
            for code, people in provinces.items()
        ],
    }


def _affected(asked: Asked) -> tuple[str, ...]:
    """The provinces in which a place is an affected area today."""
    return tuple({area.code[:2] for area in areas_in_force(asked.at)})


def _rows(asked: Asked) -> list[dict[str, Any]]:
    return checkpoint_rows(by_key("CHECKPOINT", asked.what, asked.today), at=asked.at)
