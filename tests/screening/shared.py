"""The cases that Python, the phone and the database all read: {"sets": {name: {hash, …content}}, "cases": […]}."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from lianfang.checkpoints.intake.passages import PassageFacts
from lianfang.checkpoints.intake.people import PersonFacts, read_person
from lianfang.checkpoints.intake.reception import Post
from lianfang.checkpoints.intake.shapes import Person
from lianfang.screening.facts import Facts

_SHARED = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = _SHARED["cases"]
SETS: dict[str, dict[str, Any]] = {
    name: {key: value for key, value in content.items() if key != "hash"}
    for name, content in _SHARED["sets"].items()
}
HASHES: dict[str, str] = {name: content["hash"] for name, content in _SHARED["sets"].items()}
PERSON_ID = "01a20000-0000-7000-8000-000000000002"


def person_of(case: dict[str, Any]) -> PersonFacts:
    """The person as the intake reads what was sent."""
    person = msgspec.convert({"id": PERSON_ID, **case["person"]}, Person)
    return read_person(person, on=date.fromisoformat(case["on"])).facts


def passage_of(case: dict[str, Any]) -> PassageFacts:
    """The passage the person came with; a case that says nothing of it came by car, for a purpose nobody said."""
    return PassageFacts(
        post=Post("GATE", 210381),
        direction=case["direction"],
        transport=case.get("transport", "CAR"),
        purpose=case.get("purpose"),
        source="DEVICE",
        plate_key=None,
        flags=(),
    )


def facts_of(case: dict[str, Any]) -> Facts:
    """What the rules are asked about: the passage's facts and the person's."""
    passage, person = passage_of(case), person_of(case)._asdict()
    return Facts(
        on=date.fromisoformat(case["on"]),
        direction=passage.direction,
        transport=passage.transport,
        purpose=passage.purpose,
        answers=person.pop("answer_codes"),
        **person,
    )
