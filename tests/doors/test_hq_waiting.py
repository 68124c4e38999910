"""What waits for a second officer stands where he lands; whoever adds an area is led from the map to the draft."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.screening.models import RuleDraft
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.doors.test_hq_rescreenings import Desks, add_area, desks
from tests.factories import HAICHENG

WORK = "/desk"
HINT = 'data-testid="rescreening-suggested"'
WAITS = 'data-testid="rescreenings-waiting"'
__all__ = ["desks"]


def proposed(desks: Desks, reason: str = "锦指发 2 号") -> str:
    """The address of a draft that waits for approval, made from what is in force."""
    address = desks.first.post("/desk/areas/begin")["Location"]
    draft = str(address).removesuffix("/areas")
    answer = desks.first.post(f"{draft}/propose", {"days": "14", "reason": reason})
    assert answer.status_code == 302, text(answer)
    return draft


def test_rules_that_wait_stand_where_the_second_officer_lands(desks: Desks) -> None:
    assert "等待批准" not in text(desks.second.get(WORK))
    draft = proposed(desks)
    page = text(desks.second.get(WORK))
    assert f'href="{draft}"' in page
    assert "对照、批准或退回" in page
    own = text(desks.first.get(WORK))
    assert "等另一位值班员" in own
    assert "对照、批准或退回" not in own
    desks.second.post(f"{draft}/refuse", {"answer": "写明文号"})
    assert "等待批准" not in text(desks.second.get(WORK))


def test_a_re_screening_that_waits_stands_there_too(desks: Desks) -> None:
    desks.arrive()
    add_area()
    address = desks.counted()
    assert WAITS not in text(desks.second.get(WORK))
    desks.first.post(f"{address}/propose", {"reason": "温州列为重点地区"})
    page = text(desks.second.get(WORK)).partition(WAITS)[2]
    assert f'href="{address}"' in page
    assert "要增加或加严 1 人次" in page
    assert "看数字、批准或退回" in page
    assert "看数字、批准或退回" not in text(desks.first.get(WORK))
    desks.second.post(f"{address}/approve")
    assert WAITS not in text(desks.second.get(WORK))


def test_the_county_is_not_asked_to_approve(desks: Desks) -> None:
    proposed(desks)
    page = text(desks.city.haicheng.get(WORK))
    assert "等待批准" not in page
    assert HINT not in page


def test_one_that_waits_or_three_ask_as_often(desks: Desks) -> None:
    asked = []
    for more in (1, 2):
        for n in range(more):
            proposed(desks, f"第 {n} 号")
        desks.second.get(WORK)
        with CaptureQueriesContext(connection) as counted:
            desks.second.get(WORK)
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_that_areas_were_added_is_told_on_my_work_on_the_map_and_on_the_approved_draft(desks: Desks) -> None:
    desks.arrive()
    draft = proposed(desks)
    desks.second.post(f"{draft}/approve", {})
    add_area()
    for address in (WORK, "/desk/areas", draft):
        assert HINT in text(desks.second.get(address)), address
    assert HINT not in text(desks.city.haicheng.get("/desk/areas"))


def test_numbers_that_say_nobody_is_concerned_settle_it(desks: Desks) -> None:
    desks.arrive(from_code="210100")
    add_area()
    day = factories.today()
    desks.first.post("/desk/rescreenings", {"since": str(day), "until": str(day)})
    desks.work()
    assert HINT in text(desks.first.get(WORK)), "a day is not all the days that it may concern"
    desks.first.post("/desk/rescreenings", {"since": str(day - timedelta(days=20)), "until": str(day)})
    desks.work()
    assert HINT not in text(desks.first.get(WORK))


def test_numbers_that_say_somebody_is_concerned_do_not(desks: Desks) -> None:
    desks.arrive()
    add_area()
    day = factories.today()
    desks.first.post("/desk/rescreenings", {"since": str(day - timedelta(days=20)), "until": str(day)})
    desks.work()
    assert HINT in text(desks.first.get(WORK))


def test_from_the_map_one_begins_a_draft_at_its_areas(city: City) -> None:
    assert 'data-testid="begin-areas"' in text(city.headquarters.get("/desk/areas"))
    address = city.headquarters.post("/desk/areas/begin")["Location"]
    draft = RuleDraft.objects.using("owner").get()
    assert address == f"/desk/rules/drafts/{draft.id}/areas"
    assert draft.content["areas"]
    assert "420000" in text(city.headquarters.get(address)) or "湖北省" in text(
        city.headquarters.get(address)
    )


@pytest.mark.parametrize("role", ["COUNTY_DESK", "TOWNSHIP_DESK", "CHECKPOINT_LEAD", "AUDITOR", "WALL"])
def test_nobody_else_is_offered_a_draft_nor_begins_one(city: City, role: str) -> None:
    client = at_desk(factories.officer(role, HAICHENG))
    page = client.get("/desk/areas")
    assert page.status_code == 403 or 'data-testid="begin-areas"' not in text(page)
    assert client.post("/desk/areas/begin").status_code == 403
    assert not RuleDraft.objects.using("owner").exists()


def test_whoever_is_signed_out_begins_nothing() -> None:
    assert Client().post("/desk/areas/begin").status_code == 302
