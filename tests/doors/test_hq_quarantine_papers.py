"""What is printed of an order: the slip with the household's code, and the certificate at the end."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from lianfang.command.models import ResponsiblePerson
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.tokens import hashed
from lianfang.people.facts import DoorTold
from lianfang.people.services import Door, join, open_households
from lianfang.quarantine.models import CheckInLink
from tests.doors.desk import text
from tests.doors.handed import OTHER_VILLAGE, VILLAGE, handed  # noqa: F401 -- a fixture
from tests.doors.observed import Observed, act, address_of, change, done, observed, stands  # noqa: F401 -- a fixture

DAY = timedelta(days=1)
_LINK = re.compile(r'class="slip__link">https://[^/]+/k/#(k_[\w-]+)<')


def token_on(page: str) -> str:
    found = _LINK.search(page)
    assert found, page
    return found[1]


def responsible() -> None:
    lo, hi = span(VILLAGE)
    at = datetime.now(UTC) - DAY
    ResponsiblePerson.objects.create(
        division=VILLAGE, lo=lo, hi=hi, level="VILLAGE", kind="PRINCIPAL", name="责任书记", phone="04123220120", from_at=at,
        acknowledged_at=at,
    )  # fmt: skip


def test_a_slip_says_all_that_a_household_needs_to_know(observed: Observed) -> None:  # noqa: F811
    responsible()
    mother, child = observed.family(2, name="欧阳小明")
    page = text(act(observed.city.township, mother, "slip", orders=[str(mother.id), str(child.id)]))
    last = mother.last_on
    for word in (
        "①", "②", "欧阳小明", mother.shown_number, child.shown_number, f"{last.month}月{last.day}日 24:00（第 14 天）",
        "责任书记", "04123220120", "24 小时内", "发热门诊", "检测结果阴性，不提前解除", "体温 37.3 ℃ 及以上", "data:image/svg+xml", "本人（代收人）签字",
    ):  # fmt: skip
        assert word in page, word
    assert "13900" not in page.replace("04123220120", "")  # nobody's number but the responsible one's


def test_why_is_said_in_the_words_of_the_rule(observed: Observed) -> None:  # noqa: F811
    one = observed.one()
    order = text(observed.city.township.get(address_of(one)))
    said = re.search(r"<dt>筛查规则</dt><dd>([^<]+?) <span", order)
    assert said
    assert len(said[1]) > 5
    assert said[1] in text(act(observed.city.township, one, "slip", orders=[str(one.id)]))


def test_its_code_answers_for_the_household_and_the_one_before_no_more(observed: Observed) -> None:  # noqa: F811
    mother, child = observed.family(2)
    first = token_on(
        text(act(observed.city.township, mother, "slip", orders=[str(child.id), str(mother.id)]))
    )
    second = token_on(text(act(observed.city.township, mother, "slip", orders=[str(mother.id)])))
    links = {bytes(one.token_hash): one for one in CheckInLink.objects.using("owner").all()}
    assert links[hashed(first)].orders == [mother.id, child.id]  # as they stand on the slip
    assert links[hashed(first)].revoked_at is not None
    assert (links[hashed(second)].orders, links[hashed(second)].revoked_at) == ([mother.id], None)
    assert done(mother) == ["ORDERED", "SLIP_PRINTED", "SLIP_PRINTED"]
    assert done(child) == ["ORDERED", "SLIP_PRINTED"]


def test_printed_is_not_handed_over(observed: Observed) -> None:  # noqa: F811
    one = observed.one()
    act(observed.city.township, one, "slip", orders=[str(one.id)])
    assert (stands(one).state, stands(one).notified_at) == ("ORDERED", None)
    entry = AuditEntry.objects.using("owner").get(act="SLIP_PRINTED")
    assert entry.subject == f"QUARANTINE_ORDER {one.id}"


def test_sent_twice_it_is_not_printed_with_a_second_code(observed: Observed) -> None:  # noqa: F811
    one, id = observed.one(), uuid7()
    first = act(observed.city.township, one, "slip", id=id, orders=[str(one.id)])
    second = act(observed.city.township, one, "slip", id=id, orders=[str(one.id)])
    assert (first.status_code, second.status_code) == (200, 409)
    assert "已经打印过" in text(second)
    assert CheckInLink.objects.using("owner").filter(revoked_at=None).count() == 1


def test_it_offers_who_came_in_the_same_car_for_the_same_place_and_who_lives_there(
    observed: Observed,  # noqa: F811
) -> None:
    mother, child = observed.family(2)
    other = observed.one(destination=OTHER_VILLAGE)
    grandmother = observed.one()
    (door,) = open_households(
        by=observed.desk, at=datetime.now(UTC), doors=[Door(VILLAGE, DoorTold(address="孤山街9号"))]
    )
    for who in (mother, grandmother):
        join(by=observed.desk, at=datetime.now(UTC), person=who.person_id, household=door.id, relation="HEAD")
    page = text(observed.city.haicheng.get(f"{address_of(mother)}/slip"))
    offered = re.findall(r'name="orders" value="([^"]+)"', page)
    assert offered[0] == str(mother.id)
    assert set(offered) == {str(mother.id), str(child.id), str(grandmother.id)}
    assert str(other.id) not in offered
    stranger = act(observed.city.haicheng, mother, "slip", orders=[str(other.id)])
    assert stranger.status_code == 400
    assert act(observed.city.haicheng, mother, "slip").status_code == 400
    assert done(other) == ["ORDERED"]


def test_an_order_that_has_ended_has_no_slip(observed: Observed) -> None:  # noqa: F811
    one = observed.one()
    change(one, state="LIFTED", ended_at=datetime.now(UTC))
    response = act(observed.city.township, one, "slip", orders=[str(one.id)])
    assert response.status_code == 409
    assert not CheckInLink.objects.using("owner").exists()


@pytest.mark.parametrize("state", ["ORDERED", "NOTIFIED", "LIFTED"])
def test_nobody_has_a_certificate_who_was_not_released(observed: Observed, state: str) -> None:  # noqa: F811
    one = observed.one()
    change(one, state=state, ended_at=datetime.now(UTC) if state == "LIFTED" else None)
    assert "打印解除证明" not in text(observed.city.haicheng.get(address_of(one)))
    response = act(observed.city.haicheng, one, "certificate")
    assert response.status_code == 409
    assert "还没有解除隔离" in text(response)
    assert not AuditEntry.objects.using("owner").filter(act="CERTIFICATE_PRINTED").exists()


def test_whoever_was_released_has_a_certificate(observed: Observed) -> None:  # noqa: F811
    one, at = observed.one(name="欧阳小明"), datetime.now(UTC)
    first = day_of(at) - 15 * DAY
    change(one, state="RELEASED", day0_on=first, last_on=first + 14 * DAY, ended_at=at)
    assert "打印解除证明" in text(observed.city.haicheng.get(address_of(one)))
    page = text(act(observed.city.haicheng, one, "certificate"))
    for word in (
        "欧阳小明",
        stands(one).shown_number,
        "满 14 天，现予解除",
        f"{first.month}月{first.day}日（第 0 天）",
    ):
        assert word in page, word
    (entry,) = AuditEntry.objects.using("owner").filter(act="CERTIFICATE_PRINTED")
    assert entry.subject == f"QUARANTINE_ORDER {one.id}"
    assert entry.details["reference"] in page
