"""The device behind a token, and what the intake knows of it."""

from datetime import datetime

from lianfang.checkpoints.intake.reception import Sender
from lianfang.checkpoints.models import Device
from lianfang.kernel.tokens import hashed


def device_of_token(token: str, *, at: datetime) -> Device | None:
    """None when the token is unknown or has expired; a revoked device is answered, its `revoked_at` set."""
    found = Device.objects.select_related("checkpoint").filter(token_hash=hashed(token)).first()
    return found if found is not None and found.expires_at > at else None


def sender_of(device: Device) -> Sender:
    """The device as the intake knows it, whatever its state: for what does not come in by its token."""
    ends = (device.revoked_at, device.wipe_asked_at)
    return Sender(
        device.id,
        device.checkpoint_id,
        device.enrolled_at,
        device.expires_at,
        device.revoked_at is not None,
        device.items_per_second,
        min((end for end in ends if end is not None), default=None),
        device.earlier,
    )
