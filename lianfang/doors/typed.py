"""A day or a number as somebody typed it into an address or a form; None when it is none that anybody here can mean."""

from datetime import date

# Epidemics of other centuries are not on file; within these years no page's arithmetic leaves the calendar.
FIRST_YEAR, LAST_YEAR = 2000, 2099


def as_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def as_number(text: str, *, longest: int = 4) -> int | None:
    """Of so many digits at most; ² is a digit to Python and no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None
