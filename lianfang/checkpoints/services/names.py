"""Names people give to posts and phones."""

LONGEST = 60


def tidied(text: str, *, longest: int = LONGEST) -> str:
    """On one line, without characters nobody sees (a NUL could not be stored), no longer than a label."""
    return "".join(mark for mark in text if mark.isprintable()).strip()[:longest]
