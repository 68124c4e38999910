"""Somebody who is nobody, as facts: a worked case of a rule set, or a person tried out at the desk.

What is said is read as the intake reads it; nothing is stored.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from lianfang.checkpoints.intake.people import PersonFacts, read_person
from lianfang.checkpoints.intake.shapes import Person
from lianfang.screening.facts import Facts

NOBODY = UUID(int=0)


def facts_of_case(case: Mapping[str, Any]) -> Facts:
    """The facts of {on, direction, transport?, purpose?, person}, `person` as a phone sends it."""
    on = date.fromisoformat(case["on"])
    person = msgspec.convert({"id": NOBODY, **case["person"]}, Person)
    return facts_on(
        read_person(person, on=on).facts,
        on=on,
        direction=case["direction"],
        transport=case.get("transport"),
        purpose=case.get("purpose"),
    )


def facts_on(
    person: PersonFacts, *, on: date, direction: str, transport: str | None, purpose: str | None
) -> Facts:
    said = person._asdict()
    answers = said.pop("answer_codes")
    return Facts(on=on, direction=direction, transport=transport, purpose=purpose, answers=answers, **said)
