"""A pasted list of areas: every word of it is read, asked about, or told as not found."""

from datetime import date
from pathlib import Path

import pytest

import lianfang.regions
from lianfang.regions.gazetteer import Gazetteer
from lianfang.regions.register_file import read_register
from lianfang.screening.areas.pasting import LONGEST, MOST, read_pasted

ON = date(2020, 2, 10)
_REGISTERS = Path(lianfang.regions.__file__).parent / "registers"


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    units = {
        unit.code: unit
        for name in ("divisions_china_county_2019-10-31.csv", "divisions_jinzhou_anshan_2019-10-31.csv")
        for unit in read_register(_REGISTERS / name)
    }
    rows = [
        (one.code, one.name, one.short_name, one.kind) for one in units.values() if one.level != "VILLAGE"
    ]
    return Gazetteer(rows, [("420100", "江之城")])


def read(names: Gazetteer, text: str) -> list[tuple]:
    """(codes or what was not found, level, from, to) of each place."""
    return [
        (" ".join(one.codes) or f"? {one.text}", one.level, str(one.since or ""), str(one.until or ""))
        for one in read_pasted(text, names=names, on=ON)[0]
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("湖北省武汉市、黄冈市；浙江省温州市", "420100 421100 330300"),
        ("武汉\n湖北\n浙江温州\n湖北武汉江岸", "420100 420000 330300 420102"),
        ("江之城，恩施州 延边 神农架 大兴安岭", "420100 422800 222400 429021 232700"),
        ("420100\n42\n330300", "420100 420000 330300"),
        ("42、33", "420000 330000"),  # no numbers of lines
        ("1、武汉市\n2．黄冈市\n（3）温州市", "420100 421100 330300"),
        ("湖北省 武汉市 江岸区", "420102"),  # columns
        ("湖北省：武汉市、黄冈市", "420100 421100"),
        ("武汉市江岸区、江汉区、汉阳区", "420102 420103 420105"),
        ("武汉市和黄冈市", "420100 421100"),
        ("和平区和和县", "120101|210102 340523"),
        ("420100 武汉市\n武汉市（420100）\n420100,武汉市", "420100 420100 420100"),
        ("湖北省全境", "420000"),
        ("吉林市", "220200"),
        ("吉林", "220000|220200"),
        ("鼓楼区", "320106|320302|350102|410204"),
        ("江苏省南京市、鼓楼区", "320100 320106|320302"),
        ("420100 温州市", "420100|330300"),  # code and name say two things
        ("孤山镇", "210381101"),
    ],
)
def test_names_codes_and_columns_are_read(names: Gazetteer, text: str, places: str) -> None:
    assert [place[0].replace(" ", "|") for place in read(names, text)] == places.split()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("武汉市 高 2020-01-23 2020-02-20", ("420100", "HIGH", "2020-01-23", "2020-02-20")),
        ("武汉市\t高风险\t2020/1/23\t2020/2/20", ("420100", "HIGH", "2020-01-23", "2020-02-20")),
        ("武汉市（中风险）2月1日至2月20日", ("420100", "MEDIUM", "2020-02-01", "2020-02-20")),
        ("武汉市2020年1月23日-2020年2月20日", ("420100", "", "2020-01-23", "2020-02-20")),
        ("420100,武汉市,LOW,20200123,20200220", ("420100", "LOW", "2020-01-23", "2020-02-20")),
        ("武汉市低风险", ("420100", "LOW", "", "")),
        ("武汉市 至 2020-02-20", ("420100", "", "", "2020-02-20")),
        ("武汉市 12月28日", ("420100", "", "2019-12-28", "")),  # the nearest
        ("高风险地区：武汉市", ("420100", "HIGH", "", "")),
    ],
)
def test_levels_and_days_are_read_wherever_they_stand(names: Gazetteer, text: str, found: tuple) -> None:
    assert read(names, text) == [found]


def test_a_level_ahead_holds_on_and_one_behind_is_for_the_places_before_it(names: Gazetteer) -> None:
    text = "高风险：武汉市、黄冈市；温州市\n宁波市、台州市 中，绍兴市 低\n鄂州市"
    assert [(place[0], place[1]) for place in read(names, text)] == [
        ("420100", "HIGH"), ("421100", "HIGH"), ("330300", "HIGH"), ("330200", "MEDIUM"), ("331000", "MEDIUM"),
        ("330600", "LOW"), ("420700", "HIGH"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "没这个地方",
        "420199",
        "99",
        "2020-02-31",
        "武汗市",
        "来源不明的一句话",
        "湖北省浙江市",
        "42 0",
        "<script>",
        "武汉市黄冈市",
    ],
)
def test_what_is_no_place_is_told(names: Gazetteer, text: str) -> None:
    assert f"? {text.split()[-1]}" in [place[0] for place in read(names, text)]


def test_a_third_day_and_a_day_of_no_calendar_are_told(names: Gazetteer) -> None:
    found = read(names, "武汉市 2020-02-01 2020-02-03 2020-02-05")
    assert found == [("420100", "", "2020-02-01", "2020-02-03"), ("? 2020-02-05", "", "", "")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n；；、、",
        "高",
        "2020-02-01",
        "\x00",
        "市" * LONGEST,
        "朝阳区" * 9000,
        "（" * 5000,
        "和" * 3000,
        "1、" * 4000,
    ],
)
def test_nothing_stops_it(names: Gazetteer, text: str) -> None:
    found, _ = read_pasted(text, names=names, on=ON)
    assert len(found) <= MOST


def test_more_than_is_read_at_once_is_said(names: Gazetteer) -> None:
    found, is_cut = read_pasted("武汉市\n" * (MOST + 1), names=names, on=ON)
    assert (len(found), is_cut) == (MOST, True)
    assert read_pasted("武汉市\n" * MOST, names=names, on=ON)[1] is False
    assert read_pasted("、" * (LONGEST + 1), names=names, on=ON)[1] is True
