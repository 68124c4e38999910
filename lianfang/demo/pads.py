"""Paper in the demo city: a pad of which a few rows were typed in, and a day on which phone and paper ran side by side."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Count

from lianfang.checkpoints.models import PaperLine, PaperPad, Passage, Registration
from lianfang.checkpoints.services.paper import Written, make_pad
from lianfang.demo.crews import SHOWN
from lianfang.demo.names import given_name, surname
from lianfang.demo.numbers import plate, resident_id, telephone
from lianfang.demo.traffic import TOWNSHIPS
from lianfang.journeys.transcribing import type_rows
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.reach import Reach, reach

HOME = "210381"
ROWS = ((1,), (2, 3), (5,), (6,))  # the fourth was left out
PILOT_HOURS = (8, 10)
PILOT_ROWS = 100


def paper_of_the_city(by: Reach, checker: Reach, *, at: datetime) -> None:
    """Once: rows of vehicles that left during a power cut (they move no figure of those who came), and yesterday's pilot."""
    if PaperPad.objects.exists():
        return
    chance = Random(20200213)
    pad = make_pad(by=by, checkpoint=SHOWN, purpose="ENTRY", rows=100, at=at - timedelta(hours=30))
    cut = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=20)
    for n, rows in enumerate(ROWS):
        written = Written(cut + timedelta(minutes=7 * n), plate(chance, origin=HOME, local=0.8), rows)
        people = [_person(chance) for _ in rows]
        header = {"direction": "OUT", "transport": "CAR", "purpose": "COMMUTE", "officer": f"{SHOWN}-3"}
        type_rows(
            by=by, at=at - timedelta(hours=18), pad=pad.number, written=written, header=header, people=people
        )
    PaperLine.objects.filter(pad=pad, row__lte=3).update(
        checked_by=checker.officer_id, checked_at=at - timedelta(hours=17)
    )
    _pilot(by, chance, at=at)


def _person(chance: Random) -> dict[str, Any]:
    born_on = start_of(day_of(datetime(1961 + chance.randrange(40), 1 + chance.randrange(12), 15)))  # noqa: DTZ001 -- a birthday
    male = chance.random() < 0.5
    number = resident_id(chance, born_on=born_on.date(), male=male, origin=HOME)
    return {
        "name": surname(chance) + given_name(chance, male=male, born_on=born_on.date()),
        "document": {"type": "RESIDENT_ID", "number": number},
        "phone": telephone(chance),
        "from_code": HOME,
        "destination": {
            "code": TOWNSHIPS[chance.randrange(len(TOWNSHIPS))],
            "address": f"{chance.randrange(1, 90)}号",
        },
        "temperatures": [{"celsius": 36 + chance.randrange(1, 9) / 10, "state": "READ"}],
        "symptoms": [],
    }


def _pilot(by: Reach, chance: Random, *, at: datetime) -> None:
    """Yesterday's passages of two hours, written by hand a minute later: one left out, one nobody typed, one miscounted."""
    morning = start_of(day_of(at) - timedelta(days=1))
    since, until = (morning + timedelta(hours=hour) for hour in PILOT_HOURS)
    pad = make_pad(by=by, checkpoint=SHOWN, purpose="PILOT", rows=PILOT_ROWS, at=morning)
    with reach(by):
        passages = list(
            Passage.objects.filter(checkpoint=SHOWN, captured_on=day_of(since), occurred_at__gte=since)
            .exclude(source="PAPER")
            .filter(occurred_at__lt=until - timedelta(minutes=3))
            .order_by("occurred_at")[: PILOT_ROWS - 5]
        )
        people = dict(
            Registration.objects.filter(passage_id__in=[passage.id for passage in passages])
            .values_list("passage_id")
            .annotate(Count("id"))
        )
    lines: list[PaperLine] = []
    for passage in passages[:7] + passages[8:]:
        lines.append(
            PaperLine(
                pad=pad,
                row=len(lines) + 1,
                plate_index=passage.plate_index,
                occurred_at=passage.occurred_at + timedelta(minutes=chance.randrange(0, 3)),
                people=people.get(passage.id, 0) + (len(lines) == 12),
                typed_by=by.officer_id,
                typed_at=at,
            )
        )
    missed = Written(since + timedelta(minutes=41), plate(chance, origin=HOME, local=1), ())
    lines.append(
        PaperLine(
            pad=pad, row=len(lines) + 1, plate_index=missed.plate_index, occurred_at=missed.occurred_at, people=2,
            typed_by=by.officer_id, typed_at=at,
        )
    )  # fmt: skip
    PaperLine.objects.bulk_create(lines)
