"""Rows of a pad as somebody wrote them, and typing them in."""

from datetime import datetime, timedelta
from typing import Any

from lianfang.checkpoints.models import (
    PaperPad,
    Passage,
    Registration,
)
from lianfang.checkpoints.services.paper import Written
from lianfang.checkpoints.services.second_look import SeenAgain, SeenPerson
from lianfang.journeys.transcribing import type_rows
from lianfang.kernel.reach import Reach, reach
from tests.factories import Generated

PLATE = "辽C12345"


def person(seed: int = 1, **changes: Any) -> dict[str, Any]:
    made = Generated(seed).person(**changes)
    del made["id"]
    return made


HEADER = {"direction": "IN", "transport": "CAR", "purpose": "COMMUTE", "officer": "王警官"}


def type_in(by: Reach, pad: PaperPad, *rows: int, at: datetime, **changes: Any) -> Any:
    """A vehicle with one person on each row."""
    given = {"plate": PLATE, "occurred_at": at - timedelta(hours=2), "people": None} | changes
    people = given["people"] or [person(row) for row in rows]
    written = Written(given["occurred_at"], given["plate"], rows)
    return type_rows(by=by, at=at, pad=pad.number, written=written, header=HEADER, people=people)


def everything(by: Reach) -> tuple[int, int]:
    with reach(by):
        return Passage.objects.count(), Registration.objects.count()


def seen_as_typed(*rows: int, plate: str = PLATE, **changes: Any) -> SeenAgain:
    people = []
    for row in rows:
        typed = person(row)
        celsius = typed["temperatures"][0]["celsius"]
        people.append(SeenPerson(typed["document"]["number"], round(celsius * 10))._replace(**changes))
    return SeenAgain(plate, tuple(people))
