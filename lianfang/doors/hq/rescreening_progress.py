"""How far a re-screening has come, as its page shows it while the worker is at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianfang.journeys.rescreening.queries import RescreeningLine

SILENT = timedelta(seconds=30)  # a worker that lives takes a slice within a second


@dataclass(frozen=True, slots=True)
class RescreeningProgress:
    """`of`, `percent` and `seconds_left` are None as long as nobody can tell. `silent`: nothing has moved for half a minute."""

    people: int
    of: int | None
    percent: int | None
    slices: int
    seconds_left: int | None
    silent: bool


def progress_of(line: RescreeningLine, *, at: datetime) -> RescreeningProgress:
    """Of a count the pages that are done tell how far it is; of what is carried out, the people who were counted before."""
    one = line.rescreening
    counting = one.state == "DRY_RUN"
    counts = line.counts if counting else line.done
    of = (_estimated(counts.looked, counts.share) if counting else line.counts.looked) or None
    share = min(1.0, counts.looked / of) if of else None
    begun, moved = _moment(counts.begun_at), _moment(counts.moved_at)
    last = moved or (one.asked_at if counting else one.decided_at) or at
    return RescreeningProgress(
        people=counts.looked,
        of=of,
        percent=None if share is None else int(100 * share),
        slices=counts.slices,
        seconds_left=_left(share, begun, moved),
        silent=at - last > SILENT,
    )


def _estimated(looked: int, share: float | None) -> int:
    return round(looked / share) if share else 0


def _left(share: float | None, begun: datetime | None, moved: datetime | None) -> int | None:
    if not share or begun is None or moved is None or moved <= begun:
        return None
    return round((moved - begun).total_seconds() * (1 - share) / share)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
