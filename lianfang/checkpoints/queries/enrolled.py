"""The device behind a token."""

from datetime import datetime

from lianfang.checkpoints.models import Device
from lianfang.kernel.tokens import hashed


def device_of_token(token: str, *, at: datetime) -> Device | None:
    """None when the token is unknown or has expired; a revoked device is answered, its `revoked_at` set."""
    found = Device.objects.select_related("checkpoint").filter(token_hash=hashed(token)).first()
    return found if found is not None and found.expires_at > at else None
