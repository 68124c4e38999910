"""Officers as administrators' pages show them: postings with their places in words, in one question to the register."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from lianfang.command.queries import OfficerFile, OfficerLine, PostingLine
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import paths


class ShownPosting(NamedTuple):
    """A posting with its place in words and the last day it holds, if it has one."""

    line: PostingLine
    place: str
    last_day: date | None


class ShownOfficer(NamedTuple):
    """`oneself`: whoever looks. Nobody acts on himself, so the page offers nothing there."""

    line: OfficerLine
    postings: Sequence[ShownPosting]
    oneself: bool


def shown_officers(lines: Sequence[OfficerLine], by: Reach) -> list[ShownOfficer]:
    places = _places(posting for line in lines for posting in line.postings)
    return [ShownOfficer(line, _shown(line.postings, places), line.id == by.officer_id) for line in lines]


def shown_file(file: OfficerFile, by: Reach) -> tuple[ShownOfficer, list[ShownPosting]]:
    """The officer, and the postings that ended."""
    places = _places([*file.line.postings, *file.ended])
    officer = ShownOfficer(file.line, _shown(file.line.postings, places), file.line.id == by.officer_id)
    return officer, _shown(file.ended, places)


def _places(postings: Iterable[PostingLine]) -> Mapping[str, str]:
    return paths({posting.division for posting in postings}, day_of(now()))


def _shown(postings: Iterable[PostingLine], places: Mapping[str, str]) -> list[ShownPosting]:
    return [
        ShownPosting(line, places.get(line.division, line.division), _last_day(line)) for line in postings
    ]


def _last_day(line: PostingLine) -> date | None:
    return day_of(line.until_at - timedelta(microseconds=1)) if line.until_at else None
