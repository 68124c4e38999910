"""Text as people type it: full-width letters, stray spaces, invisible characters, lower case."""

_INVISIBLE = (
    (0x00, 0x20),  # control characters and the space
    (0x7F, 0xA0),
    (0xAD, 0xAD),
    (0x1680, 0x1680),
    (0x2000, 0x200F),  # spaces of every width, zero-width and direction marks
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x3000, 0x3000),  # the ideographic space
    (0xD800, 0xDFFF),  # half of a surrogate pair: cannot be written as UTF-8
    (0xFE00, 0xFE0F),  # emoji variation selectors
    (0xFEFF, 0xFEFF),
)
_DASHES = "-‐‑‒–—―−﹣－ー_＿"

_PLAIN: dict[int, int | None] = {ord(c): ord(c) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_PLAIN.update({ord(c): ord(c.upper()) for c in "abcdefghijklmnopqrstuvwxyz"})
_PLAIN.update({wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)})
_PLAIN.update({wide: wide - 0xFEE0 - 0x20 for wide in range(0xFF41, 0xFF5B)})
_PLAIN.update({code: None for first, last in _INVISIBLE for code in range(first, last + 1)})


def plain(text: str) -> str:
    """Half-width, A–Z upper-cased, without white space and characters nobody sees. Other letters stay as they are."""
    return text.translate(_PLAIN)


_PLAIN_NUMBER = _PLAIN | {ord(dash): None for dash in _DASHES}


def plain_number(text: str) -> str:
    """`plain`, and without dashes of any kind: how a number of a document or a phone is compared."""
    return text.translate(_PLAIN_NUMBER)
