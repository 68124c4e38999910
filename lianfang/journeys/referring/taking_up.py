"""What becomes of whom was found: a file and a referral for the new ones, and for the others what changed since."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.checkpoints.queries.city import answering_city
from lianfang.command.queries.responsibility import vacant_places
from lianfang.journeys.referring.keeping_up import REACHED, SaidAnew, keep_up, told_of
from lianfang.journeys.referring.reading import Arrived
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import at_level, canonical, from_integer, is_code, span
from lianfang.kernel.ids import derived, uuid7
from lianfang.kernel.reach import Reach
from lianfang.people.facts import Call, FileOpened, WantedFile
from lianfang.people.services import open_files
from lianfang.referrals.models import Referral, ReferralEvent, WaitingFact
from lianfang.referrals.rules import Due, due, is_urgent
from lianfang.referrals.services.placing import is_outside
from lianfang.referrals.services.waiting import wait_as_they_stand
from lianfang.referrals.states import UNACCEPTED, Kind, ReferralState

REPLACED = (
    ReferralState.SENT,
    ReferralState.NOT_HERE,
    ReferralState.WRONG_ADDRESS,
    ReferralState.OUTSIDE,
)  # nobody has him yet: another address is followed
# Whoever has him took him over for less than is asked now: he is handed over again.
TAKEN = (ReferralState.ACCEPTED, ReferralState.ARRIVED)
FOLLOWED = [
    "measures", "details", "destination", "jurisdiction", "outside", "urgent", "vacant", "sent_at", "due_at", "county_due_at",
    "city_due_at", "state", "accepted_at", "settled_at",
]  # fmt: skip


class HeadedFor(NamedTuple):
    """What is asked of where they are headed: which city this is, and for which places nobody answers."""

    city: str | None
    vacant: frozenset[str]

    @classmethod
    def of(cls, worker: Reach, homes: Collection[str], at: datetime) -> "HeadedFor":
        return cls(answering_city(worker), vacant_places(homes, at=at))

    def is_vacant(self, home: str) -> bool:
        return home in self.vacant


def hand_over(worker: Reach, found: Sequence[Arrived], *, at: datetime) -> None:
    """A file, a referral with its clock, and the first line of its history for each. Inside `reach(worker)`."""
    if not found:
        return
    homes = [_home(one) for one in found]
    places = HeadedFor.of(worker, set(homes), at)
    files = open_files(
        worker=worker, at=at, wanted=[_wanted(*pair) for pair in zip(found, homes, strict=True)]
    )
    made = [
        _referral(one, home, file.id, places, at) for one, home, file in zip(found, homes, files, strict=True)
    ]
    Referral.objects.bulk_create(made)
    ReferralEvent.objects.bulk_create([_first_event(one, at) for one in made])
    _wait_for_clinics(made, at)
    keep_up(worker, [_reached(*pair) for pair in zip(found, files, strict=True) if not pair[1].is_new], at=at)
    note(Act.REFERRED, by=worker, subject="REFERRAL", count=len(made))


def follow(worker: Reach, found: Sequence[tuple[Arrived, Referral]], *, at: datetime) -> None:
    """Whoever left or was turned back is not handed over; another address, or a measure more, is followed."""
    if not found:
        return
    homes = {home for arrived, one in found for home in (_home(arrived), from_integer(one.jurisdiction))}
    places = HeadedFor.of(worker, homes, at)
    gone = _taken_back(one for _, one in found)
    changed = [(one, kind) for arrived, one in found for kind in _changes(arrived, one, places, gone, at)]
    # Of one moment: read in the order of their ids.
    ids = sorted(uuid7(at=at) for _ in changed)
    ReferralEvent.objects.bulk_create(
        [_event(one, kind, at, id) for id, (one, kind) in zip(ids, changed, strict=True)]
    )
    _wait_for_clinics([one for one, kind in changed if kind == Kind.ADDED], at)
    wait_as_they_stand({one.id for one, _ in changed}, by=worker.officer_id, at=at)


def _taken_back(ones: Iterable[Referral]) -> set[UUID]:
    """Those whom the program itself withdrew, and no officer since."""
    withdrawn = [one.id for one in ones if one.state == ReferralState.WITHDRAWN]
    if not withdrawn:
        return set()
    acts = ReferralEvent.objects.filter(referral_id__in=withdrawn, kind=Kind.WITHDRAWN)
    last = dict(acts.order_by("received_at", "id").values_list("referral_id", "officer_id"))
    return {id for id, officer in last.items() if officer is None}


def _changes(
    arrived: Arrived, one: Referral, places: HeadedFor, gone: Collection[UUID], at: datetime
) -> list[Kind]:
    """What is done about one, in order; the row is saved."""
    done = _done(arrived, one, places, gone, at)
    if done:
        one.save(update_fields=FOLLOWED)
    return done


def _done(
    arrived: Arrived, one: Referral, places: HeadedFor, gone: Collection[UUID], at: datetime
) -> list[Kind]:
    if one.state == ReferralState.MOVED_ON:
        return []
    if not arrived.stays:
        return _withdraws(arrived, one, at)
    before = [*one.measures]
    done = [Kind.ADDED] if _adds(arrived, one, at) else []
    if one.state == ReferralState.WITHDRAWN:
        # He did stay after all, or more is asked of him than whoever withdrew him knew.
        if done or one.id in gone:
            if _is_as_told(one):
                one.destination = arrived.destination and _home(arrived)
            _head(one, one.destination or from_integer(one.jurisdiction), places, at)
            done.append(Kind.SENT)
    elif _heads_elsewhere(arrived, one):
        one.destination = _home(arrived)
        _head(one, one.destination, places, at)
        done.append(Kind.PLACED)
    elif one.measures != before and one.state in TAKEN:
        _head(one, from_integer(one.jurisdiction), places, at)
        done.append(Kind.SENT)
    return done


def _withdraws(arrived: Arrived, one: Referral, at: datetime) -> list[Kind]:
    """A record that was destroyed on schedule withdraws nobody."""
    if one.state == ReferralState.WITHDRAWN or not arrived.person.fields:
        return []
    one.state, one.settled_at = ReferralState.WITHDRAWN, at
    return [Kind.WITHDRAWN]


def _adds(arrived: Arrived, one: Referral, at: datetime) -> bool:
    """A later decision asks for more: nothing that stood is taken away, and who must not wait now does not."""
    terms = [_term(measure) for measure in one.details]
    more = [measure for measure in arrived.measures if _term(measure) not in terms]
    if not more:
        return False
    one.details = [*one.details, *more]
    one.measures = [*one.measures, *(kind for kind in arrived.kinds if kind not in one.measures)]
    if is_urgent(one.measures) and not one.urgent:
        one.urgent = True
        if one.state in UNACCEPTED:
            _sooner(one, due(at, urgent=True, vacant=one.vacant))
    return True


def _sooner(one: Referral, by: Due) -> None:
    """Never later than it was due already: what is late stays late."""
    one.due_at = min(one.due_at, by.township)
    one.county_due_at = min(one.county_due_at, by.county)
    one.city_due_at = min(one.city_due_at, by.city)


def _term(measure: Mapping[str, Any]) -> tuple[object, ...]:
    return measure["kind"], measure.get("place"), measure.get("days")


def _heads_elsewhere(arrived: Arrived, one: Referral) -> bool:
    """The record's destination was corrected, and nobody has placed or taken over the person meanwhile."""
    told = arrived.person.facts.get("destination_code")
    if not told or not _is_as_told(one) or one.state not in REPLACED:
        return False
    (lo, hi), heads_for = span(told), one.jurisdiction
    return not lo <= heads_for <= hi


