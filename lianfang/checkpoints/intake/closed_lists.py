"""The closed lists of a record, and what becomes of a value that is on none of them."""

DIRECTIONS = frozenset({"IN", "OUT"})
TRANSPORTS = frozenset(
    {"CAR", "TRUCK", "COACH", "BUS", "TAXI", "MOTORCYCLE", "TRAIN", "FOOT", "OTHER_VEHICLE", "OTHER"}
)
# What counts as one 台次: everything that stops at a lane. Train passengers and walkers count as people only.
VEHICLES = frozenset({"CAR", "TRUCK", "COACH", "BUS", "TAXI", "MOTORCYCLE", "OTHER_VEHICLE"})
PURPOSES = frozenset(
    {
        "RESIDENT_RETURN",
        "COMMUTE",
        "FREIGHT",
        "SUPPLIES",
        "TRANSIT",
        "MEDICAL",
        "EMERGENCY",
        "OFFICIAL",
        "VISIT",
        "OTHER",
    }
)
SOURCES = frozenset({"OFFICER", "DECLARATION", "PAPER", "IMPORT"})
DOCUMENT_TYPES = frozenset(
    {
        "RESIDENT_ID",
        "HMT_RESIDENCE",
        "HM_PASS",
        "TW_PASS",
        "PERMANENT_RESIDENCE",
        "PASSPORT",
        "OTHER",
        "NONE",
    }
)
TEMPERATURE_STATES = frozenset({"READ", "LOW", "NOT_TAKEN"})


def one_of(value: str | None, known: frozenset[str], otherwise: str, flags: list[str]) -> str:
    """A value of a closed list; an unknown one becomes `otherwise`, flagged (its raw text stays sealed)."""
    if value is None:
        flags.append("INCOMPLETE")
        return otherwise
    if value in known:
        return value
    flags.append("UNKNOWN_VALUE")
    return otherwise


def unique(flags: list[str]) -> tuple[str, ...]:
    """Each flag once, in alphabetical order: the same record always shows the same flags."""
    return tuple(sorted(set(flags))) if flags else ()
