"""What becomes of whom was found: a file and a referral for the new ones, and for the others what changed since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.checkpoints.models import Registration
from lianfang.checkpoints.opening import Standing
from lianfang.checkpoints.queries.city import city_code
from lianfang.command.queries.responsibility import answering_for
from lianfang.journeys.referring.reading import Arrived, withdrawn_by_hand
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import at_level, canonical, from_integer, is_code, span
from lianfang.kernel.ids import derived, uuid7
from lianfang.kernel.reach import Reach
from lianfang.people.facts import Call, DocumentTold, PersonTold, WantedFile
from lianfang.people.services import open_files
from lianfang.referrals.models import Referral, ReferralEvent, WaitingFact
from lianfang.referrals.rules import due, is_urgent
from lianfang.referrals.services.placing import is_outside
from lianfang.referrals.states import UNACCEPTED, Kind, ReferralState

REPLACED = (
    ReferralState.SENT,
    ReferralState.NOT_HERE,
    ReferralState.WRONG_ADDRESS,
    ReferralState.OUTSIDE,
)  # nobody has him yet: another address is followed


def hand_over(worker: Reach, found: Sequence[Arrived], *, at: datetime) -> None:
    """A file, a referral with its clock, and the first line of its history for each. Inside `reach(worker)`."""
    if not found:
        return
    city = city_code(worker)
    homes = [_home(one) for one in found]
    answering = answering_for(set(homes), at=at)
    files = open_files(
        worker=worker, at=at, wanted=[_wanted(*pair) for pair in zip(found, homes, strict=True)]
    )
    made = [
        _referral(one, home, file.id, city, bool(home in answering and answering[home].vacant_below), at)
        for one, home, file in zip(found, homes, files, strict=True)
    ]
    Referral.objects.bulk_create(made)
    ReferralEvent.objects.bulk_create([_event(one, Kind.SENT, at, id=derived(one.id, 1)) for one in made])
    _wait_for_clinics(made, at)
    note(Act.REFERRED, by=worker, subject="REFERRAL", count=len(made))


def follow(worker: Reach, found: Sequence[tuple[Arrived, Referral]], *, at: datetime) -> None:
    """Whoever left or was turned back is not handed over; another address, or a measure more, is followed. Whoever is here
    after all, or of whom more is asked than when an officer withdrew him, is handed over again.
    """
    if not found:
        return
    homes = {_home(arrived) for arrived, _one in found}
    answering = answering_for(homes, at=at)
    vacant = {home for home in homes if home in answering and answering[home].vacant_below}
    said = _Said(city_code(worker), vacant, withdrawn_by_hand([one for _arrived, one in found]))
    changed = [(one, kind) for arrived, one in found for kind in _changes(arrived, one, said, at)]
    ReferralEvent.objects.bulk_create([_event(one, kind, at) for one, kind in changed])
    _wait_for_clinics([one for one, kind in changed if kind == Kind.ADDED], at)


class _Said(NamedTuple):
    """What is known round those who are followed: the city, places for which nobody answers, whom an officer withdrew."""

    city: str | None
    vacant: set[str]
    by_hand: set[UUID]


def _changes(arrived: Arrived, one: Referral, said: _Said, at: datetime) -> list[Kind]:
    """What is done about one, in order; the row is saved."""
    if not arrived.stays:
        return _leaves(arrived, one, at)
    if one.state == ReferralState.MOVED_ON:
        return []
    done = [Kind.ADDED] if _adds(arrived, one, at) else []
    if one.state == ReferralState.WITHDRAWN and (done or one.id not in said.by_hand):
        _begin(one, at)
        done.append(Kind.SENT)
    if _heads_elsewhere(arrived, one):
        _head(one, _home(arrived), said, at)
        done.append(Kind.PLACED)
    if done:
        one.save()
    return done


def _leaves(arrived: Arrived, one: Referral, at: datetime) -> list[Kind]:
    """A record that was destroyed on schedule withdraws nobody."""
    if one.state in (ReferralState.MOVED_ON, ReferralState.WITHDRAWN) or not arrived.person.fields:
        return []
    one.state, one.settled_at = ReferralState.WITHDRAWN, at
    one.save(update_fields=["state", "settled_at"])
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
            one.due_at, one.county_due_at, one.city_due_at = due(at, urgent=True, vacant=one.vacant)
    return True


def _term(measure: Mapping[str, Any]) -> tuple[object, ...]:
    return measure["kind"], measure.get("place"), measure.get("days")


def _heads_elsewhere(arrived: Arrived, one: Referral) -> bool:
    """The record's destination was corrected, and nobody has placed or taken over the person meanwhile."""
    told = arrived.person.facts.get("destination_code")
    placed = one.previous_id is not None or one.placed_from is not None
    if not told or placed or one.state not in REPLACED:
        return False
    (lo, hi), heads_for = span(told), one.jurisdiction
    return not lo <= heads_for <= hi


def _head(one: Referral, home: str, said: _Said, at: datetime) -> None:
    one.destination, one.jurisdiction, one.outside = home, span(home)[0], is_outside(home, said.city)
    one.vacant = home in said.vacant
    _begin(one, at)


def _begin(one: Referral, at: datetime) -> None:
    """Its clock begins anew."""
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
    return WantedFile(call, _facts(one.person), home)


def _facts(person: Standing[Registration]) -> PersonTold:
    """What the file takes over of the record: who it is, how he is reached, and the address as he gave it."""
    said = person.fields
    document = said.get("document") or {}
    told = DocumentTold(document["type"], document.get("number") or "") if document.get("type") else None
    born, age = said.get("born_on"), person.fact("age")
    return PersonTold(
        name=said.get("name") or "",
        sex=said.get("sex"),
        born_on=born,
        age_told=None if born else age,
        told_on=None if born or age is None else person.day.isoformat(),
        nationality=said.get("nationality"),
        occupation=said.get("occupation"),
        document=told,
        phone=said.get("phone") or "",
        address=(said.get("destination") or {}).get("address") or "",
    )


def _referral(
    one: Arrived, home: str, person: UUID, city: str | None, vacant: bool, at: datetime
) -> Referral:
    urgent, outside = is_urgent(one.kinds), is_outside(home, city)
    township, county, whole = due(at, urgent=urgent, vacant=vacant)
    return Referral(
        id=uuid7(at=at), registration_id=one.row.id, passage_id=one.row.passage_id, person_id=person, because=one.because,
        measures=one.kinds, details=one.measures, origin=one.row.jurisdiction, destination=one.destination and home,
        jurisdiction=span(home)[0], outside=outside, urgent=urgent, vacant=vacant, captured_on=one.row.captured_on,
        sent_at=at, due_at=township, county_due_at=county, city_due_at=whole,
        state=ReferralState.OUTSIDE if outside else ReferralState.SENT, checkpoint=one.row.checkpoint, registered_at=one.row.occurred_at,
    )  # fmt: skip


def _event(one: Referral, kind: Kind, at: datetime, *, id: UUID | None = None) -> ReferralEvent:
    return ReferralEvent(
        id=id or uuid7(at=at), referral_id=one.id, kind=kind, state=one.state,
        destination=one.destination, occurred_at=at, received_at=at, jurisdiction=one.jurisdiction,
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
