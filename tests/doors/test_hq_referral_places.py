"""Addresses at the desk: proposed and never followed silently, placed with a tap or fifty in a pass, taught with a tick."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.roles import ROLES
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.divisions import level, parent, span
from lianfang.kernel.ids import uuid7
from lianfang.referrals.models import Referral
from lianfang.regions.models import Region, RegionAlias
from tests import factories
from tests.doors.desk import at_desk, text
from tests.doors.handed import (  # noqa: F401 -- a fixture
    NEXT_COUNTY,
    OTHER_VILLAGE,
    VILLAGE,
    Handed,
    act,
    address_of,
    handed,
    kinds,
    stands,
)
from tests.factories import HAICHENG

TOWNSHIP = "210381101"
GRIDS = [f"{VILLAGE}00{n}" for n in (1, 2, 3)]
PAGE, ALIASES = "/desk/referrals/places", "/desk/aliases"


@pytest.fixture
def town(handed: Handed) -> Handed:  # noqa: F811
    """大孤山村 has three grids, 小孤山村 one."""
    for code in (*GRIDS, f"{OTHER_VILLAGE}001"):
        lo, hi = span(code)
        Region.objects.using("owner").create(
            code=code, level=level(code), name=f"第{int(code[-3:])}网格", short_name=f"第{int(code[-3:])}网格", pinyin="",
            parent_code=parent(code), lo=lo, hi=hi, valid_from=date(2019, 10, 31), edition="grids",
        )  # fmt: skip
    return handed


def headed(town: Handed, address: str, *, code: str = TOWNSHIP, **said: Any) -> Referral:
    return town.one(destination=code, address=address, **said)


def proposals(client: Client, one: Referral) -> str:
    return (
        text(client.get(address_of(one)))
        .partition('data-testid="address-proposals"')[2]
        .partition("</section>")[0]
    )


def buttons(piece: str) -> list[str]:
    return re.findall(r'name="destination" value="(\d+)"', piece)


def row_of(page: str, one: Referral) -> str:
    """The number of a row of the pass."""
    return re.search(rf'name="row-(\d+)" value="{one.id}_', page)[1]  # type: ignore[index]


def sent(one: Referral) -> str:
    return f"{one.id}_{stands(one).jurisdiction}"


class TestReferring:
    def test_an_address_that_names_the_village_places_nobody(self, town: Handed) -> None:
        one = headed(town, "孤山镇小孤山村5组", code=HAICHENG)
        assert (one.destination, one.state, kinds(one)) == (HAICHENG, "SENT", ["SENT"])
        assert buttons(proposals(town.city.haicheng, one)) == [f"{OTHER_VILLAGE}001"]
        assert stands(one).destination == HAICHENG

    def test_whoever_is_at_a_grid_already_is_not_asked_about(self, town: Handed) -> None:
        one = headed(town, "小孤山村", code=GRIDS[0])
        assert proposals(town.city.township, one) == ""
        act(town.city.township, one, "answer", kind="WRONG_ADDRESS", address="孤山镇小孤山村8号")
        piece = proposals(town.city.township, one)
        assert "按上门问到的地址" in piece
        assert buttons(piece) == [f"{OTHER_VILLAGE}001"]


class TestThePage:
    def test_each_place_says_which_words_were_read_as_what(self, town: Handed) -> None:
        piece = proposals(town.city.township, headed(town, "海城市孤山镇大姑山村"))
        assert "登记里没有“大姑山村”，像 大孤山村（一字不同）" in re.sub(r"\s+", " ", piece)
        assert "名称只是相近" in piece
        assert "交给 大孤山村" in piece
        assert buttons(piece) == [VILLAGE, *GRIDS]

    def test_a_house_number_and_what_follows_stay_masked(self, town: Handed) -> None:
        one = headed(town, "孤山镇大孤山村甲家屯王小明家12号院")
        piece = proposals(town.city.township, one)
        assert "12号" not in piece
        assert "王小明" not in piece

    def test_a_village_that_is_known_offers_its_grids(self, town: Handed) -> None:
        piece = proposals(town.city.township, headed(town, "东区3号楼", code=VILLAGE))
        assert "地址没有说是哪个网格" in piece
        assert buttons(piece) == GRIDS

    def test_one_tap_places_him_once(self, town: Handed) -> None:
        one, id = headed(town, "大孤山村第2网格"), uuid7(at=datetime.now(UTC))
        for _ in "12":
            assert act(town.city.township, one, "place", id=id, destination=GRIDS[1]).status_code == 302
        assert (stands(one).destination, kinds(one)) == (GRIDS[1], ["SENT", "PLACED"])
        assert not RegionAlias.objects.using("owner").exists()

    @pytest.mark.parametrize(
        "given",
        [
            {"destination": ""},
            {"destination": "99"},
            {"destination": "x"},
            {"destination": GRIDS[0], "id": "x"},
        ],
    )
    def test_what_cannot_be_read_places_nobody(self, town: Handed, given: dict[str, str]) -> None:
        one = headed(town, "大孤山村")
        assert (
            town.city.township.post(f"{address_of(one)}/place", {"id": str(uuid7()), **given}).status_code
            == 400
        )
        assert kinds(one) == ["SENT"]

    def test_the_next_county_finds_nothing_and_the_sender_only_looks(self, town: Handed) -> None:
        here, sent_away = headed(town, "大孤山村"), headed(town, "偏岭镇", code=NEXT_COUNTY)
        assert act(town.city.xiuyan, here, "place", destination=GRIDS[0]).status_code == 404
        assert proposals(town.city.haicheng, sent_away) == ""
        assert act(town.city.haicheng, sent_away, "place", destination=GRIDS[0]).status_code == 403

    def test_an_address_in_another_city_says_so(self, town: Handed) -> None:
        assert "地址写的是本市以外：沈阳市" in proposals(
            town.city.township, headed(town, "沈阳市沈河区青年大街")
        )


class TestTeaching:
    ADDRESS = "孤山镇大孤山村孙家屯12号"

    def test_ticked_the_hamlet_means_the_grid_from_now_on(self, town: Handed) -> None:
        one = headed(town, self.ADDRESS)
        piece = proposals(town.city.township, one)
        assert re.search(r'name="teach" value="1" checked> 以后地址里写“孙家屯”，就是这次交给的地方', piece)
        act(town.city.township, one, "place", destination=GRIDS[1], teach="1")
        made = RegionAlias.objects.using("owner").get()
        assert (made.alias, made.code, made.kind, made.source) == (
            "孙家屯",
            GRIDS[1],
            "HAMLET",
            "孤山镇 大孤山村",
        )
        assert AuditEntry.objects.using("owner").get(act="ALIAS_TAUGHT").subject == f"ALIAS {made.pk}"
        page = text(town.city.township.get(address_of(one)))
        assert "已记下别名“孙家屯”" in page
        next_one = headed(town, "孤山镇大孤山村孙家屯3号")
        piece = proposals(town.city.township, next_one)
        assert buttons(piece) == [GRIDS[1]]
        assert "值班员" in piece
        assert "与登记一致" in piece

    def test_not_ticked_nothing_is_taught(self, town: Handed) -> None:
        act(town.city.township, headed(town, self.ADDRESS), "place", destination=GRIDS[1])
        assert not RegionAlias.objects.using("owner").exists()

    def test_a_word_that_is_a_name_elsewhere_is_not_ticked(self, town: Handed) -> None:
        piece = proposals(town.city.township, headed(town, "大孤山村小孤山屯12号"))
        assert "小孤山屯" in piece
        assert re.search(r'name="teach" value="1"> 以后地址里写“小孤山屯”', piece)

    def test_taken_back_it_proposes_no_more_and_stands_in_the_list_no_more(self, town: Handed) -> None:
        township, one = town.city.township, headed(town, self.ADDRESS)
        act(township, one, "place", destination=GRIDS[1], teach="1")
        page = text(township.get(ALIASES))
        for word in ("孙家屯", "大孤山村第2网格", "自然屯", "值班员"):
            assert word in page, word
        made = RegionAlias.objects.using("owner").get()
        assert (
            at_desk(factories.officer("COUNTY_DESK", NEXT_COUNTY))
            .post(f"{ALIASES}/{made.pk}/take-back")
            .status_code
            == 403
        )
        assert "孙家屯" not in text(town.city.xiuyan.get(ALIASES))
        assert township.post(f"{ALIASES}/{made.pk}/take-back").status_code == 302
        assert "已收回别名“孙家屯”" in text(township.get(ALIASES))
        assert "孙家屯" not in text(township.get(ALIASES))
        assert buttons(proposals(township, headed(town, self.ADDRESS))) == [VILLAGE, *GRIDS]
        assert AuditEntry.objects.using("owner").filter(act="ALIAS_TAKEN_BACK").count() == 1

    def test_of_two_places_that_share_it_both_are_asked_for(self, town: Handed) -> None:
        for grid in GRIDS[:2]:
            RegionAlias.objects.using("owner").create(
                code=grid, alias="孙家屯", kind="HAMLET", source="", valid_from=date(2019, 11, 1)
            )
        piece = proposals(town.city.township, headed(town, self.ADDRESS))
        assert buttons(piece) == GRIDS[:2]
        assert "不止一处说得通" in piece
        assert "不止一处" in text(town.city.township.get(ALIASES))


class TestThePass:
    def test_a_township_places_those_whose_address_is_certain_and_leaves_the_others(
        self, town: Handed
    ) -> None:
        township = town.city.township
        certain, village, unclear = (
            headed(town, "大孤山村第2网格"),
            headed(town, "大孤山村"),
            headed(town, "孤山村"),
        )
        known, placed = headed(town, "东区", code=VILLAGE), headed(town, "西区", code=GRIDS[0])
        page = text(township.get(PAGE))
        assert f"row-{row_of(page, certain)}" in page
        assert str(placed.id) not in page
        assert re.search(
            rf'type="checkbox" name="to-{row_of(page, certain)}" value="{GRIDS[1]}" checked', page
        )
        assert re.search(
            rf'type="checkbox" name="to-{row_of(page, village)}" value="{VILLAGE}" checked', page
        )
        assert re.findall(rf'type="radio" name="to-{row_of(page, unclear)}" value="(\d+)"( checked)?', page) == [
            (VILLAGE, ""), (OTHER_VILLAGE + "001", "")]  # fmt: skip
        assert re.findall(rf'type="radio" name="to-{row_of(page, known)}" value="(\d+)"', page) == GRIDS
        given = {
            "id": str(uuid7(at=datetime.now(UTC))), "row-0": sent(certain), "to-0": GRIDS[1], "row-1": sent(village), "to-1": VILLAGE,
            "grid-1": GRIDS[2], "row-2": sent(unclear), "row-3": sent(known), "to-3": GRIDS[0],
        }  # fmt: skip
        assert township.post(PAGE, given).status_code == 302
        assert [stands(one).destination for one in (certain, village, unclear, known)] == [
            GRIDS[1],
            GRIDS[2],
            TOWNSHIP,
            GRIDS[0],
        ]
        again = text(township.get(PAGE))
        assert "交给 3 人" in again
        assert str(unclear.id) in again
        assert str(certain.id) not in again
        assert township.post(PAGE, given).status_code == 302
        assert kinds(certain) == ["SENT", "PLACED"]

    def test_one_that_was_placed_meanwhile_stays_and_hinders_no_other(self, town: Handed) -> None:
        first, second = headed(town, "大孤山村"), headed(town, "大孤山村")
        given = {
            "id": str(uuid7(at=datetime.now(UTC))),
            "row-0": sent(first),
            "to-0": GRIDS[0],
            "row-1": sent(second),
            "to-1": GRIDS[0],
        }
        act(town.city.haicheng, first, "place", destination=VILLAGE)
        answered = town.city.township.post(PAGE, given)
        assert answered.status_code == 409
        page = text(answered)
        assert "交给 1 人，1 人没有办成" in page
        assert "别人已经改派了他" in page
        assert (stands(first).destination, stands(second).destination) == (VILLAGE, GRIDS[0])

    @pytest.mark.parametrize(
        "row",
        [
            "",
            "x",
            "_",
            "1_2",
            "01a20000-0000-7000-8000-00000000000b_²",
            "01a20000-0000-7000-8000-00000000000b_9",
        ],
    )
    def test_what_cannot_be_read_places_nobody(self, town: Handed, row: str) -> None:
        headed(town, "大孤山村")
        given = {"id": str(uuid7(at=datetime.now(UTC))), "row-0": row, "to-0": GRIDS[0], "grid-0": "9" * 30}
        assert town.city.township.post(PAGE, given).status_code in (400, 409)
        assert town.city.township.post(PAGE, {**given, "to-0": "x"}).status_code == 400
        assert town.city.township.post(PAGE, {}).status_code == 400
        assert town.city.township.get(f"{PAGE}?after=x").status_code == 200

    def test_the_next_county_places_nobody_here(self, town: Handed) -> None:
        one = headed(town, "大孤山村")
        assert str(one.id) not in text(town.city.xiuyan.get(PAGE))
        given = {"id": str(uuid7(at=datetime.now(UTC))), "row-0": sent(one), "to-0": GRIDS[0]}
        assert town.city.xiuyan.post(PAGE, given).status_code == 409
        assert stands(one).destination == TOWNSHIP

    def test_pages_follow_each_other_and_lose_nobody(self, town: Handed, monkeypatch: Any) -> None:
        monkeypatch.setattr("lianfang.referrals.addresses.PAGE", 2)
        people = [headed(town, "大孤山村") for _ in range(5)]
        seen, address = [], PAGE
        for _ in range(3):
            page = text(town.city.haicheng.get(address))
            seen += [one for one in people if str(one.id) in page]
            address = PAGE + page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert sorted(one.id for one in seen) == sorted(one.id for one in people)

    def test_three_rows_ask_as_often_as_one(self, town: Handed) -> None:
        asked = []
        for _ in range(2):
            for address in ("大孤山村第2网格", "孤山村", "x"):
                headed(town, address)
                town.city.township.get(PAGE)
            with CaptureQueriesContext(connection) as queries:
                town.city.township.get(PAGE)
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_the_count_of_my_work_opens_it(self, town: Handed) -> None:
        headed(town, "大孤山村")
        assert re.search(
            r'href="/desk/referrals/places">未落到网格</a></td><td class="number">1<',
            text(town.city.township.get("/desk")),
        )


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
def test_each_role_reads_or_is_told_that_it_may_not(town: Handed, role: str) -> None:
    headed(town, "大孤山村")
    client = at_desk(factories.officer(role, HAICHENG))
    for address, permission in ((PAGE, "ANSWER_REFERRALS"), (ALIASES, "VIEW_REFERRALS")):
        answered = client.get(address)
        assert (answered.status_code == 200) == (permission in ROLES[role].permissions), address
        text(answered)


def test_an_address_that_nobody_could_read_opens_as_any_other(town: Handed) -> None:
    for address in ("😀大孤山村" + "字" * 100, "<b>", "１２３", "縣" * 60):
        one = headed(town, address)
        assert "<b>" not in proposals(town.city.township, one)
    assert text(town.city.township.get(PAGE)).count('name="row-') == 4
