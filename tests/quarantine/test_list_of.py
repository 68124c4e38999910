"""On which list somebody stands: a table that PostgreSQL and the grid worker's phone decide too (phone/tests/gridObserved.test.ts)."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from lianfang.kernel.days import SHANGHAI, day_of
from lianfang.kernel.reach import reach
from lianfang.quarantine.models import CheckIn, QuarantineOrder
from lianfang.quarantine.queries.lists import work_list
from lianfang.quarantine.rules import SHIPPED, Half, HalfDay, Reported, WorkList, list_of
from tests.quarantine.ward import Ward

CASES = json.loads((Path(__file__).parent / "lists.json").read_text(encoding="utf-8"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_everybody_observed_stands_on_one_list(case: dict[str, Any]) -> None:
    reports = [
        Reported(HalfDay(date.fromisoformat(day), Half(half)), verdict)
        for day, half, verdict, _ in case["reports"]
    ]
    found = list_of(
        observed_from=moment(case["from"]), reports=reports, to_clinic=case.get("clinic", False), at=moment(case["at"]), by=SHIPPED,
    )  # fmt: skip
    assert found == case["list"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_postgresql_answers_by_the_same_table(ward: Ward, case: dict[str, Any]) -> None:
    since, at = moment(case["from"]), moment(case["at"])
    one = ward.in_place(at=since, day0=day_of(since))
    QuarantineOrder.objects.using("owner").filter(pk=one.pk).update(day0_on=date.fromisoformat(case["day0"]))
    CheckIn.objects.using("owner").bulk_create(
        CheckIn(
            order_id=one.id, on_day=date.fromisoformat(day), half=half, symptoms=[], by="SELF", verdict=verdict,
            thresholds="t" * 64, occurred_at=moment(said), received_at=moment(said), jurisdiction=one.jurisdiction,
        )
        for day, half, verdict, said in case["reports"]
    )  # fmt: skip
    if case.get("clinic"):
        ward.followed(one, "CLINIC", since)
    with reach(ward.desk) as seen:
        assert [which for which in WorkList if work_list(seen, at, which=which)] == [case["list"]]
