"""The life of a referral: which answer leads where, and what stays open until it is answered."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a referral stands."""

    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    ARRIVED = "ARRIVED"
    NOT_HERE = "NOT_HERE"
    WRONG_ADDRESS = "WRONG_ADDRESS"
    MOVED_ON = "MOVED_ON"
    OUTSIDE = "OUTSIDE"
    WITHDRAWN = "WITHDRAWN"


class Kind(StrEnum):
    """What is done about one. An answer at the door carries the name of the state it leads to."""

    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    ARRIVED = "ARRIVED"
    NOT_HERE = "NOT_HERE"
    WRONG_ADDRESS = "WRONG_ADDRESS"
    MOVED_ON = "MOVED_ON"
    PLACED = "PLACED"  # a desk gave it another destination
    ADDED = "ADDED"  # a later decision added measures
    LETTER_SENT = "LETTER_SENT"  # 协查函
    LETTER_ANSWERED = "LETTER_ANSWERED"
    LETTER_RETURNED = "LETTER_RETURNED"  # they do not take him
    CALLED = "CALLED"  # the duty officer rang whoever answers for the place
    WITHDRAWN = "WITHDRAWN"


# What a grid worker answers at a door: the four big buttons.
ANSWERS = (Kind.ARRIVED, Kind.NOT_HERE, Kind.WRONG_ADDRESS, Kind.MOVED_ON)
# Whose clock runs until they are taken over.
UNACCEPTED = (State.SENT, State.OUTSIDE)
# Nobody has found the person yet: it stays on a list until somebody does.
OPEN = (State.SENT, State.ACCEPTED, State.NOT_HERE, State.WRONG_ADDRESS, State.OUTSIDE)

Arrows = Mapping[Kind, State | None]
_AT_THE_DOOR: dict[Kind, State | None] = {kind: State(kind) for kind in ANSWERS}
_GOING_ON: dict[Kind, State | None] = {Kind.ADDED: None, Kind.CALLED: None}  # the state stays as it is
_BY_A_DESK: dict[Kind, State | None] = {Kind.PLACED: State.SENT, Kind.WITHDRAWN: State.WITHDRAWN}
ARROWS: Mapping[State, Arrows] = {
    State.SENT: {Kind.ACCEPTED: State.ACCEPTED} | _AT_THE_DOOR | _GOING_ON | _BY_A_DESK,
    State.ACCEPTED: _AT_THE_DOOR | _GOING_ON | _BY_A_DESK,
    State.NOT_HERE: _AT_THE_DOOR | _GOING_ON | _BY_A_DESK,
    State.WRONG_ADDRESS: _AT_THE_DOOR | _GOING_ON | _BY_A_DESK,
    State.ARRIVED: {
        Kind.MOVED_ON: State.MOVED_ON,
        Kind.NOT_HERE: State.NOT_HERE,
        Kind.WITHDRAWN: State.WITHDRAWN,
    }
    | _GOING_ON,
    State.OUTSIDE: {
        Kind.LETTER_SENT: State.OUTSIDE,
        Kind.LETTER_ANSWERED: State.ACCEPTED,
        Kind.LETTER_RETURNED: State.SENT,
        Kind.WITHDRAWN: State.WITHDRAWN,
        Kind.PLACED: State.SENT,
    }
    | _GOING_ON,
    State.MOVED_ON: {},
    State.WITHDRAWN: {},
}


def leads_to(state: str, kind: str) -> State | None:
    """The state after `kind`; None where it may not be done in this state."""
    arrows = ARROWS[State(state)]
    return (arrows[Kind(kind)] or State(state)) if kind in arrows else None
