"""What time it is in this city. A demo may live in another month: its scenario clock runs beside the machine's.

Doors, console and worker look at it; everything below them takes `at`. Sign-in and sessions keep the real clock.
"""

from datetime import UTC, datetime

from django.conf import settings


def machine_now() -> datetime:
    """The machine's clock, as the database has it: postings, sessions and broken glass are in force by it."""
    return datetime.now(UTC)


def now() -> datetime:
    """The machine's clock, moved by `settings.SCENARIO` (nothing but in a demo's data folder)."""
    return machine_now() + settings.SCENARIO
