"""Division codes: where something lies, as a code people know and as a span of 18-digit integers.

GB/T 2260 gives six digits (province, city, county); the statistical codes add three for the township and three for
the village or community; grids and micro-grids add three each. Written to 18 digits every division is one contiguous
span, so "within 义县" is `BETWEEN lo AND hi`, whatever the level.
"""

LEVELS = ("PROVINCE", "CITY", "COUNTY", "TOWNSHIP", "VILLAGE", "GRID", "MICRO_GRID")

# Every first pair of digits GB/T 2260 has ever given out, 台湾 71, 香港 81 and 澳门 82 included.
_PAIRS = (
    range(11, 16),
    range(21, 24),
    range(31, 38),
    range(41, 47),
    range(50, 55),
    range(61, 66),
    (71, 81, 82),
)
PROVINCES = frozenset(str(number) for pairs in _PAIRS for number in pairs)

_DIGITS = 18
_LENGTHS = frozenset((2, 4, 6, 9, 12, 15, 18))
_LEVEL_OF_PREFIX = dict(zip((2, 4, 6, 9, 12, 15, 18), LEVELS, strict=True))
_PREFIX_OF_LEVEL = {level: length for length, level in _LEVEL_OF_PREFIX.items()}
EVERYWHERE = (0, 10**_DIGITS - 1)
_SCALE = {length: 10 ** (_DIGITS - length) for length in _LENGTHS}


def is_code(text: str) -> bool:
    """Whether the text has the form of a division code; never raises. Says nothing of whether it exists."""
    return len(text) in _LENGTHS and text.isascii() and text.isdigit() and text[:2] in PROVINCES


def prefix(code: str) -> str:
    """The digits that carry meaning: 210000 → 21, 210300 → 2103, 210381 and 210381000 → 210381.

    Raises ValueError for what `is_code` denies; so do all functions below.
    """
    if not is_code(code):
        raise ValueError("not a division code")
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    if len(code) == 6 and code.endswith("00"):
        return code[:2] if code.endswith("0000") else code[:4]
    return code[:2] if len(code) == 4 and code.endswith("00") else code


def canonical(code: str) -> str:
    """The form the register keeps: provinces and cities with six digits, the rest without trailing zero groups."""
    return prefix(code).ljust(6, "0")


def span(code: str) -> tuple[int, int]:
    """First and last 18-digit integer within the division, both inclusive."""
    digits = prefix(code)
    scale = _SCALE[len(digits)]
    first = int(digits) * scale
    return first, first + scale - 1


def span_of(code: str | None) -> tuple[int, int]:
    """`span`, and everywhere where nothing is asked for."""
    return span(code) if code else EVERYWHERE


def as_integer(code: str) -> int:
    """The division itself as an 18-digit integer: the first of its span."""
    return span(code)[0]


def from_integer(number: int) -> str:
    """The code of an integer made by `as_integer`, in its canonical form."""
    return canonical(f"{number:018d}")


def level(code: str) -> str:
    """One of LEVELS."""
    return _LEVEL_OF_PREFIX[len(prefix(code))]


def parent(code: str) -> str | None:
    """The division one level up, None above a province."""
    digits = prefix(code)
    shorter = digits[: -2 if len(digits) <= 6 else -3]
    return shorter.ljust(6, "0") if shorter else None


def lineage(code: str) -> tuple[str, ...]:
    """The code and everything above it, province first."""
    digits = prefix(code)
    return tuple(digits[:n].ljust(6, "0") for n in (2, 4, 6, 9, 12, 15, 18) if n <= len(digits))


def at_level(code: str, wanted: str) -> str | None:
    """The division of that level in which the code lies, None if the code names something larger."""
    digits, length = prefix(code), _PREFIX_OF_LEVEL[wanted]
    return digits[:length].ljust(6, "0") if len(digits) >= length else None


def county_of(code: str) -> str | None:
    """The county in which the code lies, None for a city or province."""
    return at_level(code, "COUNTY")
