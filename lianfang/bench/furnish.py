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


def invite(checkpoint: str, *, at: datetime) -> dict[str, str]:
    """A one-time code for a phone of that checkpoint, as the desk would make it: {"code"}."""
    from lianfang.checkpoints.models import Enrolment  # noqa: PLC0415 -- after Django is set up
    from lianfang.kernel.tokens import hashed, new_code  # noqa: PLC0415

    code = new_code()
    Enrolment.objects.create(
        code_hash=hashed(code),
        checkpoint_id=checkpoint,
        made_at=at,
        expires_at=at + timedelta(minutes=15),
        token_lasts_for=timedelta(days=2),
    )
    return {"code": code}


if __name__ == "__main__":
    django.setup()
    now = datetime.now(UTC)
    asked = sys.argv[1:]
    json.dump(invite(asked[1], at=now) if asked[:1] == ["--invite"] else furnish(at=now), sys.stdout)
