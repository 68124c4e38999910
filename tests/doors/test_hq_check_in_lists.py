"""The one number and the work lists at the desk: who sees whom, how much of him, and what came of a call or a visit."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lianfang.command.roles import ROLES
from lianfang.journeys.observing.keeping_up import keep_up
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.quarantine.following import last_passed
from lianfang.quarantine.models import CheckIn, FollowUp, QuarantineOrder
from lianfang.quarantine.rules import SHIPPED, half_day
from lianfang.quarantine.services import release
from tests import factories
from tests.doors.desk import at_desk, text
from tests.factories import HAICHENG, XIUYAN
from tests.people.town import GRID, OTHER_GRID, own_keys, town  # noqa: F401 -- fixtures
from tests.quarantine.test_lists import reported
from tests.quarantine.ward import Ward, ward  # noqa: F401 -- a fixture

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGES = ("number", "calls", "visits", "symptomatic", "supervision")
SEES = {"HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK"}


def page(name: str) -> str:
    return f"/desk/quarantine/{name}"


def silent(
    ward: Ward,  # noqa: F811
    at: datetime,
    halves: int,
    *,
    name: str = "欧阳小明",
    division: str = GRID,
) -> QuarantineOrder:
    """In place since before so many deadlines and never heard of; asked after by now."""
    since = SHIPPED.deadline(last_passed(at, SHIPPED)[halves - 1]) - HOUR
    person = ward.person(name=name, phone="13900001234")
    one = ward.in_place(person=person, at=since, day0=day_of(since), division=division)
    keep_up(ward.town.worker, at=at)
    return one


def asked(one: QuarantineOrder, kind: str) -> FollowUp:
    return FollowUp.objects.using("owner").get(order_id=one.id, kind=kind, closed_at=None)


def close(client: Client, one: FollowUp, **said: str) -> object:
    return client.post(page(f"follow-ups/{one.id}/close"), said)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
def test_desks_of_the_place_see_them_and_nobody_else(ward: Ward, role: str) -> None:  # noqa: F811
    client = at_desk(factories.officer(role, HAICHENG))
    answers = {client.get(page(name)).status_code for name in PAGES}
    assert answers == ({200} if role in SEES else {403})


def test_the_number_says_as_of_when_and_names_masked_whom_it_misses(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
) -> None:
    this = half_day(at)
    since = this.before.before.begins
    people = [
        ward.in_place(person=ward.person(name="欧阳小明", phone="13900001234"), at=since, day0=day_of(since))
        for _ in range(3)
    ]
    reported(people[0], this.day, this.half)
    told = text(desk.get(page("number")))
    for word in (
        "已报 / 应报",
        "截至",
        'data-testid="checked-in">1<',
        "欧阳**",
        'data-testid="observed">3<',
        "孤山镇",
    ):
        assert word in told, word
    for secret in ("小明", "13900001234"):
        assert secret not in told
    assert told.count("欧阳**") == 2
    (entry,) = AuditEntry.objects.using("owner").filter(act="LIST_READ", details__page="check-ins")
    assert (entry.count, entry.details["list"]) == (2, "NEITHER")
    done = text(desk.get(page("number"), {"list": "DONE"}))
    assert done.count("欧阳**") == 1


@pytest.mark.parametrize(
    "asked_for", ["?list=NOBODY&division=1&after=x", "?after=9_zz", "?list=DONE&after=0_" + "0" * 36]
)
def test_what_cannot_be_read_in_the_address_is_not_asked_for(
    ward: Ward,  # noqa: F811
    desk: Client,
    asked_for: str,
) -> None:
    assert desk.get(page("number") + asked_for).status_code == 200


def test_the_next_county_sees_nobody(ward: Ward, at: datetime) -> None:  # noqa: F811
    one = silent(ward, at, 2)
    stranger = at_desk(factories.officer("COUNTY_DESK", XIUYAN))
    for name in PAGES:
        assert "欧阳" not in text(stranger.get(page(name)))
    answer = close(stranger, asked(one, "CALL"), outcome="WELL")
    assert answer.status_code == 404  # type: ignore[attr-defined]
    assert stranger.get(page(f"{one.id}/check-in")).status_code == 404


def test_a_call_is_listed_masked_and_what_came_of_it_is_written_once(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
) -> None:
    call = asked(silent(ward, at, 2), "CALL")
    told = text(desk.get(page("calls")))
    assert "欧阳**" in told
    assert "13900001234" not in told
    answer = desk.post(
        page(f"follow-ups/{call.id}/close"), {"outcome": "NO_ANSWER", "note": "手机关机"}, follow=True
    )
    assert "已记下：没有人接。" in text(answer)
    assert "手机关机" in text(desk.get(page(str(call.order_id))))
    again = close(desk, call, outcome="WELL")
    assert again.status_code == 409  # type: ignore[attr-defined]
    assert "这件已经有结果了" in text(again)  # type: ignore[arg-type]
    assert "没有要打电话的人" in text(desk.get(page("calls")))


@pytest.mark.parametrize("said", [{}, {"outcome": "GONE"}, {"outcome": "WELL", "note": "长" * 201}])
def test_what_came_of_it_is_one_of_the_list(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
    said: dict[str, str],
) -> None:
    call = asked(silent(ward, at, 2), "CALL")
    assert close(desk, call, **said).status_code == 400  # type: ignore[attr-defined]
    assert asked(QuarantineOrder(id=call.order_id), "CALL").outcome is None


def test_the_sheet_to_telephone_by_has_numbers_and_is_noted(ward: Ward, desk: Client, at: datetime) -> None:  # noqa: F811
    silent(ward, at, 2)
    assert desk.get(page("calls/sheet")).status_code == 302
    sheet = text(desk.post(page("calls/sheet")))
    assert "欧阳小明" in sheet
    assert "13900001234" in sheet
    (entry,) = AuditEntry.objects.using("owner").filter(act="EXPORTED")
    assert (entry.count, entry.details["sheet"]) == (1, "CALLS")
    assert entry.details["reference"] in sheet


def test_whom_a_visit_did_not_find_stands_there_until_somebody_says_where_he_is(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
) -> None:
    one = silent(ward, at, 3)
    visit = asked(one, "VISIT")
    assert "欧阳**" in text(desk.get(page("visits")))
    close(desk, visit, outcome="NOT_THERE")
    told = text(desk.get(page("visits")))
    assert "上门没有见到人" in told
    ward.followed(one, "VISIT", datetime.now(UTC), "WELL")
    assert "上门没有见到人" not in text(desk.get(page("visits"))), "somebody has spoken to him since"
    FollowUp.objects.using("owner").filter(order_id=one.id, outcome="WELL").delete()
    reported(one, day_of(at), half_day(at).half, at=datetime.now(UTC))
    assert "上门没有见到人" not in text(desk.get(page("visits")))


def test_who_is_ill_stands_there_until_the_clinic_answers(ward: Ward, desk: Client, at: datetime) -> None:  # noqa: F811
    one = ward.in_place(at=at - 2 * HOUR, day0=day_of(at - 2 * HOUR))
    reported(one, day_of(at), half_day(at).half, "SYMPTOMATIC", at=at)
    keep_up(ward.town.worker, at=at)
    assert "等门诊答复" in text(desk.get(page("symptomatic")))
    close(desk, asked(one, "CLINIC"), outcome="ADMITTED")
    assert "没有在等门诊的人" in text(desk.get(page("symptomatic")))


def test_whose_fever_arrives_after_the_release_stands_there_as_released(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
) -> None:
    since = at - 16 * DAY
    one = ward.in_place(person=ward.person(name="欧阳小明"), at=since, day0=day_of(since))
    release(by=ward.desk, at=at - HOUR, id=uuid7(), order=one.id)
    before = half_day(at - 2 * HOUR)
    reported(one, before.day, before.half, "SYMPTOMATIC", at=at)
    for _ in range(2):
        keep_up(ward.town.worker, at=at)
    told = text(desk.get(page("symptomatic")))
    assert "欧阳**" in told
    assert '<span class="badge">已解除</span>' in told
    close(desk, asked(one, "CLINIC"), outcome="NOT_ILL")
    assert "没有在等门诊的人" in text(desk.get(page("symptomatic")))


def test_supervision_names_the_unit_and_no_resident(ward: Ward, desk: Client, at: datetime) -> None:  # noqa: F811
    one = silent(ward, at - 3 * DAY, 3)
    keep_up(ward.town.worker, at=at - 2 * DAY)
    assert asked(one, "VISIT").supervised_at is not None
    told = text(desk.get(page("supervision")))
    assert 'data-testid="visits-owing">1<' in told
    assert "欧阳" not in told


def test_a_report_told_on_the_telephone_is_a_report(ward: Ward, desk: Client, at: datetime) -> None:  # noqa: F811
    one = silent(ward, at, 2)
    this = half_day(at)
    form = {"id": str(uuid7(at=at)), "half": f"{this.day.isoformat()}-{this.half}", "celsius": "36.6"}
    for _ in range(2):
        answer = desk.post(page(f"{one.id}/check-in"), form, follow=True)
        assert "已登记：无异常。" in text(answer)
    report = CheckIn.objects.using("owner").get(order_id=one.id)
    assert (report.by, report.half, str(report.celsius), report.verdict) == (
        "DESK",
        this.half,
        "36.6",
        "WELL",
    )
    keep_up(ward.town.worker, at=datetime.now(UTC))
    assert "没有要打电话的人" in text(desk.get(page("calls")))


@pytest.mark.parametrize(
    "said", [{}, {"celsius": "366"}, {"symptoms": "GLOW"}, {"half": "2020-01-01-MORNING", "celsius": "36"}]
)
def test_a_report_that_says_nothing_is_not_taken(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
    said: dict[str, str],
) -> None:
    one = silent(ward, at, 2)
    this = half_day(at)
    form = {"id": str(uuid7(at=at)), "half": f"{this.day.isoformat()}-{this.half}", **said}
    assert desk.post(page(f"{one.id}/check-in"), form).status_code == 400
    assert not CheckIn.objects.using("owner").exists()


def test_my_work_counts_what_is_open(ward: Ward, desk: Client, at: datetime) -> None:  # noqa: F811
    silent(ward, at, 2)
    told = text(desk.get("/desk"))
    for word in ("隔离观察和打卡", "要打电话问询", "这半天已报 / 应报"):
        assert word in told, word
