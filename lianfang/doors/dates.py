"""A day as an address or a form names it."""

from datetime import date

# Epidemics of other centuries are not on file; within these years no page's arithmetic leaves the calendar.
FIRST_YEAR, LAST_YEAR = 2000, 2099


def as_day(text: str) -> date | None:
    """None when it is no day, or none that anybody here can mean."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
