"""The names of the register in memory read as the register says."""

import pytest

from lianfang.regions.gazetteer import Gazetteer
from lianfang.regions.queries import gazetteer
from tests.regions.conftest import DAY


@pytest.fixture
def names(registers: None, db: None) -> Gazetteer:
    return gazetteer(DAY)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("辽宁省", ("210000",)),
        ("鞍山", ("210300",)),
        ("辽宁鞍山海城", ("210381",)),
        ("岫岩县", ("210323",)),
        ("岫岩满族自治县", ("210323",)),
        ("2103", ("210300",)),
        ("210300", ("210300",)),
        ("219999", ()),
        ("21", ("210000",)),
        ("义县刘龙台镇", ("210727101",)),
        ("海城市义县", ()),
        ("市辖区", ()),
        ("", ()),
        ("和", ()),
        ("辽宁省" * 20, ()),
    ],
)
def test_a_name_reads_as_every_division_it_may_mean(
    names: Gazetteer, text: str, codes: tuple[str, ...]
) -> None:
    assert names.read(text) == codes


def test_names_that_several_share_read_as_all_of_them(names: Gazetteer) -> None:
    assert {names.path(code) for code in names.read("铁西区")} >= {"辽宁省沈阳市铁西区", "辽宁省鞍山市铁西区"}


def test_a_path_skips_cities_that_only_the_list_has(names: Gazetteer) -> None:
    assert names.path("110105") == "北京市朝阳区"
    assert names.path("nothing") == names.path("99") == ""
    assert "110105" in names
    assert "119999" not in names
