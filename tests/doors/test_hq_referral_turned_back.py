"""Turned back, somebody is still handed over until the background program has read it: pages say so, and none breaks."""

from typing import Any

import pytest
from django.db import connections

from lianfang.checkpoints.models import Registration
from lianfang.journeys.referring import refer_all
from tests.doors.desk import text
from tests.doors.handed import VILLAGE, Handed, act, address_of, handed, stands  # noqa: F401 -- a fixture

TURNED_BACK = """
INSERT INTO turn_back (registration_id, verdict, reason, decided_by, decided_at, jurisdiction)
SELECT r.id, 'TURNED_BACK', '无事由', o.id, now(), r.jurisdiction FROM registration r, (SELECT id FROM officer LIMIT 1) o
WHERE r.id = %s
"""
ACTS: list[tuple[str, dict[str, str]]] = [
    ("answer", {"kind": "ACCEPTED"}),
    ("answer", {"kind": "ARRIVED"}),
    ("move", {"kind": "MOVED_ON", "division": "210381101201"}),
    ("withdraw", {"note": "已劝返"}),
]


@pytest.mark.parametrize(("what", "said"), ACTS)
def test_before_it_was_read_acts_count_and_afterwards_they_are_told(
    handed: Handed, what: str, said: dict[str, Any]  # noqa: F811
) -> None:  # fmt: skip
    one, desk = handed.one(), handed.city.township
    with connections["owner"].cursor() as cursor:
        cursor.execute(TURNED_BACK, [one.registration_id])
    passage = Registration.objects.using("owner").get(pk=one.registration_id).passage_id
    pages = (address_of(one), "/desk/referrals", "/desk", f"/desk/referrals/sheet?division={VILLAGE}")
    assert {handed.city.haicheng.get(f"/desk/passages/{passage}").status_code} == {200}
    assert {desk.get(page).status_code for page in pages} == {200}
    assert act(desk, one, what, **said).status_code == 302
    refer_all(handed.worker)
    assert stands(one).state in ("WITHDRAWN", "MOVED_ON")
    assert {desk.get(page).status_code for page in pages} == {200}
    answered = act(desk, one, "answer", kind="NOT_HERE")
    assert answered.status_code == 409
    assert "已经有了别的答复" in text(answered)
