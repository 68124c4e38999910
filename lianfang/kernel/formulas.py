"""What a spreadsheet would take for a formula, and the apostrophe that makes it a text."""

FORMULA = frozenset("=+-@＝＋－＠\t\r\n")  # a cell's first letter; the blanks may hide what comes after them
_SUMS = frozenset("=＝")


def harmless(cell: str) -> str:
    """As a cell of a csv file: a text that would be taken for a formula begins with an apostrophe."""
    return f"'{cell}" if looks_like_one(cell) else cell


def looks_like_one(cell: str) -> bool:
    return cell[:1] in FORMULA or cell.lstrip()[:1] in FORMULA


def as_it_was(cell: str) -> str:
    """Without the apostrophe of ours, when a csv file comes back: +86 … is a telephone again. What would be a sum keeps it."""
    bare = cell.removeprefix("'")
    return bare if looks_like_one(bare) and bare.lstrip()[:1] not in _SUMS else cell
