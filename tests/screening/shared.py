"""The cases that Python, the phone and the database all read: {"sets": {name: {hash, …content}}, "cases": […]}."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from lianfang.checkpoints.intake.people import read_person
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


def facts_of(case: dict[str, Any]) -> Facts:
    """The facts of a person as the intake reads them."""
    on = date.fromisoformat(case["on"])
    person = msgspec.convert({"id": PERSON_ID, **case["person"]}, Person)
    read = read_person(person, on=on).facts
    return Facts(
        on=on,
        direction=case["direction"],
        transport=case.get("transport", "CAR"),
        purpose=case.get("purpose"),
        answers=read.answer_codes,
        **{name: value for name, value in read._asdict().items() if name != "answer_codes"},
    )
