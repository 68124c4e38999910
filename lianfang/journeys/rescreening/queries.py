"""What was decided again, for those who look at a person; what re-screenings there are, for headquarters."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Left, RPad

from lianfang.checkpoints.models import Registration
from lianfang.checkpoints.queries.files import PassageFile, files_of
from lianfang.checkpoints.queries.person_files import MeasureShown, PersonFile, measure_of
from lianfang.checkpoints.queries.within import within
from lianfang.command.models import Officer
from lianfang.journeys.rescreening.changes import kind_of, term
from lianfang.journeys.rescreening.counts import RescreeningCounts
from lianfang.journeys.rescreening.laying import KEPT_DAYS
from lianfang.journeys.rescreening.narrowing import areas_added
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import MASKED
from lianfang.kernel.reach import Reach
from lianfang.screening.book import RuleBook
from lianfang.screening.facts import Measure
from lianfang.screening.models import Rescreened, Rescreening
from lianfang.screening.queries import book

LOOK_BACK = timedelta(days=14)
MOST_LISTED = 5_000  # of one township, as a sheet
SUGGESTED_NO_MORE = ("PROPOSED", "APPROVED", "RUNNING", "DONE")


class LaterDecision(NamedTuple):
    """What a re-screening decided about a person. `before` and `stands` are whole measures ("QUARANTINE HOME 14")."""

    rescreening_id: UUID
    at: datetime
    rule_set: str
    rows: tuple[str, ...]
    measures: tuple[MeasureShown, ...]
    before: tuple[str, ...]
    stands: tuple[str, ...]

    @property
    def gained(self) -> tuple[MeasureShown, ...]:
        """What was added or became stricter."""
        new = set(self.stands) - set(self.before)
        return tuple(one for one in self.measures if term(Measure(*one)) in new)


def later_decisions(reach: Reach, registrations: Sequence[UUID]) -> dict[UUID, list[LaterDecision]]:
    """Of those within reach, the oldest first; nobody is named who was not decided again."""
    reach.require("VIEW_PASSAGES")
    found: dict[UUID, list[LaterDecision]] = defaultdict(list)
    rows = Rescreened.objects.filter(within(reach), registration_id__in=list(registrations))
    for row in rows.order_by("at", "rescreening_id"):
        found[row.registration_id].append(_later(row))
    return dict(found)


def standing_kinds(gate: Sequence[MeasureShown], later: Sequence[LaterDecision]) -> list[str]:
    """The kinds of measures that stand, the strongest first, by the last word that was said; `later` the newest last."""
    return [kind_of(one) for one in later[-1].stands] if later else [one.kind for one in gate]


def _later(row: Rescreened) -> LaterDecision:
    measures = tuple(measure_of(one) for one in row.details)
    return LaterDecision(
        row.rescreening_id,
        row.at,
        row.rule_set,
        tuple(row.rule_rows),
        measures,
        tuple(row.before),
        tuple(row.stands),
    )


@dataclass(frozen=True, slots=True)
class RescreeningLine:
    """A re-screening with what it counted; `names` are those of the officers who had a hand in it, by their ids."""

    rescreening: Rescreening
    counts: RescreeningCounts
    done: RescreeningCounts
    names: dict[UUID, str]

    @property
    def is_going(self) -> bool:
        """Whether the worker is at it, or will be within a second."""
        one = self.rescreening
        return one.state in ("APPROVED", "RUNNING") or (one.state == "DRY_RUN" and one.counted_at is None)

    def name(self, officer: UUID | None) -> str:
        return self.names.get(officer, "") if officer else ""


def rescreenings(reach: Reach, *, most: int = 50) -> list[RescreeningLine]:
    """The newest first."""
    reach.require("RESCREEN")
    return _lines(list(Rescreening.objects.order_by("-asked_at")[:most]))


def rescreenings_proposed(reach: Reach) -> list[RescreeningLine]:
    """Those that wait for a second officer, who waits longest first."""
    reach.require("RESCREEN")
    return _lines(list(Rescreening.objects.filter(state="PROPOSED").order_by("proposed_at")))


def rescreening_of(reach: Reach, id: UUID) -> RescreeningLine | None:
    reach.require("RESCREEN")
    return next(iter(_lines(list(Rescreening.objects.filter(pk=id)))), None)


def running(reach: Reach) -> UUID | None:
    """The one that is being carried out: counts wait for it, and no other is approved meanwhile."""
    reach.require("RESCREEN")
    return Rescreening.objects.filter(state__in=("APPROVED", "RUNNING")).values_list("pk", flat=True).first()


def _lines(found: list[Rescreening]) -> list[RescreeningLine]:
    officers = {
        officer
        for one in found
        for officer in (one.asked_by_id, one.proposed_by_id, one.decided_by_id, one.ended_by_id)
        if officer
    }
    names = dict(Officer.objects.filter(pk__in=officers).values_list("id", "name"))
    return [
        RescreeningLine(one, RescreeningCounts.of(one.counts), RescreeningCounts.of(one.done), names)
        for one in found
    ]


class DecidedAgain(NamedTuple):
    """A person whom a re-screening decided about, masked, with the passage on which they came."""

    decision: Rescreened
    person: PersonFile
    passage: PassageFile


def people_decided_again(
    reach: Reach, id: UUID, *, township: str, after: UUID | None = None, most: int = 50
) -> list[DecidedAgain]:
    """Those on their way to a township (nine digits, "" where nobody said), in the order of their ids."""
    reach.require("RESCREEN")
    rows = Rescreened.objects.filter(within(reach), rescreening_id=id).annotate(township=_TOWNSHIP)
    if after is not None:
        rows = rows.filter(registration_id__gt=after)
    return _with_their_files(reach, list(rows.filter(township=township).order_by("registration_id")[:most]))


# As the counts have it: nine digits, however exactly the place is known.
_TOWNSHIP = Coalesce(RPad(Left("destination_code", 9), 9, Value("0")), Value(""))


def _with_their_files(reach: Reach, decided: list[Rescreened]) -> list[DecidedAgain]:
    wanted = [row.registration_id for row in decided]
    passages = dict(Registration.objects.filter(within(reach), pk__in=wanted).values_list("id", "passage_id"))
    files = files_of(reach, list(set(passages.values())), lambda record: MASKED)
    people = {person.id: (person, file) for file in files.values() for person in file.people}
    return [
        DecidedAgain(row, *people[row.registration_id]) for row in decided if row.registration_id in people
    ]


class RuleChange(NamedTuple):
    """What the rule set in force has that the one before had not. `since`: from when on arrivals may be concerned."""

    rule_set: str
    in_force_since: datetime
    areas: list[dict[str, Any]]
    since: date


def changed_lately(reach: Reach, *, at: datetime) -> RuleChange | None:
    """None while no rule set is in force, or none was before it."""
    reach.require("RESCREEN")
    rules = book()
    now = rules.at(at)
    if now.since is None or now.lapsed:
        return None
    began = _began(rules, now.rule_set.hash, now.since)
    before = rules.at(began - timedelta(microseconds=1)).rule_set
    areas = areas_added(now.rule_set.content(), before.content())
    earliest = day_of(at) - timedelta(days=KEPT_DAYS - 1)
    told = [date.fromisoformat(area["from"]) for area in areas if area.get("from")]
    since = min(told) if told and len(told) == len(areas) else day_of(began) - LOOK_BACK
    return RuleChange(now.rule_set.hash, began, areas, max(earliest, min(since, day_of(at))))


def _began(rules: RuleBook, rule_set: str, since: datetime) -> datetime:
    """Since when it has been in force, renewals included."""
    for period in reversed(rules.periods):
        if period.since < since and period.until == since and period.rule_set.hash == rule_set:
            since = period.since
    return since


def suggested(reach: Reach, *, at: datetime) -> RuleChange | None:
    """Areas were added and nobody has screened again by them, or counted that nobody gains anything: somebody should look."""
    if not reach.may("RESCREEN"):
        return None
    change = changed_lately(reach, at=at)
    if change is None or not change.areas or at - change.in_force_since > timedelta(days=KEPT_DAYS):
        return None
    taken_up = Q(state__in=SUGGESTED_NO_MORE)
    of_its_days = {"since__lte": change.since, "until__gte": day_of(change.in_force_since)}
    nobody = Q(state="DRY_RUN", counted_at__isnull=False, counts__gain=0, **of_its_days)
    settled = Rescreening.objects.filter(taken_up | nobody, rule_set=change.rule_set)
    return None if settled.exists() else change
