"""The pages on which an order ends, lasts and moves; everybody who is due; places of quarantine with their beds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from lianfang.command.roles import ROLES
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach
from lianfang.people.facts import Call, PersonTold
from lianfang.people.services import open_file
from lianfang.quarantine.models import Facility, FollowUp, OrderEvent, QuarantineOrder, QuarantineReason
from lianfang.quarantine.services import (
    CareAnswers,
    OrderReason,
    ask_correction,
    keep_facility,
    order,
    put_in_place,
    set_rooms,
)
from lianfang.quarantine.services.writing import WrittenBeside
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG, XIUYAN
from tests.noted import noted

VILLAGE, OTHER = "210381101200", "210381101201"
NOBODY = CareAnswers(not_needed=("DEPENDANTS", "MEDICINE", "DIALYSIS", "PREGNANCY"))
SEES = {"HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK"}
DAY = timedelta(days=1)


@pytest.fixture
def keeper(city: City) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="观察员")


def today() -> date:
    return day_of(datetime.now(UTC))


def observed(by: Reach, *, ago: int = 2, name: str = "欧阳明月") -> QuarantineOrder:
    """Somebody in place, whose last exposure was so many days ago."""
    at = datetime.now(UTC)
    call = Call("DESK", str(uuid7()))
    person = open_file(by=by, at=at, call=call, facts=PersonTold(name=name), division=VILLAGE).id
    why = OrderReason("OFFICER", today() - ago * DAY)
    made = order(by=by, at=at, id=uuid7(), person=person, division=VILLAGE, why=why)
    put_in_place(by=by, at=at, id=uuid7(), order=made.id, answers=NOBODY)
    return made


def facility(by: Reach, rooms: dict[str, int], name: str = "招待所") -> UUID:
    at = datetime.now(UTC)
    made = keep_facility(by=by, at=at, id=uuid7(), name=name, division="210381101")
    set_rooms(by=by, at=at, facility=made.id, rooms=rooms)
    return made.id


def stands(one: QuarantineOrder) -> QuarantineOrder:
    return QuarantineOrder.objects.using("owner").get(pk=one.pk)


def do(client: Client, one: QuarantineOrder, act: str, prefix: str = "", **given: Any) -> HttpResponse:
    fields = {"id": str(uuid7()), "note": "工作上的理由"} | given
    named = {f"{prefix}-{name}" if prefix else name: value for name, value in fields.items()}
    return client.post(f"/desk/quarantine/{one.id}/end", {"act": act, **named})  # type: ignore[return-value]


def test_before_the_last_day_is_over_the_page_says_why_not_and_offers_the_rest(
    city: City, keeper: Reach
) -> None:
    one = observed(keeper)
    page = text(city.haicheng.get(f"/desk/quarantine/{one.id}/end"))
    for word in (
        "欧阳明月",
        "核酸阴性不能代替观察期满",
        "转移",
        "延长",
        "转隔离治疗",
        "移交外地",
        "本人提出异议",
    ):
        assert word in page, word
    assert 'value="release"' not in page
    refused = do(city.haicheng, one, "release")
    assert (refused.status_code, stands(one).state) == (409, "IN_PLACE")
    assert "核酸阴性" in text(refused)
    assert f"QUARANTINE_ORDER {one.id}" in {entry.subject for entry in noted("FILE_READ")}


def test_whoever_is_due_is_released_by_one_button_and_who_is_left_out_is_named(
    city: City, keeper: Reach
) -> None:
    due, ill, later = observed(keeper, ago=15), observed(keeper, ago=15, name="司马小云"), observed(keeper)
    at = datetime.now(UTC)
    FollowUp.objects.using("owner").create(
        order_id=ill.id, kind="CLINIC", since_day=today(), since_half="MORNING", jurisdiction=ill.jurisdiction, opened_at=at,
        due_at=at,
    )  # fmt: skip
    page = text(city.haicheng.get("/desk/quarantine/release"))
    assert page.count("data-row") == 2
    assert "欧阳**" in page
    assert "发热门诊还没有结果" in page
    assert "观察期已满，还没有解除" in text(city.haicheng.get("/desk"))
    page = text(city.haicheng.post("/desk/quarantine/release", {"division": "210381"}))
    assert "已解除 1 人" in page
    assert (page.count("data-row"), "司马**" in page) == (1, True)
    assert [stands(one).state for one in (due, ill, later)] == ["RELEASED", "IN_PLACE", "IN_PLACE"]
    assert city.haicheng.post("/desk/quarantine/release", {"division": "210323"}).status_code == 400
    assert city.haicheng.post("/desk/quarantine/release", {}).status_code == 400


def test_an_order_is_extended_and_nothing_is_extended_backwards(city: City, keeper: Reach) -> None:
    one = observed(keeper)
    until = today() + 20 * DAY
    assert do(city.haicheng, one, "extend", until=until.isoformat()).status_code == 302
    assert stands(one).last_on == until
    again = do(city.haicheng, one, "extend", until=(until - DAY).isoformat())
    assert (again.status_code, "只能往后" in text(again)) == (400, True)
    assert do(city.haicheng, one, "extend", until="很久").status_code == 400


def test_he_is_transferred_to_a_free_bed_and_home_again(city: City, keeper: Reach) -> None:
    one = observed(keeper)
    full, place = facility(keeper, {"101": 1}, "满员楼"), facility(keeper, {"301": 1, "302": 1})
    other = observed(keeper)
    assert do(city.haicheng, other, "transfer", "to", kind="FACILITY", bed=f"{full}|101").status_code == 302
    page = text(city.haicheng.get(f"/desk/quarantine/{one.id}/end"))
    assert ("招待所" in page, "满员楼" in page) == (True, False)
    assert do(city.haicheng, one, "transfer", "to", kind="FACILITY").status_code == 400
    assert do(city.haicheng, one, "transfer", "to", kind="FACILITY", bed=f"{place}|301").status_code == 302
    assert (stands(one).room, stands(one).state) == ("301", "NOTIFIED")
    assert "招待所 301" in text(city.haicheng.get(f"/desk/quarantine/{one.id}/end"))
    home = do(city.haicheng, one, "transfer", "to", kind="HOME", division=OTHER)
    assert (home.status_code, stands(one).division, stands(one).room) == (302, OTHER, None)


@pytest.mark.parametrize(
    ("act", "prefix", "given", "state"),
    [
        ("admitted", "", {"where": "市传染病医院", "note": ""}, "MOVED_TO_ISOLATION"),
        ("hand-over", "city", {"division": "210100"}, "HANDED_OVER"),
        ("lift", "", {}, "LIFTED"),
    ],
)
def test_an_order_ends_once_by_what_is_written(
    city: City, keeper: Reach, act: str, prefix: str, given: dict[str, str], state: str
) -> None:
    one = observed(keeper)
    empty = do(city.haicheng, one, act, prefix, **dict.fromkeys([*given, "note"], ""))
    assert (empty.status_code, stands(one).state) == (400, "IN_PLACE")
    assert do(city.haicheng, one, act, prefix, **given).status_code == 302
    assert stands(one).state == state
    again = do(city.haicheng, one, act, prefix, **given)
    assert again.status_code == 409
    page = text(city.haicheng.get(f"/desk/quarantine/{one.id}/end"))
    assert 'value="lift"' not in page
    assert 'value="ask"' in page, "of an ended order one objects still"


def test_the_same_form_twice_is_one_act(city: City, keeper: Reach) -> None:
    one, id = observed(keeper), str(uuid7())
    for _ in range(2):
        assert do(city.haicheng, one, "ask", id=id).status_code == 302
    assert OrderEvent.objects.using("owner").filter(kind="CORRECTION_ASKED").count() == 1


def test_a_reason_is_taken_back(city: City, keeper: Reach) -> None:
    one = observed(keeper)
    (reason,) = QuarantineReason.objects.using("owner").filter(order_id=one.id)
    assert do(city.haicheng, one, "take-back", reason=str(uuid7())).status_code == 400
    assert do(city.haicheng, one, "take-back", reason=str(reason.id)).status_code == 302
    assert QuarantineReason.objects.using("owner").get(pk=reason.pk).taken_back_at
    assert 'value="take-back"' not in text(city.haicheng.get(f"/desk/quarantine/{one.id}/end"))


def test_who_objects_is_on_the_list_until_he_is_answered(city: City, keeper: Reach) -> None:
    one = observed(keeper)
    asked = datetime.now(UTC) - timedelta(hours=25)
    ask_correction(by=keeper, at=asked, id=uuid7(), order=one.id, written=WrittenBeside("没有去过市场"))
    page = text(city.haicheng.get("/desk/quarantine/objections"))
    assert ("欧阳**" in page, "1 人超过 24 小时" in page, "badge--bad" in page) == (True, True, True)
    assert "异议等待答复" in text(city.haicheng.get("/desk"))
    assert "没有去过市场" in text(city.haicheng.get(f"/desk/quarantine/{one.id}/end"))
    assert do(city.haicheng, one, "answer", verdict="MAYBE").status_code == 400
    assert do(city.haicheng, one, "answer", verdict="UPHELD").status_code == 302
    assert "没有等待答复的异议" in text(city.haicheng.get("/desk/quarantine/objections"))


def test_a_facility_is_opened_filled_and_closed(city: City, keeper: Reach) -> None:
    id = str(uuid7())
    opened = {"id": id, "name": "孤山招待所", "division": "210381101", "phone": "0412-7654321"}
    for _ in range(2):
        assert city.haicheng.post("/desk/facilities/new", opened).status_code == 302
    page = f"/desk/facilities/{id}"
    assert city.haicheng.post(f"{page}/rooms", {"rooms": "301 2\n302  1\n"}).status_code == 302
    assert "0412-7654321" in text(city.haicheng.get("/desk/facilities"))
    for odd in ("301", "301 x", "301 2\n301 1", "301 21", "3 0 1 2"):
        assert city.haicheng.post(f"{page}/rooms", {"rooms": odd}).status_code == 400, odd
    one = observed(keeper)
    do(city.haicheng, one, "transfer", "to", kind="FACILITY", bed=f"{id}|302")
    shown = text(city.haicheng.get(page))
    assert ("已满" in shown, '"free-beds">2' in shown) == (True, True)
    refused = city.haicheng.post(f"{page}/close")
    assert (refused.status_code, "还有 1 人住在这里" in text(refused)) == (409, True)
    assert city.haicheng.post(f"{page}/change", {"name": "第二招待所"}).status_code == 302
    do(city.haicheng, one, "lift")
    assert city.haicheng.post(f"{page}/close").status_code == 302
    assert Facility.objects.using("owner").get().name == "第二招待所"
    assert city.haicheng.get(page).status_code == 404


def test_the_next_county_sees_none_of_it_and_does_none_of_it(city: City, keeper: Reach) -> None:
    one, place = observed(keeper, ago=15), facility(keeper, {"301": 1})
    stranger = at_desk(factories.officer("COUNTY_DESK", XIUYAN))
    assert stranger.get(f"/desk/quarantine/{one.id}/end").status_code == 404
    assert do(stranger, one, "lift").status_code == 404
    for path in ("", "/close", "/rooms", "/change"):
        posted = stranger.post if path else stranger.get
        assert posted(f"/desk/facilities/{place}{path}", {"rooms": "1 1", "name": "别"}).status_code == 404
    assert "没有到期的人" in text(stranger.get("/desk/quarantine/release"))
    assert "招待所" not in text(stranger.get("/desk/facilities"))
    assert stands(one).ended_at is None


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
@pytest.mark.parametrize(
    "path", ["/desk/quarantine/release", "/desk/quarantine/objections", "/desk/facilities"]
)
def test_each_role_sees_what_it_may(city: City, role: str, path: str) -> None:
    client = at_desk(factories.officer(role, "210000" if role == "HEADQUARTERS" else HAICHENG))
    assert client.get(path).status_code == (200 if role in SEES else 403)
