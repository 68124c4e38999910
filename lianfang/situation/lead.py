"""What a checkpoint's lead compares and hands over: this hour's figures from the cells, and everything that is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.checkpoints.queries.lead import Lane
from lianfang.checkpoints.queries.pilot import pilot_day
from lianfang.checkpoints.queries.within import within
from lianfang.checkpoints.rules import SILENT_AFTER
from lianfang.checkpoints.shifts import Tally
from lianfang.kernel.days import day_of, hour_of
from lianfang.kernel.reach import Reach
from lianfang.situation.cells import Rebuilding, known, read
from lianfang.situation.models import LastRecord, LastSent, QualityTask

UNSENT, SET_ASIDE, SILENT_LANE, PILOT_OPEN, FINDING_OPEN = (
    "UNSENT", "SET_ASIDE", "SILENT_LANE", "PILOT_OPEN", "FINDING_OPEN",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HourFigures:
    """台次 and 人次 of this hour so far, of the last one, and of yesterday's same hour; None where nothing was reported."""

    this: Tally | None
    last: Tally | None
    yesterday: Tally | None
    today: Tally | None


NOTHING = HourFigures(None, None, None, None)


def hour_figures(codes: Sequence[str], *, at: datetime) -> dict[str, HourFigures]:
    """By checkpoint, from the cells alone. Empty while they are counted anew."""
    try:
        what = known(None)
    except Rebuilding:
        return {}
    before, yesterday = at - timedelta(hours=1), at - timedelta(days=1)
    rows = read(
        "CHECKPOINT", ["key", "day", "hour"], what, where="key = ANY(%(codes)s) AND day = ANY(%(days)s)",
        codes=list(codes), days=sorted({day_of(at), day_of(yesterday)}),
    )  # fmt: skip
    counts = {
        (row["key"], row["day"], row["hour"]): Tally(row["vehicles"] or 0, row["people"] or 0)
        for row in rows
        if row["passages"] or row["people"]
    }
    return {code: _figures(code, counts, (at, before, yesterday)) for code in codes}


def _figures(
    code: str, counts: Mapping[tuple[str, date, int], Tally], moments: tuple[datetime, datetime, datetime]
) -> HourFigures:
    this, last, yesterday = (counts.get((code, day_of(then), hour_of(then))) for then in moments)
    today = [tally for (key, day, _), tally in counts.items() if (key, day) == (code, day_of(moments[0]))]
    return HourFigures(this, last, yesterday, _together(today))


def _together(tallies: list[Tally]) -> Tally | None:
    if not tallies:
        return None
    return Tally(sum(tally.vehicles for tally in tallies), sum(tally.people for tally in tallies))


def last_records(codes: Sequence[str]) -> dict[str, datetime]:
    """When each checkpoint's newest passage came in."""
    return dict(LastRecord.objects.filter(checkpoint__in=codes).values_list("checkpoint", "received_at"))


def last_sent(devices: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each device's newest passage came in."""
    return dict(LastSent.objects.filter(device_id__in=devices).values_list("device_id", "received_at"))


class OpenItem(NamedTuple):
    """Something a crew leaves to the next: `kind` of a closed list, about which device or lane, and how many."""

    kind: str
    about: str
    amount: int

    @property
    def key(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def as_json(self) -> dict[str, Any]:
        return self._asdict()


def open_items(reach: Reach, code: str, lanes: Sequence[Lane], *, at: datetime) -> list[OpenItem]:
    """All that is open at the checkpoint: nobody chooses what of it is handed over."""
    reach.require("LEAD_CHECKPOINTS")
    items = [OpenItem(UNSENT, lane.device, lane.unsent) for lane in lanes if lane.unsent]
    items += [OpenItem(SET_ASIDE, lane.device, lane.set_aside) for lane in lanes if lane.set_aside]
    sent = last_sent([lane.device_id for lane in lanes])
    items += [
        OpenItem(SILENT_LANE, lane.device, minutes)
        for lane in lanes
        if (minutes := _silent_minutes(lane, sent.get(lane.device_id), at))
    ]
    if reach.may("TRANSCRIBE_PAPER"):
        pilot = [pilot_day(reach, code, day=day_of(at - timedelta(days=back))) for back in (1, 0)]
        items += [OpenItem(PILOT_OPEN, day.day.isoformat(), len(day.open)) for day in pilot if day.open]
    findings = QualityTask.objects.filter(within(reach), checkpoint=code, done_at=None).count()
    return [*items, OpenItem(FINDING_OPEN, "", findings)] if findings else items


def _silent_minutes(lane: Lane, sent_at: datetime | None, at: datetime) -> int:
    """Of a lane that is manned: neither a record nor a word from the phone for longer than a lane may be silent. Else 0."""
    if not lane.lane:
        return 0
    heard = max(filter(None, (sent_at, lane.seen_at)), default=at)
    return int((at - heard) / timedelta(minutes=1)) if at - heard > SILENT_AFTER else 0
