import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.regions import rules
from lianfang.regions.pinyin import search_key
from tests.regions.conftest import needs


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("210000", "辽宁省", "province"),
        ("110000", "北京市", "municipality"),
        ("150000", "内蒙古自治区", "autonomous-region"),
        ("810000", "香港特别行政区", "special-region"),
        ("210300", "鞍山市", "city"),
        ("232700", "大兴安岭地区", "prefecture"),
        ("222400", "延边朝鲜族自治州", "autonomous-prefecture"),
        ("110100", "市辖区", "placeholder"),
        ("429000", "省直辖县级行政区划", "placeholder"),
        ("210702", "古塔区", "district"),
        ("210727", "义县", "county"),
        ("210381", "海城市", "county-city"),
        ("210702001", "天安街道", "subdistrict"),
        ("210727101", "刘龙台镇", "town"),
        ("210727203", "地藏寺满族乡", "township"),
        ("210782402", "辽宁省北镇市高山子监狱", "special"),
        ("210381005001", "验军社区", "community"),
        ("210727101202", "全善堡村民委员会", "village"),
        ("210726400500", "小东分场生活区", "special"),
        ("210727101202001", "第1网格", ""),
    ],
)
def test_code_and_name_say_what_sort_of_division_it_is(code, name, kind):
    assert rules.kind_of(code, name) == kind


@pytest.mark.parametrize(
    ("code", "name", "parent", "short"),
    [
        ("210000", "辽宁省", "", "辽宁"),
        ("150000", "内蒙古自治区", "", "内蒙古"),
        ("450000", "广西壮族自治区", "", "广西"),
        ("810000", "香港特别行政区", "", "香港"),
        ("210700", "锦州市", "辽宁省", "锦州市"),
        ("632500", "海南藏族自治州", "青海省", "海南州"),
        ("210323", "岫岩满族自治县", "鞍山市", "岫岩县"),
        ("620927", "积石山保安族东乡族撒拉族自治县", "", "积石山县"),
        ("210727", "义县", "锦州市", "义县"),
        ("210321109", "台安县韭菜台镇", "台安县", "韭菜台镇"),
        ("210726001", "黑山街道", "黑山县", "黑山街道"),
        ("210727101202", "全善堡村民委员会", "刘龙台镇", "全善堡村"),
        ("210711081500", "太平村村委会", "松山街道", "太平村"),
        ("210381005005", "大河居委会", "验军街道", "大河社区"),
        ("210303014009", "阳光新城社区居民委员会", "达道湾街道", "阳光新城社区"),
        ("210711480598", "锦州市果树农场虚拟生活区", "", "锦州市果树农场"),
        ("210782110400", "生态社区", "青堆子镇", "生态社区"),
    ],
)
def test_the_short_name_is_what_people_say(code, name, parent, short):
    assert rules.short_name(code=code, name=name, parent_name=parent) == short


@pytest.mark.parametrize("edition", ["2019-10-31", "2023-06-30"])
def test_the_kinds_of_the_reference_registers_are_found_again(reference, edition):
    path = needs(reference / f"divisions_jinzhou_anshan_{edition}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        wrong = [
            row for row in csv.DictReader(file) if rules.kind_of(row["code"], row["name"]) != row["kind"]
        ]

    assert wrong == []


@given(st.lists(st.integers(0, 5), min_size=1, max_size=50).filter(any), st.integers(0, 10_000))
def test_shares_are_whole_fair_and_complete(weights, count):
    given_out = list(rules.shares(weights=weights, count=count))

    assert sum(given_out) == count
    for share, weight in zip(given_out, weights, strict=True):
        assert abs(share - count * weight / sum(weights)) <= 1


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("义县", "yixian yx"),
        ("朝阳市", "chaoyangshi cys"),
        ("长甸街道", "changdianjiedao cdjd"),
        ("重庆", "chongqing cq"),
        ("洪洞县", "hongtongxian htx"),
        ("第3网格", "di3wangge d3wg"),
    ],
)
def test_place_names_are_read_as_place_names(name, key):
    assert search_key(name) == key
