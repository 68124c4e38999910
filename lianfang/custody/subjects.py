"""A subject's own file: what is held about the person of one document, given to that person or asked to be deleted.

Whoever travelled along appears with a masked name. A record in which the number stood by mistake is somebody else's: it is
counted and not shown. Nothing beyond the officer's reach is looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lianfang.checkpoints.history import Event
from lianfang.checkpoints.opening import State
from lianfang.checkpoints.queries.files import PassageFile, PersonFile, files_of
from lianfang.checkpoints.queries.search import people_with_document
from lianfang.custody.models import Purge
from lianfang.custody.purging import propose
from lianfang.custody.retention import MEASURE, OBSERVED, PASSING, in_force
from lianfang.journeys.rescreening.changes import kind_of
from lianfang.journeys.rescreening.queries import LaterDecision, later_decisions, standing_kinds
from lianfang.kernel import documents
from lianfang.kernel.audit import Act, Purpose, note
from lianfang.kernel.audit.references import new_reference
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import MASKED, STARS, UNMASKED
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.queries import FileOfPerson, files_with_document
from lianfang.quarantine.queries.of_people import SubjectOrder, observed_until, orders_told
from lianfang.referrals.told import ReferralTold, told

MOST = 250  # passages: a commuter's of four months
OBSERVING = frozenset({"QUARANTINE", "FEVER_CLINIC"})


class SubjectCard(NamedTuple):
    """What is read from the card on the counter: the number; the name too, where records of several names have it."""

    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class SubjectRecord:
    """One registration of the subject. `file` is its passage, of which only `person` and `events` may be shown.

    `companions` are masked. `later`: what re-screenings decided. `observed_until`: the last day of an observation that goes on; nothing is deleted before.
    `deletion_asked_at`: its deletion waits for a second officer.
    """

    file: PassageFile
    person: PersonFile
    companions: tuple[str, ...]
    events: tuple[Event, ...]
    later: tuple[LaterDecision, ...]
    kept_until: date
    observed_until: date | None
    deletion_asked_at: datetime | None

    @property
    def kinds(self) -> list[str]:
        """The kinds of measures that stand."""
        return standing_kinds(self.person.measures, self.later)

    @property
    def ids(self) -> list[UUID]:
        """What goes when it is deleted: the registration, and its passage where nobody else is in it."""
        return [self.person.id] if self.companions else [self.person.id, self.file.id]


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """The records, the newest first. `names`: several where it must be said which of them stands at the counter.

    `orders`: how the person was quarantined, with what was done about it and what was reported.
    `others`: records that had the number and are another's, or of another name. `closed`: those that do not open any
    more. `has_more`: only the newest were looked at. `files`: the files of people that the number opened. `referrals`: to
    whom the person was handed over, and what was answered.
    """

    records: tuple[SubjectRecord, ...]
    names: tuple[str, ...]
    others: int
    closed: int
    has_more: bool
    files: tuple[FileOfPerson, ...]
    referrals: tuple[ReferralTold, ...]
    orders: tuple[SubjectOrder, ...]


class FileGiven(NamedTuple):
    """The file, and the reference under which the log has that it was given."""

    file: SubjectFile
    reference: str


class DeletionAsked(NamedTuple):
    """What was proposed to be deleted, and what stays until its observation is over; of files those that are closed."""

    proposed: tuple[SubjectRecord, ...]
    staying: tuple[SubjectRecord, ...]
    files: tuple[FileOfPerson, ...]


def subject_file(reach: Reach, card: SubjectCard, *, at: datetime) -> SubjectFile:
    """Everything within reach that is about the person of this card."""
    reach.require("ANSWER_SUBJECTS")
    found = people_with_document(reach, card.number, most=MOST + 1)
    passages = list(found)[:MOST]
    of_somebody = {person for passage in passages for person in found[passage]}
    files = files_of(reach, passages, lambda record: UNMASKED if record in of_somebody else MASKED)
    all_of_them = [
        (file, person) for file in files.values() for person in file.people if person.id in of_somebody
    ]
    readable = [(file, one) for file, one in all_of_them if one.state == State.OPEN]
    theirs = [(file, one) for file, one in readable if _has_number(one, card.number)]
    names = _names(one.name for _, one in theirs)
    mine = _of_name(theirs, names, card.name)
    own, opened = [one.id for _, one in mine], _files(reach, card, at)
    referrals = told(reach, registrations=own, people=[one.id for one in opened])
    return SubjectFile(
        records=_records(mine, at, later_decisions(reach, own), _ordered(referrals, day_of(at))),
        names=names,
        others=len(readable) - len(mine or theirs),
        closed=len(all_of_them) - len(readable),
        has_more=len(found) > MOST,
        files=opened,
        referrals=referrals,
        orders=orders_told(
            reach,
            {one.id for one in opened} | {each.one.person_id for each in referrals if each.one.person_id},
        ),
    )


def _ordered(referrals: Sequence[ReferralTold], today: date) -> dict[UUID, date]:
    """Registration → the last day of the order that stands about whoever it was; today where nobody released him yet."""
    people = {each.one.registration_id: each.one.person_id for each in referrals if each.one.person_id}
    standing = observed_until(set(people.values()))
    return {id: max(standing[who], today) for id, who in people.items() if who in standing}


Found = list[tuple[PassageFile, PersonFile]]


def _files(reach: Reach, card: SubjectCard, at: datetime) -> tuple[FileOfPerson, ...]:
    """Those that say the number still, of the name that was said, if one was."""
    found = files_with_document(reach, card.number, at=at)
    return tuple(
        one for one in found if not _plain(card.name) or _plain(one.person.name) == _plain(card.name)
    )


def _has_number(person: PersonFile, number: str) -> bool:
    """Whether the number is the person's as the record stands, after its corrections."""
    stands = documents.normalise(person.document_type, person.document, on=person.captured_on).match_key
    return stands in documents.possible_keys(number)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, however it was spaced and cased."""
    return tuple({_plain(name): name for name in names if _plain(name)}.values())


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalpha())


def _of_name(found: Found, names: Sequence[str], name: str) -> Found:
    """All of them where there is one name; where there are several, those of the name that was said, or none yet."""
    if len(names) < 2:
        return found
    return [(file, one) for file, one in found if _plain(name) and _plain(one.name) == _plain(name)]


def _records(
    mine: Found, at: datetime, later: Mapping[UUID, Sequence[LaterDecision]], ordered: Mapping[UUID, date]
) -> tuple[SubjectRecord, ...]:
    held = in_force()
    passing, measure = held[PASSING].days or 0, held[MEASURE].days or 0
    asked, own = _deletions_asked(), {one.id for _, one in mine}
    records = []
    for file, one in sorted(mine, key=lambda pair: pair[0].id, reverse=True):
        decided = tuple(later.get(one.id, ()))
        until = max(filter(None, (_observed_until(one, decided), ordered.get(one.id))), default=None)
        days = passing if until is None else max(passing, OBSERVED + measure, (until - one.captured_on).days)
        records.append(
            SubjectRecord(
                file=file,
                person=one,
                companions=tuple(
                    MASKED.name(other.name) or STARS for other in file.people if other.id not in own
                ),
                events=tuple(event for event in file.history if event.person in (None, one.place)),
                later=decided,
                kept_until=one.captured_on + timedelta(days=days),
                observed_until=until if until and until >= day_of(at) else None,
                deletion_asked_at=asked.get(str(one.id)),
            )
        )
    return tuple(records)


def _observed_until(one: PersonFile, later: Sequence[LaterDecision]) -> date | None:
    """The last day of whatever was decided: a quarantine's days begin with the arrival, the others' with their decision."""
    decided = [(measure, one.captured_on) for measure in one.measures]
    for decision in later:
        stood = {kind_of(term) for term in decision.before}
        decided += [
            (measure, day_of(decision.at))
            for measure in decision.measures
            if measure.days or measure.kind not in stood
        ]
    return max(
        (
            one.captured_on + timedelta(days=measure.days) if measure.days else on + timedelta(days=OBSERVED)
            for measure, on in decided
            if measure.kind in OBSERVING
        ),
        default=None,
    )


def _deletions_asked() -> dict[str, datetime]:
    """Records whose deletion was proposed and neither done nor refused."""
    waiting = Purge.objects.filter(kind="SUBJECT", done_at=None, refused_at=None)
    return {id: at for ids, at in waiting.values_list("records", "proposed_at") for id in ids}


def give(*, by: Reach, at: datetime, card: SubjectCard, form: str) -> FileGiven:
    """The file for the person at the counter; that it was given is noted, whatever was found. `form`: PAGE, XLSX, JSON."""
    with reach(by) as seen:
        file, reference = subject_file(seen, card, at=at), new_reference()
        newest = f"REGISTRATION {file.records[0].person.id}" if file.records else ""
        note(
            Act.SUBJECT_FILE_GIVEN, by=seen, subject=newest, count=len(file.records) + len(file.files), purpose=Purpose.SUBJECT_ASKED,
            details={"reference": reference, "form": form},
        )  # fmt: skip
    return FileGiven(file, reference)


def ask_deletion(*, by: Reach, at: datetime, card: SubjectCard, reason: str) -> DeletionAsked:
    """Proposes the deletion of the subject's records; a second officer signs it. What is under observation stays."""
    with reach(by) as seen:
        found = subject_file(seen, card, at=at)
        under_order = observed_until({one.id for one in found.files})
    # Through broken glass one looks and asks for nothing.
    records = [one for one in found.records if one.file.own]
    files = [one for one in found.files if one.own and one.person.closed and one.id not in under_order]
    staying = tuple(one for one in records if one.observed_until is not None)
    proposed = tuple(one for one in records if one.observed_until is None and one.deletion_asked_at is None)
    if not proposed and not files:
        raise Refusal(
            "NOTHING_TO_DELETE",
            "现在没有可以删除的登记：没有找到，已经提出过，隔离观察还没有结束，或档案还没有注销。",
            "Nothing can be deleted now: none was found, it was asked for already, an observation goes on, or the file is open.",
        )
    ids = [id for one in proposed for id in one.ids] + [one.id for one in files]
    propose(by=by, at=at, kind="SUBJECT", reason=reason, records=ids)
    return DeletionAsked(proposed, staying, tuple(files))
