"""Do the server, the phone and the database decide alike? Asked of people drawn by chance, by the rule sets in force
here, those that come with the program, and rule sets drawn by chance. A third of the people come as they are sent, and
server and phone have to read them alike first."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import msgspec

from lianfang.journeys.drawn_records import DrawnRecord, DrawnRecords
from lianfang.journeys.engines import Batch, Engine, Verdict, engines
from lianfang.machine.logs import named
from lianfang.machine.progress import Silent, Telling
from lianfang.screening.drawing import draw_content
from lianfang.screening.drawing_people import People
from lianfang.screening.facts import Facts
from lianfang.screening.queries import book
from lianfang.screening.rules import hash_of
from lianfang.screening.shipped import SHIPPED, shipped

ENGINES = ("python", "typescript", "sql")
SHOWN = 10  # examples of a disagreement
TOGETHER = 100  # people decided by one rule set at a time
STANDING_EVERY = 5  # a batch of a standing rule set among those of drawn ones
READ_EVERY = 3  # one batch in three is of records rather than of facts
LAPSED = 0.3  # the share of batches whose rule set's time is over

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A person the engines do not decide alike, or do not read alike, with what each says."""

    content: Content
    lapsed: bool
    person: Facts | DrawnRecord
    answers: dict[str, Verdict]

    def told(self) -> dict[str, Any]:
        """As JSON takes it."""
        answers = {name: answer._asdict() for name, answer in self.answers.items()}
        kind = "facts" if isinstance(self.person, Facts) else "record"
        shown = {"lapsed": self.lapsed, kind: self.person, "answers": answers, "content": self.content}
        told: dict[str, Any] = msgspec.to_builtins(shown)
        return told


@dataclass(frozen=True, slots=True)
class Agreement:
    """`engines` are those that were asked; one that cannot run on this machine is not among them."""

    pairs: int
    disagreements: int
    engines: tuple[str, ...]
    seconds: float
    seed: int
    examples: tuple[Example, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in ENGINES if name not in self.engines)


def agree(
    pairs: int, *, seed: int, at: datetime, also: Iterable[Content] = (), progress: Telling | None = None
) -> Agreement:
    """Asks every engine about `pairs` of a rule set and a person. `also`: further rule sets, a draft for one."""
    progress, began = progress or Silent(), time.monotonic()
    progress.step("比较各引擎的决定", "Comparing what the engines decide")
    done = disagreements = 0
    examples: list[Example] = []
    with engines() as asked:
        for batch in _batches(pairs, standing(at, also), Random(seed)):  # noqa: S311 -- drawn to be repeatable
            found = list(_differing(batch, asked))
            disagreements += len(found)
            examples += found[: SHOWN - len(examples)]
            done += len(batch)
            progress.count(done, pairs)
        return Agreement(
            done,
            disagreements,
            tuple(asked),
            round(time.monotonic() - began, 1),
            seed,
            tuple(examples),
        )


def standing(at: datetime, also: Iterable[Content] = ()) -> list[Content]:
    """The rule sets that are always asked about: in force here, come with the program, and named by the caller."""
    contents = [
        *also,
        book(anew=True).at(at).rule_set.content(),
        *(dict(shipped(code).content) for code in SHIPPED),
    ]
    return list({hash_of(one): one for one in contents}.values())


def _batches(pairs: int, fixed: Sequence[Content], chance: Random) -> Iterator[Batch]:
    size = max(1, min(TOGETHER, pairs // (2 * len(fixed))))
    for number, first in enumerate(range(0, pairs, size)):
        content = _standing_one(number, fixed) or draw_content(chance)
        many = range(min(size, pairs - first))
        lapsed = number >= len(fixed) and chance.random() < LAPSED
        if number % READ_EVERY == READ_EVERY - 1:
            records = DrawnRecords(content, chance)
            yield Batch(content, (), lapsed, [records.draw() for _ in many])
        else:
            people = People(content, chance)
            yield Batch(content, [people.draw() for _ in many], lapsed)


def _standing_one(number: int, fixed: Sequence[Content]) -> Content | None:
    """First each of them once, then one among a few drawn ones."""
    if number < len(fixed):
        return fixed[number]
    turn, rest = divmod(number, STANDING_EVERY)
    return None if rest else fixed[turn % len(fixed)]


def _differing(batch: Batch, asked: Mapping[str, Engine]) -> Iterator[Example]:
    answers = {name: _answers(engine, batch) for name, engine in asked.items()}
    people: Sequence[Facts | DrawnRecord] = batch.records or batch.people
    for place, person in enumerate(people):
        said = {name: answer[place] for name, answer in answers.items()}
        if len(set(said.values())) > 1 or any(answer.failed for answer in said.values()):
            yield Example(batch.content, batch.lapsed, person, said)


def _answers(engine: Engine, batch: Batch) -> list[Verdict]:
    """An engine that cannot decide disagrees with those that can."""
    try:
        return engine(batch)
    except Exception as error:
        return [Verdict(failed=named(error))] * len(batch)
