"""The list of what waits names the place that did not go, and nobody who waits there; it is closed from above."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.kernel.reach import reach
from lianfang.referrals.models import Referral, WaitingFact
from lianfang.referrals.services import ask_for_supervision
from tests import factories
from tests.doors.desk import at_desk, text
from tests.doors.handed import NEXT_COUNTY, OTHER_VILLAGE, Handed, act, handed  # noqa: F401 -- a fixture

WAITING = "/desk/waiting"
NAME = "钱招弟"


def overdue(handed: Handed, people: int = 1, **said: str) -> list[Referral]:  # noqa: F811
    found = handed.over(people, name=NAME, **said)
    ids = [one.pk for one in found]
    Referral.objects.using("owner").filter(pk__in=ids).update(
        city_due_at=datetime.now(UTC) - timedelta(minutes=1)
    )
    with reach(handed.worker) as worker:
        ask_for_supervision(worker=worker, at=datetime.now(UTC))
    return found


def test_the_place_stands_there_with_how_many_and_nobody_by_name(handed: Handed) -> None:  # noqa: F811
    one, *_ = overdue(handed, 3)
    page = text(handed.city.haicheng.get(WAITING))
    for word in ("孤山镇", "督查", "现在还有 3 人逾期没有接收", "最早的一件还没有接收", "已督促办理"):
        assert word in page, word
    table = page.partition('data-testid="waiting"')[2]
    for said in (NAME, "钱**", str(one.id), "已就诊"):
        assert said not in table, said
    assert "list=LATE&amp;division=210381101" in table
    assert text(handed.city.haicheng.get("/desk/referrals?list=LATE&division=210381101"))


def test_taken_over_after_all_the_page_says_so_and_the_county_closes_it(handed: Handed) -> None:  # noqa: F811
    (one,) = overdue(handed)
    act(handed.city.township, one, "answer", kind="ACCEPTED")
    page = text(handed.city.haicheng.get(WAITING))
    assert "现在没有逾期的了" in page
    assert "最早的一件" in page
    (fact,) = WaitingFact.objects.using("owner").all()
    assert handed.city.haicheng.post(f"{WAITING}/{fact.id}/accept").status_code == 302
    assert handed.city.haicheng.post(f"{WAITING}/{fact.id}/close", {"outcome": "URGED"}).status_code == 302
    assert "没有在等的事" in text(handed.city.haicheng.get(WAITING))


def test_the_unit_itself_sees_it_and_is_refused(handed: Handed) -> None:  # noqa: F811
    overdue(handed)
    (fact,) = WaitingFact.objects.using("owner").all()
    page = text(handed.city.township.get(WAITING))
    assert "由上一级办理" in page
    assert f"{WAITING}/{fact.id}" not in page
    for what in ("accept", "close"):
        refused = handed.city.township.post(f"{WAITING}/{fact.id}/{what}", {"outcome": "URGED"})
        assert refused.status_code == 403
        assert "督查由上一级办理" in text(refused)
    assert handed.city.xiuyan.post(f"{WAITING}/{fact.id}/accept").status_code == 404
    assert "没有在等的事" in text(handed.city.xiuyan.get(WAITING))


@pytest.mark.parametrize("role", ["AUDITOR", "CHECKPOINT_LEAD", "WALL"])
def test_whoever_holds_no_office_for_it_sees_nothing(handed: Handed, role: str) -> None:  # noqa: F811
    overdue(handed)
    assert at_desk(factories.officer(role, "210381")).get(WAITING).status_code == 403
    assert Client().get(WAITING).status_code == 302


def test_three_places_and_three_people_ask_as_often_as_one(handed: Handed) -> None:  # noqa: F811
    fever = [{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}]
    city, asked = handed.city.headquarters, []
    overdue(handed), handed.one(temperatures=fever)
    for more in ((), (OTHER_VILLAGE, NEXT_COUNTY)):
        for code in more:
            overdue(handed, destination=code), handed.one(temperatures=fever, destination=code)
        city.get(WAITING)
        with CaptureQueriesContext(connection) as counted:
            city.get(WAITING)
        asked.append(len(counted))
    assert asked[1] <= asked[0]
