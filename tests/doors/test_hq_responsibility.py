"""The pages of who answers for what: the tree, a division with its history and acts, vacancies, and one's own areas."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import GridStaff, Overlay, ResponsiblePerson
from lianfang.command.services import Official, assign_responsible
from lianfang.kernel.clock import now
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import ANSHAN, HAICHENG
from tests.noted import noted

TOWNSHIP, VILLAGE, NEXT_VILLAGE = "210381101", "210381101200", "210381101201"
TREE, LIST = "/desk/responsibility", "/desk/responsibility/vacancies"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GIVEN = {
    "name": "王书记",
    "unit": "大孤山村党支部书记",
    "phone": "0412-3220120",
    "officer": "",
    "taken": "on",
}


@pytest.fixture
def keeper(city: City) -> Reach:
    return factories.officer("HEADQUARTERS", ANSHAN, name="市值班员")


def stands(
    by: Reach,
    division: str,
    name: str,
    *,
    kind: str = "PRINCIPAL",
    taken: bool = True,
    ago: timedelta = HOUR,
    **more,
) -> ResponsiblePerson:
    official = Official(name, "书记", "0412-3220120", more.get("officer_id"))
    return assign_responsible(
        by=by, at=now() - ago, division=division, kind=kind, official=official, acknowledged=taken
    )


def form(prefix: str, **changes: str) -> dict[str, str]:
    return {f"{prefix}-{key}": value for key, value in (GIVEN | changes).items() if value}


def page(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, response.content.decode()[:500]
    return text(response)


# --- the tree ---


def test_the_tree_begins_at_ones_own_area_with_names_telephones_and_both_counts(
    city: City, keeper: Reach
) -> None:
    stands(keeper, HAICHENG, "赵县长")
    stands(keeper, HAICHENG, "钱副县长", kind="DEPUTY")
    stands(keeper, VILLAGE, "王书记")
    shown = page(city.headquarters, TREE)
    assert "<h1>鞍山市</h1>" in shown
    assert "赵县长" in shown
    assert "钱副县长" in shown
    assert 'href="tel:04123220120"' in shown
    assert "1 / 2" in shown
    assert "50.0 %" in shown
    county = page(city.haicheng, TREE)
    assert "<h1>海城市</h1>" in county
    assert "上级 鞍山市" in county
    assert "孤山镇" in county


def test_a_vacancy_is_red_in_words_and_a_waiting_one_says_so(city: City, keeper: Reach) -> None:
    stands(keeper, VILLAGE, "王书记", taken=False)
    shown = page(city.headquarters, TREE, division=TOWNSHIP)
    assert shown.count('class="is-vacant"') == 2
    assert "待确认" in shown
    assert '<span class="badge badge--bad">空缺</span>' in shown


def test_the_tree_of_3_february_is_that_of_3_february_and_offers_no_act(city: City, keeper: Reach) -> None:
    stands(keeper, VILLAGE, "王书记", ago=DAY)
    person = ResponsiblePerson.objects.get()
    answer = city.haicheng.post(
        f"{TREE}/{VILLAGE}/people/{person.id}/replace", form("replace", name="李书记")
    )
    assert answer.status_code == 302
    then = (now() - 2 * HOUR).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    shown = page(city.haicheng, TREE, division=TOWNSHIP, at=then)
    assert "王书记" in shown
    assert "李书记" not in shown
    assert "只能看" in shown
    past = page(city.haicheng, f"{TREE}/{VILLAGE}", at=then)
    assert 'data-testid="assign"' not in past
    assert "当时的责任人" in past
    assert "李书记" in page(city.haicheng, TREE, division=TOWNSHIP)


@pytest.mark.parametrize(
    "at",
    [
        "",
        "昨天",
        "2999-01-01T00:00",
        "2090-01-01T00:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "2020-02-30T00:00",
        "²",
    ],
)
def test_a_moment_that_is_none_is_this_one(city: City, at: str) -> None:
    assert "只能看" not in page(city.haicheng, TREE, at=at)


def test_before_the_register_began_there_is_no_such_division(city: City) -> None:
    response = city.haicheng.get(TREE, {"at": "2018-01-01T00:00"})
    assert response.status_code == 404
    assert "那时的登记里没有这个地方" in text(response)


@pytest.mark.parametrize(
    "division", ["210000", "x", "210323", "210381999", ANSHAN, "9" * 30, "210381101200001001001"]
)
@pytest.mark.parametrize("address", [TREE, LIST])
def test_a_division_elsewhere_or_nowhere_is_not_shown(city: City, address: str, division: str) -> None:
    response = city.haicheng.get(address, {"division": division})
    assert response.status_code == (200 if (address, division) == (LIST, "210381999") else 404)


def test_the_next_county_sees_nothing_of_this_one(city: City, keeper: Reach) -> None:
    person = stands(keeper, VILLAGE, "王书记")
    for address in (f"{TREE}?division={VILLAGE}", f"{LIST}?division={HAICHENG}", f"{TREE}/{VILLAGE}"):
        response = city.xiuyan.get(address)
        assert response.status_code == 404
        assert "王书记" not in text(response)
    for act, sent in (("acknowledge", {}), ("end", {}), ("replace", form("replace"))):
        assert city.xiuyan.post(f"{TREE}/{VILLAGE}/people/{person.id}/{act}", sent).status_code == 404
    assert (
        city.xiuyan.post(f"{TREE}/{NEXT_VILLAGE}/assign", form("assign", kind="PRINCIPAL")).status_code == 404
    )
    assert ResponsiblePerson.objects.get().until_at is None


def test_somebody_posted_over_two_places_begins_at_the_first_and_finds_the_other(city: City) -> None:
    both = factories.officer("TOWNSHIP_DESK", VILLAGE)
    officer = factories.Officer.objects.get(pk=both.officer_id)
    factories.post(officer=officer, role="TOWNSHIP_DESK", division=NEXT_VILLAGE, at=now())
    client = at_desk(factories.session_of(officer))
    shown = page(client, TREE)
    assert "<h1>大孤山村</h1>" in shown
    assert f"?division={NEXT_VILLAGE}" in shown


@pytest.mark.parametrize(
    "address", [TREE, LIST, f"{TREE}/{TOWNSHIP}", f"{TREE}?division={TOWNSHIP}", "/desk"]
)
def test_three_rows_ask_no_more_than_one(city: City, keeper: Reach, address: str) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert city.township.get(address).status_code == 200
        return len(asked)

    stands(keeper, TOWNSHIP, "王镇长")
    questions()
    one = questions()
    for number in range(3):
        stands(keeper, TOWNSHIP, f"副{number}", kind="DEPUTY")
        stands(keeper, VILLAGE, f"村副{number}", kind="DEPUTY")
    assert questions() == one > 3


# --- a division's page and its acts ---


def test_somebody_is_assigned_acknowledged_replaced_and_ended_at_the_desk(city: City) -> None:
    address = f"{TREE}/{VILLAGE}"
    assert "没有人" in page(city.township, address)
    city.township.post(f"{address}/assign", form("assign", kind="PRINCIPAL", taken=""))
    person = ResponsiblePerson.objects.get()
    assert "待确认" in page(city.township, address)
    city.township.post(f"{address}/people/{person.id}/acknowledge")
    assert "待确认" not in page(city.township, address)
    city.township.post(f"{address}/people/{person.id}/replace", form("replace", name="李书记"))
    new = ResponsiblePerson.objects.get(until_at=None)
    shown = page(city.township, address)
    assert "李书记" in shown
    assert "换人" in shown
    city.township.post(f"{address}/people/{new.id}/end")
    shown = page(city.township, address)
    assert "没有已确认的责任人" in shown
    assert shown.count("<li>") >= 2
    acts = ["RESPONSIBLE_ASSIGNED", "RESPONSIBLE_ACKNOWLEDGED", "RESPONSIBLE_REPLACED", "RESPONSIBLE_ENDED"]
    assert [entry.act for entry in noted(*acts)] == acts


def test_a_vacant_place_says_whom_to_call(city: City, keeper: Reach) -> None:
    assert "找指挥部" in page(city.haicheng, f"{TREE}/{VILLAGE}")
    stands(keeper, TOWNSHIP, "钱镇长")
    assert "孤山镇 钱镇长" in page(city.haicheng, f"{TREE}/{VILLAGE}")
    stands(keeper, VILLAGE, "孙副", kind="DEPUTY")
    assert "大孤山村 孙副" in page(city.haicheng, f"{TREE}/{VILLAGE}")
    stands(keeper, VILLAGE, "王书记")
    assert 'data-testid="called"' not in page(city.haicheng, f"{TREE}/{VILLAGE}")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "必填"),
        ({"phone": "没有"}, "请填写值班电话"),
        ({"kind": "BOSS"}, "BOSS"),
        ({"officer": "01a20000-0000-7000-8000-000000000011"}, "01a20000"),
    ],
)
def test_what_is_refused_stands_in_the_form_which_stays_open(city: City, changes: dict, told: str) -> None:
    response = city.township.post(
        f"{TREE}/{VILLAGE}/assign", form("assign", **({"kind": "PRINCIPAL"} | changes))
    )
    assert response.status_code == 400
    shown = text(response)
    assert told in shown or "这个字段是必填项" in shown
    assert '<details class="folded" open>' in shown
    assert not ResponsiblePerson.objects.exists()


def test_a_second_principal_is_told_to_replace(city: City, keeper: Reach) -> None:
    stands(keeper, VILLAGE, "王书记")
    response = city.township.post(f"{TREE}/{VILLAGE}/assign", form("assign", kind="PRINCIPAL"))
    assert response.status_code == 400
    assert "要换人请用“更换”" in text(response)


def test_a_replacement_that_came_second_is_told_so(city: City, keeper: Reach) -> None:
    person = stands(keeper, VILLAGE, "王书记")
    for status in (302, 400):
        response = city.township.post(
            f"{TREE}/{VILLAGE}/people/{person.id}/replace", form("replace", name="李书记")
        )
        assert response.status_code == status
    assert "刚才有人改过" in text(response)


def test_names_are_shown_as_texts(city: City, keeper: Reach) -> None:
    stands(keeper, VILLAGE, "<script>alert(1)</script>")
    shown = page(city.township, f"{TREE}/{VILLAGE}")
    assert "&lt;script&gt;alert(1)" in shown


def test_staff_and_overlays_come_and_go_at_the_desk(city: City) -> None:
    address = f"{TREE}/{VILLAGE}"
    worker = {"worker-kind": "SECONDED_OFFICER", "worker-name": "刘干部", "worker-phone": "13900001234",
              "worker-home_unit": "市文化局", "worker-duties": ["CIVIL_ERRANDS", "LEGAL_GUIDANCE"]}  # fmt: skip
    assert city.township.post(f"{address}/staff", worker).status_code == 302
    laid = {
        "overlay-kind": "PARTY_AREA",
        "overlay-title": "第一责任区",
        "overlay-name": "赵",
        "overlay-phone": "120",
    }
    assert city.township.post(f"{address}/overlays", laid).status_code == 302
    shown = page(city.township, address)
    assert "刘干部" in shown
    assert "法治辅导、民事代办" in shown
    assert "第一责任区" in shown
    assert "党员责任区 1" in page(city.township, TREE, division=VILLAGE)
    city.township.post(f"{address}/staff/{GridStaff.objects.get().id}/end")
    city.township.post(f"{address}/overlays/{Overlay.objects.get().id}/end")
    shown = page(city.township, address)
    assert "刘干部" not in shown
    assert "第一责任区" not in shown
    assert city.township.post(f"{address}/staff", {"worker-kind": "X"}).status_code == 400
    assert city.township.post(f"{address}/overlays", {}).status_code == 400


@pytest.mark.parametrize("division", ["x", "210381999", "210000", "1" * 40, "²"])
@pytest.mark.parametrize("act", ["assign", "staff", "overlays", f"people/{UUID(int=1)}/replace", ""])
def test_an_address_that_names_no_division_of_the_area_is_answered_in_words(
    city: City, division: str, act: str
) -> None:
    address = f"{TREE}/{division}/{act}".rstrip("/")
    response = city.haicheng.post(address, {}) if act else city.haicheng.get(address)
    assert response.status_code == 404
    text(response)


# --- vacancies, and one's own ---


def test_the_list_shows_what_climbed_here_and_all_on_request(city: City, keeper: Reach) -> None:
    for division in (HAICHENG, TOWNSHIP):
        stands(keeper, division, "某", ago=DAY)
    shown = page(city.haicheng, LIST)
    assert "鞍山市海城市孤山镇大孤山村" in shown
    assert "从未有过" in shown
    assert "已上报" in shown
    stands(keeper, VILLAGE, "王书记", ago=DAY)
    stands(keeper, NEXT_VILLAGE, "李书记", ago=DAY)
    assert "每一处都有已确认的责任人" in page(city.haicheng, LIST)
    city.haicheng.post(f"{TREE}/{VILLAGE}/people/{ResponsiblePerson.objects.get(name='王书记').id}/end")
    assert "没有上报到这一级的空缺" in page(city.haicheng, LIST)
    assert "大孤山村" in page(city.haicheng, LIST, all="1")
    assert "处空缺" in page(city.haicheng, LIST, all="1", skip="9999")


def test_an_officer_takes_on_his_own_area_on_his_own_page(city: City, keeper: Reach) -> None:
    himself = factories.officer("TOWNSHIP_DESK", TOWNSHIP, name="王镇长")
    person = stands(keeper, TOWNSHIP, "王镇长", taken=False, officer_id=himself.officer_id)
    client = at_desk(himself)
    assert "我来负责" in page(client, "/desk")
    answer = client.post(f"{TREE}/{TOWNSHIP}/people/{person.id}/acknowledge", {"own": "1"})
    assert answer["Location"] == "/desk"
    shown = page(client, "/desk")
    assert "我来负责" not in shown
    assert "我负责的地方" in shown
    assert "我负责的地方" not in page(city.haicheng, "/desk")


def test_english_pages_are_whole(city: City, keeper: Reach) -> None:
    stands(keeper, VILLAGE, "王书记")
    client = at_desk(keeper, **{"Accept-Language": "en"})
    for address in (TREE, LIST, f"{TREE}/{VILLAGE}", f"{TREE}/import"):
        shown = page(client, address)
        assert "责任" not in shown
