"""The city that is attacked, with one of everything in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from lianfang.checkpoints.models import PaperPad, ShiftHandover
from lianfang.command.roles import ROLES
from lianfang.command.services import issue_display_token, worker_session
from lianfang.doors.guard import SIGNED_IN
from lianfang.journeys.rescreening.services import dry_run
from lianfang.kernel.days import SHANGHAI, day_of
from lianfang.kernel.reach import Reach
from lianfang.screening.services import begin, change, propose
from lianfang.situation import quality
from lianfang.situation.fold import catch_up
from lianfang.situation.models import QualityTask
from tests import factories
from tests.attacks.pages import Town
from tests.checkpoints.written import type_in
from tests.doors import stranger
from tests.doors.conftest import nobody_has_tried_yet, phone
from tests.doors.desk import City, at_desk, city
from tests.doors.test_default_deny import DESK_ROLES, PUBLIC, SAMPLES, addresses
from tests.factories import HAICHENG

QUESTION = {
    "key": "market",
    "kind": "YES_NO",
    "zh": "近14天去过集市吗",
    "en": "Been to a market?",
    "directions": ["IN"],
}
LIAONING = "210000"
AREA = {"code": "42", "level": "HIGH"}

__all__ = ["city", "nobody_has_tried_yet", "phone"]


@pytest.fixture
def officers(city: City) -> dict[str, Reach]:
    """One of each role in 海城, headquarters over everybody, at a desk."""
    return {
        role: factories.officer(role, LIAONING if role == "HEADQUARTERS" else HAICHENG, name=f"{role}某")
        for role in DESK_ROLES
    }


@pytest.fixture
def town(city: City, officers: dict[str, Reach]) -> Town:
    """A passage, one that needs clearing up by somebody, a pad with a row, a display, a shift handed over."""
    at = datetime.now(UTC)
    passage = city.register(people=2)
    factories.checkpoint("WEST")
    for device in (city.intake.device, factories.device("GATE", name="二号机")):
        city.intake.send_from(device, city.generated.parcel(city.generated.passage(checkpoint="NOWHERE")))
    _, display = issue_display_token(name="一楼大厅", lasts=timedelta(days=1), at=at)
    pads = {purpose: a_pad(city, purpose) for purpose in ("ENTRY", "PILOT")}
    type_in(officers["COUNTY_DESK"], pads["ENTRY"], 1, at=at)
    local = at.astimezone(SHANGHAI)
    row = {
        "row": 1,
        "day": local.date().isoformat(),
        "clock": f"{local:%H%M}",
        "plate": "辽C33333",
        "people": 1,
    }
    city.haicheng.post(f"/desk/transcribe/{pads['PILOT'].number}", row)
    reader = officers[role_with("VIEW_PASSAGES")]
    quality.assign(
        by=officers["COUNTY_DESK"], finding="UNKNOWN_CHECKPOINT", key=str(city.intake.device.id),
        days=quality.Days(day_of(at)), to=reader.officer_id, note="请核对", at=at,
    )  # fmt: skip
    at_desk(officers["HEADQUARTERS"]).post("/desk/checkpoints/GATE/hand-over", {"note": "交班"})
    catch_up(worker_session())
    live: dict[str, Any] = (
        SAMPLES
        | rules(officers["HEADQUARTERS"], at)
        | {
            "passage_id": passage["id"],
            "person_id": passage["people"][0]["id"],
            "device_id": city.intake.device.id,
            "display_id": display.id,
            "checkpoint": "GATE",
            "pad": pads["ENTRY"].number,
            "row": 1,
            "task_id": QualityTask.objects.get().id,
            "handover_id": ShiftHandover.objects.get().id,
            "finding": "UNKNOWN_CHECKPOINT",
            **stranger.files(at),
            "order_id": (order_id := stranger.observed(at)),
            "follow_up_id": stranger.followed_up(order_id, at),
            "facility_id": stranger.facility(at),
            **stranger.duty(at),
            **stranger.responsible(at),
            **_handed_over(city, officers["COUNTY_DESK"], at),
            "robot_id": stranger.robot(at),
            "alias_id": stranger.alias(at),
            "place_notice_id": stranger.place_notice(at),
            "village_id": stranger.village(at),
        }
    )
    clients = {role: at_desk(reach) for role, reach in officers.items()}
    there = [(role, address) for _, address, role in street(live)]
    # Whoever stands in a duty plan opens these pages; whoever keeps it finds the forms on them.
    kept = [("COUNTY_DESK", address) for _, address in there if address.startswith("/desk/duty")]
    return Town(clients, live, kept + there)


def _handed_over(city: City, desk: Reach, at: datetime) -> dict[str, Any]:
    referral, event, waiting = stranger.handed_over(city, desk.officer_id, at)
    return {"referral_id": referral.id, "event_id": event, "waiting_id": waiting}


def rules(headquarters: Reach, at: datetime) -> dict[str, Any]:
    """A draft with a question, one that another officer proposed, and a re-screening that waits for its numbers."""
    draft = begin(by=headquarters, at=at, from_="basic")
    change(
        by=headquarters,
        at=at,
        id=draft.id,
        revision=draft.revision,
        content={**draft.content, "questions": [QUESTION], "areas": [AREA]},
    )
    other = factories.officer("HEADQUARTERS", LIAONING, name="复核某")
    propose(by=other, at=at, id=begin(by=other, at=at, from_="basic").id, days=7, reason="试算无误")
    asked = dry_run(by=headquarters, at=at, since=day_of(at), until=day_of(at))
    return {"draft_id": draft.id, "rescreening_id": asked.id}


def role_for(pattern: URLPattern) -> str:
    """A role that may open the address; anybody's, for what is public."""
    access = getattr(pattern.callback, "access", "")
    if access in (SIGNED_IN, "public"):
        return "HEADQUARTERS"
    return role_with(access)


def role_with(permission: str) -> str:
    return next(role for role in DESK_ROLES if permission in ROLES[role].permissions)


def a_pad(city: City, purpose: str) -> PaperPad:
    city.haicheng.post("/desk/paper", {"checkpoint": "GATE", "purpose": purpose, "rows": 40})
    return PaperPad.objects.get(purpose=purpose)


def street(live: dict[str, Any], *, public: bool = True) -> list[tuple[URLPattern, str, str]]:
    """Every address, as somebody finds it there, and a role that may open it."""
    return [
        (pattern, reverse(str(pattern.name), kwargs={name: live[name] for name in pattern.pattern.converters}),
         role_for(pattern))
        for pattern in addresses()
        if public or pattern.name not in PUBLIC
    ]  # fmt: skip
