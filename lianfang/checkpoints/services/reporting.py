"""What a phone tells about itself every minute: kept as its newest report, and its crew's comings and goings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lianfang.checkpoints.models import Device, DeviceReport
from lianfang.checkpoints.services.reported import ReportedClockIn, read_clock_ins, read_report
from lianfang.kernel.audit import Act, note

# A clock-in may come again with its end. Whose id it is already keeps it: no phone writes over another's.
_CLOCK_INS = """
INSERT INTO clock_in (id, checkpoint_id, device_id, officer, lane, came_at, left_at, received_at)
SELECT u.id, %(checkpoint)s, %(device)s, u.officer, u.lane, u.came_at, u.left_at, %(at)s
FROM unnest(%(ids)s::uuid[], %(officers)s::text[], %(lanes)s::text[], %(came)s::timestamptz[], %(left)s::timestamptz[])
     AS u(id, officer, lane, came_at, left_at)
ON CONFLICT (id) DO UPDATE SET officer = EXCLUDED.officer, lane = EXCLUDED.lane,
    left_at = CASE WHEN EXCLUDED.left_at IS NULL THEN clock_in.left_at
                   ELSE greatest(clock_in.came_at, EXCLUDED.left_at) END
WHERE clock_in.device_id = EXCLUDED.device_id
"""


@transaction.atomic
def report_state(*, by: Device, said: Mapping[str, Any], at: datetime) -> None:
    """Keeps what the phone said: odd values are clamped, what it left out stays as it was. Again: nothing changes."""
    report = {"seen_at": at, **read_report(said, at=at)}
    nothing_held = {"unsent": 0, "set_aside": 0}
    DeviceReport.objects.update_or_create(
        device=by, defaults=report, create_defaults={**nothing_held, **report}
    )
    _clock_in(by, read_clock_ins(said, at=at), at)
    if said.get("wiped") is True:
        asked = Device.objects.filter(pk=by.pk, wiped_at=None, wipe_asked_at__isnull=False)
        if asked.update(wiped_at=at):
            note(
                Act.DEVICE_WIPED,
                by=None,
                device=by.pk,
                subject=f"DEVICE {by.pk}",
                details={"state": "DONE"},
            )


def _clock_in(device: Device, told: Sequence[ReportedClockIn], at: datetime) -> None:
    if not told:
        return
    columns: dict[str, Any] = {
        "ids": [one.id for one in told],
        "officers": [one.officer for one in told],
        "lanes": [one.lane for one in told],
        "came": [one.came_at for one in told],
        "left": [one.left_at for one in told],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOCK_INS, {**columns, "checkpoint": device.checkpoint_id, "device": device.pk, "at": at}
        )
