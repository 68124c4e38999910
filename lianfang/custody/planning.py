"""What a purge would do, in the order in which it does it: the dry run and the act are made from one plan."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from lianfang.custody import clearing, clearing_files, clearing_messages, observed
from lianfang.custody.clearing import DayStep
from lianfang.custody.ledger import DAY, EVERYTHING, FILES, KEYS, MESSAGES, RECORDS, WHOLE
from lianfang.custody.models import Purge
from lianfang.custody.retention import OBSERVED, Over, over
from lianfang.kernel.days import day_of
from lianfang.kernel.key_folder import key_folder


@dataclass(frozen=True, slots=True)
class Planned:
    """One transaction. `what` as in the ledger; `keys` are the files that go when it stands.

    `step`: the rows of a day, for DAY (without those whose measure goes on) and WHOLE. `records`: for RECORDS;
    for FILES the files that were closed long ago, and without any all that were opened until `day`; for MESSAGES all that were
    written until `day`.
    """

    what: str
    day: date | None = None
    step: DayStep | None = None
    records: tuple[UUID, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """A planned transaction with what it would clear, by table."""

    planned: Planned
    counts: dict[str, int]


def plan(kind: str, *, at: datetime, up_to: date | None = None, records: tuple[UUID, ...] = ()) -> list[Planned]:  # fmt: skip
    """What a purge of this kind does now. RETENTION takes what is over today, and no day after `up_to`, which was signed."""
    if kind == Purge.Kind.SUBJECT:
        held = observed.held(records)
        return [Planned(RECORDS, records=tuple(id for id in records if id not in held))]
    if kind == Purge.Kind.EVERYTHING:
        return _everything(at)
    now = over(at)
    passing = min(now.passing, up_to) if up_to else now.passing
    staying = clearing.days_going_on(since=at - timedelta(days=OBSERVED)) | observed.days_held(at=at)
    # What was signed on an earlier day takes the files that were over on that day.
    of_day = Over(passing, min(now.measure, passing), now.files - (now.passing - passing))
    return _retention(of_day, staying)


def dry_run(kind: str, *, at: datetime, up_to: date | None = None, records: tuple[UUID, ...] = ()) -> list[Forecast]:  # fmt: skip
    """The plan with its counts; nothing is done."""
    planned = plan(kind, at=at, up_to=up_to, records=records)
    steps = [one.step for one in planned if one.step is not None]
    of_days = iter(clearing.count(steps)) if steps else iter(())
    return [Forecast(one, _counted(one, at) if one.step is None else next(of_days)) for one in planned]


def _counted(planned: Planned, at: datetime) -> dict[str, int]:
    if planned.what == RECORDS:
        # What was written about a file is among what is named already.
        return clearing_files.count_files(planned.records) | clearing.count_named(planned.records)
    if planned.what == MESSAGES and planned.day:
        return clearing_messages.count_messages(planned.day)
    if planned.what == FILES:
        return clearing_files.count_files(planned.records, opened_until=planned.day)
    return clearing.count_outside(at) if planned.what == EVERYTHING else {}


def _retention(now: Over, staying: set[date]) -> list[Planned]:
    """`staying`: days on which a measure goes on, however long ago they were."""
    keys = key_folder()
    days = {day for day in keys.days() if day <= now.passing}
    kept = {day for day in keys.kept_days() if day <= now.measure and day not in staying}
    planned = [
        _of_day(day, days, kept, whole=day <= now.measure and day not in staying)
        for day in sorted(days | kept)
    ]
    planned += _messages(now.files)
    planned += _files(now.files)
    names = [_outbox(month) for month in keys.outbox_months() if now.whole_month(month)]
    over_months = [month for month in keys.index_months() if now.whole_month(month)]
    if over_months:
        needed = clearing.months_going_on(passing=now.passing, measure=now.measure)
        needed |= {day.replace(day=1) for day in staying} | clearing_files.months_needed()
        names += [_index(month) for month in over_months if month not in needed]
    return [*planned, Planned(KEYS, keys=tuple(names))] if names else planned


def _everything(at: datetime) -> list[Planned]:
    keys = key_folder()
    days, kept = set(keys.days()), set(keys.kept_days())
    # Devices first: nothing new comes in while the days go.
    planned = [Planned(EVERYTHING, day=day_of(at))]
    planned += [_of_day(day, days, kept, whole=True) for day in sorted(days | kept)]
    planned.append(Planned(MESSAGES, day=day_of(at)))
    planned.append(Planned(FILES, day=day_of(at), keys=tuple(map(_files_key, keys.files_days()))))
    names = [*map(_outbox, keys.outbox_months()), *map(_index, keys.index_months())]
    return [*planned, Planned(KEYS, keys=tuple(names))] if names else planned


def _of_day(day: date, days: set[date], kept: set[date], *, whole: bool) -> Planned:
    names = [f"day-{day}.key"] if day in days else []
    names += [f"kept-{day}.key"] if whole and day in kept else []
    return Planned(WHOLE if whole else DAY, day, DayStep(day, whole), keys=tuple(names))


def _messages(written_until: date) -> list[Planned]:
    """Before the files: the key of a day goes when neither is left."""
    due = clearing_messages.count_messages(written_until)
    return [Planned(MESSAGES, day=written_until)] if due else []


def _files(closed_until: date) -> list[Planned]:
    """Files that were closed long ago, and the keys of days of which no other is left."""
    files = clearing_files.files_over(closed_until)
    days = {day for day in key_folder().files_days() if day <= closed_until}
    gone = sorted(days - clearing_files.days_needed(files, messages_until=closed_until)) if days else []
    return [Planned(FILES, records=files, keys=tuple(map(_files_key, gone)))] if files or gone else []


def _files_key(day: date) -> str:
    return f"files-{day}.key"


def _outbox(month: date) -> str:
    return f"outbox-{month:%Y-%m}.key"


def _index(month: date) -> str:
    return f"index-{month:%Y-%m}.key"
