"""The life of an order: what may be done in which state, and where it leads."""

from collections.abc import Mapping
from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands. The last five are ends."""

    ORDERED = "ORDERED"
    NOTIFIED = "NOTIFIED"
    IN_PLACE = "IN_PLACE"
    BROKEN = "BROKEN"  # he left where he is to stay; he may come back
    RELEASED = "RELEASED"
    MOVED_TO_ISOLATION = "MOVED_TO_ISOLATION"  # he is ill: isolation, not quarantine
    HANDED_OVER = "HANDED_OVER"  # another city observes him
    LIFTED = "LIFTED"  # it should not stand: a mistake, a reason that fell away


class OrderKind(StrEnum):
    """Where somebody stays."""

    HOME = "HOME"
    FACILITY = "FACILITY"


class Done(StrEnum):
    """What is done about an order: the kinds of its events."""

    ORDERED = "ORDERED"
    NOTIFIED = "NOTIFIED"  # the slip was handed over or read out
    IN_PLACE = "IN_PLACE"
    BLOCKED = "BLOCKED"  # could not be in place: nobody asked, or nobody cares, for who depends on him
    REASON_ADDED = "REASON_ADDED"
    REASON_TAKEN_BACK = "REASON_TAKEN_BACK"
    EXTENDED = "EXTENDED"
    TRANSFERRED = "TRANSFERRED"  # another place, kind or room in the city
    BROKEN = "BROKEN"
    CARE_ANSWERED = "CARE_ANSWERED"
    CARE_SETTLED = "CARE_SETTLED"
    SLIP_PRINTED = "SLIP_PRINTED"
    CORRECTION_ASKED = "CORRECTION_ASKED"
    CORRECTION_ANSWERED = "CORRECTION_ANSWERED"
    RELEASED = "RELEASED"
    MOVED_TO_ISOLATION = "MOVED_TO_ISOLATION"
    HANDED_OVER = "HANDED_OVER"
    LIFTED = "LIFTED"


class CorrectionVerdict(StrEnum):
    """What is answered to somebody who says that his order is wrong."""

    UPHELD = "UPHELD"
    CHANGED = "CHANGED"
    LIFTED = "LIFTED"


class ReleaseHindrance(StrEnum):
    """Why somebody whose last day is over is not released with everybody else."""

    CLINIC_OPEN = "CLINIC_OPEN"  # nobody has written yet what the fever clinic said
    ADMITTED = "ADMITTED"  # a clinic has taken him in, and nobody has seen him well since
    SYMPTOMATIC = "SYMPTOMATIC"  # his last report is one of symptoms
    BROKEN = "BROKEN"
    NOT_IN_PLACE = "NOT_IN_PLACE"
    NOT_FOUND = "NOT_FOUND"  # a visit did not find him, and nothing was heard of him since


# Nobody ends the others but the clock and an officer who releases.
OPEN = (OrderState.ORDERED, OrderState.NOTIFIED, OrderState.IN_PLACE, OrderState.BROKEN)
# People under observation now: the one number counts them.
OBSERVED = (OrderState.IN_PLACE,)

Arrows = Mapping[Done, OrderState | None]
_ENDING: dict[Done, OrderState | None] = {
    Done.MOVED_TO_ISOLATION: OrderState.MOVED_TO_ISOLATION,
    Done.HANDED_OVER: OrderState.HANDED_OVER,
    Done.LIFTED: OrderState.LIFTED,
}
_GOING_ON: dict[Done, OrderState | None] = dict.fromkeys(
    (
        Done.REASON_ADDED,
        Done.REASON_TAKEN_BACK,
        Done.EXTENDED,
        Done.BLOCKED,
        Done.CARE_ANSWERED,
        Done.CARE_SETTLED,
        Done.SLIP_PRINTED,
        Done.CORRECTION_ASKED,
        Done.CORRECTION_ANSWERED,
    )
)  # the state stays as it is
# What may still be done of an order that has ended: its history is asked about.
_AFTERWARDS: dict[Done, OrderState | None] = dict.fromkeys(
    (Done.CORRECTION_ASKED, Done.CORRECTION_ANSWERED, Done.CARE_SETTLED)
)
# Somebody went to a hospital or another city, and who depends on him is at home still: who sees to them can be named.
_STILL_CARED_FOR: dict[Done, OrderState | None] = {**_AFTERWARDS, Done.CARE_ANSWERED: None}
ARROWS: Mapping[OrderState, Arrows] = {
    OrderState.ORDERED: {
        Done.NOTIFIED: OrderState.NOTIFIED,
        Done.IN_PLACE: OrderState.IN_PLACE,
        Done.TRANSFERRED: OrderState.ORDERED,
    }
    | _ENDING
    | _GOING_ON,
    OrderState.NOTIFIED: {
        Done.NOTIFIED: OrderState.NOTIFIED,
        Done.IN_PLACE: OrderState.IN_PLACE,
        Done.TRANSFERRED: OrderState.NOTIFIED,
        Done.BROKEN: OrderState.BROKEN,
    }
    | _ENDING
    | _GOING_ON,
    OrderState.IN_PLACE: {
        Done.NOTIFIED: OrderState.IN_PLACE,
        Done.TRANSFERRED: OrderState.NOTIFIED,  # on the way to the other place until he is there
        Done.BROKEN: OrderState.BROKEN,
        Done.RELEASED: OrderState.RELEASED,
    }
    | _ENDING
    | _GOING_ON,
    OrderState.BROKEN: {
        Done.IN_PLACE: OrderState.IN_PLACE,
        Done.TRANSFERRED: OrderState.NOTIFIED,
        Done.RELEASED: OrderState.RELEASED,
    }
    | _ENDING
    | _GOING_ON,
    OrderState.RELEASED: _AFTERWARDS,
    OrderState.MOVED_TO_ISOLATION: _STILL_CARED_FOR,
    OrderState.HANDED_OVER: _STILL_CARED_FOR,
    OrderState.LIFTED: _AFTERWARDS,
}


def leads_to(state: str, done: str) -> OrderState | None:
    """The state after `done`; None where it may not be done in this state."""
    arrows = ARROWS[OrderState(state)]
    return (arrows[Done(done)] or OrderState(state)) if done in arrows else None
