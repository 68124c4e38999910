"""The tile of the watermark: how old the figures are, and who holds them back."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from lianfang.situation.holding import holding_back
from lianfang.situation.wall.asking import Asked

LATE = timedelta(seconds=5)  # the fold moves the watermark every second


def watermark(asked: Asked) -> dict[str, Any]:
    """`age` in seconds, null before the first fold. `held_by` is asked for only when the figures are late."""
    at = asked.what.watermark
    age = max(asked.at - at, timedelta(0)) if at else None
    holder = holding_back() if age is not None and age > LATE else None
    return {
        "age": round(age.total_seconds(), 1) if age is not None else None,
        "is_late": age is not None and age > LATE,
        "held_by": asdict(holder) if holder else None,
    }
