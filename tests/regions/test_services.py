from datetime import UTC, date, datetime

import pytest

from lianfang.kernel.refusals import NotFound
from lianfang.regions.editions import EditionOutOfOrder
from lianfang.regions.models import Region, RegionAlias
from lianfang.regions.services import (
    REGISTERS,
    SHIPPED,
    generate_grids,
    load_aliases,
    load_all,
    load_register,
)
from tests.regions.conftest import needs

pytestmark = pytest.mark.django_db(databases=["owner"])

AT = datetime(2020, 2, 10, 6, tzinfo=UTC)
FIRST, SECOND, THIRD = date(2019, 10, 31), date(2020, 10, 31), date(2021, 10, 31)
HEADER = "code,parent,level,name\n"
YIXIAN = HEADER + (
    "210727,210700,3,义县\n"
    "210727101,210727,4,刘龙台镇\n"
    "210727101201,210727101,5,刘龙台村民委员会\n"
    "210727101202,210727101,5,全善堡村民委员会\n"
)


@pytest.fixture
def load(tmp_path):
    def loader(text, edition, valid_from):
        path = tmp_path / f"{edition}.csv"
        path.write_text(text, encoding="utf-8")
        return load_register(path=path, edition=edition, valid_from=valid_from, at=AT)

    return loader


def rows():
    return Region.objects.using("owner")


def held(on):
    found = rows().filter(valid_from__lte=on).exclude(valid_to__lte=on)
    return dict(found.values_list("code", "name"))


def test_loading_what_is_shipped_holds_the_country_and_both_cities():
    country, cities, aliases = load_all(at=AT)

    assert (country.began, cities.began) == (3368, 2851 - 16)  # both know the 2 cities and 14 counties
    assert aliases.began == 19
    assert rows().count() == 6203
    row = rows().get(code="210727101202")
    assert (row.level, row.kind, row.short_name, row.pinyin) == (
        "VILLAGE",
        "village",
        "全善堡村",
        "quanshanbaocun qsbc",
    )
    assert (row.lo, row.hi, row.parent_code) == (210727101202000000, 210727101202999999, "210727101")


def test_loading_again_changes_nothing():
    load_all(at=AT)

    assert [(act.began, act.ended) for act in load_all(at=AT)] == [(0, 0), (0, 0), (0, 0)]


def test_a_later_edition_ends_what_vanished_and_begins_what_is_new(load):
    load(YIXIAN, "one", FIRST)

    act = load(
        YIXIAN.replace("210727101202,210727101,5,全善堡", "210727101203,210727101,5,新民"), "two", SECOND
    )

    assert (act.began, act.ended) == (1, 1)
    ended = rows().get(code="210727101202")
    assert (ended.valid_to, ended.successor_code) == (SECOND, None)
    assert "210727101202" in held(FIRST)
    assert held(SECOND)["210727101203"] == "新民村民委员会"


def test_a_code_that_goes_on_under_a_new_name_has_two_rows(load):
    load(YIXIAN, "one", FIRST)

    load(YIXIAN.replace("刘龙台镇", "龙台镇"), "two", SECOND)

    assert (held(FIRST)["210727101"], held(SECOND)["210727101"]) == ("刘龙台镇", "龙台镇")
    assert list(
        rows().filter(code="210727101").values_list("edition", "valid_to").order_by("valid_from")
    ) == [
        ("one", SECOND),
        ("two", None),
    ]


def test_a_name_under_a_new_code_is_the_successor(load):
    load(YIXIAN, "one", FIRST)

    load(YIXIAN.replace("210727101202", "210727101222"), "two", SECOND)

    assert rows().get(code="210727101202").successor_code == "210727101222"


def test_two_bearers_of_the_old_name_leave_the_successor_open(load):
    load(YIXIAN, "one", FIRST)

    twice = YIXIAN.replace("210727101202", "210727101222") + "210727101223,210727101,5,全善堡村民委员会\n"
    load(twice, "two", SECOND)

    assert rows().get(code="210727101202").successor_code is None


def test_an_edition_corrected_under_its_own_day_leaves_no_trace_of_the_mistake(load):
    load(YIXIAN.replace("刘龙台镇", "刘龙合镇") + "210727999,210727,4,写错的\n", "one", FIRST)

    load(YIXIAN, "one", FIRST)

    assert set(rows().values_list("name", flat=True)) == {
        "义县",
        "刘龙台镇",
        "刘龙台村民委员会",
        "全善堡村民委员会",
    }


