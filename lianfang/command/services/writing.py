"""What people write beside an act: names on one line, notes on several."""


def on_one_line(text: str, *, longest: int) -> str:
    """Without characters nobody sees, no longer than a label."""
    return "".join(mark for mark in text if mark.isprintable()).strip()[:longest]


def as_a_note(text: str, *, longest: int) -> str:
    """The same on several lines."""
    lines = [on_one_line(line, longest=longest) for line in text.splitlines()]
    return "\n".join(lines).strip()[:longest]
