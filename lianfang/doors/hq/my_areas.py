"""On an officer's own page: what he answers for himself, and how many vacancies have climbed to his area."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from lianfang.command.models import ResponsiblePerson
from lianfang.command.queries.responsibility import my_responsibilities, vacancies
from lianfang.doors.hq.responsibility_asked import areas_of
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import paths


class MyAreas(NamedTuple):
    """`own`: each with the whole name of its division; `red`: vacancies on the list of the area he is posted over."""

    own: list[tuple[ResponsiblePerson, str]]
    red: int


def my_areas(seen: Reach, *, at: datetime) -> MyAreas | None:
    if not seen.may("VIEW_RESPONSIBILITY"):
        return None
    rows = my_responsibilities(seen, at=at)
    said = paths({row.division for row in rows}, day_of(at)) if rows else {}
    area = next(iter(areas_of(seen)), None)
    found = vacancies(seen, area, at, after=settings.VACANCY_CLIMBS_AFTER, only_red=True) if area else None
    return MyAreas([(row, said.get(row.division, row.division)) for row in rows], found.red if found else 0)
