"""Addresses as travellers gave them, read against the whole register of two cities: nothing is guessed silently."""

import time
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.kernel.divisions import lineage
from lianfang.regions.addresses import AddressRead, AliasHeld, CityNames, Doubt, How, Likeness, read_address
from lianfang.regions.known_names import city_names
from lianfang.regions.models import Region
from lianfang.regions.queries import paths
from tests.regions.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registers")]
JINZHOU, ANSHAN = "210700", "210300"
VILLAGE = "210727101202"  # 义县刘龙台镇全善堡村
ANYTHING = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read(text: str, told: str | None = None, *, city: str = JINZHOU, on: date = DAY) -> AddressRead:
    return read_address(city_names(city, on), text, told)


def bare(city: str = JINZHOU) -> CityNames:
    """The register alone, without any alias."""
    return city_names(city, DAY).known_as([])


def codes(found: AddressRead) -> list[str]:
    return [one.code for one in found.proposals]


def hows(found: AddressRead, at: int = 0) -> list[tuple[str, How]]:
    return [(one.words, one.how) for one in found.proposals[at].reads]


class TestTheNamesOfTheNews:
    """standards.md section 3, as printed in February 2020."""

    def test_names_that_the_register_has_are_found(self) -> None:
        assert codes(read("锦州市凌海市翠岩镇")) == ["210781112"]
        assert codes(read("义县三台子镇", city=JINZHOU))[-1:] == ["210781106"]
        found = read("段家乡蛇山子村")
        assert found.certain is not None
        assert found.certain.code == "210726209205"
        assert "210381112" in codes(read("海城市西柳", city=ANSHAN))

    def test_swapped_characters_and_a_village_that_is_two(self) -> None:
        for names in (city_names(JINZHOU, DAY), bare()):
            found = read_address(names, "北镇市安中镇五粮村")
            assert codes(found) == ["210782106221", "210782106253"]
            assert found.certain is None
            assert all(Doubt.SEVERAL in one.doubts for one in found.proposals)
        likeness = [one.likeness for one in found.proposals[0].reads]
        assert likeness == [None, Likeness.SWAPPED, Likeness.PREFIX]

    def test_one_name_for_five_villages_is_asked(self) -> None:
        found = read("凌海市三台子镇小五旗村")
        assert codes(found) == [f"210781106{n}" for n in (216, 220, 221, 222, 223)]
        assert found.certain is None
        without = read_address(bare(), "凌海市三台子镇小五旗村")
        assert {one.reads[-1].likeness for one in without.proposals} == {Likeness.PREFIX}
        assert len(without.proposals) > 1

    def test_a_functional_zone_is_no_division_and_its_village_is_unknown(self) -> None:
        found = read("滨海新区天桥街道渔民村")
        assert found.zones == ("滨海新区",)
        assert codes(found) == ["210711071"]
        assert hows(found) == [("天桥街道", How.NAME), ("渔民村", How.ALIAS)]
        assert found.proposals[0].level == "TOWNSHIP"
        without = read_address(bare(), "滨海新区天桥街道渔民村")
        assert (codes(without), without.unknown) == (["210711071"], ("渔民村",))

    def test_a_hamlet_lies_below_the_register(self) -> None:
        found = read_address(bare(), "刘龙台镇全善堡村王家屯3号")
        assert found.certain is not None
        assert (found.certain.code, found.certain.left_over, found.hamlet) == (VILLAGE, "王家屯3号", "王家屯")
        known = read("刘龙台镇全善堡村王家屯")
        assert known.certain is not None
        assert hows(known)[-1] == ("王家屯", How.ALIAS)


class TestZones:
    def test_alone_it_says_where_it_has_streets_and_is_never_certain(self) -> None:
        found = read("滨海新区")
        assert (codes(found), found.proposals[0].doubts) == (["210711071"], (Doubt.ZONE,))
        assert read_address(bare(), "滨海新区").proposals == ()

    def test_one_that_nobody_listed_says_so_too(self) -> None:
        found = read("凌海市龙栖湾新区某某小区3号楼")
        assert found.zones == ("龙栖湾新区",)
        assert codes(found) == ["210781"]

    def test_a_community_that_is_called_so_is_one(self) -> None:
        assert read("新区社区").zones == ()


