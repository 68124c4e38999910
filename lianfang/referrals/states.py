"""The life of a referral: which answer leads where, and what stays open until it is answered."""

from collections.abc import Mapping
from enum import StrEnum


class ReferralState(StrEnum):
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
UNACCEPTED = (ReferralState.SENT, ReferralState.OUTSIDE)
# Nobody has found the person yet: it stays on a list until somebody does.
OPEN = (
    ReferralState.SENT,
    ReferralState.ACCEPTED,
    ReferralState.NOT_HERE,
    ReferralState.WRONG_ADDRESS,
    ReferralState.OUTSIDE,
)

Arrows = Mapping[Kind, ReferralState | None]
_AT_THE_DOOR: dict[Kind, ReferralState | None] = {kind: ReferralState(kind) for kind in ANSWERS}
_GOING_ON: dict[Kind, ReferralState | None] = {
    Kind.ADDED: None,
    Kind.CALLED: None,
}  # the state stays as it is
_BY_A_DESK: dict[Kind, ReferralState | None] = {
    Kind.PLACED: ReferralState.SENT,
    Kind.WITHDRAWN: ReferralState.WITHDRAWN,
}
ARROWS: Mapping[ReferralState, Arrows] = {
    ReferralState.SENT: {Kind.ACCEPTED: ReferralState.ACCEPTED} | _AT_THE_DOOR | _GOING_ON | _BY_A_DESK,
    ReferralState.ACCEPTED: _AT_THE_DOOR | _GOING_ON | _BY_A_DESK,
    ReferralState.NOT_HERE: _AT_THE_DOOR | _GOING_ON | _BY_A_DESK,
    ReferralState.WRONG_ADDRESS: _AT_THE_DOOR | _GOING_ON | _BY_A_DESK,
    ReferralState.ARRIVED: {
        Kind.MOVED_ON: ReferralState.MOVED_ON,
        Kind.NOT_HERE: ReferralState.NOT_HERE,
        Kind.WRONG_ADDRESS: ReferralState.WRONG_ADDRESS,  # gone, and nobody knows yet where to: the desk places him
        Kind.WITHDRAWN: ReferralState.WITHDRAWN,
    }
    | _GOING_ON,
    ReferralState.OUTSIDE: {
        Kind.LETTER_SENT: ReferralState.OUTSIDE,
        Kind.LETTER_ANSWERED: ReferralState.ACCEPTED,
        Kind.LETTER_RETURNED: ReferralState.SENT,
        Kind.WITHDRAWN: ReferralState.WITHDRAWN,
        Kind.PLACED: ReferralState.SENT,
    }
    | _GOING_ON,
    ReferralState.MOVED_ON: {},
    ReferralState.WITHDRAWN: {},
}


def leads_to(state: str, kind: str) -> ReferralState | None:
    """The state after `kind`; None where it may not be done in this state."""
    arrows = ARROWS[ReferralState(state)]
    return (arrows[Kind(kind)] or ReferralState(state)) if kind in arrows else None
