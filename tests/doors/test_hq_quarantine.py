"""The lists of quarantine and one order at the desk: who sees whom, how much of him, and what may be done about it."""

from datetime import UTC, datetime, timedelta

import pytest

from lianfang.command.roles import ROLES
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.quarantine.models import CareNeed, CheckIn, QuarantineReason
from lianfang.quarantine.queries import orders as asked
from lianfang.quarantine.rules import half_day
from lianfang.quarantine.services import put_in_place
from tests import factories
from tests.doors.desk import at_desk, text
from tests.doors.handed import handed  # noqa: F401 -- a fixture
from tests.doors.observed import (
    NOBODY,
    PAGE,
    Observed,
    act,
    address_of,
    change,
    counts,
    done,
    observed,  # noqa: F401 -- a fixture
    stands,
)
from tests.factories import HAICHENG
from tests.quarantine.ward import GRANDSON, NOBODY_DEPENDS

DAY = timedelta(days=1)
SEES = {"HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK"}


def test_whoever_was_ordered_is_listed_masked(observed: Observed) -> None:  # noqa: F811
    one = observed.one(name="欧阳小明", phone="13900001234")
    page = text(observed.city.township.get(PAGE))
    for word in ("欧阳**", "居家隔离", "大孤山村", "第 0 天 / 14", "没有责任人", address_of(one)):
        assert word in page, word
    for secret in ("小明", "13900001234", "东区", "3号楼"):
        assert secret not in page
    assert counts(page)["TO_TELL"] == "1"
    (entry,) = AuditEntry.objects.using("owner").filter(act="LIST_READ", details__page="orders")
    assert (entry.details["list"], entry.count) == ("TO_TELL", 1)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
def test_desks_of_the_place_see_it_and_nobody_else(observed: Observed, role: str) -> None:  # noqa: F811
    one = observed.one()
    client = at_desk(factories.officer(role, HAICHENG))
    answers = {client.get(page).status_code for page in (PAGE, address_of(one))}
    assert answers == ({200} if role in SEES else {403})


def test_the_next_county_is_told_that_there_is_none(observed: Observed) -> None:  # noqa: F811
    one = observed.one(name="欧阳小明")
    assert observed.city.xiuyan.get(address_of(one)).status_code == 404
    page = text(observed.city.xiuyan.get(PAGE))
    assert "这份名单上没有人" in page
    assert counts(page)["TO_TELL"] == "0"
    for what, said in (
        ("answer", {"kind": "NOTIFIED"}),
        ("care", {"kind": "IN_PLACE", **NOBODY}),
        ("certificate", {}),
    ):
        assert act(observed.city.xiuyan, one, what, **said).status_code == 404
    assert act(observed.city.xiuyan, one, "slip", orders=[str(one.id)]).status_code == 404
    assert done(one) == ["ORDERED"]


@pytest.mark.parametrize("over", [False, True])
def test_fever_is_taken_down_at_the_desk_until_he_is_released(observed: Observed, over: bool) -> None:  # noqa: F811
    one, today = observed.one(), day_of(datetime.now(UTC))
    if over:
        change(one, day0_on=today - 15 * DAY, last_on=today - DAY)
    form = f"{address_of(one)}/check-in"
    assert f'href="{form}"' in text(observed.city.township.get(address_of(one)))
    this = half_day(datetime.now(UTC))
    told = {"id": str(uuid7()), "half": f"{this.day}-{this.half}", "celsius": "38.5"}
    assert observed.city.township.post(form, told).status_code == 302
    assert [row.verdict for row in CheckIn.objects.using("owner").filter(order_id=one.id)] == ["SYMPTOMATIC"]
    change(one, state="LIFTED", ended_at=datetime.now(UTC))
    assert f'href="{form}"' not in text(observed.city.township.get(address_of(one)))


def test_every_count_opens_to_its_list(observed: Observed) -> None:  # noqa: F811
    now, today = datetime.now(UTC), day_of(datetime.now(UTC))
    placed = {"dependants": "NO", "in_place_at": now, "observed_from": now}
    told, in_place, left, over, cared, released, _ordered = observed.family(7)
    change(told, state="NOTIFIED")
    change(in_place, state="IN_PLACE", **placed)
    change(left, state="BROKEN", **placed)
    change(over, state="IN_PLACE", day0_on=today - 15 * DAY, last_on=today - DAY, **placed)
    change(released, state="RELEASED", day0_on=today - 15 * DAY, last_on=today - DAY, ended_at=now)
    put_in_place(by=observed.desk, at=now, id=uuid7(), order=cared.id)  # nobody asked: a task stands
    page = text(observed.city.haicheng.get(PAGE))
    assert counts(page) == {
        "TO_TELL": "2", "TOLD": "1", "IN_PLACE": "1", "LEFT": "1", "TO_RELEASE": "1", "CARE": "1", "ENDED": "1",
    }  # fmt: skip
    for name, people in counts(page).items():
        listed = text(observed.city.haicheng.get(f"{PAGE}?list={name}"))
        assert listed.count("data-row href") == int(people), name
    assert "照料未落实" in text(observed.city.haicheng.get(f"{PAGE}?list=CARE"))


