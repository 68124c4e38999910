"""What the database lays as corrected is what the pages read as corrected: every fact, every null, in whatever order."""

from datetime import timedelta
from random import Random
from secrets import randbelow
from uuid import UUID

from lianfang.checkpoints.queries.decisions import recorded_decision
from lianfang.journeys.deciding import facts_of
from lianfang.journeys.drawn_records import DrawnRecords
from lianfang.kernel.days import start_of
from lianfang.kernel.reach import reach
from lianfang.screening.drawing import draw_content
from lianfang.screening.facts import Facts
from lianfang.screening.models import ScreeningFact
from tests.factories import Generated, Json
from tests.journeys.conftest import DAY, TODAY, Gate

PEOPLE = 150
ARRIVED = start_of(TODAY - 5 * DAY) + timedelta(hours=12)

DAYS = [(ARRIVED + n * DAY).isoformat() for n in (-3, -1, 1)]


class Corrected:
    """Cars of two, and corrections of them and of their people, drawn by chance."""

    def __init__(self, gate: Gate, seed: int) -> None:
        self._gate, self._chance = gate, Random(seed)
        self._made = Generated(seed, at=ARRIVED)
        self._records = DrawnRecords(draw_content(self._chance), self._chance)
        self.people: list[str] = []

    def register(self) -> None:
        cars = [self._car() for _ in range(PEOPLE // 2)]
        self._gate.send(self._made.parcel(*cars), ARRIVED + timedelta(minutes=1))
        people = [person["id"] for car in cars for person in car["people"]]
        corrections = [
            # One of each day for certain: of seventy-five drawn by chance a day is missing in one run of some dozens.
            *(
                self._correction(car["id"], {"occurred_at": day})
                for car, day in zip(cars, DAYS, strict=False)
            ),
            *(self._correction(car["id"], self._of_passage()) for car in cars[len(DAYS) :]),
            *(self._correction(id, self._of_person()) for id in people for _ in range(2)),
        ]
        self._chance.shuffle(corrections)  # nor do they arrive in the order in which they were made
        self._gate.send(self._made.parcel(*(one for one in corrections if one["fields"])), ARRIVED + 4 * DAY)
        self.people += people

    def _car(self) -> Json:
        people = [{**self._made.person(), **self._records.draw().person} for _ in range(2)]
        header = dict(self._records.draw().passage)
        return self._made.passage(people=people) | header

    def _correction(self, of: str, fields: Json) -> Json:
        at = ARRIVED + timedelta(minutes=self._chance.randrange(1, 5000))
        return self._made.correction(of, fields, occurred_at=at.isoformat())

    def _of_person(self) -> Json:
        return self._some(dict(self._records.draw().person) | {"phone": None, "name": "王某"})

    def _of_passage(self) -> Json:
        moments = [*DAYS, "yesterday", "2019-01-01T00:00:00Z", None]
        return self._some(
            dict(self._records.draw().passage)
            | {
                "occurred_at": self._chance.choice(moments),
                "plate": None,
                "direction": self._chance.choice(("IN", "OUT", None)),
            }
        )

    def _some(self, fields: Json) -> Json:
        """Two of three corrected cars and people have few fields named; each may be emptied."""
        named = self._chance.sample(sorted(fields), self._chance.choice((0, 1, 2, len(fields))))
        return {name: None if self._chance.random() < 0.25 else fields[name] for name in named}


def laid_and_read(gate: Gate, seed: int) -> list[tuple[ScreeningFact, Facts, Facts, bool]]:
    """Of each person the row that was laid, its facts, what the pages read, and whether a correction names a fact."""
    corrected = Corrected(gate, seed)
    corrected.register()
    gate.lay()
    rows = {
        str(row.registration_id): row for row in ScreeningFact.objects.using("owner").filter(is_first=True)
    }
    found = []
    with reach(gate.first) as seen:
        for id in corrected.people:
            record = recorded_decision(seen, UUID(id))
            assert record is not None
            row = rows[id]
            lies = facts_of(lambda column, row=row: getattr(row, column))  # type: ignore[misc]
            found.append((row, lies, facts_of(record.standing), record.corrected))
    return found


def test_every_fact_is_laid_as_the_pages_read_it(gate: Gate) -> None:
    seed = randbelow(1_000_000)
    found = laid_and_read(gate, seed)
    for row, lies, read, is_corrected in found:
        assert lies == read, seed
        assert row.anew == is_corrected, seed
    drawn = [read for _, _, read, _ in found]
    assert len({one.on for one in drawn}) == 4, "days are corrected as well"
    for name in Facts.__dataclass_fields__:
        assert len({str(getattr(one, name)) for one in drawn}) > 1, name
