"""Crews of the demo city: who clocked in where, how their phones are, and how one crew handed over to the next."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from lianfang.checkpoints.models import ClockIn, Device, DeviceReport, ShiftHandover
from lianfang.checkpoints.queries.lead import lanes
from lianfang.checkpoints.services.handovers import accept_handover, hand_over
from lianfang.checkpoints.shifts import SHIFTS, Shift, shift_of
from lianfang.demo.checkpoints import GATES, Gate
from lianfang.demo.outbox import LanePhone
from lianfang.kernel.days import day_of, hour_of
from lianfang.kernel.reach import Reach, reach
from lianfang.situation.lead import open_items

SHOWN = "HC02"  # where something is always left to do
NOTES = ("2 道测温枪电池换过了，备用的在抽屉里。", "明早有一批保供车队，约 20 台，走 1 道。")


def crews_of_today(devices: Mapping[LanePhone, Device], *, at: datetime) -> None:
    """The shift that runs and the one before: two to a gate, a lane each. Again: those who came in the meantime."""
    today, shift = day_of(at), shift_of(hour_of(at))
    begins = shift.begins_at(today)
    before = SHIFTS[SHIFTS.index(shift) - 1]
    ClockIn.objects.bulk_create(
        [
            *_crew(devices, shift, begins, left=False, at=at),
            *_crew(devices, before, begins - timedelta(hours=8), left=True, at=at),
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["left_at"],
    )


def _crew(
    devices: Mapping[LanePhone, Device], shift: Shift, begins: datetime, *, left: bool, at: datetime
) -> Iterable[ClockIn]:
    for gate in GATES:
        for lane in range(1, min(gate.lanes, 2) + 1):
            chance = Random(f"{gate.code} {lane} {begins.isoformat()}")
            came_at = begins - timedelta(minutes=chance.randrange(2, 12))
            if gate.is_open(shift.from_hour) or gate.is_open(shift.to_hour - 1):
                yield ClockIn(
                    id=uuid5(NAMESPACE_URL, f"lianfang demo {gate.code} {lane} {begins.isoformat()}"),
                    checkpoint_id=gate.code,
                    device=devices.get(LanePhone(gate.code, lane)),
                    officer=_officer(gate, lane, shift),
                    lane=str(lane),
                    came_at=came_at,
                    left_at=begins + timedelta(hours=8, minutes=chance.randrange(1, 9)) if left else None,
                    received_at=min(came_at + timedelta(seconds=20), at),
                )


def _officer(gate: Gate, lane: int, shift: Shift) -> str:
    """The code with which their passages are signed (see `visits`)."""
    return f"{gate.code}-{shift.from_hour // 8 * 2 + 1 + (lane + 1) % 2}"


def phones_report(devices: Mapping[LanePhone, Device], *, at: datetime) -> None:
    """What every phone says about itself at this moment; one has hardly a network, one record is set aside."""
    gates = {gate.code: gate for gate in GATES}
    DeviceReport.objects.bulk_create(
        [_report(gates[sender.gate], sender.lane, device, at) for sender, device in devices.items()],
        update_conflicts=True,
        unique_fields=["device"],
        update_fields=[
            "seen_at",
            "unsent",
            "set_aside",
            "oldest_unsent_at",
            "battery_percent",
            "lane",
            "officer",
        ],
    )


def _report(gate: Gate, lane: int, device: Device, at: datetime) -> DeviceReport:
    chance = Random(f"{gate.code} {lane} report {day_of(at)}")
    lost = gate.code == SHOWN and lane == gate.lanes
    seen_at = at - timedelta(minutes=4) if lost else at - timedelta(seconds=chance.randrange(5, 50))
    return DeviceReport(
        device=device,
        seen_at=seen_at,
        unsent=12 if lost else 0,
        set_aside=1 if gate.code == SHOWN and lane == 1 else 0,
        oldest_unsent_at=seen_at - timedelta(minutes=21) if lost else None,
        clock_offset_ms=chance.randrange(-900, 900),
        battery_percent=17 if lost else chance.randrange(46, 100),
        storage_free_mb=chance.randrange(2_000, 40_000),
        program="demo",
        lane=str(lane),
        officer=_officer(gate, lane, shift_of(hour_of(at))),
    )


def hand_shifts_over(giver: Reach, taker: Reach, *, at: datetime) -> None:
    """One that was accepted when the shift began, and one that waits for the reader, where none waits."""
    if ShiftHandover.objects.filter(checkpoint=SHOWN, accepted_at=None).exists():
        return
    begins = shift_of(hour_of(at)).begins_at(day_of(at))
    if not ShiftHandover.objects.filter(checkpoint=SHOWN, accepted_at__gte=begins).exists():
        earlier = begins - timedelta(minutes=4)
        made = hand_over(by=taker, at=earlier, checkpoint=SHOWN, note=NOTES[0], open_items=[])
        accept_handover(by=giver, at=begins + timedelta(minutes=3), checkpoint=SHOWN, id=made.id)
    with reach(giver) as seen:
        items = open_items(seen, SHOWN, lanes(seen, SHOWN, at=at), at=at)
    hand_over(by=giver, at=at, checkpoint=SHOWN, note=NOTES[1], open_items=[item.as_json for item in items])