def test_an_old_edition_again_changes_nothing_and_a_different_one_is_refused(load):
    load(YIXIAN, "one", FIRST)
    load(YIXIAN.replace("全善堡", "全善"), "three", THIRD)

    assert load(YIXIAN, "one", FIRST).began == 0
    with pytest.raises(EditionOutOfOrder):
        load(YIXIAN.replace("全善堡", "善堡"), "two", SECOND)
    assert held(THIRD)["210727101202"] == "全善村民委员会"


def test_an_edition_speaks_only_for_the_divisions_and_levels_it_holds(load):
    load(YIXIAN, "one", FIRST)

    load(HEADER + "210726,210700,3,黑山县\n", "heishan", SECOND)
    load(HEADER + "210700,210000,2,锦州市\n210727,210700,3,义县\n", "counties", THIRD)

    assert held(SECOND).keys() - held(FIRST).keys() == {"210726"}
    assert held(THIRD).keys() == held(FIRST).keys() | {"210700"}
    assert rows().get(code="210726").valid_to == THIRD


def test_grids_end_with_their_village(load):
    load(YIXIAN, "one", FIRST)
    generate_grids(city_code="210700", count=6, at=AT)

    act = load(YIXIAN.replace("210727101202,210727101,5,全善堡村民委员会\n", ""), "two", SECOND)

    assert act.grids_ended == 3
    assert sorted(code for code in held(SECOND) if len(code) > 12) == [
        f"210727101201{n:03d}" for n in (1, 2, 3)
    ]


def test_the_edition_of_2023_can_be_loaded_over_that_of_2019(reference):
    later = needs(reference / "divisions_jinzhou_anshan_2023-06-30.csv")
    load_all(at=AT)

    act = load_register(path=later, edition="2023-06-30", valid_from=date(2023, 6, 30), at=AT)

    assert (act.began, act.ended) == (446, 474)  # 352 codes new and 380 gone, 94 renamed
    haicheng = [code for code in held(date(2023, 7, 1)) if code.startswith("210381") and len(code) == 9]
    assert len(haicheng) == 26
    assert held(date(2020, 2, 10))["210381006"] == "温泉街道"
    assert held(date(2023, 7, 1))["210381006"] == "东四方台街道"
    assert rows().get(code="210302001").successor_code == "210302017"
    assert rows().get(code="210381005001").successor_code == "210381002021"
    assert [(act.began, act.ended) for act in load_all(at=AT)] == [(0, 0), (0, 0), (0, 0)]


def test_jinzhous_grids_are_spread_over_its_villages_and_communities():
    load_all(at=AT)

    act = generate_grids(city_code="210700", count=5478, at=AT)

    grids = rows().filter(level="GRID")
    villages = rows().filter(level="VILLAGE", code__startswith="2107")
    assert grids.count() == 5478
    assert set(grids.values_list("parent_code", flat=True)) == set(villages.values_list("code", flat=True))
    assert grids.filter(name="第3网格").exists()
    city = rows().filter(level="GRID", code__regex="^2107(02|03|11)...0").count()
    assert rows().filter(level="MICRO_GRID").count() == 2 * city > 0
    assert act.began == 5478 + 2 * city


def test_grids_are_the_same_every_time_and_follow_another_count():
    load_all(at=AT)
    generate_grids(city_code="210700", count=5478, at=AT)
    later = datetime(2020, 3, 1, tzinfo=UTC)

    again = generate_grids(city_code="210700", count=5478, at=later)
    generate_grids(city_code="210700", count=5400, at=later)

    assert (again.began, again.ended) == (0, 0)
    assert len([code for code in held(date(2020, 3, 2)) if len(code) == 15]) == 5400
    assert len([code for code in held(date(2020, 2, 11)) if len(code) == 15]) == 5478


def test_a_city_without_villages_cannot_be_divided_into_grids():
    with pytest.raises(NotFound):
        generate_grids(city_code="210700", count=10, at=AT)


def test_an_ambiguous_alias_stands_on_every_division_it_may_mean():
    load_aliases(path=REGISTERS / "aliases.csv", at=AT)

    candidates = RegionAlias.objects.using("owner").filter(alias="五粮村").values_list("code", flat=True)
    assert set(candidates) == {"210782106253", "210782106221"}


def test_every_alias_points_at_a_registered_division():
    load_all(at=AT)

    codes = set(RegionAlias.objects.using("owner").values_list("code", flat=True))
    assert codes <= set(rows().values_list("code", flat=True))
    assert len(SHIPPED) == 2
