"""Run as a program of its own, on the bench's data folder: checkpoints and devices, printed as JSON."""

import json
import sys
from datetime import UTC, datetime, timedelta

import django


def furnish(*, at: datetime) -> list[dict[str, str]]:
    """The demo city's checkpoints and one device each, without a budget: [{"checkpoint", "token"}]."""
    from lianfang.checkpoints.services import (  # noqa: PLC0415 -- after Django is set up
        issue_device,
        open_border_checkpoint,
    )
    from lianfang.demo.checkpoints import GATES  # noqa: PLC0415

    devices = []
    for gate in GATES:
        open_border_checkpoint(
            code=gate.code, name=gate.name, kind=gate.kind, division=gate.division, lanes=gate.lanes,
            longitude=gate.longitude, latitude=gate.latitude, at=at,
        )  # fmt: skip
        token, _ = issue_device(
            checkpoint=gate.code, name="bench", at=at, lasts=timedelta(days=2), items_per_second=None
        )
        devices.append({"checkpoint": gate.code, "token": token})
    return devices


if __name__ == "__main__":
    django.setup()
    json.dump(furnish(at=datetime.now(UTC)), sys.stdout)