class TestContext:
    def test_where_he_is_headed_narrows_a_name_that_many_share(self) -> None:
        shared = read("三台子村")
        assert len({code[:6] for code in codes(shared)}) > 1
        told = read("三台子村", codes(shared)[0][:9])
        assert len(told.proposals) < len(shared.proposals)
        assert {code[:9] for code in codes(told)} == {codes(shared)[0][:9]}

    def test_a_place_that_contradicts_it_says_so(self) -> None:
        found = read("义县刘龙台镇全善堡村", "210782106")
        assert (codes(found), found.proposals[0].doubts) == ([VILLAGE], (Doubt.TOLD_OTHERWISE,))

    def test_two_places_in_one_address_are_both_proposed(self) -> None:
        found = read("翠岩镇全善堡村")
        assert codes(found) == [VILLAGE, "210781112"]
        assert all(Doubt.TWO_PLACES in one.doubts for one in found.proposals)

    def test_a_village_of_another_county_is_not_the_one_that_is_named(self) -> None:
        found = read("义县城关街道东街社区3单元")
        assert (codes(found), found.unknown) == (["210727002"], ("东街社区",))

    def test_where_he_is_headed_anyway_is_not_proposed(self) -> None:
        assert read("义县刘龙台镇全善堡村", VILLAGE).proposals == ()
        assert read("义县刘龙台镇", VILLAGE).proposals == ()

    def test_a_village_without_its_county_is_not_certain(self) -> None:
        found = read("全善堡村12号")
        assert (codes(found), found.proposals[0].doubts) == ([VILLAGE], (Doubt.ALONE,))
        assert read("全善堡村12号", "210727").certain is not None

    def test_an_alias_wants_its_township(self) -> None:
        assert read("王家屯", "210727").proposals[0].doubts == (Doubt.ALONE,)
        assert read("王家屯", "210727101").certain is not None

    @pytest.mark.parametrize("text", ["黑龙江省哈尔滨市前进村", "辽宁省沈阳市和平区前进村", "海城市西柳镇"])
    def test_another_city_is_named_as_such(self, text: str) -> None:
        found = read(text)
        assert (found.proposals, bool(found.beyond)) == ((), True)

    def test_words_between_names_that_nobody_understands_are_a_doubt(self) -> None:
        found = read("义县某某地全善堡村")
        assert (codes(found), found.proposals[0].doubts) == ([VILLAGE], (Doubt.GAP,))
        assert read("现住址：义县，刘龙台镇 全善堡村委会").certain is not None


class TestGrids:
    @pytest.mark.parametrize("said", ["第2网格", "第二网格", "２网格", "第 2 网格"])
    def test_a_grid_that_is_named_is_reached(self, said: str) -> None:
        assert codes(read(f"刘龙台镇全善堡村{said}5号")) == [f"{VILLAGE}002"]

    def test_the_only_grid_of_a_village_is_certain(self) -> None:
        names = CityNames([("210700", "锦州市", "锦州市", "city"), ("210727", "义县", "义县", "county"),
                           ("210727101", "刘龙台镇", "刘龙台镇", "town"), (VILLAGE, "全善堡村委会", "全善堡村", "village"),
                           (f"{VILLAGE}001", "第1网格", "第1网格", "")])  # fmt: skip
        found = read_address(names, "义县全善堡村")
        assert found.certain is not None
        assert (found.certain.code, found.certain.reads[-1].how) == (f"{VILLAGE}001", How.ONLY_ONE)

    def test_an_alias_of_a_grid_leads_there_and_before_that_of_its_village(self) -> None:
        names = bare().known_as(
            [AliasHeld(VILLAGE, "王家屯", "HAMLET"), AliasHeld(f"{VILLAGE}003", "王家屯", "HAMLET")]
        )
        assert codes(read_address(names, "刘龙台镇全善堡村王家屯")) == [f"{VILLAGE}003"]

    def test_an_alias_that_two_grids_share_is_asked(self) -> None:
        names = bare().known_as([AliasHeld(f"{VILLAGE}00{n}", "王家屯", "HAMLET") for n in (1, 3)])
        found = read_address(names, "刘龙台镇全善堡村王家屯")
        assert codes(found) == [f"{VILLAGE}001", f"{VILLAGE}003"]
        assert found.certain is None


@pytest.mark.parametrize(
    ("text", "likeness"),
    [
        ("义县刘龙台镇全善铺村", Likeness.ONE_OTHER),
        ("义县刘龙台镇善全堡村", Likeness.SWAPPED),
        ("义县刘龙台镇小全善堡村", Likeness.PREFIX),
        ("义县刘龙台镇全善堡屯", Likeness.ENDING),
        ("义县刘龙台镇全善宝村", Likeness.ONE_OTHER),
        ("义县刘龙台镇全善土堡村", Likeness.ONE_MORE),
    ],
)
def test_a_name_that_resembles_one_is_proposed_with_how_and_never_certain(
    text: str, likeness: Likeness
) -> None:
    found = read_address(bare(), text)
    assert VILLAGE in codes(found)
    mine = next(one for one in found.proposals if one.code == VILLAGE)
    assert mine.reads[-1].likeness == likeness
    assert not mine.is_exact
    assert mine.teaches == (text.removeprefix("义县刘龙台镇"), VILLAGE)


