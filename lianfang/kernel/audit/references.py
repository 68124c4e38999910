"""The number that stands on what leaves the program, and in the log's details: from a sheet of paper back to who took it."""

import secrets

DIGITS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is mistaken for another when read aloud


def new_reference() -> str:
    """K7Q2-M9XD: 8 characters of 30, so that nobody guesses another's."""
    drawn = "".join(secrets.choice(DIGITS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
