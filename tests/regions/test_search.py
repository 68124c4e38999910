from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.regions.search import search
from tests.regions.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registers")]


def codes(text, under=None):
    return [found.division.code for found in search(text, DAY, under)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("义县", "210727"),
        ("全善堡", "210727101202"),
        ("岫岩", "210323"),
        ("武汉", "420100"),
        ("湖北", "420000"),
        ("210727", "210727"),
        ("西柳", "210381112"),
    ],
)
def test_the_division_meant_comes_first(text, code):
    assert codes(text)[0] == code


def test_pinyin_finds_every_county_read_that_way_and_within_a_city_the_one():
    assert [found.division.name for found in search("yixian", DAY)][:3] == ["易县", "义县", "黟县"]
    assert codes("YI XIAN", "210700")[0] == "210727"


def test_initials_find_provinces_before_anything_smaller():
    assert [found.division.name for found in search("hb", DAY)][:2] == ["河北省", "湖北省"]


def test_initials_find_a_township_of_the_county():
    assert codes("lltz", "210727") == ["210727101"]


def test_a_search_within_a_county_stays_there():
    assert {code[:6] for code in codes("三台子", "210781")} == {"210781"}
    assert len({code[:6] for code in codes("三台子")}) > 1


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("安中镇", ["210782106"]),
        ("五粮村", ["210782106221", "210782106253"]),
        ("北镇市安中镇五粮村", ["210782106221", "210782106253"]),
        ("凌海市三台子镇小五旗村", [f"210781106{n}" for n in (216, 220, 221, 222, 223)]),
        ("滨海新区天桥街道渔民村", ["210711071"]),
        ("刘龙台镇全善堡村王家屯", ["210727101202"]),
        ("锦州市义县", ["210727"]),
        ("辽宁省锦州市义县刘龙台镇", ["210727101"]),
        ("海城县", ["210381"]),
    ],
)
def test_names_as_they_were_printed_find_every_division_they_may_mean(printed, meant):
    assert sorted(codes(printed)) == meant


def test_an_answer_by_alias_says_so():
    found = search("安中镇", DAY)[0]

    assert (found.path, found.alias, found.alias_kind) == (
        "辽宁省锦州市北镇市中安镇",
        "安中镇",
        "PRINTED_ERROR",
    )
    assert search("中安镇", DAY)[0].alias is None


def test_grids_are_found_only_within_their_village():
    assert codes("第3网格") == []
    assert codes("第3网格", "210727") == []
    assert codes("第3网格", "210727101202") == ["210727101202003"]


def test_an_alias_holds_from_its_day():
    assert search("验军街道", DAY)[0].division.code == "210381005"
    after = {found.division.code: found.alias for found in search("验军街道", date(2023, 7, 1))}
    assert after["210381002"] == "验军街道"


@pytest.mark.parametrize("text", ["", "  ", "\x00", "%", "_", "查无此地", "👶", "\ud800"])
def test_nothing_meant_finds_nothing(text):
    assert codes(text) == []


def test_a_search_takes_at_most_three_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert len(search("三台子", DAY)) > 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.text(max_size=20) | st.text(alphabet="义县镇村12ab%_'", max_size=10))
def test_no_text_whatever_makes_it_raise(text):
    assert len(search(text, DAY)) <= 20
