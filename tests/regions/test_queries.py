import gzip
import json
from datetime import date

import pytest

from lianfang.kernel.refusals import NotFound
from lianfang.regions import queries
from tests.regions.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registers")]

VILLAGE = "210727101202"


def test_a_division_is_found_by_its_code():
    found = queries.find(VILLAGE, DAY)

    assert found == (VILLAGE, "VILLAGE", "village", "全善堡村民委员会", "全善堡村", "210727101")
    assert queries.find("210727000000", DAY).name == "义县"


@pytest.mark.parametrize("code", ["210799", "", "not a code", "\x00"])
def test_what_is_not_registered_is_not_found(code):
    assert queries.find(code, DAY) is None


def test_before_its_edition_nothing_is_registered():
    assert queries.find("210727", date(2019, 10, 30)) is None
    assert queries.find("210727", date(2019, 10, 31)) is not None


def test_children_come_by_code():
    assert [division.name for division in queries.children("210700", DAY)] == [
        "古塔区", "凌河区", "太和区", "黑山县", "义县", "凌海市", "北镇市",
    ]  # fmt: skip
    assert len(queries.children("210727", DAY)) == 18
    assert len(queries.children(None, DAY)) == 34


def test_yixian_shows_18_townships_and_239_village_committees():
    counts = queries.counts_under("210727", DAY)

    assert (counts.townships, counts.villages, counts.communities) == (18, 239, 14)


def test_a_city_is_counted_down_to_its_grids():
    counts = queries.counts_under("210700", DAY)

    assert (counts.counties, counts.townships, counts.grids) == (7, 121, 5478)
    assert counts.villages + counts.communities + counts.other_units == 1417


def test_all_villages_under_a_county_are_listed():
    assert len(queries.under("210727", "VILLAGE", DAY)) == 253


def test_a_path_reads_like_an_address():
    assert queries.path(VILLAGE, DAY) == "辽宁省锦州市义县刘龙台镇全善堡村"
    assert queries.path(VILLAGE + "003", DAY) == "辽宁省锦州市义县刘龙台镇全善堡村第3网格"
    assert queries.path("210323", DAY) == "辽宁省鞍山市岫岩满族自治县"


def test_a_path_leaves_out_cities_that_are_only_in_the_code_list():
    assert queries.path("110101", DAY) == "北京市东城区"
    assert queries.path("429004", DAY) == "湖北省仙桃市"


def test_many_paths_and_many_names_take_one_query_each(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.paths([VILLAGE, "110101", "junk"], DAY).keys() == {VILLAGE, "110101"}
    with django_assert_num_queries(1):
        names = queries.names(["210000", "4201", "210323", VILLAGE, "999999", "210799"], DAY)
    assert names == {"210000": "辽宁", "4201": "武汉市", "210323": "岫岩县", VILLAGE: "全善堡村"}


def test_every_county_of_the_country_is_listed():
    assert len(queries.counties(DAY)) == 2992


def test_the_phones_register_is_small_complete_and_the_same_every_time():
    body = queries.phone_register(DAY)
    register = json.loads(body)
    known = {division["code"] for division in register["divisions"]}

    assert register["edition"] == "2019-10-31"
    assert len(known) == len(register["divisions"]) == 3368 + 240
    assert register["divisions"][0] == {
        "code": "110000",
        "name": "北京市",
        "parent": None,
        "level": "PROVINCE",
    }
    assert all(division["parent"] in known for division in register["divisions"] if division["parent"])
    assert len(gzip.compress(body)) < 100_000
    assert queries.phone_register(DAY) is body


def test_villages_are_handed_out_by_county_and_grids_by_village():
    villages = json.loads(queries.villages_json("210727", DAY))["divisions"]
    grids = json.loads(queries.villages_json(VILLAGE, DAY))["divisions"]

    assert len(villages) == 253
    assert {division["level"] for division in villages} == {"VILLAGE"}
    assert [division["name"] for division in grids] == ["第1网格", "第2网格", "第3网格"]
    with pytest.raises(NotFound):
        queries.villages_json("210799", DAY)
