"""On which list somebody stands: a table that the grid worker's phone decides too (phone/tests/gridObserved.test.ts)."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from lianfang.kernel.days import SHANGHAI
from lianfang.quarantine.rules import SHIPPED, Half, HalfDay, Reported, list_of

CASES = json.loads((Path(__file__).parent / "lists.json").read_text(encoding="utf-8"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_everybody_observed_stands_on_one_list(case: dict[str, Any]) -> None:
    reports = [
        Reported(HalfDay(date.fromisoformat(day), Half(half)), verdict, moment(at))
        for day, half, verdict, at in case["reports"]
    ]
    found = list_of(
        observed_from=moment(case["from"]), day0=date.fromisoformat(case["day0"]), reports=reports,
        to_clinic=case.get("clinic", False), at=moment(case["at"]), by=SHIPPED,
    )  # fmt: skip
    assert found == case["list"]