def test_a_long_list_goes_on_and_loses_nobody(observed: Observed, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(asked, "PAGE", 2)
    family = observed.family(5)
    seen: list[str] = []
    address = PAGE
    for _ in range(3):
        page = text(observed.city.haicheng.get(address))
        seen += [str(one.id) for one in family if address_of(one) in page]
        following = page.partition('rel="next" href="')[2].partition('"')[0]
        address = PAGE + following.replace("&amp;", "&") if following else ""
    assert sorted(seen) == sorted(str(one.id) for one in family)
    assert address == ""


@pytest.mark.parametrize(
    "after", ["x", "2020-02-30_" + "0" * 36, "9" * 40, "2020-02-31_01a20000-0000-7000-8000-000000000001"]
)
def test_a_made_up_place_in_the_list_is_its_beginning(observed: Observed, after: str) -> None:  # noqa: F811
    one = observed.one()
    assert address_of(one) in text(observed.city.haicheng.get(PAGE, {"after": after, "division": "x"}))
    assert observed.city.haicheng.get(PAGE, {"after": after, "list": "ENDED"}).status_code == 200


def test_an_order_says_who_why_and_until_when(observed: Observed) -> None:  # noqa: F811
    one = observed.one(name="欧阳小明", phone="13900001234")
    page = text(observed.city.haicheng.get(address_of(one)))
    for word in ("欧阳小明", "139****1234", one.shown_number, "筛查规则", "居家隔离", "看移交", "待送达"):
        assert word in page, word
    assert "13900001234" not in page
    assert (
        AuditEntry.objects.using("owner")
        .filter(act="FILE_READ", subject=f"QUARANTINE_ORDER {one.id}")
        .count()
        == 1
    )


def test_all_of_him_is_shown_for_a_purpose_that_is_noted(observed: Observed) -> None:  # noqa: F811
    one = observed.one(phone="13900001234")
    put_in_place(by=observed.desk, at=datetime.now(UTC), id=uuid7(), order=one.id, answers=GRANDSON)
    masked = text(observed.city.haicheng.get(address_of(one)))
    assert "13900000001" not in masked
    assert "139****0001" in masked
    response = act(observed.city.haicheng, one, "unmask", purpose="INVESTIGATION")
    page = text(response)
    for word in ("13900001234", "13900000001", "邻居王婶", "东区3号楼2单元"):
        assert word in page, word
    assert response.headers["Refresh"].endswith(address_of(one))
    (entry,) = AuditEntry.objects.using("owner").filter(act="UNMASKED")
    assert (entry.subject, entry.purpose) == (f"QUARANTINE_ORDER {one.id}", "INVESTIGATION")
    assert act(observed.city.haicheng, one, "unmask", purpose="").status_code == 400


def test_told_in_place_and_gone_are_three_taps(observed: Observed) -> None:  # noqa: F811
    one, client = observed.one(), observed.city.township
    id = uuid7()
    for _ in range(2):
        assert act(client, one, "answer", id=id, kind="NOTIFIED").status_code == 302
    assert stands(one).state == "NOTIFIED"
    act(client, one, "care", kind="IN_PLACE", **NOBODY)
    assert stands(one).state == "IN_PLACE"
    act(client, one, "answer", kind="BROKEN", note="去了超市")
    assert stands(one).state == "BROKEN"
    assert done(one) == ["ORDERED", "NOTIFIED", "IN_PLACE", "BROKEN"]
    page = text(client.get(address_of(one)))
    assert "去了超市" in page


def test_nobody_is_in_place_while_a_dependant_has_no_carer(observed: Observed) -> None:  # noqa: F811
    one, client = observed.one(), observed.city.township
    child = {"DEPENDANTS-answer": "YES", "DEPENDANTS-need": "三岁的孙子"}
    response = client.post(
        f"{address_of(one)}/care", {"id": str(uuid7()), "kind": "IN_PLACE", **child}, follow=True
    )
    page = text(response)
    assert "还不能记为到位" in page
    assert "没有人照料" in page
    assert stands(one).state == "ORDERED"
    act(
        client,
        one,
        "care",
        kind="IN_PLACE",
        **child,
        **{"DEPENDANTS-carer": "邻居王婶", "DEPENDANTS-phone": "13900000001"},
    )
    assert stands(one).state == "IN_PLACE"
    act(client, one, "care/settle", care="DEPENDANTS")
    assert CareNeed.objects.using("owner").get().settled_at is not None


def test_what_cannot_be_done_is_told_on_the_page(observed: Observed) -> None:  # noqa: F811
    one = observed.one()
    response = act(observed.city.township, one, "answer", kind="BROKEN")
    assert response.status_code == 409
    assert "现在不能这样办理" in text(response)
    odd = act(observed.city.township, one, "reason", reason="CONTACT", day0_on="2020-02-30", days="99")
    assert odd.status_code == 400
    assert act(observed.city.township, one, "answer", kind="RELEASED").status_code == 400


def test_a_further_reason_makes_it_longer(observed: Observed) -> None:  # noqa: F811
    one = observed.one()
    today = day_of(datetime.now(UTC))
    act(
        observed.city.haicheng,
        one,
        "reason",
        reason="CONTACT",
        day0_on=today.isoformat(),
        days="20",
        note="同桌吃饭",
    )
    assert stands(one).last_on == today + 20 * DAY
    page = text(observed.city.haicheng.get(address_of(one)))
    assert "密切接触" in page
    assert "同桌吃饭" in page


def test_two_reports_a_day_stand_in_their_halves_the_worst_first(observed: Observed) -> None:  # noqa: F811
    one, now = observed.one(), datetime.now(UTC)
    put_in_place(by=observed.desk, at=now, id=uuid7(), order=one.id, answers=NOBODY_DEPENDS)
    for half, celsius, verdict in (
        ("MORNING", "36.5", "WELL"), ("MORNING", "38.1", "SYMPTOMATIC"), ("MORNING", "36.6", "WELL"), ("EVENING", "36.4", "WELL"),
    ):  # fmt: skip
        CheckIn.objects.using("owner").create(
            order_id=one.id, on_day=day_of(now), half=half, celsius=celsius, symptoms=[], by="SELF", verdict=verdict,
            thresholds="x", occurred_at=now, received_at=now, jurisdiction=one.jurisdiction,
        )  # fmt: skip
    page = text(observed.city.haicheng.get(address_of(one)))
    for word in ("38.1 ℃", "36.4 ℃", "3 次", "<polyline", "order-chart__point--symptomatic"):
        assert word in page, word
    assert "36.5 ℃" not in page


class TestAnOrderByHand:
    def test_somebody_is_found_by_his_number_and_ordered(self, observed: Observed) -> None:  # noqa: F811
        one = observed.handed.one(
            from_code="210100",
            temperatures=[{"celsius": 38.6, "site": "FOREHEAD", "state": "READ"}],
            phone="13900001234",
        )
        client = observed.city.haicheng
        found = text(client.post(f"{PAGE}/new", {"kind": "PHONE", "value": "13900001234"}))
        assert f"{PAGE}/new?person={one.person_id}" in found
        assert "13900001234" not in found.partition("people-found")[2]
        form = text(client.get(f"{PAGE}/new?person={one.person_id}"))
        assert "大孤山" in form
        today = day_of(datetime.now(UTC))
        said = {
            "id": str(uuid7()), "person": str(one.person_id), "division": "210381101200", "kind": "FACILITY",
            "reason": "CONTACT", "day0_on": today.isoformat(), "days": "14", "note": "",
        }  # fmt: skip
        first, again = (client.post(f"{PAGE}/new", said) for _ in range(2))
        assert first.status_code == again.status_code == 302
        assert first["Location"] == again["Location"]
        (made,) = asked.QuarantineOrder.objects.using("owner").filter(person_id=one.person_id)
        assert (made.kind, made.state, made.division, made.last_on) == (
            "FACILITY",
            "ORDERED",
            "210381101200",
            today + 14 * DAY,
        )
        assert QuarantineReason.objects.using("owner").filter(order_id=made.id).count() == 1

    def test_whoever_has_one_gets_a_further_reason(self, observed: Observed) -> None:  # noqa: F811
        one = observed.one()
        said = {
            "id": str(uuid7()), "person": str(one.person_id), "division": one.division, "kind": "HOME", "reason": "CONTACT",
            "day0_on": day_of(datetime.now(UTC)).isoformat(), "days": "21",
        }  # fmt: skip
        response = observed.city.haicheng.post(f"{PAGE}/new", said)
        assert response["Location"] == address_of(one)
        assert done(one) == ["ORDERED", "REASON_ADDED"]

    def test_nobody_is_ordered_from_a_file_of_the_next_county(self, observed: Observed) -> None:  # noqa: F811
        one = observed.one()
        assert observed.city.xiuyan.get(f"{PAGE}/new?person={one.person_id}").status_code == 404
        said = {"person": str(one.person_id), "division": "210323", "kind": "HOME", "reason": "OFFICER"}
        assert observed.city.xiuyan.post(f"{PAGE}/new", said).status_code == 404

    def test_what_is_missing_is_told_at_its_field(self, observed: Observed) -> None:  # noqa: F811
        one = observed.one()
        response = observed.city.haicheng.post(
            f"{PAGE}/new", {"person": str(one.person_id), "id": str(uuid7())}
        )
        assert response.status_code == 400
        assert "请填写日期" in text(response)


def test_his_file_and_his_referral_show_the_order(observed: Observed) -> None:  # noqa: F811
    (referral,) = observed.handed.over(1)
    observed.family(0)
    (one,) = asked.QuarantineOrder.objects.using("owner").all()
    for page in (f"/desk/people/{one.person_id}", f"/desk/referrals/{referral.id}"):
        shown = text(observed.city.haicheng.get(page))
        assert address_of(one) in shown, page
        assert one.shown_number in shown
