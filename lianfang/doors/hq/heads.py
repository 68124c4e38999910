"""The figures over a list of passages: from the board's cells where these tell them, else counted from the records."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext

from lianfang.checkpoints.queries import COUNTED_TO, Counted, Wanted, counted
from lianfang.doors.tags import figure
from lianfang.kernel.reach import Reach
from lianfang.situation.day import figures_of


class Headline(NamedTuple):
    """A figure, its unit, what it counts, and its definition."""

    number: str
    unit: str
    what: str
    title: str = ""


def headlines(seen: Reach, wanted: Wanted, codes: Iterable[str]) -> list[Headline]:
    """Of what is wanted; `codes` are the checkpoints that the officer may know and chose."""
    if _is_told(wanted):
        told = figures_of(codes, first=wanted.first, last=wanted.last, hour=wanted.hour)
        found = Counted(None if wanted.direction else told.passages, told.vehicles, told.people)
        missing = gettext("没有报告")
    else:
        found, missing = counted(seen, wanted), gettext("太多，没有数完")
    shown = [] if wanted.direction and _is_told(wanted) else [_passages(found, missing, wanted.direction)]
    return (
        shown if wanted.direction == "OUT" else [*shown, _vehicles(found, missing), _people(found, missing)]
    )


def _is_told(wanted: Wanted) -> bool:
    """Whether the cells by checkpoint and hour tell it: 台次 and 人次 are of those who come in anyway."""
    by_cell = Wanted(wanted.first, wanted.last, wanted.checkpoint, wanted.hour)
    return wanted.direction != "OUT" and replace(wanted, direction=None) == by_cell


def _passages(found: Counted, missing: str, direction: str | None) -> Headline:
    ways = {None: gettext("出入都算"), "IN": gettext("入向"), "OUT": gettext("出向")}
    what = missing if found.passages is None else ways[direction]
    return Headline(_number(found.passages), gettext("条"), what)


def _vehicles(found: Counted, missing: str) -> Headline:
    what = missing if found.vehicles is None else gettext("入向机动车")
    return Headline(_number(found.vehicles), gettext("台次"), what, gettext("台次：入向的机动车。"))


def _people(found: Counted, missing: str) -> Headline:
    what = missing if found.people is None else gettext("入向登记的人")
    return Headline(_number(found.people), gettext("人次"), what, gettext("人次：入向登记的人。"))


def _number(value: int | None) -> str:
    if value is not None and value > COUNTED_TO:
        return gettext("%(n)s 以上") % {"n": figure(COUNTED_TO)}
    return figure(value)
