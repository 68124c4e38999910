"""An alias that somebody taught proposes, one that was taken back does not; and only words of a place are taught."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.regions.addresses import is_teachable, read_address
from lianfang.regions.known_names import aliases, city_names
from lianfang.regions.models import RegionAlias
from lianfang.regions.queries import gazetteer
from lianfang.regions.search import search
from lianfang.regions.services import ALIASES, REGISTERS, load_aliases
from lianfang.regions.teaching import take_back_alias, teach_alias
from tests import factories
from tests.regions.conftest import AT, DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registers")]
VILLAGE, GRID, OTHER = "210727101202", "210727101202002", "210727101203"
ADDRESS = "义县刘龙台镇全善堡村孙家窝棚屯3号"
WORD = "孙家窝棚屯"


@pytest.fixture
def township() -> Reach:
    return factories.officer("TOWNSHIP_DESK", "210727101", name="刘龙台")


def teach(by: Reach, *, code: str = GRID, alias: str = WORD, at: datetime = AT) -> RegionAlias:
    with reach(by):
        return teach_alias(by=by, at=at, code=code, alias=alias, kind="HAMLET", source="刘龙台镇 全善堡村")


def proposed(text: str = ADDRESS) -> list[str]:
    return [one.code for one in read_address(city_names("210700", DAY), text).proposals]


def test_taught_it_is_proposed_with_who_and_when_and_taken_back_it_is_not(township: Reach) -> None:
    assert proposed() == [VILLAGE]
    made = teach(township)
    assert proposed() == [GRID]
    found = read_address(city_names("210700", DAY), ADDRESS)
    assert found.certain is not None
    alias = found.certain.reads[-1].alias
    assert alias is not None
    assert (alias.taught_by, alias.taught_at) == (township.officer_id, AT)
    assert [one.division.code for one in search(WORD, DAY, VILLAGE)] == [GRID]
    with reach(township):
        take_back_alias(by=township, at=AT + timedelta(minutes=1), id=made.pk)
    assert proposed() == [VILLAGE]
    assert search(WORD, DAY, VILLAGE) == []
    assert gazetteer(DAY).read(WORD) == ()


def test_taught_twice_it_is_the_first_ones_and_after_it_was_taken_back_it_can_be_taught_again(
    township: Reach,
) -> None:
    county = factories.officer("COUNTY_DESK", "210727")
    first = teach(township)
    assert teach(county).pk == first.pk
    with reach(county):
        for _ in "12":
            take_back_alias(by=county, at=AT, id=first.pk)
    again = teach(county)
    assert again.pk != first.pk
    assert proposed() == [GRID]
    kept = RegionAlias.objects.get(pk=first.pk)
    assert (kept.taught_by, kept.taken_back_by) == (township.officer_id, county.officer_id)


def test_an_alias_that_two_places_share_is_asked_and_never_guessed(township: Reach) -> None:
    teach(township, code=VILLAGE + "001")
    teach(township, code=VILLAGE + "003")
    assert proposed() == [VILLAGE + "001", VILLAGE + "003"]
    assert read_address(city_names("210700", DAY), ADDRESS).certain is None
    with reach(township):
        assert {one.is_shared for one in aliases(township, DAY).aliases if one.alias.alias == WORD} == {True}


def test_nobody_teaches_or_takes_back_beyond_his_own_area(township: Reach) -> None:
    stranger = factories.officer("COUNTY_DESK", "210782")
    made = teach(township)
    with reach(stranger):
        with pytest.raises(Forbidden):
            teach_alias(by=stranger, at=AT, code=GRID, alias="赵家屯", kind="HAMLET")
        with pytest.raises(Forbidden):
            take_back_alias(by=stranger, at=AT, id=made.pk)
        with pytest.raises(NotFound):
            take_back_alias(by=stranger, at=AT, id=10**9)
        assert made.pk not in [one.alias.pk for one in aliases(stranger, DAY).aliases]
    wall = factories.officer("WALL", "210727")
    with reach(wall), pytest.raises(Forbidden):
        teach_alias(by=wall, at=AT, code=GRID, alias="赵家屯", kind="HAMLET")


@pytest.mark.parametrize(
    "word",
    [
        "12号",
        "王家屯12号",
        "张三先生",
        "王",
        "",
        "孙家窝棚屯" * 3,
        "三组",
        "王家屯二组",
        "Wangjia",
        "李四家",
        "东区3号",
        "屯\x00",
    ],
)
def test_figures_doors_and_names_of_people_are_refused(township: Reach, word: str) -> None:
    with reach(township), pytest.raises(Refusal) as refused:
        teach_alias(by=township, at=AT, code=GRID, alias=word, kind="HAMLET")
    assert refused.value.code == "ALIAS_NO_PLACE"


@given(st.text(max_size=40))
def test_whatever_is_teachable_is_short_and_holds_no_figure(word: str) -> None:
    if is_teachable(word):
        assert 2 <= len(word) <= 12
        assert not any(letter.isdigit() for letter in word)


def test_a_division_is_not_taught_its_own_name_and_one_that_is_none_nothing(township: Reach) -> None:
    for code, alias, refusal in ((VILLAGE, "全善堡村", "ALIAS_IS_NAME"), ("210727101999", WORD, "NO_SUCH_DIVISION"), ("x", WORD, "NO_SUCH_DIVISION")):  # fmt: skip
        with reach(township), pytest.raises(Refusal) as refused:
            teach_alias(by=township, at=AT, code=code, alias=alias, kind="HAMLET")
        assert refused.value.code == refusal


def test_the_list_goes_on_page_by_page_the_newest_first(
    township: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianfang.regions.known_names.PAGE", 2)
    words = ["甲家屯", "乙家屯", "丙家屯", "丁家屯", "戊家屯"]
    for word in words:
        teach(township, alias=word)
    told, after = [], None
    with reach(township):
        while True:
            page = aliases(township, DAY, after=after)
            told += [one.alias.alias for one in page.aliases]
            after = page.after
            if after is None:
                break
    assert told[:5] == words[::-1]
    assert told[5:] == ["王家屯"]  # which came with the register


@pytest.mark.django_db(databases=["default", "owner"])
def test_loading_the_register_again_brings_back_nothing_that_was_taken_back() -> None:
    officer = factories.officer("HEADQUARTERS", "210700")
    rows = RegionAlias.objects.using("owner").filter(alias="王家屯")
    assert rows.get().taught_by is None
    rows.update(taken_back_by=officer.officer_id, taken_back_at=AT)
    assert load_aliases(path=REGISTERS / ALIASES, at=AT).began == 0
    assert rows.count() == 1
