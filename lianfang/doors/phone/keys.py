"""Keys that phones are handed: the public half to which they seal their outbox, and those that open declarations."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lianfang.checkpoints.models import Device
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.envelopes import EnvelopeKey
from lianfang.kernel.key_folder import key_folder

CARD_LASTS = timedelta(days=7)  # a commuter's card, from the day it was made
SCALAR_BYTES = 32
DAY = timedelta(days=1)


def base64(data: bytes) -> str:
    return b64encode(data).decode()


def outbox_key(at: datetime) -> dict[str, str]:
    """The month's pair, without what opens it."""
    pair = outbox_pair(at)
    return {"id": pair.id, "public": base64(pair.public)}


def outbox_pair(at: datetime) -> EnvelopeKey:
    return key_folder().outbox(day_of(at))


def reading_keys(device: Device, at: datetime) -> list[dict[str, Any]]:
    """What opens the declarations and cards of the device's own checkpoint; nothing for a device to be wiped.

    A day's declarations can be read for 48 hours from its beginning, its cards until a week after it. Days gone by have
    a key only if they had one: nothing is made anew for a day that was destroyed.
    """
    if device.wipe_asked_at is not None or device.revoked_at is not None or device.expires_at <= at:
        return []
    keys, today, code = key_folder(), day_of(at), device.checkpoint_id
    gone_by = [today - back * DAY for back in range(CARD_LASTS.days, 0, -1)]
    days = [day for day in gone_by if keys.existing_day(day) is not None] + [today, today + DAY]
    declared = [_told(device, keys.declarations(code, day), day, DAY) for day in days if day >= today - DAY]
    return declared + [_told(device, keys.cards(code, day), day, CARD_LASTS) for day in days]


def _told(device: Device, pair: EnvelopeKey, day: date, beyond: timedelta) -> dict[str, Any]:
    return {
        "id": pair.id,
        "checkpoint": device.checkpoint_id,
        "from": start_of(day).astimezone(UTC).isoformat(),
        "until": (start_of(day + DAY) + beyond).astimezone(UTC).isoformat(),
        "private": base64(pair.private.to_bytes(SCALAR_BYTES)),
    }