def _is_as_told(one: Referral) -> bool:
    """He is headed where his record says: no desk gave him another place, nor did he move on to one."""
    return one.previous_id is None and one.placed_from is None


def _head(one: Referral, home: str, places: HeadedFor, at: datetime) -> None:
    """He is handed over to this place, from now on."""
    one.jurisdiction, one.outside = span(home)[0], is_outside(home, places.city)
    one.vacant = places.is_vacant(home)
    one.state = ReferralState.OUTSIDE if one.outside else ReferralState.SENT
    one.sent_at, one.accepted_at, one.settled_at = at, None, None
    one.due_at, one.county_due_at, one.city_due_at = due(at, urgent=one.urgent, vacant=one.vacant)


def _home(one: Arrived) -> str:
    """Where he is headed; who did not say so stands with the county of the checkpoint."""
    told = one.destination
    if told and is_code(told):
        return canonical(told)
    post = from_integer(one.row.jurisdiction)
    return at_level(post, "COUNTY") or post


def _wanted(one: Arrived, home: str) -> WantedFile:
    first = one.measures[0]
    call = Call("REGISTRATION", str(one.row.id), first["rule_set"], first["row"])
    return WantedFile(call, told_of(one.person), home)


def _reached(one: Arrived, file: FileOpened) -> SaidAnew:
    return SaidAnew(file.id, one.row.occurred_at, told_of(one.person), REACHED, "再次登记")


def _referral(one: Arrived, home: str, person: UUID, places: HeadedFor, at: datetime) -> Referral:
    urgent, outside, vacant = is_urgent(one.kinds), is_outside(home, places.city), places.is_vacant(home)
    township, county, whole = due(at, urgent=urgent, vacant=vacant)
    return Referral(
        id=uuid7(at=at), registration_id=one.row.id, passage_id=one.row.passage_id, person_id=person, because=one.because,
        measures=one.kinds, details=one.measures, origin=one.row.jurisdiction, destination=one.destination and home,
        jurisdiction=span(home)[0], outside=outside, urgent=urgent, vacant=vacant, captured_on=one.row.captured_on,
        sent_at=at, due_at=township, county_due_at=county, city_due_at=whole,
        state=ReferralState.OUTSIDE if outside else ReferralState.SENT, checkpoint=one.row.checkpoint, registered_at=one.row.occurred_at,
    )  # fmt: skip


def _first_event(one: Referral, at: datetime) -> ReferralEvent:
    return _event(one, Kind.SENT, at, derived(one.id, 1))


def _event(one: Referral, kind: Kind, at: datetime, id: UUID) -> ReferralEvent:
    return ReferralEvent(
        id=id, referral_id=one.id, kind=kind, state=one.state, destination=one.destination, occurred_at=at, received_at=at,
        jurisdiction=one.jurisdiction,
    )  # fmt: skip


def _wait_for_clinics(made: Sequence[Referral], at: datetime) -> None:
    """Fever waits for the clinic's room, and stands in its list until that room stands."""
    WaitingFact.objects.bulk_create(
        [
            WaitingFact(id=derived(one.id, 3), room=WaitingFact.Room.CLINIC, referral_id=one.id, jurisdiction=one.answerable, since=at)
            for one in made
            if "FEVER_CLINIC" in one.measures
        ],
        ignore_conflicts=True,
    )  # fmt: skip