def test_two_characters_of_which_one_is_another_are_not_alike() -> None:
    """王家, 李家, 张家: every township has them all."""
    names = CityNames(
        [("210727101", "刘龙台镇", "刘龙台镇", "town"), (VILLAGE, "王家村", "王家村", "village")]
    )
    assert read_address(names, "刘龙台镇李家村").unknown == ("李家村",)


@pytest.mark.parametrize("city", [JINZHOU, ANSHAN])
def test_every_division_is_proposed_first_under_its_own_path(city: str) -> None:
    rows = Region.objects.filter(code__startswith=city[:4], level__in=("COUNTY", "TOWNSHIP", "VILLAGE"))
    where = paths(list(rows.values_list("code", flat=True)), DAY)
    shared = {path for path, count in Counter(where.values()).items() if count > 1}
    names = city_names(city, DAY)
    wrong = []
    for code, path in where.items():
        found = read_address(names, path)
        first = codes(found)[:1]
        if path in shared:
            assert code in codes(found)
        elif not first or any(
            code not in lineage(one) for one in codes(found)
        ):  # a farm and its only unit share a name
            wrong.append((code, path, codes(found)))
    assert wrong == []


@pytest.mark.parametrize("city", [JINZHOU, ANSHAN])
def test_every_name_of_the_register_is_proposed_among_those_who_share_it(city: str) -> None:
    names = bare(city)
    rows = Region.objects.filter(code__startswith=city[:4], level__in=("TOWNSHIP", "VILLAGE"))
    wrong = []
    for code, name in rows.values_list("code", "name"):
        found = read_address(names, name)
        if not found.more and not any(code in lineage(one) for one in codes(found)):
            wrong.append((code, name, codes(found)))
    assert wrong == []


@ANYTHING
@given(st.text(max_size=300), st.sampled_from([None, "210727", VILLAGE, "x", "999999"]))
def test_any_text_at_all_has_an_answer(text: str, told: str | None) -> None:
    _holds(read(text, told), text)


PIECES = ["義縣", "劉龍臺鎮", "全善堡村", "王家屯", "安中镇", "五粮村", "滨海新区", "遼寧省", "锦州", "１２号", "第２网格", " ", "\x00",
          "😀", "村", "镇", "大", "三台子", "前进村", "市", "一组", "·", "​", "\ud83d", "北镇市", "小五旗", "屯"]  # fmt: skip


@ANYTHING
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from([None, "210727", "210781106"]))
def test_pieces_of_addresses_in_any_order_have_an_answer(pieces: list[str], told: str | None) -> None:
    _holds(read("".join(pieces), told), "".join(pieces))


def _holds(found: AddressRead, text: str) -> None:
    assert len(found.proposals) <= 20
    assert len(set(codes(found))) == len(found.proposals)
    if len(found.proposals) > 1:
        assert not any(one.is_exact for one in found.proposals)
    for one in found.proposals:
        assert one.reads[-1].code == one.code
        assert len(one.left_over) <= 200


@pytest.mark.parametrize(
    "text",
    [
        "三台子村" * 2500,
        "字" * 10_000,
        "王家屯" * 3333,
        "小五旗" * 3000,
        "新区" * 5000,
        "前进村一组" * 2000,
        "县" * 10_000,
    ],
)
def test_ten_thousand_characters_take_no_longer_than_an_address(text: str) -> None:
    names = city_names(JINZHOU, DAY)
    begun = time.perf_counter()
    _holds(read_address(names, text), text)
    assert time.perf_counter() - begun < 0.3


def test_thousands_of_addresses_are_read_in_one_go() -> None:
    where = paths(
        list(Region.objects.filter(code__startswith="2107", level="VILLAGE").values_list("code", flat=True)),
        DAY,
    )
    names = city_names(JINZHOU, DAY)
    begun = time.perf_counter()
    for path in where.values():
        read_address(names, f"{path}王家屯12号")
    assert (time.perf_counter() - begun) / len(where) < 0.02


def test_traditional_characters_and_full_width_figures_are_read() -> None:
    assert codes(read("遼寧省錦州市義縣劉龍臺鎮全善堡村第２網格")) == [f"{VILLAGE}002"]
