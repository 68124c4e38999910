"""What time it is in this city. A demo may live in another month: its scenario clock runs beside the machine's.

Doors, console and worker look at it; everything below them takes `at`. Sign-in and sessions keep the real clock.
"""

from datetime import UTC, datetime

from django.conf import settings


def now() -> datetime:
    """The machine's clock, moved by `settings.SCENARIO` (nothing but in a demo's data folder)."""
    return datetime.now(UTC) + settings.SCENARIO
