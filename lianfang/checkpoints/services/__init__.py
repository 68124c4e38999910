"""Acts on checkpoints, devices and records. Who acts is `by`, when is `at`; what is not done is refused with a code."""

from lianfang.checkpoints.services.closing import close_shift
from lianfang.checkpoints.services.correcting import correct
from lianfang.checkpoints.services.declaring import Given, Kept, declare, erase_expired, open_roster
from lianfang.checkpoints.services.devices import (
    DEVICES_CHANGED,
    Enrolled,
    Invitation,
    enrol,
    invite_device,
    issue_device,
    revoke_device,
    wipe_device,
)
from lianfang.checkpoints.services.posts import open_border_checkpoint, open_post
from lianfang.checkpoints.services.reporting import report_state

__all__ = [
    "DEVICES_CHANGED",
    "Enrolled",
    "Given",
    "Invitation",
    "Kept",
    "close_shift",
    "correct",
    "declare",
    "enrol",
    "erase_expired",
    "invite_device",
    "issue_device",
    "open_border_checkpoint",
    "open_post",
    "open_roster",
    "report_state",
    "revoke_device",
    "wipe_device",
]
