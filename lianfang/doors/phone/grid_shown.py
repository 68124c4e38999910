"""Doors, households and receipts as a grid worker's phone is told them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianfang.doors import shapes
from lianfang.doors.phone.grid import moment
from lianfang.doors.roster_shapes import (
    CallerShown,
    DoorAnswered,
    DoorMeasure,
    GridDoorShown,
    GridHouseholdShown,
    GridReceiptShown,
    ResidentShown,
)
from lianfang.journeys.grid_answers import GridReceipt
from lianfang.journeys.grid_doors import Caller, GridDoor
from lianfang.people.queries.at_doors import HouseholdAtDoor, Resident
from lianfang.quarantine.rules import ReportVerdict
from lianfang.quarantine.states import OrderState
from lianfang.referrals.states import UNACCEPTED, ReferralState
from lianfang.screening.queries import rule_set

Names = Mapping[str, str]
# A receipt keeps one word; no two of these lists share one.
_OF_REFERRALS, _OF_ORDERS, _OF_REPORTS = (
    frozenset(ReferralState),
    frozenset(OrderState),
    frozenset(ReportVerdict),
)


def door_shown(door: GridDoor, names: Names, posts: Names, at: datetime) -> GridDoorShown:
    people = [_caller(one, names, posts, at) for one in door.people]
    return GridDoorShown(door.household, door.code, door.address, people)


def household_shown(one: HouseholdAtDoor) -> GridHouseholdShown:
    return GridHouseholdShown(
        id=one.door.household,
        code=one.door.code,
        address=one.door.address,
        occupancy=one.occupancy,  # type: ignore[arg-type]
        verified_on=one.verified_on.isoformat() if one.verified_on else None,
        stale=one.stale,
        residents=[_resident(resident) for resident in one.residents],
    )


def receipt_shown(one: GridReceipt) -> GridReceiptShown:
    return GridReceiptShown(
        id=one.id,
        status=one.status,  # type: ignore[arg-type]
        late=one.late,
        state=ReferralState(one.state) if one.state in _OF_REFERRALS else None,
        order_state=OrderState(one.state) if one.state in _OF_ORDERS else None,
        verdict=ReportVerdict(one.state) if one.state in _OF_REPORTS else None,
        code=one.code or None,
        say=shapes.Say(*one.say) if one.say else None,
    )


def _caller(caller: Caller, names: Names, posts: Names, at: datetime) -> CallerShown:
    one, person, came = caller.one, caller.person, caller.came
    return CallerShown(
        referral=one.id,
        name=person.name if person else "",
        sex=person.sex if person else None,
        age=person.age if person else None,
        phone=person.phone if person else "",
        address=caller.address,
        state=ReferralState(one.state),
        urgent=one.urgent,
        late=one.state in UNACCEPTED and one.due_at <= at,
        due_at=moment(one.due_at),
        sent_at=moment(one.sent_at),
        measures=[_measure(measure) for measure in one.details],
        checkpoint=posts.get(one.checkpoint or "", one.checkpoint or ""),
        registered_at=moment(one.registered_at) if one.registered_at else None,
        from_=names.get(came.from_code or "", came.from_code or ""),
        guardian=came.guardian or None,
        party=caller.party,
        answered=_answered(caller),
    )


def _answered(caller: Caller) -> DoorAnswered | None:
    said = caller.answered
    return DoorAnswered(said.kind, moment(said.at)) if said else None  # type: ignore[arg-type]


def _measure(one: Mapping[str, Any]) -> DoorMeasure:
    """With the sentence of the rule set that decided; without any where nobody knows that set any more."""
    try:
        say = shapes.Say(**rule_set(one["rule_set"]).say(one["row"]))
    except KeyError:
        say = shapes.Say("", "")
    return DoorMeasure(kind=one["kind"], say=say, place=one.get("place"), days=one.get("days"))


def _resident(one: Resident) -> ResidentShown:
    person = one.person
    return ResidentShown(
        person=person.id,
        name=person.name,
        sex=person.sex,
        age=person.age,
        phone=person.phone,
        relation=one.relation,
        state=one.state,  # type: ignore[arg-type]
        remarks=list(person.remarks),
    )
